#include <spillway/fields.hpp>
#include <spillway/transform.hpp>

namespace spillway::strict_gate {
namespace {

struct Options {
    double limit = 0;
};

/// Refuses prices that nobody believes.
class StrictGate : public Map<StrictGate> {
public:
    static constexpr About about = {.name = "strict_gate",
                                    .version = "1.0.0",
                                    .summary = "Lets prices up to a limit pass",
                                    .consumes = {Kind::price},
                                    .emits = {Kind::price},
                                    .traits = Trait::in_place | Trait::mutates};
    static constexpr auto option_list = spillway::options(
        option::number<&Options::limit>("limit", "Highest price.").otherwise("1000"));
    Options options;

    Status on(const Event& event, const Batch&) const {
        if (event.price.last <= options.limit) return {};
        return bad_record("the price is above the limit", "last");
    }
};

}  // namespace
}  // namespace spillway::strict_gate

SPILLWAY_PLUGIN(spillway::strict_gate::StrictGate)
