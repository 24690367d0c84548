#include <chrono>
#include <map>
#include <set>

#include <rapidjson/document.h>

#include "live/live_fixture.hpp"

namespace spillway::testing {
namespace {

CommandResult doctor(const MockExchange& exchange, const std::vector<std::string>& more = {}) {
    Command::Settings settings;
    settings.arguments = {"doctor", std::string(SPILLWAY_SOURCE_DIR) + "/pipelines/live.yaml"};
    for (const std::string source : {"binance", "bybit", "okx", "coingecko"}) {
        settings.arguments.insert(
            settings.arguments.end(),
            {"--set", "sources." + source + ".gateway=" + exchange.gateway()});
    }
    settings.arguments.insert(settings.arguments.end(), more.begin(), more.end());
    return run_command(settings);
}

struct Finding {
    std::string source, endpoint, check, outcome, detail, fix;
};

/// What `--format json` tells.
std::vector<Finding> findings_of(const CommandResult& result) {
    rapidjson::Document json;
    json.Parse(result.out.c_str());
    std::vector<Finding> findings;
    EXPECT_TRUE(json.IsObject() && json.HasMember("findings")) << result.out << result.err;
    if (!json.IsObject() || !json.HasMember("findings")) return findings;
    for (const auto& row : json["findings"].GetArray()) {
        const auto text = [&](const char* key) { return std::string(row[key].GetString()); };
        findings.push_back({text("source"), text("endpoint"), text("check"), text("outcome"),
                            text("detail"), text("fix")});
    }
    return findings;
}

TEST_F(LiveTest, DoctorTriesEachStepOfEveryEndpoint) {
    const MockExchange exchange;
    std::map<std::string, std::set<std::string>> of_endpoint, of_source;
    for (const Finding& finding : findings_of(doctor(exchange, {"--format", "json"}))) {
        EXPECT_TRUE(finding.outcome == "ok" || finding.check == "key") << finding.detail;
        of_endpoint[finding.endpoint].insert(finding.check);
        of_source[finding.source].insert(finding.check);
    }
    std::size_t sockets = 0;
    for (const auto& [endpoint, checks] : of_endpoint) {
        if (!endpoint.starts_with("wss://")) continue;
        ++sockets;
        EXPECT_TRUE(checks.contains("subscription")) << endpoint;
        EXPECT_TRUE(checks.contains("first data")) << endpoint;
    }
    EXPECT_GE(sockets, 5U);
    for (const char* source : {"binance", "bybit", "okx", "coingecko"}) {
        for (const char* check : {"TCP", "TLS", "HTTP", "replies", "clock", "rate limit", "key"}) {
            EXPECT_TRUE(of_source[source].contains(check)) << source << ": " << check;
        }
    }
}

TEST_F(LiveTest, DoctorFindsEveryEndpointHealthy) {
    const MockExchange exchange;
    const CommandResult result = doctor(exchange);
    EXPECT_EQ(result.code, 0) << result.out << result.err;
    for (const std::string text :
         {"fstream.binance.com", "stream.bybit.com", "ws.okx.com", "api.coingecko.com", "TLS",
          "of the date of the replies", "keyless: `api_key` is empty",
          "Everything that was tried works."}) {
        EXPECT_NE(result.out.find(text), std::string::npos) << text << '\n' << result.out;
    }
    // The probe asks what the source asks, query and all.
    EXPECT_EQ(result.out.find("HTTP 4"), std::string::npos) << result.out;
}

TEST_F(LiveTest, DoctorSaysWhatToDoAboutWhatIsBroken) {
    const MockExchange exchange({"--fault", "expired:bybit", "--fault", "451:binance"});
    const CommandResult result = doctor(exchange, {"--format", "json"});
    EXPECT_EQ(result.code, 1) << result.out << result.err;
    EXPECT_NE(result.out.find("\"healthy\": false"), std::string::npos) << result.out;
    std::map<std::string, std::string> failed;
    for (const Finding& finding : findings_of(result)) {
        if (finding.outcome != "failed") continue;
        EXPECT_NE(finding.fix, "") << finding.endpoint << ": " << finding.detail;
        failed[finding.source] += finding.detail + '\n';
    }
    EXPECT_NE(failed["bybit"].find("expired"), std::string::npos) << result.out;
    EXPECT_NE(failed["binance"].find("451"), std::string::npos) << result.out;
    EXPECT_FALSE(failed.contains("okx") || failed.contains("coingecko")) << result.out;
}

TEST_F(LiveTest, DoctorTriesTheSocketsOfAVenueWhoseListFails) {
    const MockExchange exchange({"--fault", "5xx:bybit"});
    const CommandResult result = doctor(exchange, {"--format", "json"});
    EXPECT_EQ(result.code, 1) << result.out << result.err;
    for (const std::string text :
         {"wss://stream.bybit.com/v5/public/linear", "not tried: the instrument list failed"}) {
        EXPECT_NE(result.out.find(text), std::string::npos) << text << '\n' << result.out;
    }
}

TEST_F(LiveTest, DoctorKeepsWithinHalfAMinuteWhateverHangs) {
    const MockExchange exchange({"--fault", "stuck"});
    const auto start = std::chrono::steady_clock::now();
    const CommandResult result = doctor(exchange);
    EXPECT_LE(std::chrono::steady_clock::now() - start, std::chrono::seconds(33));
    EXPECT_EQ(result.code, 1) << result.out << result.err;
}

}  // namespace
}  // namespace spillway::testing
