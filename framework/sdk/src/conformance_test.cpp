#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include <spillway/keyed_transform.hpp>
#include <spillway/scorer.hpp>
#include <spillway/testing/conformance.hpp>
#include <spillway/testing/driver.hpp>

namespace spillway::testing {
namespace {

struct Seen {
    std::uint64_t count = 0;
    template <class Archive>
    void fields(Archive& io) {
        io(1, count);
    }
};

/// Numbers the trades of a market.
class Numbering : public KeyedTransform<Numbering, Seen> {
public:
    static constexpr About about = {.name = "numbering",
                                    .version = "1.0.0",
                                    .summary = "Numbers trades.",
                                    .consumes = {Kind::trade},
                                    .emits = {Kind::extension},
                                    .traits = Trait::keyed};
    static constexpr auto option_list = no_options();
    NoOptions options;

    static Status on(Seen& seen, const Event&, Context& context) {
        Event& event = context.out().emit(Kind::extension);
        event.extension = {name_id("number"), 1, {}};
        event.set_present(field::extension::name);
        const ExtensionField number{name_id("value"), {}, static_cast<double>(++seen.count)};
        std::memcpy(context.out().batch().extend_blob(event, sizeof number), &number,
                    sizeof number);
        return {};
    }
};

TEST(Conformance, AConformingNodeHoldsInProcess) {
    const Subject subject = subject_of<Numbering>();
    for (const Property& property : conformance_properties) {
        if (!property.concerns(subject.category)) continue;
        Findings findings;
        property.check(subject, findings);
        for (const Finding& finding : findings.items()) {
            ADD_FAILURE() << property.name << ": " << finding.expected << " / " << finding.happened
                          << " / " << finding.place;
        }
    }
}

/// Two components; the second one counts against the score if `inverted`.
template <bool inverted>
struct Sum {
    static constexpr std::array<ComponentSpec, 2> components = {{{"a", 60, 1}, {"b", 40, 1}}};
    static constexpr std::array<OutputSpec, 1> outputs = {{{"sum", false, true, components}}};
    struct Context {};
    [[nodiscard]] double combine(const Context&, std::span<const double> points,
                                 std::size_t) const {
        return points[0] + (inverted ? 40 - points[1] : points[1]);
    }
};

TEST(Conformance, CombineMustNotFallWhenAComponentGrows) {
    Findings good, bad;
    check_combine(Sum<false>(), {}, 0, good);
    check_combine(Sum<true>(), {}, 0, bad);
    EXPECT_FALSE(good.failed());
    ASSERT_TRUE(bad.failed());
    EXPECT_TRUE(bad.items()[0].happened.starts_with("b grew from"));
}

TEST(Conformance, ATrendByDirectionTurnsRoundWithIt) {
    const auto signs = [](Trend trend) {
        return std::array{detail::sign_of(trend, Direction::none),
                          detail::sign_of(trend, Direction::down),
                          detail::sign_of(trend, Direction::up)};
    };
    EXPECT_EQ(signs(Trend::none), (std::array{0, 0, 0}));
    EXPECT_EQ(signs(Trend::rising), (std::array{1, 1, 1}));
    EXPECT_EQ(signs(Trend::falling), (std::array{-1, -1, -1}));
    EXPECT_EQ(signs(Trend::rising_down), (std::array{0, 1, -1}));
    EXPECT_EQ(signs(Trend::rising_up), (std::array{0, -1, 1}));
}

TEST(Conformance, ATrendIsJudgedWhereOneRawInputMovesAlone) {
    std::array<Contribution, 3> one{}, other{};
    for (auto* parts : {&one, &other}) {
        for (Contribution& part : *parts) {
            part.has_raw = true;
            part.raw = 2;
        }
    }
    EXPECT_EQ(detail::moved_alone(one, other), std::nullopt);
    other[1].raw = 2 + 1e-12;  // rounding
    EXPECT_EQ(detail::moved_alone(one, other), std::nullopt);
    other[1].raw = 3;
    EXPECT_EQ(detail::moved_alone(one, other), 1U);
    other[2].missing = true;  // and something else is gone
    EXPECT_EQ(detail::moved_alone(one, other), std::nullopt);
    one[2].missing = true;
    EXPECT_EQ(detail::moved_alone(one, other), 1U);
    other[0].raw = 1;
    EXPECT_EQ(detail::moved_alone(one, other), std::nullopt);
}

TEST(MadeUpMarkets, AreTheSameForTheSamePlanAndGoForwardInTime) {
    MarketPlan plan;
    plan.kinds = KindSet::all();
    plan.count = 2'000;
    const Script first = made_up_market(plan), second = made_up_market(plan);
    EXPECT_EQ(lines_of(first.batch()), lines_of(second.batch()));
    plan.seed = 2;
    EXPECT_NE(lines_of(first.batch()), lines_of(made_up_market(plan).batch()));
    KindSet seen;
    Time now = time_before_all;
    for (const Event& event : first.batch().events()) {
        seen.add(event.kind());
        EXPECT_GE(event.receive_time, now);
        EXPECT_LE(event.event_time, event.receive_time);
        now = event.receive_time;
    }
    EXPECT_EQ(seen, KindSet::all());
    EXPECT_EQ(first.marks().back().value, time_never);
}

}  // namespace
}  // namespace spillway::testing
