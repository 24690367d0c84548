#include "options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "common/venues/chosen_markets.hpp"

namespace spillway::coingecko {
namespace {

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

}  // namespace

Status Options::check() const {
    for (const std::string& entry : ids) {
        const std::size_t equals = entry.find('=');
        const bool is_entry = equals != std::string::npos && equals > 0 &&
                              equals + 1 < entry.size() &&
                              std::all_of(entry.begin() + static_cast<std::ptrdiff_t>(equals) + 1,
                                          entry.end(), is_id_character);
        if (!is_entry) {
            return bad_option("ids", fmt::format("'{}' is not of the form MARKET=id; ids stand in "
                                                 "the address of a coin's page: PEPE=pepe",
                                                 entry));
        }
    }
    if (!std::all_of(api_key.begin(), api_key.end(), is_visible)) {
        return bad_option("api_key", "has blanks or other characters that no key has");
    }
    return venues::check_markets(markets);
}

}  // namespace spillway::coingecko
