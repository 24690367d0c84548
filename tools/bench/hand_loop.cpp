#include "hand_loop.hpp"

#include <cstring>
#include <string_view>
#include <type_traits>

#include <simdjson.h>

#include "liquidation_loop.hpp"

namespace spillway::bench {
namespace {

namespace ondemand = simdjson::ondemand;

static_assert(LineBlocks::padding >= simdjson::SIMDJSON_PADDING);

/// True if the text is `expected`; short texts without escapes, well within the padding.
template <std::size_t Size>
bool is(ondemand::raw_json_string text, const char (&expected)[Size]) {
    return std::memcmp(text.raw(), expected, Size - 1) == 0 && text.raw()[Size - 1] == '"';
}

/// Looks for fields in the order in which the venue writes them: nothing is looked at twice.
struct AsWritten {
    [[gnu::always_inline]] static auto find(ondemand::object& fields, std::string_view name) {
        return fields.find_field(name);
    }
};

/// Finds fields in any order, for the rare frame that the first look could not read.
struct AnyOrder {
    [[gnu::always_inline]] static auto find(ondemand::object& fields, std::string_view name) {
        return fields.find_field_unordered(name);
    }
};

class Decoder {
public:
    bool operator()(const Line& line, SymbolTable& symbols, ForceOrder& order) {
        return decode<AsWritten>(line, symbols, order) || decode_again(line, symbols, order);
    }

private:
    /// Apart, so that the compiler inlines the common way only.
    [[gnu::noinline, gnu::cold]] bool decode_again(const Line& line, SymbolTable& symbols,
                                                   ForceOrder& order) {
        return decode<AnyOrder>(line, symbols, order);
    }

    template <class Lookup>
    bool decode(const Line& line, SymbolTable& symbols, ForceOrder& order) {
        ondemand::document document;
        ondemand::object frame;
        if (parser_.iterate(line.data, line.size, line.readable).get(document)) return false;
        if (document.get_object().get(frame)) return false;
        return decode_frame<Lookup>(frame, symbols, order);
    }

    template <class Lookup>
    static bool decode_frame(ondemand::object& frame, SymbolTable& symbols, ForceOrder& order) {
        bool is_force_order = false;
        for (auto field : frame) {
            ondemand::raw_json_string key;
            ondemand::object inner;
            if (field.key().get(key)) return false;
            if (is(key, "e")) {
                ondemand::raw_json_string event;
                if (field.value().get_raw_json_string().get(event)) return false;
                if (!is(event, "forceOrder")) return false;
                is_force_order = true;
            } else if (is(key, "o")) {
                return is_force_order && !field.value().get_object().get(inner) &&
                       decode_order<Lookup>(inner, symbols, order);
            } else if (is(key, "data")) {
                return !field.value().get_object().get(inner) &&
                       decode_frame<Lookup>(inner, symbols, order);
            }
        }
        return false;
    }

    template <class Lookup>
    static bool decode_order(ondemand::object& fields, SymbolTable& symbols, ForceOrder& order) {
        ondemand::value symbol;
        if (Lookup::find(fields, "s").get(symbol)) return false;
        const std::string_view token = symbol.raw_json_token();
        const auto closing = token.rfind('"');
        if (closing == 0 || closing == std::string_view::npos) return false;
        order.instrument = symbols.find_or_add(token.data() + 1, closing - 1);
        if (order.instrument == SymbolTable::none) return false;

        ondemand::raw_json_string side;
        if (Lookup::find(fields, "S").get_raw_json_string().get(side)) return false;
        if (is(side, "SELL")) {
            order.side = Side::long_position;
        } else if (is(side, "BUY")) {
            order.side = Side::short_position;
        } else {
            return false;
        }

        double price = 0;
        double quantity = 0;
        if (Lookup::find(fields, "ap").get_double_in_string().get(price)) return false;
        if (Lookup::find(fields, "z").get_double_in_string().get(quantity)) return false;
        if (Lookup::find(fields, "T").get_int64().get(order.time_ms)) return false;
        if (!(price > 0 && quantity > 0)) {
            // Nothing filled yet: the order's own price and quantity, which stand before.
            if constexpr (std::is_same_v<Lookup, AsWritten>) return false;
            if (!(price > 0) && Lookup::find(fields, "p").get_double_in_string().get(price)) {
                return false;
            }
            if (!(quantity > 0) && Lookup::find(fields, "q").get_double_in_string().get(quantity)) {
                return false;
            }
        }
        order.notional_usd = price * quantity;
        return true;
    }

    ondemand::parser parser_;
};

}  // namespace

tl::expected<LoopResult, std::string> run_simdjson_loop(const std::filesystem::path& input,
                                                        const std::filesystem::path& output) {
    Decoder decoder;
    return run_loop(decoder, input, output);
}

}  // namespace spillway::bench
