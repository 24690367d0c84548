#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/event.hpp>
#include <spillway/status.hpp>

#include "common/fields/number_reader.hpp"

namespace spillway::window {

enum class Function : std::uint8_t { count, sum, min, max, mean, last };

/// What a pane has gathered for one measure. `weight` is the number of values; for `last` it is
/// the event time of the value.
struct Cell {
    double value = 0;
    std::int64_t weight = 0;

    template <class Archive>
    void fields(Archive& io) {
        io(1, value);
        io(2, weight);
    }
};

/// One entry of the option `compute`: `count`, `count(mark)`, `sum(notional)`.
class Measure {
public:
    /// A function over a payload field; without a field it counts events.
    [[nodiscard]] static Result<Measure> parse(std::string_view text);

    /// `count`, `sum_notional`: the name of the result.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] NameId name_handle() const noexcept { return name_handle_; }

    void add(Cell& cell, const Event& event) const noexcept {
        double value = 0;
        if (function_ == Function::count) {
            if (!has_field_ || reader_.read(event, value)) ++cell.weight;
            return;
        }
        if (reader_.read(event, value)) add_value(cell, value, event.event_time);
    }
    /// Adds a later pane of the same key.
    void merge(Cell& cell, const Cell& later) const noexcept;
    /// False if no event carried the field: the result is absent, not zero.
    [[nodiscard]] bool result(const Cell& cell, double& out) const noexcept;

private:
    void add_value(Cell& cell, double value, Time time) const noexcept;

    Function function_ = Function::count;
    bool has_field_ = false;
    fields::NumberReader reader_;
    std::string name_;
    NameId name_handle_ = NameId::none;
};

inline void Measure::add_value(Cell& cell, double value, Time time) const noexcept {
    switch (function_) {
        case Function::sum:
        case Function::mean:
            cell.value += value;
            break;
        case Function::min:
            cell.value = cell.weight == 0 || value < cell.value ? value : cell.value;
            break;
        case Function::max:
            cell.value = cell.weight == 0 || value > cell.value ? value : cell.value;
            break;
        case Function::last:
            if (cell.weight == 0 || time >= cell.weight) {
                cell.value = value;
                cell.weight = time;
            }
            return;
        case Function::count:
            break;
    }
    ++cell.weight;
}

}  // namespace spillway::window
