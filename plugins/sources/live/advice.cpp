#include "advice.hpp"

#include <fmt/format.h>

#include "network/http_words.hpp"
#include "plan.hpp"

namespace spillway::live {

std::string_view advice_for(const Over& over) noexcept {
    if (over.cause == Cause::status) return status_advice(over.code);
    // Of the causes that come from the network; with those that do not the driver deals itself.
    if (over.cause > Cause::status) return {};
    return advice_on(static_cast<Ending>(over.cause), over.code);
}

std::string with_advice(const Over& over, std::string_view url) {
    // The network says it whole, with what to do.
    if (over.cause == Cause::status && over.why.starts_with("HTTP ")) return over.why;
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
