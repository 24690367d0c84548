#include "protocol.hpp"

#include <fmt/format.h>

#include <spillway/plugin.hpp>

#include "common/venues/poll.hpp"
#include "listing.hpp"

namespace spillway::bybit {
namespace {

using venues::Found;

constexpr std::string_view market_polls = "https://api.bybit.com/v5/market/";
constexpr std::string_view instrument_list = "instruments-info";
constexpr std::string_view quota_of_address = "requests";

/// Tickers come ten times a second, in any market.
constexpr Duration ticker_interval = 10 * second;
constexpr Duration ratio_period = 5 * minute;
constexpr Duration ratio_delay = 15 * second;

Socket socket_of(std::string_view line) {
    Socket socket{line, line == "linear" ? "wss://stream.bybit.com/v5/public/linear"
                                         : "wss://stream.bybit.com/v5/public/inverse"};
    // 21,000 characters of arguments a connection, their quotes and commas counted: names of this
    // venue have 14 and more.
    socket.topic_bytes_per_connection = 17'000;
    // One wrong name may have the whole message refused.
    socket.topics_per_message = 10;
    socket.connects_per_minute = 100;
    socket.ping_every = 20 * second;
    socket.ping = R"({"op":"ping"})";
    return socket;
}

/// "Invalid topic: a.b", "error:handler not found,topic:a.b": the topic.
std::string_view topic_in(std::string_view complaint) {
    const std::size_t at = complaint.find("topic:");
    if (at == std::string_view::npos) return {};
    std::string_view topic = complaint.substr(at + std::string_view("topic:").size());
    while (topic.starts_with(' ')) topic.remove_prefix(1);
    return topic.substr(0, topic.find_first_of(" ,"));
}

/// The rows of a reply's list; false if it is not one.
bool read_list(venues::MessageReader& reader, const Reply& reply, venues::dom::array& rows) {
    venues::dom::object answer, result;
    return reader.read(reply.body, answer) &&
           venues::find_object(answer, "result", result) == Found::present &&
           venues::find_array(result, "list", rows) == Found::present;
}

bool is_open_perpetual(const Listing& listing) {
    return listing.contract.perpetual && listing.status == TradingStatus::trading &&
           venues::is_plain_name(listing.symbol);
}

/// What a request was, and of the older answers, which repeat it, its topic.
struct Request {
    std::string_view operation, topic;
};
Request request_of(venues::dom::object answer) {
    Request request;
    venues::dom::object repeated;
    venues::dom::array topics;
    if (venues::find_text(answer, "op", request.operation) == Found::present ||
        venues::find_object(answer, "request", repeated) != Found::present) {
        return request;
    }
    static_cast<void>(venues::find_text(repeated, "op", request.operation));
    if (venues::find_array(repeated, "args", topics) == Found::present && topics.size() == 1) {
        static_cast<void>(venues::read_text(*topics.begin(), request.topic));
    }
    return request;
}

bool has_succeeded(venues::dom::object answer) {
    venues::dom::element value;
    bool success = false;
    return venues::find_value(answer, "success", value) != Found::present ||
           (value.get_bool().get(success) == simdjson::SUCCESS && success);
}

Heard hear_answer(venues::dom::object answer) {
    Heard heard;
    const Request request = request_of(answer);
    if (venues::find_text(answer, "ret_msg", heard.text) != Found::present) heard.text = {};
    if (request.operation == "ping" || request.operation == "pong") {
        heard.what = Heard::What::alive;
        return heard;
    }
    if (request.operation != "subscribe" && request.operation != "unsubscribe") return heard;
    heard.id = venues::read_request_id(answer, "req_id");
    const bool is_so_already = heard.text.find("already subscribed") != std::string_view::npos;
    heard.what =
        has_succeeded(answer) || is_so_already ? Heard::What::subscribed : Heard::What::refused;
    heard.topic = request.topic.empty() ? topic_in(heard.text) : request.topic;
    return heard;
}

}  // namespace

Status Protocol::prepare(PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        out.quota({quota_of_address, 600, 5 * second});
        for (const std::string& line : options_.contracts) {
            Poll poll{};
            poll.about = Kind::instrument;
            poll.every = hour;
            poll.quota = quota_of_address;
            poll.max_pages = 10;
            venues::get(out, market_polls,
                        fmt::format("{}?category={}&limit=1000", instrument_list, line), poll);
        }
        return {};
    });
}

