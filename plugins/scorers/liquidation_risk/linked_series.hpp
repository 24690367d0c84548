#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ring.hpp"

namespace spillway::liquidation_risk {

/// Logarithms of one quantity at grid closes, of which always one stream is chosen.
///
/// Only differences are ever read, and each step of a difference must come from one stream: the
/// change between two venues is no change of the market. So when the choice changes, the new stream
/// is linked to the old one at the last close where both are known, as in a chained index. If there
/// is no such close, the history is forgotten and differences are absent until it has grown again.
class LinkedSeries {
public:
    /// What every stream says now, NaN where it has nothing; position = stream.
    using Values = std::span<const double>;

    explicit LinkedSeries(std::size_t capacity = 0) : levels_(capacity) {}

    /// The level that a close with these values would have.
    struct Next {
        std::optional<double> level;
        double offset = 0;
        bool continues = true;  // false: earlier levels cannot be compared with this one
    };

    Next next(std::optional<std::uint32_t> chosen, Values now) const {
        if (!chosen) return {std::nullopt, offset_, true};
        const double value = now[*chosen];
        if (!stream_ || *stream_ == *chosen) return {value + offset_, offset_, true};
        const std::optional<double> last_level = levels_.ago(0);
        if (last_level && *chosen < previous_.size() && known(previous_[*chosen])) {
            const double offset = *last_level - previous_[*chosen];
            return {value + offset, offset, true};
        }
        if (*stream_ < now.size() && known(now[*stream_])) {
            const double offset = now[*stream_] + offset_ - value;
            return {value + offset, offset, true};
        }
        return {value, 0.0, false};
    }

    /// The level `closes` closes before a close that is about to be made.
    std::optional<double> before(const Next& next, std::size_t closes) const {
        return next.continues ? levels_.ago(closes - 1) : std::nullopt;
    }

    /// The level of a value of the stream that was chosen last, and the level `closes` closes ago.
    double level_of(double value) const { return value + offset_; }
    std::optional<double> ago(std::size_t closes) const { return levels_.ago(closes); }

    void push(const Next& next, std::optional<std::uint32_t> chosen, Values now) {
        if (!next.continues) levels_.clear();
        levels_.push(next.level);
        offset_ = next.offset;
        if (chosen) stream_ = chosen;
        previous_.assign(now.begin(), now.end());
    }

    void clear() {
        levels_.clear();
        offset_ = 0;
        stream_.reset();
        previous_.clear();
    }

    template <class Archive>
    void fields(Archive& io) {
        io(1, levels_);
        io(2, offset_);
        io(3, stream_);
        io(4, previous_);
    }

private:
    static bool known(double value) { return !std::isnan(value); }

    CloseRing levels_;
    double offset_ = 0;
    std::optional<std::uint32_t> stream_;
    std::vector<double> previous_;
};

}  // namespace spillway::liquidation_risk
