#include <algorithm>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include <spillway/frame.hpp>

#include "runtime/graph/test_graph.hpp"
#include "runtime/ingress/frame_log.hpp"
#include "runtime/ingress/ingress.hpp"
#include "runtime/ingress/testing_feeds.hpp"

namespace spillway::runtime {
namespace {

namespace fs = std::filesystem;

constexpr Time noon = 1'790'000'000 * second;

/// What arrives is what the test puts here.
class Wire final : public Source {
public:
    explicit Wire(std::string venue) : venue_(std::move(venue)) {}

    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SourceSetup&) noexcept override { return {}; }
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override {
        if (waiting_.empty()) return finished_ ? ReadState::end : ReadState::waiting;
        out.block = BlockRef(block_create(4096));
        std::size_t used = 0;
        while (!waiting_.empty() && out.count() < limit) {
            const auto& [time, text] = waiting_.front();
            char* const at = reinterpret_cast<char*>(out.block.get()->data) + used;
            std::copy(text.begin(), text.end(), at);
            used += text.size();
            Frame frame{};
            frame.receive_time = time;
            frame.bytes = {at, text.size()};
            frame.session = 1;
            frame.channel = name_id("wire");
            frame.venue = venue_id(venue_);
            frame.type = FrameType::data;
            out.frames.push_back(frame);
            waiting_.pop_front();
        }
        return !waiting_.empty() || finished_ ? ReadState::more : ReadState::waiting;
    }
    void position(StateWriter&) noexcept override {}
    Status seek(std::span<const std::byte>) noexcept override {
        resumed = true;
        return {};
    }
    void finish() noexcept override {
        arrive(noon, "goodbye");
        finished_ = true;
    }
    void arrive(Time time, std::string text) { waiting_.emplace_back(time, std::move(text)); }

