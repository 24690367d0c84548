#include "measures.hpp"

#include <array>

namespace spillway::window {
namespace {

constexpr std::array<std::string_view, 6> function_names = {"count", "sum",  "min",
                                                            "max",   "mean", "last"};

std::string_view trimmed(std::string_view text) noexcept {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

tl::unexpected<Status> wrong(const std::string& message) {
    return tl::make_unexpected(Status(Code::bad_option, message));
}

}  // namespace

Result<Measure> Measure::parse(std::string_view text) {
    text = trimmed(text);
    const std::size_t open = text.find('(');
    const std::string_view function = trimmed(text.substr(0, open));
    Measure measure;
    std::size_t index = 0;
    while (index < function_names.size() && function_names[index] != function) ++index;
    if (index == function_names.size()) {
        return wrong("unknown function '" + std::string(function) + "'" +
                     fields::suggest(function, function_names) +
                     " (count, sum, min, max, mean or last)");
    }
    measure.function_ = static_cast<Function>(index);
    measure.name_ = function;
    if (open == std::string_view::npos) {
        if (measure.function_ != Function::count) {
            return wrong("'" + std::string(function) + "' needs a field: " + std::string(function) +
                         "(notional)");
        }
    } else {
        if (!text.ends_with(')'))
            return wrong("')' is missing at the end of '" + std::string(text) + "'");
        const std::string_view field = trimmed(text.substr(open + 1, text.size() - open - 2));
        measure.reader_ = fields::NumberReader(field);
        measure.has_field_ = true;
        if (measure.reader_.kinds().empty()) {
            return wrong("no kind has a numeric field '" + std::string(field) + "'" +
                         fields::suggest_field(field));
        }
        measure.name_ += "_" + std::string(field);
    }
    measure.name_handle_ = name_id(measure.name_);
    return measure;
}

void Measure::merge(Cell& cell, const Cell& later) const noexcept {
    if (later.weight == 0) return;
    if (function_ == Function::last) {
        if (cell.weight == 0 || later.weight >= cell.weight) cell = later;
        return;
    }
    switch (function_) {
        case Function::min:
            if (cell.weight == 0 || later.value < cell.value) cell.value = later.value;
            break;
        case Function::max:
            if (cell.weight == 0 || later.value > cell.value) cell.value = later.value;
            break;
        default:
            cell.value += later.value;
            break;
    }
    cell.weight += later.weight;
}

bool Measure::result(const Cell& cell, double& out) const noexcept {
    if (function_ == Function::count) {
        out = static_cast<double>(cell.weight);
        return true;
    }
    out = function_ == Function::mean ? cell.value / static_cast<double>(cell.weight) : cell.value;
    return cell.weight != 0;
}

}  // namespace spillway::window
