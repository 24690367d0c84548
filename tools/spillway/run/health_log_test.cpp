#include "run/health_log.hpp"

#include <memory>
#include <optional>
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

    void say(FeedState state, const std::string& reason, std::optional<Kind> about = {},
             Duration after = 0) {
        add(state, reason, about, after);
        deliver();
    }
    /// More than one may come at once.
    void add(FeedState state, const std::string& reason, std::optional<Kind> about = {},
             Duration after = 0) {
        Event& event = batch_->append(Kind::source_status);
        event.venue = venue_id("bybit");
        event.event_time = 1'770'000'000 * second + after;
        if (about) {
            event.source_status.about = *about;
            event.set_present(field::source_status::about);
        }
        event.source_status.state = state;
        event.set_present(field::source_status::state);
        event.source_status.reason = batch_->add_text(event, reason);
        event.set_present(field::source_status::reason);
    }
    void deliver() {
        EXPECT_TRUE(log_.write({*batch_, {nullptr, batch_->size()}}).ok());
        batch_ = BatchRef::create();
    }
    [[nodiscard]] std::string text() const { return text_.str(); }

private:
    BatchRef batch_ = BatchRef::create();
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

TEST(HealthLog, OneOutageIsOneWarning) {
    Reports reports;
    reports.say(FeedState::disconnected, "stream.bybit.com: lost");
    reports.say(FeedState::disconnected, "stream.bybit.com: connect: refused", {}, second);
    reports.say(FeedState::gap, "api.bybit.com: connect: refused", Kind::open_interest, 2 * second);
    EXPECT_EQ(reports.text(), "warning bybit: disconnected: stream.bybit.com: lost\n");
    reports.say(FeedState::disconnected, "HTTP 451", {}, 5 * minute);
    EXPECT_NE(reports.text().find("warning bybit: disconnected: HTTP 451"), std::string::npos)
        << reports.text();
}

TEST(HealthLog, WhatIsWorseThanWasToldIsToldAtOnce) {
    Reports reports;
    reports.say(FeedState::gap, "HTTP 500", Kind::open_interest);
    reports.say(FeedState::disconnected, "HTTP 451", {}, second);
    EXPECT_EQ(reports.text(),
              "warning bybit open_interest: gap: HTTP 500\n"
              "warning bybit: disconnected: HTTP 451\n");
}

TEST(HealthLog, OfAVenueThatIsOutItTellsThatAndNotWhatItMeansForAKind) {
    Reports reports;
    reports.add(FeedState::gap, "api.bybit.com: dns: no address", Kind::price);
    reports.add(FeedState::disconnected, "no plan for bybit: api.bybit.com: dns: no address");
    reports.deliver();
    EXPECT_EQ(reports.text(),
              "warning bybit: disconnected: no plan for bybit: api.bybit.com: dns: no address\n");
}

TEST(HealthLog, AStopIsNoFailure) {
    Reports reports;
    reports.say(FeedState::disconnected, "stopped");
    reports.say(FeedState::gap, "stopped");  // of a venue that was out
    EXPECT_EQ(reports.text(), "");
}

TEST(HealthLog, AMarketThatTheVenueLacksEndsNoOutage) {
    Reports reports;
    reports.say(FeedState::disconnected, "HTTP 451");
    reports.add(FeedState::gap, "NOSUCH: no contract", Kind::instrument, hour);
    reports.add(FeedState::resumed, "", Kind::instrument, hour);
    reports.deliver();
    reports.say(FeedState::connected, "", {}, 2 * hour);
    EXPECT_EQ(reports.text(),
              "warning bybit: disconnected: HTTP 451\n"
              "warning bybit instrument: gap: NOSUCH: no contract\n"
              "info bybit instrument: resumed\n"
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
