#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/spec/explain.hpp"
#include "runtime/spec/load_pipeline.hpp"
#include "runtime/spec/load_tests.hpp"
#include "runtime/spec/testing/catalogue.hpp"

namespace {

using namespace spillway::runtime;

/// A file that is only in memory, since the loader reads files.
class MemoryFile {
public:
    MemoryFile(const std::uint8_t* data, std::size_t size)
        : descriptor_(::memfd_create("pipeline.yaml", MFD_CLOEXEC)) {
        if (::write(descriptor_, data, size) != static_cast<ssize_t>(size)) std::abort();
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { ::close(descriptor_); }
    [[nodiscard]] std::filesystem::path path() const {
        return "/proc/self/fd/" + std::to_string(descriptor_);
    }

private:
    int descriptor_;
};

/// Diagnostics point into the file and print.
void check(const Diagnostics& diagnostics) {
    for (const Diagnostic& one : diagnostics) {
        if (one.message.empty() || one.line < 0 || one.column < 0) std::abort();
    }
    static_cast<void>(to_text(diagnostics));
}

}  // namespace

/// Any bytes as a pipeline file, and as one with tests: read, or refused with reasons.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    static const Catalogue catalogue = testing::catalogue();
    // A secret may come from a pipe, for which the loader waits as long as it takes.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (text.find("${file:") != text.npos) return -1;
    const MemoryFile file(data, size);
    LoadOptions options;
    options.environment = [](std::string_view name) {
        return name.size() % 2 == 0 ? std::optional<std::string>("value") : std::nullopt;
    };
    Diagnostics warnings;
    const auto spec = load_pipeline(file.path(), catalogue, options, &warnings);
    check(warnings);
    if (!spec) check(spec.error());
    if (!spec && spec.error().empty()) std::abort();
    if (const auto tests = load_tests(file.path(), catalogue); !tests) check(tests.error());
    return 0;
}
