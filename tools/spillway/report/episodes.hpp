#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "report/records.hpp"
#include "report/series.hpp"

// Stretches of high risk in one market. A score holds from its record to the next one. An episode
// begins when the headline score reaches the threshold and ends once it has been below for 30 min;
// its end is the moment it fell below. Records without a value neither end nor extend it.
namespace spillway::report {

struct EpisodeOptions {
    double threshold = 50.0;  // the INFO level
    Duration quiet = 30 * minute;
    std::size_t keep = 3;
};

struct Contribution {
    std::string component;
    std::optional<double> points;  // absent: the input was missing or stale
    bool operator==(const Contribution&) const = default;
};

// What the price did after a peak. Prices are absent where the run ended before or had a hole.
struct PriceOutcome {
    double at_peak = 0.0;
    std::optional<double> after_15m;
    std::optional<double> after_60m;
    std::optional<double> after_4h;

    // Largest move in the direction within 4 h, on minute closes, as a fraction of the price at the
    // peak: <= 0 for down, >= 0 for up, 0 if the price never went that way.
    double worst = 0.0;
    Time worst_time = 0;
    bool complete = false;  // the series reached the end of the 4 h

    std::optional<double> change(const std::optional<double>& later) const;
};

struct Episode {
    Time start = 0;
    Time end = 0;
    Time peak_time = 0;
    double peak = 0.0;
    Direction direction = Direction::none;    // at the peak
    std::vector<Contribution> contributions;  // at the peak
    bool open = false;                        // the run ended inside it
    std::optional<PriceOutcome> outcome;
};

// Absent if there is no price at the peak. A price older than an hour is none.
std::optional<PriceOutcome> price_after(std::span<const Sample> prices, Time peak,
                                        Direction direction);

// Follows one market's headline score and keeps its highest episodes. Not thread-safe.
class EpisodeTracker {
public:
    explicit EpisodeTracker(EpisodeOptions options = {});

    // Scores in ascending time; one that is older than the last is ignored.
    void observe(Time time, double value, Direction direction,
                 std::span<const ContributionView> contributions);

    // Notes what the price did after episodes that do not know it yet, for a price series that is
    // about to forget. An outcome that is still incomplete is replaced by the next call.
    void settle(std::span<const Sample> prices);

    // The highest episodes up to `now`, highest first, equal peaks by time; the running one
    // included.
    std::vector<Episode> highest(Time now) const;

    std::size_t count() const { return count_; }  // episodes so far, the running one included

private:
    void close();

    EpisodeOptions options_;
    std::vector<Episode> highest_;
    std::optional<Episode> current_;
    std::optional<Time> below_since_;
    std::optional<Time> last_;
    std::size_t count_ = 0;
};

}  // namespace spillway::report
