#include "testing/played_network.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include <boost/asio/error.hpp>

#include "http_client.hpp"
#include "testing/accept_key.hpp"
#include "testing/script.hpp"
#include "transport.hpp"
#include "url.hpp"
#include "websocket.hpp"
#include "wire.hpp"

namespace spillway::live::testing {

namespace {

std::string replaced(std::string_view text, std::string_view what, const std::string& with) {
    std::string result(text);
    if (const std::size_t at = result.find(what); at != std::string::npos) {
        result.replace(at, what.size(), with);
    }
    return result;
}

}  // namespace

/// Time, what happens in it, and what servers have to say.
class PlayedNetwork::World final : public Transport, public std::enable_shared_from_this<World> {
public:
    class Stream;

    World(const NetworkSettings& settings, std::string_view script)
        : script_(script), settings_(settings) {}

    bool step() {
        io_.restart();
        if (io_.poll() > 0) return true;
        if (due_.empty()) return false;
        const auto first = due_.begin();
        now_ = std::max(now_, first->first.first);
        const std::function<void()> call = std::move(first->second);
        due_.erase(first);
        call();
        return true;
    }
    /// As when the io_context of sockets ends: what is pending is destroyed.
    void end();

    [[nodiscard]] Script& script() noexcept { return script_; }
    [[nodiscard]] std::size_t open_wires() const noexcept { return streams_.size(); }

    [[nodiscard]] const NetworkSettings& settings() const noexcept override { return settings_; }
    std::shared_ptr<Dial> dial(const Url& url, Trace trace, Dial::Done done) override;
    std::unique_ptr<Network::Timer> after(Duration delay, std::function<void()> call) override {
        const Key key{now_ + delay, ++last_};
        due_.emplace(key, std::move(call));
        return std::make_unique<Due>(shared_from_this(), key);
    }
    void post(std::function<void()> call) override {
        if (!ended_) asio::post(io_, std::move(call));
    }
    [[nodiscard]] Time now() const override { return now_; }
    [[nodiscard]] Time steady() const override { return now_; }

private:
    using Key = std::pair<Time, std::uint64_t>;

    class Due final : public Network::Timer {
    public:
        Due(std::shared_ptr<World> world, Key key) : world_(std::move(world)), key_(key) {}
        Due(const Due&) = delete;
        Due& operator=(const Due&) = delete;
        ~Due() override { world_->due_.extract(key_); }

    private:
        std::shared_ptr<World> world_;
        Key key_;
    };

