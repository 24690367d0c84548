#include "runtime/ingress/head.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/admission.hpp>

namespace spillway::runtime {
namespace {

constexpr Time noon = 1'770'292'800 * second;

/// The reasons of the dead letters for events of these times, all received at noon.
std::vector<std::string> refused(const std::vector<Time>& event_times, std::uint32_t admitted) {
    NodeCounters counters;
    Head::Setup setup;
    setup.id = "recording";
    setup.counters = &counters;
    Head head(std::move(setup));
    SourceInput input;
    input.events = BatchRef::create();
    for (const Time time : event_times) {
        Event& event = input.events->append(Kind::price);
        event.event_time = time;
        event.receive_time = noon;
        event.sequence = caused_by_record(input.events->size());
    }
    Packet out, errors;
    EXPECT_TRUE(head.run(input, StepInfo{}, {}, out).ok());
    EXPECT_EQ(out.count(), admitted);
    EXPECT_EQ(counters.dead_lettered.get(), event_times.size() - admitted);
    head.take_errors(errors);
    std::vector<std::string> reasons;
    for (std::uint32_t i = 0; i < errors.count(); ++i) {
        const Event& letter = (*errors.batch)[i];
        reasons.emplace_back(
            errors.batch->text(letter, read_dead_letter(*errors.batch, letter)->reason));
    }
    return reasons;
}

TEST(Head, RefusesEventTimesThatCannotBe) {
    EXPECT_THAT(refused({noon, noon + largest_lead, earliest_event_time, noon - 400 * day}, 4),
                ::testing::IsEmpty());
    EXPECT_THAT(refused({noon + largest_lead + 1, noon, noon + day}, 1),
                ::testing::Each("event time is more than 60 s after receive time"));
    EXPECT_THAT(refused({0, noon / second, time_before_all, time_never, noon,
                         earliest_event_time - 1, latest_event_time},
                        1),
                ::testing::Each("event time is outside of the years 2009 to 2099"));
}

TEST(Head, MeasuresTheLagOfWhatMessagesBrought) {
    NodeCounters counters;
    Histogram lag;
    Head::Setup setup;
    setup.id = "bybit";
    setup.counters = &counters;
    setup.lag = &lag;
    Head head(std::move(setup));
    SourceInput input;
    input.events = BatchRef::create();
    const auto receive = [&](FrameType type, const std::vector<Duration>& ages,
                             Kind kind = Kind::price) {
        Frame frame{};
        frame.type = type;
        frame.receive_time = noon + input.frames.size() + 1;
        frame.sequence = caused_by_record(input.frames.size() + 1);
        input.frames.push_back(frame);
        for (const Duration age : ages) {
            Event& event = input.events->append(kind);
            event.receive_time = frame.receive_time;
            event.event_time = frame.receive_time - age;
            event.sequence = frame.sequence++;
        }
    };
    receive(FrameType::opened, {hour}, Kind::source_status);
    receive(FrameType::data, {20 * millisecond, 20 * millisecond, 7'000 * day});  // one is refused
    receive(FrameType::data, {});
    receive(FrameType::response, {5 * minute});
    receive(FrameType::data, {-second});  // a clock that is ahead
    receive(FrameType::data, {3 * second});
    receive(FrameType::data, {hour}, Kind::source_status);
    Packet out;
    EXPECT_TRUE(head.run(input, StepInfo{}, {}, out).ok());
    EXPECT_EQ(lag.count(), 4U);
    EXPECT_EQ(lag.sum(), 3'040'000'000U);
    EXPECT_EQ(lag.count_up_to(0), 1U);
    EXPECT_EQ(lag.count_up_to(static_cast<std::uint64_t>(second)), 3U);
}

}  // namespace
}  // namespace spillway::runtime
