#include "protocol.hpp"

#include <array>

#include <fmt/format.h>

#include <spillway/plugin.hpp>

namespace spillway::binance {

/// What differs between USD-M and COIN-M.
struct ProductLine {
    std::string_view name;    ///< of the option, and of its socket
    std::string_view socket;  ///< market data
    std::string_view book_name, book_socket;
    std::string_view host;
    std::string_view api;  ///< first part of its paths
    bool by_pair = false;  ///< statistics name a contract by its pair
};

/// What the plan needs of a row of exchangeInfo.
struct Listed {
    std::string_view symbol, pair, type, base, status;
};

namespace {

using venues::Found;

constexpr std::array<ProductLine, 2> lines = {{
    // Where a stream is asked for decides whether it comes: the wrong path confirms and is silent.
    {"usdm", "wss://fstream.binance.com/market/stream", "usdm_book",
     "wss://fstream.binance.com/public/stream", "https://fapi.binance.com/", "fapi/v1/", false},
    {"coinm", "wss://dstream.binance.com/stream", "coinm", "", "https://dapi.binance.com/",
     "dapi/v1/", true},
}};

constexpr std::string_view weight_quota = "weight";
constexpr std::string_view statistics_quota = "statistics";
constexpr std::string_view funding_quota = "funding";

/// Mark prices come every second, books twice a second.
constexpr Duration stream_interval = 10 * second;
constexpr Duration interest_every = minute;
constexpr Duration book_every = 30 * second;
constexpr Duration ratio_period = 5 * minute;
constexpr Duration ratio_delay = 20 * second;

Socket socket_of(std::string_view name, std::string_view url) {
    Socket socket{name, url};
    socket.topics_per_connection = 1024;
    socket.topics_per_message = 100;
    // The venue cuts who sends more than ten a second, pongs included.
    socket.messages_per_second = 5;
    socket.connects_per_minute = 60;
    socket.lifetime = day;
    // The venue pings every three minutes only; an orderly answer to our own shows earlier that a
    // quiet connection lives.
    socket.ping_every = 20 * second;
    return socket;
}

Poll poll_about(Kind about, Duration every, std::string_view quota, double weight = 1) {
    Poll poll{};
    poll.about = about;
    poll.every = every;
    poll.quota = quota;
    poll.weight = weight;
    return poll;
}

std::string lower(std::string_view symbol) {
    std::string text(symbol);
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

/// False if a text is missing or wrong; `contractStatus` is the name of COIN-M.
bool read_listed(venues::dom::object row, Listed& listed) {
    const auto read = [&](std::string_view key, std::string_view& text) {
        return venues::find_text(row, key, text) == Found::present;
    };
    return read("symbol", listed.symbol) && read("pair", listed.pair) &&
           read("contractType", listed.type) && read("baseAsset", listed.base) &&
           (read("status", listed.status) || read("contractStatus", listed.status));
}

bool is_open_perpetual(const Listed& listed) {
    return listed.type == "PERPETUAL" && listed.status == "TRADING" &&
           venues::is_plain_name(listed.symbol);
}

}  // namespace

Status Protocol::prepare(PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        // Both lines draw from one pool.
        out.quota({weight_quota, 2400, minute, "X-MBX-USED-WEIGHT-1M"});
        out.quota({statistics_quota, 1000, 5 * minute});
        out.quota({funding_quota, 500, 5 * minute});
        for (const ProductLine& line : lines) {
            if (!venues::is_chosen(options_.contracts, line.name)) continue;
            venues::get(out, line.host, fmt::format("{}exchangeInfo", line.api),
                        poll_about(Kind::instrument, hour, weight_quota));
        }
        return {};
    });
}

Status Protocol::plan(std::span<const Reply> replies, PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        venues::ChosenMarkets markets(options_.markets);
        for (const ProductLine& line : lines) {
            if (!venues::is_chosen(options_.contracts, line.name)) continue;
            plan_line(line, out);
            bool has_list = false;
            for (const Reply& reply : replies) {
                if (!reply.channel.starts_with(line.api)) continue;
                has_list = true;
                venues::dom::object answer;
                venues::dom::array rows;
                if (!reader_.read(reply.body, answer) ||
                    venues::find_array(answer, "symbols", rows) != Found::present) {
                    return bad_record(fmt::format("{}: expected symbols", reply.channel));
                }
                plan_list(line, rows, markets, out);
            }
            if (!has_list) markets.list_missing();
        }
        markets.report_missing(out, "Binance lists no perpetual of it among the chosen contracts");
        return {};
    });
}

void Protocol::plan_line(const ProductLine& line, PlanWriter& out) const {
    out.socket(socket_of(line.name, line.socket));
    if (options_.depth && !line.book_socket.empty()) {
        out.socket(socket_of(line.book_name, line.book_socket));
    }
    // Of all contracts, whatever the markets: one stream for what is silent most of the time.
    out.topic({line.name, "!forceOrder@arr", Kind::liquidation});
    venues::get(out, line.host, fmt::format("{}fundingInfo", line.api),
                poll_about(Kind::instrument, hour, funding_quota));
}

