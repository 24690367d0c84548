#include "commands/frames.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "commands/commands.hpp"
#include "exit_code.hpp"

namespace spillway::cli {
namespace {

namespace fs = std::filesystem;

struct Outcome {
    int code = 0;
    std::string out, err;
};

class FramesCommand : public testing::Test {
protected:
    FramesCommand() {
        std::string name = (fs::temp_directory_path() / "spillway-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~FramesCommand() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const {
        return (folder_ / name).string();
    }
    std::string put(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    static std::string content(const std::string& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    /// `spillway frames ...`
    static Outcome run(std::vector<std::string> words) {
        CLI::App app;
        Action action;
        add_frames(app, action);
        words.insert(words.begin(), "frames");
        std::reverse(words.begin(), words.end());
        Outcome outcome;
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        try {
            app.parse(words);
            outcome.code = action();
        } catch (const CLI::ParseError& error) {
            outcome.code = app.exit(error) == 0 ? exit_ok : exit_usage;
        }
        outcome.out = testing::internal::GetCapturedStdout();
        outcome.err = testing::internal::GetCapturedStderr();
        return outcome;
    }
    /// A file of two venues, made from the lines below.
    std::string make(const std::string& name = "a.frames", const std::string& codec = "zstd") {
        const Outcome outcome =
            run({"make", put("lines", lines), "--out", path(name), "--codec", codec});
        EXPECT_EQ(outcome.code, exit_ok) << outcome.err;
        return path(name);
    }

    static constexpr const char* lines =
        R"({"time":"2026-02-05T20:25:00.000Z","venue":"okx","session":1,"channel":"","type":"opened","text":""}
{"time":"2026-02-05T20:25:00.000000001Z","venue":"okx","session":1,"channel":"trades","type":"data","text":"{\"px\":\"1\"}\u000aline\u0000"}
{"time":"2026-02-05T20:25:01.500Z","venue":"bybit","session":2,"channel":"info","type":"response","status":200,"text":"€"}
{"time":"2026-02-05T20:25:02.000Z","venue":"okx","session":3,"channel":"trades","type":"data","base64":"/wD+"}
{"time":"2026-02-05T20:25:03.000Z","venue":"okx","session":1,"channel":"trades","type":"data","binary":true,"base64":"YWI="}
)";

private:
    fs::path folder_;
};

/// The lines of a text with these numbers, from 0.
std::string pick(const std::string& text, const std::vector<int>& numbers) {
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at) + 1;
        all.push_back(text.substr(at, end - at));
        at = end;
    }
    std::string picked;
    for (const int number : numbers) picked += all.at(static_cast<std::size_t>(number));
    return picked;
}

TEST_F(FramesCommand, MakeAndCatAreInverse) {
    const Outcome outcome = run({"cat", make()});
    EXPECT_EQ(outcome.code, exit_ok);
    EXPECT_EQ(outcome.out, lines);
    EXPECT_EQ(outcome.err, "");
}

TEST_F(FramesCommand, CatSelects) {
    const std::string file = make();
    EXPECT_EQ(run({"cat", file, "--venue", "bybit"}).out, pick(lines, {2}));
    EXPECT_EQ(run({"cat", file, "--venue", "bybit", "--venue", "okx"}).out, lines);
    EXPECT_EQ(run({"cat", file, "--channel", "trades"}).out, pick(lines, {1, 3, 4}));
    EXPECT_EQ(run({"cat", file, "--session", "3"}).out, pick(lines, {3}));
    EXPECT_EQ(run({"cat", file, "--from", "2026-02-05T20:25:01.5Z"}).out, pick(lines, {2, 3, 4}));
    EXPECT_EQ(run({"cat", file, "--to", "2026-02-05T20:25:02"}).out, pick(lines, {0, 1, 2}));
    EXPECT_EQ(run({"cat", file, "--to", "2026-02-05"}).out, "");
    EXPECT_EQ(run({"cat", file, "--from", "2027-01-01"}).out, "");
    EXPECT_EQ(run({"cat", file, "--from", "yesterday"}).code, exit_usage);
    EXPECT_EQ(run({"cat", path("nothing")}).code, exit_usage);
}

TEST_F(FramesCommand, CutCopiesIntoANewFile) {
    const std::string file = make();
    const Outcome outcome =
        run({"cut", file, "--venue", "okx", "--session", "1", "--out", path("cut.frames")});
    EXPECT_EQ(outcome.code, exit_ok) << outcome.err;
    EXPECT_NE(outcome.err.find("cut.frames: 3 frames"), std::string::npos);
    EXPECT_EQ(run({"cat", path("cut.frames")}).out, pick(lines, {0, 1, 4}));
    const Outcome again = run({"cut", file, "--out", path("cut.frames")});
    EXPECT_EQ(again.code, exit_failed);
    EXPECT_NE(again.err.find("exists already"), std::string::npos);
    EXPECT_EQ(run({"cat", path("cut.frames")}).out, pick(lines, {0, 1, 4}));
}

TEST_F(FramesCommand, InspectShowsWhatIsInside) {
    const std::string file = make();
    const Outcome text = run({"inspect", file});
    EXPECT_EQ(text.code, exit_ok);
    EXPECT_NE(text.out.find("5 frames of 24 bytes"), std::string::npos) << text.out;
    EXPECT_NE(text.out.find("2026-02-05T20:25:00.000Z to 2026-02-05T20:25:03.000Z"),
              std::string::npos);
    EXPECT_NE(text.out.find("damage    none"), std::string::npos);
    EXPECT_NE(text.out.find("okx / trades"), std::string::npos);
    const Outcome json = run({"inspect", file, "--format", "json"});
    EXPECT_NE(json.out.find(R"({"venue":"bybit","channel":"info","frames":1,"bytes":3,)"
                            R"("first_time":"2026-02-05T20:25:01.500Z",)"
                            R"("last_time":"2026-02-05T20:25:01.500Z","types":{"response":1}})"),
              std::string::npos)
        << json.out;
    EXPECT_NE(json.out.find(R"({"venue":"okx","session":1,"frames":3,)"), std::string::npos);
    EXPECT_NE(json.out.find(R"("damage":{"blocks":0,"records":0,"bytes":0,"truncated":false,)"),
              std::string::npos);
}

TEST_F(FramesCommand, VerifyTellsTheDamageAndItsPlace) {
    const std::string file = make("a.frames", "none");
    EXPECT_EQ(run({"verify", file}).out, file + ": ok, 5 frames in 1 blocks\n");
    std::string bytes = content(file);
    bytes[bytes.size() - 1] = 'X';
    put("a.frames", bytes);
    const Outcome outcome = run({"verify", file});
    EXPECT_EQ(outcome.code, exit_failed);
    EXPECT_EQ(outcome.out, file + ":" + std::to_string(bytes.size() - 34) +
                               ": the record is damaged; 1 record lost; 34 bytes lost\n" + file +
                               ": damaged (1 block, 1 records and 34 bytes lost), 4 frames in 1 "
                               "blocks\n");
    EXPECT_EQ(run({"verify", file, "--format", "json"}).code, exit_failed);
    const Outcome cat = run({"cat", file});
    EXPECT_EQ(cat.code, exit_failed);
    EXPECT_EQ(cat.out, pick(lines, {0, 1, 2, 3}));
    EXPECT_NE(cat.err.find("the record is damaged"), std::string::npos);
    EXPECT_EQ(run({"verify", put("text", "no frames")}).code, exit_failed);
}

TEST_F(FramesCommand, MakeTakesPlainMessages) {
    const std::string messages =
        "{\"e\":\"x\",\"E\":1770000000500,\"o\":{\"E\":1}}\r\n\n{\"E\": \"1770000000400\"}\n";
    const Outcome outcome =
        run({"make", put("plain", messages), "--venue", "binance", "--channel", "!forceOrder@arr",
             "--time-key", "E", "--session", "7", "--out", path("b.frames")});
    EXPECT_EQ(outcome.code, exit_ok) << outcome.err;
    EXPECT_EQ(run({"cat", path("b.frames")}).out,
              R"({"time":"2026-02-02T02:40:00.500Z","venue":"binance","session":7,)"
              R"("channel":"!forceOrder@arr","type":"data",)"
              R"("text":"{\"e\":\"x\",\"E\":1770000000500,\"o\":{\"E\":1}}"})"
              "\n"
              R"({"time":"2026-02-02T02:40:00.500Z","venue":"binance","session":7,)"
              R"("channel":"!forceOrder@arr","type":"data","text":"{\"E\": \"1770000000400\"}"})"
              "\n");
}

