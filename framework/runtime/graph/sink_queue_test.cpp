#include "runtime/graph/sink_queue.hpp"

#include <atomic>
#include <latch>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/fields.hpp>

namespace spillway::runtime {
namespace {

/// Writes nothing until it is let go, and says when it has begun.
class StuckSink final : public Sink {
public:
    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows& rows) noexcept override {
        if (!begun_) {
            begun_ = true;
            begun.count_down();
            go_on.wait();
        }
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            const double value = rows.batch[rows.rows[k]].price.last;
            if (value < 0) {
                ++without_place;
            } else {
                values.push_back(value);
            }
        }
        return {};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return without_place; }

    std::latch begun{1}, go_on{1};
    std::vector<double> values;
    std::uint64_t without_place = 0;

private:
    bool begun_ = false;
};

class CountedTicket final : public Ticket {
public:
    void acquire() noexcept override { ++held; }
    void release() noexcept override { --held; }
    std::atomic<int> held = 0;
};

class SinkQueueTest : public ::testing::Test {
protected:
    void open(WhenFull when_full, std::uint64_t capacity) {
        SinkQueue::Setup setup;
        setup.sink.id = "out";
        setup.when_full = when_full;
        setup.capacity = capacity;
        setup.hungry = &hungry_;
        setup.failed = [](std::string_view, const Status&) {};
        queue_ = std::make_unique<SinkQueue>(sink_, std::move(setup));
        queue_->set_counters(&counters_);
        ASSERT_TRUE(queue_->open(nullptr, false).ok());
    }
    void push(double value) {
        Packet packet;
        packet.batch = BatchRef::create();
        packet.batch->set_ticket(&ticket_);
        Event& event = packet.batch->append(Kind::price);
        event.price.last = value;
        event.set_present(field::price::last);
        queue_->push(packet, {});
    }

    std::atomic<bool> hungry_ = true;  // everything is handed over at once
    CountedTicket ticket_;
    NodeCounters counters_;
    StuckSink sink_;
    std::unique_ptr<SinkQueue> queue_;
};

TEST_F(SinkQueueTest, AStuckSinkThatDropsHoldsNothingOfTheBudget) {
    open(WhenFull::drop_oldest, 10);
    push(0);
    sink_.begun.wait();
    for (int i = 1; i <= 100; ++i) push(i);
    EXPECT_EQ(ticket_.held, 0);
    EXPECT_TRUE(queue_->behind());
    sink_.go_on.count_down();
    ASSERT_TRUE(queue_->close().ok());

    // The row it had, and the newest of those that waited.
    const std::vector<double> expected = {0, 92, 93, 94, 95, 96, 97, 98, 99, 100};
    EXPECT_EQ(sink_.values, expected);
    EXPECT_EQ(counters_.in.get(), 101U);
    EXPECT_EQ(counters_.processed.get(), expected.size());
    EXPECT_EQ(counters_.dropped.get(), 101 - expected.size());
    EXPECT_EQ(queue_->shed_rows(), 101 - expected.size());
    EXPECT_FALSE(queue_->behind());
}

TEST_F(SinkQueueTest, AStuckSinkThatBlocksHoldsItsBatches) {
    open(WhenFull::block, 10);
    push(0);
    sink_.begun.wait();
    for (int i = 1; i <= 100; ++i) push(i);
    EXPECT_EQ(ticket_.held, 101);
    EXPECT_FALSE(queue_->behind());
    sink_.go_on.count_down();
    ASSERT_TRUE(queue_->close().ok());
    EXPECT_EQ(ticket_.held, 0);
    EXPECT_EQ(sink_.values.size(), 101U);
    EXPECT_EQ(counters_.dropped.get(), 0U);
}

TEST_F(SinkQueueTest, RowsTheSinkHasNoPlaceForAreInTheBooks) {
    open(WhenFull::block, 10);
    sink_.go_on.count_down();
    for (const double value : {1.0, -1.0, 2.0, -2.0, -3.0}) push(value);
    ASSERT_TRUE(queue_->close().ok());
    EXPECT_EQ(counters_.in.get(), 5U);
    EXPECT_EQ(counters_.processed.get(), 2U);
    EXPECT_EQ(counters_.dropped.get(), 3U);
    EXPECT_EQ(queue_->shed_rows(), 0U);
    EXPECT_EQ(counters_.queued.get(), 0U);
}

}  // namespace
}  // namespace spillway::runtime
