#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include <spillway/transform.hpp>

namespace spillway::vault {
namespace {

constexpr std::array<std::string_view, 7> failures = {
    "never", "options", "start", "record", "exception", "telling_options", "telling_exception"};
enum class Failure : std::uint8_t {
    never,
    options,
    start,
    record,
    exception,
    telling_options,
    telling_exception
};

struct Options {
    std::string token, note;
    Failure fails = Failure::never;
};

/// Keeps everything and knows a secret. It fails in every way that a plugin can, at the third
/// event if not before.
class Vault : public Map<Vault> {
public:
    static constexpr About about = {.name = "vault",
                                    .version = "1.0.0",
                                    .summary = "Knows a secret.",
                                    .consumes = KindSet::all(),
                                    .emits = KindSet::all(),
                                    .traits = Trait::in_place | Trait::any_kind};
    static constexpr auto option_list = spillway::options(
        option::secret<&Options::token>("token", "Of nobody."),
        option::text<&Options::note>("note", "Of anybody.").otherwise("none"),
        option::choice<&Options::fails>("fails", failures, "How it fails.").otherwise("never"));
    Options options;

    Status check() const {
        if (options.fails == Failure::options) return bad_option("token", "it has expired");
        if (options.fails == Failure::telling_options) {
            return bad_option("token", "'" + options.token + "' has expired");
        }
        return {};
    }
    Status begin(const NodeSetup&) const {
        if (options.fails == Failure::start) return {Code::io, "the vault is closed"};
        return {};
    }
    Status on(Event&, Batch&) {
        if (++events_ != 3) return {};
        switch (options.fails) {
            case Failure::record:
                return bad_record("the vault does not take it");
            case Failure::exception:
                throw std::runtime_error("the vault is on fire");
            case Failure::telling_exception:
                throw std::runtime_error("no vault opens for " + options.token);
            default:
                return {};
        }
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, events_);
    }

private:
    std::uint64_t events_ = 0;
};

}  // namespace
}  // namespace spillway::vault

SPILLWAY_PLUGIN(spillway::vault::Vault)
