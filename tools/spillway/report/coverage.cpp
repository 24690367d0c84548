#include "report/coverage.hpp"

#include <algorithm>

namespace spillway::report {

std::optional<double> Coverage::mean() const {
    const Duration warm = observed - warming_up;
    if (warm <= 0) {
        return std::nullopt;
    }
    return weighted / static_cast<double>(warm);
}

double Coverage::share(Duration part) const {
    return observed > 0 ? static_cast<double>(part) / static_cast<double>(observed) : 0.0;
}

Coverage& Coverage::operator+=(const Coverage& other) {
    observed += other.observed;
    warming_up += other.warming_up;
    no_value += other.no_value;
    weighted += other.weighted;
    minimum = std::min(minimum, other.minimum);
    return *this;
}

void CoverageMeter::hold(Coverage& total, const Held& held, Time until) {
    const Duration span = until - held.since;
    if (span <= 0) {
        return;
    }
    total.observed += span;
    if (held.warming_up) {
        total.warming_up += span;
        return;
    }
    total.no_value += held.has_value ? 0 : span;
    total.weighted += held.coverage * static_cast<double>(span);
}

void CoverageMeter::observe(const ScoreRecord& record) {
    if (held_) {
        hold(total_, *held_, record.time);
    }
    held_ = Held{record.time, record.coverage, record.warming_up, record.value.has_value()};
    if (!record.warming_up) {
        total_.minimum = std::min(total_.minimum, record.coverage);
    }
}

Coverage CoverageMeter::until(Time end) const {
    Coverage total = total_;
    if (held_) {
        hold(total, *held_, end);
    }
    return total;
}

}  // namespace spillway::report
