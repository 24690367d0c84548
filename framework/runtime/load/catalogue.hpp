#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "runtime/load/description.hpp"

namespace spillway::runtime {

/// Why a plugin file is not offered, and what to do about it.
struct PluginProblem {
    std::filesystem::path file;
    std::string reason;
    std::string fix;
};

/// The plugins found on the search path; their code is not run. Folders are searched in order and
/// the first plugin of a (category, name) wins. Files that cannot be used become problems and take
/// nothing else down.
class Catalogue {
public:
    [[nodiscard]] static Catalogue scan(std::span<const std::filesystem::path> folders);

    [[nodiscard]] const PluginDescription* find(Category category,
                                                std::string_view name) const noexcept;
    [[nodiscard]] std::span<const PluginDescription> plugins() const noexcept { return plugins_; }
    [[nodiscard]] std::span<const PluginProblem> problems() const noexcept { return problems_; }
    /// For tests and embedding: a plugin described by hand.
    void add(PluginDescription description) { plugins_.push_back(std::move(description)); }

private:
    std::vector<PluginDescription> plugins_;
    std::vector<PluginProblem> problems_;
};

}  // namespace spillway::runtime
