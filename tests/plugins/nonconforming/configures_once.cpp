#include <set>

#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

struct Options {
    std::vector<std::string> markets;
};

/// Adds its options to those of the last `configure` instead of taking their place.
class ConfiguresOnce : public Filter<ConfiguresOnce> {
public:
    static constexpr About about = about_filter("configures_once");
    static constexpr auto option_list = spillway::options(
        option::texts<&Options::markets>("markets", "Each once.").otherwise("BTC,ETH"));
    Options options;

    Status check() {
        for (const std::string& market : options.markets) {
            if (!markets_.insert(market).second) return bad_option("markets", "one is there twice");
        }
        return {};
    }
    Verdict on(const Event&, const Batch&) const { return Verdict::keep; }

private:
    std::set<std::string> markets_;
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::ConfiguresOnce)
