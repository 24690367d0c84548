#include <future>
#include <memory>

#include <gtest/gtest.h>

#include "testing/client.hpp"
#include "testing/server.hpp"
#include "testing/trust.hpp"

namespace spillway::live::testing {
namespace {

void echo(Peer& peer) {
    accept_websocket(peer);
    while (true) peer.send(websocket_frame(1, receive_frame(peer).payload));
}

class Bell final : public Arrivals {
public:
    void notify() noexcept override {
        const std::lock_guard lock(mutex_);
        ++rung_;
        changed_.notify_one();
    }
    [[nodiscard]] int rung() {
        const std::lock_guard lock(mutex_);
        return rung_;
    }
    [[nodiscard]] bool wait() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [this] { return rung_ > 0; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int rung_ = 0;
};

TEST(IoThread, OneNetworkEndsWithEverythingUnderWayWhileAnotherGoesOn) {
    const Trust trust;
    const Server echoing(&trust.server, echo);
    const Server talker(&trust.server, [](Peer& peer) {
        accept_websocket(peer);
        while (true) peer.send(websocket_frame(1, std::string(1000, 'x')));
    });
    const Server mute(&trust.server, [](Peer& peer) { peer.wait_for_end(); });
    NetworkSettings settings = direct();
    settings.ca_file = trust.ca_file;
    const auto thread = make_io_thread();
    Client stays(settings, thread);
    Events answers;
    auto connection = stays.open("wss://" + echoing.address() + "/", answers);
    ASSERT_EQ(answers.next(), "opened");
    for (int round = 0; round < 8; ++round) {
        auto goes = std::make_unique<Client>(settings, thread);
        auto events = std::make_unique<Events>();
        std::vector<std::unique_ptr<Connection>> connections;
        std::vector<std::unique_ptr<Network::Timer>> timers;
        goes->run([&](Network& network) {
            for (const Server* server : {&talker, &mute}) {
                connections.push_back(network.open("wss://" + server->address() + "/", *events));
                Request request;
                request.url = "https://" + server->address() + "/";
                network.request(std::move(request), [&](const Response&) { events->heartbeat(); });
            }
            timers.push_back(network.after(hour, [] {}));
            timers.push_back(network.after(0, [&] { events->heartbeat(); }));
        });
        if (round % 2 == 0) {
            EXPECT_NE(events->next(), "nothing");
        }
        goes.reset();
        events.reset();  // nobody tells it anything
        if (round % 4 < 2) stays.run([&](Network&) { connections.clear(); });
        connections.clear();
        timers.clear();
        stays.run([&](Network&) { connection->send(std::to_string(round)); });
        EXPECT_EQ(answers.next(), "text:" + std::to_string(round));
    }
    stays.close(std::move(connection));
}

TEST(IoThread, NetworkThatEndsCutsWhatItHasOpen) {
    std::promise<void> arrived, socket_ended, request_ended, idle_ended;
    const Server socket(nullptr, [&](Peer& peer) {
        accept_websocket(peer);
        peer.wait_for_end();
        socket_ended.set_value();
    });
    const Server asked(nullptr, [&](Peer& peer) {
        peer.receive_head();
        arrived.set_value();
        peer.wait_for_end();
        request_ended.set_value();
    });
    const Server answering(nullptr, [&](Peer& peer) {
        peer.receive_head();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        peer.wait_for_end();
        idle_ended.set_value();
    });
    const auto thread = make_io_thread();
    auto client = std::make_unique<Client>(direct(), thread);
    Events events;
    const auto connection = client->open("ws://" + socket.address() + "/", events);
    ASSERT_EQ(events.next(), "opened");
    ASSERT_EQ(client->get("http://" + answering.address() + "/").status, 200);
    Request request;
    request.url = "http://" + asked.address() + "/";
    request.timeout = hour;
    const auto response = client->start(std::move(request));
    arrived.get_future().wait();
    client.reset();
    for (std::promise<void>* ended : {&socket_ended, &request_ended, &idle_ended}) {
        EXPECT_EQ(ended->get_future().wait_for(patience), std::future_status::ready);
    }
}

TEST(IoThread, EndsWithTheLastOfItsNetworks) {
    auto thread = make_io_thread();
    const std::weak_ptr<IoThread> ended = thread;
    auto one = std::make_unique<Client>(direct(), thread);
    auto other = std::make_unique<Client>(direct(), std::move(thread));
    one.reset();
    other->run([](Network&) {});
    other.reset();
    EXPECT_TRUE(ended.expired());
}

TEST(IoThread, RingsOnceForAllThatIsHandledAtATime) {
    Bell bell;
    const auto thread = make_io_thread();
    Client one(direct(), thread), other(direct(), thread);
    Arrivals* first = nullptr;
    one.run([&](Network& network) { first = network.gather(&bell); });
    other.run([&](Network& network) {
        Arrivals* const second = network.gather(&bell);
        for (Arrivals* const arrivals : {first, second, first}) arrivals->notify();
        EXPECT_EQ(bell.rung(), 0);
    });
    ASSERT_TRUE(bell.wait());
    other.run([](Network&) {});
    EXPECT_EQ(bell.rung(), 1);
    first->notify();  // from another thread
    EXPECT_EQ(bell.rung(), 2);
}

TEST(IoThread, RingsBeforeTheNetworkIsGone) {
    Bell bell;
    auto client = std::make_unique<Client>(direct());
    client->run([&](Network& network) { network.gather(&bell)->notify(); });
    client.reset();
    EXPECT_EQ(bell.rung(), 1);
}

}  // namespace
}  // namespace spillway::live::testing
