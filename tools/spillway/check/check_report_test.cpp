#include "check/check_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::cli {
namespace {

using ::testing::HasSubstr;

PluginReport report() {
    PluginReport made{"a.so", "a 1.0.0 (transform)", "check.yaml", {}};
    made.properties.resize(4);
    for (std::size_t i = 0; i < 4; ++i) made.properties[i].name = std::string(1, "pqrs"[i]);
    made.properties[0].take({});
    made.properties[1].take({{true, "tidy", "a \"mess\"\n", {}}});
    made.properties[2].take({{true, "x", "y", {}}, {false, "one", "two\x01", "step 3, seed 7"}});
    made.properties[2].again = "spillway plugins check a.so --only r";
    made.properties[3].reason = "it has no frames";
    made.properties[3].take({});
    return made;
}

TEST(Report, TheWorstFindingIsTheOutcome) {
    const PluginReport made = report();
    EXPECT_EQ(made.properties[0].outcome, Outcome::ok);
    EXPECT_EQ(made.properties[1].outcome, Outcome::warning);
    EXPECT_EQ(made.properties[2].outcome, Outcome::failed);
    EXPECT_EQ(made.properties[3].outcome, Outcome::not_applicable);
    EXPECT_FALSE(made.passed());
}

TEST(Report, TextSaysWhatWasExpectedWhatHappenedAndHowToSeeItAgain) {
    const std::string text = report_text({report()});
    EXPECT_THAT(text, HasSubstr("a 1.0.0 (transform), a.so\nwith check.yaml\n"));
    EXPECT_THAT(text, HasSubstr("expected     one\n"));
    EXPECT_THAT(text, HasSubstr("happened     two\\x01\n"));
    EXPECT_THAT(text, HasSubstr("where        step 3, seed 7\n"));
    EXPECT_THAT(text, HasSubstr("again        spillway plugins check a.so --only r\n"));
    EXPECT_THAT(text, HasSubstr("does not apply: it has no frames"));
    EXPECT_THAT(text, HasSubstr("1 property holds, 1 fails, 1 has a warning, 1 does not apply"));
}

TEST(Report, JsonIsOneObject) {
    const std::string text = report_json({report()});
    EXPECT_THAT(text, HasSubstr("\"passed\":false"));
    EXPECT_THAT(text, HasSubstr(R"("outcome":"not_applicable","reason":"it has no frames")"));
    EXPECT_THAT(text, HasSubstr(R"("happened":"a \"mess\"\u000a")"));
    EXPECT_THAT(text, HasSubstr(R"("severity":"failure","expected":"one")"));
}

}  // namespace
}  // namespace spillway::cli
