#include <atomic>
#include <string_view>

#include <dlfcn.h>
#include <netdb.h>

#include "live/live_fixture.hpp"

namespace spillway::testing {
namespace {

/// A name of this machine that only this process knows, and that can go away.
constexpr std::string_view known_name = "mock-exchange.test";
std::atomic<bool> is_known{true};

}  // namespace
}  // namespace spillway::testing

/// Stands before the system's in this process, plugins included: names cannot be made to go away
/// from outside.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): those of glibc are reserved
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found) {
    using spillway::testing::is_known;
    using spillway::testing::known_name;
    static const auto system =
        reinterpret_cast<decltype(&::getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    if (node == nullptr || node != known_name) return system(node, service, hints, found);
    return is_known ? system("127.0.0.1", service, hints, found) : EAI_AGAIN;
}

namespace spillway::testing {
namespace {

std::string status(std::string_view state) { return R"("state":")" + std::string(state) + '"'; }

class ResolverTest : public LiveTest {
protected:
    ResolverTest() { is_known = true; }

    /// Where Bybit alone is looked up by name.
    [[nodiscard]] PipelineRun live_by_name(const MockExchange& exchange) const {
        constexpr std::string_view address = "127.0.0.1";
        std::string gateway = exchange.gateway();
        gateway.replace(gateway.find(address), address.size(), known_name);
        PipelineRun run = live(exchange);
        run.overrides = {{"sources.bybit.gateway", gateway}};
        return run;
    }
    static void expect_others_go_on(LivePipeline& pipeline) {
        const std::size_t seen = pipeline.lines("events").size();
        for (const std::string name : {"binance", "okx"}) {
            EXPECT_TRUE(pipeline.wait_for("events", {venue(name), kind("price")}, seen)) << name;
        }
        for (const std::string& line : pipeline.lines("events")) {
            if (line.find(kind("source_status")) == std::string::npos ||
                line.find(venue("bybit")) != std::string::npos) {
                continue;
            }
            EXPECT_NE(line.find(status("connected")), std::string::npos) << line;
        }
    }
};

TEST_F(ResolverTest, AVenueWithoutAnAddressStopsNothingElse) {
    const MockExchange exchange;
    PipelineRun run = live(exchange);
    run.overrides = {{"sources.bybit.gateway", "nothing.invalid:443"}};
    LivePipeline pipeline(run);
    EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), status("disconnected"),
                                             "no address of nothing.invalid is found: "}));
    expect_others_go_on(pipeline);
    expect_balanced(pipeline.stop().final);
}

TEST_F(ResolverTest, ANameServerThatGoesAwayIsToldAndTriedAgain) {
    const MockExchange exchange;
    LivePipeline pipeline(live_by_name(exchange));
    ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), status("connected")}));
    ASSERT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}));
    std::size_t seen = pipeline.lines("events").size();
    is_known = false;
    // What is open stays open.
    EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), kind("price")}, seen));
    exchange.cut("bybit");
    EXPECT_TRUE(pipeline.wait_for("events", {venue("bybit"), status("disconnected"), "lost: "}));
    EXPECT_TRUE(pipeline.wait_for("events",
                                  {venue("bybit"), status("gap"), "dns: no address of ",
                                   "Temporary failure in name resolution: check the name server"},
                                  seen));
    expect_others_go_on(pipeline);
    seen = pipeline.lines("events").size();
    is_known = true;
    for (const auto& told : {std::vector{status("gap"), std::string("nothing was received from ")},
                             std::vector{status("resumed")}, std::vector{kind("price")}}) {
        std::vector<std::string> texts = {venue("bybit")};
        texts.insert(texts.end(), told.begin(), told.end());
        EXPECT_TRUE(pipeline.wait_for("events", texts, seen)) << told[0];
    }
    expect_balanced(pipeline.stop().final);
}

}  // namespace
}  // namespace spillway::testing
