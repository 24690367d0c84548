// Secrets reach a pipeline in several ways. Whatever the command is asked to do with it, and
// however that fails, nobody finds one in what it prints or leaves behind.

#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/testing/temporary_folder.hpp>

#include "support/command.hpp"

namespace spillway::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Each secret has a part that survives any quoting; that part is looked for.
const std::map<std::string, std::string> parts = {
    {"of a file", "fIl3Xq71"},          {"of a file, for a text", "n0t3Kw28"},
    {"of a variable", "eNvRb93"},       {"in the pipeline", "lItTz46"},
    {"of the command line", "sEtMv57"}, {"in the path of a sink", "pAtHq88"},
};

const std::string pipeline = R"(name: secretive
sources:
  made: {type: generate, count: 500, kinds: [liquidation, price], seed: 3}
transforms:
  by_file:
    type: vault
    inputs: [made]
    token: ${file:token.txt}
    note: ${file:note.txt}
  by_variable: {type: vault, inputs: [by_file], token: "${VAULT_TOKEN}"}
  literal:
    type: vault
    inputs: [by_variable]
    token: "a <b> \"lItTz46\" %s {}"
  by_set: {type: vault, inputs: [literal], token: unset}
sinks:
  store: {type: sqlite, path: store.db, inputs: [by_set]}
  log: {type: file, path: "log-${file:name.txt}.jsonl", inputs: [by_set]}
  box: {type: strongbox, inputs: [by_set], token: "${file:token.txt}"}
checkpoint: {store: store, interval: 10ms}
dead_letters: {store: store}
tests:
  - name: one is not two
    variables: {VAULT_TOKEN: eNvRb93}
    input:
      made:
        - {kind: liquidation, time: 2026-01-01T00:00:00Z, venue: binance, price: 1, qty: 2}
    expect:
      by_set: {count: 2}
)";

class Secrets : public ::testing::Test {
protected:
    void SetUp() override {
        folder.write("pipeline.yaml", pipeline);
        folder.write("token.txt", "a 'fIl3Xq71' \\ \"token\"\n");
        folder.write("note.txt", "n0t3Kw28\n");
        folder.write("name.txt", "pAtHq88\n");
    }

    /// Runs the command and looks for secrets in all that it has printed and left behind.
    CommandResult searched(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(),
                         {"--plugin-dir", SPILLWAY_BINARY_DIR "/tests/plugins/secrets"});
        std::string words;
        for (const std::string& word : arguments) words += word + ' ';
        SCOPED_TRACE(words);
        const CommandResult result = run_command({
            .arguments = std::move(arguments),
            .folder = folder.path(),
            .prepare = [] { setenv("VAULT_TOKEN", "eNvRb93 $HOME", 1); },
        });
        search("standard output", result.out);
        search("standard error", result.err);
        for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
            const std::string name = entry.path().filename().string();
            const bool ours = name == "token.txt" || name == "note.txt" || name == "name.txt" ||
                              name.ends_with(".yaml");
            if (entry.is_regular_file() && !ours) search(name, content_of(entry.path()));
        }
        return result;
    }
    /// The same with a secret on the command line.
    CommandResult searched_with_set(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--set", "transforms.by_set.token=sEtMv57"});
        return searched(std::move(arguments));
    }
    static void search(const std::string& where, const std::string& text) {
        const bool is_store = where.find(".db") != std::string::npos;
        for (const auto& [which, part] : parts) {
            EXPECT_EQ(text.find(part), std::string::npos)
                << "the secret " << which << " is in " << where << ":\n"
                << (is_store ? std::string() : text);
        }
    }
    /// A run with all that it can write.
    CommandResult run(const std::vector<std::string>& sets = {}) {
        std::vector<std::string> arguments = {
            "run",         "pipeline.yaml", "--report",      "r.json",  "--metrics", "m.prom",
            "--log-level", "trace",         "--no-progress", "--speed", "max"};
        for (const char* format : {"text", "json"}) {
            std::vector<std::string> all = arguments;
            all.insert(all.end(), {"--log-format", format});
            for (const std::string& set : sets) all.insert(all.end(), {"--set", set});
            result_ = searched_with_set(all);
        }
        return result_;
    }

    TemporaryFolder folder;
    CommandResult result_;
};

