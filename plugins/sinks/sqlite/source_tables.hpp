#pragma once

#include <spillway/batch.hpp>

#include "database.hpp"
#include "labels.hpp"
#include "texts.hpp"

namespace spillway::sqlite {

/// Rows of events that come from outside. They are inserted once: an event that is stored already
/// changes nothing.
class SourceTables {
public:
    /// `significant_usd`: from which notional on a liquidation enters liquidations_significant.
    SourceTables(Symbols& symbols, CascadeLabels& labels, double significant_usd)
        : symbols_(symbols), labels_(labels), significant_usd_(significant_usd) {}

    [[nodiscard]] Status prepare(Database& database);

    [[nodiscard]] Outcome price(const Event& event);
    [[nodiscard]] Outcome bar(const Event& event);
    [[nodiscard]] Outcome funding_rate(const Event& event);
    [[nodiscard]] Outcome open_interest(const Event& event);
    [[nodiscard]] Outcome long_short_ratio(const Event& event);
    [[nodiscard]] Outcome liquidation(const Event& event, const Batch& batch);
    [[nodiscard]] Outcome stablecoin_flow(const Event& event, const Batch& batch);

private:
    /// time, event_id, venue, symbol.
    Statement& begin(Statement& insert, const Event& event);
    [[nodiscard]] Outcome significant(const Event& event, const Batch& batch);

    Symbols& symbols_;
    CascadeLabels& labels_;
    double significant_usd_;
    Statement price_, funding_rate_, open_interest_, long_short_ratio_, liquidation_, significant_,
        stablecoin_flow_;
};

}  // namespace spillway::sqlite
