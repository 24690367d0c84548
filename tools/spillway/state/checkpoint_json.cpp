#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <spillway/time.hpp>

#include "state/checkpoint_view.hpp"
#include "state/field_tree.hpp"

namespace spillway::cli {
namespace {

/// Writes one document.
class Json {
public:
    Json() { writer_.SetIndent(' ', 2); }

    void key(std::string_view name) { writer_.Key(name.data(), size(name)); }
    void text(std::string_view name, std::string_view value) {
        key(name);
        writer_.String(value.data(), size(value));
    }
    void number(std::string_view name, std::uint64_t value) {
        key(name);
        writer_.Uint64(value);
    }
    void boolean(std::string_view name, bool value) {
        key(name);
        writer_.Bool(value);
    }
    void begin_object() { writer_.StartObject(); }
    void end_object() { writer_.EndObject(); }
    void begin_list(std::string_view name) {
        key(name);
        writer_.StartArray();
    }
    void end_list() { writer_.EndArray(); }
    [[nodiscard]] std::string done() const {
        return std::string(buffer_.GetString(), buffer_.GetSize()) + '\n';
    }

private:
    static rapidjson::SizeType size(std::string_view text) {
        return static_cast<rapidjson::SizeType>(text.size());
    }
    rapidjson::StringBuffer buffer_;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_{buffer_};
};

void write_fields(Json& json, const std::vector<FieldTree::Node>& nodes) {
    json.begin_list("fields");
    for (const FieldTree::Node& node : nodes) {
        json.begin_object();
        json.number("tag", node.tag);
        json.number("size", node.bytes.size());
        json.text("shape", node.shape);
        if (!node.children.empty()) {
            write_fields(json, node.children);
        } else if (node.shape == "bytes") {
            json.text("hex", hex_text(node.bytes));
        } else {
            json.text("value", node.value);
        }
        json.end_object();
    }
    json.end_list();
}

}  // namespace

std::string list_json(std::string_view pipeline, const EpochInfo& epoch,
                      const std::vector<NodeState>& nodes) {
    Json json;
    json.begin_object();
    json.text("pipeline", pipeline);
    json.number("epoch", epoch.epoch);
    if (epoch.epoch > 0 && epoch.time != time_before_all) {
        json.text("time", format_time(epoch.time));
    }
    json.boolean("finished", epoch.finished);
    json.begin_list("nodes");
    for (const NodeState& node : nodes) {
        json.begin_object();
        json.text("node", node.node);
        json.boolean("in_pipeline", node.in_pipeline);
        json.number("keys", node.keys);
        json.number("rows", node.rows);
        json.number("bytes", node.bytes);
        json.number("newest_epoch", node.newest_epoch);
        json.end_object();
    }
    json.end_list();
    json.end_object();
    return json.done();
}

std::string show_json(std::string_view node, const StateRows& rows) {
    Json json;
    json.begin_object();
    json.text("node", node);
    json.begin_list("rows");
    for (const auto* row : rows) {
        json.begin_object();
        json.text("key", row->key);
        json.text("part", row->part);
        json.number("version", row->version);
        json.number("epoch", row->epoch);
        json.number("size", row->bytes.size());
        write_fields(json, FieldTree::read(row->bytes).fields);
        json.end_object();
    }
    json.end_list();
    json.end_object();
    return json.done();
}

std::string prune_json(const std::vector<PrunedRow>& rows, bool dry_run) {
    Json json;
    json.begin_object();
    json.boolean("dry_run", dry_run);
    json.begin_list("removed");
    for (const PrunedRow& row : rows) {
        json.begin_object();
        json.text("node", row.node);
        json.text("key", row.key);
        json.text("part", row.part);
        json.number("bytes", row.bytes);
        json.end_object();
    }
    json.end_list();
    json.end_object();
    return json.done();
}

}  // namespace spillway::cli