/// The first of a list, in text or JSON.
std::string id_of_letter(const std::string& list) {
    static const std::regex id("[0-9a-f]{10,}");
    std::smatch found;
    return std::regex_search(list, found, id) ? found.str() : "none in " + list;
}

TEST_F(Secrets, AreNotInARunThatSucceeds) {
    const CommandResult result = run();
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_TRUE(fs::exists(folder / "store.db") && fs::exists(folder / "r.json") &&
                fs::exists(folder / "m.prom"));
    const std::vector<std::vector<std::string>> looks = {
        {"state", "list", "pipeline.yaml"},
        {"state", "show", "pipeline.yaml", "--node", "by_file"},
        {"state", "show", "pipeline.yaml", "--node", "log"}};
    for (const std::vector<std::string>& arguments : looks) {
        for (const char* format : {"text", "json"}) {
            std::vector<std::string> all = arguments;
            all.insert(all.end(), {"--format", format});
            EXPECT_EQ(searched(all).code, 0);
        }
    }
}

TEST_F(Secrets, AreNotInDeadLettersAndPlansOfAReload) {
    EXPECT_EQ(run({"transforms.literal.fails=record"}).code, 0);
    for (const char* format : {"text", "json"}) {
        const CommandResult letters =
            searched({"dead-letters", "list", "pipeline.yaml", "--format", format});
        EXPECT_THAT(letters.out, HasSubstr("the vault does not take it")) << letters.err;
        const CommandResult letter = searched({"dead-letters", "show", "pipeline.yaml",
                                               id_of_letter(letters.out), "--format", format});
        EXPECT_EQ(letter.code, 0) << letter.err;
        EXPECT_THAT(letter.out, HasSubstr("the vault does not take it"));
        const CommandResult plan =
            searched({"reload", "--plan", "pipeline.yaml", "--format", format});
        EXPECT_EQ(plan.code, 0) << plan.err;
    }
}

TEST_F(Secrets, AreNotInWhatIsShownOfAPipeline) {
    const std::vector<std::vector<std::string>> shows = {{},
                                                         {"--format", "json"},
                                                         {"--explain"},
                                                         {"--explain", "--format", "json"},
                                                         {"--graph", "mermaid"},
                                                         {"--graph", "dot"},
                                                         {"--graph", "json"}};
    for (const auto& show : shows) {
        std::vector<std::string> arguments = {"validate", "pipeline.yaml"};
        arguments.insert(arguments.end(), show.begin(), show.end());
        EXPECT_EQ(searched_with_set(arguments).code, 0);
    }
    EXPECT_THAT(searched_with_set({"validate", "pipeline.yaml", "--explain"}).out,
                HasSubstr("***"));
}

TEST_F(Secrets, AreNotInWhatIsToldOfAPlugin) {
    EXPECT_EQ(searched({"plugins", "list"}).code, 0);
    for (const char* format : {"text", "json"}) {
        EXPECT_EQ(searched({"plugins", "describe", "vault", "--format", format}).code, 0);
    }
    EXPECT_EQ(searched({"schema"}).code, 0);
}

TEST_F(Secrets, AreNotInTestsOfAPipeline) {
    for (const char* format : {"text", "json"}) {
        const CommandResult result =
            searched({"test", "pipeline.yaml", "--format", format, "--junit", "junit.xml"});
        EXPECT_EQ(result.code, 1) << result.out << result.err;
    }
    EXPECT_TRUE(fs::exists(folder / "junit.xml"));
}

struct Fault {
    const char* name;
    const char* set;
    const char* told;  ///< what the user must be told all the same
    int code;
};
void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

class SecretsOfAFailingRun : public Secrets, public ::testing::WithParamInterface<Fault> {};

