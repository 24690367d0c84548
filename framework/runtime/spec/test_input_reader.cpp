#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "runtime/spec/option_value.hpp"
#include "runtime/spec/suggestions.hpp"
#include "runtime/spec/test_parts.hpp"
#include "runtime/spec/test_values.hpp"

namespace spillway::runtime {
namespace {

constexpr std::array<std::string_view, 3> long_form_keys = {"each", "events", "file"};

/// The number that a plain scalar is; none if it is none.
std::optional<std::int64_t> whole_number(const YamlNode& value) {
    const auto count = read_count(value);
    if (!count || *count > static_cast<std::uint64_t>(time_never)) return std::nullopt;
    return static_cast<std::int64_t>(*count);
}

}  // namespace

/// Reads what one source gives. A clock runs along: an item without a time happens when the one
/// before it did.
class InputReader {
public:
    InputReader(const TestParts& parts, const NodeSpec& source)
        : parts_(parts),
          frames_(source.plugin != nullptr && source.plugin->is(Trait::frames)),
          now_(parts.start_) {
        input_.source = source.id;
    }

    [[nodiscard]] TestInput read(const YamlEntry& entry, const std::string& path) {
        if (entry.value.is_map()) {
            read_long_form(entry, path);
        } else {
            read_events(entry, path);
        }
        return std::move(input_);
    }

private:
    void error(const Location& where, const std::string& path, std::string message,
               std::string suggestion = {}) const {
        parts_.error(where, path, std::move(message), std::move(suggestion));
    }

    void read_long_form(const YamlEntry& entry, const std::string& path) {
        parts_.reader_.unknown_keys(entry.value, path, "key of a test's input", long_form_keys);
        const YamlEntry* each = entry.value.find("each");
        const YamlEntry* events = entry.value.find("events");
        const YamlEntry* file = entry.value.find("file");
        if (each != nullptr && parts_.is_map(*each, path + ".each", "a map of fields")) {
            each_ = &each->value;
        }
        if ((events != nullptr) == (file != nullptr)) {
            error(entry.key.where, path,
                  events == nullptr ? "expected 'events' or 'file'"
                                    : "'events' and 'file' exclude each other");
        } else if (events != nullptr) {
            read_events(*events, path + ".events");
        } else if (!file->value.is_scalar() || file->value.text.empty()) {
            error(file->place(), path + ".file",
                  fmt::format("expected the path of a file, got {}", describe(file->value.type)));
        } else {
            input_.file = file->value.text;
        }
    }
    void read_events(const YamlEntry& entry, const std::string& path) {
        if (entry.value.is_scalar()) {
            input_.lines = lines_of(entry.value);
        } else if (entry.value.is_sequence()) {
            for (std::size_t i = 0; i < entry.value.items.size(); ++i) {
                read_item(entry.value.items[i], fmt::format("{}[{}]", path, i));
            }
        } else if (!entry.value.is_null()) {
            error(entry.place(), path,
                  fmt::format("expected a list of events, or a text with one a line, got {}",
                              describe(entry.value.type)));
        }
    }
    void read_item(const YamlNode& item, const std::string& path) {
        if (item.is_scalar()) {
            input_.lines.push_back({item.text, item.where});
            time_known_ = !frames_;
        } else if (!item.is_map()) {
            error(item.where, path,
                  fmt::format("expected an event (a map) or a raw line (a text), got {}",
                              describe(item.type)));
        } else if (item.entries.size() == 1 && item.find("advance") != nullptr) {
            advance(*item.find("advance"), path + ".advance");
        } else if (item.entries.size() == 1 && item.find("clock") != nullptr) {
            if (const auto time = moment(*item.find("clock"), path + ".clock")) set_clock(*time);
        } else {
            input_.lines.push_back({frames_ ? message(item) : event(item, path), item.where});
            time_known_ = !frames_;
        }
    }

