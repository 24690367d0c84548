#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Forgets what it allocated for each record.
class Leaks : public Filter<Leaks> {
public:
    static constexpr About about = about_filter("leaks");
    static constexpr auto option_list = no_options();
    NoOptions options;

    Verdict on(const Event&, const Batch&) {
        last_ = new std::string(100, 'x');
        return Verdict::keep;
    }

private:
    std::string* volatile last_ = nullptr;
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::Leaks)
