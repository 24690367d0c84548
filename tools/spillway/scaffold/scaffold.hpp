#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/manifest.hpp>
#include <spillway/status.hpp>

namespace spillway::cli {

/// Where the program and what belongs to it lie: `bin/spillway`, `share/spillway/templates` and
/// `lib/cmake/Spillway` below one folder, in a build tree and an installed prefix alike.
struct Installation {
    std::filesystem::path program;

    [[nodiscard]] std::filesystem::path prefix() const {
        return program.parent_path().parent_path();
    }
    [[nodiscard]] std::filesystem::path templates() const {
        return prefix() / "share" / "spillway" / "templates";
    }
};

/// What `plugins new` is asked for.
struct NewPlugin {
    Category category = Category::transform;
    std::string name;
    std::filesystem::path dir;          ///< --dir: where the folder is made; empty: see place_of
    std::filesystem::path working_dir;  ///< absolute
};

/// Where a new plugin goes.
struct Place {
    std::filesystem::path folder;    ///< the plugin's own
    std::filesystem::path checkout;  ///< of the Spillway tree it becomes a part of; else empty

    [[nodiscard]] bool in_tree() const noexcept { return !checkout.empty(); }
};

/// Without `dir`: `plugins/<category>s/<name>` of the checkout that the working folder lies in
/// (a venue is a source), else `./<name>`. With `dir`: `<dir>/<name>`; it belongs to a checkout if
/// `dir` is the folder of the category there.
[[nodiscard]] Place place_of(const NewPlugin& plugin);

/// What was made, and how to go on.
struct Scaffold {
    Place place;
    std::vector<std::filesystem::path> files;  ///< relative to the plugin's folder
    std::vector<std::string> commands;         ///< build, test, run: for a shell in the working dir
};

/// Makes the plugin's folder from the templates of its category. Nothing that exists is changed:
/// a folder or a plugin of that name is an error, and what was begun is removed after one.
[[nodiscard]] Result<Scaffold> make_plugin(const NewPlugin& plugin, const Installation& from);

}  // namespace spillway::cli
