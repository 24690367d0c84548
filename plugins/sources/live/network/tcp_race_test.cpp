#include "tcp_race.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::live {
namespace {

using ::testing::HasSubstr;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

const asio::ip::address here = asio::ip::make_address("127.0.0.1");
const asio::ip::address other = asio::ip::make_address("127.0.0.2");

/// Runs a race to its end: the winner's address, or why there is none.
std::string result_of(IoContext& io, std::vector<Endpoint> addresses) {
    std::string result = "nothing";
    const auto running = race(io, std::move(addresses), [&](Tcp socket, const std::string& why) {
        result = why.empty() ? to_text(socket.remote_endpoint()) : why;
    });
    io.restart();
    io.run();
    return result;
}

TEST(TcpRace, GoesOnWithTheNextAddressAfterARefusal) {
    IoContext io;
    const Acceptor open(io, Endpoint(here, 0));
    const Endpoint good = open.local_endpoint();
    EXPECT_EQ(result_of(io, {Endpoint(other, good.port()), good}), to_text(good));
    EXPECT_EQ(result_of(io, {Endpoint(asio::ip::address_v6::loopback(), good.port()), good}),
              to_text(good));
}

TEST(TcpRace, DoesNotWaitForAnAddressThatIsSilent) {
    IoContext io;
    const Acceptor open(io, Endpoint(here, 0));
    const Endpoint good = open.local_endpoint();
    // A listener whose queue is full leaves those who come without an answer.
    Acceptor full(io);
    full.open(asio::ip::tcp::v4());
    full.bind(Endpoint(other, good.port()));
    full.listen(0);
    std::vector<Tcp> queue;
    for (int i = 0; i < 3; ++i) {
        queue.emplace_back(io.get_executor());
        queue.back().async_connect(full.local_endpoint(), [](const error_code&) {});
    }
    io.poll();
    std::string result;
    const auto running =
        race(io, {full.local_endpoint(), good}, [&](const Tcp& socket, const std::string& why) {
            result = why.empty() ? to_text(socket.remote_endpoint()) : why;
            queue.clear();
        });
    io.restart();
    io.run();
    EXPECT_EQ(result, to_text(good));
}

TEST(TcpRace, TellsWhatBecameOfEachAddress) {
    IoContext io;
    Endpoint closed;
    {
        const Acceptor open(io, Endpoint(here, 0));
        closed = open.local_endpoint();
    }
    const std::string text = result_of(io, {closed, closed, closed, closed, closed});
    EXPECT_THAT(text, HasSubstr(to_text(closed) + ": Connection refused; "));
    EXPECT_THAT(text, HasSubstr("; and 2 more"));
}

}  // namespace
}  // namespace spillway::live
