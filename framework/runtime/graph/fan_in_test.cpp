#include "runtime/graph/fan_in.hpp"

#include <array>
#include <optional>

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

    FanIn fan_in_{2};
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

}  // namespace
}  // namespace spillway::runtime
