#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/transform.hpp>

namespace spillway::good {
namespace {

constexpr std::array<std::string_view, 2> modes = {"keep", "drop"};

struct Options {
    double least = 0;
    Duration window = 0;
    std::int64_t room = 0;
    std::vector<std::string> venues;
    std::int64_t mode = 0;
    std::string password;
};

/// A plugin with nothing wrong: the tests load it as it is, and break copies of it.
class Good : public Filter<Good> {
public:
    static constexpr About about = {.name = "good",
                                    .version = "1.2.3",
                                    .summary = "Keeps \"large\" liquidations.",
                                    .consumes = {Kind::liquidation, Kind::trade},
                                    .emits = {Kind::liquidation, Kind::trade},
                                    .traits = Trait::in_place};
    static constexpr auto option_list = spillway::options(
        option::number<&Options::least>("least", "Smallest notional that is kept.")
            .otherwise("100000")
            .in("USD")
            .at_least(0),
        option::duration<&Options::window>("window", "Length of a window.")
            .otherwise("1m")
            .at_least(1e9)
            .at_most(86400e9),
        option::size<&Options::room>("room", "Memory it may use.")
            .otherwise("64MiB")
            .at_least(4096),
        option::texts<&Options::venues>("venues", "Venues to look at.").otherwise("binance,bybit"),
        option::choice<&Options::mode>("mode", modes, "What becomes of a large one."),
        option::secret<&Options::password>("password", "Of nobody."));
    Options options;

    Verdict on(const Event& event, const Batch&) const {
        return event.kind() == Kind::liquidation ? Verdict::keep : Verdict::filtered;
    }
};

}  // namespace
}  // namespace spillway::good

SPILLWAY_PLUGIN(spillway::good::Good)
