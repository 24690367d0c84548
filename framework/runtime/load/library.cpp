#include "runtime/load/library.hpp"

#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include <boost/dll/shared_library.hpp>
#include <cxxabi.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include "runtime/load/refusal.hpp"

namespace spillway::runtime {
namespace {

constexpr const char* factory_name = "spillway_create";

/// The dynamic linker's words within the text of Boost's exception:
/// "... (dlerror system message: /a/x.so: undefined symbol: f): Bad file descriptor".
std::string linker_message(const std::exception& error, const std::filesystem::path& file) {
    constexpr std::string_view start = "dlerror system message: ";
    std::string_view text = error.what();
    if (const auto at = text.find(start); at != std::string_view::npos) {
        text.remove_prefix(at + start.size());
        text = text.substr(0, text.rfind("): "));
    }
    const std::string path = file.string() + ": ";
    if (text.starts_with(path)) text.remove_prefix(path.size());
    return std::string(text);
}

/// "f(int)" for "_Z1fi"; other names as they are.
std::string demangled(const std::string& symbol) {
    int failed = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &failed), &std::free);
    return failed == 0 && name != nullptr ? std::string(name.get()) : symbol;
}

/// Words between `before` and `after` (or the end), if `text` has `before`.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    const auto at = text.find(before);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + before.size());
    return text.substr(0, text.find(after));
}

Refusal explain(const std::string& message, const std::filesystem::path& file) {
    const std::string_view text = message;
    if (const auto symbol = between(text, "undefined symbol: ", " "); !symbol.empty()) {
        const std::string trimmed(symbol.substr(0, symbol.find(',')));
        return {
            fmt::format("undefined symbol: {}", demangled(trimmed)),
            "Add the source that defines it to SOURCES of its spillway_plugin(), or the library "
            "to LIBRARIES; a symbol of spillway:: means it needs another version, so build it "
            "again."};
    }
    if (std::error_code error; !std::filesystem::exists(file, error)) {
        return {"the file is not there", "Restore it: it was there when plugins were listed."};
    }
    if (text.find("cannot open shared object file") != std::string_view::npos) {
        return {
            fmt::format("a library that it needs is missing: {}", text.substr(0, text.find(':'))),
            fmt::format("Install that library; `ldd '{}'` lists all that it needs.",
                        file.string())};
    }
    if (text.find("version `") != std::string_view::npos &&
        text.find("not found") != std::string_view::npos) {
        return {fmt::format("it was built on a newer system: {}", text),
                "Build the plugin on this system, or on one as old."};
    }
    if (text.find("failed to map segment") != std::string_view::npos) {
        return {fmt::format("the system does not let it run: {}", text),
                "Check that its disk is not mounted `noexec`."};
    }
    return {fmt::format("it cannot be loaded: {}", text), "Copy or build the plugin again."};
}

}  // namespace

tl::expected<Library, PluginProblem> Library::load(const std::filesystem::path& file) {
    namespace dll = boost::dll;
    const auto refuse = [&](Refusal refusal) {
        return tl::unexpected(
            PluginProblem{file, std::move(refusal.reason), std::move(refusal.fix)});
    };
    try {
        // Boost.DLL hands flags that it does not know to dlopen: with this one the destructor of
        // `library` does not unload.
        constexpr auto stay_loaded = static_cast<dll::load_mode::type>(RTLD_NODELETE);
        const dll::shared_library library(
            file, dll::load_mode::rtld_now | dll::load_mode::rtld_local | stay_loaded);
        if (!library.has(factory_name)) {
            return refuse({fmt::format("it does not export {}()", factory_name),
                           "Put SPILLWAY_PLUGIN(Type) into one of its sources and keep the symbol "
                           "when stripping or hiding symbols."});
        }
        return Library(file, &library.get<Create>(factory_name));
    } catch (const std::system_error& error) {
        return refuse(explain(linker_message(error, file), file));
    }
}

tl::expected<std::unique_ptr<Plugin>, PluginProblem> Library::create() const {
    std::unique_ptr<Plugin> plugin(create_());
    if (plugin == nullptr) {
        return tl::unexpected(PluginProblem{
            file_, "the constructor of its plugin threw an exception",
            "This is a defect of the plugin: its constructor must not fail. Work that may fail "
            "belongs in check() or begin()."});
    }
    return plugin;
}

}  // namespace spillway::runtime
