#include "run/books.hpp"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

namespace spillway::cli {
namespace {

runtime::RunResult run_of_two_nodes() {
    runtime::RunResult result;
    result.wall_seconds = 2;
    result.cpu_seconds = 4;
    result.final.records = 1'200;
    runtime::NodeReport dedupe;
    dedupe.id = "events";
    dedupe.type = "dedupe";
    dedupe.books.in = 1'200;
    dedupe.books.duplicate = 200;
    dedupe.emitted = 1'000;
    runtime::NodeReport sink;
    sink.id = "store";
    sink.type = "sqlite";
    sink.category = Category::sink;
    sink.books.in = 1'000;
    result.final.nodes = {dedupe, sink};
    result.final.edges = {{"events", "", "store", 1'000, 1'000, 0, 0}};
    return result;
}

TEST(Books, SayInOneLineThatTheyBalance) {
    const auto result = run_of_two_nodes();
    EXPECT_TRUE(books_balance(result.final));
    EXPECT_EQ(books_line(result.final),
              "The books balance: 1,200 records in, all accounted for at every node");
}

TEST(Books, NameTheNodeThatDoesNotBalance) {
    auto result = run_of_two_nodes();
    result.final.nodes[0].balanced = false;
    EXPECT_FALSE(books_balance(result.final));
    EXPECT_NE(books_line(result.final).find("do NOT balance: node events (in 1200;"),
              std::string::npos);
}

TEST(Books, NameTheEdgeThatLosesRecords) {
    auto result = run_of_two_nodes();
    result.final.edges[0].delivered = 999;
    EXPECT_FALSE(books_balance(result.final));
    EXPECT_NE(books_line(result.final).find("edge events -> store (emitted 1000; delivered 999"),
              std::string::npos);
}

TEST(Books, TellWhatWasRefusedLateOrDropped) {
    auto result = run_of_two_nodes();
    result.final.nodes[0].books.dead_lettered = 3;
    result.final.nodes[0].books.late = 4;
    result.final.edges[0].delivered = 995;
    result.final.edges[0].dropped = 5;
    EXPECT_EQ(
        books_line(result.final),
        "The books balance: 1,200 records in, all accounted for at every node, 3 dead letters, "
        "4 late, 5 dropped before full sinks");
}

TEST(Books, AreMembersOfTheJsonReport) {
    rapidjson::StringBuffer buffer;
    report::JsonWriter out(buffer);
    out.StartObject();
    write_books(out, run_of_two_nodes());
    out.EndObject();
    rapidjson::Document json;
    json.Parse(buffer.GetString());
    ASSERT_FALSE(json.HasParseError()) << buffer.GetString();
    EXPECT_TRUE(json["books_balance"].GetBool());
    const auto& dedupe = json["books"][0];
    EXPECT_STREQ(dedupe["node"].GetString(), "events");
    EXPECT_STREQ(dedupe["category"].GetString(), "transform");
    EXPECT_EQ(dedupe["processed"].GetUint64(), 1'000u);
    EXPECT_EQ(dedupe["duplicate"].GetUint64(), 200u);
    EXPECT_EQ(json["edges"][0]["delivered"].GetUint64(), 1'000u);
    EXPECT_EQ(json["rates"]["records_per_second"].GetDouble(), 600.0);
    EXPECT_EQ(json["rates"]["records_per_cpu_second"].GetDouble(), 300.0);
}

TEST(Books, AreThoseOfThePartThatIsCounted) {
    const CountedPart counted{"the reload at epoch 12", 12, 1, 2};
    EXPECT_EQ(books_line(run_of_two_nodes().final, counted),
              "The books balance: 1,200 records in since the reload at epoch 12, all accounted for "
              "at every node");
    rapidjson::StringBuffer buffer;
    report::JsonWriter out(buffer);
    out.StartObject();
    write_books(out, run_of_two_nodes(), counted);
    out.EndObject();
    rapidjson::Document json;
    json.Parse(buffer.GetString());
    ASSERT_FALSE(json.HasParseError()) << buffer.GetString();
    EXPECT_EQ(json["rates"]["wall_seconds"].GetDouble(), 1.0);
    EXPECT_EQ(json["rates"]["records_per_second"].GetDouble(), 1'200.0);
    EXPECT_EQ(json["rates"]["records_per_cpu_second"].GetDouble(), 600.0);
}

}  // namespace
}  // namespace spillway::cli
