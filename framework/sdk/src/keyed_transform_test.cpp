#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/keyed_transform.hpp>
#include <spillway/testing/driver.hpp>

namespace spillway {
namespace {

constexpr Time noon = 1'770'292'800 * second;

struct State {
    std::uint64_t seen = 0;
    template <class Archive>
    void fields(Archive& io) {
        io(1, seen);
    }
};

/// Emits each price twice, and finds only then that it does not like negative ones.
class Twice : public KeyedTransform<Twice, State> {
public:
    static constexpr About about = {.name = "twice",
                                    .version = "1.0.0",
                                    .summary = "Emits prices twice.",
                                    .consumes = {Kind::price},
                                    .emits = {Kind::price},
                                    .traits = Trait::keyed};
    static constexpr auto option_list = no_options();

    Status on(State& state, const Event& event, Context& context) {
        for (int i = 0; i < 2; ++i) {
            Event& out = context.out().forward(event, context.batch());
            out.price.mark = static_cast<double>(++state.seen);
            out.set_present(field::price::mark);
        }
        return event.price.last < 0 ? bad_record("a price below zero", "last") : Status();
    }
};

TEST(KeyedTransform, ARefusedRecordTakesBackWhatItEmittedAndNothingElse) {
    testing::Driver<Twice> twice;
    for (const double price : {1.0, -2.0, 3.0}) {
        Event& event = twice.add(Kind::price, noon + static_cast<Time>(price * price) * second);
        event.market = market_id("BTC");
        event.price.last = price;
        event.set_present(field::price::last);
    }
    ASSERT_TRUE(twice.step());
    ASSERT_EQ(twice.out().size(), 4U);
    for (std::uint32_t i = 0; i < 4; ++i) {
        EXPECT_EQ(twice.out()[i].price.last, i < 2 ? 1.0 : 3.0) << i;
    }
    EXPECT_EQ(twice.letters().size(), 1U);
    EXPECT_EQ(twice.books().dead_lettered, 1U);
}

}  // namespace
}  // namespace spillway
