#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/client.hpp"
#include "testing/server.hpp"
#include "testing/trust.hpp"

namespace spillway::live::testing {
namespace {

std::ptrdiff_t entries(const char* folder) {
    return std::distance(std::filesystem::directory_iterator(folder),
                         std::filesystem::directory_iterator());
}

TEST(Network, TimersFireInOrderAndCancelledOnesNever) {
    Client client(direct());
    std::promise<std::string> done;
    std::string order;
    std::vector<std::unique_ptr<Network::Timer>> timers;
    client.run([&](Network& network) {
        timers.push_back(network.after(20 * millisecond, [&] {
            order += "c";
            timers.clear();  // a timer may destroy itself
            done.set_value(order);
        }));
        timers.push_back(network.after(10 * millisecond, [&] { order += "b"; }));
        timers.push_back(network.after(0, [&] { order += "a"; }));
        network.after(0, [&] { order += "cancelled"; }).reset();
    });
    EXPECT_EQ(done.get_future().get(), "abc");
}

TEST(Network, TellsWallTime) {
    const auto network = make_network(direct());
    EXPECT_GT(network->now(), earliest_event_time);
    EXPECT_LT(network->now(), latest_event_time);
}

TEST(Network, ConnectionMayBeDestroyedInItsOwnEvents) {
    const Server server(nullptr, [](Peer& peer) {
        accept_websocket(peer);
        peer.send(websocket_frame(1, "a") + websocket_frame(1, "b"));
        peer.wait_for_end();
    });
    struct Once final : SocketEvents {
        void opened() override {}
        void message(std::string_view bytes, bool /*binary*/) override {
            seen += bytes;
            connection.reset();
            done.set_value();
        }
        void heartbeat() override {}
        void ended(const Ended& /*ended*/) override { seen += "ended"; }
        std::string seen;
        std::unique_ptr<Connection> connection;
        std::promise<void> done;
    };
    Client client(direct());
    Once once;
    client.run([&](Network& network) {
        once.connection = network.open("ws://" + server.address() + "/", once);
    });
    once.done.get_future().wait();
    client.run([&](Network&) { EXPECT_EQ(once.seen, "a"); });
}

TEST(Network, CanBeDestroyedWithEverythingUnderWay) {
    const Trust trust;
    // One server opens and talks without end, one never answers, one stays in the TLS handshake.
    const Server talker(&trust.server, [](Peer& peer) {
        accept_websocket(peer);
        while (true) peer.send(websocket_frame(1, std::string(1000, 'x')));
    });
    const Server mute(&trust.server, [](Peer& peer) { peer.wait_for_end(); });
    const Server deaf(nullptr, [](Peer& peer) { peer.wait_for_end(); });
    for (int round = 0; round < 20; ++round) {
        std::vector<std::unique_ptr<Connection>> connections;
        std::vector<std::unique_ptr<Network::Timer>> timers;
        std::vector<std::unique_ptr<Events>> events;
        auto client = std::make_unique<Client>([&] {
            NetworkSettings settings = direct();
            settings.ca_file = trust.ca_file;
            return settings;
        }());
        client->run([&](Network& network) {
            for (const Server* server : {&talker, &mute, &deaf}) {
                for (int i = 0; i < 3; ++i) {
                    events.push_back(std::make_unique<Events>());
                    connections.push_back(
                        network.open("wss://" + server->address() + "/", *events.back()));
                    connections.back()->send("hello");
                    Request request;
                    request.url = "https://" + server->address() + "/";
                    network.request(std::move(request), [](const Response&) {});
                }
            }
            timers.push_back(network.after(hour, [] {}));
            timers.push_back(network.after(0, [] {}));
        });
        if (round % 4 == 0) {
            EXPECT_EQ(events.front()->next(), "opened");
        }
        if (round % 2 == 0) {
            client->run([&](Network&) { connections.resize(connections.size() / 2); });
        }
        client.reset();
        connections.clear();  // outlive the network, and do nothing
        timers.clear();
    }
}

TEST(Network, ThousandConnectionsLeaveNothingBehind) {
    const Trust trust;
    Client client([&] {
        NetworkSettings settings = direct();
        settings.ca_file = trust.ca_file;
        return settings;
    }());
    const auto connect = [&](int times) {
        const Server server(&trust.server, [](Peer& peer) {
            accept_websocket(peer);
            peer.wait_for_end();
        });
        for (int i = 0; i < times; ++i) {
            Events events;
            auto connection = client.open("wss://" + server.address() + "/", events);
            ASSERT_EQ(events.next(), "opened");
            client.close(std::move(connection));
        }
    };
    connect(1);
    const auto files = entries("/proc/self/fd");
    const auto threads = entries("/proc/self/task");
    connect(1000);
    EXPECT_EQ(entries("/proc/self/fd"), files);
    EXPECT_EQ(entries("/proc/self/task"), threads);
}

}  // namespace
}  // namespace spillway::live::testing
