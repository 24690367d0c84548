#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cause.hpp"
#include "context.hpp"
#include "gzip.hpp"
#include "outbox.hpp"
#include "subscriptions.hpp"

namespace spillway::live {

/// One WebSocket connection from its opening to its end: hello, subscriptions, heartbeats, and the
/// supervision that finds out when it is dead though nobody said so. What arrives goes into the
/// mailbox as frames. It makes no second try: that is its owner's.
class Session final : private SocketEvents {
public:
    /// Told from within calls of the network. A session must not be destroyed during them.
    class Owner {
    public:
        virtual void session_opened(Session& session) = 0;
        /// Every topic is subscribed or refused: at first, and after each refusal and each answer
        /// that failed to come.
        virtual void session_settled(Session& session) = 0;
        /// The venue is about to close it.
        virtual void session_leaving(Session& session, std::string_view why) = 0;
        /// Whether it is still asked for.
        [[nodiscard]] virtual bool wants(std::string_view topic) const = 0;
        /// The last call.
        virtual void session_over(Session& session, const Over& over) = 0;

    protected:
        ~Owner() = default;
    };

    Session(Context& context, SocketPlan socket, SocketFigures& figures, Owner& owner);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void open();
    void add(const TopicPlan& topic);
    void remove(std::string_view topic);
    /// Says goodbye; `session_over` follows.
    void close();
    /// It is to replace another: what comes is delivered, but what it misses the other one has.
    void stand_by() noexcept { part_ = Part::replacement; }
    /// The other one is gone.
    void take_over();
    /// What comes from now on is left out, and the owner hears nothing more.
    void mute() noexcept { part_ = Part::replaced; }

    void tell(FrameType type, std::string_view why);

    [[nodiscard]] const SocketPlan& socket() const noexcept { return socket_; }
    [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
    [[nodiscard]] bool is_open() const noexcept { return opened_at_.has_value() && !over_; }
    [[nodiscard]] bool is_over() const noexcept { return over_; }
    [[nodiscard]] bool is_settled() const noexcept { return settled_; }
    [[nodiscard]] std::optional<Time> opened_at() const noexcept { return opened_at_; }

private:
    enum class Part : std::uint8_t { replacement, alone, replaced };

    void opened() override;
    void message(std::string_view bytes, bool binary) override;
    void heartbeat() override;
    void ended(const Ended& ended) override;

    /// What was told of it before.
    [[nodiscard]] Subscriptions::Known known(std::string_view topic) const;
    void hear(const Heard& heard, Time now);
    [[nodiscard]] std::optional<std::string> hole_before(std::uint64_t sequence);
    void subscribe(Time now);
    void supervise();
    void arm(Time now);
    void settle();
    void unsettle() noexcept { settled_ = false; }
    void tell_gap(std::string_view why);
    void end(const Over& over);
    void leave_figures();

    Context& context_;
    const SocketPlan socket_;  ///< as it was declared when it was opened
    SocketFigures& figures_;
    Owner& owner_;
    const std::uint32_t number_;
    const NameId channel_;

    std::unique_ptr<Connection> connection_;
    Outbox outbox_;
    Subscriptions subscriptions_;
    std::unique_ptr<Gunzip> gunzip_;
    std::unique_ptr<Network::Timer> timer_;
    std::optional<Time> opened_at_;
    Time heard_at_ = 0, pinged_at_ = 0, armed_for_ = 0;
    std::uint64_t sequence_ = 0;
    std::int64_t refused_ = 0;
    bool settled_ = false;  ///< as the owner was told
    bool closing_ = false, over_ = false;
    Part part_ = Part::alone;
};

}  // namespace spillway::live