TEST_P(SecretsOfAFailingRun, AreNotTold) {
    for (const char* node : {"by_file", "by_variable", "literal", "by_set"}) {
        const std::string path = std::string("transforms.") + node + "." + GetParam().set;
        const CommandResult result = run({path});
        EXPECT_EQ(result.code, GetParam().code) << result.err;
        EXPECT_THAT(result.err, HasSubstr(GetParam().told));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, SecretsOfAFailingRun,
    ::testing::Values(Fault{"BadOption", "fails=options", "it has expired", 2},
                      Fault{"ClosedVault", "fails=start", "the vault is closed", 1},
                      Fault{"Record", "fails=record", "500 records", 0},
                      Fault{"Exception", "fails=exception", "the vault is on fire", 1},
                      // A plugin may quote it: what it says is cleaned.
                      Fault{"TellingOption", "fails=telling_options", "has expired", 2},
                      Fault{"TellingException", "fails=telling_exception", "no vault opens", 1}),
    [](const auto& test) { return test.param.name; });

TEST_F(Secrets, AreNotToldByADoctor) {
    folder.write("pipeline.yaml",
                 "sources:\n"
                 "  day: {type: frames, venue: okx, path: \"${file:name.txt}.frames\"}\n"
                 "sinks:\n"
                 "  log: {type: file, path: log.jsonl, inputs: [day]}\n");
    for (const char* format : {"text", "json"}) {
        const CommandResult result = searched({"doctor", "pipeline.yaml", "--format", format});
        EXPECT_EQ(result.code, 1) << result.out << result.err;
        EXPECT_THAT(result.out, HasSubstr("***: cannot open"));
    }
}

TEST_F(Secrets, AreNotToldByASinkThatFails) {
    fs::create_directory(folder / "log-pAtHq88.jsonl");
    EXPECT_THAT(run().err, HasSubstr("***"));
    fs::remove(folder / "log-pAtHq88.jsonl");
    EXPECT_THAT(run({"sinks.box.open=false"}).err, HasSubstr("the lock is rusty"));
    EXPECT_THAT(run({"sinks.box.room=100"}).err, HasSubstr("it is full"));
}

TEST_F(Secrets, AreNotInTheExcerptsOfMistakes) {
    const std::pair<std::string, std::string> mistakes[] = {
        {"token: \"a <b>", "tokn: \"a <b>"},            // misspelt
        {"token: \"a <b>", "Token: \"a <b>"},           // another case
        {"token: \"a <b>", "token:\n      - \"a <b>"},  // a list
        {"token: \"a <b>", "token: {is: \"a <b>"},      // a map that never ends
        {"type: vault\n    inputs: [by_variable]", "type: valt\n    inputs: [by_variable]"},
        {"    inputs: [by_variable]\n", "    inputs: [by_variable]\n    token: \"lItTz46\"\n"},
        {"%s {}\"", "%s {}"},  // a quote that never ends
        {"token: unset", "token: &anchor lItTz46, token: *anchor"},
        {"token: unset", "token: !secret lItTz46 , tokens: [lItTz46]"},
        {"token.txt}", "missing.txt}"},
        {"\"${VAULT_TOKEN}\"", "\"${NO_SUCH_VARIABLE:?lost}\""},
        {"note: ${file:note.txt}", "fails: ${file:note.txt}"},  // in the place of a choice
        {"note: ${file:note.txt}", "notes: ${file:note.txt}"},
        {"note: ${file:note.txt}", "inputs: ['${file:note.txt}']"},
    };
    for (const auto& [right, wrong] : mistakes) {
        std::string text = pipeline;
        const std::size_t at = text.find(right);
        ASSERT_NE(at, std::string::npos) << right;
        text.replace(at, right.size(), wrong);
        SCOPED_TRACE(wrong);
        folder.write("pipeline.yaml", text);
        for (const char* format : {"text", "json"}) {
            static_cast<void>(searched_with_set({"validate", "pipeline.yaml", "--format", format}));
        }
        static_cast<void>(run());
        static_cast<void>(searched({"test", "pipeline.yaml"}));
    }
}

}  // namespace
}  // namespace spillway::testing
