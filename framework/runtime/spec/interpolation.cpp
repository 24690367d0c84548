#include "runtime/spec/interpolation.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fmt/format.h>

namespace spillway::runtime {
namespace {

constexpr std::string_view file_prefix = "file:";
constexpr std::size_t secret_size_limit = std::size_t{64} << 10U;

std::optional<std::string> process_environment(std::string_view name) {
    const char* value = std::getenv(std::string(name).c_str());
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) noexcept { return is_letter(c) || (c >= '0' && c <= '9'); }

tl::expected<std::string, ExpansionError> read_secret(const std::string& path) {
    std::error_code error;
    const auto refuse = [&](std::string_view why) {
        return tl::unexpected(ExpansionError{fmt::format("'{}' of ${{file:..}} {}", path, why),
                                             "check the path and its permissions"});
    };
    if (!std::filesystem::exists(path, error)) return refuse("does not exist");
    if (std::filesystem::is_directory(path, error)) return refuse("is a folder");
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return refuse("cannot be read");
    std::string content(secret_size_limit + 1, '\0');
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(stream.gcount()));
    if (content.size() > secret_size_limit) return refuse("is larger than 64 KiB");
    if (content.ends_with('\n')) content.pop_back();
    if (content.ends_with('\r')) content.pop_back();
    return content;
}

void note(Expansion& into, Origin origin, std::string_view detail) {
    // A secret outranks a variable, a variable outranks a default.
    constexpr auto rank = [](Origin from) {
        return from == Origin::secret ? 2 : from == Origin::environment ? 1 : 0;
    };
    if (rank(origin) < rank(into.origin)) return;
    if (rank(origin) > rank(into.origin)) into.detail.clear();
    into.origin = origin;
    if (!into.detail.empty()) into.detail += ", ";
    into.detail += detail;
}

}  // namespace

Interpolation::Interpolation(Environment environment)
    : environment_(environment ? std::move(environment) : Environment(process_environment)) {}

tl::expected<Expansion, ExpansionError> Interpolation::expand(std::string_view text) const {
    Expansion result;
    while (!text.empty()) {
        const std::size_t dollar = std::min(text.find('$'), text.size());
        result.text += text.substr(0, dollar);
        text.remove_prefix(dollar);
        if (text.starts_with("$$")) {
            result.text += '$';
            text.remove_prefix(2);
        } else if (text.starts_with("${")) {
            const std::size_t end = text.find('}');
            if (end == std::string_view::npos) {
                return tl::unexpected(ExpansionError{
                    "'${' without '}'", "close it, or write $${ for these two characters"});
            }
            if (auto done = put_in(text.substr(2, end - 2), result); !done) {
                return tl::unexpected(std::move(done.error()));
            }
            text.remove_prefix(end + 1);
        } else if (!text.empty()) {
            result.text += '$';
            text.remove_prefix(1);
        }
    }
    return result;
}

tl::expected<void, ExpansionError> Interpolation::put_in(std::string_view reference,
                                                         Expansion& into) const {
    if (reference.starts_with(file_prefix)) {
        const std::string path(reference.substr(file_prefix.size()));
        auto content = read_secret(path);
        if (!content) return tl::unexpected(std::move(content.error()));
        into.text += *content;
        into.secret = true;
        note(into, Origin::secret, path);
        return {};
    }
    const auto* const name_end = std::find_if_not(reference.begin(), reference.end(), is_name_part);
    const std::string_view name(reference.begin(),
                                static_cast<std::size_t>(name_end - reference.begin()));
    const std::string_view rest = reference.substr(name.size());
    const bool known_form = rest.empty() || rest.starts_with(":-") || rest.starts_with(":?");
    if (name.empty() || !is_letter(name.front()) || !known_form) {
        return tl::unexpected(ExpansionError{
            fmt::format("'${{{}}}' is not a reference to a variable", reference),
            "write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${file:PATH}; $$ is a dollar"});
    }
    const std::optional<std::string> value = environment_(name);
    if (value && (rest.empty() || !value->empty())) {
        into.text += *value;
        note(into, Origin::environment, name);
    } else if (rest.starts_with(":-")) {
        into.text += rest.substr(2);
        note(into, Origin::file, fmt::format("default of ${{{}}}", name));
    } else if (rest.starts_with(":?") && rest.size() > 2) {
        return tl::unexpected(
            ExpansionError{fmt::format("the variable {} is not set: {}", name, rest.substr(2)),
                           fmt::format("set {0} in the environment", name)});
    } else {
        return tl::unexpected(ExpansionError{
            fmt::format("the variable {} is not set", name),
            fmt::format("set it in the environment, or write ${{{}:-default}}", name)});
    }
    return {};
}

bool is_one_reference(std::string_view text) noexcept {
    return text.starts_with("${") && text.find('}') == text.size() - 1;
}

}  // namespace spillway::runtime
