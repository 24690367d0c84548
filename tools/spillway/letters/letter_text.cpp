#include "letters/letter_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <spillway/event_json.hpp>

#include "state/field_tree.hpp"

namespace spillway::cli {
namespace {

/// Digits of an id that lists show; ids are hashes, so few collide.
constexpr std::size_t short_id = 12;
constexpr std::size_t longest_reason = 60;

std::string id_of(const Letter& letter) { return to_string(letter.id).substr(0, short_id); }

/// One line of printable characters.
std::string printable(std::string_view text, std::size_t longest) {
    std::string out;
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        out += byte < 0x20 || byte == 0x7F ? ' ' : c;
    }
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U &&
           text.size() > longest) {
        out.pop_back();  // a character that the cut went through
    }
    return text.size() > longest ? out + "..." : out;
}

bool is_text(std::string_view bytes) {
    PodVector<char> escaped;
    append_json_string(escaped, bytes);
    if (view(escaped).find("\xEF\xBF\xBD") != std::string_view::npos) return false;
    return std::none_of(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
    });
}

std::string state_of(const Letter& letter) {
    return letter.open() ? "open" : "replayed " + format_time(letter.replayed);
}

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

std::string json_text(std::string_view text) {
    PodVector<char> out;
    append_json_string(out, text);
    return std::string(view(out));
}

std::string summary_json(const Letter& letter) {
    return fmt::format(
        R"({{"id":"{}","time":"{}","node":{},"place":{},"reason":{},"attempt":{},"size":{},)"
        R"("replayed":{})",
        to_string(letter.id), format_time(letter.time), json_text(letter.node),
        json_text(letter.place), json_text(letter.reason), letter.attempt, letter.raw_size,
        letter.open() ? std::string("null") : '"' + format_time(letter.replayed) + '"');
}

template <class Items, class Write>
std::string json_list(const Items& items, Write write) {
    std::string out = "[";
    for (const auto& item : items) {
        if (out.size() > 1) out += ',';
        out += write(item);
    }
    return out + ']';
}

std::string with_reason(const Letter& letter, std::string_view reason) {
    return fmt::format("  {}  {}  {}: {}\n", id_of(letter), printable(letter.node, 40),
                       printable(letter.place, 60), printable(reason, 200));
}

std::string with_reason_json(const Letter& letter, std::string_view reason) {
    return fmt::format(R"({{"id":"{}","reason":{}}})", to_string(letter.id), json_text(reason));
}

std::string skipped_text(const ReplayPlan& plan) {
    if (plan.skipped().empty()) return {};
    std::string out = fmt::format("{} not replayed:\n", plan.skipped().size());
    for (const auto& [letter, reason] : plan.skipped()) out += with_reason(letter, reason);
    return out;
}

std::string skipped_json(const ReplayPlan& plan) {
    return json_list(plan.skipped(), [](const ReplayPlan::Skipped& one) {
        return with_reason_json(one.letter, one.reason);
    });
}

}  // namespace

std::string list_text(const Letters& letters, std::size_t total) {
    if (letters.empty()) return "no dead letters\n";
    std::size_t node = 4;
    std::size_t place = 5;
    for (const Letter& letter : letters) {
        node = std::max(node, printable(letter.node, 40).size());
        place = std::max(place, printable(letter.place, 40).size());
    }
    std::string out =
        fmt::format("{:<{}}  {:<24}  {:<{}}  {:<{}}  {:>3}  {:>6}  {:<8}  {}\n", "id", short_id,
                    "time", "node", node, "place", place, "try", "bytes", "state", "reason");
    for (const Letter& letter : letters) {
        out += fmt::format("{}  {:<24}  {:<{}}  {:<{}}  {:>3}  {:>6}  {:<8}  {}\n", id_of(letter),
                           format_time(letter.time), printable(letter.node, 40), node,
                           printable(letter.place, 40), place, letter.attempt, letter.raw_size,
                           letter.open() ? "open" : "replayed",
                           printable(letter.reason, longest_reason));
    }
    if (total > letters.size()) {
        out += fmt::format("the newest {} of {}; --limit shows more\n", letters.size(), total);
    }
    return out;
}

