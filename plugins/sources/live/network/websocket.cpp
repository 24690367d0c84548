#include "websocket.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>
#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "endings.hpp"
#include "http_words.hpp"
#include "transport.hpp"
#include "url.hpp"
#include "wire.hpp"

namespace spillway::live {

namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;

/// A buffer that one huge message has grown is given back.
constexpr std::size_t kept_buffer = 1 << 20;
/// Room for a message of unknown size.
constexpr std::size_t first_room = 4096;
/// How much of a message that is refused is shown.
constexpr std::size_t head_shown = 4096;
/// Of text that is no UTF-8 Beast does not say how much it read; it is found against zeros.
constexpr std::size_t garbage_shown = 256;
constexpr Duration goodbye_time = 3 * second;
/// Messages, after which it is asked for again.
constexpr std::uint64_t acknowledgements_spared_for = 256;

/// Owned by its pending handlers and by the user's handle. `events_` is null after the end.
class Session final : public std::enable_shared_from_this<Session> {
public:
    Session(std::shared_ptr<Transport> transport, SocketEvents& events)
        : transport_(std::move(transport)), events_(&events) {}

    void start(const std::string& text, Trace trace) {
        tl::expected<Url, std::string> url = parse_url(text);
        if (!url || !url->websocket) {
            const std::string why = url ? "a WebSocket needs wss://, not " + without_secrets(text)
                                        : std::move(url.error());
            transport_->post([self = shared_from_this(), why] {
                self->end({Ending::malformed, 0, why});
            });
            return;
        }
        url_ = std::move(*url);
        // Weak, as this owns the dial.
        dial_ = transport_->dial(
            url_, std::move(trace),
            [weak = weak_from_this()](std::shared_ptr<Wire> wire, const Ended& failure) {
                const auto self = weak.lock();
                if (!self) return;
                self->dial_.reset();
                if (!wire) return self->end(failure);
                self->wire_ = std::move(wire);
                self->shake_hands();
            });
    }

    void send(std::string text) {
        if (events_ == nullptr || closing_) return;
        queue_.push_back(std::move(text));
        if (open_ && queue_.size() == 1) write();
    }

    void ping() {
        if (!open_ || events_ == nullptr || closing_ || std::exchange(pinging_, true)) return;
        stream_->async_ping({}, [self = shared_from_this()](const error_code&) {
            self->pinging_ = false;  // an error is the reader's as well
        });
    }

    void close() {
        if (events_ == nullptr || std::exchange(closing_, true)) return;
        if (!open_) {
            transport_->post([self = shared_from_this()] { self->end({}); });
            return;
        }
        limit_time(goodbye_time, {});
        stream_->async_close(websocket::close_code::normal,
                             [self = shared_from_this()](const error_code&) { self->end({}); });
    }

    void abandon() noexcept {
        events_ = nullptr;
        release();
    }

private:
    void shake_hands() {
        stream_.emplace(*wire_);
        websocket::permessage_deflate deflate;
        deflate.client_enable = true;
        deflate.msg_size_threshold = 1 << 20;  // what we send is too short to gain from it
        stream_->set_option(deflate);
        stream_->set_option(websocket::stream_base::decorator(
            [agent = transport_->settings().user_agent](websocket::request_type& request) {
                request.set(beast::http::field::user_agent, agent);
            }));
        stream_->read_message_max(0);   // `read` has a limit that lets the head be seen
        stream_->auto_fragment(false);  // not all venues put fragments together
        stream_->control_callback([this](websocket::frame_type kind, beast::string_view) {
            if (kind != websocket::frame_type::close && events_ != nullptr) events_->heartbeat();
        });
        const Duration limit = transport_->settings().connect_timeout;
        limit_time(limit, {Ending::silent, 0,
                           url_.host + " did not answer the WebSocket handshake within " +
                               format_duration(limit)});
        stream_->async_handshake(
            answer_, url_.authority(), url_.target,
            [self = shared_from_this()](const error_code& error) { self->on_handshake(error); });
    }

    void on_handshake(const error_code& error) {
        if (events_ == nullptr) return;
        timer_.reset();
        if (error == websocket::error::upgrade_declined) return decline();
        if (error) return end(classify(error, "in the WebSocket handshake with " + url_.host));
        answer_ = {};
        open_ = true;
        read();
        if (!queue_.empty()) write();  // before `opened`, which may send as well
        events_->opened();
    }

    void decline() {
        const auto status = static_cast<std::uint16_t>(answer_.result_int());
        const auto field = [this](beast::http::field name) {
            const beast::string_view value = answer_[name];
            return std::string_view(value.data(), value.size());
        };
        end({Ending::status, status,
             describe_status(status, url_.host, answer_.body(),
                             field(beast::http::field::location)),
             parse_retry_after(field(beast::http::field::retry_after), transport_->now())});
    }

    void read() {
        const std::size_t have = buffer_.size();
        const std::size_t wanted =
            std::max(stream_->read_size_hint(first_room), buffer_.capacity() - have);
        // One byte above the limit shows that there is more.
        const auto room = buffer_.prepare(
            std::min<std::size_t>(wanted, transport_->settings().max_message + 1 - have));
        if (have == 0) std::memset(room.data(), 0, std::min(room.size(), garbage_shown));
        stream_->async_read_some(
            room, [self = shared_from_this()](const error_code& error, std::size_t size) {
                if (self->events_ != nullptr) self->on_read(error, size);
            });
    }

