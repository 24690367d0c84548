#pragma once

#include <string>

#include <tl/expected.hpp>

namespace spillway::runtime {

/// Why a plugin file is not used, and what to do about it. The caller adds the path.
struct Refusal {
    std::string reason;
    std::string fix;
};

template <class T>
using Checked = tl::expected<T, Refusal>;

}  // namespace spillway::runtime
