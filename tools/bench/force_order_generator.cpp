#include "force_order_generator.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>

namespace spillway::bench {
namespace {

struct Symbol {
    std::string_view name;
    unsigned price_decimals;
    unsigned quantity_decimals;
    std::uint64_t price;  // in units of the last decimal
};

constexpr std::array<Symbol, ForceOrderGenerator::symbol_count> symbols{{
    {"BTCUSDT", 2, 3, 8'265'190}, {"ETHUSDT", 2, 3, 274'315},    {"SOLUSDT", 4, 2, 1'187'300},
    {"XRPUSDT", 4, 1, 16'043},    {"BNBUSDT", 3, 2, 778'120},    {"DOGEUSDT", 6, 0, 105'230},
    {"ADAUSDT", 5, 0, 29'340},    {"AVAXUSDT", 4, 0, 101'270},   {"LINKUSDT", 3, 2, 9'812},
    {"DOTUSDT", 4, 1, 15'570},    {"LTCUSDT", 2, 3, 5'964},      {"BCHUSDT", 2, 3, 52'417},
    {"SUIUSDT", 6, 1, 1'121'900}, {"APTUSDT", 5, 1, 118'400},    {"ARBUSDT", 6, 1, 134'500},
    {"NEARUSDT", 4, 0, 12'020},   {"PUMPUSDT", 7, 0, 48'920},    {"QNTUSDT", 6, 1, 86'910'000},
    {"RUNEUSDT", 4, 0, 7'547},    {"HYPEUSDT", 5, 2, 3'134'700},
}};

constexpr std::uint64_t threshold_usd = 100'000;

constexpr std::uint64_t power_of_ten(unsigned exponent) {
    std::uint64_t result = 1;
    for (; exponent > 0; --exponent) result *= 10;
    return result;
}

template <class Integer>
void append_integer(std::string& out, Integer value) {
    std::array<char, 24> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

/// Appends `value` / 10^`decimals` with all its decimals, as the venue does.
void append_decimal(std::string& out, std::uint64_t value, unsigned decimals) {
    const std::uint64_t unit = power_of_ten(decimals);
    append_integer(out, value / unit);
    if (decimals == 0) return;
    // A leading 1 keeps the zeros after the point; the point then replaces it.
    const std::size_t point = out.size();
    append_integer(out, unit + value % unit);
    out[point] = '.';
}

}  // namespace

ForceOrderGenerator::ForceOrderGenerator(const ForceOrderOptions& options)
    : options_(options), random_state_(options.seed), trade_time_ms_(options.start_ms) {
    std::transform(symbols.begin(), symbols.end(), prices_.begin(),
                   [](const Symbol& symbol) { return symbol.price; });
}

/// SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t ForceOrderGenerator::random() {
    random_state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = random_state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

std::uint64_t ForceOrderGenerator::random_below(std::uint64_t bound) {
    return (random() >> 32) * bound >> 32;  // bounds here are far below 2^32
}

/// Roughly log-uniform: a power of two around the threshold, then uniform inside that octave.
std::uint64_t ForceOrderGenerator::next_notional_usd() {
    if (random_below(5) == 0) {
        const std::uint64_t octave = threshold_usd << random_below(4);
        return octave + random_below(octave);
    }
    const std::uint64_t octave = threshold_usd >> random_below(8);
    return octave - 1 - random_below(octave / 2);
}

/// A random walk of at most 1/2048 a step that stays within half and twice the first price.
std::uint64_t ForceOrderGenerator::next_price(std::size_t symbol) {
    std::uint64_t& price = prices_[symbol];
    const std::uint64_t step = std::max<std::uint64_t>(1, price / 2048);
    price = std::clamp(price - step + random_below(2 * step + 1), symbols[symbol].price / 2,
                       symbols[symbol].price * 2);
    return price;
}

void ForceOrderGenerator::append_next(std::string& out) {
    const std::size_t index = random_below(symbol_count);
    const Symbol& symbol = symbols[index];
    const bool sells = random_below(2) == 0;
    const std::uint64_t average_price = next_price(index);
    // The limit lies near the bankruptcy price: below the fill of a sale, above that of a purchase.
    const std::uint64_t distance = 1 + average_price * (1 + random_below(8)) / 2048;
    const std::uint64_t limit_price = sells ? average_price - distance : average_price + distance;

    const std::uint64_t notional = next_notional_usd();
    const std::uint64_t scaled =
        notional * power_of_ten(symbol.price_decimals + symbol.quantity_decimals);
    // Rounding must not carry an order over the threshold, in either direction.
    const std::uint64_t round_up = notional >= threshold_usd ? average_price - 1 : 0;
    const std::uint64_t quantity = std::max<std::uint64_t>(1, (scaled + round_up) / average_price);
    const std::uint64_t last_fill = 1 + random_below(std::min<std::uint64_t>(quantity, 1u << 31));
    // The feed is sampled once a second, so a frame leaves about a second after the trade.
    const std::int64_t event_time_ms =
        trade_time_ms_ + 990 + static_cast<std::int64_t>(random_below(30));

    const bool combined = options_.form == FrameForm::combined;
    if (combined) out += R"({"stream":"!forceOrder@arr","data":)";
    out += R"({"e":"forceOrder","E":)";
    append_integer(out, event_time_ms);
    out += R"(,"o":{"s":")";
    out += symbol.name;
    out += sells ? R"(","S":"SELL","o":"LIMIT","f":"IOC","q":")"
                 : R"(","S":"BUY","o":"LIMIT","f":"IOC","q":")";
    append_decimal(out, quantity, symbol.quantity_decimals);
    out += R"(","p":")";
    append_decimal(out, limit_price, symbol.price_decimals);
    out += R"(","ap":")";
    append_decimal(out, average_price, symbol.price_decimals);
    out += R"(","X":"FILLED","l":")";
    append_decimal(out, last_fill, symbol.quantity_decimals);
    out += R"(","z":")";
    append_decimal(out, quantity, symbol.quantity_decimals);
    out += R"(","T":)";
    append_integer(out, trade_time_ms_);
    if (combined) {
        out += R"(,"ps":")";
        out += symbol.name;
        out += R"(","st":1}}})";
    } else {
        out += "}}";
    }
    out += '\n';
    trade_time_ms_ += options_.spacing_ms;
}

tl::expected<std::uint64_t, std::string> write_force_orders(const std::filesystem::path& path,
                                                            const ForceOrderOptions& options) {
    const auto failure = [&path](const char* what) {
        return tl::make_unexpected(path.string() + ": " + what + ": " +
                                   std::generic_category().message(errno));
    };
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wb"),
                                                         &std::fclose);
    if (!file) return failure("cannot create the file");

    constexpr std::size_t flush_at = std::size_t{1} << 18;
    ForceOrderGenerator generator(options);
    std::string pending;
    pending.reserve(flush_at + 512);
    std::uint64_t bytes = 0;
    for (std::uint64_t frame = 0; frame < options.frames; ++frame) {
        generator.append_next(pending);
        if (pending.size() < flush_at && frame + 1 < options.frames) continue;
        if (std::fwrite(pending.data(), 1, pending.size(), file.get()) != pending.size()) {
            return failure("cannot write");
        }
        bytes += pending.size();
        pending.clear();
    }
    if (std::fclose(file.release()) != 0) return failure("cannot write");
    return bytes;
}

}  // namespace spillway::bench
