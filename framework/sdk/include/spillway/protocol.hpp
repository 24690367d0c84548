#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <spillway/kind.hpp>
#include <spillway/status.hpp>
#include <spillway/time.hpp>

namespace spillway {

// How a venue is spoken to. A venue plugin declares where it is reached, what can be asked of it
// and what it forbids; the source `live` does all of the work: connecting, TLS, subscribing,
// heartbeats, reconnecting, rate limits. What arrives goes to the venue's decoder as frames.
//
// Texts that are handed to a PlanWriter or TextWriter are copied during the call.

/// A budget that requests share, as venues count them: `amount` of weight in each `per`.
struct Quota {
    std::string_view name;
    double amount = 0;
    Duration per = minute;
    /// Header of replies that says how much of `amount` is used, or what is left; empty: none.
    std::string_view used_header = {};
    std::string_view left_header = {};
};

/// A WebSocket endpoint. The limits are per connection; topics are spread over as many connections
/// as these ask for. 0 means that the venue sets no limit.
struct Socket {
    std::string_view name;  ///< unique in the venue; the channel of its frames: "linear"
    std::string_view url;   ///< "wss://stream.bybit.com/v5/public/linear"
    std::uint32_t topics_per_connection = 0;
    std::uint32_t topic_bytes_per_connection = 0;  ///< of all topic names together
    std::uint32_t topics_per_message = 0;
    std::uint32_t topic_bytes_per_message = 0;
    double messages_per_second = 0;  ///< that we may send on a connection
    double connects_per_minute = 0;  ///< of all connections to this endpoint
    Duration lifetime = 0;           ///< after which the venue cuts a connection

    /// What we send to show that we are alive: this text, or a WebSocket ping if it is empty.
    /// Pings of the venue's own WebSocket layer are answered without being declared.
    Duration ping_every = 0;
    std::string_view ping = {};
    /// A connection on which nothing at all arrived for this long is dead.
    Duration silence = minute;

    std::string_view hello = {};  ///< first message of a connection, before any subscription
    bool gzip = false;            ///< messages come as gzip: frames hold them unpacked
};

/// One subscription on a socket.
struct Topic {
    std::string_view socket;
    std::string_view name;  ///< as `subscribe` writes it and `hear` answers it
    Kind about = Kind::price;
    /// Longest time to the next message of a healthy topic; 0: it may be silent for ever.
    Duration interval = 0;
    /// Topics of one group count together, at most `group_limit` on a connection (0: no limit).
    std::string_view group = {};
    std::uint32_t group_limit = 0;
};

enum class Method : std::uint8_t { get, post };

/// A request that is repeated. Its reply becomes a frame of type `response` with this channel.
struct Poll {
    std::string_view
        channel;           ///< name and parameters in alphabetical order: "openInterest?symbol=X"
    std::string_view url;  ///< "https://api.bybit.com/v5/market/..."; its query may hold a key
    Method method = Method::get;
    std::string_view body = {};
    std::string_view header = {}, header_value = {};  ///< one more header; the value may be a key
    Kind about = Kind::price;
    Duration every = 0;  ///< 0: only once
    /// Values of periods are there this long after each multiple of `every`. Without it polls are
    /// spread over `every`.
    std::optional<Duration> after_period = {};
    std::string_view quota = {};
    double weight = 1;
    std::uint32_t max_pages = 1;  ///< `next_page` is asked up to this many times
};

/// A reply to a poll, as the plan sees it.
struct Reply {
    std::string_view channel;
    std::uint16_t status = 0;  ///< of HTTP
    std::string_view body;     ///< with 64 readable bytes after its end
};

/// Takes a venue's declarations; implemented by who connects.
class PlanWriter {
public:
    virtual void quota(const Quota& quota) = 0;
    virtual void socket(const Socket& socket) = 0;
    virtual void topic(const Topic& topic) = 0;
    virtual void poll(const Poll& poll) = 0;
    /// Something that was asked for and that the venue does not have: a market without a contract.
    virtual void missing(std::string_view what, std::string_view why) = 0;

protected:
    ~PlanWriter() = default;
};

/// Takes the text of a message.
class TextWriter {
public:
    virtual void append(std::string_view text) = 0;

protected:
    ~TextWriter() = default;
};

/// One message that subscribes to topics of one socket, or ends subscriptions.
struct Subscription {
    std::string_view socket;
    std::span<const std::string_view> topics;
    bool on = true;
    std::uint64_t id = 0;  ///< never 0, unique on the connection
    Time now = 0;
};

/// What a message of a socket means to the connection. Messages of every sort go to the decoder.
/// A subscription without an answer counts for nothing: it is asked for once more, then the
/// connection is made anew.
struct Heard {
    enum class What : std::uint8_t {
        data,        ///< all that is nothing of what follows
        subscribed,  ///< answer to a Subscription: by its `id`, or if that is 0 by `topic`
        refused,     ///< the same; `text` says why
        alive,       ///< a heartbeat, the answer to a ping
        ping,        ///< the venue's own ping: `text` is what to send back
        leaving,     ///< the venue is about to close the connection; `text` says why
    };
    What what = What::data;
    std::string_view text = {};
    std::string_view topic = {};  ///< of data: its topic, where that is cheap to see
    std::uint64_t id = 0;
    /// Messages of a connection that are numbered without holes, from 1 on; 0: they are not.
    std::uint64_t sequence = 0;
};

/// Implemented by a venue plugin. All functions depend on the options alone and are called on the
/// I/O thread of the source, while the decoder runs on the engine's. None may throw.
class Protocol {
public:
    virtual ~Protocol() = default;

    /// Quotas, and the polls that `plan` is made of (instrument lists): it is called when each was
    /// answered or has failed, at once if there are none. These polls are repeated too; each new
    /// reply makes a new plan.
    virtual Status prepare(PlanWriter& out) const noexcept = 0;
    /// Sockets, topics and polls. `replies` are the newest of the polls of `prepare`, pages of one
    /// poll one after the other. A poll that was never answered has none: what can be said without
    /// it is planned, and there is another plan when it is.
    virtual Status plan(std::span<const Reply> replies, PlanWriter& out) const noexcept = 0;
    /// Writes the message.
    virtual Status subscribe(const Subscription& what, TextWriter& out) const noexcept = 0;
    /// Called for every message: cheap.
    [[nodiscard]] virtual Heard hear(std::string_view socket,
                                     std::string_view message) const noexcept = 0;
    /// Query parameter with the place of the next page of a reply ("cursor=abc"); empty: the last.
    virtual void next_page(const Reply& reply, TextWriter& out) const noexcept {
        static_cast<void>(reply);
        static_cast<void>(out);
    }
    /// Whether a reply with HTTP 200 is an error all the same, and which. Empty: it is none.
    /// `refused_key`: the venue does not accept the key. `limited`: too many requests.
    struct Fault {
        std::string_view text = {};
        bool refused_key = false, limited = false;
    };
    [[nodiscard]] virtual Fault fault(const Reply& reply) const noexcept {
        static_cast<void>(reply);
        return {};
    }
    /// The venue's own time in a reply or message, for clock skew; none if it is not told.
    [[nodiscard]] virtual std::optional<Time> venue_time(std::string_view body) const noexcept {
        static_cast<void>(body);
        return std::nullopt;
    }
};

}  // namespace spillway
