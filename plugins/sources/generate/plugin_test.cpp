#include "plugin.hpp"

#include <array>
#include <set>

#include <gtest/gtest.h>

#include <spillway/event_json.hpp>

namespace spillway::generate {
namespace {

Options some() {
    return {7,
            1000,
            5000,
            "2026-01-01T00:00:00Z",
            {"BTC", "ETH"},
            {"binance", "bybit"},
            {"liquidation", "price", "open_interest", "funding_rate"}};
}

struct Output {
    std::vector<std::string> lines;
    std::vector<Event> events;
};

Output read_rest(Generate& source, std::uint32_t limit) {
    Output result;
    for (;;) {
        SourceOutput out;
        out.events = BatchRef::create();
        out.letters = BatchRef::create();
        const Result<ReadState> state = source.read(out, limit);
        for (const Event& event : out.events->events()) {
            PodVector<char> text;
            append_json(text, event, *out.events);
            result.lines.emplace_back(view(text));
            result.events.push_back(event);
        }
        if (!state || *state == ReadState::end) return result;
    }
}

Output run(const Options& options, std::uint32_t limit = 256) {
    Generate source;
    source.options = options;
    EXPECT_TRUE(source.check().ok());
    EXPECT_TRUE(source.open({"pipeline", "load", true}).ok());
    return read_rest(source, limit);
}

TEST(Generate, GivesTheSameEventsForTheSameSeedWhateverTheReads) {
    const Output first = run(some());
    ASSERT_EQ(first.lines.size(), 5000U);
    EXPECT_EQ(run(some(), 17).lines, first.lines);
    Options other = some();
    other.seed = 8;
    EXPECT_NE(run(other).lines, first.lines);
}

TEST(Generate, KeepsItsRateAndMarksItsEventsAsSimulated) {
    const Output output = run(some());
    constexpr std::array kinds = {Kind::liquidation, Kind::price, Kind::open_interest,
                                  Kind::funding_rate};
    std::set<Id> ids;
    for (std::size_t i = 0; i < output.events.size(); ++i) {
        const Event& event = output.events[i];
        EXPECT_NEAR(static_cast<double>(event.receive_time - output.events[0].receive_time),
                    static_cast<double>(i) * 1e6, 1);
        EXPECT_EQ(event.kind(), kinds[i % kinds.size()]);
        EXPECT_NE(event.flags & flag_simulated, 0);
        ids.insert(event.id);
    }
    EXPECT_EQ(format_time(output.events[0].receive_time), "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(ids.size(), output.events.size());
}

TEST(Generate, GoesOnFromAPosition) {
    const Output all = run(some());
    Generate before;
    before.options = some();
    ASSERT_TRUE(before.check().ok());
    ASSERT_TRUE(before.open({"pipeline", "load", true}).ok());
    SourceOutput out;
    out.events = BatchRef::create();
    out.letters = BatchRef::create();
    ASSERT_TRUE(before.read(out, 1234));
    StateWriter position;
    before.position(position);
    Generate after;
    after.options = some();
    ASSERT_TRUE(after.check().ok());
    ASSERT_TRUE(after.open({"pipeline", "load", true}).ok());
    ASSERT_TRUE(after.seek(position.bytes()).ok());
    EXPECT_EQ(read_rest(after, 256).lines,
              std::vector<std::string>(all.lines.begin() + 1234, all.lines.end()));
}

TEST(Generate, RefusesOptionsThatMeanNothing) {
    for (const char* start : {"", "yesterday", "2026-13-01", "1999-01-01", "2026-01-01T25:00"}) {
        Generate source;
        source.options = some();
        source.options.start = start;
        EXPECT_EQ(source.check().subject(), "start") << start;
    }
    Generate source;
    source.options = some();
    source.options.kinds = {"score"};
    EXPECT_EQ(source.check().subject(), "kinds");
}

TEST(Generate, ReadsStartTimes) {
    EXPECT_EQ(parse_start("2026-02-05T20:25:30Z"), Time{1770323130} * second);
    EXPECT_EQ(parse_start("2026-02-05T20:25"), Time{1770323100} * second);
    EXPECT_EQ(parse_start("2026-02-05"), Time{1770249600} * second);
}

}  // namespace
}  // namespace spillway::generate
