#include "runtime/spec/interpolation.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace spillway::runtime {
namespace {

std::optional<std::string> environment(std::string_view name) {
    if (name == "HOST") return "db";
    if (name == "NESTED") return "${HOST}";
    if (name == "EMPTY") return "";
    return std::nullopt;
}

tl::expected<Expansion, ExpansionError> expand(std::string_view text) {
    return Interpolation(environment).expand(text);
}

TEST(Interpolation, PutsVariablesIn) {
    EXPECT_EQ(expand("postgres://${HOST}:5432")->text, "postgres://db:5432");
    EXPECT_EQ(expand("${HOST}")->origin, Origin::environment);
    EXPECT_EQ(expand("${HOST}")->detail, "HOST");
    EXPECT_EQ(expand("plain")->origin, Origin::file);
}

TEST(Interpolation, DefaultsStandInForUnsetAndEmpty) {
    EXPECT_EQ(expand("${PORT:-80}")->text, "80");
    EXPECT_EQ(expand("${EMPTY:-80}")->text, "80");
    EXPECT_EQ(expand("${HOST:-80}")->text, "db");
    EXPECT_EQ(expand("${PORT:-}")->text, "");
    EXPECT_EQ(expand("${EMPTY}")->text, "");
    EXPECT_EQ(expand("${PORT:-80}")->detail, "default of ${PORT}");
}

TEST(Interpolation, AMessageStandsForWhatMustBeSet) {
    EXPECT_EQ(expand("${PORT:?the port of the store}").error().message,
              "the variable PORT is not set: the port of the store");
    EXPECT_EQ(expand("${EMPTY:?x}").error().message, "the variable EMPTY is not set: x");
    EXPECT_EQ(expand("${PORT}").error().message, "the variable PORT is not set");
}

TEST(Interpolation, DollarsAreEscapedByDoubling) {
    EXPECT_EQ(expand("$${HOST}")->text, "${HOST}");
    EXPECT_EQ(expand("$$$$")->text, "$$");
    EXPECT_EQ(expand("5$ and $x")->text, "5$ and $x");
    EXPECT_EQ(expand("a$")->text, "a$");
}

TEST(Interpolation, WhatIsPutInIsNotExpandedAgain) {
    EXPECT_EQ(expand("${NESTED}")->text, "${HOST}");
}

TEST(Interpolation, RefusesWhatItDoesNotKnow) {
    for (const auto* text : {"${", "${HOST", "${}", "${1A}", "${A-b}", "${A:=b}", "${A b}"}) {
        EXPECT_FALSE(expand(text).has_value()) << text;
    }
}

TEST(Interpolation, FilesAreSecretAndLoseOneLineEnd) {
    const auto file =
        std::filesystem::temp_directory_path() / ("spillway_secret_" + std::to_string(getpid()));
    std::ofstream(file) << "hunter2\n\n";
    const auto expansion = expand("x ${file:" + file.string() + "} ${HOST}");
    std::filesystem::remove(file);
    ASSERT_TRUE(expansion.has_value());
    EXPECT_EQ(expansion->text, "x hunter2\n db");
    EXPECT_TRUE(expansion->secret);
    EXPECT_EQ(expansion->origin, Origin::secret);
    EXPECT_EQ(expansion->detail, file.string());
    EXPECT_EQ(expand("${file:" + file.string() + "}").error().message,
              "'" + file.string() + "' of ${file:..} does not exist");
    EXPECT_EQ(expand("${file:/}").error().message, "'/' of ${file:..} is a folder");
}

}  // namespace
}  // namespace spillway::runtime
