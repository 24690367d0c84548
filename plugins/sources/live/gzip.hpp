#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <spillway/status.hpp>

namespace spillway::live {

/// Unpacks gzip messages, one after the other, into memory that it keeps.
class Gunzip {
public:
    explicit Gunzip(std::size_t limit);
    ~Gunzip();
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;

    /// Valid until the next call. Errors: no gzip, damaged, cut off, or larger than the limit.
    [[nodiscard]] Result<std::string_view> unpack(std::string_view packed);

private:
    struct Stream;
    std::size_t limit_;
    std::unique_ptr<Stream> stream_;
    std::string out_;
};

}  // namespace spillway::live
