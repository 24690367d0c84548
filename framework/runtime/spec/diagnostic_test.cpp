#include "runtime/spec/diagnostic.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

namespace spillway::runtime {
namespace {

Diagnostic unknown_profile() {
    return {"demo.yaml",
            12,
            14,
            "scorers.risk.profile",
            DiagnosticLevel::error,
            "expected one of scaled, classic, got 'clasic'",
            "did you mean 'classic'?",
            "    profile: clasic"};
}

TEST(Diagnostic, TextHasPlaceCaretPathAndSuggestion) {
    EXPECT_EQ(to_text({unknown_profile()}),
              "demo.yaml:12:14: error: expected one of scaled, classic, got 'clasic'\n"
              "   12 |     profile: clasic\n"
              "      |              ^\n"
              "      = at scorers.risk.profile\n"
              "      = did you mean 'classic'?\n");
}

TEST(Diagnostic, CaretCountsCharactersAndKeepsTabs) {
    Diagnostic one = unknown_profile();
    one.excerpt = "größe:\tx";
    one.column = 8;
    EXPECT_NE(to_text({one}).find("   12 | größe:\tx\n      |       \t^\n"), std::string::npos);
}

TEST(Diagnostic, LongLineIsCutAroundTheCaret) {
    Diagnostic one = unknown_profile();
    one.excerpt = std::string(300, 'a') + "HERE" + std::string(300, 'b');
    one.column = 301;
    const std::string text = to_text({one});
    EXPECT_NE(text.find("   12 | .." + std::string(50, 'a') + "HERE"), std::string::npos);
    EXPECT_NE(text.find("      | " + std::string(52, ' ') + "^\n"), std::string::npos);
    EXPECT_LT(text.size(), 400U);
}

TEST(Diagnostic, WithoutALineOnlyTheFileIsNamed) {
    Diagnostic one = unknown_profile();
    one.file = "--set scorers.risk.profile";
    one.line = one.column = 0;
    EXPECT_TRUE(to_text({one}).starts_with("--set scorers.risk.profile: error: expected"));
}

TEST(Diagnostic, JsonIsAListOfObjects) {
    Diagnostic warning = unknown_profile();
    warning.level = DiagnosticLevel::warning;
    warning.message = "a \"quoted\" word";
    rapidjson::Document json;
    json.Parse(to_json({unknown_profile(), warning}).c_str());
    ASSERT_TRUE(json.IsArray());
    ASSERT_EQ(json.Size(), 2U);
    EXPECT_EQ(json[0].MemberCount(), 7U);
    EXPECT_STREQ(json[0]["file"].GetString(), "demo.yaml");
    EXPECT_EQ(json[0]["line"].GetInt(), 12);
    EXPECT_EQ(json[0]["column"].GetInt(), 14);
    EXPECT_STREQ(json[0]["path"].GetString(), "scorers.risk.profile");
    EXPECT_STREQ(json[0]["severity"].GetString(), "error");
    EXPECT_STREQ(json[0]["suggestion"].GetString(), "did you mean 'classic'?");
    EXPECT_STREQ(json[1]["severity"].GetString(), "warning");
    EXPECT_STREQ(json[1]["message"].GetString(), "a \"quoted\" word");
}

TEST(Diagnostic, NothingFoundIsAnEmptyList) {
    EXPECT_EQ(to_text({}), "");
    EXPECT_EQ(to_json({}), "[]");
}

}  // namespace
}  // namespace spillway::runtime