    bool resumed = false;

private:
    std::string venue_;
    std::deque<std::pair<Time, std::string>> waiting_;
    bool finished_ = false;
};

void keep(Ingress& ingress, Checkpoint& checkpoint) {
    StateBuffer state;
    ingress.snapshot(state);
    std::vector<StateRow> rows;
    state.append_to(rows);
    for (const StateRow& row : rows) checkpoint.row(row, 1);
}

FeedSetup live_feed(Source& source, const std::string& id) {
    FeedSetup feed;
    feed.source = &source;
    feed.id = id;
    feed.live = true;
    feed.checkpointed = true;
    return feed;
}

std::vector<FeedSetup> both(FeedSetup a, FeedSetup b) {
    std::vector<FeedSetup> feeds;
    feeds.push_back(std::move(a));
    feeds.push_back(std::move(b));
    return feeds;
}

struct Seen {
    Time time;
    std::string text;
    bool operator==(const Seen&) const = default;
};

/// Cuts until nothing more is there.
std::vector<Seen> drain(Ingress& ingress, bool* last = nullptr) {
    std::vector<Seen> seen;
    CutStep step;
    do {
        ingress.cut(step, time_never);
        std::vector<std::pair<std::uint64_t, Seen>> ordered;
        for (const SourceInput& input : step.sources) {
            for (const Frame& frame : input.frames.view()) {
                ordered.push_back({frame.sequence, {frame.receive_time, std::string(frame.bytes)}});
            }
        }
        std::sort(ordered.begin(), ordered.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        for (auto& [sequence, one] : ordered) seen.push_back(std::move(one));
    } while (step.records > 0 && !step.last);
    if (last != nullptr) *last = step.last;
    return seen;
}

class LiveIngress : public ::testing::Test {
protected:
    void SetUp() override {
        folder = fs::temp_directory_path() /
                 ("live-ingress-" + std::to_string(::getpid()) + "-" +
                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::remove_all(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    [[nodiscard]] FrameLog log(const std::string& name, bool at_once = false) const {
        FrameLogSettings settings;
        settings.folder = folder / name;
        settings.at_once = at_once;
        auto opened = FrameLog::open(settings);
        EXPECT_TRUE(opened) << opened.error().message();
        return std::move(*opened);
    }
    [[nodiscard]] std::vector<Seen> logged(const std::string& name, Time behind) const {
        auto reader = FrameLogReader::open(folder / name, behind);
        EXPECT_TRUE(reader);
        std::vector<Seen> seen;
        BlockRef block;
        while (true) {
            const auto frames = reader->next(block);
            EXPECT_TRUE(frames);
            if (frames->empty()) return seen;
            for (const Frame& frame : *frames) {
                seen.push_back({frame.receive_time, std::string(frame.bytes)});
            }
        }
    }

    fs::path folder;
};

TEST_F(LiveIngress, EveryFrameIsAnInstantOfItsOwnAndNoneWaitsForAnotherSource) {
    Wire a("a"), b("b"), silent("c");
    std::vector<FeedSetup> feeds = both(live_feed(a, "a"), live_feed(b, "b"));
    feeds.push_back(live_feed(silent, "c"));
    Ingress ingress(std::move(feeds), 256, std::nullopt);
    a.arrive(noon, "a1");
    a.arrive(noon, "a2");
    b.arrive(noon, "b1");
    b.arrive(noon - second, "b0: its clock went back");
    const auto seen = drain(ingress);
    ASSERT_EQ(seen.size(), 4U);
    for (std::size_t i = 1; i < seen.size(); ++i) EXPECT_GT(seen[i].time, seen[i - 1].time);
    EXPECT_EQ(seen.front(), (Seen{noon, "a1"}));
}

TEST_F(LiveIngress, AStepSaysWhetherTheEngineMayWaitForAnArrival) {
    Wire wire("a");
    testing::RecordSource recorded({{noon + hour, noon + hour, "BTC", 1}});
    FeedSetup tomorrow;
    tomorrow.source = &recorded;
    tomorrow.id = "recorded";
    Ingress ingress(both(live_feed(wire, "a"), std::move(tomorrow)), 2, std::nullopt);
    for (const char* text : {"1", "2", "3", "4", "5"}) wire.arrive(noon, text);
    // A step has one block of a source; what lies behind it rings no more.
    CutStep step;
    for (const auto& [records, more] :
         {std::pair(2U, true), {2U, true}, {1U, false}, {0U, false}}) {
        ingress.cut(step, noon + second);
        EXPECT_EQ(step.records, records);
        EXPECT_EQ(step.more, more) << "behind " << records;
    }
}

TEST_F(LiveIngress, NoRecordIsEarlierThanTheClockThatTimersHaveSeen) {
    Wire a("a"), b("b");
    Ingress ingress(both(live_feed(a, "a"), live_feed(b, "b")), 256, std::nullopt);
    ingress.advance_clock(noon + second);
    CutStep step;
    ingress.cut(step, noon + second);
    EXPECT_EQ(step.horizon, noon + second);
    a.arrive(noon, "stamped when the engine slept");
    EXPECT_EQ(drain(ingress).front().time, noon + second);
}

TEST_F(LiveIngress, FinishesWithWhatConnectionsSayWhenTheyClose) {
    Wire a("a"), b("b");
    Ingress ingress(both(live_feed(a, "a"), live_feed(b, "b")), 256, std::nullopt);
    a.arrive(noon, "last news");
    ingress.finish();
    bool last = false;
    const auto seen = drain(ingress, &last);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].text, "last news");
    EXPECT_TRUE(last);
}

TEST_F(LiveIngress, ASourceThatStaysOpenIsReadToTheRecordByOneAndBehindItByTheNext) {
    Wire a("a"), b("b");
    Checkpoint checkpoint;
    std::vector<Seen> seen;
    {
        Ingress ingress(both(live_feed(a, "a"), live_feed(b, "b")), 2, std::nullopt);
        for (const char* text : {"1", "2", "3"}) a.arrive(noon, text);
        CutStep step;
        ingress.cut(step, noon);
        EXPECT_EQ(step.records, 2U);
        ingress.finish(std::vector<std::string>{"a"});
        bool last = false;
        seen = drain(ingress, &last);
        EXPECT_TRUE(last);
        EXPECT_TRUE(ingress.feeds()[0]->left_open());
        EXPECT_FALSE(ingress.feeds()[1]->left_open());
        keep(ingress, checkpoint);
    }
    for (const char* text : {"4", "5"}) a.arrive(noon, text);
    std::vector<FeedSetup> feeds;
    feeds.push_back(live_feed(a, "a"));
    feeds.back().stayed_open = true;
    Ingress next(std::move(feeds), 256, std::nullopt);
    std::string failed;
    ASSERT_TRUE(next.restore(checkpoint, failed).ok()) << failed;
    for (Seen& one : drain(next)) seen.push_back(std::move(one));
    std::string texts;
    for (const Seen& one : seen) texts += one.text + ' ';
    EXPECT_TRUE(texts == "3 goodbye 4 5 " || texts == "goodbye 3 4 5 ") << texts;
    EXPECT_FALSE(a.resumed) << "it is where it was";
}

TEST_F(LiveIngress, LogsFramesAsTheyWereStampedEachSourceInItsFolder) {
    Wire a("a"), b("b");
    FeedSetup first = live_feed(a, "a"), second_feed = live_feed(b, "b");
    first.logs.push_back(log("a"));
    second_feed.logs.push_back(log("b"));
    std::vector<Seen> seen;
    {
        Ingress ingress(both(std::move(first), std::move(second_feed)), 2, std::nullopt);
        for (int i = 0; i < 10; ++i) {
            a.arrive(noon, "a" + std::to_string(i));
            b.arrive(noon, "b" + std::to_string(i));
        }
        seen = drain(ingress);
        for (const auto& feed : ingress.feeds()) feed->close_logs();
    }
    std::vector<Seen> read = logged("a", time_before_all);
    const std::vector<Seen> other = logged("b", time_before_all);
    read.insert(read.end(), other.begin(), other.end());
    std::sort(read.begin(), read.end(), [](auto& x, auto& y) { return x.time < y.time; });
    EXPECT_EQ(read, seen);
}

TEST_F(LiveIngress, ReadsItsJournalBackBehindTheLastEpochBeforeItGoesLive) {
    Checkpoint checkpoint;
    std::vector<Seen> after_epoch;
    {
        Wire a("a");
        FeedSetup feed = live_feed(a, "a");
        feed.logs.push_back(log("a", true));
        std::vector<FeedSetup> feeds;
        feeds.push_back(std::move(feed));
        Ingress ingress(std::move(feeds), 256, std::nullopt);
        a.arrive(noon, "before the epoch");
        static_cast<void>(drain(ingress));
        keep(ingress, checkpoint);
        a.arrive(noon + second, "after it");
        a.arrive(noon + second, "and this");
        after_epoch = drain(ingress);
        // The process dies here: nothing is closed.
        EXPECT_EQ(logged("a", noon), after_epoch);
    }
    Wire again("a");
    FeedSetup feed = live_feed(again, "a");
    feed.logs.push_back(log("a", true));
    feed.journal = folder / "a";
    std::vector<FeedSetup> feeds;
    feeds.push_back(std::move(feed));
    Ingress ingress(std::move(feeds), 256, std::nullopt);
    std::string failed;
    ASSERT_TRUE(ingress.restore(checkpoint, failed).ok()) << failed;
    EXPECT_TRUE(again.resumed);
    again.arrive(noon + minute, "live again");
    auto seen = drain(ingress);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen.back().text, "live again");
    seen.pop_back();
    EXPECT_EQ(seen, after_epoch);
    for (const auto& one : ingress.feeds()) one->close_logs();
    EXPECT_EQ(logged("a", noon).size(), 3U) << "what was read back is not written again";
}

TEST_F(LiveIngress, AStopIsNoEndOfInput) {
    Wire a("a");
    std::vector<FeedSetup> feeds;
    feeds.push_back(live_feed(a, "a"));
    Ingress ingress(std::move(feeds), 256, std::nullopt);
    a.arrive(noon, "news");
    ingress.finish();
    CutStep step;
    for (int i = 0; i < 10 && !step.last; ++i) {
        ingress.cut(step, time_never);
        EXPECT_FALSE(step.sources[0].ended) << "windows stay open for the next run";
    }
    EXPECT_TRUE(step.last);
}

TEST_F(LiveIngress, AJournalIsReadBackInItsOwnTimeBeforeAnythingLive) {
    {
        FrameLog writer = log("a", true);
        Frame frame{};
        frame.bytes = "x";
        frame.venue = venue_id("a");
        frame.channel = name_id("wire");
        for (int i = 1; i <= 5; ++i) {
            frame.receive_time = noon + i * second;
            ASSERT_TRUE(writer.write({&frame, 1}).ok());  // a block each
        }
    }
    Checkpoint checkpoint;
    {
        Wire a("a"), b("b");
        Ingress ingress(both(live_feed(a, "a"), live_feed(b, "b")), 256, std::nullopt);
        ingress.advance_clock(noon);
        keep(ingress, checkpoint);
    }
    Wire a("a"), b("b");
    FeedSetup first = live_feed(a, "a");
    first.journal = folder / "a";
    Ingress ingress(both(std::move(first), live_feed(b, "b")), 256, std::nullopt);
    std::string failed;
    ASSERT_TRUE(ingress.restore(checkpoint, failed).ok()) << failed;
    b.arrive(noon + hour, "of today");
    CutStep step;
    std::uint32_t records = 0;
    while (records < 5) {
        ingress.advance_clock(noon + hour);
        ingress.cut(step, noon + hour);
        records += step.records;
        if (records < 5) {
            EXPECT_LE(step.horizon, noon + static_cast<Time>(records) * second + 1)
                << "timers between the frames must not fire before those";
        }
        for (const Frame& frame : step.sources[1].frames.view()) {
            EXPECT_EQ(records, 6U) << frame.bytes;
        }
        ASSERT_GT(step.records, 0U);
    }
    EXPECT_EQ(drain(ingress).front().time, noon + hour);
}

TEST_F(LiveIngress, KeepsNoMoreOfAJournalThanItShould) {
    FrameLogSettings settings;
    settings.folder = folder / "j";
    settings.at_once = true;
    settings.file_age = minute;
    settings.keep_for = 5 * minute;
    auto opened = FrameLog::open(settings);
    ASSERT_TRUE(opened);
    Frame frame{};
    frame.bytes = "x";
    frame.venue = venue_id("a");
    frame.channel = name_id("wire");
    for (int i = 0; i < 60; ++i) {
        frame.receive_time = noon + i * minute;
        ASSERT_TRUE(opened->write({&frame, 1}).ok());
    }
    ASSERT_TRUE(opened->close().ok());
    const auto kept = logged("j", time_before_all);
    EXPECT_LE(kept.size(), 7U);
    EXPECT_GE(kept.size(), 5U);
    EXPECT_EQ(kept.back().time, noon + 59 * minute);
}

}  // namespace
}  // namespace spillway::runtime