TEST_F(FramesCommand, MakeNamesTheLineThatIsWrongAndLeavesNoFile) {
    const auto refuse = [&](const std::string& text, std::vector<std::string> more = {}) {
        std::vector<std::string> words = {"make", put("lines", text), "--out", path("c.frames")};
        words.insert(words.end(), more.begin(), more.end());
        const Outcome outcome = run(words);
        EXPECT_EQ(outcome.code, exit_failed);
        EXPECT_FALSE(fs::exists(path("c.frames")));
        return outcome.err;
    };
    const std::string first = pick(lines, {0});
    EXPECT_NE(refuse(first + "{\"E\":1}\n").find("lines:2: E: unknown; expected time, venue"),
              std::string::npos);
    EXPECT_NE(refuse(first + "\n{\"time\":\n").find("lines:3: column "), std::string::npos);
    EXPECT_NE(refuse("{\"time\":\"2026-02-05\"}").find("lines:1: venue: missing"),
              std::string::npos);
    EXPECT_NE(refuse("{\"venue\":\"okx\"}").find("lines:1: time: missing"), std::string::npos);
    EXPECT_NE(refuse("{\"base64\":\"a\"}").find("lines:1: base64: expected base64"),
              std::string::npos);
    EXPECT_NE(refuse("{\"a\":1}", {"--venue", "okx", "--time-key", "ts"})
                  .find("lines:1: no \"ts\": in the line"),
              std::string::npos);
    EXPECT_EQ(run({"make", put("lines", "{}"), "--venue", "okx", "--out", path("c.frames")}).code,
              exit_usage);
}

