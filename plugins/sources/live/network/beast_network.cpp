#include "beast_network.hpp"

#include <deque>
#include <future>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/intrusive/list.hpp>

#include "core.hpp"
#include "http_client.hpp"
#include "io_thread.hpp"
#include "transport.hpp"
#include "websocket.hpp"

namespace spillway::live {

namespace {

namespace intrusive = boost::intrusive;

/// What lives on the I/O thread in its user's hand. Once the network has taken it back, the hand is
/// empty, and may be opened on any thread.
class Lent : public intrusive::list_base_hook<intrusive::link_mode<intrusive::auto_unlink>> {
public:
    virtual void take_back() noexcept = 0;

protected:
    ~Lent() = default;
};

class LentConnection final : public Connection, public Lent {
public:
    explicit LentConnection(std::unique_ptr<Connection> connection)
        : connection_(std::move(connection)) {}

    void send(std::string text) override { connection_->send(std::move(text)); }
    void ping() override { connection_->ping(); }
    void close() override { connection_->close(); }
    void take_back() noexcept override { connection_.reset(); }

private:
    std::unique_ptr<Connection> connection_;
};

class LentTimer final : public Network::Timer, public Lent {
public:
    explicit LentTimer(std::unique_ptr<Network::Timer> timer) : timer_(std::move(timer)) {}

    void take_back() noexcept override { timer_.reset(); }

private:
    std::unique_ptr<Network::Timer> timer_;
};

/// Many sources may ring on one thread.
class Gathered final : public Arrivals {
public:
    Gathered(IoThread& thread, Arrivals& arrivals) : thread_(thread), arrivals_(arrivals) {}

    void notify() noexcept override {
        if (thread_.is_this_thread()) {
            thread_.ring_later(arrivals_);
        } else {
            arrivals_.notify();
        }
    }

private:
    IoThread& thread_;
    Arrivals& arrivals_;
};

class BeastNetwork final : public Network {
public:
    BeastNetwork(const NetworkSettings& settings, std::shared_ptr<IoThread> thread)
        : thread_(std::move(thread)),
          transport_(over_sockets(std::make_shared<Core>(settings, thread_->io()))),
          http_(std::make_shared<HttpClient>(transport_)) {}
    BeastNetwork(const BeastNetwork&) = delete;
    BeastNetwork& operator=(const BeastNetwork&) = delete;

    ~BeastNetwork() override {
        std::promise<void> promise;
        const std::future<void> ended = promise.get_future();
        asio::post(*thread_->io(), [this, promise = std::move(promise)]() mutable {
            end();
            promise.set_value();
        });
        ended.wait();
    }

    std::unique_ptr<Connection> open(const std::string& url, SocketEvents& events) override {
        return lend<LentConnection>(open_websocket(transport_, url, events));
    }
    void request(Request request, std::function<void(Response)> done) override {
        http_->request(std::move(request),
                       [alive = std::weak_ptr(alive_), done = std::move(done)](Response response) {
                           if (!alive.expired()) done(std::move(response));
                       });
    }
    std::unique_ptr<Timer> after(Duration delay, std::function<void()> call) override {
        return lend<LentTimer>(transport_->after(delay, std::move(call)));
    }
    void post(std::function<void()> call) override {
        transport_->post([alive = std::weak_ptr(alive_), call = std::move(call)] {
            if (!alive.expired()) call();
        });
    }
    Arrivals* gather(Arrivals* arrivals) override {
        return arrivals == nullptr ? nullptr : &gathered_.emplace_back(*thread_, *arrivals);
    }
    [[nodiscard]] Time now() const override { return transport_->now(); }
    [[nodiscard]] Time steady() const override { return transport_->steady(); }

private:
    struct Alive {};

    template <class Kind, class Thing>
    [[nodiscard]] std::unique_ptr<Kind> lend(std::unique_ptr<Thing> thing) {
        auto lent = std::make_unique<Kind>(std::move(thing));
        lent_.push_back(*lent);
        return lent;
    }

    /// What is left in queues afterwards keeps itself alive, and calls nobody.
    void end() noexcept {
        alive_.reset();
        while (!lent_.empty()) {
            Lent& one = lent_.front();
            lent_.pop_front();
            one.take_back();
        }
        http_->end();
        http_.reset();
        thread_->ring();
    }

    std::shared_ptr<IoThread> thread_;
    std::shared_ptr<Transport> transport_;
    std::shared_ptr<HttpClient> http_;
    std::deque<Gathered> gathered_;
    std::shared_ptr<Alive> alive_ = std::make_shared<Alive>();
    intrusive::list<Lent, intrusive::constant_time_size<false>> lent_;
};

}  // namespace

Status check(const NetworkSettings& settings) noexcept {
    const Core core(settings);
    return core.problem.empty() ? Status() : Status(Code::bad_option, core.problem);
}

std::shared_ptr<IoThread> make_io_thread() { return std::make_shared<IoThread>(); }

std::unique_ptr<Network> make_network(const NetworkSettings& settings,
                                      std::shared_ptr<IoThread> thread) {
    return std::make_unique<BeastNetwork>(settings, std::move(thread));
}

}  // namespace spillway::live
