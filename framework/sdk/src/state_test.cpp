#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/state.hpp>
#include <spillway/time.hpp>

namespace spillway {
namespace {

enum class Colour : std::uint8_t { red, green };

struct Point {
    double x = 0;
    std::int32_t y = 0;

    template <class Archive>
    void fields(Archive& io) {
        io(1, x);
        io(2, y);
    }
    bool operator==(const Point&) const = default;
};

/// A field of every supported type.
struct Everything {
    bool yes = false;
    std::uint64_t count = 0;
    Colour colour = Colour::red;
    std::string text;
    NameId name = NameId::none;
    VenueId venue = VenueId::none;
    InstrumentId instrument = InstrumentId::none;
    MarketId market = MarketId::none;
    std::vector<Point> points;
    std::deque<double> last;
    std::array<std::int16_t, 3> three{};
    std::optional<Point> maybe;
    std::optional<double> never;
    std::map<std::string, std::vector<int>> map;
    std::pair<Time, double> pair;

    template <class Archive>
    void fields(Archive& io) {
        io(1, yes);
        io(2, count);
        io(3, colour);
        io(4, text);
        io(5, name);
        io(6, venue);
        io(7, instrument);
        io(8, market);
        io(9, points);
        io(10, last);
        io(11, three);
        io(12, maybe);
        io(13, never);
        io(14, map);
        io(15, pair);
    }
    bool operator==(const Everything&) const = default;
};

Everything everything() {
    Everything value;
    value.yes = true;
    value.count = 1ULL << 63U;
    value.colour = Colour::green;
    value.text = std::string("a\0b", 3);
    value.name = name_id("risk");
    value.venue = venue_id("okx");
    value.instrument = instrument_id("BTC/USDT:USDT");
    value.market = market_id("BTC");
    value.points = {{1.5, -1}, {-0.0, 2}};
    value.last = {3, 4};
    value.three = {1, 2, -3};
    value.maybe = Point{7, 8};
    value.map = {{"", {}}, {"k", {1, 2}}};
    value.pair = {5, 6};
    return value;
}

template <class T>
std::vector<std::byte> written(T value) {
    StateWriter writer;
    value.fields(writer);
    return {writer.bytes().begin(), writer.bytes().end()};
}

template <class T>
T read(std::span<const std::byte> bytes, bool& ok) {
    StateReader reader(bytes);
    T value;
    value.fields(reader);
    ok = reader.ok();
    return value;
}

TEST(State, OfEveryTypeComesBack) {
    bool ok = false;
    EXPECT_EQ(read<Everything>(written(everything()), ok), everything());
    EXPECT_TRUE(ok);
}

TEST(State, OfNamesIsTheirTexts) {
    const std::vector<std::byte> bytes = written(everything());
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (const char* name : {"risk", "okx", "BTC/USDT:USDT"}) {
        EXPECT_NE(text.find(name), std::string_view::npos) << name;
    }
}

/// What a later version writes: other fields as well, in another order, one no longer.
struct Later {
    template <class Archive>
    void fields(Archive& io) {
        std::string added = "new";
        std::vector<Point> more = {{1, 1}};
        io(77, added);
        std::int32_t y = 4;
        io(2, y);
        io(3, more);
    }
};

TEST(State, FieldsOfUnknownTagsAreSkippedAndMissingOnesKeepTheirDefault) {
    bool ok = false;
    EXPECT_EQ(read<Point>(written(Later()), ok), (Point{0, 4}));
    EXPECT_TRUE(ok);
    EXPECT_EQ(read<Point>({}, ok), Point());
    EXPECT_TRUE(ok);
}

TEST(State, ThatIsCutAnywhereIsDamageOrLacksFields) {
    const std::vector<std::byte> whole = written(everything());
    std::size_t damaged = 0;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        bool ok = false;
        const auto value = read<Everything>(std::span(whole).first(size), ok);
        damaged += ok ? 0 : 1;
        EXPECT_NE(value, everything()) << size;
    }
    // Only between two fields is a cut not seen.
    EXPECT_GE(damaged, whole.size() - 15);
}

TEST(State, WithLengthsThatCannotBeIsDamage) {
    std::vector<std::byte> bytes = written(everything());
    for (std::size_t at = 2; at + 4 <= bytes.size(); ++at) {
        std::vector<std::byte> broken = bytes;
        std::fill_n(broken.begin() + static_cast<std::ptrdiff_t>(at), 4, std::byte{0xff});
        bool ok = false;
        static_cast<void>(read<Everything>(broken, ok));  // no more than memory for what is there
    }
    std::fill_n(bytes.begin() + 2, 4, std::byte{0xff});  // the length of the first field
    bool ok = true;
    static_cast<void>(read<Everything>(bytes, ok));
    EXPECT_FALSE(ok);
}

}  // namespace
}  // namespace spillway
