#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <spillway/fields.hpp>
#include <spillway/sink.hpp>

#include "measures/live_load.hpp"
#include "runtime/ingress/wall_clock.hpp"

namespace spillway::bench {

/// Behind the events that reach the scorer, on a thread of its own as every sink: when did they
/// come, and when were they sent?
class StampSink final : public Sink {
public:
    StampSink(const LiveExchange& exchange, std::size_t most) : exchange_(exchange) {
        microseconds_.reserve(most);
    }
    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows& rows) noexcept override {
        const std::int64_t now = runtime::steady_nanoseconds();
        for (std::uint32_t i = 0; i < rows.rows.count; ++i) {
            const std::int64_t sent = exchange_.sent_at(amount_of(rows.batch[rows.rows[i]]));
            if (sent == 0) continue;
            ++seen_;
            if (sent >= since_ && microseconds_.size() < microseconds_.capacity()) {
                microseconds_.push_back(1e-3 * static_cast<double>(now - sent));
            }
        }
        return {};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

    /// Events that were sent before do not count.
    void begin(std::int64_t since) noexcept { since_ = since; }
    [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }
    /// After the run.
    [[nodiscard]] const std::vector<double>& microseconds() const noexcept { return microseconds_; }

private:
    static double amount_of(const Event& event) noexcept {
        switch (event.kind()) {
            case Kind::trade:
                return event.trade.quantity;
            case Kind::price:
                return event.has(field::price::volume_usd) ? event.price.volume_usd : 0;
            case Kind::liquidation:
                return event.liquidation.quantity;
            default:
                return 0;
        }
    }

    const LiveExchange& exchange_;
    std::atomic<std::int64_t> since_ = time_never;
    std::atomic<std::uint64_t> seen_ = 0;
    std::vector<double> microseconds_;
};

}  // namespace spillway::bench
