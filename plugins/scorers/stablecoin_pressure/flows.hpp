#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/kind.hpp>
#include <spillway/time.hpp>

#include "pressure.hpp"

namespace spillway::stablecoin_pressure {

/// One record of stablecoin flow.
struct Flow {
    Time time = 0;  ///< event time; of a bar, when it was complete
    FlowType type = FlowType::exchange_inflow;
    double amount = 0;        ///< USD, not negative; SUPPLY: the whole supply
    Duration interval = 0;    ///< of a bar; 0 for a single transfer
    std::string_view source;  ///< venue of the record: an aggregator, a chain
    std::string_view token;   ///< `ALL`: the aggregator's own sum
    std::string_view chain;
};

/// The stablecoin flows of the look-back, per source. O(1) amortised per transfer; bars are few and
/// kept one by one. Rules:
/// - Single transfers count in full for the look-back if they reach the floor.
/// - A bar of at most the look-back counts in full for the look-back; a longer one counts as
///   amount * look_back / interval, for one interval or until its successor arrives.
/// - A SUPPLY record counts as minting by its difference to the previous SUPPLY of its token,
///   spread over the time between the two when that is longer than the look-back.
/// - Where a source sends ALL, its bars of single tokens are ignored.
/// - A source is fresh until three of its intervals have passed without a record (exactly three
///   still is); single transfers are rare, so their source is fresh for the look-back after one, or
///   for as long as it reports itself connected. A disconnected source is never fresh.
///   Only fresh sources count; if none has sent anything of a kind, that kind is unknown, not 0.
/// Two sources that report the same flows count twice: connect one of them.
class Flows {
public:
    /// Forgets what has left the look-back. Before observe(.., now) and assess(now).
    void advance(Time now, const Options& options);
    void observe(const Flow& flow, Time now, const Options& options);
    void set_connected(std::string_view source, bool connected);

    [[nodiscard]] Amounts assess(Time now, const Options& options) const;
    /// The next engine time after `now` at which the amounts change by themselves.
    [[nodiscard]] Time next_change(Time now, const Options& options) const noexcept;

    template <class Archive>
    void fields(Archive& io) {
        io(1, sources_);
        io(2, transfers_);
        io(3, bars_);
        io(4, supplies_);
    }

private:
    enum class Class : std::uint8_t { exchange_flow, mint_burn };
    using MicroUsd = std::int64_t;  ///< exact sums

    /// When a source last sent something of one class.
    struct Feed {
        bool single = false;     ///< has sent single transfers
        bool sampled = false;    ///< has sent bars
        Time last_single = 0;    ///< engine time
        Time last_bar = 0;       ///< engine time
        Duration interval = 0;   ///< of the last bar
        MicroUsd transfers = 0;  ///< sum of its single transfers in the look-back

        template <class Archive>
        void fields(Archive& io) {
            io(1, single);
            io(2, sampled);
            io(3, last_single);
            io(4, last_bar);
            io(5, interval);
            io(6, transfers);
        }
    };
    enum class Link : std::uint8_t { unknown, connected, disconnected };
    struct Source {
        std::string name;
        Link link = Link::unknown;
        std::array<Feed, 2> feeds;  ///< by Class

        template <class Archive>
        void fields(Archive& io) {
            io(1, name);
            io(2, link);
            io(3, feeds);
        }
    };
    struct Transfer {
        Time time = 0;
        MicroUsd amount = 0;  ///< with its sign
        std::uint32_t source = 0;
        Class kind = Class::exchange_flow;

        template <class Archive>
        void fields(Archive& io) {
            io(1, time);
            io(2, amount);
            io(3, source);
            io(4, kind);
        }
    };
    struct Bar {
        Time time = 0;
        Time end = 0;       ///< counts before this time
        double amount = 0;  ///< with its sign, as it counts
        std::uint32_t source = 0;
        FlowType type = FlowType::exchange_inflow;
        bool spread = false;  ///< longer than the look-back
        std::string token, chain;

        template <class Archive>
        void fields(Archive& io) {
            io(1, time);
            io(2, end);
            io(3, amount);
            io(4, source);
            io(5, type);
            io(6, spread);
            io(7, token);
            io(8, chain);
        }
    };
    struct Supply {
        Time time = 0;
        double amount = 0;
        std::uint32_t source = 0;
        std::string token, chain;

        template <class Archive>
        void fields(Archive& io) {
            io(1, time);
            io(2, amount);
            io(3, source);
            io(4, token);
            io(5, chain);
        }
    };

    [[nodiscard]] static Class class_of(FlowType type) noexcept;
    [[nodiscard]] static double sign_of(FlowType type) noexcept;
    [[nodiscard]] static bool fresh(const Source& source, Class kind, Time now,
                                    const Options& options) noexcept;
    [[nodiscard]] std::uint32_t source_of(std::string_view name);
    void add_transfer(const Flow& flow, std::uint32_t source, const Options& options);
    /// `span` is the time the amount was gathered in, `hold` how long it counts when spread.
    void add_bar(const Flow& flow, std::uint32_t source, double amount, Duration span,
                 Duration hold, const Options& options);
    /// False for the first record of a token: there is nothing to compare it with.
    bool add_supply(const Flow& flow, std::uint32_t source, const Options& options);
    [[nodiscard]] double bars_of(std::uint32_t source, Class kind, Time now) const;

    std::vector<Source> sources_;
    std::deque<Transfer> transfers_;  ///< by time
    std::vector<Bar> bars_;
    std::vector<Supply> supplies_;  ///< newest of each token
};

}  // namespace spillway::stablecoin_pressure
