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

}  // namespace
}  // namespace spillway::runtime
