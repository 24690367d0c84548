#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#include <rapidjson/reader.h>

#include "hand_loop.hpp"
#include "liquidation_loop.hpp"

namespace spillway::bench {
namespace {

/// Keeps the fields of the object `o`; stops the reader at its end.
class OrderHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, OrderHandler> {
public:
    bool StartObject() {
        ++depth_;
        if (key_ == "o" && is_force_order_) order_depth_ = depth_;
        return true;
    }
    bool Key(const char* text, rapidjson::SizeType size, bool) {
        key_ = {text, size};
        return true;
    }
    bool String(const char* text, rapidjson::SizeType size, bool) {
        const std::string_view value(text, size);
        if (depth_ != order_depth_) {
            if (key_ != "e") return true;
            is_force_order_ = value == "forceOrder";
            return is_force_order_;
        }
        if (key_.size() == 1) {
            switch (key_[0]) {
                case 's':
                    symbol_ = value;
                    break;
                case 'S':
                    side_ = value;
                    break;
                case 'q':
                    quantity_ = value;
                    break;
                case 'p':
                    price_ = value;
                    break;
                case 'z':
                    filled_quantity_ = value;
                    break;
                default:
                    break;
            }
        } else if (key_ == "ap") {
            average_price_ = value;
        }
        return true;
    }
    // The reader picks the narrowest type that holds a number.
    bool Uint(unsigned value) { return Uint64(value); }
    bool Uint64(std::uint64_t value) {
        if (depth_ == order_depth_ && key_ == "T") {
            time_ms_ = static_cast<std::int64_t>(value);
            has_time_ = true;
        }
        return true;
    }
    bool EndObject(rapidjson::SizeType) {
        ended_ = depth_ == order_depth_;
        --depth_;
        return !ended_;
    }

    bool finish(SymbolTable& symbols, ForceOrder& order) const {
        if (!ended_ || !has_time_) return false;
        order.time_ms = time_ms_;
        order.instrument = symbols.find_or_add(symbol_.data(), symbol_.size());
        if (order.instrument == SymbolTable::none) return false;
        if (side_ == "SELL") {
            order.side = Side::long_position;
        } else if (side_ == "BUY") {
            order.side = Side::short_position;
        } else {
            return false;
        }
        double price = 0;
        double quantity = 0;
        if (!parse(average_price_, price) || !parse(filled_quantity_, quantity)) return false;
        // Nothing filled yet: the order's own price and quantity.
        if (!(price > 0) && !parse(price_, price)) return false;
        if (!(quantity > 0) && !parse(quantity_, quantity)) return false;
        order.notional_usd = price * quantity;
        return true;
    }

private:
    static bool parse(std::string_view text, double& value) {
        const char* const end = text.data() + text.size();
        const auto result = std::from_chars(text.data(), end, value);
        return result.ec == std::errc{} && result.ptr == end && std::isfinite(value);
    }

    int depth_ = 0;
    int order_depth_ = -1;
    bool is_force_order_ = false;
    bool has_time_ = false;
    bool ended_ = false;
    std::int64_t time_ms_ = 0;
    std::string_view key_;
    std::string_view symbol_;
    std::string_view side_;
    std::string_view price_;
    std::string_view average_price_;
    std::string_view quantity_;
    std::string_view filled_quantity_;
};

class Decoder {
public:
    bool operator()(const Line& line, SymbolTable& symbols, ForceOrder& order) {
        line.data[line.size] = '\0';  // in place of the newline
        rapidjson::InsituStringStream stream(line.data);
        OrderHandler handler;
        reader_.Parse<rapidjson::kParseInsituFlag>(stream, handler);
        return handler.finish(symbols, order);
    }

private:
    rapidjson::Reader reader_;
};

}  // namespace

tl::expected<LoopResult, std::string> run_rapidjson_loop(const std::filesystem::path& input,
                                                         const std::filesystem::path& output) {
    Decoder decoder;
    return run_loop(decoder, input, output);
}

}  // namespace spillway::bench
