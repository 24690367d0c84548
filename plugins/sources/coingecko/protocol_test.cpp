#include "protocol.hpp"

#include <string>

#include <gtest/gtest.h>

#include <spillway/testing/golden.hpp>
#include <spillway/testing/option_texts.hpp>

#include "common/venues/testing/protocol_text.hpp"
#include "plugin.hpp"

namespace spillway::coingecko {
namespace {

using testing::PlanText;
using testing::ReplyText;
using Texts = std::vector<std::string>;

/// What is declared before and in the plan.
PlanText plan_of(const Options& options) {
    const Protocol protocol(options);
    PlanText plan;
    EXPECT_TRUE(protocol.prepare(plan).ok());
    EXPECT_TRUE(protocol.plan({}, plan).ok());
    return plan;
}

TEST(CoinGeckoProtocol, AllMarketsAreOneCallEveryTenSecondsWithoutAKey) {
    const PlanText plan = plan_of({{"ETH", "btc", "XBT"}, {}, ""});
    const std::string call =
        "simple/price?ids=bitcoin,ethereum&include_24hr_vol=true&include_last_updated_at=true"
        "&precision=full&vs_currencies=usd";
    EXPECT_EQ(plan.lines,
              (Texts{"quota calls: 6 in 1m", "poll " + call + ": price, every 10s, calls 1"}));
    EXPECT_EQ(plan.urls, Texts{"https://api.coingecko.com/api/v3/" + call});
    EXPECT_EQ(plan.headers, Texts{""});
}

TEST(CoinGeckoProtocol, TheMonthOfADemoKeyPacesIt) {
    const PlanText plan = plan_of({{"BTC"}, {}, "CG-secret"});
    EXPECT_EQ(plan.lines[0], "quota calls: 10000 in 30d");
    EXPECT_TRUE(plan.lines[1].ends_with(": price, every 4m30s, calls 1")) << plan.lines[1];
    EXPECT_EQ(plan.headers, Texts{"x-cg-demo-api-key: CG-secret"});
    EXPECT_EQ(plan.lines[1].find("CG-secret"), std::string::npos);
    EXPECT_EQ(plan.urls[0].find("CG-secret"), std::string::npos);
}

TEST(CoinGeckoProtocol, MarketsWithoutAnIdAreMissingUntilTheUserAddsIt) {
    const PlanText without = plan_of({{"BTC", "KGO"}, {}, ""});
    EXPECT_EQ(
        without.lines[1],
        "missing KGO: its id at CoinGecko is not known; add it to the option ids: KGO=the-id");
    EXPECT_NE(without.lines[2].find("ids=bitcoin&"), std::string::npos);
    const PlanText with = plan_of({{"BTC", "KGO"}, {"KGO=kiwigo"}, ""});
    EXPECT_NE(with.lines[1].find("ids=bitcoin,kiwigo&"), std::string::npos);
    const PlanText none = plan_of({{"KGO"}, {}, ""});
    EXPECT_EQ(none.lines.size(), 2U) << "nothing to ask for";
}

TEST(CoinGeckoProtocol, ErrorsAreReadFromTheBody) {
    const Options options;
    const Protocol protocol(options);
    const auto fault_of = [&](const std::string& body) {
        const ReplyText reply("simple/price", body);
        const Protocol::Fault fault = protocol.fault(reply.view());
        return fmt::format("{}{}{}", fault.text, fault.limited ? " (limited)" : "",
                           fault.refused_key ? " (key)" : "");
    };
    const std::string folder =
        std::string(SPILLWAY_SOURCE_DIR) + "/plugins/sources/coingecko/fixtures/";
    EXPECT_EQ(fault_of(testing::read_lines(folder + "simple.price.jsonl").at(0)), "");
    const std::string limited = fault_of(testing::read_lines(folder + "error429.jsonl").at(0));
    EXPECT_TRUE(limited.starts_with("You've exceeded the Rate Limit.")) << limited;
    EXPECT_TRUE(limited.ends_with(" (limited)")) << limited;
    EXPECT_EQ(fault_of(R"({"status":{"error_code":10002,"error_message":"API Key Missing"}})"),
              "API Key Missing (key)");
    EXPECT_EQ(fault_of(R"({"status":{"error_code":10010,"error_message":"Use the Pro host"}})"),
              "Use the Pro host (key)");
    EXPECT_EQ(fault_of(R"({"error":"coin not found"})"), "coin not found");
    EXPECT_EQ(fault_of("error code: 1020"), "the reply is no JSON object");
    EXPECT_EQ(fault_of(R"({"status":{"usd":0.02}})"), "") << "the coin Status";
}

TEST(CoinGeckoOptions, AreChecked) {
    const auto configured = [](std::vector<testing::OptionText> texts) -> Status {
        testing::OptionValues values;
        Status status = values.parse<CoinGecko>(texts);
        CoinGecko coingecko;
        if (status.ok()) status = coingecko.configure(values.view());
        EXPECT_NE(coingecko.protocol(), nullptr);
        return status;
    };
    EXPECT_TRUE(configured({}).ok());
    EXPECT_TRUE(configured({{"ids", "KGO=kiwigo, PEPE=pepe"}}).ok());
    EXPECT_FALSE(configured({{"ids", "KGO"}}).ok());
    EXPECT_FALSE(configured({{"ids", "KGO=Kiwi Go"}}).ok());
    EXPECT_FALSE(configured({{"markets", "BTCUSDT"}}).ok());
    EXPECT_FALSE(configured({{"api_key", "two words"}}).ok());
}

}  // namespace
}  // namespace spillway::coingecko
