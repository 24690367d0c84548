#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <spillway/assessment.hpp>
#include <spillway/detail/sanitizer.hpp>
#include <spillway/manifest.hpp>

namespace spillway::detail {

/// JSON at compile time. Used twice: once counting, once into an array of that size.
class ConstexprJson {
public:
    constexpr explicit ConstexprJson(char* out) noexcept : out_(out) {}
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }

    constexpr ConstexprJson& open(char bracket) noexcept {
        comma();
        put(bracket);
        return *this;
    }
    constexpr ConstexprJson& close(char bracket) noexcept {
        put(bracket);
        return *this;
    }
    constexpr ConstexprJson& key(std::string_view name) noexcept {
        text(name);
        put(':');
        return *this;
    }
    constexpr void text(std::string_view value) noexcept {
        comma();
        put('"');
        for (const char c : value) {
            if (c == '"' || c == '\\') put('\\');
            put(c);
        }
        put('"');
    }
    constexpr void boolean(bool value) noexcept {
        comma();
        for (const char c : std::string_view(value ? "true" : "false")) put(c);
    }
    /// Exact to nine decimals, which is how bounds of options are written.
    constexpr void number(double value) noexcept {
        comma();
        if (value < 0) put('-');
        value = value < 0 ? -value : value;
        const auto whole = static_cast<std::uint64_t>(value);
        digits(whole);
        // NOLINTNEXTLINE(bugprone-incorrect-roundings): not negative, and lround is not constexpr
        auto rest = static_cast<std::uint64_t>((value - static_cast<double>(whole)) * 1e9 + 0.5);
        if (rest != 0) put('.');
        for (std::uint64_t scale = 100'000'000; rest != 0; scale /= 10) {
            put(static_cast<char>('0' + rest / scale));
            rest %= scale;
        }
    }

private:
    constexpr void put(char c) noexcept {
        if (out_ != nullptr) out_[size_] = c;
        ++size_;
        previous_ = c;
    }
    constexpr void comma() noexcept {
        if (previous_ != '{' && previous_ != '[' && previous_ != ':' && size_ != 0) put(',');
    }
    constexpr void digits(std::uint64_t value) noexcept {
        char reversed[20] = {};
        std::size_t count = 0;
        do {
            reversed[count++] = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        while (count > 0) put(reversed[--count]);
    }

    char* out_;
    std::size_t size_ = 0;
    char previous_ = '{';
};

inline constexpr std::array<std::string_view, 11> option_type_names = {
    "boolean", "integer", "number", "duration", "size",   "text",
    "path",    "secret",  "choice", "texts",    "numbers"};

constexpr void write_kinds(ConstexprJson& json, KindSet kinds) noexcept {
    json.open('[');
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        if (kinds.has(static_cast<Kind>(k))) json.text(kind_names[k]);
    }
    json.close(']');
}

template <class Texts>
constexpr void write_texts(ConstexprJson& json, const Texts& texts) noexcept {
    json.open('[');
    for (const std::string_view text : texts) json.text(text);
    json.close(']');
}

template <class Options>
constexpr void write_option(ConstexprJson& json, const Option<Options>& option) noexcept {
    json.open('{');
    json.key("name").text(option.name);
    json.key("type").text(option_type_names[static_cast<std::size_t>(option.type)]);
    json.key("doc").text(option.doc);
    if (option.has_fallback) json.key("default").text(option.fallback);
    if (!option.unit.empty()) json.key("unit").text(option.unit);
    if (option.has_minimum) json.key("minimum").number(option.minimum);
    if (option.has_maximum) json.key("maximum").number(option.maximum);
    if (!option.choices.empty()) {
        json.key("choices");
        write_texts(json, option.choices);
    }
    json.close('}');
}

/// The description of a plugin as JSON: `about`, `options` and, for scorers, `outputs`.
template <class Plugin>
constexpr void write_manifest(ConstexprJson& json) noexcept {
    constexpr const About& about = Plugin::about;
    json.open('{');
    json.key("name").text(about.name);
    json.key("category").text(category_names[static_cast<std::size_t>(Plugin::category)]);
    json.key("version").text(about.version);
    json.key("summary").text(about.summary);
    json.key("consumes");
    write_kinds(json, about.consumes);
    json.key("emits");
    write_kinds(json, about.emits);
    json.key("traits").open('[');
    for (std::size_t bit = 0; bit < trait_names.size(); ++bit) {
        if (has(about.traits, static_cast<Trait>(1U << bit))) json.text(trait_names[bit]);
    }
    json.close(']');
    json.key("ports");
    write_texts(json, about.ports);
    json.key("state_version").number(about.state_version);
    json.key("options").open('[');
    for (const auto& option : Plugin::option_list.items) write_option(json, option);
    if constexpr (requires { Plugin::engine_options; }) {
        for (const auto& option : Plugin::engine_options.items) write_option(json, option);
    }
    json.close(']');
    if constexpr (requires { Plugin::outputs; }) {
        json.key("outputs").open('[');
        for (const auto& output : Plugin::outputs) {
            json.open('{');
            json.key("name").text(output.name);
            json.key("headline").boolean(output.headline);
            json.key("directed").boolean(output.directed);
            json.key("components").open('[');
            for (const auto& component : output.components) {
                json.open('{');
                json.key("name").text(component.name);
                json.key("cap").number(component.cap);
                json.key("weight").number(component.weight);
                json.key("trend").text(name_in(trend_names, component.trend));
                json.close('}');
            }
            json.close(']');
            json.close('}');
        }
        json.close(']');
    }
    json.close('}');
}

template <class Plugin>
consteval std::size_t manifest_size() noexcept {
    ConstexprJson counting(nullptr);
    write_manifest<Plugin>(counting);
    return counting.size();
}

/// What lies in the ELF section: header and JSON, no pointers.
template <std::size_t JsonSize>
struct ManifestBytes {
    ManifestHeader header;
    char json[JsonSize];
};

consteval void copy_text(char* out, std::size_t capacity, std::string_view text) noexcept {
    for (std::size_t i = 0; i < std::min(capacity - 1, text.size()); ++i) out[i] = text[i];
}

template <class Plugin>
consteval auto make_manifest() noexcept {
    constexpr std::size_t size = manifest_size<Plugin>();
    ManifestBytes<size> bytes{};
    copy_text(bytes.header.magic, sizeof(bytes.header.magic) + 1, "SPILLWAY");
    bytes.header.abi = abi_number;
    bytes.header.json_size = size;
    copy_text(bytes.header.compiler, sizeof(bytes.header.compiler),
#if defined(__clang__)
              "clang " __clang_version__
#else
              "gcc " __VERSION__
#endif
    );
    copy_text(bytes.header.sanitizer, sizeof(bytes.header.sanitizer), sanitizer_name());
    ConstexprJson json(bytes.json);
    write_manifest<Plugin>(json);
    return bytes;
}

}  // namespace spillway::detail
