#include "check/check_case.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "runtime/spec/suggestions.hpp"

namespace spillway::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> frame_type_names = {"opened",   "subscribed", "data",
                                                              "response", "closed",     "gap"};

/// What is wrong, and where; caught in `CheckCase::read`.
struct Mistake {
    YAML::Mark where;
    std::string message;
};

[[noreturn]] void mistake(const YAML::Node& node, std::string message) {
    throw Mistake{node.Mark(), std::move(message)};
}

/// A value in the notation that options take: lists "a, b", maps "name: 1, other: 2".
std::string value_of(const YAML::Node& node) {
    if (node.IsScalar() || node.IsNull()) return node.as<std::string>("");
    std::string text;
    for (const auto& item : node) {
        if (!text.empty()) text += ", ";
        text += node.IsMap() ? item.first.as<std::string>() + ": " + item.second.as<std::string>()
                             : item.as<std::string>();
    }
    return text;
}

std::vector<std::string> texts_of(const YAML::Node& node) {
    if (node.IsScalar()) return {node.as<std::string>()};
    return node.as<std::vector<std::string>>();
}

template <std::size_t Count>
std::size_t place_in(const std::array<std::string_view, Count>& names, const YAML::Node& node,
                     std::string_view what) {
    const auto text = node.as<std::string>();
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) {
        mistake(node, fmt::format("'{}' is no {}; {}", text, what, runtime::suggest(text, names)));
    }
    return static_cast<std::size_t>(found - names.begin());
}

Duration duration_of(const YAML::Node& node) {
    Duration span = 0;
    if (!parse_duration(node.as<std::string>(), span) || span <= 0) {
        mistake(node,
                fmt::format("expected a duration such as 3h, got '{}'", node.as<std::string>()));
    }
    return span;
}

class Reader {
public:
    Reader(CheckCase& out, fs::path folder) : out_(out), folder_(std::move(folder)) {}

    void read(const YAML::Node& file) {
        each(file, {"plugin", "options", "refuses", "fixtures", "events"},
             [&](std::string_view key, const YAML::Node& value) {
                 if (key == "plugin") out_.plugin = value.as<std::string>();
                 if (key == "options") options(value);
                 if (key == "refuses") refuses(value);
                 if (key == "fixtures") fixtures(value);
                 if (key == "events") events(value);
             });
    }

private:
    template <class Take>
    void each(const YAML::Node& map, const std::vector<std::string_view>& known, const Take& take) {
        if (!map.IsMap()) mistake(map, "expected `key: value` lines");
        for (const auto& entry : map) {
            const auto key = entry.first.as<std::string>();
            if (std::ranges::find(known, key) == known.end()) {
                mistake(entry.first,
                        fmt::format("unknown key '{}'; {}", key, runtime::suggest(key, known)));
            }
            take(key, entry.second);
        }
    }

    /// A value that names a file beside the case file is that file.
    [[nodiscard]] std::string located(std::string value) const {
        std::error_code error;
        if (value.empty() || fs::path(value).is_absolute()) return value;
        const fs::path beside = folder_ / value;
        return fs::exists(beside, error) ? fs::absolute(beside).string() : value;
    }

