#pragma once

#include <string>
#include <vector>

#include <spillway/transform.hpp>

#include "condition.hpp"

namespace spillway::filter {

struct Options {
    std::vector<std::string> where;
};

/// Lets through the events for which every condition holds.
class ConditionFilter : public Filter<ConditionFilter> {
public:
    static constexpr About about = {
        .name = "filter",
        .version = "1.0.0",
        .summary = "Keeps the events for which all conditions hold",
        .consumes = KindSet::all(),
        .emits = KindSet::all(),
        .traits = Trait::in_place | Trait::any_kind,
    };
    static constexpr auto option_list = spillway::options(option::texts<&Options::where>(
        "where",
        "Conditions, all of which must hold: notional >= 100_000, venue in (binance, "
        "bybit), side == long, present(mark)."));
    Options options;

    Status check() {
        conditions_ = {};
        for (std::size_t i = 0; i < options.where.size(); ++i) {
            if (Status status = conditions_.add(options.where[i]); !status) {
                return bad_option("where[" + std::to_string(i) + "]", status.message());
            }
        }
        return {};
    }
    Verdict on(const Event& event, const Batch&) const noexcept {
        return conditions_.hold(event) ? Verdict::keep : Verdict::filtered;
    }

private:
    Conditions conditions_;
};

}  // namespace spillway::filter