std::string list_json(const Letters& letters, std::size_t total) {
    return fmt::format(
        "{{\"total\":{},\"letters\":{}}}\n", total,
        json_list(letters, [](const Letter& one) { return summary_json(one) + '}'; }));
}

std::string show_text(const Letters& letters) {
    std::string out;
    for (const Letter& letter : letters) {
        if (!out.empty()) out += '\n';
        out +=
            fmt::format("id        {}\ntime      {}\nnode      {}\nplace     {}\nreason    {}\n",
                        to_string(letter.id), format_time(letter.time), printable(letter.node, 200),
                        printable(letter.place, 4096), printable(letter.reason, 4096));
        out += fmt::format(
            "attempt   {}\nstate     {}\norigin    {}\nsize      {}{}\n", letter.attempt,
            state_of(letter), letter.origin.empty() ? "line" : printable(letter.origin, 4096),
            letter.raw_size, letter.cut() ? fmt::format(", {} kept", letter.raw.size()) : "");
        if (is_text(letter.raw)) {
            out += fmt::format("raw\n{}\n", letter.raw);
        } else {
            out += "raw\n" + hex_lines(bytes_of(letter.raw), 2);
        }
    }
    return out;
}

std::string show_json(const Letters& letters) {
    return json_list(
               letters,
               [](const Letter& one) {
                   std::string raw = is_text(one.raw)
                                         ? json_text(one.raw)
                                         : R"({"hex":")" + hex_text(bytes_of(one.raw)) + R"("})";
                   return fmt::format(R"({},"origin":{},"raw":{}}})", summary_json(one),
                                      json_text(one.origin.empty() ? "line" : one.origin), raw);
               }) +
           '\n';
}

std::string plan_text(const ReplayPlan& plan) {
    std::string out = fmt::format("{} would be replayed\n", plan.letters().size());
    for (const Letter& letter : plan.letters()) out += with_reason(letter, letter.reason);
    return out + skipped_text(plan);
}

std::string plan_json(const ReplayPlan& plan) {
    return fmt::format(
        "{{\"dry_run\":true,\"letters\":{},\"skipped\":{}}}\n",
        json_list(plan.letters(),
                  [](const Letter& one) { return with_reason_json(one, one.reason); }),
        skipped_json(plan));
}

std::string replay_text(const ReplayPlan& plan, const ReplayResult& result) {
    std::string refused;
    std::size_t handled = 0;
    for (std::size_t i = 0; i < result.outcomes.size(); ++i) {
        if (result.outcomes[i].handled) {
            ++handled;
        } else {
            refused += with_reason(plan.letters()[i], result.outcomes[i].reason);
        }
    }
    std::string out =
        fmt::format("{} replayed, {} refused again\n", handled, result.outcomes.size() - handled);
    return out + refused + skipped_text(plan);
}

std::string replay_json(const ReplayPlan& plan, const ReplayResult& result) {
    std::vector<std::string> replayed, refused;
    for (std::size_t i = 0; i < result.outcomes.size(); ++i) {
        const Letter& letter = plan.letters()[i];
        if (result.outcomes[i].handled) {
            replayed.push_back('"' + to_string(letter.id) + '"');
        } else {
            refused.push_back(with_reason_json(letter, result.outcomes[i].reason));
        }
    }
    const auto as_is = [](const std::string& text) { return text; };
    return fmt::format("{{\"epoch\":{},\"replayed\":{},\"refused\":{},\"skipped\":{}}}\n",
                       result.epoch, json_list(replayed, as_is), json_list(refused, as_is),
                       skipped_json(plan));
}

}  // namespace spillway::cli
