#include "plugin.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/fields.hpp>
#include <spillway/state.hpp>
#include <spillway/testing/frame_driver.hpp>

namespace spillway::coingecko {
namespace {

using testing::FrameDriver;
using testing::response;

const std::string poll = "simple/price?ids=bitcoin,ethereum&vs_currencies=usd";
const std::string both = R"({"bitcoin":{"usd":82338.3,"usd_24h_vol":3e10,)"
                         R"("last_updated_at":1791565590},"ethereum":{"usd":3461.27}})";
const std::string bitcoin_only = R"({"bitcoin":{"usd":82338.3,"last_updated_at":1791565590}})";

std::vector<std::string> statuses(const FrameDriver<CoinGecko>& decoder) {
    std::vector<std::string> lines;
    for (const Event& event : decoder.events) {
        if (event.kind() != Kind::source_status) continue;
        std::string line(name_in(feed_state_names, event.source_status.state));
        if (event.instrument != InstrumentId::none) {
            line += ' ' + std::string(text_of(event.instrument));
        }
        lines.push_back(line);
    }
    return lines;
}

TEST(CoinGeckoDecoder, PricesAreOfTheCoinWhereverItIsTraded) {
    FrameDriver<CoinGecko> decoder;
    decoder.step({response(poll, both)});
    ASSERT_EQ(decoder.events.size(), 2U);
    const Event& bitcoin = decoder.events[0];
    EXPECT_EQ(bitcoin.kind(), Kind::price);
    EXPECT_EQ(text_of(bitcoin.instrument), "BTC");
    EXPECT_EQ(bitcoin.event_time, 1'791'565'590 * second);
    EXPECT_EQ(bitcoin.price.last, 82338.3);
    EXPECT_EQ(bitcoin.price.volume_usd, 3e10);
    const Event& ethereum = decoder.events[1];
    EXPECT_EQ(ethereum.event_time, ethereum.receive_time) << "the reply told none";
    EXPECT_FALSE(ethereum.has(field::price::volume_usd));
}

TEST(CoinGeckoDecoder, ACoinThatIsMissingIsToldOnceAndWhenItIsBack) {
    FrameDriver<CoinGecko> decoder;
    for (const std::string& body : {bitcoin_only, bitcoin_only, both, bitcoin_only}) {
        decoder.step({response(poll, body)});
    }
    EXPECT_EQ(statuses(decoder), (std::vector<std::string>{"gap ETH", "resumed ETH", "gap ETH"}));
}

TEST(CoinGeckoDecoder, WhatWasMissingIsState) {
    FrameDriver<CoinGecko> first, second;
    first.step({response(poll, bitcoin_only)});
    StateWriter writer;
    first.decoder.fields(writer);
    StateReader reader(writer.bytes());
    second.decoder.fields(reader);
    ASSERT_TRUE(reader.ok());
    second.step({response(poll, bitcoin_only)});
    EXPECT_TRUE(statuses(second).empty());
    second.step({response(poll, both)});
    EXPECT_EQ(statuses(second), std::vector<std::string>{"resumed ETH"});
}

TEST(CoinGeckoDecoder, CoinsThatNobodyAskedForAreKnownByTheTableOrLeftOut) {
    FrameDriver<CoinGecko> decoder("coingecko", {{"ids", "MYCOIN=my-coin"}});
    decoder.step({response("simple/price?vs_currencies=usd",
                           R"({"my-coin":{"usd":1},"unheard-of":{"usd":2},"pepe":{"usd":3}})")});
    ASSERT_EQ(decoder.events.size(), 2U);
    EXPECT_EQ(text_of(decoder.events[0].instrument), "MYCOIN");
    EXPECT_EQ(text_of(decoder.events[1].instrument), "PEPE");
}

TEST(CoinGeckoDecoder, LimitsAndOtherErrorsAreGapsUntilTheNextAnswer) {
    FrameDriver<CoinGecko> decoder;
    decoder.step(
        {response(poll, R"({"status":{"error_code":429,"error_message":"Too fast"}})", 429)});
    decoder.step({response(poll, "error code: 1020", 403)});
    decoder.step({response(poll, R"({"error":"coin not found"})")});
    decoder.step({response(poll, both)});
    EXPECT_EQ(statuses(decoder), (std::vector<std::string>{"gap", "gap", "gap", "resumed"}));
    EXPECT_EQ(decoder.books.dead_lettered, 0U);
}

TEST(CoinGeckoDecoder, NonsenseIsRefusedAsAWhole) {
    for (const char* body : {"[]", "{\"bitcoin\":7}", "{\"bitcoin\":{\"usd\":\"many\"}}",
                             "{\"bitcoin\":{\"usd\":-1}}", "{\"bitcoin\":{\"usd\":1e999}}",
                             "{\"bitcoin\":{\"usd\":1,\"last_updated_at\":1791565590000}}"}) {
        FrameDriver<CoinGecko> decoder;
        decoder.step({response(poll, body)});
        EXPECT_EQ(decoder.books.dead_lettered, 1U) << body;
        EXPECT_TRUE(decoder.events.empty()) << body;
    }
    FrameDriver<CoinGecko> decoder;
    decoder.step({response("ping", "{\"gecko_says\":\"(V3) To the Moon!\"}")});
    ASSERT_EQ(decoder.refusals.size(), 1U);
    EXPECT_NE(decoder.refusals[0].find("poll 'ping' is not decoded"), std::string::npos);
}

TEST(CoinGeckoDecoder, ACoinNamedStatusIsNoError) {
    FrameDriver<CoinGecko> decoder("coingecko", {{"ids", "SNT=status"}});
    decoder.step({response("simple/price?ids=status", R"({"status":{"usd":0.02}})")});
    ASSERT_EQ(decoder.events.size(), 1U);
    EXPECT_EQ(text_of(decoder.events[0].instrument), "SNT");
}

}  // namespace
}  // namespace spillway::coingecko
