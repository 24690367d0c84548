#include "http_client.hpp"

#include <algorithm>
#include <utility>

#include "dial.hpp"
#include "http_exchange.hpp"
#include "url.hpp"
#include "wire.hpp"

namespace spillway::live {

namespace {

constexpr std::size_t connections_per_host = 4;
/// Most servers keep an idle connection for a minute or more.
constexpr auto idle_time = std::chrono::seconds(50);
constexpr auto sweep_time = std::chrono::seconds(10);

Response failed(Ending how, std::string why) {
    Response response;
    response.failure = Ended{how, 0, std::move(why)};
    return response;
}

/// What is wrong with a request; empty: nothing.
std::string fault_of(const Request& request, const tl::expected<Url, std::string>& url) {
    if (!url) return url.error();
    if (url->websocket) return "a request needs https://, not " + without_secrets(request.url);
    for (const auto& [name, value] : request.headers) {
        const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == 127; };
        if (name.empty() || std::ranges::any_of(value, is_control)) {
            return "the value of the header '" + name +
                   "' has a line break or another control character: check the key";
        }
    }
    return {};
}

}  // namespace

struct HttpClient::Call {
    Call(Core& core, Request what, std::function<void(Response)> whom, Trace traced)
        : request(std::move(what)),
          done(std::move(whom)),
          trace(std::move(traced)),
          deadline(core.io.get_executor()) {}

    Request request;
    std::function<void(Response)> done;  ///< empty once it was called
    Trace trace;
    SteadyTimer deadline;
    Stopwatch watch;
    Url url;
    std::shared_ptr<Dial> dial;
    std::shared_ptr<Wire> wire;
    bool active = false;  ///< counts as one of its host's connections
    bool reused = false;
};

HttpClient::HttpClient(std::shared_ptr<Core> core)
    : core_(std::move(core)), sweep_timer_(core_->io.get_executor()) {}

HttpClient::~HttpClient() = default;

void HttpClient::request(Request request, std::function<void(Response)> done, Trace trace) {
    tl::expected<Url, std::string> url = parse_url(request.url);
    if (std::string why = fault_of(request, url); !why.empty()) {
        asio::post(core_->io, [done = std::move(done), why = std::move(why)] {
            done(failed(Ending::malformed, why));
        });
        return;
    }
    const auto call =
        std::make_shared<Call>(*core_, std::move(request), std::move(done), std::move(trace));
    call->url = std::move(*url);
    call->deadline.expires_after(std::chrono::nanoseconds(call->request.timeout));
    call->deadline.async_wait([self = shared_from_this(), call](const error_code& error) {
        if (error) return;
        self->finish(call,
                     failed(Ending::silent, call->url.host + " gave no whole answer within " +
                                                format_duration(call->request.timeout)),
                     false);
    });
    Host& host = hosts_[call->url.origin()];
    host.waiting.push_back(call);
    start_waiting(host);
}

void HttpClient::start_waiting(Host& host) {
    while (host.active < connections_per_host && !host.waiting.empty()) {
        const std::shared_ptr<Call> call = std::move(host.waiting.front());
        host.waiting.pop_front();
        if (call->done) start(call);
    }
}

void HttpClient::start(const std::shared_ptr<Call>& call) {
    Host& host = hosts_[call->url.origin()];
    call->active = true;
    ++host.active;
    if (host.idle.empty()) return connect(call);
    call->wire = std::move(host.idle.back().wire);
    host.idle.pop_back();
    call->reused = true;
    send(call);
}

void HttpClient::connect(const std::shared_ptr<Call>& call) {
    call->reused = false;
    // Weak, as the call owns the dial; its deadline keeps it alive.
    call->dial = dial(core_, call->url, call->trace,
                      [self = shared_from_this(), weak = std::weak_ptr(call)](
                          std::shared_ptr<Wire> wire, const Ended& failure) {
                          const auto waiting = weak.lock();
                          if (!waiting) return;
                          waiting->dial.reset();
                          if (!wire) {
                              return self->finish(waiting, failed(failure.how, failure.why), false);
                          }
                          waiting->wire = std::move(wire);
                          self->send(waiting);
                      });
}

void HttpClient::send(const std::shared_ptr<Call>& call) {
    exchange(call->wire, call->url, call->request, core_->settings.user_agent,
             [self = shared_from_this(), call](Exchanged result) {
                 if (!call->done) return;
                 if (result.stale && call->reused) {
                     call->wire->close();
                     return self->connect(call);
                 }
                 self->finish(call, std::move(result.response), result.reusable);
             });
}

void HttpClient::finish(const std::shared_ptr<Call>& call, Response response, bool reusable) {
    const auto done = std::exchange(call->done, nullptr);
    if (!done) return;
    call->deadline.cancel();
    if (call->dial) std::exchange(call->dial, nullptr)->cancel();
    Host& host = hosts_[call->url.origin()];
    if (std::shared_ptr<Wire> wire = std::move(call->wire)) {
        if (reusable) {
            keep(host, std::move(wire));
        } else {
            wire->close();
        }
    }
    if (std::exchange(call->active, false)) --host.active;
    start_waiting(host);
    if (response.failure && response.took == 0) response.took = call->watch.elapsed();
    done(std::move(response));
}

void HttpClient::keep(Host& host, std::shared_ptr<Wire> wire) {
    host.idle.push_back({std::move(wire), std::chrono::steady_clock::now()});
    if (!std::exchange(sweeping_, true)) sweep();
}

/// Closes what was idle for long, again and again while something is idle.
void HttpClient::sweep() {
    const auto oldest = std::chrono::steady_clock::now() - idle_time;
    bool any = false;
    for (auto& [origin, host] : hosts_) {
        std::erase_if(host.idle, [&](const Idle& idle) { return idle.since < oldest; });
        any = any || !host.idle.empty();
    }
    sweeping_ = any;
    if (!any) return;
    sweep_timer_.expires_after(sweep_time);
    sweep_timer_.async_wait([self = weak_from_this()](const error_code& error) {
        if (const auto client = self.lock(); client && !error) client->sweep();
    });
}

}  // namespace spillway::live