    void advance(const YamlEntry& entry, const std::string& path) {
        Duration span = 0;
        if (!entry.value.is_scalar() || !parse_duration(entry.value.text, span)) {
            error(entry.place(), path, "expected a duration such as 10s or 1h30m");
        } else if (!time_known_) {
            error(entry.key.where, path, "when a raw message comes is only known to its decoder",
                  "write '- clock: ..' to say what time it has become");
        } else if (span % millisecond != 0) {
            error(entry.place(), path, "the clock of a test goes on by whole milliseconds");
        } else {
            set_clock(now_ + span);
        }
    }
    void set_clock(Time time) {
        now_ = std::max(now_, time);
        time_known_ = true;
        input_.clock.push_back(now_);
    }
    [[nodiscard]] std::optional<Time> moment(const YamlEntry& entry,
                                             const std::string& path) const {
        std::optional<Time> time;
        if (entry.value.is_scalar()) time = parse_moment(entry.value.text, parts_.start_);
        if (!time) {
            Duration span = 0;
            const bool scalar = entry.value.is_scalar();
            const bool offset = scalar && parse_duration(entry.value.text, span);
            error(entry.place(), path,
                  fmt::format("expected {}, got {}", moment_forms,
                              scalar ? in_quotes(entry.value.text)
                                     : std::string(describe(entry.value.type))),
                  offset ? fmt::format("write +{}", entry.value.text) : std::string());
        } else if (*time % millisecond != 0) {
            error(entry.place(), path, "input comes at whole milliseconds");
        }
        return time;
    }

    /// A raw message written as YAML.
    [[nodiscard]] std::string message(const YamlNode& item) const {
        rapidjson::StringBuffer buffer;
        JsonWriter out(buffer);
        out.StartObject();
        write_fields(out, item, {});
        out.EndObject();
        return {buffer.GetString(), buffer.GetSize()};
    }
    /// A recorded event: `time` becomes its `ts` in milliseconds.
    [[nodiscard]] std::string event(const YamlNode& item, const std::string& path) {
        const auto field = [&](std::string_view key) {
            const YamlEntry* own = item.find(key);
            return own != nullptr || each_ == nullptr ? own : each_->find(key);
        };
        Time time = now_;
        if (const YamlEntry* ts = field("ts")) {
            const auto stamp = whole_number(ts->value);
            if (stamp && *stamp < latest_event_time / millisecond) time = *stamp * millisecond;
        } else if (const YamlEntry* written = field("time")) {
            time = moment(*written, path + ".time").value_or(now_);
        }
        now_ = std::max(now_, time);
        rapidjson::StringBuffer buffer;
        JsonWriter out(buffer);
        out.StartObject();
        if (field("ts") == nullptr) {
            out.Key("ts");
            out.Int64(time / millisecond);
        }
        write_fields(out, item, "time");
        out.EndObject();
        return {buffer.GetString(), buffer.GetSize()};
    }
    /// The fields of the item and what it does not say of those that each has.
    void write_fields(JsonWriter& out, const YamlNode& item, std::string_view but) const {
        const auto write = [&](const YamlEntry& entry) {
            if (entry.key.text == but) return;
            out.Key(entry.key.text.data(), static_cast<rapidjson::SizeType>(entry.key.text.size()));
            write_json(out, entry.value);
        };
        if (each_ != nullptr) {
            for (const YamlEntry& entry : each_->entries) {
                if (item.find(entry.key.text) == nullptr) write(entry);
            }
        }
        for (const YamlEntry& entry : item.entries) write(entry);
    }

    const TestParts& parts_;
    bool frames_;
    Time now_;
    bool time_known_ = true;
    const YamlNode* each_ = nullptr;
    TestInput input_;
};

std::vector<TestInput> TestParts::inputs(const YamlEntry& entry, const std::string& path) const {
    std::vector<TestInput> inputs;
    if (!is_map(entry, path, "a map from sources to what they give")) return inputs;
    std::vector<std::string_view> known;
    for (const NodeSpec& node : pipeline_.nodes) {
        if (node.category == Category::source) known.push_back(node.id);
    }
    for (const YamlEntry& source : entry.value.entries) {
        const std::string& id = source.key.text;
        const std::string source_path = fmt::format("{}.{}", path, id);
        if (std::find(known.begin(), known.end(), id) == known.end()) {
            error(source.key.where, source_path,
                  fmt::format("there is no source {}", in_quotes(id)), suggest(id, known));
        } else {
            inputs.push_back(InputReader(*this, *pipeline_.find(id)).read(source, source_path));
        }
    }
    return inputs;
}

}  // namespace spillway::runtime
