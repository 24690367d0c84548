#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace spillway::bench {

/// How often a contract's messages come, relative to each other.
struct Mix {
    std::size_t trades = 12, tickers = 7, liquidations = 1;
};

struct ExchangeSettings {
    std::filesystem::path ca_file;    ///< where the certificate goes that clients are to trust
    std::vector<std::string> bases;   ///< of contracts that trade
    std::vector<std::string> silent;  ///< of contracts that are listed only
    std::size_t connections = 20;     ///< to wait for, with every topic of `bases` subscribed
    double rate = 20'000;             ///< frames a second, of all connections together
    double seconds = 5;               ///< at most 90
    std::int64_t epoch = 0;           ///< of the stamps: nanoseconds of the monotonic clock
    Mix mix;
};

/// Plays Bybit on a free port of 127.0.0.1: the list of instruments over HTTPS and, once all that
/// is expected is subscribed, messages at the given pace over TLS WebSockets, each stamped when it
/// is sent. Prints, one a line: `port N`; `began N`, nanoseconds of the monotonic clock, with the
/// first message; `sent N late_p99_us N` after the last. Ends with its standard input.
void run_exchange(const ExchangeSettings& settings);

}  // namespace spillway::bench
