#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <spillway/protocol.hpp>

#include "common/venues/wire.hpp"
#include "options.hpp"

namespace spillway::kraken_futures {

/// How Kraken Futures is spoken to: one socket, the feeds trade and ticker of each contract, the
/// feed heartbeat, and the list of instruments. Topics are named feed and product,
/// `trade.PF_XBTUSD`, or by the feed alone: `heartbeat`.
class Protocol final : public spillway::Protocol {
public:
    explicit Protocol(const Options& options) noexcept : options_(options) {}

    Status prepare(PlanWriter& out) const noexcept override;
    Status plan(std::span<const Reply> replies, PlanWriter& out) const noexcept override;
    Status subscribe(const Subscription& what, TextWriter& out) const noexcept override;
    [[nodiscard]] Heard hear(std::string_view socket,
                             std::string_view message) const noexcept override;
    [[nodiscard]] Fault fault(const Reply& reply) const noexcept override;
    [[nodiscard]] std::optional<Time> venue_time(std::string_view body) const noexcept override;

private:
    [[nodiscard]] Heard hear_answer(venues::dom::object answer) const;

    const Options& options_;
    mutable venues::MessageReader reader_;
    mutable std::string topic_;  ///< of the message that was heard last
};

}  // namespace spillway::kraken_futures