    void options(const YAML::Node& map) {
        for (const auto& entry : map) {
            out_.options.emplace_back(entry.first.as<std::string>(),
                                      located(value_of(entry.second)));
        }
    }
    void refuses(const YAML::Node& map) {
        for (const auto& entry : map) {
            if (!entry.second.IsSequence()) {
                mistake(entry.second, "expected a list of values, each of which is refused");
            }
            for (const auto& value : entry.second) {
                out_.refuses.emplace_back(entry.first.as<std::string>(), value_of(value));
            }
        }
    }
    void fixtures(const YAML::Node& list) {
        if (!list.IsSequence()) mistake(list, "expected a list of files");
        for (const auto& item : list) {
            CheckCase::Fixture fixture;
            if (item.IsScalar()) {
                fixture.file = item.as<std::string>();
            } else {
                each(item, {"file", "channel", "type"},
                     [&](std::string_view key, const YAML::Node& value) {
                         if (key == "file") fixture.file = value.as<std::string>();
                         if (key == "channel") fixture.channel = value.as<std::string>();
                         if (key == "type") {
                             fixture.type = static_cast<FrameType>(
                                 place_in(frame_type_names, value, "type of a frame"));
                         }
                     });
            }
            fixture.file = folder_ / fixture.file;
            std::error_code error;
            if (!fs::is_regular_file(fixture.file, error)) {
                mistake(item, fmt::format("there is no file {}", fixture.file.string()));
            }
            out_.fixtures.push_back(std::move(fixture));
        }
    }
    void events(const YAML::Node& map) {
        testing::MarketPlan& plan = out_.market;
        each(map, {"kinds", "count", "span", "markets", "venues", "canonical"},
             [&](std::string_view key, const YAML::Node& value) {
                 if (key == "count") plan.count = value.as<std::uint32_t>();
                 if (key == "span") plan.span = duration_of(value);
                 if (key == "markets") plan.markets = texts_of(value);
                 if (key == "venues") plan.venues = texts_of(value);
                 if (key == "canonical") plan.canonical = value.as<bool>();
                 if (key != "kinds") return;
                 plan.kinds = {};
                 for (const auto& kind : value) {
                     plan.kinds.add(static_cast<Kind>(place_in(kind_names, kind, "kind")));
                 }
             });
        if (plan.markets.empty() || plan.venues.empty()) {
            mistake(map, "events need at least one market and one venue");
        }
    }

    CheckCase& out_;
    fs::path folder_;
};

}  // namespace

tl::expected<CheckCase, std::string> CheckCase::read(const fs::path& file) {
    const auto error_at = [&](const YAML::Mark& mark, std::string_view message) {
        return tl::unexpected(
            fmt::format("{}:{}:{}: {}", file.string(), mark.line + 1, mark.column + 1, message));
    };
    std::ifstream in(file);
    if (!in) return tl::unexpected(fmt::format("{}: cannot be read", file.string()));
    CheckCase made;
    made.file = file;
    made.market.kinds = KindSet::all();
    try {
        const YAML::Node root = YAML::Load(in);
        if (!root.IsNull()) Reader(made, file.parent_path()).read(root);
    } catch (const Mistake& wrong) {
        return error_at(wrong.where, wrong.message);
    } catch (const YAML::Exception& wrong) {
        return error_at(wrong.mark, wrong.msg);
    }
    return made;
}

fs::path find_case(std::string_view plugin) {
    std::error_code error;
    constexpr std::string_view name = "check.yaml";
    if (fs::is_regular_file(name, error)) {
        const auto here = CheckCase::read(name);
        if (!here || here->plugin.empty() || here->plugin == plugin) return name;
    }
    for (const std::string_view category : {"sources", "transforms", "scorers", "sinks"}) {
        const fs::path file = fs::path("plugins") / category / plugin / name;
        if (fs::is_regular_file(file, error)) return file;
    }
    return {};
}

std::string place_of_options(const CheckCase& with, std::string_view plugin) {
    if (!with.file.empty()) return fmt::format("`options:` in {}", with.file.string());
    std::error_code error;
    const std::string here = fs::current_path(error).string();
    return fmt::format(
        "`options:` in a check.yaml: there is neither {0}/check.yaml for it nor "
        "{0}/plugins/*/{1}/check.yaml",
        here, plugin);
}

std::vector<CheckCase::Fixture> fixtures_in(const fs::path& folder) {
    std::vector<CheckCase::Fixture> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        const bool frames = name.ends_with(".jsonl") || name.ends_with(".json");
        if (frames && name.find(".events.") == std::string::npos && entry.is_regular_file(error)) {
            found.push_back({entry.path(), {}, FrameType::data});
        }
    }
    std::ranges::sort(found, {}, &CheckCase::Fixture::file);
    return found;
}

}  // namespace spillway::cli
