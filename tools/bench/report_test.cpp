#include "report.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "benchmark.hpp"

namespace spillway::bench {
namespace {

Report example() {
    Report report;
    report.benchmark = "liq-1m";
    report.measured = "a \"job\"";
    report.runs = 9;
    report.add("events_per_cpu_second", 4'612'345, "frames");
    report.add("ratio", 0.82415, "to the loop");
    report.add("unknown", std::numeric_limits<double>::quiet_NaN(), "not measured");
    return report;
}

TEST(Report, EveryFigureIsAKeyOfTheJsonObject) {
    const Machine machine{2, 0.5, false};
    rapidjson::Document json;
    json.Parse(to_json(example(), machine).c_str());
    ASSERT_TRUE(json.IsObject());
    EXPECT_STREQ(json["benchmark"].GetString(), "liq-1m");
    EXPECT_STREQ(json["measured"].GetString(), "a \"job\"");
    EXPECT_DOUBLE_EQ(json["events_per_cpu_second"].GetDouble(), 4'612'345);
    EXPECT_DOUBLE_EQ(json["ratio"].GetDouble(), 0.82415);
    EXPECT_TRUE(json["unknown"].IsNull());
    EXPECT_EQ(json["runs"].GetUint(), 9U);
    EXPECT_EQ(json["cores"].GetUint(), 2U);
}

TEST(Report, TextShowsFourDigitsAndWhatWasMeasured) {
    const std::string text = to_text(example(), {2, 0.5, true});
    EXPECT_NE(text.find("liq-1m: a \"job\"\n"), std::string::npos) << text;
    EXPECT_NE(text.find("4_612_000  frames"), std::string::npos) << text;
    EXPECT_NE(text.find("0.8242  to the loop"), std::string::npos) << text;
    EXPECT_NE(text.find("unknown  not measured"), std::string::npos) << text;
    EXPECT_NE(text.find("9 runs, 2 cores, load average 0.5, built with assertions"),
              std::string::npos)
        << text;
}

TEST(Benchmarks, AreNamedOnce) {
    std::vector<std::string_view> names;
    for (const Benchmark& one : benchmarks()) {
        EXPECT_EQ(std::count(names.begin(), names.end(), one.name), 0) << one.name;
        EXPECT_FALSE(one.summary.empty());
        names.push_back(one.name);
    }
    EXPECT_EQ(names.front(), "liq-1m");
}

}  // namespace
}  // namespace spillway::bench
