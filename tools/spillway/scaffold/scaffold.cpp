#include "scaffold/scaffold.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "scaffold/plugin_name.hpp"
#include "scaffold/template_text.hpp"

namespace spillway::cli {
namespace {

namespace fs = std::filesystem;

/// The folder below `plugins/`: a venue decodes what sources read.
std::string folder_of(Category category) {
    if (category == Category::venue) return "sources";
    return std::string(name_in(category_names, category)) + 's';
}

bool is_checkout(const fs::path& folder) {
    return fs::is_regular_file(folder / "framework/cmake/SpillwayTargets.cmake") &&
           fs::is_regular_file(folder / "plugins/CMakeLists.txt");
}

/// The checkout that `folder` lies in; empty if it lies in none.
fs::path checkout_of(const fs::path& folder) {
    for (fs::path at = folder;; at = at.parent_path()) {
        if (is_checkout(at)) return at;
        if (!at.has_relative_path()) return {};
    }
}

fs::path whole(const fs::path& folder, const fs::path& working_dir) {
    fs::path path = (working_dir / folder).lexically_normal();
    return path.has_filename() ? path : path.parent_path();  // a trailing slash
}

/// For a shell: quoted where it must be.
std::string word(const fs::path& path) {
    std::string text = path.string();
    const bool plain = std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/._-+@%,:=").find(c) != std::string_view::npos;
    });
    if (plain && !text.empty()) return text;
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + '\'';
}

/// As short as it can be written in the working folder.
std::string word_from(const fs::path& path, const fs::path& working_dir) {
    const fs::path relative = path.lexically_relative(working_dir);
    return word(relative.empty() || relative.string().starts_with("../..") ? path : relative);
}

/// Three lines for a shell in the working folder: build, test, run.
std::vector<std::string> next_commands(const NewPlugin& plugin, const Place& place,
                                       const Installation& from) {
    const std::string program = word_from(from.program, plugin.working_dir);
    const std::string& name = plugin.name;
    if (place.in_tree()) {
        fs::path build = from.prefix();
        if (!fs::exists(build / "CMakeCache.txt")) build = place.checkout / "build/release";
        const std::string tree = word_from(build, plugin.working_dir);
        return {fmt::format("cmake --build {} --target {}_plugin {}_test", tree, name, name),
                fmt::format("ctest --test-dir {} -R '^{}_test$' --output-on-failure", tree, name),
                fmt::format("{} run {}", program,
                            word_from(place.folder / "pipeline.yaml", plugin.working_dir))};
    }
    const bool in_path = from.prefix() == "/usr" || from.prefix() == "/usr/local";
    return {fmt::format("cd {} && cmake -B build{}", word_from(place.folder, plugin.working_dir),
                        in_path ? "" : " -DCMAKE_PREFIX_PATH=" + word(from.prefix())),
            "cmake --build build && ctest --test-dir build --output-on-failure",
            fmt::format("{} run pipeline.yaml --plugin-dir build/lib/spillway/plugins",
                        in_path ? "spillway" : word(from.program))};
}

Placeholders placeholders(const NewPlugin& plugin, const Place& place) {
    const std::string version = SPILLWAY_VERSION;
    const fs::path from_top =
        place.in_tree() ? place.folder.lexically_relative(place.checkout) / "" : fs::path();
    const std::string build = place.in_tree() ? "cmake --build build/release --target " +
                                                    plugin.name + "_plugin " + plugin.name + "_test"
                                              : "cmake -B build && cmake --build build";
    const std::string test = place.in_tree() ? "ctest --test-dir build/release -R '^" +
                                                   plugin.name + "_test$' --output-on-failure"
                                             : "ctest --test-dir build --output-on-failure";
    const std::string run = place.in_tree() ? "build/release/bin/spillway run " + from_top.string()
                                            : std::string(
                                                  "spillway run --plugin-dir "
                                                  "build/lib/spillway/plugins ");
    return {{"my_plugin", plugin.name},
            {"MyPlugin", class_name(plugin.name, plugin.category)},
            {"@abi@", std::to_string(abi_number)},
            {"@version@", version.substr(0, version.rfind('.'))},
            {"@folder@", from_top.string()},
            {"@build@", build},
            {"@test@", test},
            {"@run@", run + "pipeline.yaml"}};
}

