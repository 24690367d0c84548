#include "run/health_log.hpp"

#include <memory>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <spillway/fields.hpp>

namespace spillway::cli {
namespace {

/// What the log says of these reports of Bybit's feed.
class Reports {
public:
    Reports() {
        auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
        auto logger = std::make_shared<spdlog::logger>("test", sink);
        logger->set_pattern("%l %v");
        before_ = spdlog::default_logger();
        spdlog::set_default_logger(logger);
    }
    ~Reports() { spdlog::set_default_logger(before_); }
    Reports(const Reports&) = delete;
    Reports& operator=(const Reports&) = delete;

    void say(FeedState state, const std::string& reason) {
        BatchRef batch = BatchRef::create();
        Event& event = batch->append(Kind::source_status);
        event.venue = venue_id("bybit");
        event.source_status.state = state;
        event.set_present(field::source_status::state);
        event.source_status.reason = batch->add_text(event, reason);
        event.set_present(field::source_status::reason);
        EXPECT_TRUE(log_.write({*batch, {nullptr, 1}}).ok());
    }
    [[nodiscard]] std::string text() const { return text_.str(); }

private:
    HealthLog log_;
    std::ostringstream text_;
    std::shared_ptr<spdlog::logger> before_;
};

TEST(HealthLog, TellsAFailureOnceAndItsEnd) {
    Reports reports;
    reports.say(FeedState::connected, "");
    reports.say(FeedState::disconnected, "HTTP 451: blocked for your country");
    reports.say(FeedState::disconnected, "HTTP 451: blocked for your country");
    reports.say(FeedState::connected, "");
    reports.say(FeedState::resumed, "");
    EXPECT_EQ(reports.text(),
              "warning bybit: disconnected: HTTP 451: blocked for your country\n"
              "info bybit: connected\n");
}

TEST(HealthLog, IsNotFloodedByAFeedThatFailsInEverNewWords) {
    Reports reports;
    for (int i = 0; i < 10'000; ++i) {
        reports.say(FeedState::gap, "message " + std::to_string(i));
    }
    EXPECT_LT(reports.text().size(), 10'000U);
}

}  // namespace
}  // namespace spillway::cli
