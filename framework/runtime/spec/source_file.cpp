#include "runtime/spec/source_file.hpp"

#include <fstream>
#include <iterator>
#include <utility>

namespace spillway::runtime {
namespace {

constexpr std::uintmax_t size_limit = std::uintmax_t{4} << 20U;

}  // namespace

Diagnostics file_error(const std::filesystem::path& file, std::string message,
                       std::string suggestion) {
    return {{file.string(),
             0,
             0,
             {},
             DiagnosticLevel::error,
             std::move(message),
             std::move(suggestion),
             {}}};
}

tl::expected<SourceText, Diagnostics> read_source(const std::filesystem::path& file) {
    std::error_code error;
    const auto refuse = [&](std::string message, std::string suggestion) {
        return tl::unexpected(file_error(file, std::move(message), std::move(suggestion)));
    };
    if (!std::filesystem::exists(file, error)) return refuse("no such file", "check the path");
    if (!std::filesystem::is_regular_file(file, error)) {
        return refuse("is no regular file", "name a pipeline file");
    }
    if (std::filesystem::file_size(file, error) > size_limit) {
        return refuse("is larger than 4 MiB", "is this a pipeline file?");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return refuse("cannot be read", "check its permissions");
    return SourceText(file.string(), std::string(std::istreambuf_iterator<char>(stream), {}));
}

}  // namespace spillway::runtime
