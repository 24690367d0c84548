#include "read_loop.hpp"

#include <array>
#include <cstdio>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "messages.hpp"

namespace spillway::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

class Reader {
public:
    Reader(asio::io_context& io, asio::ssl::context& tls, std::uint16_t port, std::uint64_t& count)
        : socket_(io, tls), count_(count) {
        auto& tcp_layer = socket_.next_layer().next_layer();
        tcp_layer.connect({asio::ip::address_v4::loopback(), port});
        tcp_layer.set_option(tcp::no_delay(true));
        socket_.next_layer().handshake(asio::ssl::stream_base::client);
        // What Asio asks for costs a buffer of 17 KiB for every message: a good loop goes without.
        SSL_clear_mode(socket_.next_layer().native_handle(), SSL_MODE_RELEASE_BUFFERS);
        socket_.handshake("stream.bybit.com", "/v5/public/linear");
    }
    void subscribe(const std::vector<std::string>& topics) {
        socket_.write(asio::buffer(fmt::format(R"({{"req_id":"1","op":"subscribe","args":["{}"]}})",
                                               fmt::join(topics, "\",\""))));
    }
    void read() {
        socket_.async_read(buffer_, [this](const beast::error_code& error, std::size_t size) {
            if (error) return;
            buffer_.consume(size);
            ++count_;
            read();
        });
    }

private:
    beast::websocket::stream<asio::ssl::stream<tcp::socket>> socket_;
    beast::flat_buffer buffer_;
    std::uint64_t& count_;
};

}  // namespace

void run_read_loop(std::uint16_t port, const std::vector<std::string>& bases,
                   std::size_t connections) {
    asio::io_context io(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    std::uint64_t count = 0;
    std::vector<std::unique_ptr<Reader>> readers;
    for (std::size_t i = 0; i < connections; ++i) {
        readers.push_back(std::make_unique<Reader>(io, tls, port, count));
        std::vector<std::string> topics;
        for (std::size_t base = i; base < bases.size(); base += connections) {
            for (const std::string_view stream : {"publicTrade", "tickers", "allLiquidation"}) {
                topics.push_back(fmt::format("{}.{}", stream, symbol_of(bases[base])));
            }
        }
        readers.back()->subscribe(topics);
        readers.back()->read();
    }
    asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
    std::array<char, 16> ignored{};
    input.async_read_some(asio::buffer(ignored), [&](const auto&, std::size_t) { io.stop(); });
    io.run();
    fmt::print("read {}\n", count);
}

}  // namespace spillway::bench
