#pragma once

#include <cstdint>
#include <string_view>

#include <spillway/time.hpp>

namespace spillway {

enum class Outcome : std::uint8_t { good, warning, failed, skipped };

/// One thing that was tried, and how it went.
struct Finding {
    std::string_view endpoint;  ///< "wss://stream.bybit.com/v5/public/linear"; without secrets
    std::string_view check;     ///< "DNS", "TCP", "TLS", "first data", "clock", "key", ...
    Outcome outcome = Outcome::good;
    std::string_view detail = {};  ///< what was found: "3 addresses", "certificate has expired"
    std::string_view fix = {};     ///< what to do; empty if nothing
    Duration took = 0;
};

/// Takes findings while a source or sink examines what it talks to. Texts are copied.
class Examiner {
public:
    virtual void report(const Finding& finding) noexcept = 0;
    /// True once the user does not want to wait any longer.
    [[nodiscard]] virtual bool stopped() const noexcept = 0;

protected:
    ~Examiner() = default;
};

}  // namespace spillway