TEST_F(FramesCommand, EveryHelpHasAnExample) {
    EXPECT_NE(run({"--help"}).out.find("Examples:"), std::string::npos);
    EXPECT_NE(run({"make", "--help"}).out.find("Examples:"), std::string::npos);
    EXPECT_NE(run({"cut", "--help"}).out.find("Example:"), std::string::npos);
}

TEST_F(FramesCommand, AFolderStandsForTheFrameFilesInItAndBelow) {
    fs::create_directories(path("rec/okx"));
    fs::create_directories(path("rec/empty"));
    const std::string later = make("rec/okx/2.frames");
    const std::string earlier = make("rec/okx/1.frames");
    put("rec/notes.txt", "no frames");
    EXPECT_EQ(frame_files({path("rec"), later}), (std::vector<fs::path>{earlier, later, later}));

    const Outcome cat = run({"cat", path("rec")});
    EXPECT_EQ(cat.code, exit_ok) << cat.err;
    EXPECT_EQ(cat.out, run({"cat", earlier, later}).out);

    const Outcome none = run({"inspect", path("rec/empty")});
    EXPECT_EQ(none.code, exit_usage);
    EXPECT_NE(none.err.find("there is no frame file (*.frames) in '" + path("rec/empty")),
              std::string::npos)
        << none.err;
}

TEST(FrameTimes, AreReadInEveryForm) {
    constexpr Time day_start = 1'770'249'600 * second;
    EXPECT_EQ(parse_time("2026-02-05"), day_start);
    EXPECT_EQ(parse_time("2026-02-05T20:25Z"), day_start + 20 * hour + 25 * minute);
    EXPECT_EQ(parse_time("2026-02-05 20:25:03"), day_start + 20 * hour + 25 * minute + 3 * second);
    EXPECT_EQ(parse_time("2026-02-05T00:00:00.000000007Z"), day_start + 7);
    EXPECT_EQ(parse_time("1770249600000000000"), day_start);
    for (const char* wrong : {"", "2026", "2026-02", "2026-02-30", "2026-02-05T", "2026-02-05T20",
                              "2026-02-05T20:25:61", "2026-02-05T20:25:00.1234567890", "x",
                              "2026-02-05T20:25:00.-1", "1770249600"}) {
        EXPECT_FALSE(parse_time(wrong)) << wrong;
    }
}

TEST(Base64, GoesBothWays) {
    for (const std::string bytes : {"", "a", "ab", "abc", "abcd", "\xFF\x01\xFE"}) {
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    }
    for (const char* wrong : {"a", "ab", "abc", "a===", "ab=c", "ab==abcd", "a b="}) {
        EXPECT_FALSE(from_base64(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace spillway::cli
