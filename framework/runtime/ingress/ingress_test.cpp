#include "runtime/ingress/ingress.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "runtime/ingress/testing_feeds.hpp"

namespace spillway::runtime {
namespace {

/// Letters only, as a file of garbage gives, then one record.
class Garbage final : public Source {
public:
    explicit Garbage(int letters) : left_(letters) {}

    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SourceSetup&) noexcept override { return {}; }
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override {
        for (; out.count() < limit; --left_) {
            if (left_ == 0) {
                out.emit(Kind::price, earliest_event_time);
                return ReadState::end;
            }
            out.dead_letter(earliest_event_time, "garbage", "not a record", std::string(1000, 'x'));
        }
        return ReadState::more;
    }
    void position(StateWriter&) noexcept override {}
    Status seek(std::span<const std::byte>) noexcept override { return {}; }

private:
    int left_;
};

/// A record a second, and the most that was waiting when it was asked for more.
class Ticks final : public Source {
public:
    explicit Ticks(Time count) : count_(count) {}

    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SourceSetup&) noexcept override { return {}; }
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override {
        most_waiting = std::max(most_waiting, out.count());
        while (out.count() < limit && next_ < count_) {
            out.emit(Kind::price, earliest_event_time + second * next_++);
        }
        return next_ < count_ ? ReadState::more : ReadState::end;
    }
    void position(StateWriter&) noexcept override {}
    Status seek(std::span<const std::byte>) noexcept override { return {}; }

    std::uint32_t most_waiting = 0;

private:
    Time count_;
    Time next_ = 0;
};

TEST(Ingress, KeepsNoRecordsOfSmallStepsBehind) {
    constexpr Time count = 20'000;
    Ticks source(count);
    Ingress ingress(feeds_of({&source}, {"ticks"}), 256, std::nullopt);
    CutStep step;
    Time records = 0;
    while (!step.last) {
        const std::optional<Time> next = ingress.next_time();
        ingress.cut(step, next.value_or(time_never));  // as a paced run does: one at a time
        records += step.records;
    }
    EXPECT_EQ(records, count);
    EXPECT_LE(source.most_waiting, 1024U);
}

TEST(Ingress, LetsUnreadableInputThroughPieceByPiece) {
    constexpr int letters = 5000;
    Garbage source(letters);
    Ingress ingress(feeds_of({&source}, {"rec"}), 256, std::nullopt);
    CutStep step;
    std::uint32_t seen = 0, records = 0, steps = 0;
    for (; !step.last; ++steps) {
        ingress.cut(step, time_never);
        const SourceInput& input = step.sources[0];
        if (input.letters) {
            seen += input.letters->size();
            EXPECT_LT(input.letters->bytes(), 2U << 20U);
        }
        records += step.records;
    }
    EXPECT_EQ(seen, letters);
    EXPECT_EQ(records, 1U);
    EXPECT_GT(steps, 2U);
}

}  // namespace
}  // namespace spillway::runtime
