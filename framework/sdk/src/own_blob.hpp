#pragma once

#include <cstddef>

#include <spillway/batch.hpp>

namespace spillway::detail {

/// The blob of an event that is being written, to change what was put there before. Valid until
/// something is added to the batch.
[[nodiscard]] inline std::byte* own_blob(Batch& batch, const Event& event) noexcept {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the batch itself is not const
    return const_cast<std::byte*>(batch.blob(event).data());
}

}  // namespace spillway::detail
