#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <string_view>

#include <gmock/gmock.h>

#include "live/live_fixture.hpp"
#include "support/database.hpp"

namespace spillway::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// What a `source_status` says.
struct Told {
    std::string state;
    std::string reason;  ///< a text in it
};

/// Something that goes wrong at Bybit, and how that is seen.
struct FaultCase {
    std::string name;
    std::string fault;            ///< of the mock exchange
    std::string more = {};        ///< members of it, as JSON
    std::vector<Told> told = {};  ///< of Bybit, in this order; empty: nothing is
    /// The fault ends when all of that was told; then this is.
    std::vector<Told> when_over = {};
    bool recovers = true;     ///< data goes on while the fault lasts, or after it
    bool from_start = false;  ///< there before the first connection
    bool cut = false;         ///< the connections are cut as well
    bool letters = false;     ///< what cannot be read becomes dead letters
    bool duplicates = false;  ///< what comes twice is counted, and goes on once
    bool late = false;        ///< some prices are from before the run
    bool listens = true;      ///< the venue may count as connected
    int happens = 0;          ///< it must come true so often; else what is told shows it
    int half_minutes = 1;     ///< until all is told

    [[nodiscard]] bool stays_out() const {
        const auto has = [&](std::string_view state) {
            return std::ranges::find(told, state, &Told::state) != told.end();
        };
        return has("disconnected") && !has("resumed");
    }
};

void PrintTo(const FaultCase& one, std::ostream* out) { *out << one.name; }

std::string status(std::string_view state) { return R"("state":")" + std::string(state) + '"'; }

/// An outage that begins like this, and ends.
std::vector<Told> outage(std::vector<Told> begin) {
    begin.push_back({"gap", "nothing was received from "});
    begin.push_back({"resumed", ""});
    return begin;
}

std::vector<FaultCase> connection_cases() {
    return {
        {.name = "DropInTheMiddleOfAFrame",
         .fault = "drop",
         .more = R"("times": 1)",
         .told =
             outage({{"disconnected", "lost: connection ended while reading from stream.bybit"}})},
        {.name = "CutWithoutGoodbye",
         .fault = "cut",
         .more = R"("times": 1)",
         .told = outage({{"disconnected", "stream.bybit.com:443: lost: "}})},
        {.name = "ServerCloseCode",
         .fault = "close",
         .more = R"("argument": 1012, "times": 1)",
         .told = outage({{"disconnected", "closed the connection with code 1012: fault"}})},
        {.name = "InvalidUtf8",
         .fault = "invalid-utf8",
         .more = R"("times": 1)",
         .told = outage({{"gap", "a text that is no UTF-8 came from stream.bybit.com"},
                         {"disconnected", "malformed: "}}),
         .letters = true},
        {.name = "BrokenFrame",
         .fault = "bad-frame",
         .more = R"("times": 1)",
         .told = outage({{"gap", "illegal opcode while reading from stream.bybit.com"},
                         {"disconnected", "malformed: "}}),
         .letters = true},
        {.name = "HugeFrame",
         .fault = "huge",
         .more = R"("times": 1)",
         .told = outage({{"gap", "above max_message: 8388608"}, {"disconnected", "too_large: "}}),
         .letters = true},
        // The venue hangs and TCP stays: only that nothing more comes shows it.
        {.name = "HalfOpen",
         .fault = "half-open",
         .more = R"("every": 1, "times": 1)",
         .told = outage({{"stale", "no data for three intervals: tickers."},
                         {"gap", "no answer to the subscription of tickers."},
                         {"disconnected", "stream.bybit.com:443: "}}),
         .half_minutes = 4},
        {.name = "Stuck",
         .fault = "stuck",
         .told = {{"disconnected", "api.bybit.com gave no whole answer"}},
         .recovers = false,
         .from_start = true,
         .listens = false},
        {.name = "SlowLoris",
         .fault = "slow-loris",
         .told = {{"disconnected", "api.bybit.com gave no whole answer"}},
         .recovers = false,
         .from_start = true,
         .listens = false},
        {.name = "WrongHost",
         .fault = "wrong-host",
         .told = {{"disconnected", "wrong host: the certificate is for wrong.invalid"}},
         .recovers = false,
         .from_start = true,
         .listens = false},
        {.name = "Expired",
         .fault = "expired",
         .told = {{"disconnected", "certificate of api.bybit.com has expired"}},
         .recovers = false,
         .from_start = true,
         .listens = false},
        {.name = "SelfSigned",
         .fault = "self-signed",
         .told = {{"disconnected", "certificate of api.bybit.com is self-signed"}},
         .recovers = false,
         .from_start = true,
         .listens = false},
    };
}

