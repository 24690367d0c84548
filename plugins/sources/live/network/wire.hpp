#pragma once

// Brings Asio's sockets and TLS along; see core.hpp.

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "core.hpp"

namespace spillway::live {

using Tcp = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Endpoint = asio::ip::tcp::endpoint;

/// What is under way on the socket ends with an error.
inline void cut(Tcp& socket) noexcept {
    error_code ignored;
    ignored = socket.close(ignored);
}

/// The other end of a wire that is no socket: what a server says is made up. `done` is called once,
/// never from within.
class ByteStream {
public:
    using Done = std::function<void(const error_code& error, std::size_t size)>;

    virtual ~ByteStream() = default;
    virtual void read(asio::mutable_buffer room, Done done) = 0;
    virtual void write(asio::const_buffer bytes, Done done) = 0;
    /// What is under way ends with an error.
    virtual void close() noexcept = 0;
};

/// A byte stream with or without TLS. One type for both, as every algorithm of Beast over it takes
/// seconds to compile; the branch costs nothing. Nor does the one for streams that are made up.
class Wire {
public:
    using executor_type = Executor;

    explicit Wire(Tcp tcp) : tcp_(std::move(tcp)) {}
    Wire(const Executor& executor, std::unique_ptr<ByteStream> stream)
        : tcp_(executor), stream_(std::move(stream)) {}

    [[nodiscard]] executor_type get_executor() noexcept { return tcp_.get_executor(); }
    [[nodiscard]] Tcp& tcp() noexcept { return tcp_; }
    [[nodiscard]] asio::ssl::stream<Tcp&>& start_tls(asio::ssl::context& context) {
        return tls_.emplace(tcp_, context);
    }
    void close() noexcept {
        if (stream_) stream_->close();
        cut(tcp_);
    }
    /// One acknowledgement for two segments, where Linux sends one for each that is read and
    /// empties the socket, which takes longer than the reading. Linux forgets it when little
    /// arrives.
    void spare_acknowledgements() noexcept {
        const int quick = 0;
        static_cast<void>(
            ::setsockopt(tcp_.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &quick, sizeof(quick)));
    }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler) {
        if (stream_) {
            stream_->read(first<asio::mutable_buffer>(buffers),
                          shared(std::forward<Handler>(handler)));
        } else if (tls_) {
            tls_->async_read_some(buffers, std::forward<Handler>(handler));
        } else {
            tcp_.async_read_some(buffers, std::forward<Handler>(handler));
        }
    }
    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler) {
        if (stream_) {
            stream_->write(first<asio::const_buffer>(buffers),
                           shared(std::forward<Handler>(handler)));
        } else if (tls_) {
            tls_->async_write_some(buffers, std::forward<Handler>(handler));
        } else {
            tcp_.async_write_some(buffers, std::forward<Handler>(handler));
        }
    }

    // How Beast cuts a stream, and ends one after the WebSocket's goodbye. TLS's own goodbye would
    // add nothing but a peer to wait for.
    friend void beast_close_socket(Wire& wire) { wire.close(); }
    friend void teardown(boost::beast::role_type /*role*/, Wire& wire, error_code& error) {
        error = wire.tcp_.shutdown(Tcp::shutdown_send, error);
    }
    template <class Handler>
    friend void async_teardown(boost::beast::role_type role, Wire& wire, Handler&& handler) {
        error_code error;
        teardown(role, wire, error);
        asio::post(wire.get_executor(),
                   boost::beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
    }

private:
    /// That is not empty; a part is all that is read or written at a time.
    template <class Buffer, class Buffers>
    static Buffer first(const Buffers& buffers) {
        const auto end = asio::buffer_sequence_end(buffers);
        for (auto at = asio::buffer_sequence_begin(buffers); at != end; ++at) {
            if (const Buffer buffer(*at); buffer.size() > 0) return buffer;
        }
        return {};
    }
    /// Beast's handlers can only be moved.
    template <class Handler>
    static ByteStream::Done shared(Handler&& handler) {
        return [one = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler))](
                   const error_code& error, std::size_t size) { (*one)(error, size); };
    }

    Tcp tcp_;
    std::optional<asio::ssl::stream<Tcp&>> tls_;
    std::unique_ptr<ByteStream> stream_;
};

}  // namespace spillway::live
