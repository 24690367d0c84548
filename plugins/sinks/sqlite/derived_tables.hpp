#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/pod_vector.hpp>

#include "database.hpp"
#include "texts.hpp"

namespace spillway::sqlite {

/// Rows of what the pipeline finds: scores, alerts and cascades. A row that is written again is
/// replaced: a replay ends with the same rows.
class DerivedTables {
public:
    explicit DerivedTables(Symbols& symbols) : symbols_(symbols) {}

    [[nodiscard]] Status prepare(Database& database);

    [[nodiscard]] Outcome score(const Event& event, const Batch& batch);
    [[nodiscard]] Outcome alert(const Event& event, const Batch& batch);
    /// The episode; its members are CascadeLabels' business.
    [[nodiscard]] Outcome cascade(const Event& event, const Batch& batch);

private:
    Symbols& symbols_;
    PodVector<char> json_;                  ///< reused
    std::vector<std::string_view> venues_;  ///< reused
    Statement score_, alert_, cascade_;
};

}  // namespace spillway::sqlite
