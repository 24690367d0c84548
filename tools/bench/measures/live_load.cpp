#include "measures/live_load.hpp"

#include <charconv>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "live/messages.hpp"
#include "runtime/ingress/wall_clock.hpp"

namespace spillway::bench {
namespace {

constexpr const char* peer = "spillway_bench_peer";

/// Letters only, so that it is no dated contract and has no multiplier.
std::string letters(std::size_t number) {
    std::string text(3, 'A');
    for (char& c : text) {
        c = static_cast<char>('A' + number % 26);
        number /= 26;
    }
    return text;
}

void write_lines(const std::filesystem::path& file, const std::vector<std::string>& lines) {
    std::ofstream out(file);
    for (const std::string& line : lines) out << line << '\n';
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

std::vector<std::string> all_bases(const LiveLoad& load) {
    std::vector<std::string> bases;
    for (std::size_t i = 0; i < load.sources; ++i) append(bases, load.bases_of(i));
    return bases;
}

tl::expected<std::string, std::string> value_behind(const std::string& line, std::string_view key) {
    const std::size_t at = line.find(key);
    if (at == std::string::npos) return tl::make_unexpected("the exchange said: " + line);
    const std::size_t start = at + key.size();
    return line.substr(start, line.find(' ', start) - start);
}

}  // namespace

std::vector<std::string> LiveLoad::bases_of(std::size_t source) const {
    std::vector<std::string> bases;
    const std::size_t count = connections * contracts;
    for (std::size_t i = 0; i < count; ++i) {
        bases.push_back("T" + letters(source * count + i) + "X");
    }
    return bases;
}

/// A connection takes 17,000 bytes of topics. Twelve contracts with long names, of which nothing is
/// sent, take the room that those that trade leave.
std::vector<std::string> LiveLoad::silent_of(std::size_t source) const {
    std::vector<std::string> bases;
    const std::size_t count = crowded ? connections * 12 : 0;
    for (std::size_t i = 0; i < count; ++i) {
        bases.push_back("S" + letters(source * count + i) + std::string(396, 'X'));
    }
    return bases;
}

tl::expected<LiveExchange, std::string> LiveExchange::start(const LiveLoad& load) {
    const auto program = program_beside(peer);
    if (!program) return tl::make_unexpected(program.error());
    auto folder = std::make_unique<testing::TemporaryFolder>();
    std::vector<std::string> silent;
    for (std::size_t i = 0; i < load.sources; ++i) append(silent, load.silent_of(i));
    write_lines(*folder / "bases", all_bases(load));
    write_lines(*folder / "silent", silent);
    const std::int64_t epoch = runtime::steady_nanoseconds();
    auto child = Child::start(*program, {"--bases",
                                         (*folder / "bases").string(),
                                         "--connections",
                                         fmt::to_string(load.all_connections()),
                                         "exchange",
                                         "--silent",
                                         (*folder / "silent").string(),
                                         "--ca-file",
                                         (*folder / "ca.pem").string(),
                                         "--epoch",
                                         fmt::to_string(epoch),
                                         "--rate",
                                         fmt::format("{:.0f}", load.rate),
                                         "--seconds",
                                         fmt::format("{:.3f}", live_warm_up_seconds + load.seconds),
                                         "--trades",
                                         fmt::to_string(load.trades),
                                         "--tickers",
                                         fmt::to_string(load.tickers),
                                         "--liquidations",
                                         fmt::to_string(load.liquidations)});
    if (!child) return tl::make_unexpected(child.error());
    LiveExchange exchange(std::move(folder), epoch, std::move(*child));
    const auto port = exchange.child_.read_line().and_then(
        [](const std::string& line) { return value_behind(line, "port "); });
    if (!port) return tl::make_unexpected(port.error());
    exchange.port_ = *port;
    return exchange;
}

std::string LiveExchange::gateway() const {
    return fmt::format("127.0.0.1:{},{}", port_, (*folder_ / "ca.pem").string());
}

tl::expected<void, std::string> LiveExchange::wait_for_begin() {
    return child_.read_line()
        .and_then([](const std::string& line) { return value_behind(line, "began "); })
        .map([](const std::string&) {});
}

tl::expected<LiveExchange::Sent, std::string> LiveExchange::wait_for_end() {
    const auto line = child_.read_line();
    if (!line) return tl::make_unexpected(line.error());
    const auto frames = value_behind(*line, "sent "), late = value_behind(*line, "late_p99_us ");
    if (!frames || !late) return tl::make_unexpected("the exchange said: " + *line);
    return Sent{std::stoull(*frames), std::stod(*late)};
}

tl::expected<Child, std::string> LiveExchange::start_read_loop(const LiveLoad& load) const {
    const auto program = program_beside(peer);
    if (!program) return tl::make_unexpected(program.error());
    return Child::start(*program,
                        {"--bases", (*folder_ / "bases").string(), "--connections",
                         fmt::to_string(load.all_connections()), "read", "--port", port_});
}

std::int64_t LiveExchange::sent_at(double amount) const noexcept {
    if (!(amount >= stamp_offset_us)) return 0;
    return epoch_ + std::llround(1000 * (amount - stamp_offset_us));
}

}  // namespace spillway::bench
