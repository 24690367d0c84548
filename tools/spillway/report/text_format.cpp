#include "report/text_format.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace spillway::report {
namespace {

struct Calendar {
    std::chrono::year_month_day date{};
    std::chrono::hh_mm_ss<std::chrono::milliseconds> clock;
};

Calendar calendar(Time time) {
    using namespace std::chrono;
    const sys_time<nanoseconds> point{nanoseconds{time}};
    const auto midnight = floor<days>(point);
    return {year_month_day{midnight}, hh_mm_ss{floor<milliseconds>(point - midnight)}};
}

std::string dated(const Calendar& c) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(c.date.year()),
                       static_cast<unsigned>(c.date.month()), static_cast<unsigned>(c.date.day()));
}

std::string with_commas(std::string_view digits) {
    const std::size_t whole = std::min(digits.find('.'), digits.size());
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) {
            text += ',';
        }
        text += digits[i];
    }
    return text;
}

}  // namespace

std::string utc_minute(Time time) {
    const Calendar c = calendar(time);
    return fmt::format("{} {:02}:{:02}", dated(c), c.clock.hours().count(),
                       c.clock.minutes().count());
}

std::string utc_short(Time time) { return utc_minute(time).substr(5); }

std::string utc_iso(Time time) {
    const Calendar c = calendar(time);
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", dated(c), c.clock.hours().count(),
                       c.clock.minutes().count(), c.clock.seconds().count(),
                       c.clock.subseconds().count());
}

std::string span_text(Duration span) {
    if (span < minute) {
        return fmt::format("{} s", span / second);
    }
    if (span < hour) {
        return fmt::format("{} min", span / minute);
    }
    if (span < day) {
        return fmt::format("{} h {} min", span / hour, span % hour / minute);
    }
    return fmt::format("{} d {} h", span / day, span % day / hour);
}

std::string grouped(std::uint64_t count) { return with_commas(fmt::format("{}", count)); }

std::string usd_text(double usd) {
    if (usd >= 1e9) {
        return fmt::format("{:.2f} B", usd / 1e9);
    }
    if (usd >= 1e6) {
        return fmt::format("{:.2f} M", usd / 1e6);
    }
    if (usd >= 1e3) {
        return fmt::format("{:.1f} k", usd / 1e3);
    }
    return fmt::format("{:.0f}", usd);
}

std::string price_text(double price) {
    const double magnitude = price > 0.0 ? std::floor(std::log10(price)) : 0.0;
    const int decimals = static_cast<int>(std::clamp(5.0 - magnitude, 0.0, 10.0));
    return with_commas(fmt::format("{:.{}f}", price, decimals));
}

std::string percent_text(const std::optional<double>& fraction) {
    return fraction ? fmt::format("{:+.2f}%", *fraction * 100.0) : "-";
}

const char* name_of(Direction direction) {
    switch (direction) {
        case Direction::down:
            return "down";
        case Direction::up:
            return "up";
        case Direction::none:
            break;
    }
    return "none";
}

const char* name_of(Severity severity) {
    switch (severity) {
        case Severity::warning:
            return "WARNING";
        case Severity::critical:
            return "CRITICAL";
        case Severity::info:
            break;
    }
    return "INFO";
}

const char* name_of(InputKind kind) {
    switch (kind) {
        case InputKind::price:
            return "price";
        case InputKind::funding_rate:
            return "funding_rate";
        case InputKind::open_interest:
            return "open_interest";
        case InputKind::long_short_ratio:
            return "long_short_ratio";
        case InputKind::liquidation:
            return "liquidation";
        case InputKind::liquidation_sum:
            return "liquidation_sum";
        case InputKind::stablecoin_flow:
            return "stablecoin_flow";
    }
    return "input";
}

const char* name_of(std::optional<Side> side) {
    if (!side) {
        return "both";
    }
    return *side == Side::longs ? "long" : "short";
}

TextTable::TextTable(std::vector<std::string> header, std::vector<std::size_t> left)
    : header_{std::move(header)}, left_{std::move(left)} {}

void TextTable::add(std::vector<std::string> row) {
    row.resize(header_.size());
    rows_.push_back(std::move(row));
}

std::vector<std::string> TextTable::lines() const {
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < header_.size(); ++column) {
        std::size_t width = header_[column].size();
        for (const auto& row : rows_) {
            width = std::max(width, row[column].size());
        }
        widths.push_back(width);
    }
    const auto line = [&](const std::vector<std::string>& row) {
        std::string text;
        for (std::size_t column = 0; column < row.size(); ++column) {
            const bool left = std::find(left_.begin(), left_.end(), column) != left_.end();
            text += column == 0 ? "" : "  ";
            text += left ? fmt::format("{:<{}}", row[column], widths[column])
                         : fmt::format("{:>{}}", row[column], widths[column]);
        }
        return text.erase(text.find_last_not_of(' ') + 1);
    };
    std::vector<std::string> lines{line(header_)};
    for (const auto& row : rows_) {
        lines.push_back(line(row));
    }
    return lines;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width, std::string_view first,
                              std::string_view rest) {
    std::vector<std::string> lines;
    std::string line{first};
    bool begins = true;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t space = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, space - at);
        if (!begins && line.size() + 1 + word.size() > width) {
            lines.push_back(std::move(line));
            line = rest;
            begins = true;
        }
        line += begins ? "" : " ";
        line += word;
        begins = false;
        at = space + 1;
    }
    lines.push_back(std::move(line));
    return lines;
}

}  // namespace spillway::report
