#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/records.hpp"

// Numbers and times as people read them in a terminal: plain ASCII, no locale.
namespace spillway::report {

std::string utc_minute(Time time);         // "2026-02-05 20:25"
std::string utc_short(Time time);          // "02-05 20:25"
std::string utc_iso(Time time);            // "2026-02-05T20:25:00.000Z"
std::string span_text(Duration span);      // "40 s", "35 min", "1 h 35 min", "18 d 23 h"
std::string grouped(std::uint64_t count);  // "57,394"
std::string usd_text(double usd);          // "950", "12.3 k", "4.56 M", "1.20 B"
std::string price_text(double price);  // six significant digits, grouped: "62,345.1", "0.110350"
std::string percent_text(const std::optional<double>& fraction);  // "-4.56%", "-" if absent

const char* name_of(Direction direction);
const char* name_of(Severity severity);
const char* name_of(InputKind kind);
const char* name_of(std::optional<Side> side);

// Columns as wide as their widest cell, two spaces apart; the first column is aligned to the left,
// the others to the right unless `left` names them.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> header, std::vector<std::size_t> left = {0});
    void add(std::vector<std::string> row);
    bool empty() const { return rows_.empty(); }

    // One string a line, without line ends; the header comes first.
    std::vector<std::string> lines() const;

private:
    std::vector<std::string> header_;
    std::vector<std::size_t> left_;
    std::vector<std::vector<std::string>> rows_;
};

// Breaks at spaces so that no line is wider than `width`; the first line begins with `first`, later
// ones with `rest`.
std::vector<std::string> wrap(std::string_view text, std::size_t width, std::string_view first,
                              std::string_view rest);

}  // namespace spillway::report
