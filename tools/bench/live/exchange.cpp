#include "exchange.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "messages.hpp"
#include "testing/certificates.hpp"

namespace spillway::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using asio::ip::tcp;
using Tls = asio::ssl::stream<tcp::socket>;
using WebSocket = beast::websocket::stream<Tls>;

/// Messages leave in slices of this length: at 20,000 a second two at a time.
constexpr std::int64_t slice_ns = 100'000;
constexpr std::int64_t second_ns = 1'000'000'000;

std::int64_t now_of(clockid_t clock) {
    std::timespec time{};
    clock_gettime(clock, &time);
    return time.tv_sec * second_ns + time.tv_nsec;
}
std::int64_t monotonic_ns() { return now_of(CLOCK_MONOTONIC); }
std::int64_t wall_ms() { return now_of(CLOCK_REALTIME) / 1'000'000; }

void sleep_until(std::int64_t time) {
    const std::timespec until{time / second_ns, time % second_ns};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
}

void print(const std::string& line) {
    std::fputs((line + '\n').c_str(), stdout);
    std::fflush(stdout);
}

std::string instrument_list(const ExchangeSettings& settings) {
    std::string rows;
    for (const auto* bases : {&settings.bases, &settings.silent}) {
        for (const std::string& base : *bases) {
            rows += fmt::format(
                R"({}{{"symbol":"{}","contractType":"LinearPerpetual","status":"Trading",)"
                R"("baseCoin":"{}","quoteCoin":"USDC","launchTime":"1699990000000",)"
                R"("deliveryTime":"0","priceFilter":{{"tickSize":"0.000001"}},)"
                R"("fundingInterval":480,"settleCoin":"USDC"}})",
                rows.empty() ? "" : ",", symbol_of(base), base);
        }
    }
    return fmt::format(R"({{"retCode":0,"retMsg":"OK","result":{{"category":"linear","list":[{}],)"
                       R"("nextPageCursor":""}},"retExtInfo":{{}},"time":{}}})",
                       rows, wall_ms());
}

/// The texts of `"args":["a","b"]`.
std::vector<std::string> arguments_of(const std::string& request) {
    std::vector<std::string> found;
    std::size_t at = request.find("\"args\":[");
    if (at == std::string::npos) return found;
    const std::size_t end = request.find(']', at += 8);
    while ((at = request.find('"', at)) < end) {
        const std::size_t close = request.find('"', at + 1);
        found.push_back(request.substr(at + 1, close - at - 1));
        at = close + 1;
    }
    return found;
}

std::string id_of(const std::string& request) {
    constexpr std::string_view key = R"("req_id":")";
    const std::size_t at = request.find(key);
    if (at == std::string::npos) return {};
    return request.substr(at + key.size(), request.find('"', at + key.size()) - at - key.size());
}

class Exchange {
public:
    explicit Exchange(const ExchangeSettings& settings) : settings_(settings) {
        const auto authority =
            live::testing::make_identity({.name = "Benchmark", .hosts = {}, .authority = true});
        const auto server = live::testing::make_identity(
            {.name = "exchange", .hosts = {"stream.bybit.com", "api.bybit.com"}}, &authority);
        write_pem(authority, settings.ca_file);
        SSL_CTX_use_certificate(tls_.native_handle(), server.certificate.get());
        SSL_CTX_use_PrivateKey(tls_.native_handle(), server.key.get());
        for (const std::string& base : settings.bases) {
            for (const std::string_view stream : {"publicTrade", "tickers", "allLiquidation"}) {
                awaited_.insert(fmt::format("{}.{}", stream, symbol_of(base)));
            }
        }
    }

    void run() {
        asio::co_spawn(io_, accept(), asio::detached);
        asio::co_spawn(io_, end_with_input(), asio::detached);
        print(fmt::format("port {}", acceptor_.local_endpoint().port()));
        while (!everything_is_subscribed() && !io_.stopped()) io_.run_one();
        if (io_.stopped()) return;
        prepare();
        play();
        io_.run();
    }

private:
    /// A message and where it goes.
    struct Slot {
        WebSocket* to;
        Message* message;
    };

    [[nodiscard]] bool everything_is_subscribed() const {
        return topics_.size() == awaited_.size() && sockets_.size() >= settings_.connections;
    }

    asio::awaitable<void> accept() {
        for (;;) {
            tcp::socket socket = co_await acceptor_.async_accept(use_awaitable);
            socket.set_option(tcp::no_delay(true));
            asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
        }
    }

