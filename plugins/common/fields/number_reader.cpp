#include "common/fields/number_reader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace spillway::fields {
namespace {

/// Edits (insert, delete, replace) that make `a` of `b`.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

NumberReader::NumberReader(std::string_view name) {
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        const auto kind = static_cast<Kind>(k);
        const FieldInfo* field = find_field(kind, name);
        if (field == nullptr || !is_numeric(field->type)) continue;
        places_[k] = {1U << (8U + index_of(kind, *field)), field->offset, field->type, field};
        kinds_.add(kind);
    }
}

std::string suggest(std::string_view word, std::span<const std::string_view> among) {
    std::string_view best;
    std::size_t least = 1 + word.size() / 3;
    for (const std::string_view candidate : among) {
        const std::size_t edits = distance(word, candidate);
        if (edits < least || (edits == least && best.empty())) {
            least = edits;
            best = candidate;
        }
    }
    return best.empty() ? std::string() : "; did you mean '" + std::string(best) + "'?";
}

std::string suggest_field(std::string_view name, std::span<const std::string_view> also) {
    std::vector<std::string_view> known(also.begin(), also.end());
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        for (const FieldInfo& field : fields_of(static_cast<Kind>(k))) known.push_back(field.name);
    }
    return suggest(name, known);
}

}  // namespace spillway::fields
