#include "victim.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <gtest/gtest.h>
#include <sys/time.h>

#include <spillway/detail/sanitizer.hpp>

#include "support/crash_recording.hpp"

namespace spillway::testing {

Victim::Victim(const std::string& pipeline) {
    folder_.write("pipeline.yaml", pipeline);
    folder_.write("recording.jsonl", crash_recording());
    folder_.write("ticks.jsonl", crash_ticks());
}

CommandResult Victim::run_into(const std::string& out, const std::function<void()>& prepare,
                               const std::vector<std::string>& pace) const {
    std::vector<std::string> arguments = {"run", "pipeline.yaml", "--data-dir", out};
    arguments.insert(arguments.end(), pace.begin(), pace.end());
    return run_command({.arguments = arguments, .folder = folder_.path(), .prepare = prepare});
}

Victim::Output Victim::undisturbed() const {
    const CommandResult result = run_into("undisturbed", {}, {"--speed", "max"});
    EXPECT_EQ(result.code, 0) << result.err;
    Output output = read("undisturbed");
    EXPECT_FALSE(output.files.empty());
    EXPECT_FALSE(output.tables.empty());
    return output;
}

void Victim::clear() { std::filesystem::remove_all(folder_ / out_); }

int Victim::run(const std::function<void()>& prepare) {
    const CommandResult result = run_into(out_, prepare, {"--speed", "max"});
    messages_ = result.err;
    return result.code;
}

int Victim::run_a_part() {
    // Three days at four hours a second.
    const CommandResult result = run_into(out_, {}, {"--speed", "14400", "--for", "500ms"});
    messages_ = result.err;
    return result.code;
}

Victim::Output Victim::read(const std::string& out) const {
    Output output;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / out)) {
        const std::string name = entry.path().filename();
        if (name.find(".jsonl") != std::string::npos && !name.ends_with(".lock")) {
            output.files[name] = content_of(entry.path());
        }
        if (!name.ends_with(".db")) continue;
        output.tables = Database(entry.path()).content();
    }
    // When the store was made, and how the work was cut into epochs, may differ.
    for (const char* table : {"schema_migrations", "pipeline_epochs", "pipeline_state"}) {
        output.tables.erase(table);
    }
    return output;
}

void expect_equal(const Victim::Output& expected, const Victim::Output& actual) {
    for (const auto& [name, text] : expected.files) {
        const auto found = actual.files.find(name);
        if (found == actual.files.end()) {
            ADD_FAILURE() << name << " is missing";
        } else {
            EXPECT_TRUE(found->second == text)
                << name << ": " << first_difference(text, found->second);
        }
    }
    EXPECT_EQ(actual.files.size(), expected.files.size());
    for (const auto& [name, table] : expected.tables) {
        const auto found = actual.tables.find(name);
        ASSERT_NE(found, actual.tables.end()) << name;
        EXPECT_EQ(found->second, table) << name;
    }
}

int kills_wanted(int usual) {
    const char* const wanted = std::getenv("SPILLWAY_KILLS");
    if (wanted != nullptr) return std::stoi(wanted);
    // Each is a run from start to end, which takes TSan a hundred times as long, and ASan twenty.
    constexpr std::string_view sanitizer = spillway::detail::sanitizer_name();
    constexpr int fewer = sanitizer == "thread" ? 10 : sanitizer == "address" ? 4 : 1;
    return std::max(usual / fewer, 1);
}

std::function<void()> dies_after(long microseconds) {
    return [microseconds] {
        itimerval timer{};
        timer.it_value.tv_sec = microseconds / 1'000'000;
        timer.it_value.tv_usec = microseconds % 1'000'000;
        setitimer(ITIMER_REAL, &timer, nullptr);  // it survives exec; SIGALRM is not handled
    };
}

}  // namespace spillway::testing