std::string read_text(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The files of a category's template, relative to its folder, in the order of their names.
std::vector<fs::path> template_files(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder));
    }
    std::ranges::sort(files);
    return files;
}

Status io_error(const fs::path& path, std::string_view doing) {
    return {Code::io, fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(errno))};
}

Status write_files(const fs::path& from, const Scaffold& made, const Placeholders& values) {
    for (const fs::path& file : made.files) {
        std::string text = read_text(from / file);
        if (file == "CMakeLists.txt") text = build_file(text, made.place.in_tree());
        const fs::path target = made.place.folder / file;
        fs::create_directories(target.parent_path());
        std::ofstream out(target, std::ios::binary);
        out << fill(text, values);
        if (!out.flush()) return io_error(target, "write");
    }
    return {};
}

/// A target of the build has the plugin's name: it must be free in the whole tree.
Status check_free(const NewPlugin& plugin, const Place& place) {
    if (fs::exists(fs::symlink_status(place.folder))) {
        return {Code::bad_option, fmt::format("{} exists already; choose another name or another "
                                              "--dir, or remove it first",
                                              place.folder.string())};
    }
    if (!place.in_tree()) return {};
    for (const char* folder : {"sources", "transforms", "scorers", "sinks"}) {
        const fs::path other = place.checkout / "plugins" / folder / plugin.name;
        if (fs::exists(other)) {
            return {Code::bad_option, fmt::format("there is a plugin '{}' in {}; choose another "
                                                  "name",
                                                  plugin.name, other.string())};
        }
    }
    return {};
}

}  // namespace

Place place_of(const NewPlugin& plugin) {
    const fs::path checkout = checkout_of(
        plugin.dir.empty() ? plugin.working_dir : whole(plugin.dir, plugin.working_dir));
    const fs::path category = checkout / "plugins" / folder_of(plugin.category);
    if (plugin.dir.empty()) {
        if (checkout.empty()) return {plugin.working_dir / plugin.name, {}};
        return {category / plugin.name, checkout};
    }
    const fs::path parent = whole(plugin.dir, plugin.working_dir);
    const bool in_tree = !checkout.empty() && parent == category;
    return {parent / plugin.name, in_tree ? checkout : fs::path()};
}

Result<Scaffold> make_plugin(const NewPlugin& plugin, const Installation& from) {
    if (Status status = check_plugin_name(plugin.name); !status) return tl::unexpected(status);
    const fs::path templates = from.templates() / name_in(category_names, plugin.category);
    if (!fs::is_regular_file(templates / "CMakeLists.txt")) {
        return tl::unexpected(Status(
            Code::io, fmt::format("no templates in {}; install the program with `cmake --install`, "
                                  "or run the one of a build folder",
                                  templates.string())));
    }
    Scaffold made;
    made.place = place_of(plugin);
    if (Status status = check_free(plugin, made.place); !status) return tl::unexpected(status);
    made.files = template_files(templates);
    made.commands = next_commands(plugin, made.place, from);

    std::error_code error;
    fs::create_directories(made.place.folder.parent_path(), error);
    // Fails if somebody else made it in between: it is ours only if we made it.
    if (error || !fs::create_directory(made.place.folder, error)) {
        return tl::unexpected(Status(
            Code::io, fmt::format("cannot make {}: {}", made.place.folder.string(),
                                  error ? error.message() : std::string("it exists already"))));
    }
    if (Status status = write_files(templates, made, placeholders(plugin, made.place)); !status) {
        fs::remove_all(made.place.folder, error);
        return tl::unexpected(status);
    }
    return made;
}

}  // namespace spillway::cli
