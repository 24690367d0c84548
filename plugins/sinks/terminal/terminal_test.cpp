#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>

#include "lines.hpp"
#include "sink.hpp"

namespace spillway::terminal {
namespace {

constexpr Time noon = 1'770'292'800 * second;

Event& alert(Batch& batch, std::string_view message) {
    Event& event = batch.append(Kind::alert);
    event.event_time = noon;
    event.market = market_id("BTC");
    event.alert.severity = Severity::critical;
    event.alert.direction = Direction::down;
    event.alert.type = AlertType::ignition;
    event.alert.score = 87.4;
    event.set_present(field::alert::score);
    batch.extend_blob(event, sizeof(AlertDetail));
    const BlobRange range = batch.add_text(event, message);
    const_cast<AlertDetail*>(batch.blob_as<AlertDetail>(event))->message = range;
    return event;
}

std::string line(const Event& event, const Batch& batch, bool colour = false) {
    PodVector<char> out;
    append_line(out, event, batch, colour);
    return std::string(view(out));
}

TEST(Lines, AnAlertSaysWhenWhatWhereAndWhy) {
    const BatchRef batch = BatchRef::create();
    Event& event = alert(*batch, "Longs are being liquidated.");
    EXPECT_EQ(
        line(event, *batch),
        "2026-02-05 12:00:00  CRITICAL  BTC   ignition down 87  Longs are being liquidated.\n");
    event.alert.state = AlertState::resolved;
    EXPECT_THAT(line(event, *batch), ::testing::HasSubstr("resolved  BTC"));
}

TEST(Lines, ForeignTextCannotSteerTheTerminal) {
    const BatchRef batch = BatchRef::create();
    const std::string text = line(alert(*batch,
                                        "a\x1b[2J\nb\xC2\x9B"
                                        "c \xC3\xA4"),
                                  *batch);
    EXPECT_THAT(text, ::testing::HasSubstr("a?[2J?b?c \xC3\xA4\n"));
}

TEST(Lines, ColourIsOnlyThereOnDemand) {
    const BatchRef batch = BatchRef::create();
    const Event& event = alert(*batch, "m");
    EXPECT_THAT(line(event, *batch, true), ::testing::HasSubstr("\x1b[1;31mCRITICAL\x1b[0m"));
    EXPECT_EQ(line(event, *batch).find('\x1b'), std::string::npos);
}

TEST(Lines, ACascadeShowsItsSize) {
    const BatchRef batch = BatchRef::create();
    Event& event = batch->append(Kind::cascade);
    event.event_time = noon;
    event.market = market_id("ETH");
    event.cascade.long_count = 37;
    event.cascade.long_notional = 12.44e6;
    event.set_present(field::cascade::side);
    EXPECT_THAT(line(event, *batch), ::testing::HasSubstr("long  active   37 orders  12.4 M USD"));
}

TEST(Lines, AnUnknownScoreHasNoNumber) {
    const BatchRef batch = BatchRef::create();
    Event& event = batch->append(Kind::score);
    event.score.name = name_id("risk");
    event.score.direction = Direction::down;
    event.score.warming_up = true;
    EXPECT_THAT(line(event, *batch), ::testing::HasSubstr("risk down unknown, warming up"));
    event.score.value = 63;
    event.score.low = 55;
    event.score.high = 80;
    event.set_present(field::score::value);
    EXPECT_THAT(line(event, *batch), ::testing::HasSubstr("risk down 63 (55..80)"));
}

TEST(Lines, AmountsAreShort) {
    for (const auto& [usd, text] : {std::pair{950.4, "950"},
                                    {12'400.0, "12.4 k"},
                                    {999'960.0, "1.0 M"},
                                    {2.04e9, "2.0 bn"}}) {
        PodVector<char> out;
        append_usd(out, usd);
        EXPECT_EQ(view(out), text);
    }
}

TEST(Terminal, ShowsOnlyWhatWasAskedForAndNoColourInAPipe) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    TerminalSink sink(ends[1]);
    sink.options.show = {"alerts"};
    ASSERT_TRUE(sink.check());
    ASSERT_TRUE(sink.open({}));
    const BatchRef batch = BatchRef::create();
    batch->append(Kind::cascade);
    alert(*batch, "m");
    ASSERT_TRUE(sink.write({*batch, {nullptr, 2}}));
    ::close(ends[1]);
    char text[256];
    const ssize_t size = ::read(ends[0], text, sizeof(text));
    ::close(ends[0]);
    EXPECT_EQ(std::string(text, static_cast<std::size_t>(size)),
              "2026-02-05 12:00:00  CRITICAL  BTC   ignition down 87  m\n");
}

TEST(Terminal, AnUnknownWordIsRefused) {
    TerminalSink sink;
    sink.options.show = {"alerts", "trades"};
    EXPECT_EQ(sink.check().subject(), "show[1]");
}

}  // namespace
}  // namespace spillway::terminal
