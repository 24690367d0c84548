#pragma once

#include <optional>

#include "report/records.hpp"

namespace spillway::report {

// Shares of one score's time: a record holds until the next one.
struct Coverage {
    Duration observed = 0;    // first record to the end
    Duration warming_up = 0;  // too little history
    Duration no_value = 0;    // warmed up, but a required input was missing
    double weighted = 0.0;    // sum of coverage times ns, warm-up excluded
    double minimum = 1.0;     // lowest coverage after warm-up; 1 if there was none

    std::optional<double> mean() const;  // over the time after warm-up
    double share(Duration part) const;   // of `observed`, 0 if nothing was observed
    Coverage& operator+=(const Coverage& other);
};

// Follows one score of one market and direction.
class CoverageMeter {
public:
    void observe(const ScoreRecord& record);
    Coverage until(Time end) const;

private:
    struct Held {
        Time since = 0;
        double coverage = 0.0;
        bool warming_up = false;
        bool has_value = false;
    };
    static void hold(Coverage& total, const Held& held, Time until);

    Coverage total_;
    std::optional<Held> held_;
};

}  // namespace spillway::report