Status Protocol::plan(std::span<const Reply> replies, PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        venues::ChosenMarkets markets(options_.markets);
        for (const std::string& line : options_.contracts) {
            out.socket(socket_of(line));
            bool has_list = false;
            for (const Reply& reply : replies) {
                if (venues::Poll(reply.channel)["category"] != line) continue;
                has_list = true;
                venues::dom::array rows;
                if (!read_list(reader_, reply, rows)) {
                    return bad_record(fmt::format("{}: expected result.list", reply.channel));
                }
                plan_list(line, rows, markets, out);
            }
            if (!has_list) markets.list_missing();
        }
        markets.report_missing(out, "Bybit lists no perpetual of it among the chosen contracts");
        return {};
    });
}

void Protocol::plan_list(std::string_view line, venues::dom::array rows,
                         venues::ChosenMarkets& markets, PlanWriter& out) const {
    for (auto element : rows) {
        venues::dom::object row;
        Listing listing;
        // The decoder complains of rows that cannot be read.
        if (element.get_object().get(row) || !read_listing(row, listing).ok()) continue;
        if (is_open_perpetual(listing) && markets.take(listing.base, listing.symbol)) {
            plan_contract(line, listing, out);
        }
    }
}

void Protocol::plan_contract(std::string_view line, const Listing& listing, PlanWriter& out) const {
    const auto topic = [&](std::string_view stream, Kind about, Duration interval) {
        out.topic({line, fmt::format("{}.{}", stream, listing.symbol), about, interval});
    };
    topic("allLiquidation", Kind::liquidation, 0);
    topic("tickers", Kind::price, ticker_interval);
    if (options_.trades) topic("publicTrade", Kind::trade, 0);
    // The venue has no ratio of contracts in USDC.
    if (listing.quote == "USDC") return;
    Poll poll{};
    poll.about = Kind::long_short_ratio;
    poll.every = ratio_period;
    poll.after_period = ratio_delay;
    poll.quota = quota_of_address;
    // Two rows, so that one answer that fails leaves no hole.
    venues::get(out, market_polls,
                fmt::format("account-ratio?category={}&limit=2&period=5min&symbol={}", line,
                            listing.symbol),
                poll);
}

Status Protocol::subscribe(const Subscription& what, TextWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        out.append(fmt::format(R"({{"req_id":"{}","op":"{}","args":[)", what.id,
                               what.on ? "subscribe" : "unsubscribe"));
        for (std::size_t i = 0; i < what.topics.size(); ++i) {
            out.append(fmt::format(R"({}"{}")", i == 0 ? "" : ",", what.topics[i]));
        }
        out.append("]}");
        return {};
    });
}

Heard Protocol::hear(std::string_view, std::string_view message) const noexcept {
    Heard heard;
    if (const auto topic = venues::text_after(message, R"({"topic":")", '"')) [[likely]] {
        heard.topic = *topic;
        return heard;
    }
    venues::dom::object answer;
    if (message.size() > venues::longest_control || !reader_.read(message, answer)) return heard;
    // Messages of data may name their topic last.
    if (venues::find_text(answer, "topic", heard.topic) == Found::present) return heard;
    return hear_answer(answer);
}

void Protocol::next_page(const Reply& reply, TextWriter& out) const noexcept {
    static_cast<void>(detail::guarded([&]() -> Status {
        venues::dom::object answer, result;
        std::string_view cursor;
        if (reader_.read(reply.body, answer) &&
            venues::find_object(answer, "result", result) == Found::present &&
            venues::find_text(result, "nextPageCursor", cursor) == Found::present) {
            // The venue sends it escaped already.
            out.append(fmt::format("cursor={}", venues::percent_encoded(cursor, "%")));
        }
        return {};
    }));
}

Protocol::Fault Protocol::fault(const Reply& reply) const noexcept {
    if (reply.body.starts_with(R"({"retCode":0,)")) return {};
    venues::dom::object answer;
    venues::dom::element value;
    std::int64_t code = 0;
    if (!reader_.read(reply.body, answer)) return {"the reply is no JSON object"};
    if (venues::find_value(answer, "retCode", value) != Found::present ||
        venues::read_integer(value, code) != Found::present) {
        return {"the reply has no retCode"};
    }
    if (code == 0) return {};
    Fault fault;
    if (venues::find_text(answer, "retMsg", fault.text) != Found::present) {
        fault.text = "an error without retMsg";
    }
    fault.limited = code == 10006 || code == 10018;  // too many requests: of this account, address
    fault.refused_key = code >= 10003 && code <= 10005;
    return fault;
}

/// Of replies `time`, of messages `ts`.
std::optional<Time> Protocol::venue_time(std::string_view body) const noexcept {
    if (const auto time = venues::time_behind(body, R"("time":)")) return time;
    return venues::time_behind(body, R"("ts":)");
}

}  // namespace spillway::bybit
