#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <spillway/emitter.hpp>

#include "book.hpp"

namespace spillway::rollup {

/// Writes rows as `extension` events named after their table: event time is the bucket's end,
/// instrument, venue and market are in the header, the columns are fields of the same name and
/// hold absolute values, side is a text. What fits into no field (other texts, exact times) is in
/// a JSON object in the event's bytes.
class RowWriter {
public:
    RowWriter();

    /// Whether the row is one the table takes: price levels need two events.
    [[nodiscard]] static bool complete(const Bucket& bucket) noexcept;
    void write(const Bucket& bucket, MarketId market, const PriceStep& step, Emitter& out) const;

private:
    static constexpr std::size_t most_columns = 9;
    static void add_cascade(const Bucket& bucket, Event& event, Batch& batch);
    struct Layout {
        NameId name = NameId::none;
        std::array<NameId, most_columns> columns{};
    };
    std::array<Layout, table_names.size()> layouts_;
    NameId side_ = NameId::none;
    std::array<NameId, 2> sides_{};
};

}  // namespace spillway::rollup
