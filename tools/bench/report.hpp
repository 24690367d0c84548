#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench {

/// One figure. The key names its unit, such as `p99_us`.
struct Figure {
    std::string key;
    double value = 0;
    std::string meaning;
};

/// What a benchmark found, and what exactly it did.
struct Report {
    std::string benchmark;
    std::string measured;  ///< one sentence
    std::size_t runs = 1;
    std::vector<Figure> figures;

    void add(std::string key, double value, std::string meaning) {
        figures.push_back({std::move(key), value, std::move(meaning)});
    }
    [[nodiscard]] const Figure* find(std::string_view key) const;
};

/// Circumstances without which figures mean little.
struct Machine {
    unsigned cores = 0;
    double load_average = 0;  ///< of the last minute
    bool assertions = false;  ///< a build without NDEBUG is slow
};
[[nodiscard]] Machine this_machine();

[[nodiscard]] std::string to_text(const Report& report, const Machine& machine);
/// One object; every figure is a key of its own.
[[nodiscard]] std::string to_json(const Report& report, const Machine& machine);

}  // namespace spillway::bench
