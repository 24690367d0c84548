#include "dial.hpp"

#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "endings.hpp"
#include "tcp_race.hpp"
#include "tls.hpp"
#include "tunnel.hpp"
#include "wire.hpp"

namespace spillway::live {

namespace {

constexpr std::int64_t expires_soon = 14;  // days

std::string address_list(const std::vector<Endpoint>& addresses) {
    std::string text =
        std::to_string(addresses.size()) + (addresses.size() == 1 ? " address: " : " addresses: ");
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (i == 4) return text + ", ...";
        if (i > 0) text += ", ";
        text += addresses[i].address().to_string();
    }
    return text;
}

class Dialing final : public Dial, public std::enable_shared_from_this<Dialing> {
public:
    Dialing(std::shared_ptr<Core> core, const Url& url, Trace trace, Done done)
        : core_(std::move(core)),
          url_(url),
          route_(core_->routes.find(url)),
          trace_(std::move(trace)),
          done_(std::move(done)),
          timer_(core_->io.get_executor()) {}

    void start() {
        asio::post(core_->io, [self = shared_from_this()] {
            if (!self->done_) return;
            if (!self->core_->problem.empty()) {
                return self->fail(Ending::connect, self->core_->problem);
            }
            self->resolve();
        });
    }

    void cancel() override { static_cast<void>(finish()); }

private:
    /// One more step begins: its clock runs.
    void begin(Step step) {
        step_ = step;
        watch_ = {};
        timer_.expires_after(std::chrono::nanoseconds(core_->settings.connect_timeout));
        timer_.async_wait([self = shared_from_this(), step](const error_code& error) {
            if (!error && self->step_ == step) self->on_timeout();
        });
    }

    void succeed(std::string detail, std::string warning = {}) {
        if (trace_) trace_({step_, std::move(detail), std::move(warning), watch_.elapsed()});
    }

    void resolve() {
        begin(Step::dns);
        error_code no_address;
        const asio::ip::address address = asio::ip::make_address(route_.host, no_address);
        if (!no_address) return connect({Endpoint(address, route_.port)});
        // Weak, as this owns the query; the timer keeps it alive.
        query_ =
            core_->names.look_up(route_.host, [weak = weak_from_this()](const Names::Found& found) {
                if (const auto self = weak.lock()) self->on_found(found);
            });
    }

    void on_found(const Names::Found& found) {
        query_.reset();
        if (found.addresses.empty()) {
            return fail(Ending::dns, "no address of " + route_.host + " is found: " +
                                         found.problem + ": check the name server and the name");
        }
        std::vector<Endpoint> addresses;
        for (const asio::ip::address& address : found.addresses) {
            addresses.emplace_back(address, route_.port);
        }
        succeed(address_list(addresses));
        connect(std::move(addresses));
    }

    void connect(std::vector<Endpoint> addresses) {
        begin(Step::tcp);
        // Weak, as this owns the race; the timer keeps it alive.
        race_ = race(core_->io, std::move(addresses),
                     [weak = weak_from_this()](Tcp socket, const std::string& why) {
                         const auto self = weak.lock();
                         if (!self) return;
                         self->race_.reset();
                         if (!why.empty()) return self->unreachable(why);
                         self->on_connect(std::move(socket));
                     });
    }

    void unreachable(std::string why) {
        if (route_.gateway) {
            why +=
                ": nothing answers at the gateway: start it (tools/mock-exchange), or unset "
                "`gateway`";
        }
        fail(Ending::connect, std::move(why));
    }

    void on_connect(Tcp socket) {
        error_code ignored;
        ignored = socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        const Endpoint peer = socket.remote_endpoint(ignored);
        wire_ = std::make_shared<Wire>(std::move(socket));
        succeed(to_text(peer));
        if (route_.proxy != nullptr) return tunnel();
        secure();
    }

