#include "contributions.hpp"

#include <string_view>

#include <spillway/event_json.hpp>
#include <spillway/time.hpp>

namespace spillway::sqlite {
namespace {

void append_number(PodVector<char>& out, std::string_view key, double value) {
    append(out, key);
    append_json_number(out, value);
    out.push_back(',');
}

/// `binance,okx` as a JSON array.
void append_list(PodVector<char>& out, std::string_view comma_list) {
    out.push_back('[');
    while (true) {
        const std::size_t comma = comma_list.find(',');
        append_json_string(out, comma_list.substr(0, comma));
        if (comma == std::string_view::npos) break;
        out.push_back(',');
        comma_list.remove_prefix(comma + 1);
    }
    out.push_back(']');
}

void append_contribution(PodVector<char>& out, const Contribution& item, std::string_view venues) {
    append_json_string(out, text_of(item.component));
    append(out, ":{");
    if (!item.missing) append_number(out, "\"points\":", item.points);
    append_number(out, "\"cap\":", item.cap);
    if (item.has_raw) append_number(out, "\"raw\":", item.raw);
    if (item.age >= 0) append_number(out, "\"age\":", to_seconds(item.age));
    if (!venues.empty()) {
        append(out, "\"venues\":");
        append_list(out, venues);
        out.push_back(',');
    }
    if (item.missing) append(out, "\"missing\":true,");
    if (item.reason != NameId::none) {
        append(out, "\"reason\":");
        append_json_string(out, text_of(item.reason));
        out.push_back(',');
    }
    out.back() = '}';  // the comma after the last member
}

}  // namespace

void append_contributions(PodVector<char>& out, const Event& score, const Batch& batch) {
    const std::uint32_t count = score.score.contributions;
    const auto* items = batch.blob_as<Contribution>(score, 0, count);
    out.push_back('{');
    for (std::uint32_t i = 0; items != nullptr && i < count; ++i) {
        if (i > 0) out.push_back(',');
        append_contribution(out, items[i], batch.text(score, items[i].venues));
    }
    out.push_back('}');
}

}  // namespace spillway::sqlite
