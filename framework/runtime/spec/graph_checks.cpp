#include "runtime/spec/graph_checks.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "runtime/spec/spec_names.hpp"
#include "runtime/spec/suggestions.hpp"

namespace spillway::runtime {
namespace {

std::string kinds_text(KindSet kinds) {
    if (kinds == KindSet::all()) return "all kinds";
    std::vector<std::string_view> names;
    for (std::size_t k = 0; k < kind_names.size(); ++k) {
        if (kinds.has(static_cast<Kind>(k))) names.push_back(kind_names[k]);
    }
    return names.empty() ? "nothing" : comma_list(names);
}

/// The id that a misspelt one was meant to be, among the nodes that have an output.
std::string_view meant_id(std::span<const NodeDraft> drafts, const NodeDraft& reader,
                          std::string_view id) {
    std::vector<std::string_view> known;
    for (const NodeDraft& draft : drafts) {
        if (draft.spec.category != Category::sink && &draft != &reader) {
            known.push_back(draft.spec.id);
        }
    }
    return nearest(id, known);
}

void resolve_input(std::span<NodeDraft> drafts, const NodeDraft& reader, InputDraft& input,
                   Findings& findings) {
    const auto fail = [&](std::string message, std::string suggestion) {
        findings.error(input.spec.where, input.path, std::move(message), std::move(suggestion));
        input.flawed = true;
    };
    const auto found = std::find_if(drafts.begin(), drafts.end(), [&](const NodeDraft& draft) {
        return draft.spec.id == input.spec.from;
    });
    if (found == drafts.end()) {
        const std::string_view meant = meant_id(drafts, reader, input.spec.from);
        return fail(fmt::format("there is no node {}", in_quotes(input.spec.from)),
                    meant.empty() ? std::string() : fmt::format("did you mean '{}'?", meant));
    }
    if (found->spec.category == Category::sink) {
        return fail(fmt::format("'{}' is a sink and has no output", input.spec.from),
                    "read from what the sink reads");
    }
    input.source = static_cast<std::size_t>(found - drafts.begin());
    if (input.spec.port.empty() || found->spec.plugin == nullptr) return;
    const auto ports = output_ports(*found->spec.plugin);
    if (std::find(ports.begin(), ports.end(), input.spec.port) == ports.end()) {
        fail(fmt::format("'{}' has no output {}", input.spec.from, in_quotes(input.spec.port)),
             suggest(input.spec.port, ports));
    }
}

bool overlap(const InputDraft& a, const InputDraft& b) {
    if (a.spec.from != b.spec.from || a.spec.port != b.spec.port) return false;
    if (a.only.empty() || b.only.empty()) return true;
    return std::any_of(a.only.begin(), a.only.end(), [&](const auto& one) {
        return std::any_of(b.only.begin(), b.only.end(),
                           [&](const auto& other) { return one.first == other.first; });
    });
}

void check_repeated_inputs(const NodeDraft& draft, Findings& findings) {
    for (std::size_t i = 1; i < draft.inputs.size(); ++i) {
        const InputDraft& input = draft.inputs[i];
        const auto end = draft.inputs.begin() + static_cast<std::ptrdiff_t>(i);
        if (input.spec.from.empty() ||
            std::none_of(draft.inputs.begin(), end,
                         [&](const InputDraft& earlier) { return overlap(earlier, input); })) {
            continue;
        }
        findings.error(input.spec.where, input.path,
                       fmt::format("'{}' would get the same events of '{}' twice", draft.spec.id,
                                   input.spec.from),
                       "remove one of the two");
    }
}

/// One way round among `left`, starting anywhere behind `start`; empty if the way ends.
std::vector<std::size_t> walk_back(std::span<const NodeDraft> drafts,
                                   const std::set<std::size_t>& left, std::size_t start,
                                   std::set<std::size_t>& seen) {
    std::vector<std::size_t> way;
    std::size_t at = start;
    while (seen.insert(at).second) {
        way.push_back(at);
        const auto& inputs = drafts[at].inputs;
        const auto next = std::find_if(inputs.begin(), inputs.end(), [&](const InputDraft& input) {
            return input.source && left.count(*input.source) != 0;
        });
        if (next == inputs.end()) return {};
        at = *next->source;
    }
    return {std::find(way.begin(), way.end(), at), way.end()};
}

void report_cycle(std::span<const NodeDraft> drafts, std::vector<std::size_t> cycle,
                  Findings& findings) {
    // The way was walked from reader to writer; tell it as the events go, from the first node on.
    std::reverse(cycle.begin(), cycle.end());
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    std::string text;
    for (const std::size_t node : cycle) text += drafts[node].spec.id + " -> ";
    const NodeDraft& first = drafts[cycle.front()];
    const auto input =
        std::find_if(first.inputs.begin(), first.inputs.end(),
                     [&](const InputDraft& one) { return one.source == cycle.back(); });
    findings.error(input->spec.where, input->path,
                   fmt::format("the nodes form a cycle: {}{}", text, first.spec.id),
                   "events must not come back: take one of these inputs away");
}

void report_cycles(std::span<const NodeDraft> drafts, std::set<std::size_t> left,
                   Findings& findings) {
    while (!left.empty()) {
        std::set<std::size_t> seen;
        const std::vector<std::size_t> cycle = walk_back(drafts, left, *left.begin(), seen);
        if (!cycle.empty()) report_cycle(drafts, cycle, findings);
        // Without a cycle, what was seen lies behind one that was reported before.
        for (const std::size_t node : cycle) left.erase(node);
        if (!cycle.empty()) continue;
        for (const std::size_t node : seen) left.erase(node);
    }
}

/// Kinds on the output that an input names.
KindSet offered(const NodeSpec& from, const std::string& port) {
    if (port.empty()) return from.emits;
    if (port == "errors") return {Kind::extension};  // dead letters
    if (port == "late") return from.plugin->consumes;
    return from.plugin->emits;
}

KindSet narrowed(const InputDraft& input) {
    if (input.only.empty()) return KindSet::all();
    KindSet kinds;
    for (const auto& [kind, where] : input.only) kinds.add(kind);
    return kinds;
}

void check_flow(const NodeDraft& draft, const NodeDraft& from, const InputDraft& input,
                KindSet available, Findings& findings) {
    const PluginDescription& plugin = *draft.spec.plugin;
    for (const auto& [kind, where] : input.only) {
        const bool offers = available.has(kind);
        if (offers && plugin.consumes.has(kind)) continue;
        findings.error(where, input.path + ".kinds",
                       fmt::format("'{}' {} {}", offers ? draft.spec.id : from.spec.id,
                                   offers ? "does not consume" : "does not emit", to_string(kind)),
                       offers ? "it consumes " + kinds_text(plugin.consumes)
                              : "it emits " + kinds_text(available));
    }
    if (input.spec.broadcast && !plugin.is(Trait::keyed)) {
        findings.error(input.spec.where, input.path + ".broadcast",
                       fmt::format("'{}' has no keys that could all get an event", plugin.name),
                       "remove 'broadcast'");
    }
    if (!input.only.empty() || !input.spec.kinds.empty()) return;
    findings.error(input.spec.where, input.path,
                   fmt::format("'{}' finds nothing to consume here: '{}' emits {}", draft.spec.id,
                               from.spec.id, kinds_text(available)),
                   fmt::format("'{}' consumes {}", plugin.name, kinds_text(plugin.consumes)));
}

KindSet emitted(const NodeSpec& spec, KindSet arriving) {
    if (spec.plugin->is(Trait::in_place)) return arriving;
    KindSet kinds = spec.plugin->emits;
    if (spec.plugin->is(Trait::any_kind)) kinds = kinds | arriving;
    if (spec.venue != nullptr) kinds = kinds | spec.venue->emits;
    return kinds;
}

/// The values of the sink's path options; empty if it has none.
std::vector<std::string> target_of(const NodeSpec& sink) {
    std::vector<std::string> paths;
    for (const OptionSetting& option : sink.options) {
        const bool path = option.description->type == OptionType::path;
        if (path && !option.text.empty()) paths.push_back(option.text);
    }
    return paths;
}

}  // namespace

void check_unique_ids(std::span<const NodeDraft> drafts, Findings& findings) {
    std::map<std::string_view, const NodeDraft*> first;
    for (const NodeDraft& draft : drafts) {
        const auto [known, added] = first.emplace(draft.spec.id, &draft);
        // Twice in one map is a duplicate key, which is reported for the whole file.
        if (added || known->second->spec.category == draft.spec.category) continue;
        const Location& other = known->second->spec.where;
        findings.error(draft.spec.where, draft.path,
                       fmt::format("the id '{}' is taken: {} at {}:{}", draft.spec.id,
                                   known->second->path, other.line, other.column),
                       "ids are unique over sources, transforms, scorers and sinks");
    }
}

void resolve_inputs(std::span<NodeDraft> drafts, Findings& findings) {
    for (NodeDraft& draft : drafts) {
        for (InputDraft& input : draft.inputs) {
            if (!input.spec.from.empty()) resolve_input(drafts, draft, input, findings);
            draft.flawed = draft.flawed || input.flawed;
        }
        check_repeated_inputs(draft, findings);
    }
}

std::vector<std::size_t> topological_order(std::span<const NodeDraft> drafts, Findings& findings) {
    std::set<std::size_t> left;
    for (std::size_t i = 0; i < drafts.size(); ++i) left.insert(i);
    const auto ready = [&](std::size_t node) {
        const auto& inputs = drafts[node].inputs;
        return std::none_of(inputs.begin(), inputs.end(), [&](const InputDraft& input) {
            return input.source && left.count(*input.source) != 0;
        });
    };
    std::vector<std::size_t> order;
    for (auto next = std::find_if(left.begin(), left.end(), ready); next != left.end();
         next = std::find_if(left.begin(), left.end(), ready)) {
        order.push_back(*next);
        left.erase(next);
    }
    report_cycles(drafts, left, findings);
    return order;
}

void propagate_kinds(std::span<NodeDraft> drafts, std::span<const std::size_t> order,
                     Findings& findings) {
    for (const std::size_t position : order) {
        NodeDraft& draft = drafts[position];
        KindSet arriving;
        for (InputDraft& input : draft.inputs) {
            if (!input.source || drafts[*input.source].flawed) draft.flawed = true;
            if (!input.source || input.flawed || draft.spec.plugin == nullptr) continue;
            const NodeDraft& from = drafts[*input.source];
            if (from.flawed) continue;
            const KindSet available = offered(from.spec, input.spec.port);
            input.spec.kinds = available & draft.spec.plugin->consumes & narrowed(input);
            check_flow(draft, from, input, available, findings);
            if (input.spec.kinds.empty()) draft.flawed = true;
            arriving = arriving | input.spec.kinds;
        }
        if (!draft.flawed) draft.spec.emits = emitted(draft.spec, arriving);
    }
}

void check_all_used(std::span<const NodeDraft> drafts, Findings& findings) {
    std::set<std::string_view> used;
    for (const NodeDraft& draft : drafts) {
        for (const InputDraft& input : draft.inputs) {
            used.insert(input.spec.from);
            if (!input.source) used.insert(meant_id(drafts, draft, input.spec.from));
        }
    }
    for (const NodeDraft& draft : drafts) {
        if (draft.spec.category == Category::sink || used.count(draft.spec.id) != 0) continue;
        findings.error(draft.spec.where, draft.path,
                       fmt::format("nothing reads '{}'", draft.spec.id),
                       "name it in the inputs of another node, or remove it");
    }
}

void check_sink_targets(std::span<const NodeDraft> drafts, Findings& findings) {
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const NodeSpec& sink = drafts[i].spec;
        if (sink.category != Category::sink || target_of(sink).empty()) continue;
        for (std::size_t j = 0; j < i; ++j) {
            const NodeSpec& other = drafts[j].spec;
            if (other.category != Category::sink || other.plugin != sink.plugin) continue;
            if (target_of(other) != target_of(sink)) continue;
            findings.warning(sink.where, drafts[i].path,
                             fmt::format("'{}' and '{}' write to the same place, {}", other.id,
                                         sink.id, comma_list(target_of(sink))),
                             "give one sink both inputs, or change a path");
            break;
        }
    }
}

}  // namespace spillway::runtime
