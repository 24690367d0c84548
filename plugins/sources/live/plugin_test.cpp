#include "plugin.hpp"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/node.hpp>

#include "testing/fake_network.hpp"
#include "testing/toy_venue.hpp"

namespace spillway::live {
namespace {

using testing::HasSubstr;

/// The plugin with a network that the test plays.
class PlayedLive final : public Live {
public:
    mutable FakeNetwork* network = nullptr;  ///< after `open`
    Duration passes_with_calls = 0;

protected:
    std::unique_ptr<Network> connect(const NetworkSettings&,
                                     std::unique_ptr<Commons>*) const override {
        auto fake = std::make_unique<FakeNetwork>();
        network = fake.get();
        network->passes_with_posts = passes_with_calls;
        network->on_send = [fake = network](FakeNetwork::Link& link, const std::string& text) {
            if (!text.starts_with("sub")) return;
            fake->say(link, "ok " + text.substr(4, 1));
            fake->say(link, "data a 1");
        };
        network->on_request = [fake = network](const Request&) {
            return FakeNetwork::reply(200, "t=" + std::to_string(fake->now() / millisecond));
        };
        return fake;
    }
    void probe(const NetworkSettings&, const std::string& url, Examiner& out) const override {
        out.report({url, "DNS", Outcome::good});
    }
};

class Bell final : public Arrivals {
public:
    void notify() noexcept override { ++rung; }
    int rung = 0;
};

class Figuring final : public MetricWriter {
public:
    void counter(std::string_view name, std::string_view, std::span<const Label> labels,
                 double value) override {
        put(name, labels, value);
    }
    void gauge(std::string_view name, std::string_view, std::span<const Label> labels,
               double value) override {
        put(name, labels, value);
    }
    void histogram(std::string_view name, std::string_view, std::span<const Label> labels,
                   std::span<const double> bounds, std::span<const std::uint64_t> counts,
                   double) override {
        EXPECT_EQ(counts.size(), bounds.size() + 1);
        double sum = 0;
        for (const std::uint64_t count : counts) sum += static_cast<double>(count);
        put(name, labels, sum);
    }
    std::map<std::string, double> values;

private:
    void put(std::string_view name, std::span<const Label> labels, double value) {
        std::string key(name);
        for (const Label& label : labels) key += "," + std::string(label.value);
        values[key] = value;
    }
};

class LiveTest : public testing::Test {
protected:
    LiveTest() {
        venue.on_plan = [](std::span<const Reply>, PlanWriter& out) {
            Socket socket;
            socket.name = "feed";
            socket.url = "wss://feed.example/ws";
            out.socket(socket);
            out.topic({"feed", "a", Kind::price, 0, {}, 0});
            Poll poll;
            poll.channel = "oi";
            poll.url = "https://api.example/oi";
            poll.every = minute;
            out.poll(poll);
            return Status();
        };
    }
    Status open(Live& live, const Protocol* protocol) {
        live.options = {"toy", {}, "none", {}, 1U << 20U, 64U << 20U, 10 * second, second};
        EXPECT_TRUE(live.check().ok());
        return live.open({"pipeline", "toy", true, protocol, &bell});
    }
    ReadState read(Live& live) {
        SourceOutput out;
        out.events = BatchRef::create();
        out.letters = BatchRef::create();
        const Result<ReadState> state = live.read(out, 256);
        for (const Frame& frame : out.frames) {
            types.push_back(frame.type);
            sessions.push_back(frame.session);
        }
        return state.value();
    }
    ToyVenue venue;
    Bell bell;
    std::vector<FrameType> types;
    std::vector<std::uint32_t> sessions;
};

TEST_F(LiveTest, AVenueThatCanOnlyDecodeIsRefusedWithAnAlternative) {
    PlayedLive live;
    const Status status = open(live, nullptr);
    EXPECT_EQ(status.code(), Code::bad_option);
    EXPECT_THAT(std::string(status.message()), HasSubstr("type: frames"));
}

TEST_F(LiveTest, AProxyMayHoldAPasswordAndIsNeverPrinted) {
    const auto proxy = std::find_if(option_list.items.begin(), option_list.items.end(),
                                    [](const auto& option) { return option.name == "proxy"; });
    ASSERT_NE(proxy, option_list.items.end());
    EXPECT_EQ(proxy->type, OptionType::secret);
}

TEST_F(LiveTest, AMalformedGatewayIsRefusedWithItsForm) {
    Live live;
    live.options = {"toy", {}, "none", {}, 1U << 20U, 64U << 20U, 10 * second, second};
    for (const std::string gateway : {"localhost", "127.0.0.1:", ":443", "127.0.0.1:99999"}) {
        live.options.gateway = gateway;
        const Status status = live.check();
        EXPECT_EQ(status.subject(), "gateway") << gateway;
        EXPECT_THAT(std::string(status.message()), HasSubstr("host:port,ca.pem"));
    }
    live.options.gateway = "127.0.0.1:40123,/tmp/ca.pem";
    EXPECT_TRUE(live.check().ok());
}

TEST_F(LiveTest, ABufferThatHoldsNoTwoMessagesIsRefused) {
    Live live;
    live.options.venue = "toy";
    live.options.max_message = 8U << 20U;
    live.options.buffer = 8U << 20U;
    EXPECT_EQ(live.check().subject(), "buffer");
}

TEST_F(LiveTest, ReadsWithoutEverWaiting) {
    PlayedLive live;
    ASSERT_TRUE(open(live, &venue).ok());
    EXPECT_EQ(live.network->connects, 0U);
    EXPECT_EQ(read(live), ReadState::waiting);
    EXPECT_EQ(types, std::vector{FrameType::opened});  // there is a plan
    const int rung = bell.rung;
    live.network->pass(second);
    EXPECT_EQ(bell.rung, rung + 1);
    EXPECT_EQ(read(live), ReadState::waiting);
    EXPECT_EQ(types, (std::vector<FrameType>{FrameType::opened, FrameType::opened, FrameType::data,
                                             FrameType::subscribed, FrameType::data}));
}

TEST_F(LiveTest, FinishReadsTheGoodbyeAndEnds) {
    PlayedLive live;
    ASSERT_TRUE(open(live, &venue).ok());
    static_cast<void>(read(live));
    live.network->pass(second);
    live.finish();
    live.network->pass(second);
    EXPECT_EQ(read(live), ReadState::end);
    EXPECT_EQ(types.back(), FrameType::closed);
    EXPECT_EQ(read(live), ReadState::end);
}

TEST_F(LiveTest, FinishBeforeTheFirstReadEndsAtOnce) {
    PlayedLive live;
    ASSERT_TRUE(open(live, &venue).ok());
    live.finish();
    EXPECT_EQ(read(live), ReadState::end);
    EXPECT_TRUE(types.empty());
}

TEST_F(LiveTest, AfterARestoreSessionsGoOnAndAGapTellsWhatWasMissed) {
    StateWriter position;
    {
        PlayedLive live;
        ASSERT_TRUE(open(live, &venue).ok());
        static_cast<void>(read(live));
        live.network->pass(second);
        static_cast<void>(read(live));
        live.position(position);
    }
    types.clear();
    sessions.clear();
    PlayedLive live;
    ASSERT_TRUE(open(live, &venue).ok());
    ASSERT_TRUE(live.seek(position.bytes()).ok());
    static_cast<void>(read(live));
    live.network->pass(minute);
    static_cast<void>(read(live));
    ASSERT_GE(types.size(), 3U);
    EXPECT_EQ(types[0], FrameType::opened);  // the venue, `closed` when the run before stopped
    EXPECT_EQ(types[1], FrameType::gap);
    EXPECT_EQ(types[2], FrameType::opened);
    EXPECT_GT(sessions[2], 1U) << "numbers of connections are never used again";
}

TEST_F(LiveTest, ADamagedPositionIsRefused) {
    PlayedLive live;
    ASSERT_TRUE(open(live, &venue).ok());
    StateWriter position;
    position(1, std::string("no number at all"));
    const auto bytes = position.bytes();
    EXPECT_FALSE(live.seek(bytes.first(bytes.size() - 3)).ok());
}

TEST_F(LiveTest, CountsWhatHappens) {
    PlayedLive live;
    Figuring before;
    live.metrics(before);
    EXPECT_TRUE(before.values.empty());
    ASSERT_TRUE(open(live, &venue).ok());
    static_cast<void>(read(live));
    live.network->pass(20 * second);
    live.network->end(*live.network->alive()[0], Ending::lost);
    live.network->pass(5 * second);
    Figuring after;
    live.metrics(after);
    EXPECT_EQ(after.values["live_connects_total,feed"], 2);
    EXPECT_EQ(after.values["live_disconnects_total,feed,lost"], 1);
    EXPECT_EQ(after.values["live_frames_total,feed"], 4);
    EXPECT_EQ(after.values["live_connections,feed"], 1);
    EXPECT_EQ(after.values["live_polls_total"], 1);
    EXPECT_EQ(after.values["live_reply_lag_seconds"], 1);
    EXPECT_GT(after.values["live_waiting_bytes"], 0);
}

class Notes final : public Examiner {
public:
    void report(const Finding& finding) noexcept override {
        told += std::string(finding.endpoint) + " " + std::string(finding.check) + " " +
                (finding.outcome == Outcome::good ? "good" : "not good") + "\n";
    }
    [[nodiscard]] bool stopped() const noexcept override { return false; }
    std::string told;
};

TEST_F(LiveTest, ExaminesEveryHostAndTheDataItself) {
    PlayedLive live;
    live.options = {"toy", {}, "none", {}, 1U << 20U, 64U << 20U, 10 * second, second};
    live.passes_with_calls = 10 * second;
    Notes notes;
    live.examine({"pipeline", "toy", true, &venue, nullptr}, notes);
    EXPECT_EQ(notes.told,
              "wss://feed.example/ws DNS good\n"
              "https://api.example/oi DNS good\n"
              "wss://feed.example/ws subscription good\n"
              "wss://feed.example/ws first data good\n"
              "api.example:443 replies good\n"
              "api.example:443 clock good\n");
}

TEST_F(LiveTest, ExaminingAVenueThatCanOnlyDecodeSaysSo) {
    PlayedLive live;
    Notes notes;
    live.examine({"pipeline", "toy", true, nullptr, nullptr}, notes);
    EXPECT_EQ(notes.told, " options not good\n");
}

}  // namespace
}  // namespace spillway::live
