#include "fuzzed_venue.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "../driver.hpp"
#include "../network/http_exchange.hpp"
#include "../network/http_words.hpp"
#include "../network/testing/played_network.hpp"

namespace spillway::live::testing {

namespace {

constexpr std::size_t max_message = 4096;
constexpr std::size_t mailbox_limit = 256U << 20U;
/// Of a run; far more than a script of some kilobytes takes.
constexpr std::size_t most_steps = 100'000;
/// That are made behind the script, so that it comes to repetitions.
constexpr std::size_t steps_behind = 50;
/// Penalties are waited out, and the backoff after the failure that they are.
constexpr Duration longest_wait = longest_retry + minute;
constexpr Duration longest_end = 6 * second;

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

/// What came out of a mailbox.
struct Taken {
    std::uint64_t data = 0, data_bytes = 0, opened = 0, gaps = 0, replies = 0, reply_bytes = 0;
    Time newest = time_before_all;
    bool ended = false;

    void take(Mailbox& mailbox) {
        for (ReadState state = ReadState::more; state == ReadState::more;) {
            SourceOutput out;
            out.events = BatchRef::create();
            out.letters = BatchRef::create();
            state = mailbox.take(out);
            ended = state == ReadState::end;
            for (const Frame& frame : out.frames) add(frame);
        }
    }

private:
    void add(const Frame& frame) {
        require(frame.receive_time > newest, "every frame is later than the one before");
        newest = frame.receive_time;
        const std::size_t size = frame.bytes.size();
        const bool of_socket = frame.session != 0;
        switch (frame.type) {
            case FrameType::data:
                ++data;
                data_bytes += size;
                require(size <= max_message, "a message is no larger than allowed");
                break;
            case FrameType::response:
                ++replies;
                if (frame.http_status / 100 == 2) reply_bytes += size;
                require(size <= largest_body, "a reply is no larger than allowed");
                break;
            case FrameType::opened:
                opened += of_socket ? 1 : 0;
                break;
            case FrameType::gap:
                gaps += of_socket ? 1 : 0;
                break;
            case FrameType::subscribed:
            case FrameType::closed:
                break;
        }
    }
};

void balance(const Taken& taken, const SocketFigures& socket, const Figures& figures) {
    require(taken.data == socket.frames.get(), "every message that was counted is there");
    require(taken.data_bytes == socket.bytes.get(), "and every byte of it");
    require(taken.opened <= socket.connects.get(), "no connection is told that was not made");
    require(taken.gaps == socket.gaps.get(), "every gap was told");
    require(socket.open.get() == 0, "no connection is left");
    require(taken.replies <= figures.polls.get(), "nothing was answered that was not asked for");
    require(taken.reply_bytes <= figures.reply_bytes.get(), "no bytes are there that did not come");
}

}  // namespace

void fuzz_driver(const ToyVenue& venue, std::string_view script) {
    NetworkSettings network_settings;
    network_settings.max_message = max_message;
    Driver::Settings settings;
    settings.venue = "toy";
    settings.max_message = max_message;

    Mailbox mailbox(venue_id("toy"), mailbox_limit, nullptr);
    Figures figures;
    std::unique_ptr<Driver> driver;
    // Goes first: then nobody calls the others.
    PlayedNetwork network(network_settings, script);
    driver = std::make_unique<Driver>(network, venue, mailbox, figures, settings);
    Taken taken;

    network.post([&] { driver->start({}); });
    std::size_t behind = 0;
    for (std::size_t steps = 0; behind < steps_behind; ++steps) {
        require(network.step(), "something is always to come");
        require(steps < most_steps, "time passes");
        if (network.script_is_over()) ++behind;
        if (steps % 16 == 0) taken.take(mailbox);
    }
    require(network.longest_wait() <= longest_wait, "nothing is waited for without an end");

    const Time finishing = network.steady();
    network.post([&] { driver->finish(); });
    while (!taken.ended) {
        require(network.step(), "the driver ends");
        taken.take(mailbox);
    }
    require(network.steady() - finishing <= longest_end, "the driver ends soon");
    for (std::size_t steps = 0; network.step(); ++steps) {
        require(steps < most_steps, "the network comes to rest");
    }
    require(network.unanswered_requests() == 0, "every request is answered");
    require(network.open_wires() == 0, "every connection is closed");
    require(mailbox.dropped() == 0, "nothing was dropped");
    balance(taken, figures.socket("feed"), figures);
}

}  // namespace spillway::live::testing
