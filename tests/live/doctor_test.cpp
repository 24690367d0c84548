#include <chrono>

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
    EXPECT_NE(result.out.find("expired"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("451"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("\"healthy\": false"), std::string::npos) << result.out;
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
