#pragma once

#include <span>
#include <string_view>

#include <spillway/protocol.hpp>

#include "common/venues/wire.hpp"
#include "options.hpp"

namespace spillway::coingecko {

/// How CoinGecko is asked: all markets in one call, as often as the quota allows.
class Protocol final : public spillway::Protocol {
public:
    explicit Protocol(const Options& options) noexcept : options_(options) {}

    Status prepare(PlanWriter& out) const noexcept override;
    Status plan(std::span<const Reply> replies, PlanWriter& out) const noexcept override;
    Status subscribe(const Subscription& what, TextWriter& out) const noexcept override;
    [[nodiscard]] Heard hear(std::string_view socket,
                             std::string_view message) const noexcept override;
    [[nodiscard]] Fault fault(const Reply& reply) const noexcept override;

private:
    const Options& options_;
    mutable venues::MessageReader reader_;
};

}  // namespace spillway::coingecko
