#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <spillway/time.hpp>

namespace spillway::live {

/// The steps to an open connection, in this order; those that are not needed are left out.
enum class Step : std::uint8_t { dns, tcp, proxy, tls };

/// A step that succeeded.
struct StepDone {
    Step step = Step::dns;
    std::string detail;   ///< "2 addresses: 1.2.3.4, 5.6.7.8"
    std::string warning;  ///< what will soon not succeed any more, and what to do
    Duration took = 0;
};

/// Hears of every step; empty: nobody wants to know.
using Trace = std::function<void(const StepDone&)>;

}  // namespace spillway::live
