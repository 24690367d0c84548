#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <spillway/examination.hpp>

#include "files.hpp"

namespace spillway::frames {

/// Why frame files give nothing.
struct Absence {
    std::string_view option;  ///< whose value the files do not have
    std::string detail;       ///< "no frame is of `venue: okx`; there are frames of binance, bybit"
};

/// Reads a recording up to the first frame that is wanted; if there is none, tells what there is
/// instead. Also none once `examiner` is stopped.
[[nodiscard]] Result<std::optional<Absence>> find_absence(const std::string& path,
                                                          const Selection& selection,
                                                          const Examiner& examiner);

}  // namespace spillway::frames
