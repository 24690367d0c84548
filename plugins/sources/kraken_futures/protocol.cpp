#include "protocol.hpp"

#include <fmt/format.h>

#include <spillway/plugin.hpp>

#include "common/venues/chosen_markets.hpp"
#include "common/venues/iso_time.hpp"
#include "listing.hpp"

namespace spillway::kraken_futures {
namespace {

using venues::Found;

constexpr std::string_view polls = "https://futures.kraken.com/derivatives/api/v3/";
constexpr std::string_view socket_name = "public";
constexpr std::string_view heartbeat = "heartbeat";

// Tickers come when something in them changes; the mark price follows an index that moves all the
// time. How long a quiet contract may be silent is not said.
constexpr Duration ticker_interval = minute;

Socket public_socket() {
    Socket socket{socket_name, "wss://futures.kraken.com/ws/v1"};
    // A message names one feed, and a refusal does not say of which product it is: one topic each.
    socket.topics_per_message = 1;
    socket.topics_per_connection = 500;
    // 100 requests a second and 100 connections are allowed, of all that runs at this address.
    socket.messages_per_second = 20;
    socket.connects_per_minute = 30;
    // A connection on which nothing was said for 60 seconds is cut.
    socket.ping_every = 30 * second;
    return socket;
}

/// The text behind a key that includes quotes and colon, up to the next quote.
std::string_view text_behind(std::string_view message, std::string_view key) {
    const std::size_t at = message.find(key);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = message.substr(at + key.size());
    return rest.substr(0, rest.find('"'));
}

/// The feed that a message belongs to: snapshots are named after theirs.
std::string_view feed_of(std::string_view message) {
    std::string_view feed = text_behind(message, R"("feed":")");
    constexpr std::string_view snapshot = "_snapshot";
    if (feed.ends_with(snapshot)) feed.remove_suffix(snapshot.size());
    return feed;
}

}  // namespace

Status Protocol::prepare(PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        Poll list{};
        list.about = Kind::instrument;
        list.every = hour;
        venues::get(out, polls, "instruments", list);  // costs nothing of any budget
        return {};
    });
}

Status Protocol::plan(std::span<const Reply> replies, PlanWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        venues::ChosenMarkets markets(options_.markets);
        out.socket(public_socket());
        out.topic({socket_name, heartbeat, Kind::source_status});
        for (const Reply& reply : replies) {
            venues::dom::object answer;
            venues::dom::array rows;
            if (!reader_.read(reply.body, answer) ||
                venues::find_array(answer, "instruments", rows) != Found::present) {
                return bad_record(fmt::format("{}: expected instruments", reply.channel));
            }
            for (auto element : rows) {
                venues::dom::object row;
                Listing listing;
                // The decoder complains of rows that cannot be read.
                if (element.get_object().get(row) || !read_listing(row, listing).ok()) continue;
                const Contract& contract = listing.contract;
                if (!contract.decoded() || listing.status != TradingStatus::trading) continue;
                if (!venues::is_chosen(options_.contracts,
                                       contract_types[contract.inverse ? 1 : 0]) ||
                    !venues::is_plain_name(listing.id) ||
                    !markets.take(contract.base, listing.id)) {
                    continue;
                }
                // The feed of trades is that of liquidations, whether trades are wanted or not.
                out.topic({socket_name, fmt::format("trade.{}", listing.id), Kind::liquidation});
                // A ticker brings the price along, and that of a dated contract is not the
                // market's.
                if (!contract.perpetual) continue;
                out.topic({socket_name, fmt::format("ticker.{}", listing.id), Kind::price,
                           ticker_interval});
            }
        }
        markets.report_missing(out,
                               "Kraken Futures lists no contract of it among the chosen contracts");
        return {};
    });
}

