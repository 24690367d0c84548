#pragma once

#include <cstdint>
#include <optional>

#include <spillway/time.hpp>

#include "ring.hpp"

namespace spillway::liquidation_risk {

/// The recent samples of one stream, as many as the fixed-rule profiles look back: the last ten,
/// and those of the last 270 s with the one before them.
class Samples {
public:
    static constexpr Duration youngest_reference = 270 * second;
    static constexpr Duration oldest_reference = 600 * second;

    /// `time` must not be older than the newest; an equal one replaces it.
    void add(Time time, double value) {
        if (!recent_.empty() && recent_.back().time == time) {
            recent_[recent_.size() - 1].value = value;
            return;
        }
        recent_.push_back({time, value});
        ++count_;
        while (recent_.size() > 10 && time - recent_[1].time >= youngest_reference) {
            recent_.pop_front();
        }
    }

    /// Percent from the tenth-from-last sample; none before there are `enough` samples.
    std::optional<double> change_over_ten(std::uint64_t enough) const {
        if (count_ < enough || recent_.size() < 10) return std::nullopt;
        return percent(recent_[recent_.size() - 10].value);
    }

    /// Percent from the newest sample that is 270 to 600 s older than the last one. Measured from
    /// the last sample, not from now: five-minute bars would else be compared with themselves.
    std::optional<double> change_over_five_minutes() const {
        for (std::size_t i = recent_.size(); i-- > 0;) {
            const Duration age = recent_.back().time - recent_[i].time;
            if (age < youngest_reference) continue;
            return age <= oldest_reference ? percent(recent_[i].value) : std::nullopt;
        }
        return std::nullopt;
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, recent_);
        io(2, count_);
    }

private:
    struct Sample {
        Time time = 0;
        double value = 0;

        template <class Archive>
        void fields(Archive& io) {
            io(1, time);
            io(2, value);
        }
    };

    std::optional<double> percent(double reference) const {
        if (!(reference > 0)) return std::nullopt;
        return (recent_.back().value - reference) / reference * 100;
    }

    Queue<Sample> recent_;
    std::uint64_t count_ = 0;
};

}  // namespace spillway::liquidation_risk
