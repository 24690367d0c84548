#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/venue.hpp>

#include "coins.hpp"
#include "common/venues/feed_health.hpp"
#include "common/venues/json.hpp"
#include "common/venues/poll.hpp"
#include "options.hpp"
#include "protocol.hpp"

namespace spillway::coingecko {

/// Decoder of CoinGecko: prices in USD and 24 h volumes of coins, from the replies of
/// `simple/price` and `coins/markets`.
class CoinGecko : public Venue<CoinGecko> {
public:
    static constexpr About about{
        .name = "coingecko",
        .version = "1.0.0",
        .summary = "CoinGecko: prices and 24 h volumes of coins, all exchanges together",
        .emits = {Kind::price, Kind::source_status}};
    static constexpr auto option_list = coingecko::option_list;
    Options options;

    [[nodiscard]] Status check() const { return options.check(); }
    [[nodiscard]] const spillway::Protocol* protocol() const noexcept override {
        return &protocol_;
    }
    Status begin(const NodeSetup&);
    Status on(const Frame& frame, Emitter& out);

    template <class Archive>
    void fields(Archive& io) {
        io(1, health_);
        io(2, missing_);
    }

private:
    /// What a reply says of a coin; null and missing numbers are absent.
    struct Row {
        std::string_view id;
        std::optional<double> price, volume;
        std::optional<Time> time;
    };

    Status on_response(const Frame& frame, Emitter& out);
    Status on_reply(const Frame& frame, Emitter& out);
    Status read_simple_prices(venues::dom::object coins);
    Status read_markets(venues::dom::array coins);
    void emit_price(const Row& row, const Frame& frame, Emitter& out);
    /// Says which of the coins that were asked for have no price, when that changes.
    void tell_missing(std::string_view asked, const Frame& frame, Emitter& out);
    [[nodiscard]] bool has_price(std::string_view id) const;

    Protocol protocol_{options};
    std::optional<Coins> coins_;
    venues::dom::parser parser_;
    std::vector<Row> rows_;  ///< of the reply in hand
    venues::FeedHealth health_{Kind::price};
    std::vector<std::string> missing_;  ///< ids that were asked for in vain last time
};

}  // namespace spillway::coingecko
