#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include <spillway/testing/temporary_folder.hpp>

#include "child.hpp"

namespace spillway::bench {

/// What an exchange sends, and to whom.
struct LiveLoad {
    std::size_t sources = 4;      ///< of the pipeline
    std::size_t connections = 5;  ///< of each source
    std::size_t contracts = 28;   ///< that trade, of each connection
    double rate = 20'000;         ///< frames a second, of all connections
    double seconds = 5;           ///< that are measured
    bool crowded = true;          ///< list more contracts, until so many connections are needed
    std::size_t trades = 12, tickers = 7, liquidations = 1;  ///< of a contract, as shares

    [[nodiscard]] std::size_t all_connections() const { return sources * connections; }
    /// The contracts' base assets: of one source, of one sort.
    [[nodiscard]] std::vector<std::string> bases_of(std::size_t source) const;
    [[nodiscard]] std::vector<std::string> silent_of(std::size_t source) const;
};

/// The exchange, in a process of its own, from its start to when nobody needs it.
class LiveExchange {
public:
    [[nodiscard]] static tl::expected<LiveExchange, std::string> start(const LiveLoad& load);

    [[nodiscard]] const std::string& port() const noexcept { return port_; }
    /// `gateway` of a source.
    [[nodiscard]] std::string gateway() const;
    /// Waits until everything is subscribed and the first frame leaves.
    [[nodiscard]] tl::expected<void, std::string> wait_for_begin();

    struct Sent {
        std::uint64_t frames = 0;
        double late_p99_us = 0;  ///< how far behind its own pace it was
    };
    [[nodiscard]] tl::expected<Sent, std::string> wait_for_end();

    /// A bare read loop in the place of a pipeline, in a process of its own.
    [[nodiscard]] tl::expected<Child, std::string> start_read_loop(const LiveLoad& load) const;
    /// When the stamp in a message was made; monotonic nanoseconds, 0: it is no stamp.
    [[nodiscard]] std::int64_t sent_at(double amount) const noexcept;

private:
    LiveExchange(std::unique_ptr<testing::TemporaryFolder> folder, std::int64_t epoch, Child child)
        : folder_(std::move(folder)), epoch_(epoch), child_(std::move(child)) {}

    std::unique_ptr<testing::TemporaryFolder> folder_;
    std::int64_t epoch_;
    Child child_;
    std::string port_;
};

/// Passes before measuring begins: connections settle, caches and tables fill.
inline constexpr double live_warm_up_seconds = 2;

}  // namespace spillway::bench
