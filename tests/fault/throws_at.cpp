#include <atomic>
#include <stdexcept>

#include <spillway/fields.hpp>
#include <spillway/keyed_transform.hpp>

namespace spillway::throws_at {
namespace {

struct Options {
    double price = 0;
    std::int64_t times = 0;
    bool in_timer = false;
};
struct State {
    std::uint64_t seen = 0;
    template <class Archive>
    void fields(Archive& io) {
        io(1, seen);
    }
};

/// Passes prices on, each with the number of those before it; throws at one of them, or in the
/// timer that it sets then.
class ThrowsAt : public KeyedTransform<ThrowsAt, State> {
public:
    static constexpr About about = {.name = "throws_at",
                                    .version = "1.0.0",
                                    .summary = "Throws at a price.",
                                    .consumes = {Kind::price},
                                    .emits = {Kind::price},
                                    .traits = Trait::keyed};
    static constexpr auto option_list = spillway::options(
        option::number<&Options::price>("price", "The price that it throws at."),
        option::integer<&Options::times>("times", "How often it does so in one process.")
            .otherwise("1000"),
        option::boolean<&Options::in_timer>("in_timer", "Throws a little later.")
            .otherwise("false"));
    Options options;

    Status on(State& state, const Event& event, Context& context) {
        if (event.price.last == options.price) {
            if (options.in_timer) {
                context.set_timer(0, context.now() + 300 * millisecond);
            } else {
                fail();
            }
        }
        Event& out = context.out().forward(event, context.batch());
        out.price.mark = static_cast<double>(++state.seen);
        out.set_present(field::price::mark);
        return {};
    }
    void on_timer(State&, TimerId, Time, Context&) {
        if (options.in_timer) fail();  // it may have been set by a run with other options
    }

private:
    void fail() const {
        static std::atomic<std::int64_t> thrown{0};
        if (thrown >= options.times) return;
        ++thrown;
        throw std::runtime_error("cannot bear this price");
    }
};

}  // namespace
}  // namespace spillway::throws_at

SPILLWAY_PLUGIN(spillway::throws_at::ThrowsAt)
