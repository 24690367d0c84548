#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../driver.hpp"
#include "fake_network.hpp"
#include "toy_venue.hpp"

namespace spillway::live {

/// A frame that outlives its block.
struct SeenFrame {
    FrameType type;
    std::string channel, bytes;
    std::uint32_t session;
    std::uint16_t status;
    Time time;
};

/// A driver on a fake network. The venue accepts every connection and confirms every subscription,
/// unless a test plays it otherwise.
class DriverTest : public testing::Test {
protected:
    using Link = FakeNetwork::Link;

    DriverTest() {
        socket.name = "feed";
        socket.url = "wss://feed.example/ws";
        network.on_send = [this](Link& link, const std::string& text) { confirm(link, text); };
        venue.on_plan = [this](std::span<const Reply>, PlanWriter& out) {
            for (const Quota& quota : quotas) out.quota(quota);
            if (!topics.empty()) out.socket(socket);
            for (const Topic& topic : topics) out.topic(topic);
            for (const Poll& poll : polls) out.poll(poll);
            return Status();
        };
    }

    void start(const Driver::Resume& resume = {}) {
        driver = std::make_unique<Driver>(network, venue, mailbox, figures, settings);
        driver->start(resume);
    }
    void confirm(Link& link, const std::string& text) {
        if (!text.starts_with("sub ") && !text.starts_with("unsub ")) return;
        const std::size_t id = text.find(' ') + 1;
        network.say(link, "ok " + text.substr(id, text.find(' ', id) - id));
    }
    void subscribe_to(std::initializer_list<std::string_view> names, Duration interval = 0) {
        for (const std::string_view name : names) {
            topics.push_back({"feed", name, Kind::price, interval, {}, 0});
        }
    }
    void ask(std::string_view channel, std::string_view url, Duration every) {
        Poll poll;
        poll.channel = channel;
        poll.url = url;
        poll.every = every;
        polls.push_back(poll);
    }

    /// What came since the last call, without the word that there is a plan. Times always advance.
    std::vector<SeenFrame> frames() {
        std::vector<SeenFrame> result;
        for (ReadState state = ReadState::more; state == ReadState::more;) {
            SourceOutput out;
            out.events = BatchRef::create();
            out.letters = BatchRef::create();
            state = mailbox.take(out);
            ended = state == ReadState::end;
            letters += out.letters->size();
            for (const Frame& frame : out.frames) {
                EXPECT_GT(frame.receive_time, newest);
                newest = frame.receive_time;
                if (frame.type == FrameType::opened && frame.session == 0) {
                    told_plans.emplace_back(frame.bytes);
                    continue;
                }
                result.push_back({frame.type, std::string(text_of(frame.channel)),
                                  std::string(frame.bytes), frame.session, frame.http_status,
                                  frame.receive_time});
            }
        }
        return result;
    }
    /// The types of frames as a text, with their sessions: "opened:1 subscribed:1", without data.
    std::string story() {
        static constexpr std::array<std::string_view, 6> names = {"opened",   "subscribed", "data",
                                                                  "response", "closed",     "gap"};
        std::string text;
        for (const SeenFrame& frame : frames()) {
            const std::string part = std::string(names[static_cast<std::size_t>(frame.type)]) +
                                     ":" + std::to_string(frame.session);
            if (frame.type == FrameType::data) continue;
            text += text.empty() ? part : " " + part;
        }
        return text;
    }
    Link& link() {
        const auto alive = network.alive();
        EXPECT_FALSE(alive.empty());
        return *alive.back();
    }
    std::uint64_t over(Cause cause) {
        return figures.socket("feed").over[static_cast<std::size_t>(cause)].get();
    }

    Driver::Settings settings{.venue = "toy", .max_message = 1U << 20U, .seed = 7};
    FakeNetwork network;
    ToyVenue venue;
    Socket socket;
    std::vector<Topic> topics;
    std::vector<Quota> quotas;
    std::vector<Poll> polls;
    Mailbox mailbox{venue_id("toy"), 64U << 20U, nullptr};
    Figures figures;
    std::unique_ptr<Driver> driver;
    Time newest = time_before_all;
    std::vector<std::string> told_plans;  ///< the sockets of those that were told
    bool ended = false;
    std::uint32_t letters = 0;
};

inline auto is(FrameType type) { return testing::Field(&SeenFrame::type, type); }
inline std::vector<SeenFrame> only(const std::vector<SeenFrame>& frames, FrameType type) {
    std::vector<SeenFrame> result;
    std::copy_if(frames.begin(), frames.end(), std::back_inserter(result),
                 [&](const SeenFrame& frame) { return frame.type == type; });
    return result;
}

}  // namespace spillway::live
