#include "protocol.hpp"

#include <array>

#include <fmt/format.h>

#include <spillway/plugin.hpp>

#include "listing.hpp"

namespace spillway::okx {
namespace {

using venues::Found;

constexpr std::string_view public_polls = "https://www.okx.com/api/v5/public/";
constexpr std::string_view statistics_polls = "https://www.okx.com/api/v5/rubik/stat/contracts/";
constexpr std::string_view socket_name = "public";
constexpr std::array<const char*, 2> instrument_types = {"SWAP", "FUTURES"};

// The longest time between two messages of a healthy topic: mark prices come at least every ten
// seconds, funding every 30 to 90. Open interest comes when it changes, looked at every three
// seconds; that of the quietest contract can stand still.
constexpr Duration mark_interval = 10 * second;
constexpr Duration funding_interval = 90 * second;
constexpr Duration interest_interval = minute;
constexpr Duration ratio_period = 5 * minute;
constexpr Duration ratio_delay = 30 * second;

Socket public_socket() {
    Socket socket{socket_name, "wss://ws.okx.com:8443/ws/v5/public"};
    // 480 requests an hour and connection. Whether a request of many topics is one is not said:
    // half of it leaves room for new plans.
    socket.topics_per_connection = 240;
    // 64 KB a message, with what stands around the topics.
    socket.topic_bytes_per_message = 60'000;
    socket.messages_per_second = 3;
    socket.connects_per_minute = 60;  // three a second, of all that runs at this address
    // The venue cuts a connection on which nothing was said for 30 seconds.
    socket.ping_every = 20 * second;
    socket.ping = "ping";
    return socket;
}

std::string topic_name(std::string_view channel, std::string_view key, std::string_view value) {
    return fmt::format(R"({{"channel":"{}","{}":"{}"}})", channel, key, value);
}

/// The value in "Wrong URL or channel:mark-price,instId:BTC-USDT-SWAP doesn't exist."
std::string_view value_in(std::string_view complaint, std::string_view key) {
    const std::size_t at = complaint.find(key);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = complaint.substr(at + key.size());
    return rest.substr(0, rest.find_first_of(" ,"));
}

std::string topic_in(std::string_view complaint) {
    const std::string_view channel = value_in(complaint, "channel:");
    for (const std::string_view key : {"instId", "instType"}) {
        const std::string_view value = value_in(complaint, fmt::format("{}:", key));
        if (!channel.empty() && !value.empty()) return topic_name(channel, key, value);
    }
    return {};
}

std::string topic_of(venues::dom::object argument) {
    std::string_view channel, value;
    if (venues::find_text(argument, "channel", channel) != Found::present) return {};
    for (const std::string_view key : {"instId", "instType"}) {
        if (venues::find_text(argument, key, value) == Found::present) {
            return topic_name(channel, key, value);
        }
    }
    return {};
}

}  // namespace

Status Protocol::prepare(PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        out.quota({"public", 10, 2 * second});
        out.quota({"statistics", 5, 2 * second});
        for (const char* type : instrument_types) {
            Poll poll{};
            poll.about = Kind::instrument;
            poll.every = hour;
            poll.quota = "public";
            venues::get(out, public_polls, fmt::format("instruments?instType={}", type), poll);
        }
        return {};
    });
}

Status Protocol::plan(std::span<const Reply> replies, PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        venues::ChosenMarkets markets(options_.markets);
        out.socket(public_socket());
        // Of a whole instrument type, whatever the markets: the venue offers nothing less.
        for (const char* type : instrument_types) {
            out.topic({socket_name, topic_name("liquidation-orders", "instType", type),
                       Kind::liquidation});
        }
        for (const Reply& reply : replies) {
            venues::dom::object answer;
            venues::dom::array rows;
            if (!reader_.read(reply.body, answer) ||
                venues::find_array(answer, "data", rows) != Found::present) {
                return bad_record(fmt::format("{}: expected data", reply.channel));
            }
            plan_list(rows, markets, out);
        }
        if (replies.size() < instrument_types.size()) markets.list_missing();
        markets.report_missing(out, "OKX lists no swap or future of it among the chosen contracts");
        return {};
    });
}

void Protocol::plan_list(venues::dom::array rows, venues::ChosenMarkets& markets,
                         PlanWriter& out) const {
    for (auto element : rows) {
        venues::dom::object row;
        Listing listing;
        // The decoder complains of rows that cannot be read.
        if (element.get_object().get(row) || !read_listing(row, listing).ok()) continue;
        if (is_wanted(listing) && markets.take(listing.base(), listing.id))
            plan_contract(listing, out);
    }
}

bool Protocol::is_wanted(const Listing& listing) const {
    if (!listing.contract.sized() || listing.status != TradingStatus::trading) return false;
    const bool inverse = listing.contract.settlement == Settlement::inverse;
    return venues::is_chosen(options_.contracts, contract_types[inverse ? 1 : 0]) &&
           venues::is_plain_name(listing.id);
}

