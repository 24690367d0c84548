#include "support/crash_recording.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include <zlib.h>

namespace spillway::testing {
namespace {

// In milliseconds since 1970.
constexpr long long crash = 1'770'323'100'000;
constexpr long long one_day = 86'400'000;

/// The lines of a packed recording from `first` to before `last`.
std::string lines_between(const std::filesystem::path& file, long long first, long long last) {
    gzFile stream = gzopen(file.c_str(), "rb");
    std::string text;
    std::vector<char> line(1 << 16);
    while (gzgets(stream, line.data(), static_cast<int>(line.size())) != nullptr) {
        const std::string_view one(line.data());
        const std::size_t at = one.find("\"ts\":");
        if (at == std::string_view::npos) continue;
        const long long time = std::strtoll(line.data() + at + 5, nullptr, 10);
        if (time >= first && time < last) text += one;
    }
    gzclose(stream);
    return text;
}

}  // namespace

std::string crash_recording() {
    const std::filesystem::path source_dir = SPILLWAY_SOURCE_DIR;
    return lines_between(source_dir / "pipelines/data/replay-2026-02-05.jsonl.gz",
                         crash - 2 * one_day, crash + one_day / 4);
}

std::string crash_ticks() {
    std::string ticks;
    for (int i = 0; i < 400; ++i) {
        const long long jitter = i * 7919 % 9000;
        ticks += R"({"ts":)" + std::to_string(crash + i * 3000 - jitter) +
                 R"(,"venue":"bybit","symbol":")" + (i % 3 == 0 ? "ETHUSDT" : "BTCUSDT") +
                 R"(","kind":"liquidation","side":")" + (i % 5 == 0 ? "short" : "long") +
                 R"(","price":70000,"qty":0.)" + std::to_string(1 + i % 9) + "}\n";
    }
    return ticks;
}

std::string first_difference(const std::string& a, const std::string& b) {
    const auto [at, ignored] = std::mismatch(
        a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())),
        b.begin());
    const auto offset = static_cast<std::size_t>(at - a.begin());
    const std::size_t line = a.rfind('\n', offset == 0 ? 0 : offset - 1) + 1;
    return "byte " + std::to_string(offset) + " of " + std::to_string(a.size()) + " and " +
           std::to_string(b.size()) + "\n  " + a.substr(line, 300) + "\n  " + b.substr(line, 300);
}

}  // namespace spillway::testing