Status Protocol::subscribe(const Subscription& what, TextWriter& out) const noexcept {
    return detail::guarded([&]() -> Status {
        const auto feed_in = [](std::string_view topic) {
            return topic.substr(0, topic.find('.'));
        };
        if (what.topics.empty()) return {Code::defect, "a subscription to nothing"};
        const std::string_view feed = feed_in(what.topics[0]);
        out.append(fmt::format(R"({{"event":"{}","feed":"{}")",
                               what.on ? "subscribe" : "unsubscribe", feed));
        if (feed == heartbeat) {
            out.append("}");
            return {};
        }
        out.append(R"(,"product_ids":[)");
        for (std::size_t i = 0; i < what.topics.size(); ++i) {
            const std::string_view topic = what.topics[i];
            if (feed_in(topic) != feed) return {Code::defect, "one message for several feeds"};
            out.append(fmt::format(R"({}"{}")", i > 0 ? "," : "", topic.substr(feed.size() + 1)));
        }
        out.append("]}");
        return {};
    });
}

Heard Protocol::hear(std::string_view, std::string_view message) const noexcept {
    Heard heard;
    static_cast<void>(detail::guarded([&]() -> Status {
        if (!message.starts_with(R"({"event":)")) [[likely]] {
            const std::string_view feed = feed_of(message);
            topic_.assign(feed);
            if (feed == heartbeat) {
                heard.what = Heard::What::alive;
                return {};
            }
            topic_ += '.';
            topic_ += text_behind(message, R"("product_id":")");
            if (!feed.empty()) heard.topic = topic_;
            return {};
        }
        venues::dom::object answer;
        if (message.size() <= venues::longest_control && reader_.read(message, answer)) {
            heard = hear_answer(answer);
        }
        return {};
    }));
    return heard;
}

Heard Protocol::hear_answer(venues::dom::object answer) const {
    Heard heard;
    std::string_view event, feed, product;
    venues::dom::array products;
    if (venues::find_text(answer, "event", event) != Found::present) return heard;
    topic_.clear();
    if (venues::find_text(answer, "feed", feed) == Found::present) {
        topic_ = feed;
        venues::dom::element first;
        if (venues::find_array(answer, "product_ids", products) == Found::present &&
            products.at(0).get(first) == simdjson::SUCCESS &&
            venues::read_text(first, product) == Found::present) {
            topic_ += '.';
            topic_ += product;
        }
    }
    if (event == "subscribed" || event == "unsubscribed") {
        heard.what = Heard::What::subscribed;
        heard.topic = topic_;
    } else if (event == "subscribed_failed" || event == "error") {
        // An error names neither request nor product: requests are answered in their order.
        heard.what = Heard::What::refused;
        heard.topic = topic_;
        if (venues::find_text(answer, "message", heard.text) != Found::present) heard.text = event;
    } else {
        heard.what = Heard::What::alive;  // info, alert, and what may yet come
    }
    return heard;
}

Protocol::Fault Protocol::fault(const Reply& reply) const noexcept {
    if (reply.body.starts_with(R"({"result":"success")")) return {};
    venues::dom::object answer;
    std::string_view result;
    if (!reader_.read(reply.body, answer)) return {"the reply is no JSON object"};
    if (venues::find_text(answer, "result", result) != Found::present) {
        return {"the reply has no result"};
    }
    if (result == "success") return {};
    Fault fault;
    if (venues::find_text(answer, "error", fault.text) != Found::present) {
        fault.text = "an error without a name";
    }
    fault.limited = fault.text == "apiLimitExceeded";
    return fault;
}

/// Of tickers, heartbeats and replies; trades may be old.
std::optional<Time> Protocol::venue_time(std::string_view body) const noexcept {
    if (const std::string_view time = text_behind(body, R"("serverTime":")"); !time.empty()) {
        return venues::read_iso_time(time);
    }
    const std::string_view feed = text_behind(body, R"("feed":")");
    if (feed != "ticker" && feed != heartbeat) return std::nullopt;
    return venues::time_behind(body, R"("time":)");
}

}  // namespace spillway::kraken_futures
