#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include <spillway/id.hpp>

#include "plan.hpp"

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

    void add(const TopicPlan& topic);
    void remove(std::string_view name);

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
    void data(std::string_view topic, Time now);

    // ---- as time passes ----

    struct Report {
        std::vector<std::string> stale;       ///< fell silent now; asked for once more
        std::vector<std::string> unanswered;  ///< did not answer; asked for once more
        bool dead_topic = false;  ///< one fell silent and stayed so, or all were from the start
        bool no_answers = false;  ///< not even to the second try
    };
    [[nodiscard]] Report check(Time now);
    /// When `check` has something to do next.
    [[nodiscard]] Time next_check() const noexcept;

    /// Every topic is subscribed.
    [[nodiscard]] bool complete() const noexcept { return on_ == topics_.size(); }
    /// All that is not complete is refused.
    [[nodiscard]] bool settled() const noexcept { return on_ + refused_ == topics_.size(); }
    [[nodiscard]] std::size_t refused_count() const noexcept { return refused_; }
    [[nodiscard]] std::size_t size() const noexcept { return topics_.size(); }

private:
    enum class State : std::uint8_t { waiting, asked, on, refused };
    struct Topic {
        State state = State::waiting;
        Duration interval = 0;
        Time last = 0;       ///< data, or since when it is waited for
        bool told = false;   ///< it is stale, and that was said
        bool spoke = false;  ///< has delivered on this connection
        std::uint32_t silences = 0;
    };
    struct TextHash {
        using is_transparent = void;
        using is_avalanching = void;
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

    void move_to(Topic& topic, State state, Time now) noexcept;
    void put_in_batch(bool on, const std::string& name);
    void settle(std::map<std::uint64_t, Asked>::iterator asked, bool accepted, Time now);
    [[nodiscard]] std::optional<bool> take_answer(std::string_view topic);
    void check_answers(Time now, Report& report);
    void check_silence(Time now, Report& report);

    const SocketPlan* socket_;
    Topics topics_;
    std::size_t on_ = 0, refused_ = 0;
    std::deque<Batch> waiting_;
    Batch sent_;                            ///< that the newest Message views
    std::map<std::uint64_t, Asked> asked_;  ///< by id, oldest first
    std::uint64_t last_id_ = 0;
    bool answers_ = false;    ///< the venue answers subscriptions
    bool delivered_ = false;  ///< any data came
    Time anonymous_ = 0;      ///< newest data of no named topic
    Time next_silence_check_ = time_never;
};

}  // namespace spillway::live
