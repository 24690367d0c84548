#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <spillway/fields.hpp>
#include <spillway/source.hpp>

namespace spillway::strict_lines {
namespace {

struct Options {
    std::string path;
    std::vector<std::string> symbols;
};

/// Lines `MILLISECONDS SYMBOL PRICE`, of known symbols only.
class StrictLines : public SourcePlugin<StrictLines> {
public:
    static constexpr About about = {.name = "strict_lines",
                                    .version = "1.0.0",
                                    .summary = "Prices of known symbols",
                                    .emits = {Kind::price},
                                    .traits = Trait::replayable};
    static constexpr auto option_list = spillway::options(
        option::path<&Options::path>("path", "File of lines."),
        option::texts<&Options::symbols>("symbols", "Those that are known.").otherwise("BTCUSDT"));
    Options options;

    Status open(const SourceSetup&) noexcept override {
        return detail::guarded([&]() -> Status {
            std::ifstream in(options.path);
            if (!in) return {Code::io, options.path + ": cannot be read"};
            lines_.clear();
            for (std::string line; std::getline(in, line);) lines_.push_back(line);
            next_ = 0;
            return {};
        });
    }
    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override {
        for (; next_ < lines_.size() && out.count() < limit; ++next_) take(lines_[next_], out);
        return next_ == lines_.size() ? ReadState::end : ReadState::more;
    }
    void position(StateWriter& out) noexcept override { out(1, next_); }
    Status seek(std::span<const std::byte> position) noexcept override {
        StateReader in(position);
        in(1, next_);
        return in.ok() ? Status() : Status(Code::io, "the position is damaged");
    }

private:
    void take(const std::string& line, SourceOutput& out) {
        std::istringstream words(line);
        std::int64_t ms = 0;
        std::string symbol;
        double price = 0;
        words >> ms >> symbol >> price;
        if (ms > 0) time_ = std::max(time_, ms * millisecond);
        if (std::find(options.symbols.begin(), options.symbols.end(), symbol) ==
            options.symbols.end()) {
            return out.dead_letter(time_, options.path + ":" + std::to_string(next_ + 1),
                                   "unknown symbol '" + symbol + "'", line);
        }
        Event& event = out.emit(Kind::price, time_);
        event.event_time = ms * millisecond;
        event.id = hash_id(line.data(), line.size());
        event.venue = venue_id("binance");
        event.instrument = instrument_id(symbol);
        event.price.last = price;
        event.set_present(field::price::last);
    }

    std::vector<std::string> lines_;
    std::uint64_t next_ = 0;
    Time time_ = earliest_event_time;
};

}  // namespace
}  // namespace spillway::strict_lines

SPILLWAY_PLUGIN(spillway::strict_lines::StrictLines)