    void on_read(const error_code& error, std::size_t size) {
        buffer_.commit(size);
        if (error) return on_end(error);
        std::uint64_t whole = buffer_.size();
        const bool done = stream_->is_message_done();
        // At least: what follows may be in more frames.
        if (!done) whole += stream_->read_size_hint(1);
        if (whole > transport_->settings().max_message) return refuse(whole);
        if (!done) return read();
        const auto bytes = buffer_.cdata();
        events_->message({static_cast<const char*>(bytes.data()), bytes.size()},
                         stream_->got_binary());
        buffer_.consume(bytes.size());
        if (buffer_.capacity() > kept_buffer) buffer_.shrink_to_fit();
        if (messages_++ % acknowledgements_spared_for == 0) wire_->spare_acknowledgements();
        if (events_ != nullptr) read();
    }

    [[nodiscard]] std::string head() const {
        const auto bytes = buffer_.cdata();
        return {static_cast<const char*>(bytes.data()), std::min(bytes.size(), head_shown)};
    }

    void refuse(std::uint64_t size) {
        end({Ending::too_large,
             0,
             "a message of at least " + std::to_string(size) + " bytes came from " + url_.host +
                 ", above max_message: " + std::to_string(transport_->settings().max_message),
             {},
             head(),
             size});
    }

    void on_end(const error_code& error) {
        if (closing_) return;  // async_close or the timer end it
        if (error == websocket::error::closed) {
            const websocket::close_reason& reason = stream_->reason();
            const std::string_view words(reason.reason.data(), reason.reason.size());
            const auto code = reason.code == websocket::close_code::none
                                  ? std::uint16_t{1005}  // RFC 6455: no code was given
                                  : static_cast<std::uint16_t>(reason.code);
            return end({Ending::closed, code,
                        url_.host + " closed the connection with code " + std::to_string(code) +
                            (words.empty() ? "" : ": " + quotable(words))});
        }
        Ended ended = classify(error, "while reading from " + url_.host);
        if (error == websocket::error::bad_frame_payload) {
            ended.why = "a text that is no UTF-8 came from " + url_.host;
            ended.head = head();
            if (ended.head.empty()) ended.head = garbage();
            ended.size = ended.head.size();
        }
        end(ended);
    }

    /// What was written into the room of the last read.
    [[nodiscard]] std::string garbage() {
        const auto room = buffer_.prepare(garbage_shown);
        std::string text(static_cast<const char*>(room.data()), room.size());
        text.resize(text.find_last_not_of('\0') + 1);
        return text;
    }

    void write() {
        stream_->async_write(
            asio::buffer(queue_.front()),
            [self = shared_from_this()](const error_code& error, std::size_t) {
                if (self->events_ == nullptr) return;
                // The reader hears why, unless it waits for a peer that is gone.
                if (error) {
                    if (!self->closing_) {
                        self->end(classify(error, "while writing to " + self->url_.host));
                    }
                    return;
                }
                self->queue_.pop_front();
                if (!self->queue_.empty() && !self->closing_) self->write();
            });
    }

    void limit_time(Duration limit, Ended ended) {
        timer_ = transport_->after(
            limit, [self = shared_from_this(), ended = std::move(ended)] { self->end(ended); });
    }

    void end(const Ended& ended) {
        SocketEvents* const events = std::exchange(events_, nullptr);
        if (events == nullptr) return;
        release();
        events->ended(ended);
    }

    void release() noexcept {
        timer_.reset();
        if (dial_) std::exchange(dial_, nullptr)->cancel();
        if (wire_) wire_->close();
    }

    std::shared_ptr<Transport> transport_;
    SocketEvents* events_;
    std::unique_ptr<Network::Timer> timer_;
    Url url_;
    std::shared_ptr<Dial> dial_;
    std::shared_ptr<Wire> wire_;
    std::optional<websocket::stream<Wire&>> stream_;
    websocket::response_type answer_;
    beast::flat_buffer buffer_;
    std::uint64_t messages_ = 0;
    std::deque<std::string> queue_;  ///< the first is being written while open
    bool open_ = false;
    bool closing_ = false;
    bool pinging_ = false;
};

class Handle final : public Connection {
public:
    explicit Handle(std::shared_ptr<Session> session) : session_(std::move(session)) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() override { session_->abandon(); }

    void send(std::string text) override { session_->send(std::move(text)); }
    void ping() override { session_->ping(); }
    void close() override { session_->close(); }

private:
    std::shared_ptr<Session> session_;
};

}  // namespace

std::unique_ptr<Connection> open_websocket(std::shared_ptr<Transport> transport,
                                           const std::string& url, SocketEvents& events,
                                           Trace trace) {
    auto session = std::make_shared<Session>(std::move(transport), events);
    session->start(url, std::move(trace));
    return std::make_unique<Handle>(std::move(session));
}

}  // namespace spillway::live
