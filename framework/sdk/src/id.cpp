#include <fmt/format.h>

#include <spillway/id.hpp>

namespace spillway {

std::string to_string(const Id& id) { return fmt::format("{:016x}{:016x}", id.high, id.low); }

std::string to_uuid_string(const Id& id) {
    std::string digits = to_string(id);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) digits.insert(at, 1, '-');
    return digits;
}

}  // namespace spillway
