#pragma once

#include <string>
#include <utility>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/fields.hpp>

namespace spillway::detail {

/// The variable parts of an event that is being read, until all are known: the blob has the
/// structs first, then the texts they point to.
struct EventParts {
    struct Letter {
        std::string node, place, reason, origin, raw;
        std::uint64_t raw_size = 0;
        std::uint32_t attempt = 1;
    };

    std::vector<std::pair<const FieldInfo*, std::string>> texts;  ///< of payload fields
    std::vector<Contribution> contributions;
    std::vector<std::string> contribution_venues;  ///< parallel to `contributions`
    bool has_contributions = false;
    CascadeDetail cascade{};
    std::vector<CascadeVenue> cascade_venues;
    std::vector<CascadeMember> cascade_members;
    bool has_cascade = false;
    std::string message, markets;  ///< of an alert
    std::vector<ExtensionField> extension_fields;
    Letter letter;
    bool is_letter = false;

    /// Gives the newest event of the batch its blob.
    void place(Batch& batch);
};

}  // namespace spillway::detail
