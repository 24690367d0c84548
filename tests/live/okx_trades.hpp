#pragma once

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/frame_reader.hpp>

#include "live/live_fixture.hpp"

// The mock of OKX numbers the trades of all contracts without holes: what is missing can be seen.

namespace spillway::testing {

/// Numbers of the trades that came over each connection, by session.
using Numbers = std::map<std::uint32_t, std::set<std::uint64_t>>;

inline void add_numbers(const Frame& frame, Numbers& numbers) {
    constexpr std::string_view key = R"("tradeId":")";
    if (frame.type != FrameType::data) return;
    for (auto at = frame.bytes.find(key); at != std::string_view::npos;
         at = frame.bytes.find(key, at + 1)) {
        std::uint64_t number = 0;
        const std::string_view rest = frame.bytes.substr(at + key.size());
        std::from_chars(rest.data(), rest.data() + rest.size(), number);
        numbers[frame.session].insert(number);
    }
}

inline Numbers numbers_in(const std::filesystem::path& recording) {
    Numbers numbers;
    for (const auto& file : std::filesystem::directory_iterator(recording)) {
        auto reader = FrameReader::open(file.path().string());
        if (!reader) throw std::runtime_error(std::string(reader.error().message()));
        while (reader->next().value()) {
            for (const Frame& frame : reader->piece().frames) add_numbers(frame, numbers);
        }
    }
    return numbers;
}

/// Ids of the events of OKX of a kind; each must be there once.
inline std::set<std::string> ids_of(const std::vector<std::string>& events, std::string_view what) {
    std::set<std::string> ids;
    for (const std::string& line : events) {
        if (line.find(venue("okx")) == std::string::npos) continue;
        if (line.find(kind(what)) == std::string::npos) continue;
        constexpr std::string_view key = R"("id":")";
        const std::size_t at = line.find(key) + key.size();
        EXPECT_TRUE(ids.insert(line.substr(at, line.find('"', at) - at)).second) << line;
    }
    return ids;
}

}  // namespace spillway::testing
