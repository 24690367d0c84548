#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include <spillway/id.hpp>

#include "plan.hpp"
#include "topic_health.hpp"

namespace spillway::live {

/// What one connection is subscribed to, and what is under way: which message to send next, whom
/// an answer concerns, which topics fell silent. Knows nothing of sockets; times are told.
class Subscriptions {
public:
    /// An answer that takes longer will not come.
    static constexpr Duration answer_time = 10 * second;
    /// Refused topics are asked for again: markets are listed, maintenance ends.
    static constexpr Duration refusal_pause = 10 * minute;

    explicit Subscriptions(const SocketPlan& socket) noexcept : socket_(&socket) {}

    /// As others know a topic.
    struct Known {
        bool silent = false, denied = false;
    };
    /// `known`: as the connection before this one left it.
    void add(const TopicPlan& plan, Known known);
    void remove(std::string_view name);

    /// Compares what is known of each topic elsewhere with what it is here: changes are what others
    /// do not know yet.
    template <class Ask>
    void compare(Ask&& ask) {
        changes_.clear();
        for (auto& [name, topic] : topics_) compare(name, topic, ask(std::string_view(name)));
    }

    /// A message to be sent. The topics are valid until the next call of anything.
    struct Message {
        std::uint64_t id = 0;
        bool on = true;
        std::vector<std::string_view> topics;
    };
    [[nodiscard]] bool has_message() const noexcept { return !waiting_.empty(); }
    [[nodiscard]] Message next_message(Time now);

    // ---- what is heard ----

    /// Whom an answer concerns: the topic if it names one, in the oldest message about it (also one
    /// that ends the subscription: venues answer both alike) without an answer, else the message of
    /// this id, else the oldest message without an answer.
    void accepted(std::uint64_t id, std::string_view topic, Time now);
    void refused(std::uint64_t id, std::string_view topic, Time now);
    /// Data of a topic; of an empty name: of any.
    void data(std::string_view name, Time now);

    // ---- as time passes ----

    struct Report {
        std::vector<std::string> unanswered;  ///< did not answer; asked for once more
        bool dead_topic = false;  ///< one fell silent and stayed so, or all were from the start
        bool no_answers = false;  ///< not even to the second try
    };
    [[nodiscard]] Report check(Time now);
    /// When `check` has something to do next.
    [[nodiscard]] Time next_check() const noexcept;

    /// Topics that fell silent (they are asked for once more) or deliver again, were refused or
    /// accepted after all, since the last call.
    [[nodiscard]] bool has_changes() const noexcept { return !changes_.empty(); }
    [[nodiscard]] std::vector<TopicChange> take_changes() noexcept {
        return std::exchange(changes_, {});
    }

    /// Every topic is subscribed or refused.
    [[nodiscard]] bool settled() const noexcept { return on_ + refused_ == topics_.size(); }
    [[nodiscard]] std::size_t refused_count() const noexcept { return refused_; }

private:
    enum class State : std::uint8_t { waiting, asked, on, refused };
    struct Topic {
        State state = State::waiting;
        Kind about = Kind::price;
        Duration interval = 0;
        Time last = 0;        ///< data, or since when it is waited for
        bool told = false;    ///< it is silent, and that was said
        bool denied = false;  ///< it was refused, and that was said
        bool spoke = false;   ///< has delivered on this connection
        std::uint32_t silences = 0;
    };
    struct TextHash {
        using is_transparent = void;
        using is_avalanching = void;  // NOLINT(readability-identifier-naming): Boost asks for it
        std::size_t operator()(std::string_view text) const noexcept { return hash_text(text); }
    };
    /// Topics that go into one message together.
    struct Batch {
        bool on = true;
        bool again = false;  ///< asked for the second time
        std::vector<std::string> topics;
    };
    struct Asked {
        Batch batch;
        Time sent = 0;
    };
    using Topics = boost::unordered_flat_map<std::string, Topic, TextHash, std::equal_to<>>;

    void move_to(std::string_view name, Topic& topic, State state, Time now);
    void compare(std::string_view name, Topic& topic, Known known);
    void speaks(std::string_view name, Topic& topic);
    void note(TopicChange::What what, std::string_view name, const Topic& topic);
    void put_in_batch(bool on, const std::string& name);
    void settle(std::map<std::uint64_t, Asked>::iterator asked, bool accepted, Time now);
    [[nodiscard]] std::optional<bool> take_answer(std::string_view topic);
    void check_answers(Time now, Report& report);
    void check_silence(Time now, Report& report);

    const SocketPlan* socket_;
    Topics topics_;
    std::size_t on_ = 0, refused_ = 0;
    std::size_t silent_ = 0;  ///< topics of which that was said
    std::deque<Batch> waiting_;
    Batch sent_;                            ///< that the newest Message views
    std::map<std::uint64_t, Asked> asked_;  ///< by id, oldest first
    std::uint64_t last_id_ = 0;
    std::vector<TopicChange> changes_;
    bool delivered_ = false;  ///< any data came
    Time anonymous_ = 0;      ///< newest data of no named topic
    Time next_silence_check_ = time_never;
};

}  // namespace spillway::live
