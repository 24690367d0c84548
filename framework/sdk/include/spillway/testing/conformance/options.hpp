#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/testing/conformance/behaviour.hpp>

namespace spillway::testing {

namespace detail {
/// Tries option values on fresh objects: each is taken or refused with a reason, and what is taken
/// runs.
class OptionTrial {
public:
    OptionTrial(const Subject& subject, Findings& findings)
        : subject_(subject), findings_(findings) {
        MarketPlan few = subject.market;
        few.kinds = few.kinds & subject.consumes;
        few.count = 60;
        few.span = 5 * minute;
        script_ = made_up_market(few);
    }

    /// Answers what `configure` said. A taken value must also carry a short run.
    Status attempt(std::size_t option, const OptionValue& value, const std::string& shown) {
        std::vector<OptionValue> values = subject_.options;
        values[option] = value;
        const std::string place = subject_.option_shapes[option].name + ": " + shown;
        Subject changed = subject_;
        changed.options = values;
        NodePlayer player = changed.player(place);
        if (subject_.place != nullptr) {
            subject_.place->at("configure with %s", place.c_str());
        }
        auto plugin = subject_.create();
        if (!plugin) return {Code::defect, "its constructor threw an exception"};
        Status status = plugin->configure(values);
        if (!status.ok()) {
            if (status.code() != Code::bad_option) {
                findings_.fail("a value that is not taken is refused with bad_option",
                               Findings::described(status), place);
            }
            return status;
        }
        if (!subject_.is_node()) return status;
        if (const Status started = player.start(); started.ok()) {
            const Status ran = subject_.category == Category::venue ? player.play(subject_.frames)
                                                                    : player.play(script_);
            findings_.require(ran, "a run with an option value that `configure` took", place);
        } else if (started.code() == Code::defect) {
            findings_.fail("`start` takes what `configure` took, or says why not",
                           Findings::described(started), place);
        }
        return status;
    }

    /// Bounds are part of the offer: only another option may forbid the value there.
    void bound(std::size_t option, double number, const std::string& shown) {
        OptionValue value = subject_.options[option];
        value.number = number;
        value.integer = whole(number);
        const Status status = attempt(option, value, shown);
        if (!status.ok() && !blames_another(status, option)) {
            findings_.fail("a value at its stated bound is taken", Findings::described(status),
                           subject_.option_shapes[option].name + ": " + shown);
        }
    }

    /// What the engine lets through where nothing is stated.
    [[nodiscard]] static std::pair<double, double> reach(OptionType type) noexcept {
        switch (type) {
            case OptionType::number:
                return {-1e300, 1e300};
            case OptionType::integer:
                return {-9e18, 9e18};
            case OptionType::duration:
                return {0, 36'500.0 * day};
            default:
                return {0, 9e18};
        }
    }
    [[nodiscard]] static std::int64_t whole(double number) noexcept {
        constexpr double largest = 9.2e18;
        if (std::abs(number) < largest) return static_cast<std::int64_t>(number);
        return number < 0 ? std::numeric_limits<std::int64_t>::min()
                          : std::numeric_limits<std::int64_t>::max();
    }

private:
    [[nodiscard]] bool blames_another(const Status& status, std::size_t option) const {
        std::string words(status.subject());
        words += ' ';
        words += status.message();
        std::ranges::transform(words, words.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const auto names = [&](const std::string& name) {
            return words.find(name) != std::string::npos;
        };
        for (std::size_t i = 0; i < subject_.option_shapes.size(); ++i) {
            if (i != option && names(subject_.option_shapes[i].name)) return true;
        }
        return false;
    }

    const Subject& subject_;
    Findings& findings_;
    Script script_;
};

/// Texts that nobody means.
inline constexpr std::array<std::string_view, 9> garbage_texts = {
    "", " ", ",,,", "((((((((", "a=b=c:d", "\xff\xfe\x80", "-1e999", "%s%n$(x)`y`", "\x01\x02\x7f"};
}  // namespace detail

/// Values at stated bounds are taken; extreme numbers and garbage are taken or refused with a
/// reason, and whatever is taken also runs.
inline void check_options(const Subject& subject, Findings& findings) {
    using detail::OptionTrial;
    OptionTrial trial(subject, findings);
    for (const Subject::Refused& refused : subject.refused) {
        if (trial.attempt(refused.option, refused.value, refused.shown).ok()) {
            findings.fail("a value that is no value of the option is refused with bad_option",
                          "`configure` took it",
                          subject.option_shapes[refused.option].name + ": " + refused.shown);
        }
    }
    const std::string long_text(100'000, 'x');
    for (std::size_t i = 0; i < subject.options.size() && !findings.full(); ++i) {
        const OptionShape& shape = subject.option_shapes[i];
        const auto shown = [&](double number) {
            return shape.type == OptionType::duration ? format_duration(OptionTrial::whole(number))
                                                      : std::to_string(number);
        };
        switch (shape.type) {
            case OptionType::integer:
            case OptionType::number:
            case OptionType::duration:
            case OptionType::size: {
                const auto [lowest, highest] = OptionTrial::reach(shape.type);
                const double least = shape.has_minimum ? shape.minimum : lowest;
                const double most = shape.has_maximum ? shape.maximum : highest;
                if (shape.has_minimum) trial.bound(i, least, shown(least) + " (the minimum)");
                if (shape.has_maximum) trial.bound(i, most, shown(most) + " (the maximum)");
                for (const double number : {least, -1.0, 0.0, 1.0, most}) {
                    if (number < least || number > most) continue;
                    OptionValue value = subject.options[i];
                    value.number = number;
                    value.integer = OptionTrial::whole(number);
                    static_cast<void>(trial.attempt(i, value, shown(number)));
                }
                break;
            }
            case OptionType::boolean:
            case OptionType::choice:
                for (std::size_t c = 0; c < std::max<std::size_t>(shape.choices, 2); ++c) {
                    OptionValue value = subject.options[i];
                    value.integer = static_cast<std::int64_t>(c);
                    static_cast<void>(trial.attempt(i, value, "choice " + std::to_string(c)));
                }
                break;
            case OptionType::text:
            case OptionType::path:
            case OptionType::secret:
            case OptionType::texts:
            case OptionType::numbers: {
                const auto with = [&](std::string_view text) {
                    const std::array<std::string_view, 2> texts = {text, text};
                    const std::array<std::pair<std::string_view, double>, 2> numbers = {
                        {{text, -1e300}, {text, 0}}};
                    OptionValue value = subject.options[i];
                    value.text = text;
                    value.texts = texts;
                    value.numbers = numbers;
                    static_cast<void>(trial.attempt(i, value,
                                                    text.size() > 100
                                                        ? std::to_string(text.size()) + " times x"
                                                        : "'" + std::string(text) + "'"));
                };
                for (const std::string_view text : detail::garbage_texts) with(text);
                with(long_text);
                break;
            }
        }
    }
}

}  // namespace spillway::testing
