#include "letters/letter_file.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <spillway/event_json.hpp>
#include <spillway/node.hpp>

#include "test/scratch_folder.hpp"

namespace spillway::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LetterFiles : public ::testing::Test {
protected:
    static std::string line(Time time, const std::string& place, const std::string& raw) {
        Emitter errors;
        errors.begin(OrderKey{time, record_phase});
        write_dead_letter(errors, "node", place, "bad", raw);
        PodVector<char> text;
        append_json(text, errors.batch()[0], errors.batch());
        return std::string(view(text)) + '\n';
    }
    void add(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }
    [[nodiscard]] std::vector<std::string> letters() const {
        const Result<Letters> read = file_.read();
        if (!read) return {std::string(read.error().message())};
        std::vector<std::string> texts;
        for (const Letter& one : *read) {
            texts.push_back(one.place + ' ' + std::to_string(one.attempt) + ' ' + one.reason +
                            (one.open() ? " open" : " replayed"));
        }
        return texts;
    }

    ScratchFolder folder_;
    std::filesystem::path path_ = folder_.path() / "letters.jsonl";
    std::string newest_;  ///< replay, of those that were committed
    LetterFile file_{path_, [this] { return Result<std::string>(newest_); }};
};

TEST_F(LetterFiles, BelieveAReplayOnceItIsCommitted) {
    add(line(day, "f:1", "a") + line(2 * day, "f:2", "b"));
    const Letters before = *file_.read();
    const LetterOutcome refused{before[1].id, false, 3 * day, "still bad"};
    ASSERT_TRUE(file_.settle({&refused, 1}, "first").ok());
    const std::vector<LetterOutcome> outcomes = {{before[0].id, true, 4 * day, {}},
                                                 {before[1].id, false, 4 * day, "worse"}};
    ASSERT_TRUE(file_.prepare(outcomes, "second").ok());
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad open", "f:2 2 still bad open"));
    newest_ = "second";
    const auto settled = ElementsAre("f:1 1 bad replayed", "f:2 3 worse open");
    EXPECT_THAT(letters(), settled);
    ASSERT_TRUE(file_.settle(outcomes, "second").ok());
    EXPECT_THAT(letters(), settled);
    newest_ = "third";
    EXPECT_THAT(letters(), settled);
}

TEST_F(LetterFiles, ResolveAReplayThatDidNotComeToItsEnd) {
    add(line(day, "f:1", "a"));
    const std::vector<LetterOutcome> handled = {{file_.read()->front().id, true, day, {}}};
    ASSERT_TRUE(file_.resolve().ok());
    ASSERT_TRUE(file_.prepare(handled, "first").ok());
    ASSERT_TRUE(file_.resolve().ok());
    newest_ = "first";
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad open")) << "it was not committed then";
    ASSERT_TRUE(file_.prepare(handled, "second").ok());
    newest_ = "second";
    ASSERT_TRUE(file_.resolve().ok());
    newest_ = "third";
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad replayed"));
}

TEST_F(LetterFiles, RememberWhatReplaysMadeOfThem) {
    EXPECT_THAT(letters(), ElementsAre());
    add(line(2 * day, "f:2", "b") + line(day, "f:1", "a"));
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad open", "f:2 1 bad open"));
    const Letters before = *file_.read();
    const std::vector<LetterOutcome> outcomes = {{before[0].id, true, 3 * day, {}},
                                                 {before[1].id, false, 3 * day, "still \"bad\""}};
    ASSERT_TRUE(file_.settle(outcomes, "r").ok());
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad replayed", "f:2 2 still \"bad\" open"));
    ASSERT_TRUE(file_.settle({&outcomes[1], 1}, "r").ok());
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad replayed", "f:2 3 still \"bad\" open"));
}

TEST_F(LetterFiles, OpenALetterAgainThatALaterRunRefuses) {
    add(line(day, "f:1", "a"));
    const std::vector<LetterOutcome> handled = {{file_.read()->front().id, true, day, {}}};
    ASSERT_TRUE(file_.settle(handled, "r").ok());
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad replayed"));
    add(line(day, "f:1", "a"));
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad open"));
}

TEST_F(LetterFiles, MayBeWrittenToMeanwhile) {
    const std::string whole = line(day, "f:1", "a");
    add(whole + whole.substr(0, 40));
    EXPECT_THAT(letters(), ElementsAre("f:1 1 bad open"));
    add("\n" + whole);
    EXPECT_THAT(letters(), ElementsAre(HasSubstr("letters.jsonl:2: ")));
}

TEST_F(LetterFiles, AreNotOtherFiles) {
    add("{\"kind\":\"trade\",\"time\":\"2026-02-05T20:25:00.000Z\"}\n");
    EXPECT_THAT(letters(), ElementsAre(HasSubstr("letters.jsonl:1: this is no dead letter")));
}

}  // namespace
}  // namespace spillway::cli
