#include "common/venues/json_fields.hpp"

#include <bit>
#include <charconv>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace spillway::venues {
namespace {

/// A message with 64 readable bytes after it.
class Message {
public:
    explicit Message(std::string json) : bytes_(std::move(json)) {
        bytes_.reserve(bytes_.size() + simdjson::SIMDJSON_PADDING);
        status = reader_.read(bytes_, object);
    }
    Status status;
    ondemand::object object;

    [[nodiscard]] JsonFields fields() const { return {"test", object}; }

private:
    std::string bytes_;
    StreamReader reader_;
};

/// The number of a text, as std::from_chars reads it and as `read_quoted_decimal` does.
void expect_read_alike(const std::string& text) {
    double expected = 0, number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), expected);
    const bool whole =
        error == std::errc() && stop == text.data() + text.size() && std::isfinite(expected);
    ASSERT_EQ(read_quoted_decimal((text + '"').c_str(), number), whole) << text;
    if (!whole) return;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(number), std::bit_cast<std::uint64_t>(expected)) << text;
}

TEST(Decimals, AreThoseOfFromCharsToTheLastBit) {
    std::mt19937_64 random(1);
    const auto digits = [&](std::size_t most) {
        std::string text;
        for (std::size_t left = random() % (most + 1); left > 0; --left) {
            text += static_cast<char>('0' + random() % 10);
        }
        return text;
    };
    for (int i = 0; i < 200'000; ++i) {
        std::string text = random() % 4 == 0 ? "-" : "";
        text += random() % 3 == 0 ? "0" : digits(12);
        if (random() % 4 != 0) text += '.' + digits(22);
        if (random() % 16 == 0) text += fmt::format("e{}", static_cast<int>(random() % 700) - 350);
        expect_read_alike(text);
    }
}

TEST(Decimals, AtTheEdgesOfTheFastPathAndBeyond) {
    for (const char* text : {"0",
                             "-0",
                             "-0.0",
                             "1.",
                             ".5",
                             ".",
                             "-",
                             "",
                             "9007199254740992",
                             "9007199254740993",
                             "0.9007199254740993",
                             "18446744073709551616",
                             "99999999999999999999",
                             "0.0000000000000000001",
                             "0.00000000000000000001",
                             "1e22",
                             "1e308",
                             "1e309",
                             "4.9e-324",
                             "1e-400",
                             "inf",
                             "nan",
                             "NaN",
                             "0x10",
                             "+1",
                             " 1",
                             "1 ",
                             "1.2.3",
                             "--1",
                             "1e",
                             "1\\"}) {
        expect_read_alike(text);
    }
}

TEST(JsonFields, AreFoundInAnyOrder) {
    for (const char* json : {R"({"a":"1.5","t":"x","n":{"m":[1,{}]},"i":7,"f":true})",
                             R"({"f":true,"i":"7","n":{"m":[1,{}]},"t":"x","a":1.5})"}) {
        const Message message(json);
        JsonFields fields = message.fields();
        EXPECT_EQ(fields.number("a"), 1.5);
        EXPECT_EQ(fields.text("t"), "x");
        EXPECT_EQ(fields.number("none"), std::nullopt);
        EXPECT_TRUE(fields.object("n"));
        EXPECT_EQ(fields.integer("i"), 7);
        EXPECT_EQ(fields.flag("f"), true);
        EXPECT_TRUE(fields.ok());
    }
}

TEST(JsonFields, AFieldThatIsMissingHidesNoOther) {
    const std::string letters = "abcdef";
    std::string json = "{";
    for (const char letter : letters) json += fmt::format(R"("{0}":"{0}{0}",)", letter);
    json.back() = '}';
    const Message message(json);
    for (const char first : letters) {
        for (const char second : letters) {
            if (second == first) continue;
            JsonFields fields = message.fields();
            EXPECT_FALSE(fields.value("none"));
            EXPECT_EQ(fields.text({&first, 1}), std::string(2, first));
            EXPECT_FALSE(fields.value("none"));
            EXPECT_FALSE(fields.value("aa"));
            EXPECT_EQ(fields.text({&second, 1}), std::string(2, second));
            EXPECT_TRUE(fields.ok());
        }
    }
}

