#pragma once

#include <span>
#include <string>
#include <string_view>

#include <spillway/protocol.hpp>

#include "common/venues/chosen_markets.hpp"
#include "common/venues/wire.hpp"
#include "options.hpp"

namespace spillway::okx {

struct Listing;

/// How OKX v5 is spoken to: its public socket, the lists of swaps and futures, and the statistics.
/// Topics are named by the argument that subscribes to them, as JSON without blanks:
/// `{"channel":"mark-price","instId":"BTC-USDT-SWAP"}`.
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
    void plan_list(venues::dom::array rows, venues::ChosenMarkets& markets, PlanWriter& out) const;
    [[nodiscard]] bool is_wanted(const Listing& listing) const;
    void plan_contract(const Listing& listing, PlanWriter& out) const;
    [[nodiscard]] Heard hear_answer(venues::dom::object answer) const;

    const Options& options_;
    mutable venues::MessageReader reader_;
    mutable std::string topic_;  ///< of the answer that was heard last
};

}  // namespace spillway::okx
