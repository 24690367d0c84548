#include "lines.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>

namespace spillway::terminal {
namespace {

constexpr std::string_view plain = "\x1b[0m", dim = "\x1b[2m", red = "\x1b[1;31m",
                           yellow = "\x1b[1;33m", blue = "\x1b[1;34m", green = "\x1b[1;32m";

template <class... Values>
void print(PodVector<char>& out, fmt::format_string<Values...> format, Values&&... values) {
    char text[256];
    const auto end = fmt::format_to_n(text, sizeof(text), format, std::forward<Values>(values)...);
    append(out, {text, std::min(end.size, sizeof(text))});
}

/// Text from outside: no control characters, neither C0 nor the UTF-8 form of C1.
void append_safe(PodVector<char>& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool c1 =
            c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (c1) ++i;
        out.push_back(c1 || c < 0x20 || c == 0x7F ? '?' : text[i]);
    }
}

/// Time, a word for what it is, the market.
void append_head(PodVector<char>& out, const Event& event, std::string_view word,
                 std::string_view paint, bool colour) {
    char time[time_text_size];
    static_cast<void>(write_time(time, event.event_time));
    const auto painted = [&](std::string_view with, std::string_view text, std::size_t width) {
        if (colour) append(out, with);
        append(out, text);
        if (colour) append(out, plain);
        for (std::size_t i = text.size(); i < width; ++i) out.push_back(' ');
    };
    painted(dim, {time, 10}, 11);
    painted(dim, {time + 11, 8}, 10);
    painted(paint, word, 10);
    const std::string_view market = text_of(event.market);
    append_safe(out, market);
    for (std::size_t i = market.size(); i < 6; ++i) out.push_back(' ');
}

void append_direction(PodVector<char>& out, Direction direction) {
    if (direction != Direction::none) print(out, " {}", name_in(direction_names, direction));
}

void append_alert(PodVector<char>& out, const Event& event, const Batch& batch, bool colour) {
    const AlertPayload& alert = event.alert;
    const bool resolved = alert.state == AlertState::resolved;
    const std::string_view paint = resolved                               ? green
                                   : alert.severity == Severity::critical ? red
                                   : alert.severity == Severity::warning  ? yellow
                                                                          : blue;
    append_head(out, event, resolved ? "resolved" : name_in(severity_names, alert.severity), paint,
                colour);
    append(out, name_in(alert_type_names, alert.type));
    append_direction(out, alert.direction);
    if (event.has(field::alert::score)) print(out, " {:.0f}", alert.score);
    if (alert.repeated) append(out, " (still)");
    const auto* detail = batch.blob_as<AlertDetail>(event);
    if (detail == nullptr) return;
    if (alert.grouped && detail->markets.length > 0) {
        append(out, " [");
        append_safe(out, batch.text(event, detail->markets));
        append(out, "]");
    }
    append(out, "  ");
    append_safe(out, batch.text(event, detail->message));
}

void append_cascade(PodVector<char>& out, const Event& event, const Batch& batch, bool colour) {
    const CascadePayload& cascade = event.cascade;
    append_head(out, event, "cascade", cascade.state == CascadeState::active ? red : dim, colour);
    const std::string_view side = event.has(field::cascade::side)
                                      ? name_in(side_names, cascade.side)
                                      : std::string_view("both");
    print(out, "{:<5} {:<8} {} orders  ", side, name_in(cascade_state_names, cascade.state),
          cascade.long_count + cascade.short_count);
    append_usd(out, cascade.long_notional + cascade.short_notional);
    append(out, " USD");
    if (const auto* detail = batch.blob_as<CascadeDetail>(event)) {
        print(out, "  {} {}  risk {:.2f}", detail->venues, detail->venues == 1 ? "venue" : "venues",
              detail->risk);
    }
}

void append_score(PodVector<char>& out, const Event& event, bool colour) {
    const ScorePayload& score = event.score;
    append_head(out, event, "score", dim, colour);
    append_safe(out, text_of(score.name));
    append_direction(out, score.direction);
    if (event.has(field::score::value)) {
        print(out, " {:.0f} ({:.0f}..{:.0f})", score.value, score.low, score.high);
    } else {
        append(out, score.warming_up ? " unknown, warming up" : " unknown");
    }
    print(out, "  coverage {:.2f}", score.coverage);
}

}  // namespace

void append_usd(PodVector<char>& out, double usd) {
    if (usd < 999.5) {
        print(out, "{:.0f}", usd);
    } else if (usd < 999.95e3) {
        print(out, "{:.1f} k", usd / 1e3);
    } else if (usd < 999.95e6) {
        print(out, "{:.1f} M", usd / 1e6);
    } else {
        print(out, "{:.1f} bn", usd / 1e9);
    }
}

void append_line(PodVector<char>& out, const Event& event, const Batch& batch, bool colour) {
    switch (event.kind()) {
        case Kind::alert:
            append_alert(out, event, batch, colour);
            break;
        case Kind::cascade:
            append_cascade(out, event, batch, colour);
            break;
        case Kind::score:
            append_score(out, event, colour);
            break;
        default:
            return;
    }
    out.push_back('\n');
}

}  // namespace spillway::terminal