    Script script_;
    const NetworkSettings settings_;
    IoContext io_;
    bool ended_ = false;
    Time now_ = 1'770'000'000 * second;
    std::uint64_t last_ = 0;
    std::map<Key, std::function<void()>> due_;
    std::set<Stream*> streams_;  ///< that are open
};

/// The user's end of a connection to a server.
class PlayedNetwork::World::Stream final : public ByteStream {
public:
    explicit Stream(std::shared_ptr<World> world) : world_(std::move(world)) {
        world_->streams_.insert(this);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() override { close(); }

    void read(asio::mutable_buffer room, Done done) override {
        room_ = room;
        reader_ = std::move(done);
        feed();
    }
    void write(asio::const_buffer bytes, Done done) override {
        const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
        if (const std::string_view key = key_of(text); !key.empty()) accept_ = accept_key(key);
        complete(std::move(done), closed_ ? asio::error::operation_aborted : error_code(),
                 bytes.size());
    }
    void close() noexcept override {
        if (std::exchange(closed_, true)) return;
        world_->streams_.erase(this);
        timer_.reset();
        if (reader_) finish_read(asio::error::operation_aborted);
    }
    /// Destroys the handler of a pending read, which may own this.
    void drop_reader() { static_cast<void>(std::exchange(reader_, nullptr)); }

private:
    using What = Script::Piece::What;

    void feed() {
        if (closed_) return finish_read(asio::error::operation_aborted);
        while (said_.empty() && until_ == What::bytes) {
            const Script::Piece piece = world_->script().next();
            until_ = piece.what;
            said_ = replaced(piece.bytes, "{accept}", accept_);
            if (piece.delay > 0) {
                timer_ = world_->after(piece.delay, [this] { feed(); });
                return;
            }
        }
        if (!said_.empty() || room_.size() == 0) return finish_read({});
        if (until_ == What::end) finish_read(asio::error::eof);
        if (until_ == What::reset) finish_read(asio::error::connection_reset);
    }
    void finish_read(const error_code& error) {
        const std::size_t size = error ? 0 : std::min(room_.size(), said_.size());
        if (size > 0) std::memcpy(room_.data(), said_.data(), size);
        said_.erase(0, size);
        complete(std::exchange(reader_, nullptr), error, size);
    }
    void complete(Done done, const error_code& error, std::size_t size) {
        world_->post([done = std::move(done), error, size] { done(error, size); });
    }

    std::shared_ptr<World> world_;
    std::string accept_;
    std::string said_;  ///< and not read yet
    What until_ = What::bytes;
    asio::mutable_buffer room_;
    Done reader_;
    std::unique_ptr<Network::Timer> timer_;
    bool closed_ = false;
};

void PlayedNetwork::World::end() {
    ended_ = true;
    std::exchange(due_, {}).clear();
    io_.drop_handlers();
    for (auto open = streams_.begin(); open != streams_.end(); open = streams_.begin()) {
        streams_.extract(open).value()->drop_reader();
    }
}

namespace {

class PlayedDial final : public Dial {
public:
    explicit PlayedDial(Done done) : done_(std::move(done)) {}

    void cancel() override { done_ = nullptr; }
    void finish(std::shared_ptr<Wire> wire, const Ended& failure) {
        if (const Done done = std::exchange(done_, nullptr)) done(std::move(wire), failure);
    }

private:
    Done done_;
};

}  // namespace

std::shared_ptr<Dial> PlayedNetwork::World::dial(const Url& /*url*/, Trace /*trace*/,
                                                 Dial::Done done) {
    auto dial = std::make_shared<PlayedDial>(std::move(done));
    post([self = shared_from_this(), dial] {
        if (self->script().is_over()) {
            return dial->finish(nullptr, {Ending::connect, 0, "the script is over"});
        }
        dial->finish(
            std::make_shared<Wire>(self->io_.get_executor(), std::make_unique<Stream>(self)), {});
    });
    return dial;
}

PlayedNetwork::PlayedNetwork(const NetworkSettings& settings, std::string_view script)
    : world_(std::make_shared<World>(settings, script)),
      http_(std::make_shared<HttpClient>(world_)) {}

PlayedNetwork::~PlayedNetwork() { world_->end(); }

bool PlayedNetwork::step() { return world_->step(); }

bool PlayedNetwork::script_is_over() const noexcept { return world_->script().is_over(); }

std::size_t PlayedNetwork::open_wires() const noexcept { return world_->open_wires(); }

std::unique_ptr<Connection> PlayedNetwork::open(const std::string& url, SocketEvents& events) {
    return open_websocket(world_, url, events);
}

void PlayedNetwork::request(Request request, std::function<void(Response)> done) {
    ++unanswered_;
    http_->request(std::move(request), [this, done = std::move(done)](Response response) {
        --unanswered_;
        done(std::move(response));
    });
}

std::unique_ptr<Network::Timer> PlayedNetwork::after(Duration delay, std::function<void()> call) {
    longest_wait_ = std::max(longest_wait_, delay);
    return world_->after(delay, std::move(call));
}

void PlayedNetwork::post(std::function<void()> call) { world_->post(std::move(call)); }

Time PlayedNetwork::now() const { return world_->now(); }

Time PlayedNetwork::steady() const { return world_->steady(); }

}  // namespace spillway::live::testing
