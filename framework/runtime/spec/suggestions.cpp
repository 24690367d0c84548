#include "runtime/spec/suggestions.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace spillway::runtime {
namespace {

bool same_letter(char a, char b) noexcept {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> previous(b.size() + 1);
    std::vector<std::size_t> current(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t cost = same_letter(a[i - 1], b[j - 1]) ? 0 : 1;
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost});
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1])) {
                current[j] = std::min(current[j], before[j - 2] + 1);
            }
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous[b.size()];
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t best_distance = 0;
    for (const std::string_view candidate : known) {
        const std::size_t longest = std::max(word.size(), candidate.size());
        const std::size_t distance = edit_distance(word, candidate);
        // A third of the letters may be wrong; short words need to be nearly right.
        const bool near = distance <= std::max<std::size_t>(1, longest / 3) && distance < longest;
        if (near && (best.empty() || distance < best_distance)) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string suggest(std::string_view word, std::span<const std::string_view> known) {
    if (const std::string_view best = nearest(word, known); !best.empty()) {
        return fmt::format("did you mean '{}'?", best);
    }
    return known.empty() ? std::string() : "known: " + comma_list(known);
}

}  // namespace spillway::runtime
