#include "runtime/spec/test_schema.hpp"

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/spec/test_spec.hpp"

namespace spillway::runtime {
namespace {

void documented(SchemaWriter& out, std::string_view key, std::string_view doc,
                std::string_view type) {
    out.object(key, [&] {
        out.text("description", doc);
        out.text("type", type);
    });
}

void write_executor(SchemaWriter& out) {
    out.object("executor", [&] {
        out.text("description", "How it is run; the default is [inline, auto].");
        out.list("anyOf", [&] {
            out.object([&] { out.texts("enum", test_executor_names); });
            out.object([&] {
                out.text("type", "array");
                out.object("items", [&] { out.texts("enum", test_executor_names); });
            });
        });
    });
}

/// A map from names to values of that definition.
void write_map(SchemaWriter& out, std::string_view key, std::string_view doc,
               std::string_view definition) {
    out.object(key, [&] {
        out.text("description", doc);
        out.text("type", "object");
        out.object("additionalProperties",
                   [&] { out.text("$ref", fmt::format("#/definitions/{}", definition)); });
    });
}

void write_test(SchemaWriter& out) {
    out.object("test", [&] {
        out.text("type", "object");
        out.flag("additionalProperties", false);
        out.texts("required", std::vector{"name"});
        out.object("properties", [&] {
            documented(out, "name", "What the test shows.", "string");
            documented(out, "start",
                       "What offsets such as +5s count from; the default is 2026-01-01T00:00:00Z.",
                       "string");
            write_map(out, "variables",
                      "Values of ${NAME}; the environment of the process is not seen.", "scalar");
            documented(out, "set", "Options of the pipeline to change: path: value, as --set.",
                       "object");
            write_executor(out);
            write_map(out, "input", "What the sources give, by id.", "test_input");
            write_map(out, "expect", "Events by output (id, id.port) or sink.", "test_expectation");
            write_map(out, "books", "Counts of nodes.", "test_books");
            documented(out, "fails", "The run fails, and its message holds this.", "string");
        });
    });
}

constexpr std::array<std::string_view, 2> input_types = {"object", "string"};
constexpr std::array<std::string_view, 1> event_types = {"object"};

/// A list of items of these types, or a text with one a line.
void write_lines(SchemaWriter& out, std::span<const std::string_view> types) {
    out.object([&] { out.text("type", "string"); });
    out.object([&] {
        out.text("type", "array");
        out.object("items", [&] { out.texts("type", types); });
    });
}

void write_input(SchemaWriter& out) {
    out.object("test_input", [&] {
        out.text("description",
                 "Events, or messages of a venue: a list, or a text with one a line. "
                 "'advance: 10m' and 'clock: +1h' let time pass.");
        out.list("anyOf", [&] {
            write_lines(out, input_types);
            out.object([&] { out.text("type", "null"); });
            out.object([&] {
                out.text("type", "object");
                out.flag("additionalProperties", false);
                out.object("properties", [&] {
                    documented(out, "each", "Fields that every event has.", "object");
                    out.object("events", [&] {
                        out.text("description", "Events in the order in which they come.");
                        out.list("anyOf", [&] { write_lines(out, input_types); });
                    });
                    documented(out, "file", "A file of them, relative to this one.", "string");
                });
            });
        });
    });
}

void write_expectation(SchemaWriter& out) {
    constexpr std::array<std::string_view, 4> docs = {
        "These events in this order, no others.", "These events in any order, no others.",
        "These events, among others.", "No event like any of these."};
    out.object("test_expectation", [&] {
        out.text("description",
                 "Expected events in order, each with the fields that matter; or 'nothing'.");
        out.list("anyOf", [&] {
            write_lines(out, event_types);
            out.object([&] {
                out.text("type", "object");
                out.flag("additionalProperties", false);
                out.object("properties", [&] {
                    for (std::size_t i = 0; i < docs.size(); ++i) {
                        out.object(matching_names[i], [&] {
                            out.text("description", docs[i]);
                            out.list("anyOf", [&] { write_lines(out, event_types); });
                        });
                    }
                    documented(out, "count", "So many events.", "integer");
                });
            });
        });
    });
}

void write_books(SchemaWriter& out) {
    out.object("test_books", [&] {
        out.text("type", "object");
        out.flag("additionalProperties", false);
        out.object("properties", [&] {
            for (const std::string_view count : book_counts) {
                out.object(count, [&] { out.text("type", "integer"); });
            }
        });
    });
}

}  // namespace

void write_test_properties(SchemaWriter& out) {
    out.object("tests", [&] {
        out.text("description", "Tests, run by 'spillway test'.");
        out.text("type", "array");
        out.object("items", [&] { out.text("$ref", "#/definitions/test"); });
    });
    documented(out, "pipeline",
               "In a file that holds only tests: the pipeline file that they are of.", "string");
}

void write_test_definitions(SchemaWriter& out) {
    write_test(out);
    write_input(out);
    write_expectation(out);
    write_books(out);
}

}  // namespace spillway::runtime
