#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway::detail {

/// Reads JSON from front to back, in the order of the text; numbers stay text until their type is
/// known, so that nothing is rounded. After the first mistake every answer is empty and `ok` false.
///
///     cursor.begin('{');
///     while (cursor.next('}')) use(cursor.key(), cursor.text());
class JsonCursor {
public:
    explicit JsonCursor(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    /// Nothing but blanks is left, and all was well.
    [[nodiscard]] bool at_end() noexcept;
    void fail() noexcept {
        ok_ = false;
        rest_ = {};
    }

    /// Enters an object or array.
    void begin(char bracket) noexcept;
    /// Whether another member comes; leaves at `bracket` otherwise.
    [[nodiscard]] bool next(char bracket) noexcept;
    /// The key of a member, with its colon.
    [[nodiscard]] std::string key();
    /// First character of the value that comes; 0 at the end.
    [[nodiscard]] char peek() noexcept;

    [[nodiscard]] std::string text();
    [[nodiscard]] bool boolean() noexcept;
    /// A number; NaN for `null`.
    [[nodiscard]] double number() noexcept;
    template <class Integer>
    [[nodiscard]] Integer integer() noexcept {
        const std::string_view token = number_token();
        Integer value{};
        const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
        if (error != std::errc{} || end != token.data() + token.size()) fail();
        return ok_ ? value : Integer{};
    }

private:
    void skip_blanks() noexcept;
    bool take(char c) noexcept;
    bool take_word(std::string_view word) noexcept;
    [[nodiscard]] std::string_view number_token() noexcept;
    void append_escape(std::string& out);
    [[nodiscard]] std::uint32_t hex4() noexcept;

    std::string_view rest_;
    bool ok_ = true;
    bool first_ = true;  ///< of the object or array just entered
};

}  // namespace spillway::detail
