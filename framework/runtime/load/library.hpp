#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include <tl/expected.hpp>

#include <spillway/plugin.hpp>

#include "runtime/load/catalogue.hpp"

namespace spillway::runtime {

/// A plugin library in this process. Libraries are never unloaded: code of theirs may be
/// registered anywhere, so a Library may be copied, and destroyed before its plugins.
///
/// Loading runs the library's static constructors. One that throws, exits or hangs takes the
/// process with it: see preflight.hpp.
class Library {
public:
    /// Resolves every symbol at once, so that a missing one shows now and not in the middle of a
    /// run. `file` is one that the catalogue offers. Not for hot paths: loads from disk.
    [[nodiscard]] static tl::expected<Library, PluginProblem> load(
        const std::filesystem::path& file);

    /// A new plugin object, for one node.
    [[nodiscard]] tl::expected<std::unique_ptr<Plugin>, PluginProblem> create() const;

private:
    using Create = Plugin*();
    Library(std::filesystem::path file, Create* factory)
        : file_(std::move(file)), create_(factory) {}

    std::filesystem::path file_;
    Create* create_;
};

}  // namespace spillway::runtime
