#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/protocol.hpp>

namespace spillway::live {

// What a venue declares, owned and checked. The fields are those of <spillway/protocol.hpp>.

struct QuotaPlan {
    std::string name;
    double amount = 0;
    Duration per = minute;
    std::string used_header, left_header;

    bool operator==(const QuotaPlan&) const = default;
};

struct SocketPlan {
    std::string name, url;
    std::uint32_t topics_per_connection = 0;
    std::uint32_t topic_bytes_per_connection = 0;
    std::uint32_t topics_per_message = 0;
    std::uint32_t topic_bytes_per_message = 0;
    double messages_per_second = 0;
    double connects_per_minute = 0;
    Duration lifetime = 0;
    Duration ping_every = 0;
    std::string ping;
    Duration silence = minute;
    std::string hello;
    bool gzip = false;

    bool operator==(const SocketPlan&) const = default;
};

struct TopicPlan {
    std::string socket, name;
    Kind about = Kind::price;
    Duration interval = 0;
    std::string group;
    std::uint32_t group_limit = 0;

    bool operator==(const TopicPlan&) const = default;
};

struct PollPlan {
    std::string channel, url;
    Method method = Method::get;
    std::string body, header, header_value;
    Kind about = Kind::price;
    Duration every = 0;
    std::optional<Duration> after_period;
    std::string quota;
    double weight = 1;
    std::uint32_t max_pages = 1;

    bool operator==(const PollPlan&) const = default;
};

/// Something that was asked for and that the venue does not have.
struct MissingPlan {
    std::string what, why;

    bool operator==(const MissingPlan&) const = default;
};

struct Plan {
    std::vector<QuotaPlan> quotas;
    std::vector<SocketPlan> sockets;
    std::vector<TopicPlan> topics;
    std::vector<PollPlan> polls;
    std::vector<MissingPlan> missing;

    [[nodiscard]] bool empty() const noexcept { return topics.empty() && polls.empty(); }
};

/// "example.com:443" of an address like "wss://example.com/path"; empty if it is none of ws, wss,
/// http, https.
[[nodiscard]] std::string host_of(std::string_view url);

/// Collects declarations. The first mistake is kept; what it concerns is left out.
class PlanBuilder final : public PlanWriter {
public:
    void quota(const Quota& quota) override;
    void socket(const Socket& socket) override;
    void topic(const Topic& topic) override;
    void poll(const Poll& poll) override;
    void missing(std::string_view what, std::string_view why) override;

    /// `more_quotas`: those that polls may name besides the plan's own.
    [[nodiscard]] Result<Plan> take(const std::vector<QuotaPlan>& more_quotas = {});

private:
    void fail(std::string_view subject, std::string_view what);

    Plan plan_;
    Status mistake_;
};

}  // namespace spillway::live
