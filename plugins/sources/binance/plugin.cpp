#include "plugin.hpp"

#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace spillway::binance {
namespace {

using DecodeMessage = Status (*)(ondemand::object, const Writer&);

struct MessageType {
    std::string_view name;  ///< value of `e`
    DecodeMessage decode;   ///< null: known, but there is no kind of event for it
};
constexpr std::array<MessageType, 14> message_types = {{
    {"aggTrade", decode_aggregate_trade},
    {"markPriceUpdate", decode_mark_price},
    {"bookTicker", nullptr},
    {"24hrTicker", decode_ticker},
    {"24hrMiniTicker", decode_ticker},
    {"trade", decode_trade},
    {"kline", decode_kline},
    {"indexPriceUpdate", decode_index_price},
    {"contractInfo", decode_contract_info},
    {"continuous_kline", nullptr},
    {"indexPrice_kline", nullptr},
    {"markPrice_kline", nullptr},
    {"compositeIndex", nullptr},
    {"assetIndexUpdate", nullptr},
}};

/// A poll answers rows that do not say what they are: the channel does.
using DecodeRow = Status (*)(ondemand::object, const Channel&, const Writer&);

struct Poll {
    std::string_view name;
    DecodeRow decode;  ///< null: known, but there is no kind of event for it
};

template <DecodeMessage Decode>
Status row(ondemand::object object, const Channel&, const Writer& writer) {
    return Decode(object, writer);
}
template <Population Whose>
Status ratio(ondemand::object object, const Channel& channel, const Writer& writer) {
    return decode_long_short_ratio(object, channel, Whose, writer);
}

constexpr std::array<Poll, 10> polls = {{
    {"openInterest", row<decode_open_interest>},
    {"premiumIndex", row<decode_premium_index>},
    {"openInterestHist", decode_open_interest_history},
    {"globalLongShortAccountRatio", ratio<Population::global_accounts>},
    {"topLongShortAccountRatio", ratio<Population::top_accounts>},
    {"topLongShortPositionRatio", ratio<Population::top_positions>},
    {"fundingInfo", row<decode_funding_info>},
    {"exchangeInfo", row<decode_exchange_info>},
    {"depth", decode_depth},
    {"takerlongshortRatio", nullptr},
}};
constexpr std::string_view funding_rate_poll = "fundingRate";
constexpr std::string_view snapshot_poll = "liquidationSnapshot";

template <class Entry, std::size_t Count>
const Entry* find_entry(const std::array<Entry, Count>& entries, std::string_view name) {
    for (const Entry& entry : entries) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

/// What complains: `{"code":-1121,"msg":".."}`.
std::optional<std::string> complaint(JsonFields& fields) {
    const auto code = fields.integer("code");
    const auto text = fields.text_if_any("msg");
    if (!code || !text) return {};
    return fmt::format("error {}: {}", *code, *text);
}

bool is_poll(std::string_view name) {
    return name == funding_rate_poll || name == snapshot_poll || find_entry(polls, name) != nullptr;
}

}  // namespace

Status Binance::on_any(const Frame& frame, Emitter& out) {
    const Writer writer(frame, out, contracts_, setup().needs_ids);
    const Channel channel(text_of(frame.channel));
    return health_.route(
        frame, out,
        [&] {
            orders_follow_ = false;
            return on_message(channel, writer);
        },
        [&] { return on_response(channel, writer); });
}

Status Binance::on_response(const Channel& channel, const Writer& writer) {
    const auto kind = channel.kind();
    if (!kind) return on_message(channel, writer);
    if (health_.on_bad_status(writer.frame(), *kind, channel.poll(), writer.out())) return {};
    Status status = on_message(channel, writer);
    if (status.ok()) health_.on_poll(writer.frame(), writer.out());
    return status;
}

Status Binance::on_message(const Channel& channel, const Writer& writer) {
    const std::string_view bytes = writer.frame().bytes;
    if (channel.poll() == snapshot_poll && !bytes.starts_with('{')) {
        return on_snapshot_line(channel, writer);
    }
    ondemand::document document;
    if (const auto code = reader_.read(bytes, document)) return json_problem(code);
    previous_funding_ = 0;
    return on_json(document, channel, writer);
}

Status Binance::on_json(ondemand::document& document, const Channel& channel,
                        const Writer& writer) {
    ondemand::json_type type{};
    if (const auto code = document.type().get(type)) return json_problem(code);
    if (type == ondemand::json_type::array) {
        ondemand::array list;
        if (const auto code = document.get_array().get(list)) return json_problem(code);
        return on_list(list, channel, writer);
    }
    ondemand::object object;
    if (const auto code = document.get_object().get(object)) return json_problem(code);
    if (writer.frame().type == FrameType::response) return on_object(object, channel, writer);

    // The combined form names its stream.
    JsonFields envelope("message", object);
    const auto stream = envelope.text_if_any("stream");
    auto data = envelope.value("data");
    if (!envelope.ok()) return envelope.problem();
    if (!data) return on_object(object, channel, writer);
    const Channel inner = stream ? Channel(*stream) : channel;
    if (const auto code = data->type().get(type)) return json_problem(code);
    if (type == ondemand::json_type::array) {
        ondemand::array list;
        if (const auto code = data->get_array().get(list)) return json_problem(code);
        return on_list(list, inner, writer);
    }
    if (const auto code = data->get_object().get(object)) return json_problem(code);
    return on_object(object, inner, writer);
}

Status Binance::on_list(ondemand::array list, const Channel& channel, const Writer& writer) {
    for (auto element : list) {
        ondemand::object object;
        if (const auto code = element.get_object().get(object)) return json_problem(code);
        if (Status status = on_object(object, channel, writer); !status.ok()) return status;
    }
    return {};
}

Status Binance::on_object(ondemand::object object, const Channel& channel, const Writer& writer) {
    JsonFields fields("message", object);
    if (const auto type = fields.text_if_any("e")) {
        if (*type == "forceOrder") return on_force_order(object, writer);
        if (*type == "depthUpdate") {
            if (channel.stream().size() > std::string_view("depth").size()) {
                return decode_depth(object, channel, writer);
            }
            return bad_record(
                "e: changes of a book are not decoded; subscribe to depth5, depth10 or depth20, "
                "or poll depth",
                "e");
        }
        const MessageType* const known = find_entry(message_types, *type);
        if (known == nullptr) return bad_record(fmt::format("e: '{}' is not decoded", *type), "e");
        return known->decode != nullptr ? known->decode(object, writer) : Status();
    }

    if (!fields.ok()) return fields.problem();
    // A poll, or the answer of one that a recorder put into the form of a stream.
    const std::string_view name = channel.stream().empty() ? channel.poll() : channel.stream();
    if (writer.frame().type == FrameType::response || is_poll(name)) {
        return on_row(name, object, channel, writer);
    }
    return on_answer(object, writer);
}

Status Binance::on_row(std::string_view name, ondemand::object object, const Channel& channel,
                       const Writer& writer) {
    JsonFields fields("answer", object);
    if (const auto wrong = complaint(fields)) {
        return bad_record(fmt::format("the venue answered with {}", *wrong), "code");
    }
    if (!fields.ok()) return fields.problem();
    if (name == funding_rate_poll) return decode_funding_rate(object, writer, previous_funding_);
    if (name == snapshot_poll) return on_snapshot(object, channel, writer);
    if (const Poll* const poll = find_entry(polls, name)) {
        return poll->decode != nullptr ? poll->decode(object, channel, writer) : Status();
    }
    return bad_record(fmt::format("'{}' is no poll that is decoded", name), "channel");
}

/// The answer to a subscription. One that complains leaves the connection open and silent: that
/// must be seen.
Status Binance::on_answer(ondemand::object answer, const Writer& writer) {
    JsonFields fields("answer", answer);
    if (fields.value("result")) return {};
    auto refused = complaint(fields);
    // Newer answers have the error's fields inside `error`.
    if (const auto error = fields.object("error")) {
        JsonFields inner("error", *error);
        if (!refused) refused = complaint(inner);
        if (!inner.ok()) return inner.problem();
    }
    if (!fields.ok()) return fields.problem();
    if (!refused) return bad_record("neither an event (no key 'e') nor the answer to a request");
    health_.on_refused(writer.frame(), std::nullopt,
                       fmt::format("subscription refused: {}", *refused), writer.out());
    return {};
}

}  // namespace spillway::binance

SPILLWAY_PLUGIN(spillway::binance::Binance)
