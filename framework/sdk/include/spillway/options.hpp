#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <spillway/status.hpp>
#include <spillway/time.hpp>

namespace spillway {

/// What a user writes for an option, and how it is checked.
enum class OptionType : std::uint8_t {
    boolean,   ///< true, false
    integer,   ///< 64-bit
    number,    ///< double; `_` may group digits
    duration,  ///< "5s", "1h30m"; int64 nanoseconds
    size,      ///< "64MiB"; int64 bytes
    text,
    path,     ///< relative paths start at the current directory; data paths at --data-dir
    secret,   ///< text that is never printed
    choice,   ///< one of `choices`; the index arrives
    texts,    ///< list of texts
    numbers,  ///< map from text to number
};

/// A checked option value on its way into a plugin: plain data, owned by the runtime, valid
/// during `configure`.
struct OptionValue {
    OptionType type = OptionType::text;
    std::int64_t integer = 0;  ///< boolean, integer, duration, size, choice
    double number = 0;
    std::string_view text;  ///< text, path, secret
    std::span<const std::string_view> texts;
    std::span<const std::pair<std::string_view, double>> numbers;
};

/// One option of a plugin whose options live in a struct `Options`: the member it fills, and all
/// that users are told about it. Build it with the functions below.
template <class Options>
struct Option {
    std::string_view name;
    OptionType type = OptionType::text;
    std::string_view doc;
    std::string_view fallback = {};  ///< default, written as in YAML; lists comma-separated
    bool has_fallback = false;
    std::string_view unit = {};
    double minimum = 0, maximum = 0;
    bool has_minimum = false, has_maximum = false;
    std::span<const std::string_view> choices = {};
    void (*assign)(Options&, const OptionValue&) = nullptr;

    /// Default, in the notation of a pipeline file. An option without one is required.
    [[nodiscard]] consteval Option otherwise(std::string_view text) const {
        Option copy = *this;
        copy.fallback = text;
        copy.has_fallback = true;
        return copy;
    }
    [[nodiscard]] consteval Option in(std::string_view measure) const {
        Option copy = *this;
        copy.unit = measure;
        return copy;
    }
    /// Bounds are inclusive; durations in nanoseconds, sizes in bytes.
    [[nodiscard]] consteval Option at_least(double bound) const {
        Option copy = *this;
        copy.minimum = bound;
        copy.has_minimum = true;
        return copy;
    }
    [[nodiscard]] consteval Option at_most(double bound) const {
        Option copy = *this;
        copy.maximum = bound;
        copy.has_maximum = true;
        return copy;
    }
};

namespace detail {
template <class T>
struct MemberOf;
template <class Class, class Member>
struct MemberOf<Member Class::*> {
    using Owner = Class;
    using Type = Member;
};
template <auto Pointer>
using Owner = typename MemberOf<decltype(Pointer)>::Owner;
template <auto Pointer>
using Type = typename MemberOf<decltype(Pointer)>::Type;

template <auto Pointer>
void assign_integer(Owner<Pointer>& options, const OptionValue& value) {
    options.*Pointer = static_cast<Type<Pointer>>(value.integer);
}
template <auto Pointer>
void assign_number(Owner<Pointer>& options, const OptionValue& value) {
    options.*Pointer = value.number;
}
template <auto Pointer>
void assign_text(Owner<Pointer>& options, const OptionValue& value) {
    options.*Pointer = std::string(value.text);
}
template <auto Pointer>
void assign_texts(Owner<Pointer>& options, const OptionValue& value) {
    (options.*Pointer).assign(value.texts.begin(), value.texts.end());
}
template <auto Pointer>
void assign_numbers(Owner<Pointer>& options, const OptionValue& value) {
    (options.*Pointer).clear();
    for (const auto& [name, number] : value.numbers) (options.*Pointer)[std::string(name)] = number;
}
template <auto Pointer>
constexpr Option<Owner<Pointer>> make(std::string_view name, OptionType type, std::string_view doc,
                                      void (*assign)(Owner<Pointer>&, const OptionValue&)) {
    Option<Owner<Pointer>> option{name, type, doc};
    option.assign = assign;
    return option;
}
}  // namespace detail

/// `option::duration<&Options::window>("window", "Length of a window.").otherwise("1m")`
namespace option {
template <auto Member>
consteval auto boolean(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::boolean, doc, &detail::assign_integer<Member>);
}
template <auto Member>
consteval auto integer(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::integer, doc, &detail::assign_integer<Member>);
}
template <auto Member>
consteval auto number(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::number, doc, &detail::assign_number<Member>);
}
template <auto Member>
consteval auto duration(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::duration, doc, &detail::assign_integer<Member>);
}
template <auto Member>
consteval auto size(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::size, doc, &detail::assign_integer<Member>);
}
template <auto Member>
consteval auto text(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::text, doc, &detail::assign_text<Member>);
}
template <auto Member>
consteval auto path(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::path, doc, &detail::assign_text<Member>);
}
template <auto Member>
consteval auto secret(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::secret, doc, &detail::assign_text<Member>);
}
/// `choices` must outlive the program (a static array); the member is an enum or an integer.
template <auto Member, std::size_t Count>
consteval auto choice(std::string_view name, const std::array<std::string_view, Count>& choices,
                      std::string_view doc) {
    auto made =
        detail::make<Member>(name, OptionType::choice, doc, &detail::assign_integer<Member>);
    made.choices = choices;
    return made;
}
template <auto Member>
consteval auto texts(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::texts, doc, &detail::assign_texts<Member>);
}
template <auto Member>
consteval auto numbers(std::string_view name, std::string_view doc) {
    return detail::make<Member>(name, OptionType::numbers, doc, &detail::assign_numbers<Member>);
}
}  // namespace option

/// All options of a plugin, in the order that help shows them.
template <class Options, std::size_t Count>
struct OptionList {
    std::array<Option<Options>, Count> items;

    /// Fills `options` from checked values, in the order of the list.
    void assign(Options& options, std::span<const OptionValue> values) const {
        for (std::size_t i = 0; i < Count && i < values.size(); ++i) {
            items[i].assign(options, values[i]);
        }
    }
};

template <class Options, class... More>
consteval auto options(const Option<Options>& first, const More&... more) {
    return OptionList<Options, 1 + sizeof...(More)>{{first, more...}};
}
/// For a plugin without options.
struct NoOptions {};
consteval auto no_options() { return OptionList<NoOptions, 0>{}; }

}  // namespace spillway
