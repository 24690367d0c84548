#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace spillway {

/// What went wrong, coarse enough to decide what the engine does next.
enum class Code : std::uint8_t {
    ok,
    bad_record,   ///< this record only: the node's `on_error` decides (fail, skip, dead letter)
    bad_option,   ///< configuration: refused before anything starts
    io,           ///< file, disk, database or network
    busy,         ///< somebody else holds the resource
    unsupported,  ///< understood, but this build or version cannot do it
    defect,       ///< a bug in a plugin: an exception, a broken contract
};

/// Result of a call across the plugin boundary: ok, or a code with a message for a person.
/// One pointer wide; the message is allocated and freed inside libspillway. Not thread-safe.
class [[nodiscard]] Status {
public:
    constexpr Status() noexcept = default;
    /// `subject` names what the message is about (an option, a field); may be empty.
    Status(Code code, std::string_view message, std::string_view subject = {}) noexcept;
    Status(Status&& other) noexcept : error_(std::exchange(other.error_, nullptr)) {}
    Status& operator=(Status&& other) noexcept {
        std::swap(error_, other.error_);
        return *this;
    }
    Status(const Status& other) noexcept;
    Status& operator=(const Status& other) noexcept { return *this = Status(other); }
    ~Status() {
        if (error_ != nullptr) release();
    }

    [[nodiscard]] bool ok() const noexcept { return error_ == nullptr; }
    [[nodiscard]] explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] Code code() const noexcept;
    [[nodiscard]] std::string_view message() const noexcept;
    [[nodiscard]] std::string_view subject() const noexcept;

private:
    struct Error;
    void release() noexcept;
    Error* error_ = nullptr;
};

template <class T>
using Result = tl::expected<T, Status>;

/// `return bad_record("price is not a number", "price");`
[[nodiscard]] inline Status bad_record(std::string_view message,
                                       std::string_view subject = {}) noexcept {
    return {Code::bad_record, message, subject};
}
/// `return bad_option("where[1]", "unknown field 'notionl'; did you mean 'notional'?");`
[[nodiscard]] inline Status bad_option(std::string_view option, std::string_view message) noexcept {
    return {Code::bad_option, message, option};
}

}  // namespace spillway
