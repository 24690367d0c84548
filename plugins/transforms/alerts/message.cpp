#include "message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <vector>

namespace spillway::alerts {

namespace {

void append_number(std::string& text, double value) {
    std::array<char, 64> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                            std::chars_format::fixed, 1);
    if (error == std::errc()) text.append(digits.data(), end);
}

void append_span(std::string& text, Duration span) {
    if (span < 2 * minute) {
        text += std::to_string(span / second) + " s";
    } else if (span < 2 * hour) {
        text += std::to_string(span / minute) + " min";
    } else {
        text += std::to_string(span / hour) + " h";
    }
}

/// "CRITICAL ", "Still WARNING ", "Down to INFO ", "Resolved: "
void append_opening(std::string& text, const Notification& notification) {
    const std::string_view severity = name_in(severity_names, notification.severity);
    switch (notification.change) {
        case Change::resolved:
            text += "Resolved ";
            return;
        case Change::repeated:
            text += "Still ";
            break;
        case Change::de_escalated:
            text += "Down to ";
            break;
        case Change::opened:
        case Change::escalated:
        case Change::joined:
            break;
    }
    text += severity;
    text += ' ';
}

void append_duration(std::string& text, const Notification& notification) {
    if (notification.change == Change::opened) return;
    text += notification.change == Change::resolved ? ", over after " : ", firing for ";
    append_span(text, notification.at - notification.started);
}

void append_components(std::string& text, std::span<const Component> components) {
    std::vector<Component> parts;
    for (const Component& component : components) {
        if (!component.missing && component.points > 0) parts.push_back(component);
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Component& a, const Component& b) { return a.points > b.points; });
    if (parts.empty()) return;
    std::string_view separator = " (";
    for (const Component& part : parts) {
        text += separator;
        text += part.name;
        text += ' ';
        append_number(text, part.points);
        separator = ", ";
    }
    text += ')';
}

void append_missing(std::string& text, const MessageFacts& facts) {
    std::string_view separator = ", missing: ";
    for (const Component& component : facts.components) {
        if (!component.missing && !component.partial) continue;
        text += separator;
        if (component.partial) text += "a part of ";
        text += component.name;
        separator = ", ";
    }
    if (facts.pressure_missing) {
        text += separator;
        text += "pressure";
    }
}

}  // namespace

std::string message(const AlertKey& key, const Notification& notification,
                    const MessageFacts& facts) {
    std::string text;
    append_opening(text, notification);
    text += key.market;
    if (key.direction != Direction::none) {
        text += ' ';
        text += name_in(direction_names, key.direction);
    }
    text += ": ";
    text += facts.score;
    if (facts.risk) {
        text += ' ';
        append_number(text, *facts.risk);
        append_components(text, facts.components);
    } else {
        text += " unknown";
    }
    if (facts.fragility) {
        text += ", fragility ";
        append_number(text, *facts.fragility);
        if (facts.elevated) text += " (elevated)";
    }
    if (facts.pressure) {
        text += ", pressure ";
        append_number(text, *facts.pressure);
        if (notification.aligned) text += *notification.aligned ? " (aligned)" : " (not aligned)";
    }
    append_missing(text, facts);
    append_duration(text, notification);
    text += '.';
    return text;
}

std::string group_message(const Notification& notification, Direction direction,
                          std::span<const std::string> markets) {
    constexpr std::size_t shown = 20;
    std::string text;
    append_opening(text, notification);
    text += "market-wide";
    if (direction != Direction::none) {
        text += ' ';
        text += name_in(direction_names, direction);
    }
    if (notification.change == Change::resolved) {
        text += ": no further market is firing";
    } else {
        text += ": " + std::to_string(markets.size());
        text += markets.size() == 1 ? " more market is firing" : " more markets are firing";
        std::string_view separator = " (";
        for (std::size_t i = 0; i < std::min(shown, markets.size()); ++i) {
            text += separator;
            text += markets[i];
            separator = ", ";
        }
        if (markets.size() > shown) text += ", ...";
        if (!markets.empty()) text += ')';
    }
    append_duration(text, notification);
    text += '.';
    return text;
}

std::string data_message(const AlertKey& key, const Notification& notification,
                         std::string_view reason) {
    std::string text;
    append_opening(text, notification);
    text += "data from ";
    text += key.market;
    text += notification.change == Change::resolved ? " is whole again" : " is degraded";
    if (!reason.empty()) {
        text += ": ";
        text += reason;
    }
    append_duration(text, notification);
    text += '.';
    return text;
}

}  // namespace spillway::alerts
