#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <spillway/fields.hpp>

#include "common/venues/testing/fuzz_protocol.hpp"
#include "plugin.hpp"

namespace {

using namespace spillway;

constexpr std::string_view channels[] = {
    "",
    "btcusdt@depth20@100ms",
    "openInterest?symbol=BTCUSDT",
    "openInterestHist?contractType=PERPETUAL&pair=BTCUSD&period=5m",
    "premiumIndex",
    "fundingRate?symbol=BTCUSDT",
    "fundingInfo",
    "exchangeInfo",
    "globalLongShortAccountRatio?period=5m&symbol=BTCUSDT",
    "topLongShortPositionRatio?pair=BTCUSD&period=5m",
    "depth?symbol=BTCUSDT",
    "liquidationSnapshot?symbol=BTCUSD_PERP",
};

/// What an event says is a number, and its time a real one.
void check(const Event& event) {
    if (event.event_time < earliest_event_time || event.event_time >= latest_event_time) {
        std::abort();
    }
    const auto fields = fields_of(event.kind());
    for (unsigned i = 0; i < fields.size(); ++i) {
        double number = 0;
        if (read_number(event, fields[i], i, number) && !std::isfinite(number)) std::abort();
    }
}

void decode(binance::Binance& decoder, std::string_view lines, std::string_view channel,
            FrameType type) {
    BlockRef block(block_create(lines.size() + 1));
    char* const start = reinterpret_cast<char*>(block.get()->data);
    if (!lines.empty()) std::memcpy(start, lines.data(), lines.size());
    PodVector<Frame> frames;
    std::size_t at = 0;
    while (at <= lines.size()) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        Frame frame{};
        frame.receive_time = earliest_event_time + static_cast<Time>(at);
        frame.sequence = caused_by_record(at + 1);
        frame.bytes = {start + at, end - at};
        frame.channel = name_id(channel);
        frame.venue = venue_id("binance");
        frame.type = type;
        frame.http_status = type == FrameType::response ? 200 : 0;
        frames.push_back(frame);
        at = end + 1;
    }
    Emitter events, errors;
    events.reset(nullptr, nullptr);
    errors.reset(nullptr, nullptr);
    events.batch().set_block(block);
    StepInput in;
    in.frames = frames.view();
    Books books;
    StepOutput out{&events, 1, &errors, &books};
    if (!decoder.step(in, out).ok()) std::abort();
    for (const Event& event : events.take_batch()->events()) check(event);
}

}  // namespace

/// Any bytes as the messages of a stream and as the answers of every poll, one a line, so that the
/// files of fixtures/ are a corpus as they stand: decoded or refused, never read
/// outside. The same bytes as what the protocol hears.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    const std::string_view lines(reinterpret_cast<const char*>(data), size);
    binance::Binance decoder;
    NodeSetup setup;
    setup.id = "binance";
    if (!decoder.start(setup).ok()) std::abort();
    for (const std::string_view channel : channels) {
        decode(decoder, lines, channel, FrameType::data);
        decode(decoder, lines, channel, FrameType::response);
    }
    const binance::Options options{{"BTC", "PEPE"}, {"usdm", "coinm"}, true, true};
    testing::fuzz_protocol(binance::Protocol(options), data, size);
    return 0;
}
