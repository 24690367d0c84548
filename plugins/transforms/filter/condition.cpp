#include "condition.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "common/fields/number_reader.hpp"
#include "parser.hpp"

namespace spillway::filter {
namespace {

constexpr std::array<std::string_view, 7> header_fields = {
    "kind", "venue", "instrument", "market", "simulated", "trial", "estimate"};

/// What a field is in one kind.
struct Place {
    FieldType type;
    std::uint16_t offset = 0;
    std::uint32_t presence = 0;
    std::span<const std::string_view> choices;
};

bool parse_number(std::string_view text, double& out) {
    std::string digits;
    for (const char c : text) {
        if (c != '_') digits += c;
    }
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc() && end == digits.data() + digits.size();
}

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A comparison as a range; `below` and `above` are the neighbours of `value`.
template <class Number>
void bound(Compare compare, Number value, Number below, Number above, Number& low, Number& high) {
    using Limits = std::numeric_limits<Number>;
    const Number least = Limits::has_infinity ? -Limits::infinity() : Limits::min();
    const Number most = Limits::has_infinity ? Limits::infinity() : Limits::max();
    switch (compare) {
        case Compare::equal:
        case Compare::not_equal:
            low = high = value;
            return;
        case Compare::less:
            low = least, high = below;
            return;
        case Compare::less_equal:
            low = least, high = value;
            return;
        case Compare::greater:
            low = above, high = most;
            return;
        case Compare::greater_equal:
            low = value, high = most;
            return;
    }
}

void insert(std::vector<std::uint64_t>& set, std::uint64_t value) {
    if (value / 64 >= set.size()) set.resize(value / 64 + 1);
    set[value / 64] |= 1ULL << value % 64;
}

/// Index of a choice; nothing if the list has no such text.
std::optional<std::uint64_t> choice_of(std::span<const std::string_view> choices,
                                       std::string_view text) {
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (choices[i] == text) return i;
    }
    return {};
}

std::string quoted(const Token& token) { return fmt::format("'{}'", token.text); }

Status wrong(const Token& token, const std::string& message) {
    return wrong_at(token.column, message).value();
}

/// Numbers, counts and durations: the value lies in a range.
Status compile_range(const Parsed& parsed, FieldType type, Test& test) {
    const Token& first = parsed.values[0];
    const bool duration = type == FieldType::duration;
    if (parsed.list) {
        return wrong(first, fmt::format("{} are compared one by one, not 'in' a list",
                                        duration ? "durations" : "numbers"));
    }
    double number = 0;
    if (type == FieldType::number) {
        test.op = Test::Op::number;
        if (!parse_number(first.text, number)) {
            return wrong(first, quoted(first) + " is not a number");
        }
        bound(parsed.compare, number, std::nextafter(number, -infinity),
              std::nextafter(number, infinity), test.low, test.high);
        return {};
    }
    test.op = Test::Op::integer;
    std::int64_t whole = 0;
    if (duration) {
        if (!parse_duration(first.text, whole)) {
            return wrong(first, quoted(first) + " is not a duration such as 5m");
        }
    } else {
        test.width = type == FieldType::count ? 8 : 4;
        if (!parse_number(first.text, number) || number < 0 || number > 1e15 ||
            number != static_cast<double>(static_cast<std::int64_t>(number))) {
            return wrong(first, quoted(first) + " is not a whole number");
        }
        whole = static_cast<std::int64_t>(number);
    }
    bound(parsed.compare, whole, whole - 1, whole + 1, test.lowest, test.highest);
    return {};
}

/// One value of the set that an event's value is looked for in. Choices that this kind does not
/// have are left out; whether any kind has them is checked by the caller.
Status compile_member(const Parsed& parsed, const Token& value, const Place& place, Test& test) {
    switch (place.type) {
        case FieldType::boolean:
            test.width = 1;
            if (value.text != "true" && value.text != "false") {
                return wrong(value, quoted(value) + " is neither true nor false");
            }
            insert(test.set, value.text == "true" ? 1 : 0);
            return {};
        case FieldType::choice:
            test.width = 1;
            if (const auto choice = choice_of(place.choices, value.text)) {
                insert(test.set, *choice);
            }
            return {};
        case FieldType::name:
            test.width = 4;
            insert(test.set, static_cast<std::uint64_t>(name_id(value.text)));
            return {};
        case FieldType::venue:
            test.width = 2;
            insert(test.set, static_cast<std::uint64_t>(venue_id(value.text)));
            return {};
        default:
            return wrong(parsed.field, "this field can only be used in present(..)");
    }
}

/// Compiles the right-hand side for one place.
Status compile(const Parsed& parsed, const Place& place, Test& test) {
    test.outside = parsed.negated;
    switch (place.type) {
        case FieldType::number:
        case FieldType::count:
        case FieldType::count32:
        case FieldType::duration:
            return compile_range(parsed, place.type, test);
        default:
            break;
    }
    if (parsed.ordered) {
        return wrong(parsed.values[0], "this field has no order: use ==, != or in");
    }
    test.op = parsed.negated ? Test::Op::not_in : Test::Op::in;
    for (const Token& value : parsed.values) {
        if (Status status = compile_member(parsed, value, place, test); !status) return status;
    }
    return {};
}

/// A choice that no kind knows is a mistake.
Status check_choices(const Parsed& parsed) {
    std::vector<std::string_view> known;
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        const FieldInfo* field = find_field(static_cast<Kind>(k), parsed.field.text);
        if (field != nullptr && field->type != FieldType::choice) return {};
        if (field == nullptr) continue;
        for (const std::string_view choice : field->choices) {
            if (!choice_of(known, choice)) known.push_back(choice);
        }
    }
    if (parsed.field.text == "kind") known.assign(kind_names.begin(), kind_names.end());
    for (const Token& value : parsed.values) {
        if (known.empty() || choice_of(known, value.text)) continue;
        return wrong_at(value.column, quoted(value) + " is no value of '" +
                                          std::string(parsed.field.text) + "'" +
                                          fields::suggest(value.text, known))
            .value();
    }
    return {};
}