void Protocol::plan_contract(const Listing& listing, PlanWriter& out) const {
    const auto topic = [&](std::string_view channel, Kind about, Duration interval) {
        out.topic({socket_name, topic_name(channel, "instId", listing.id), about, interval});
    };
    topic("open-interest", Kind::open_interest, interest_interval);
    if (options_.trades) topic("trades", Kind::trade, 0);
    // Dated contracts have no funding, and their price is not that of the market.
    if (!listing.contract.perpetual) return;
    topic("mark-price", Kind::price, mark_interval);
    topic("funding-rate", Kind::funding_rate, funding_interval);
    for (const char* poll_name :
         {"long-short-account-ratio-contract", "long-short-account-ratio-contract-top-trader",
          "long-short-position-ratio-contract-top-trader"}) {
        Poll poll{};
        poll.about = Kind::long_short_ratio;
        poll.every = ratio_period;
        poll.after_period = ratio_delay;
        poll.quota = "statistics";
        // Two rows, so that one answer that fails leaves no hole.
        venues::get(out, statistics_polls,
                    fmt::format("{}?instId={}&limit=2&period=5m", poll_name, listing.id), poll);
    }
}

Status Protocol::subscribe(const Subscription& what, TextWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        out.append(fmt::format(R"({{"id":"{}","op":"{}","args":[)", what.id,
                               what.on ? "subscribe" : "unsubscribe"));
        for (std::size_t i = 0; i < what.topics.size(); ++i) {
            if (i > 0) out.append(",");
            out.append(what.topics[i]);
        }
        out.append("]}");
        return {};
    });
}

Heard Protocol::hear(std::string_view, std::string_view message) const noexcept {
    constexpr std::string_view head = R"({"arg":)";
    Heard heard;
    if (const auto argument = venues::text_after(message, head, '}')) [[likely]] {
        const std::size_t end = head.size() + argument->size() + 1;
        if (message.substr(end).starts_with(R"(,"data")")) [[likely]] {
            heard.topic = message.substr(head.size(), argument->size() + 1);
            return heard;
        }
    }
    if (message == "pong") {
        heard.what = Heard::What::alive;
        return heard;
    }
    venues::dom::object answer;
    if (message.size() > venues::longest_control || !reader_.read(message, answer)) return heard;
    static_cast<void>(detail::guarded([&]() -> Status {
        heard = hear_answer(answer);
        return {};
    }));
    return heard;
}

Heard Protocol::hear_answer(venues::dom::object answer) const {
    Heard heard;
    std::string_view event;
    venues::dom::object argument;
    topic_.clear();
    if (venues::find_object(answer, "arg", argument) == Found::present) topic_ = topic_of(argument);
    if (venues::find_text(answer, "event", event) != Found::present) {
        heard.topic = topic_;
        return heard;
    }
    if (venues::find_text(answer, "msg", heard.text) != Found::present) heard.text = {};
    if (event == "subscribe" || event == "unsubscribe") {
        // Each topic of a request is answered for itself.
        heard.what = Heard::What::subscribed;
    } else if (event == "error" || event == "channel-conn-count-error") {
        heard.what = Heard::What::refused;
        if (topic_.empty()) topic_ = topic_in(heard.text);
    } else if (event == "notice") {
        heard.what = Heard::What::leaving;
        return heard;
    } else {
        heard.what = Heard::What::alive;  // channel-conn-count, and what may yet come
        return heard;
    }
    heard.topic = topic_;
    if (topic_.empty()) heard.id = venues::read_request_id(answer, "id");
    return heard;
}

Protocol::Fault Protocol::fault(const Reply& reply) const noexcept {
    if (reply.body.starts_with(R"({"code":"0",)")) return {};
    venues::dom::object answer;
    std::string_view code;
    if (!reader_.read(reply.body, answer)) return {"the reply is no JSON object"};
    if (venues::find_text(answer, "code", code) != Found::present) {
        return {"the reply has no code"};
    }
    if (code == "0") return {};
    Fault fault;
    if (venues::find_text(answer, "msg", fault.text) != Found::present) {
        fault.text = "an error without msg";
    }
    fault.limited = code == "50011" || code == "50061";
    return fault;
}

/// Of mark prices, open interest and funding; what else has `ts` (statistics, orders) may be old.
std::optional<Time> Protocol::venue_time(std::string_view body) const noexcept {
    constexpr std::string_view channel_key = R"("channel":")";
    const std::size_t channel = body.find(channel_key);
    if (channel == std::string_view::npos) return std::nullopt;
    const std::string_view name = body.substr(channel + channel_key.size());
    if (!name.starts_with("mark-price\"") && !name.starts_with("open-interest\"")) {
        return std::nullopt;
    }
    return venues::time_behind(body, R"("ts":)");
}

}  // namespace spillway::okx
