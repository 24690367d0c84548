#pragma once

#include <span>
#include <string_view>

#include <spillway/protocol.hpp>

#include "common/venues/chosen_markets.hpp"
#include "common/venues/wire.hpp"
#include "options.hpp"

namespace spillway::binance {

struct ProductLine;
struct Listed;

/// How Binance futures are spoken to, USD-M and COIN-M: combined streams, and the public polls.
/// Topics are named as the venue names streams: `btcusdt@markPrice@1s`.
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
    void plan_line(const ProductLine& line, PlanWriter& out) const;
    void plan_list(const ProductLine& line, venues::dom::array rows, venues::ChosenMarkets& markets,
                   PlanWriter& out) const;
    void plan_contract(const ProductLine& line, const Listed& contract, PlanWriter& out) const;

    const Options& options_;
    mutable venues::MessageReader reader_;
};

}  // namespace spillway::binance