TEST(JsonFields, AValueCanBeJudgedLater) {
    const Message message(R"({"a":"1.5","b":"1791565600771","c":{"d":[1]},"e":"x"})");
    JsonFields fields = message.fields();
    const auto a = fields.value("a"), b = fields.value("b");
    EXPECT_EQ(fields.text("e"), "x");
    EXPECT_EQ(fields.number("a", a), 1.5);
    EXPECT_EQ(fields.optional_time("b", b), 1'791'565'600'771 * millisecond);
    EXPECT_EQ(fields.number("none", std::nullopt), std::nullopt);
    EXPECT_TRUE(fields.ok());
}

TEST(JsonFields, EmptyTextsAndNullAreAbsentNotZero) {
    const Message message(R"({"a":"","b":null,"c":"","d":null})");
    JsonFields fields = message.fields();
    EXPECT_EQ(fields.number("a"), std::nullopt);
    EXPECT_EQ(fields.number("b"), std::nullopt);
    EXPECT_EQ(fields.integer("c"), std::nullopt);
    EXPECT_EQ(fields.text_or_none("d"), "");
    EXPECT_TRUE(fields.ok());
}

TEST(JsonFields, TextsWithEscapesAreWhatTheyMean) {
    const Message message(R"({"a":"1\"2\\","b":"\u00e9","c" : "plain" })");
    JsonFields fields = message.fields();
    EXPECT_EQ(fields.text("a"), "1\"2\\");
    EXPECT_EQ(fields.text("b"), "\xC3\xA9");
    EXPECT_EQ(fields.text("c"), "plain");
}

TEST(JsonFields, TheFirstProblemIsKeptAndTheRestReadsAsAbsent) {
    const Message message(R"({"a":"x","b":"2","t":12})");
    JsonFields fields = message.fields();
    EXPECT_EQ(fields.positive("a"), 0);
    EXPECT_EQ(fields.number("b"), std::nullopt);
    EXPECT_EQ(fields.time("t"), 0);
    EXPECT_EQ(fields.problem().message(), "test: a: not a number");
}

TEST(JsonFields, WhatIsOfAnotherTypeOrOutOfRangeIsRefused) {
    const auto problem = [](auto read) {
        const Message message(R"({"a":"-1","n":"1e30","t":1791565600,"o":{"x":1},"s":"x"})");
        JsonFields fields = message.fields();
        read(fields);
        return std::string(fields.problem().message());
    };
    EXPECT_EQ(problem([](JsonFields& f) { return f.positive("a"); }),
              "test: a: expected a number above 0");
    EXPECT_EQ(problem([](JsonFields& f) { return f.not_negative("a"); }),
              "test: a: expected a number of 0 or more");
    EXPECT_EQ(problem([](JsonFields& f) { return f.number("n"); }),
              "test: n: 1e+30 is out of range");
    EXPECT_NE(problem([](JsonFields& f) { return f.time("t"); }).find("milliseconds since 1970"),
              std::string::npos);
    EXPECT_EQ(problem([](JsonFields& f) { return f.text("o"); }), "test: o: expected a text");
    EXPECT_EQ(problem([](JsonFields& f) { return f.text_or_none("o"); }),
              "test: o: expected a text");
    EXPECT_EQ(problem([](JsonFields& f) { return f.object("s").has_value(); }),
              "test: s: expected an object");
    EXPECT_EQ(problem([](JsonFields& f) { return f.array("o").has_value(); }),
              "test: o: expected an array");
}

TEST(JsonFields, DamageEndsTheReading) {
    for (const char* json : {"", "7", "[]", R"({"a":1)", R"({"a":"1)", "{\"a\":\"\xC3\x28\"}"}) {
        EXPECT_NE(Message(json).status.message().find("not a JSON message"), std::string::npos)
            << json;
    }
    for (const char* json : {R"({"b" 1})", R"({"b":1 "c":2})", R"({"b":[1},"c":2]})", "{1:2}"}) {
        const Message message(json);
        ASSERT_TRUE(message.status.ok()) << json;
        JsonFields fields = message.fields();
        static_cast<void>(fields.number("c"));
        static_cast<void>(fields.number("a"));
        EXPECT_FALSE(fields.ok()) << json;
    }
}

TEST(JsonFields, EachFieldIsGivenAsItComes) {
    const Message message(R"({"a":"1","b":{"c":2},"a":3})");
    std::string seen;
    const Status status =
        for_each_field(message.object, [&](std::string_view key, ondemand::value value) -> Status {
            seen += fmt::format("{}={} ", key, shown(value));
            return {};
        });
    EXPECT_TRUE(status.ok());
    EXPECT_EQ(seen, R"(a="1" b={ a=3 )");
}

}  // namespace
}  // namespace spillway::venues
