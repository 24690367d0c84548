#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Counts with a price that is no number, and answers what comes of it.
class PassesInfinityOn : public KeyedTransform<PassesInfinityOn, Count> {
public:
    static constexpr About about = {.name = "passes_infinity_on",
                                    .version = "1.0.0",
                                    .summary = "Breaks a rule.",
                                    .consumes = {Kind::price},
                                    .emits = {Kind::price},
                                    .traits = Trait::keyed};
    static constexpr auto option_list = no_options();
    NoOptions options;

    Status on(Count& count, const Event& event, Context& context) {
        if (!event.has(field::price::last)) return bad_record("has no price", "last");
        Event& made = context.out().emit(Kind::price);
        made.price.last = event.price.last * static_cast<double>(++count.seen);
        made.set_present(field::price::last);
        return {};
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::PassesInfinityOn)