/// Conditions on the header are the same for every kind.
Result<Test> header_test(const Parsed& parsed) {
    Test test;
    const std::string_view name = parsed.field.text;
    test.op = parsed.negated ? Test::Op::not_in : Test::Op::in;
    if (name == "simulated" || name == "trial" || name == "estimate") {
        test.flag = name == "simulated" ? flag_simulated
                    : name == "trial"   ? flag_trial
                                        : flag_estimate;
        const Place place{FieldType::boolean, offsetof(Event, flags), 0, {}};
        if (!parsed.presence) {
            if (Status status = compile(parsed, place, test); !status)
                return tl::make_unexpected(status);
        } else {
            return wrong_at(parsed.field.column,
                            "flags are always there: compare with true or false");
        }
        test.width = 2;
        test.offset = place.offset;
        return test;
    }
    if (parsed.ordered)
        return wrong_at(parsed.field.column,
                        fmt::format("'{}' has no order: use ==, != or in", name));
    test.width = name == "venue" ? 2 : 4;
    test.offset = name == "venue"    ? offsetof(Event, venue)
                  : name == "market" ? offsetof(Event, market)
                                     : offsetof(Event, instrument);
    if (parsed.presence) {
        test.op = parsed.negated ? Test::Op::in : Test::Op::not_in;
        insert(test.set, 0);
        return test;
    }
    // Absent (0) is no member of the set, and passes neither way.
    for (const Token& value : parsed.values) {
        insert(test.set, name == "venue" ? static_cast<std::uint64_t>(venue_id(value.text))
                         : name == "market"
                             ? static_cast<std::uint64_t>(market_id(value.text))
                             : static_cast<std::uint64_t>(instrument_id(value.text)));
    }
    if (parsed.negated) insert(test.set, 0);
    return test;
}

}  // namespace

Status Conditions::add(std::string_view text) {
    const Result<Parsed> parsed = parse_condition(text);
    if (!parsed) return parsed.error();
    if (!parsed->presence) {
        if (Status status = check_choices(*parsed); !status) return status;
    }
    const std::string_view name = parsed->field.text;
    if (name == "kind") return add_kind(*parsed);
    return choice_of(header_fields, name) ? add_header(*parsed) : add_field(*parsed);
}

Status Conditions::add_kind(const Parsed& parsed) {
    if (parsed.presence || parsed.ordered) {
        return wrong_at(parsed.field.column, "use kind with ==, != or in").value();
    }
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        const bool member = std::ranges::any_of(
            parsed.values, [&](const Token& value) { return value.text == kind_names[k]; });
        if (member == parsed.negated) by_kind_[k].insert(by_kind_[k].begin(), Test{});
    }
    return {};
}

Status Conditions::add_header(const Parsed& parsed) {
    const Result<Test> test = header_test(parsed);
    if (!test) return test.error();
    for (std::vector<Test>& tests : by_kind_) tests.push_back(*test);
    return {};
}

Status Conditions::add_field(const Parsed& parsed) {
    const std::string_view name = parsed.field.text;
    bool known = false;
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        const auto kind = static_cast<Kind>(k);
        const FieldInfo* field = find_field(kind, name);
        Test test;
        if (field != nullptr) {
            known = true;
            const Place place{field->type, field->offset, 1U << (8U + index_of(kind, *field)),
                              field->choices};
            test.offset = place.offset;
            test.presence = place.presence;
            if (parsed.presence) {
                test.op = parsed.negated ? Test::Op::absent : Test::Op::present;
            } else if (Status status = compile(parsed, place, test); !status) {
                return status;
            }
        }
        by_kind_[k].push_back(std::move(test));
    }
    if (known) return {};
    return wrong_at(parsed.field.column, "unknown field '" + std::string(name) + "'" +
                                             fields::suggest_field(name, header_fields))
        .value();
}

}  // namespace spillway::filter
