#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/kind.hpp>

#include "mailbox.hpp"

namespace spillway::live {

/// What became of a topic's delivery.
struct TopicChange {
    enum class What : std::uint8_t { silent, delivers, refused, accepted };
    What what = What::silent;
    Kind about = Kind::price;
    std::string name;
};

/// "a, b and 3 more", for people.
[[nodiscard]] std::string named(const std::vector<std::string>& topics);

/// Topics that bring nothing although their connection is there, because they fell silent or the
/// venue refuses them. It is told by kind, on the channels of <spillway/feed_frames.hpp>: when
/// topics of a kind become so, and when none of them is so any more. Outlives connections.
class TopicHealth {
public:
    enum class Ill : std::uint8_t { stale, refused };

    /// Of one connection. Answers how many gaps it told.
    std::uint64_t take(std::string_view socket, std::uint32_t session,
                       const std::vector<TopicChange>& changes, Mailbox& mailbox, Time now);
    /// It is not wanted any more.
    void forget(std::string_view socket, std::string_view topic, Mailbox& mailbox, Time now);

    [[nodiscard]] bool is(Ill ill, std::string_view socket, std::string_view topic) const;

private:
    struct Of {
        Ill ill = Ill::stale;
        Kind about = Kind::price;
        friend auto operator<=>(const Of&, const Of&) = default;
    };
    using Topics = std::set<std::string, std::less<>>;  ///< "socket topic"

    /// Answers what that made whole.
    [[nodiscard]] std::vector<Of> remove(Ill ill, std::string_view key);

    std::map<Of, Topics> ill_;
};

}  // namespace spillway::live
