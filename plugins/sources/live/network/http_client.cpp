#include "http_client.hpp"

#include <algorithm>
#include <utility>

#include "beast_network.hpp"
#include "http_exchange.hpp"
#include "url.hpp"
#include "wire.hpp"

namespace spillway::live {

namespace {

constexpr std::size_t connections_per_host = 4;
/// Most servers keep an idle connection for a minute or more.
constexpr Duration idle_time = 50 * second;
constexpr Duration sweep_time = 10 * second;

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
    Call(Request what, std::function<void(Response)> whom, Trace traced)
        : request(std::move(what)), done(std::move(whom)), trace(std::move(traced)) {}

    /// Nobody is called any more.
    void end() {
        done = nullptr;
        deadline.reset();
        if (dial) std::exchange(dial, nullptr)->cancel();
        if (wire) std::exchange(wire, nullptr)->close();
    }

    Request request;
    std::function<void(Response)> done;  ///< empty once it was called
    Trace trace;
    std::unique_ptr<Network::Timer> deadline;
    Stopwatch watch;
    Url url;
    std::shared_ptr<Dial> dial;
    std::shared_ptr<Wire> wire;
    bool reused = false;
};

HttpClient::HttpClient(std::shared_ptr<Transport> transport) : transport_(std::move(transport)) {}

HttpClient::~HttpClient() = default;

void HttpClient::request(Request request, std::function<void(Response)> done, Trace trace) {
    tl::expected<Url, std::string> url = parse_url(request.url);
    if (std::string why = fault_of(request, url); !why.empty()) {
        transport_->post([done = std::move(done), why = std::move(why)] {
            done(failed(Ending::malformed, why));
        });
        return;
    }
    const auto call = std::make_shared<Call>(std::move(request), std::move(done), std::move(trace));
    call->url = std::move(*url);
    call->deadline = transport_->after(call->request.timeout, [self = shared_from_this(), call] {
        self->finish(call,
                     failed(Ending::silent, call->url.host + " gave no whole answer within " +
                                                format_duration(call->request.timeout)),
                     false);
    });
    Host& host = hosts_[call->url.origin()];
    host.waiting.push_back(call);
    start_waiting(host);
}

void HttpClient::end() {
    sweep_timer_.reset();
    for (auto& [origin, host] : std::exchange(hosts_, {})) {
        for (const auto& call : host.active) call->end();
        for (const auto& call : host.waiting) call->end();
    }
}

void HttpClient::start_waiting(Host& host) {
    while (host.active.size() < connections_per_host && !host.waiting.empty()) {
        const std::shared_ptr<Call> call = std::move(host.waiting.front());
        host.waiting.pop_front();
        if (call->done) start(call);
    }
}

void HttpClient::start(const std::shared_ptr<Call>& call) {
    Host& host = hosts_[call->url.origin()];
    host.active.push_back(call);
    if (host.idle.empty()) return connect(call);
    call->wire = std::move(host.idle.back().wire);
    host.idle.pop_back();
    call->reused = true;
    send(call);
}

void HttpClient::connect(const std::shared_ptr<Call>& call) {
    call->reused = false;
    // Weak, as this owns the call, and the call the dial; its deadline keeps both alive.
    call->dial = transport_->dial(call->url, call->trace,
                                  [client = weak_from_this(), weak = std::weak_ptr(call)](
                                      std::shared_ptr<Wire> wire, const Ended& failure) {
                                      const auto self = client.lock();
                                      const auto waiting = weak.lock();
                                      if (!self || !waiting) return;
                                      waiting->dial.reset();
                                      if (!wire) {
                                          return self->finish(
                                              waiting, failed(failure.how, failure.why), false);
                                      }
                                      waiting->wire = std::move(wire);
                                      self->send(waiting);
                                  });
}

void HttpClient::send(const std::shared_ptr<Call>& call) {
    exchange(call->wire, call->url, call->request, transport_->settings().user_agent,
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
    Host& host = hosts_[call->url.origin()];
    if (reusable) keep(host, std::move(call->wire));
    call->end();
    std::erase(host.active, call);
    start_waiting(host);
    if (response.failure && response.took == 0) response.took = call->watch.elapsed();
    done(std::move(response));
}

void HttpClient::keep(Host& host, std::shared_ptr<Wire> wire) {
    host.idle.push_back({std::move(wire), transport_->steady()});
    if (!std::exchange(sweeping_, true)) sweep();
}

/// Closes what was idle for long, again and again while something is idle.
void HttpClient::sweep() {
    const Time oldest = transport_->steady() - idle_time;
    bool any = false;
    for (auto& [origin, host] : hosts_) {
        std::erase_if(host.idle, [&](const Idle& idle) { return idle.since < oldest; });
        any = any || !host.idle.empty();
    }
    sweeping_ = any;
    if (!any) return;
    sweep_timer_ = transport_->after(sweep_time, [self = weak_from_this()] {
        if (const auto client = self.lock()) client->sweep();
    });
}

}  // namespace spillway::live
