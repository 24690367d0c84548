#include "letters/replay_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/dead_letter.hpp>

namespace spillway::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string trade =
    R"({"kind":"trade","time":"2026-02-05T20:25:00.000Z","id":"000000000000000000000000000000ff","price":1})";

/// A source of messages, and a node that takes trades from it.
class Plans : public ::testing::Test {
protected:
    Plans() {
        messages_.name = "messages";
        messages_.category = Category::source;
        venue_.name = "venue";
        taker_.name = "taker";
        taker_.consumes = {Kind::trade};
        runtime::NodeSpec source;
        source.id = "ticks";
        source.category = Category::source;
        source.plugin = &messages_;
        source.venue = &venue_;
        runtime::NodeSpec node;
        node.id = "node";
        node.plugin = &taker_;
        node.inputs.push_back({});
        node.inputs.back().from = "ticks";
        spec_.nodes = {source, node};
    }
    static Letter letter(const std::string& node, const std::string& origin,
                         const std::string& raw) {
        Letter one;
        one.id = hash_id(raw.data(), raw.size());
        one.node = node;
        one.origin = origin;
        one.raw = raw;
        one.raw_size = raw.size();
        return one;
    }
    [[nodiscard]] std::string skipped(const Letter& one) const {
        const auto plan = ReplayPlan::make(spec_, {one});
        return plan && plan->skipped().size() == 1 ? plan->skipped()[0].reason : "planned";
    }

    runtime::PluginDescription messages_, venue_, taker_;
    runtime::PipelineSpec spec_;
};

TEST_F(Plans, SendLettersBackToWhereTheyWereRefused) {
    Frame message{};
    message.type = FrameType::data;
    const std::string frame = describe_origin(message);
    const auto plan =
        ReplayPlan::make(spec_, {letter("ticks", frame, "bytes"), letter("node", "event", trade),
                                 letter("ticks", "event", trade)});
    ASSERT_TRUE(plan.has_value());
    EXPECT_EQ(plan->letters().size(), 3U);
    const runtime::Reentry reentry = plan->reentry();
    EXPECT_EQ(reentry.sources.count("ticks"), 1U);
    ASSERT_EQ(reentry.inlets.size(), 2U);
    EXPECT_THAT(reentry.inlets[0].to, ElementsAre("node"));
    EXPECT_THAT(reentry.inlets[1].to, ElementsAre("node"));
}

TEST_F(Plans, SayWhatCannotBeReplayed) {
    Letter cut = letter("node", "event", trade);
    cut.raw_size = 1'000'000;
    EXPECT_THAT(skipped(cut), HasSubstr("of its 1000000 bytes were kept"));
    Letter replayed = letter("node", "event", trade);
    replayed.replayed = day;
    EXPECT_THAT(skipped(replayed), HasSubstr("it was replayed at 1970-01-02"));
    EXPECT_THAT(skipped(letter("gone", "event", trade)), HasSubstr("no node 'gone'"));
    EXPECT_THAT(skipped(letter("node", "event", "no event")), HasSubstr("not an event"));
    EXPECT_THAT(
        skipped(letter("node", "event", R"({"kind":"bar","time":"2026-02-05T20:25:00.000Z"})")),
        HasSubstr("takes no events of kind bar"));
    EXPECT_THAT(skipped(letter("ticks", "", "a line")), HasSubstr("a file of lines"));
    EXPECT_THAT(skipped(letter("ticks", "frame {\"x\":1}", "")), HasSubstr("origin"));
    EXPECT_THAT(skipped(letter("node", "frame {}", "")), HasSubstr("has no decoder"));
}

TEST_F(Plans, AnEventIsReadBackWithTheIdAndTimeItHad) {
    EventLetters source;
    source.add(letter("node", "event broadcast", trade));
    ASSERT_TRUE(source.open({}).ok());
    SourceOutput out;
    out.events = BatchRef::create();
    out.letters = BatchRef::create();
    EXPECT_EQ(source.read(out, 10), ReadState::end);
    ASSERT_EQ(out.events->size(), 1U);
    const Event& event = (*out.events)[0];
    EXPECT_EQ(event.id.low, 0xFFU);
    EXPECT_EQ(event.event_time, 1'770'323'100 * second);
    EXPECT_NE(event.flags & flag_broadcast, 0);
}

TEST(Subjects, DoNotDependOnWhenAnEventCameIn) {
    std::string later = trade;
    later.insert(later.find(",\"id\""), R"(,"receive_time":"2026-02-06T00:00:00.000Z")");
    EXPECT_EQ(subject_of("node", "event", trade), subject_of("node", "event", later));
    EXPECT_EQ(subject_of("node", "event", trade),
              subject_of("spillway.letters.node", "event", trade));
    EXPECT_NE(subject_of("node", "event", trade), subject_of("other", "event", trade));
    EXPECT_NE(subject_of("node", "", trade), subject_of("node", "event", trade));
}

TEST(Origins, OfFramesAreReadBack) {
    Frame frame{};
    frame.session = 7;
    frame.channel = name_id("a \"channel\"");
    frame.venue = venue_id("venue");
    frame.http_status = 429;
    frame.type = FrameType::response;
    frame.binary = true;
    const Result<Frame> read = read_frame_origin(describe_origin(frame));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->session, 7U);
    EXPECT_EQ(read->channel, frame.channel);
    EXPECT_EQ(read->venue, frame.venue);
    EXPECT_EQ(read->http_status, 429);
    EXPECT_EQ(read->type, FrameType::response);
    EXPECT_TRUE(read->binary);
    for (const char* bad : {"", "event", "frame", "frame {", "frame {\"session\":-1}",
                            "frame {\"type\":\"odd\"}", "frame {} x"}) {
        EXPECT_FALSE(read_frame_origin(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace spillway::cli
