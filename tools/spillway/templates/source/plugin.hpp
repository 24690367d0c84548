#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include <spillway/fields.hpp>
#include <spillway/source.hpp>

namespace spillway::my_plugin {

struct Options {
    std::string path;
    std::string venue;
};

/// A line of the file, taken apart.
struct Row {
    Time time = 0;
    std::string_view symbol;
    double price = 0;
};
/// Reads `time in ms,symbol,price`; an error says what is wrong with the line.
[[nodiscard]] Result<Row> read_row(std::string_view line);

/// Reads prices from a file of comma-separated values, a price a line.
class MyPlugin : public SourcePlugin<MyPlugin> {
public:
    static constexpr About about = {
        .name = "my_plugin",
        .version = "0.1.0",
        .summary = "Prices from a CSV file: time in ms, symbol, price",
        .emits = {Kind::price},
        .traits = Trait::replayable,
    };
    static constexpr auto option_list = spillway::options(
        option::path<&Options::path>("path", "File with a line `time,symbol,price` a price."),
        option::text<&Options::venue>("venue", "Where the prices come from."));
    Options options;

    Status open(const SourceSetup& setup) noexcept override;
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override;
    void position(StateWriter& out) noexcept override;
    Status seek(std::span<const std::byte> position) noexcept override;
    [[nodiscard]] Progress progress() const noexcept override { return {offset_, size_}; }

private:
    void emit(const Row& row, SourceOutput& out);

    std::ifstream file_;
    std::string line_;
    std::uint64_t size_ = 0;
    VenueId venue_ = VenueId::none;
    bool needs_ids_ = true;

    // The position: what a restarted run needs to go on behind the last line read.
    std::uint64_t offset_ = 0;
    std::uint64_t line_number_ = 0;
    Time time_ = earliest_event_time;  ///< receive time of the last line; never goes back
};

}  // namespace spillway::my_plugin
