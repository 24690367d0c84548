#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/fields.hpp>
#include <spillway/pod_vector.hpp>

namespace spillway::file {

/// Writes events of one kind as CSV (RFC 4180): time, receive_time, id, venue, instrument, market,
/// then the kind's fields; absent values are empty. The columns of `extension` events are those of
/// the first row. Lists (contributions, members) have no column.
class CsvWriter {
public:
    explicit CsvWriter(Kind kind) noexcept : kind_(kind) {}

    /// Extensions: takes the columns from the first row. Other kinds have theirs already.
    void choose_columns(const Event& first, const Batch& batch);
    /// The same from an earlier run.
    void choose_columns(std::vector<NameId> columns) { extension_columns_ = std::move(columns); }
    [[nodiscard]] const std::vector<NameId>& extension_columns() const noexcept {
        return extension_columns_;
    }
    /// The line of column names.
    void append_header(PodVector<char>& out) const;
    /// Answers how many values had no column.
    std::uint32_t append_row(PodVector<char>& out, const Event& event, const Batch& batch) const;

private:
    std::uint32_t append_extension(PodVector<char>& out, const Event& event,
                                   const Batch& batch) const;

    Kind kind_;
    std::vector<NameId> extension_columns_;
};

}  // namespace spillway::file
