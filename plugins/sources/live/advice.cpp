#include "advice.hpp"

#include <fmt/format.h>

#include "plan.hpp"

namespace spillway::live {

std::string_view advice_for(const Over& over) noexcept {
    switch (over.cause) {
        case Cause::dns:
            return "check the resolver of this machine, or name a `proxy`";
        case Cause::connect:
            return "check that a firewall lets it through, or name a `proxy`";
        case Cause::proxy:
            return "check the option `proxy` and the environment's HTTPS_PROXY";
        case Cause::tls:
            return "check the clock of this machine and who answers in the venue's place; name the "
                   "certificates of a proxy that inspects TLS with `ca_file`";
        case Cause::status:
            if (over.code == 451 || over.code == 403) {
                return "the venue does not serve this country or address: name a `proxy` "
                       "elsewhere, or take the source out of the pipeline";
            }
            if (over.code == 418 || over.code == 429) {
                return "too many requests from this address: see what else uses it; it is tried "
                       "again when the ban is over";
            }
            if (over.code == 401) return "check the key";
            return {};
        default:
            return {};
    }
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
