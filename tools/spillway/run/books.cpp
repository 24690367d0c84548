#include "run/books.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/text_format.hpp"

namespace spillway::cli {
namespace {

using runtime::EdgeReport;
using runtime::NodeReport;
using runtime::RunStatus;

bool balances(const EdgeReport& edge) {
    return edge.emitted == edge.delivered + edge.dropped + edge.queued;
}

std::string name_of(const EdgeReport& edge) {
    return fmt::format("{}{}{} -> {}", edge.from, edge.port.empty() ? "" : ".", edge.port, edge.to);
}

/// "node dedupe (in 10, accounted for 9)", "edge a -> b (emitted 10, ...)".
std::vector<std::string> imbalances(const RunStatus& status) {
    std::vector<std::string> found;
    for (const NodeReport& node : status.nodes) {
        if (node.balanced) continue;
        const Books& books = node.books;
        found.push_back(fmt::format(
            "node {} (in {}; filtered {}, duplicate {}, late {}, dropped {}, dead-lettered {})",
            node.id, books.in, books.filtered, books.duplicate, books.late, books.dropped,
            books.dead_lettered));
    }
    for (const EdgeReport& edge : status.edges) {
        if (balances(edge)) continue;
        found.push_back(fmt::format("edge {} (emitted {}; delivered {}, dropped {}, queued {})",
                                    name_of(edge), edge.emitted, edge.delivered, edge.dropped,
                                    edge.queued));
    }
    return found;
}

void text(report::JsonWriter& out, std::string_view name, std::string_view value) {
    out.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    out.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void count(report::JsonWriter& out, std::string_view name, std::uint64_t value) {
    out.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    out.Uint64(value);
}

void ratio(report::JsonWriter& out, std::string_view name, double over, double under) {
    out.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    if (under > 0) {
        out.Double(over / under);
    } else {
        out.Null();
    }
}

void write_node(report::JsonWriter& out, const NodeReport& node) {
    out.StartObject();
    text(out, "node", node.id);
    text(out, "category", name_in(category_names, node.category));
    text(out, "type", node.type);
    count(out, "in", node.books.in);
    count(out, "processed", node.books.processed());
    count(out, "filtered", node.books.filtered);
    count(out, "duplicate", node.books.duplicate);
    count(out, "late", node.books.late);
    count(out, "dropped", node.books.dropped);
    count(out, "dead_lettered", node.books.dead_lettered);
    count(out, "emitted", node.emitted);
    out.Key("balanced");
    out.Bool(node.balanced);
    out.EndObject();
}

void write_edge(report::JsonWriter& out, const EdgeReport& edge) {
    out.StartObject();
    text(out, "from", edge.from);
    text(out, "port", edge.port);
    text(out, "to", edge.to);
    count(out, "emitted", edge.emitted);
    count(out, "delivered", edge.delivered);
    count(out, "dropped", edge.dropped);
    count(out, "queued", edge.queued);
    out.EndObject();
}

}  // namespace

bool books_balance(const RunStatus& status) {
    return std::all_of(status.nodes.begin(), status.nodes.end(),
                       [](const NodeReport& node) { return node.balanced; }) &&
           std::all_of(status.edges.begin(), status.edges.end(), balances);
}

std::string books_line(const RunStatus& status, const CountedPart& counted) {
    if (const auto found = imbalances(status); !found.empty()) {
        return fmt::format("The books do NOT balance: {}", fmt::join(found, "; "));
    }
    std::uint64_t dead = 0;
    std::uint64_t dropped = 0;
    std::uint64_t late = 0;
    for (const NodeReport& node : status.nodes) {
        dead += node.books.dead_lettered;
        late += node.books.late;
    }
    for (const EdgeReport& edge : status.edges) dropped += edge.dropped;
    std::string line = fmt::format(
        "The books balance: {} records in{}{}, all accounted for at every node",
        report::grouped(status.records), counted.since.empty() ? "" : " since ", counted.since);
    if (dead > 0) line += fmt::format(", {} dead letters", report::grouped(dead));
    if (late > 0) line += fmt::format(", {} late", report::grouped(late));
    if (dropped > 0)
        line += fmt::format(", {} dropped before full sinks", report::grouped(dropped));
    return line;
}

void write_books(report::JsonWriter& out, const runtime::RunResult& result,
                 const CountedPart& counted) {
    const RunStatus& status = result.final;
    out.Key("books_balance");
    out.Bool(books_balance(status));
    out.Key("books");
    out.StartArray();
    for (const NodeReport& node : status.nodes) write_node(out, node);
    out.EndArray();
    out.Key("edges");
    out.StartArray();
    for (const EdgeReport& edge : status.edges) write_edge(out, edge);
    out.EndArray();
    out.Key("rates");
    out.StartObject();
    const auto records = static_cast<double>(status.records);
    const double wall = result.wall_seconds - counted.wall_seconds;
    const double cpu = result.cpu_seconds - counted.cpu_seconds;
    ratio(out, "records_per_second", records, wall);
    ratio(out, "records_per_cpu_second", records, cpu);
    out.Key("wall_seconds");
    out.Double(wall);
    out.Key("cpu_seconds");
    out.Double(cpu);
    count(out, "steps", status.steps);
    count(out, "epochs", status.epoch);
    out.EndObject();
}

}  // namespace spillway::cli
