#include "advice.hpp"

#include <fmt/format.h>

#include "plan.hpp"

namespace spillway::live {

std::string_view advice_for(const Over& over) noexcept {
    if (over.cause == Cause::status && (over.code == 451 || over.code == 403)) {
        return "the venue does not serve this country or address: name a `proxy` elsewhere, or "
               "take the source out of the pipeline";
    }
    if (over.cause == Cause::status && (over.code == 418 || over.code == 429)) {
        return "too many requests from this address: see what else uses it; it is tried again "
               "when the ban is over";
    }
    // Of the causes that come from the network; with those that do not the driver deals itself.
    if (over.cause > Cause::status) return {};
    return advice_on(static_cast<Ending>(over.cause), over.code);
}

std::string with_advice(const Over& over, std::string_view url) {
    std::string text = over.code != 0 && over.cause == Cause::status
                           ? fmt::format("HTTP {} from {}", over.code, host_of(url))
                           : fmt::format("{}: {}", host_of(url), to_string(over.cause));
    if (!over.why.empty()) text += fmt::format(": {}", over.why);
    if (const std::string_view advice = advice_for(over); !advice.empty()) {
        text += fmt::format("; {}", advice);
    }
    return text;
}

}  // namespace spillway::live
