#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

namespace spillway::liquidation_risk {

/// Root mean square over the running UTC day and the `completed_days` calendar days before it:
/// one sum and one count a day, so it rotates at midnight and forgets a whole day at once.
class DailyRms {
public:
    static constexpr std::int64_t completed_days = 30;

    /// Opens `day`, forgetting what is too old by then. Days never go back.
    void rotate(std::int64_t day) {
        if (!days_.empty() && days_.back().day >= day) return;
        std::erase_if(days_, [&](const Day& d) { return d.day < day - completed_days; });
        days_.push_back({day, 0.0, 0});
    }

    /// Adds to the running day; rotate() must have been called once.
    void add(double x) {
        days_.back().sum += x * x;
        days_.back().count += 1;
    }

    /// None before there are `min_count` samples.
    std::optional<double> value(double min_count) const {
        double sum = 0;
        std::uint64_t count = 0;
        for (const Day& d : days_) {
            sum += d.sum;
            count += d.count;
        }
        const auto n = static_cast<double>(count);
        if (count == 0 || n < min_count) return std::nullopt;
        return std::sqrt(sum / n);
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, days_);
    }

private:
    struct Day {
        std::int64_t day = 0;
        double sum = 0;
        std::uint64_t count = 0;

        template <class Archive>
        void fields(Archive& io) {
            io(1, day);
            io(2, sum);
            io(3, count);
        }
    };

    std::vector<Day> days_;
};

}  // namespace spillway::liquidation_risk