std::vector<FaultCase> http_cases() {
    const std::string blocked = ": it does not serve this country: name a `proxy`";
    const std::string limited = ": too many requests from this address";
    const Told no_plan = {"disconnected", "no plan for bybit: "};
    return {
        {.name = "Blocked",
         .fault = "451",
         .told = {{"gap", "HTTP 451" + blocked}, no_plan},
         .recovers = false,
         .from_start = true,
         .listens = false},
        {.name = "Forbidden",
         .fault = "403",
         .told = {{"gap", "HTTP 403: it refuses this address"}, no_plan},
         .recovers = false,
         .from_start = true,
         .listens = false},
        {.name = "ForbiddenInMidRun",
         .fault = "403",
         .told = {{"disconnected", "stream.bybit.com:443: lost: "},
                  {"gap", "HTTP 403 from stream.bybit.com: it refuses this address"}},
         .recovers = false,
         .cut = true},
        {.name = "Redirect",
         .fault = "redirect",
         .told = {{"gap", "HTTP 302 from api.bybit.com, a redirect to https://elsewhere.invalid"},
                  no_plan},
         .recovers = false,
         .from_start = true,
         .listens = false},
        {.name = "TooManyRequests",
         .fault = "429",
         .told = {{"gap", "HTTP 429" + limited}, no_plan},
         .when_over = {{"resumed", ""}},
         .from_start = true},
        {.name = "TooManyRequestsBare",
         .fault = "429-bare",
         .told = {{"gap", "HTTP 429" + limited}, no_plan},
         .recovers = false,
         .from_start = true},
        {.name = "ServerErrors",
         .fault = "5xx",
         .told = {{"gap", "HTTP 50"}, no_plan},
         .when_over = {{"resumed", ""}},
         .from_start = true},
        {.name = "Banned",
         .fault = "418",
         .told = {{"gap", "HTTP 418: this address is banned for a while"}, no_plan},
         .recovers = false,
         .from_start = true,
         .listens = false},
    };
}

std::vector<FaultCase> subscription_cases() {
    const std::vector<Told> unanswered = {
        {"gap", "no answer to the subscription of "},
        {"disconnected", "unanswered: subscriptions got no answer, nor the second time"}};
    return {
        {.name = "Refused",
         .fault = "refuse",
         .told = {{"gap", "refused"}},
         .recovers = false,
         .from_start = true},
        {.name = "WithoutAnswer",
         .fault = "no-ack",
         .told = unanswered,
         .recovers = false,
         .from_start = true,
         .listens = false,
         .half_minutes = 2},
        // Data answer for their own topic only, and some topics have none for hours.
        {.name = "ServedWithoutAnswer",
         .fault = "unconfirmed",
         .told = unanswered,
         .from_start = true,
         .listens = false,
         .half_minutes = 2},
    };
}

std::vector<FaultCase> message_cases() {
    const Told clock = {"gap", "ahead of this machine's: set the clock"};
    return {
        {.name = "Garbage",
         .fault = "garbage",
         .more = R"("times": 5)",
         .letters = true,
         .happens = 5},
        {.name = "Fragments", .fault = "fragments", .happens = 3},
        {.name = "Duplicates", .fault = "duplicate", .duplicates = true, .happens = 3},
        {.name = "Reordered", .fault = "reorder", .happens = 3},
        {.name = "Missing", .fault = "missing", .happens = 3},
        {.name = "MinutesLate", .fault = "late", .late = true, .happens = 3},
        {.name = "SnapshotAfterDelta", .fault = "snapshot-late", .from_start = true, .happens = 1},
        {.name = "NewField", .fault = "new-field", .happens = 3},
        {.name = "RemovedField", .fault = "removed-field", .letters = true, .happens = 5},
        {.name = "ChangedType", .fault = "changed-type", .letters = true, .happens = 5},
        {.name = "ClockAheadByLessThanAMinute",
         .fault = "clock-skew",
         .more = R"("argument": 57)",
         .told = {clock},
         .from_start = true},
        {.name = "ClockAheadByMoreThanAMinute",
         .fault = "clock-skew",
         .more = R"("argument": 75)",
         .told = {clock},
         .recovers = false,
         .from_start = true,
         .letters = true},
    };
}