    void tunnel() {
        begin(Step::proxy);
        open_tunnel(wire_, route_, core_->settings.user_agent,
                    [self = shared_from_this()](const std::string& why) {
                        if (!self->done_) return;
                        if (!why.empty()) return self->fail(Ending::proxy, why);
                        self->succeed("tunnel through " + self->route_.host);
                        self->secure();
                    });
    }

    void secure() {
        if (!url_.tls) return deliver();
        begin(Step::tls);
        asio::ssl::stream<Tcp&>& tls = wire_->start_tls(core_->tls);
        if (!prepare_session(tls.native_handle(), url_.host)) {
            return fail(Ending::tls, "OpenSSL refuses the host name " + url_.host);
        }
        // Shared, as the callback stays with the session.
        tls.set_verify_callback(
            [refusal = refusal_](bool trusted, asio::ssl::verify_context& verification) {
                if (!trusted && refusal->error == 0) {
                    *refusal = describe_refusal(verification.native_handle());
                }
                return trusted;
            });
        tls.async_handshake(asio::ssl::stream_base::client,
                            [self = shared_from_this(), &tls](const error_code& error) {
                                if (self->done_) self->on_secured(error, tls);
                            });
    }

    void on_secured(const error_code& error, asio::ssl::stream<Tcp&>& tls) {
        if (refusal_->error != 0) return fail(Ending::tls, explain(*refusal_, url_.host));
        if (error) return fail(Ending::tls, describe_tls_error(error, url_.host));
        if (trace_) {
            const TlsFacts facts = tls_facts(tls.native_handle(), wall_time());
            const std::string days = std::to_string(facts.days_left) + " more days";
            succeed(facts.version + ", issued by " + facts.issuer + ", valid for " + days,
                    facts.days_left < expires_soon
                        ? "the certificate is valid for only " + days +
                              ": the venue has to renew it; if it is long since renewed, set this "
                              "machine's clock"
                        : "");
        }
        deliver();
    }

    void deliver() {
        std::shared_ptr<Wire> wire = std::move(wire_);
        const Done done = finish();
        if (done) done(std::move(wire), {});
    }

    void on_timeout() {
        if (!done_) return;
        const std::string within =
            " within " + format_duration(core_->settings.connect_timeout) + " from " + route_.host;
        switch (step_) {
            case Step::dns:
                return fail(Ending::dns, "name server did not answer for " + route_.host +
                                             " in time: check the network of this machine");
            case Step::tcp:
                return fail(Ending::connect, "no answer" + within + ":" +
                                                 std::to_string(route_.port) +
                                                 ": is a firewall in between?");
            case Step::proxy:
                return fail(Ending::proxy, "proxy opened no tunnel" + within);
            case Step::tls:
                return fail(Ending::silent, "no end of the TLS handshake" + within);
        }
    }

    /// Before the tunnel stands every fault is the proxy's.
    void fail(Ending how, std::string why) {
        if (route_.proxy != nullptr && step_ < Step::proxy) {
            how = Ending::proxy;
            why.insert(0, "proxy: ");
        }
        const Done done = finish();
        if (done) done(nullptr, Ended{how, 0, std::move(why)});
    }

    Done finish() {
        timer_.cancel();
        query_.reset();
        if (race_) race_->cancel();
        race_.reset();
        if (wire_) wire_->close();
        return std::exchange(done_, nullptr);
    }

    std::shared_ptr<Core> core_;
    Url url_;
    Route route_;
    Trace trace_;
    Done done_;
    SteadyTimer timer_;
    Step step_ = Step::dns;
    Stopwatch watch_;
    std::shared_ptr<Names::Query> query_;
    std::shared_ptr<TcpRace> race_;
    std::shared_ptr<Wire> wire_;
    std::shared_ptr<Refusal> refusal_ = std::make_shared<Refusal>();
};

}  // namespace

std::shared_ptr<Dial> dial(std::shared_ptr<Core> core, const Url& url, Trace trace,
                           Dial::Done done) {
    auto made = std::make_shared<Dialing>(std::move(core), url, std::move(trace), std::move(done));
    made->start();
    return made;
}

}  // namespace spillway::live
