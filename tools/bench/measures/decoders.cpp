#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "cpu_clock.hpp"
#include "decoder_run.hpp"
#include "hand_decoders.hpp"
#include "measures/measures.hpp"
#include "stats.hpp"

namespace spillway::bench {
namespace {

namespace fs = std::filesystem;

/// A venue, and which of its recordings are read.
struct Job {
    std::string_view name;
    std::vector<std::string_view> recordings;
    std::string_view poll = {}, reply = {};  ///< what the decoder must know first
    std::unique_ptr<HandDecoder> hand;
};

std::vector<std::string> lines_of(const fs::path& file) {
    std::vector<std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

/// Count and prices of trades and liquidations, which both sides must find alike.
struct Orders {
    std::size_t count = 0;
    double prices = 0;

    void add(double price) {
        ++count;
        prices += price;
    }
    void add(const Batch& events) {
        for (const Event& event : events.events()) {
            if (event.kind() == Kind::trade) add(event.trade.price);
            if (event.kind() == Kind::liquidation) add(event.liquidation.price);
        }
    }
    void add(const std::vector<HandRow>& rows) {
        for (const HandRow& row : rows) {
            if (row.kind == HandRow::Kind::trade || row.kind == HandRow::Kind::liquidation) {
                add(row.price);
            }
        }
    }
    [[nodiscard]] bool alike(const Orders& other) const {
        return count == other.count && std::abs(prices - other.prices) <= 1e-9 * prices;
    }
};

/// A decoder that knows what it has to.
tl::expected<std::unique_ptr<DecoderRun>, std::string> prepare(const Job& job,
                                                               const fs::path& fixtures, bool ids) {
    auto run = DecoderRun::make(job.name, ids);
    if (!run || job.reply.empty()) return run;
    for (const std::string& body : lines_of(fixtures / job.reply)) {
        (*run)->respond(job.poll, body);
    }
    return run;
}

struct Chosen {
    std::vector<std::string> messages;
    Orders by_decoder, by_hand;
};

/// The recorded messages that both sides read: others are of instruments that are not known, or
/// lack what came in later years.
Chosen choose(const Job& job, const fs::path& fixtures, DecoderRun& run) {
    Chosen chosen;
    for (const std::string_view name : job.recordings) {
        for (std::string line : lines_of(fixtures / fmt::format("{}.jsonl", name))) {
            const BatchRef events = run.decode(line);
            const std::size_t size = line.size();
            std::vector<HandRow> rows;
            line.append(simdjson::SIMDJSON_PADDING, ' ');
            if (events->size() == 0 || !job.hand->decode({line.data(), size}, rows)) continue;
            chosen.by_decoder.add(*events);
            chosen.by_hand.add(rows);
            line.resize(size);
            chosen.messages.push_back(std::move(line));
        }
    }
    return chosen;
}

constexpr std::size_t passes = 400;

/// CPU nanoseconds of a message.
double decoder_time(DecoderRun& run) {
    std::size_t events = 0;
    const CpuStopwatch watch;
    for (std::size_t pass = 0; pass < passes; ++pass) events += run.step();
    return events == 0 ? 0 : 1e9 * watch.seconds() / static_cast<double>(passes * run.size());
}

double hand_time(HandDecoder& hand, const DecoderRun& run) {
    std::vector<HandRow> rows;
    const CpuStopwatch watch;
    for (std::size_t pass = 0; pass < passes; ++pass) {
        rows.clear();
        for (std::size_t i = 0; i < run.size(); ++i) hand.decode(run.message(i), rows);
    }
    return 1e9 * watch.seconds() / static_cast<double>(passes * run.size());
}

/// An error, or empty.
std::string measure(const Job& job, std::size_t runs, Report& report) {
    const fs::path fixtures =
        fs::path(SPILLWAY_SOURCE_DIR) / "plugins" / "sources" / job.name / "fixtures";
    if (!fs::exists(fixtures)) {
        return fmt::format("there is no {}: run this benchmark where the program was built",
                           fixtures.string());
    }
    auto plain = prepare(job, fixtures, false), with_ids = prepare(job, fixtures, true);
    if (!plain || !with_ids) return plain ? with_ids.error() : plain.error();
    const Chosen chosen = choose(job, fixtures, **plain);
    if (chosen.messages.empty() || !chosen.by_decoder.alike(chosen.by_hand)) {
        return fmt::format("{}: the decoder found {} orders, the yardstick {}", job.name,
                           chosen.by_decoder.count, chosen.by_hand.count);
    }
    (*plain)->load(chosen.messages);
    (*with_ids)->load(chosen.messages);
    const auto yardstick = [&] { return hand_time(*job.hand, **plain); };
    const Comparison bare = interleave(
        runs, [&] { return decoder_time(**plain); }, yardstick);
    const Comparison whole = interleave(
        runs, [&] { return decoder_time(**with_ids); }, yardstick);
    const auto add = [&](const char* name, double value, const std::string& meaning) {
        report.add(fmt::format("{}_{}", job.name, name), value, meaning);
    };
    add("ratio", 1 / bare.speed_ratio(), "CPU time of the decoder to that of the yardstick");
    add("with_ids_ratio", 1 / whole.speed_ratio(), "the same where events get ids, as for dedupe");
    add("ns_per_message", median(bare.subject),
        fmt::format("decoder, {} recorded messages; runs from {:.0f} to {:.0f}",
                    chosen.messages.size(), quantile(bare.subject, 0), quantile(bare.subject, 1)));
    add("hand_ns_per_message", median(bare.yardstick),
        fmt::format("yardstick; runs from {:.0f} to {:.0f}", quantile(bare.yardstick, 0),
                    quantile(bare.yardstick, 1)));
    return {};
}

}  // namespace

Measured measure_decoders(const Request& request) {
    std::vector<Job> jobs;
    jobs.push_back({"binance",
                    {"agg_trade", "force_order.combined", "force_order.raw", "mark_price"},
                    {},
                    {},
                    std::make_unique<HandBinance>()});
    jobs.push_back({"bybit",
                    {"allLiquidation", "publicTrade", "tickers"},
                    {},
                    {},
                    std::make_unique<HandBybit>()});
    jobs.push_back({"okx",
                    {"trades", "mark-price", "open-interest", "funding-rate", "liquidation-orders"},
                    "instruments?instType=SWAP",
                    "rest.instruments.jsonl",
                    std::make_unique<HandOkx>()});
    Report report;
    report.runs = request.runs_or(9);
    report.measured =
        "the decoders of binance, bybit and okx by themselves, in steps of up to 256 recorded "
        "messages of their streams, against loops that take the same fields out of the same "
        "messages with simdjson's On-Demand parser";
    for (const Job& job : jobs) {
        if (std::string why = measure(job, report.runs, report); !why.empty()) {
            return tl::make_unexpected(why);
        }
    }
    return report;
}

}  // namespace spillway::bench
