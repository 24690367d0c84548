#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <spillway/batch.hpp>

#include "database.hpp"
#include "texts.hpp"

namespace spillway::sqlite {

/// Rows that arrive finished, as `extension` events named after their table: absolute values, a
/// row is replaced as a whole. A column takes, the first that is there,
///   - the event's field of the same name, a text or a number;
///   - for `symbol` the instrument (else the market) and for `venue` or `exchange` the venue of
///     the event's header;
///   - for the start of the bucket (`bucket`, `hour`, `period`) the event's time, which is the
///     bucket's end, less the bucket's length;
///   - for other texts and integers (times, which a field cannot hold to the nanosecond) the member
///     of the same name of a JSON object in the event's bytes.
class Rollups {
public:
    explicit Rollups(Symbols& symbols) : symbols_(symbols) {}

    /// Reads the columns of the tables from the database itself.
    [[nodiscard]] Status prepare(Database& database);
    /// Refused: no rollup of that name, or a column that must not be null has no value.
    [[nodiscard]] Outcome row(const Event& event, const Batch& batch);

private:
    enum class Role : std::uint8_t { symbol, venue, bucket, side, text, integer, number };
    struct Column {
        NameId name;
        Role role;
    };
    struct Table {
        NameId name;
        Duration bucket;
        std::vector<Column> columns;
        bool reads_bytes = false;  ///< the last parameter of `upsert` is the event's bytes
        Statement upsert;
    };

    [[nodiscard]] static Role role_of(std::string_view column, std::string_view type) noexcept;
    [[nodiscard]] Status prepare_table(Database& database, std::string_view name, Duration bucket);
    void bind(Table& table, const Column& column, const Event& event, const ExtensionField* field);

    Symbols& symbols_;
    std::vector<Table> tables_;
};

}  // namespace spillway::sqlite
