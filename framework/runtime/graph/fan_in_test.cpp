#include "runtime/graph/fan_in.hpp"

#include <array>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace spillway::runtime {
namespace {

/// Two inputs; `tell` hands one of them a watermark and answers what comes out, if anything.
class JointWatermark : public testing::Test {
protected:
    std::optional<Time> tell(std::size_t input, Time value) {
        std::array<Packet, 2> inputs;
        inputs[input].marks.push_back({{++now_, record_phase}, value, 0});
        Packet out;
        fan_in_.merge(inputs, nullptr, out);
        return out.marks.empty() ? std::nullopt : std::optional(out.marks[0].value);
    }

    FanIn fan_in_{{true, true}};
    Time now_ = 0;
};

TEST_F(JointWatermark, IsTheLowestOfTheInputs) {
    EXPECT_EQ(tell(0, 10), std::nullopt);
    EXPECT_EQ(tell(1, 5), 5);
    EXPECT_EQ(tell(1, 20), 10);
}

TEST_F(JointWatermark, DoesNotWaitForIdleInputs) {
    EXPECT_EQ(tell(0, 10), std::nullopt);
    EXPECT_EQ(tell(1, watermark_idle), 10);
}

TEST_F(JointWatermark, IsNotAtInfinityWhileAnIdleInputMayComeBack) {
    EXPECT_EQ(tell(0, 10), std::nullopt);
    EXPECT_EQ(tell(1, 5), 5);
    EXPECT_EQ(tell(1, watermark_idle), 10);
    EXPECT_EQ(tell(0, time_never), watermark_idle);
    EXPECT_EQ(tell(1, 30), 30);
    EXPECT_EQ(tell(1, time_never), time_never);
}

TEST_F(JointWatermark, IsIdleWhileAllInputsAreAndWakesWithOne) {
    EXPECT_EQ(tell(0, 10), std::nullopt);
    EXPECT_EQ(tell(1, 10), 10);
    EXPECT_EQ(tell(0, watermark_idle), std::nullopt);
    EXPECT_EQ(tell(1, watermark_idle), watermark_idle);
    EXPECT_EQ(tell(0, 10), 10);
}

TEST(GuestOfAFanIn, HasNoSayAndLeavesNothingBehind) {
    FanIn with_guest({true, true, true}, 1);
    const auto tell = [](FanIn& fan_in, std::size_t inputs, std::size_t input, Time value) {
        std::vector<Packet> packets(inputs);
        packets[input].marks.push_back({{value, record_phase}, value, 0});
        Packet out;
        fan_in.merge(packets, nullptr, out);
        return out.marks.empty() ? std::nullopt : std::optional(out.marks[0].value);
    };
    EXPECT_EQ(tell(with_guest, 3, 0, 10), std::nullopt);
    EXPECT_EQ(tell(with_guest, 3, 2, 100), std::nullopt);
    EXPECT_EQ(tell(with_guest, 3, 1, 5), 5);

    StateWriter writer;
    with_guest.fields(writer);
    StateReader reader(writer.bytes());
    FanIn without({true, true});
    without.fields(reader);
    ASSERT_TRUE(reader.ok());
    EXPECT_EQ(tell(without, 2, 1, 20), 10) << "the first input stands where it stood";

    EXPECT_TRUE(with_guest.keeps_state());
    EXPECT_FALSE(FanIn({true, true}, 1).keeps_state());
}

}  // namespace
}  // namespace spillway::runtime
