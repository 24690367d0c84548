#include "plugin.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

namespace spillway::my_plugin {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Result<Row> read_row(std::string_view line) {
    const auto refuse = [](std::string_view why) { return tl::unexpected(bad_record(why)); };
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t first = line.find(',');
    const std::size_t second = line.rfind(',');
    if (first == second) return refuse("expected time,symbol,price");
    const std::string_view time = line.substr(0, first);
    const std::string_view price = line.substr(second + 1);

    Row row;
    std::int64_t ms = 0;
    if (!read_number(time, ms) || ms < earliest_event_time / millisecond ||
        ms >= latest_event_time / millisecond) {
        return refuse(
            fmt::format("time: '{}' is not in the years 2009 to 2100; expected "
                        "milliseconds since 1970",
                        time));
    }
    row.time = ms * millisecond;
    row.symbol = line.substr(first + 1, second - first - 1);
    if (row.symbol.empty()) return refuse("symbol: is empty");
    if (!read_number(price, row.price) || !(row.price > 0) || !std::isfinite(row.price)) {
        return refuse(fmt::format("price: '{}' is not a number above 0", price));
    }
    return row;
}

Status MyPlugin::open(const SourceSetup& setup) noexcept {
    return detail::guarded([&]() -> Status {
        std::error_code error;
        size_ = std::filesystem::file_size(options.path, error);
        file_.open(options.path, std::ios::binary);
        if (error || !file_) {
            return {Code::io, fmt::format("cannot read {}: {}", options.path,
                                          error ? error.message() : "may not be opened")};
        }
        venue_ = venue_id(options.venue);
        needs_ids_ = setup.needs_ids;
        return {};
    });
}

Result<ReadState> MyPlugin::read(SourceOutput& out, std::uint32_t limit) noexcept {
    while (out.count() < limit) {
        if (!std::getline(file_, line_)) {
            if (!file_.bad()) return ReadState::end;
            return tl::unexpected(Status(
                Code::io, fmt::format("{}:{}: cannot be read on", options.path, line_number_ + 1)));
        }
        ++line_number_;
        offset_ += line_.size() + (file_.eof() ? 0 : 1);
        if (line_.empty() || line_[0] == '#') continue;
        if (const Result<Row> row = read_row(line_)) {
            emit(*row, out);
        } else {
            // Nobody can handle the line: it is kept, with its place, where others can find it.
            out.dead_letter(time_, fmt::format("{}:{}", options.path, line_number_),
                            row.error().message(), line_);
        }
    }
    return ReadState::more;
}

void MyPlugin::emit(const Row& row, SourceOutput& out) {
    time_ = std::max(time_, row.time);
    Event& event = out.emit(Kind::price, time_);
    event.event_time = row.time;
    event.venue = venue_;
    event.instrument = instrument_id(row.symbol);  // `normalise` finds out what it means
    event.price.last = row.price;
    event.set_present(field::price::last);
    if (!needs_ids_) return;
    // What makes the price this price: the same line read again is the same event.
    const struct {
        std::uint64_t venue, symbol;
        Time time;
        std::uint64_t price;
    } key{hash_text(options.venue), hash_text(row.symbol), row.time,
          std::bit_cast<std::uint64_t>(row.price)};
    event.id = hash_id(key);
}

void MyPlugin::position(StateWriter& out) noexcept {
    out(1, offset_);
    out(2, line_number_);
    out(3, time_);
}

Status MyPlugin::seek(std::span<const std::byte> position) noexcept {
    StateReader in(position);
    in(1, offset_);
    in(2, line_number_);
    in(3, time_);
    if (!in.ok()) return {Code::io, "the stored position is damaged"};
    if (offset_ > size_) {
        return {Code::io, fmt::format("{} is shorter than what was read of it; start over with "
                                      "--fresh",
                                      options.path)};
    }
    file_.seekg(static_cast<std::streamoff>(offset_));
    return {};
}

}  // namespace spillway::my_plugin

SPILLWAY_PLUGIN(spillway::my_plugin::MyPlugin)
