#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context.hpp"
#include "session.hpp"
#include "sharding.hpp"

namespace spillway::live {

/// A connection that is kept up: when a session ends another follows, after a while that grows with
/// failures. Before the venue cuts a session by age, when it says that it will, or when a new plan
/// declares the socket otherwise, another is opened and subscribed while the old one still
/// delivers, so that nothing is missed.
///
/// Frames: `opened`, data, and one `closed` for each outage, however many attempts it takes to end
/// it; a reason that changes meanwhile is told by a `gap`, and so is at the end what was missed. A
/// session that replaces another comes and the other goes without a frame: nothing is missing.
class Stream final : private Session::Owner {
public:
    /// Called when it listens (again), and by which session.
    using OnListening = std::function<void(std::uint32_t session)>;

    Stream(Context& context, const SocketPlan& socket, SocketFigures& figures, Pacer& connects,
           OnListening on_listening);

    /// The socket is another one from now on. What is open stays as it is, with the topics it has,
    /// until its successor is subscribed.
    void redeclared();
    void change(const Shards::Change& change);
    /// Begins to connect.
    void start();
    /// Closes what is open, in order, and writes its `closed` frame; then `is_finished`.
    void finish();
    /// The same without frames: its topics are not wanted any more, or are somewhere else.
    void retire();
    [[nodiscard]] bool is_finished() const noexcept {
        return finishing_ && !current_ && !next_ && dead_.empty();
    }
    [[nodiscard]] bool has_topics() const noexcept { return !topics_.empty(); }
    [[nodiscard]] std::size_t topics() const noexcept { return topics_.size(); }
    /// Its session is open, and every topic subscribed or refused.
    [[nodiscard]] bool listens() const noexcept {
        return current_ && current_->is_open() && current_->is_settled();
    }

private:
    void session_opened(Session& session) override;
    void session_settled(Session& session) override;
    void session_leaving(Session& session, std::string_view why) override;
    void session_over(Session& session, const Over& over) override;

    [[nodiscard]] bool wants(std::string_view topic) const override {
        return topics_.contains(topic);
    }
    void delivers_from_now();
    void listens_from_now();
    void plan_end_of_life();
    void forget(std::string_view topic);
    void queue_connect();
    void connect();
    [[nodiscard]] std::unique_ptr<Session> make_session();
    void plan_replacement(Duration delay, Cause cause);
    void queue_replacement();
    void replace();
    [[nodiscard]] Duration delay_after(const Over& over);
    void switch_over();
    void take_over();
    void lost(const Session& session, const Over& over);
    void discard(std::unique_ptr<Session>& session);
    void bury(std::unique_ptr<Session> session);
    void sweep();

    Context& context_;
    const SocketPlan& socket_;
    SocketFigures& figures_;
    Pacer& connects_;
    OnListening on_listening_;

    std::map<std::string, TopicPlan, std::less<>> topics_;
    std::unique_ptr<Session> current_;
    std::unique_ptr<Session> next_;  ///< that replaces `current_`
    Cause replacing_ = Cause::lifetime;
    std::vector<std::unique_ptr<Session>> dead_;
    Backoff backoff_;
    std::uint32_t penalties_ = 0;
    Time quiet_until_ = time_before_all;  ///< as the venue asked
    std::optional<std::string> outage_;   ///< the reason told last
    std::optional<Time> listened_until_;  ///< since when something is missed that was heard before
    bool listened_ = false;               ///< to all topics, at some time
    bool finishing_ = false;

    std::unique_ptr<Network::Timer> connect_timer_, replace_timer_, burial_timer_;
};

}  // namespace spillway::live