void Protocol::plan_list(const ProductLine& line, venues::dom::array rows,
                         venues::ChosenMarkets& markets, PlanWriter& out) const {
    for (auto element : rows) {
        venues::dom::object row;
        Listed listed;
        // The decoder complains of rows that cannot be read.
        if (element.get_object().get(row) || !read_listed(row, listed)) continue;
        if (is_open_perpetual(listed) && markets.take(listed.base, listed.symbol)) {
            plan_contract(line, listed, out);
        }
    }
}

void Protocol::plan_contract(const ProductLine& line, const Listed& contract,
                             PlanWriter& out) const {
    const auto topic = [&](std::string_view socket, std::string_view stream, Kind about,
                           Duration interval) {
        out.topic({socket, fmt::format("{}@{}", lower(contract.symbol), stream), about, interval});
    };
    topic(line.name, "markPrice@1s", Kind::price, stream_interval);
    if (options_.trades) topic(line.name, "aggTrade", Kind::trade, 0);
    const std::string api = fmt::format("{}{}", line.host, line.api);
    venues::get(out, api, fmt::format("openInterest?symbol={}", contract.symbol),
                poll_about(Kind::open_interest, interest_every, weight_quota));
    if (options_.depth) {
        topic(line.book_name, "depth20@500ms", Kind::depth, stream_interval);
        // Twenty levels of a large market end before the first band does.
        venues::get(out, api, fmt::format("depth?limit=1000&symbol={}", contract.symbol),
                    poll_about(Kind::depth, book_every, weight_quota, 20));
    }
    const auto ratio = [&](std::string_view poll_name) {
        Poll poll = poll_about(Kind::long_short_ratio, ratio_period, statistics_quota);
        poll.after_period = ratio_delay;
        // Two rows, so that one answer that fails leaves no hole.
        const std::string name =
            line.by_pair
                ? fmt::format("{}?limit=2&pair={}&period=5m", poll_name, contract.pair)
                : fmt::format("{}?limit=2&period=5m&symbol={}", poll_name, contract.symbol);
        venues::get(out, fmt::format("{}futures/data/", line.host), name, poll);
    };
    ratio("globalLongShortAccountRatio");
    ratio("topLongShortAccountRatio");
    ratio("topLongShortPositionRatio");
}

Status Protocol::subscribe(const Subscription& what, TextWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        out.append(what.on ? R"({"method":"SUBSCRIBE","params":[)"
                           : R"({"method":"UNSUBSCRIBE","params":[)");
        for (std::size_t i = 0; i < what.topics.size(); ++i) {
            out.append(fmt::format(R"({}"{}")", i == 0 ? "" : ",", what.topics[i]));
        }
        out.append(fmt::format(R"(],"id":{}}})", what.id));
        return {};
    });
}

Heard Protocol::hear(std::string_view, std::string_view message) const noexcept {
    Heard heard;
    if (const auto stream = venues::text_after(message, R"({"stream":")", '"')) [[likely]] {
        heard.topic = *stream;
        return heard;
    }
    venues::dom::object answer, error;
    venues::dom::element value;
    if (message.size() > venues::longest_control || !reader_.read(message, answer)) return heard;
    if (venues::find_text(answer, "stream", heard.topic) == Found::present ||
        venues::find_value(answer, "e", value) == Found::present) {
        return heard;
    }
    heard.id = venues::read_request_id(answer, "id");
    if (venues::find_value(answer, "result", value) == Found::present) {
        heard.what = Heard::What::subscribed;
        return heard;
    }
    // Older answers have the error's fields without `error` around them.
    if (venues::find_object(answer, "error", error) != Found::present) error = answer;
    if (venues::find_value(error, "code", value) == Found::present) {
        heard.what = Heard::What::refused;
        if (venues::find_text(error, "msg", heard.text) != Found::present) heard.text = {};
    }
    return heard;
}

Protocol::Fault Protocol::fault(const Reply& reply) const noexcept {
    // Data are a list, or an object without `code`.
    constexpr std::string_view head = R"({"code")";
    venues::dom::object answer;
    venues::dom::element value;
    std::int64_t code = 0;
    if (!reply.body.starts_with(head)) return {};
    if (!reader_.read(reply.body, answer) ||
        venues::find_value(answer, "code", value) != Found::present ||
        venues::read_integer(value, code) != Found::present || code == 0) {
        return {};
    }
    Fault fault;
    if (venues::find_text(answer, "msg", fault.text) != Found::present) {
        fault.text = "an error without msg";
    }
    fault.limited = code == -1003 || code == -1015;
    fault.refused_key = code == -2014 || code == -2015;
    return fault;
}

/// When a message left the venue, or an answer of exchangeInfo.
std::optional<Time> Protocol::venue_time(std::string_view body) const noexcept {
    if (const auto time = venues::time_behind(body, R"("E":)")) return time;
    return venues::time_behind(body, R"("serverTime":)");
}

}  // namespace spillway::binance
