#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <spillway/kind.hpp>
#include <spillway/manifest.hpp>

namespace spillway::runtime {

[[nodiscard]] inline std::string_view name_of(Category category) {
    return category_names[static_cast<std::size_t>(category)];
}

[[nodiscard]] inline std::vector<std::string_view> names_in(KindSet kinds) {
    std::vector<std::string_view> names;
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        if (kinds.has(static_cast<Kind>(k))) names.push_back(kind_names[k]);
    }
    return names;
}

[[nodiscard]] inline std::vector<std::string_view> names_in(Trait traits) {
    std::vector<std::string_view> names;
    for (std::size_t bit = 0; bit < trait_names.size(); ++bit) {
        if (has(traits, static_cast<Trait>(1U << bit))) names.push_back(trait_names[bit]);
    }
    return names;
}

}  // namespace spillway::runtime
