#pragma once

// Brings Asio's sockets and TLS along; see core.hpp.

#include <optional>
#include <utility>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include "core.hpp"

namespace spillway::live {

using Tcp = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Endpoint = asio::ip::tcp::endpoint;

/// What is under way on the socket ends with an error.
inline void cut(Tcp& socket) noexcept {
    error_code ignored;
    ignored = socket.close(ignored);
}

/// A byte stream with or without TLS. One type for both, as every algorithm of Beast over it takes
/// seconds to compile; the branch costs nothing.
class Wire {
public:
    using executor_type = Executor;

    explicit Wire(Tcp tcp) : tcp_(std::move(tcp)) {}

    [[nodiscard]] executor_type get_executor() noexcept { return tcp_.get_executor(); }
    [[nodiscard]] Tcp& tcp() noexcept { return tcp_; }
    [[nodiscard]] asio::ssl::stream<Tcp&>& start_tls(asio::ssl::context& context) {
        return tls_.emplace(tcp_, context);
    }
    void close() noexcept { cut(tcp_); }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler) {
        if (tls_) {
            tls_->async_read_some(buffers, std::forward<Handler>(handler));
        } else {
            tcp_.async_read_some(buffers, std::forward<Handler>(handler));
        }
    }
    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler) {
        if (tls_) {
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
    Tcp tcp_;
    std::optional<asio::ssl::stream<Tcp&>> tls_;
};

}  // namespace spillway::live