    asio::awaitable<void> end_with_input() {
        std::array<char, 16> ignored{};
        for (;;) {
            boost::system::error_code ended;
            co_await input_.async_read_some(asio::buffer(ignored),
                                            asio::redirect_error(use_awaitable, ended));
            if (ended) break;
        }
        io_.stop();
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        Tls tls(std::move(socket), tls_);
        co_await tls.async_handshake(asio::ssl::stream_base::server, use_awaitable);
        beast::flat_buffer buffer;
        http::request<http::string_body> request;
        co_await http::async_read(tls, buffer, request, use_awaitable);
        if (!beast::websocket::is_upgrade(request)) {
            http::response<http::string_body> response(http::status::ok, request.version());
            response.set(http::field::content_type, "application/json");
            response.keep_alive(false);
            response.body() = instrument_list(settings_);
            response.prepare_payload();
            co_await http::async_write(tls, response, use_awaitable);
            co_await tls.async_shutdown(use_awaitable);
            co_return;
        }
        auto& socket_kept = *sockets_.emplace_back(std::make_unique<WebSocket>(std::move(tls)));
        co_await socket_kept.async_accept(request, use_awaitable);
        buffer.clear();
        for (;;) {
            co_await socket_kept.async_read(buffer, use_awaitable);
            answer(socket_kept, beast::buffers_to_string(buffer.data()));
            buffer.clear();
        }
    }

    /// Written below the WebSocket layer, as everything else that is sent.
    static void send(WebSocket& to, std::string_view frame) {
        asio::write(to.next_layer(), asio::buffer(frame.data(), frame.size()));
    }

    void answer(WebSocket& from, const std::string& request) {
        if (request.find(R"("op":"ping")") != std::string::npos) {
            send(from,
                 text_frame(R"({"success":true,"ret_msg":"pong","conn_id":"1","op":"ping"})"));
            return;
        }
        send(from,
             text_frame(fmt::format(R"({{"success":true,"ret_msg":"","conn_id":"1","req_id":"{}",)"
                                    R"("op":"subscribe"}})",
                                    id_of(request))));
        for (const std::string& topic : arguments_of(request)) {
            if (!awaited_.contains(topic)) continue;
            topics_[topic] = &from;
            if (topic.starts_with("tickers.")) {
                send(from, text_frame(ticker_snapshot(topic.substr(8), wall_ms())));
            }
        }
    }

    void prepare() {
        messages_.reserve(topics_.size());
        for (const auto& [name, socket] : topics_) {
            const bool trade = name.starts_with("publicTrade");
            const bool ticker = name.starts_with("tickers");
            const std::size_t weight = trade    ? settings_.mix.trades
                                       : ticker ? settings_.mix.tickers
                                                : settings_.mix.liquidations;
            Message& message = messages_.emplace_back(
                trade ? Topic::trade : (ticker ? Topic::ticker : Topic::liquidation),
                name.substr(name.find('.') + 1));
            slots_.insert(slots_.end(), weight, {socket, &message});
        }
        std::shuffle(slots_.begin(), slots_.end(), std::mt19937_64(1));
    }

    void play() {
        prctl(PR_SET_TIMERSLACK, 1);
        const auto total = static_cast<std::uint64_t>(settings_.rate * settings_.seconds);
        std::vector<std::int64_t> late;
        late.reserve(total);
        std::uint64_t sent = 0;
        const std::int64_t began = monotonic_ns();
        print(fmt::format("began {}", began));
        for (std::int64_t slice = 1; sent < total; ++slice) {
            std::int64_t now = monotonic_ns();
            const auto due = static_cast<std::uint64_t>(static_cast<double>(now - began) * 1e-9 *
                                                        settings_.rate);
            for (; sent < std::min(due, total); ++sent) {
                const Slot& slot = slots_[sent % slots_.size()];
                now = monotonic_ns();
                slot.message->set(wall_ms(), now - settings_.epoch);
                send(*slot.to, slot.message->frame());
                late.push_back(now - began -
                               static_cast<std::int64_t>(1e9 * static_cast<double>(sent + 1) /
                                                         settings_.rate));
            }
            if (slice % 100 == 0) io_.poll();
            slice = std::max(slice, (monotonic_ns() - began) / slice_ns);
            sleep_until(began + (slice + 1) * slice_ns);
        }
        const auto p99 = late.begin() + static_cast<std::ptrdiff_t>(late.size() * 99 / 100);
        std::nth_element(late.begin(), p99, late.end());
        print(fmt::format("sent {} late_p99_us {}", sent, *p99 / 1000));
    }

    const ExchangeSettings settings_;
    asio::io_context io_{1};
    asio::ssl::context tls_{asio::ssl::context::tls_server};
    tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
    asio::posix::stream_descriptor input_{io_, ::dup(STDIN_FILENO)};
    std::vector<std::unique_ptr<WebSocket>> sockets_;
    std::set<std::string, std::less<>> awaited_;
    std::map<std::string, WebSocket*> topics_;
    std::vector<Message> messages_;
    std::vector<Slot> slots_;
};

}  // namespace

void run_exchange(const ExchangeSettings& settings) { Exchange(settings).run(); }

}  // namespace spillway::bench
