#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <spillway/kind.hpp>
#include <spillway/time.hpp>

#include "samples.hpp"
#include "stream.hpp"

namespace spillway::liquidation_risk {

/// What one market's sources say about price, open interest, funding and long/short ratio, and
/// which of them is believed. Streams are added once, by text, and then named by their index, so a
/// record costs O(1) and no allocation; choosing looks at every stream of a kind.
///
/// Times are event times, never later than engine time. A record older than its stream's newest is
/// ignored. Of conflicting records of one time the larger magnitude counts, but for ticks, which
/// have an order of their own: the last one.
class Inputs {
public:
    using Index = std::uint32_t;

    struct Price {
        Stream stream;
        double price = 0;  // quote per base: mark, else last
        double log_price = 0;
        std::optional<Index> open_interest;  // of the same venue and instrument
        Time newest_mark = time_before_all;  // a stream with marks is not mixed with last prices
        std::optional<double> basis;         // mark/index - 1
        Samples samples;

        /// Prices that come as they change rank before bars of the same expected interval.
        bool ticks() const { return stream.declared == 0; }

        template <class Archive>
        void fields(Archive& io) {
            io(1, stream);
            io(2, price);
            io(3, newest_mark);
            io(4, basis);
            io(5, samples);
            io(6, log_price);
            io(7, open_interest);
        }
    };

    struct OpenInterest {
        Stream stream;
        bool coins = true;  // else USD, which moves with the price
        double value = 0;
        double log_value = 0;
        Samples samples;

        template <class Archive>
        void fields(Archive& io) {
            io(1, stream);
            io(2, coins);
            io(3, value);
            io(4, samples);
            io(5, log_value);
        }
    };

    struct Funding {
        Stream stream;
        double rate = 0;        // fraction per funding interval
        double rate_8h = 0;     // fraction per 8 h
        std::uint32_t venue{};  // equal for streams of one venue

        template <class Archive>
        void fields(Archive& io) {
            io(1, stream);
            io(2, rate);
            io(3, rate_8h);
            io(4, venue);
        }
    };

    struct LongShort {
        Stream stream;
        Population population = Population::global_accounts;
        double ratio = 1;
        std::optional<Index> open_interest;  // of the same venue and instrument

        template <class Archive>
        void fields(Archive& io) {
            io(1, stream);
            io(2, population);
            io(3, ratio);
            io(4, open_interest);
        }
    };

    /// A price record; what it does not carry is absent.
    struct PriceRecord {
        Time time = 0;
        Duration interval = 0;  // 0: a tick
        std::optional<double> mark, last, index;
    };

    Index price_stream(std::string_view venue, std::string_view instrument);
    Index open_interest_stream(std::string_view venue, std::string_view instrument);
    Index funding_stream(std::string_view venue, std::string_view instrument);
    Index long_short_stream(std::string_view venue, std::string_view instrument,
                            Population population);

    /// Samples cost memory and only the profiles `classic` and `monotone` read them.
    void keep_samples(bool keep) { keep_samples_ = keep; }

    /// False if the record changed nothing. Values that are not positive and finite are refused.
    bool price(Index stream, const PriceRecord& record);
    bool open_interest(Index stream, Time time, Duration interval, std::optional<double> coins,
                       std::optional<double> usd);
    bool funding(Index stream, Time time, Duration interval, double rate, double interval_hours);
    bool long_short(Index stream, Time time, Duration interval, double ratio);

    /// The fresh stream with the shortest expected interval, then the largest open interest, then
    /// the first name. Only streams whose grid step is at most `coarsest` are asked.
    std::optional<Index> choose_price(Time now, Duration coarsest = time_never) const;
    /// Likewise; streams in coins come before streams in USD.
    std::optional<Index> choose_open_interest(Time now) const;
    /// Likewise; global accounts, else top accounts, else top positions, never mixed.
    std::optional<Index> choose_long_short(Time now) const;

    /// Median over the fresh venues (a venue with several instruments: the median of those).
    std::optional<double> funding_8h(Time now) const;
    /// The same of rates per funding interval, as they were sent.
    std::optional<double> funding_as_sent(Time now) const;

    /// The first moment after `now` at which a fresh value turns stale; time_never if none does.
    Time next_stale(Time now) const;

    const std::vector<Price>& prices() const { return prices_; }
    const std::vector<OpenInterest>& open_interests() const { return open_interests_; }
    const std::vector<LongShort>& long_shorts() const { return long_shorts_; }
    const std::vector<Funding>& fundings() const { return fundings_; }
    static bool fresh(const Funding& funding, Time now);

    template <class Archive>
    void fields(Archive& io) {
        io(1, prices_);
        io(2, open_interests_);
        io(3, fundings_);
        io(4, long_shorts_);
    }

private:
    std::optional<Index> find_open_interest(const StreamKey& key) const;
    double coins_of(std::optional<Index> open_interest) const;
    template <class Rate>
    std::optional<double> median_funding(Time now, Rate rate) const;

    std::vector<Price> prices_;
    std::vector<OpenInterest> open_interests_;
    std::vector<Funding> fundings_;
    std::vector<LongShort> long_shorts_;
    bool keep_samples_ = false;
    mutable std::vector<double> scratch_, venue_rates_;  // room for medians, kept
};

}  // namespace spillway::liquidation_risk