/// What was told of Bybit, or of the others, but that it is connected.
std::vector<std::string> troubles(const std::vector<std::string>& lines, bool of_bybit) {
    std::vector<std::string> found;
    std::ranges::copy_if(lines, std::back_inserter(found), [&](const std::string& line) {
        return line.find(kind("source_status")) != std::string::npos &&
               (line.find(venue("bybit")) != std::string::npos) == of_bybit &&
               line.find(status("connected")) == std::string::npos;
    });
    return found;
}

class LiveFault : public LiveTest, public ::testing::WithParamInterface<FaultCase> {
protected:
    static void begin(const MockExchange& exchange) {
        const FaultCase& one = GetParam();
        exchange.fault(R"({"venue": "bybit", "name": ")" + one.fault + '"' +
                       (one.more.empty() ? "" : ", " + one.more) + '}');
        if (one.cut) exchange.cut("bybit");
    }
    static Books books_of(const runtime::RunStatus& run, std::string_view node) {
        const auto found = std::ranges::find(run.nodes, node, &runtime::NodeReport::id);
        return found != run.nodes.end() ? found->books : Books{};
    }
    /// How often it came true.
    static int happened(const MockExchange& exchange) {
        const std::string state = exchange.state();
        const std::string name = '"' + GetParam().fault + "\":";
        const std::size_t at = state.find(name, state.find("\"happened\":"));
        int count = 0;
        if (at != std::string::npos) {
            std::from_chars(state.data() + at + name.size(), state.data() + state.size(), count);
        }
        return count;
    }
    static void expect_happened(const MockExchange& exchange, LivePipeline& pipeline) {
        constexpr int patience = 120;
        const auto shows = [&] {
            const runtime::RunStatus run = pipeline.status();
            return happened(exchange) >= GetParam().happens &&
                   (!GetParam().letters || books_of(run, "bybit").dead_lettered > 0) &&
                   (!GetParam().duplicates || books_of(run, "events").duplicate > 0);
        };
        for (int prices = 0; !shows(); ++prices) {
            const std::size_t seen = pipeline.lines("events").size();
            ASSERT_TRUE(pipeline.wait_for("events", {venue("okx"), kind("price")}, seen));
            ASSERT_LT(prices, patience) << exchange.state();
        }
    }
    /// A venue that is out leaves its part of the scores open.
    static void expect_wider_scores(LivePipeline& pipeline) {
        EXPECT_TRUE(pipeline.wait_for("risk", {"a_venue_is_out"}))
            << ::testing::PrintToString(pipeline.lines("risk"));
    }
    static void expect_late_prices(LivePipeline& pipeline) {
        const auto time_of = [](std::string_view line) {
            constexpr std::string_view key = R"("time":")";
            const std::size_t at = line.find(key) + key.size();
            return std::string(line.substr(at, line.find('"', at) - at));
        };
        const std::string began = time_of(pipeline.lines("events").front());
        EXPECT_TRUE(pipeline.wait_for("events", [&](std::string_view line) {
            return line.find(venue("bybit")) != std::string_view::npos &&
                   line.find(kind("price")) != std::string_view::npos && time_of(line) < began;
        }));
    }
    static void expect_told(LivePipeline& pipeline, const std::vector<Told>& told,
                            std::size_t from) {
        std::size_t found = 0;
        const auto is_last = [&](std::string_view line) {
            const auto has = [&](const std::string& text) {
                return line.find(text) != std::string_view::npos;
            };
            const Told& next = told[found];
            const bool is_next = has(kind("source_status")) && has(venue("bybit")) &&
                                 has(status(next.state)) && has(next.reason);
            found += is_next ? 1 : 0;
            return found == told.size();
        };
        for (int waits = 0; waits < GetParam().half_minutes; ++waits) {
            found = 0;
            if (told.empty() || pipeline.wait_for("events", is_last, from)) return;
        }
        ADD_FAILURE() << "not told: " << told[found].state << ", \"" << told[found].reason
                      << "\" in "
                      << ::testing::PrintToString(troubles(pipeline.lines("events"), true));
    }
    static void expect_told_nothing_else(const std::vector<std::string>& lines) {
        EXPECT_THAT(troubles(lines, false), IsEmpty());
        if (GetParam().told.empty()) {
            EXPECT_THAT(troubles(lines, true), IsEmpty());
        }
        if (GetParam().listens) return;
        for (const std::string& line : lines) {
            if (line.find(venue("bybit")) == std::string::npos) continue;
            EXPECT_EQ(line.find(status("connected")), std::string::npos) << line;
            EXPECT_EQ(line.find(status("resumed")), std::string::npos) << line;
        }
    }
};

