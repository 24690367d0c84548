#include <charconv>
#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

#include <spillway/frame_reader.hpp>

#include "live/live_fixture.hpp"

namespace spillway::testing {
namespace {

/// Numbers of the trades that came over each connection, by session.
using Numbers = std::map<std::uint32_t, std::set<std::uint64_t>>;

void add_numbers(const Frame& frame, Numbers& numbers) {
    constexpr std::string_view key = R"("tradeId":")";
    if (frame.type != FrameType::data) return;
    for (auto at = frame.bytes.find(key); at != std::string_view::npos;
         at = frame.bytes.find(key, at + 1)) {
        std::uint64_t number = 0;
        const std::string_view rest = frame.bytes.substr(at + key.size());
        std::from_chars(rest.data(), rest.data() + rest.size(), number);
        numbers[frame.session].insert(number);
    }
}

Numbers numbers_in(const std::filesystem::path& recording) {
    Numbers numbers;
    for (const auto& file : std::filesystem::directory_iterator(recording)) {
        auto reader = FrameReader::open(file.path().string());
        if (!reader) throw std::runtime_error(std::string(reader.error().message()));
        while (reader->next().value()) {
            for (const Frame& frame : reader->piece().frames) add_numbers(frame, numbers);
        }
    }
    return numbers;
}

/// Ids of the events of OKX of a kind; each must be there once.
std::set<std::string> ids_of(const std::vector<std::string>& events, std::string_view what) {
    std::set<std::string> ids;
    for (const std::string& line : events) {
        if (line.find(venue("okx")) == std::string::npos) continue;
        if (line.find(kind(what)) == std::string::npos) continue;
        constexpr std::string_view key = R"("id":")";
        const std::size_t at = line.find(key) + key.size();
        EXPECT_TRUE(ids.insert(line.substr(at, line.find('"', at) - at)).second) << line;
    }
    return ids;
}

/// Of venues that cut a connection after a day: here after less than a minute. OKX says so before,
/// and numbers the trades of all contracts without holes, as the mock makes them.
TEST_F(LiveTest, AConnectionIsReplacedBeforeItsEndAndNothingIsMissedOrDoubled) {
    const MockExchange exchange({"--lifetime", "40"});
    PipelineRun run = live(exchange);
    run.overrides = {{"sources.okx.trades", "true"}};
    run.settings.record = path("recording");
    LivePipeline pipeline(run);
    const auto wait_for_trade = [&] {
        const std::size_t seen = pipeline.lines("events").size();
        return pipeline.wait_for("events", {venue("okx"), kind("trade")}, seen);
    };
    const auto is_replaced = [&] {
        return pipeline.metrics().find("cause=\"leaving\"} 1") != std::string::npos;
    };
    constexpr int patience = 300;
    for (int trades = 0; !is_replaced(); ++trades) {
        ASSERT_TRUE(wait_for_trade());
        ASSERT_LT(trades, patience) << pipeline.metrics();
    }
    EXPECT_TRUE(wait_for_trade());
    for (const std::string& line : pipeline.lines("events")) {
        if (line.find(kind("source_status")) == std::string::npos) continue;
        EXPECT_NE(line.find("\"state\":\"connected\""), std::string::npos) << line;
    }
    expect_balanced(pipeline.stop().final);

    const Numbers numbers = numbers_in(path("recording/okx"));
    ASSERT_EQ(numbers.size(), 2U) << "connections";
    const std::set<std::uint64_t>& before = numbers.begin()->second;
    const std::set<std::uint64_t>& after = numbers.rbegin()->second;
    EXPECT_GT(*after.rbegin(), *before.rbegin());
    std::set<std::uint64_t> all = before;
    all.insert(after.begin(), after.end());
    EXPECT_LT(all.size(), before.size() + after.size()) << "for a while both deliver";
    EXPECT_EQ(all.size(), *all.rbegin() - *all.begin() + 1) << "none is missing";
    const std::vector<std::string> events = pipeline.lines("events");
    EXPECT_EQ(ids_of(events, "trade").size(), all.size());
    EXPECT_FALSE(ids_of(events, "price").empty());
}

}  // namespace
}  // namespace spillway::testing
