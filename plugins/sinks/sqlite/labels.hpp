#pragma once

#include <cstdint>

#include <spillway/batch.hpp>

#include "database.hpp"

namespace spillway::sqlite {

/// Labels the rows of liquidations_significant with the cascade they belong to. A cascade names
/// its members as they join it, those before its threshold included. A label whose row has not
/// arrived waits in cascade_labels_waiting (so a restart does not lose it) for up to a day.
class CascadeLabels {
public:
    explicit CascadeLabels(double significant_usd) : significant_usd_(significant_usd) {}

    [[nodiscard]] Status prepare(Database& database);
    /// Labels the members that a cascade event names.
    [[nodiscard]] Outcome label_members(const Event& cascade, const Batch& batch);
    /// After the row of a significant liquidation was inserted.
    [[nodiscard]] Outcome row_arrived(const Event& liquidation);
    /// Forgets labels whose row has not come within a day of event time.
    [[nodiscard]] Outcome forget_before(Time newest);

private:
    Database* database_ = nullptr;
    double significant_usd_;
    std::int64_t waiting_ = 0;  ///< an upper bound: while 0, a row costs no look-up
    Statement update_, wait_, apply_, taken_, forget_;
};

}  // namespace spillway::sqlite