TEST_P(LiveFault, IsToldAndStopsNothingElse) {
    const FaultCase& one = GetParam();
    const MockExchange exchange;
    if (one.from_start) begin(exchange);
    PipelineRun run = scored(exchange);
    run.overrides.emplace_back("sources.bybit.connect_timeout", "2s");
    LivePipeline pipeline(run);
    std::size_t before = 0;
    if (!one.from_start) {
        ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), status("connected")}));
        ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}));
        before = pipeline.lines("events").size();
        begin(exchange);
    }
    expect_told(pipeline, one.told, before);
    expect_happened(exchange, pipeline);
    if (one.late) expect_late_prices(pipeline);
    if (one.stays_out()) expect_wider_scores(pipeline);
    if (!one.when_over.empty()) {
        const std::size_t told = pipeline.lines("events").size();
        exchange.clear_faults();
        expect_told(pipeline, one.when_over, told);
    }
    const std::size_t seen = pipeline.lines("events").size();
    EXPECT_TRUE(pipeline.wait_for("events", {venue("okx"), kind("price")}, seen));
    EXPECT_TRUE(pipeline.wait_for("events", {venue("binance"), kind("price")}, seen));
    if (one.recovers) {
        EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}, seen));
    }
    expect_told_nothing_else(pipeline.lines("events"));
    exchange.clear_faults();
    const runtime::RunResult result = pipeline.stop();
    EXPECT_TRUE(result.status.ok()) << result.node << ": " << result.status.message();
    expect_balanced(result.final);
}

const auto name_of = [](const auto& one) { return one.param.name; };
INSTANTIATE_TEST_SUITE_P(Connection, LiveFault, ::testing::ValuesIn(connection_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(Http, LiveFault, ::testing::ValuesIn(http_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(Subscription, LiveFault, ::testing::ValuesIn(subscription_cases()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Message, LiveFault, ::testing::ValuesIn(message_cases()), name_of);

TEST_F(LiveTest, TheLetterOfAHugeFrameHoldsItsHeadAndSize) {
    const MockExchange exchange;
    LivePipeline pipeline(live(exchange));
    ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}));
    exchange.fault(R"({"name": "huge", "venue": "bybit", "every": 1, "times": 1})");
    ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), status("disconnected"), "too_large"}));
    EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), status("resumed")}));
    expect_balanced(pipeline.stop().final);
    const Database store(path("data/spillway-live/spillway.db"));
    EXPECT_THAT(
        store.rows("SELECT node, reason, raw_size, substr(raw, 1, 12), length(raw) <= 4096 "
                   "FROM dead_letters"),
        ElementsAre("bybit|a message of at least 52428811 bytes came from stream.bybit.com, "
                    "above max_message: 8388608|52428811|{\"huge\":\"xxx|1"));
    EXPECT_THAT(store.value("SELECT place FROM dead_letters"),
                ::testing::MatchesRegex("(linear|inverse), session [0-9]+"));
}

}  // namespace
}  // namespace spillway::testing
