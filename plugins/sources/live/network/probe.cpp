#include "probe.hpp"

#include <algorithm>
#include <vector>

#include "core.hpp"
#include "http_client.hpp"
#include "http_words.hpp"
#include "probe_words.hpp"
#include "transport.hpp"
#include "websocket.hpp"

namespace spillway::live {

namespace {

constexpr auto patience = std::chrono::milliseconds(200);  // between looks at Examiner::stopped

std::string_view name_of(Step step) {
    switch (step) {
        case Step::dns:
            return "DNS";
        case Step::tcp:
            return "TCP";
        case Step::proxy:
            return "proxy";
        case Step::tls:
            return "TLS";
    }
    return "?";
}

/// Reports the steps of one URL in their order.
class Report final : public SocketEvents {
public:
    Report(std::string endpoint, const Url& url, const Route& route, Examiner& out)
        : endpoint_(std::move(endpoint)),
          handshake_(url.websocket ? "WebSocket" : "HTTP"),
          gateway_(route.gateway),
          out_(out) {
        if (!is_ip_address(route.host)) steps_.push_back(Step::dns);
        steps_.push_back(Step::tcp);
        if (route.proxy != nullptr) steps_.push_back(Step::proxy);
        if (url.tls) steps_.push_back(Step::tls);
    }

    [[nodiscard]] bool finished() const noexcept { return finished_; }

    void step(const StepDone& done) {
        if (done.step == Step::dns && next_ < steps_.size() && steps_[next_] != Step::dns) return;
        ++next_;
        watch_ = {};
        out_.report({endpoint_, name_of(done.step),
                     done.warning.empty() ? Outcome::good : Outcome::warning, done.detail,
                     done.warning, done.took});
    }

    void answered(const Response& response) {
        if (response.failure) return ended(*response.failure);
        const std::uint16_t status = response.status;
        if (status == 403 || status == 451) {
            return ended({Ending::status, status, "HTTP " + std::to_string(status)});
        }
        // 400, 404 and 405 have no advice: the server answers, and nothing sensible was asked.
        const std::string_view advice = status_advice(status);
        finish(advice.empty() ? Outcome::good : Outcome::warning, "HTTP " + std::to_string(status),
               advice);
    }

    // A WebSocket.
    void opened() override { finish(Outcome::good, "HTTP 101, open", {}); }
    void message(std::string_view /*bytes*/, bool /*binary*/) override {}
    void heartbeat() override {}
    /// The first step that was not done has failed.
    void ended(const Ended& ended) override {
        if (finished_) return;
        const std::string_view advice = gateway_ && ended.how == Ending::connect
                                            ? "see that `gateway` names what runs there"
                                            : advice_on(ended.how, ended.code);
        const std::string why = without_advice(ended.why, advice);
        const std::size_t failed = next_;
        for (; next_ < steps_.size(); ++next_) {
            conclude(name_of(steps_[next_]), next_ == failed, why, advice);
        }
        conclude(handshake_, next_ == failed, why, advice);
        finished_ = true;
    }
    /// All steps together took too long: it is the fault of the one that is under way.
    void give_up(Duration after) {
        Ending how = Ending::silent;
        if (next_ < steps_.size() && steps_[next_] == Step::dns) how = Ending::dns;
        if (next_ < steps_.size() && steps_[next_] == Step::tcp) how = Ending::connect;
        if (next_ < steps_.size() && steps_[next_] == Step::proxy) how = Ending::proxy;
        ended({how, 0, "not done when " + format_duration(after) + " were over"});
    }

private:
    void conclude(std::string_view check, bool failed, const std::string& why,
                  std::string_view advice) {
        if (failed) {
            out_.report({endpoint_, check, Outcome::failed, why, advice, watch_.elapsed()});
        } else {
            out_.report({endpoint_, check, Outcome::skipped, "a step before it failed"});
        }
    }

    void finish(Outcome outcome, const std::string& detail, std::string_view fix) {
        if (std::exchange(finished_, true)) return;
        out_.report({endpoint_, handshake_, outcome, detail, fix, watch_.elapsed()});
    }

    std::string endpoint_;
    std::string_view handshake_;
    bool gateway_;
    Examiner& out_;
    std::vector<Step> steps_;
    std::size_t next_ = 0;
    Stopwatch watch_;
    bool finished_ = false;
};

}  // namespace

void probe(const NetworkSettings& settings, const std::string& text, Examiner& out,
           Duration longest) {
    const Stopwatch watch;
    const std::string endpoint = without_secrets(text);
    const tl::expected<Url, std::string> url = parse_url(text);
    if (!url) {
        out.report({endpoint, "URL", Outcome::failed, url.error()});
        return;
    }
    NetworkSettings hasty = settings;
    // A step that hangs says so itself, in better words than `give_up`.
    hasty.connect_timeout = std::min(settings.connect_timeout, longest / 7 * 6);
    const auto core = std::make_shared<Core>(hasty);
    if (!core->problem.empty()) {
        out.report({endpoint, "settings", Outcome::failed, core->problem});
        return;
    }
    Report report(endpoint, *url, core->routes.find(*url), out);
    const Trace trace = [&report](const StepDone& done) { report.step(done); };
    std::unique_ptr<Connection> connection;
    const std::shared_ptr<Transport> transport = over_sockets(core);
    const auto client = std::make_shared<HttpClient>(transport);
    if (url->websocket) {
        connection = open_websocket(transport, text, report, trace);
    } else {
        Request request;
        request.url = text;
        request.timeout = 2 * longest;  // of all steps: we end it
        client->request(
            std::move(request), [&report](const Response& response) { report.answered(response); },
            trace);
    }
    while (!report.finished() && !out.stopped() && !core->io.stopped()) {
        core->io.run_one_for(patience);
        if (watch.elapsed() >= longest) report.give_up(longest);
    }
    connection.reset();
    core->io.drop_handlers();
}

}  // namespace spillway::live
