#include "plan.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace spillway::live {
namespace {

template <class Items, class Get>
bool has_name(const Items& items, std::string_view name, Get get) {
    return std::any_of(items.begin(), items.end(),
                       [&](const auto& item) { return item.*get == name; });
}

}  // namespace

std::string host_of(std::string_view url) {
    struct Scheme {
        std::string_view start, port;
    };
    constexpr std::array<Scheme, 4> schemes{
        {{"wss://", "443"}, {"https://", "443"}, {"ws://", "80"}, {"http://", "80"}}};
    for (const Scheme& scheme : schemes) {
        if (!url.starts_with(scheme.start)) continue;
        std::string_view host = url.substr(scheme.start.size());
        host = host.substr(0, host.find_first_of("/?#"));
        if (host.empty() || host.find_first_of(" @") != std::string_view::npos) return {};
        const std::size_t colon = host.find(':', host.starts_with('[') ? host.find(']') : 0);
        if (colon != std::string_view::npos) return std::string(host);
        return fmt::format("{}:{}", host, scheme.port);
    }
    return {};
}

void PlanBuilder::fail(std::string_view subject, std::string_view what) {
    if (mistake_.ok()) mistake_ = {Code::defect, fmt::format("{}: {}", subject, what), subject};
}

void PlanBuilder::quota(const Quota& quota) {
    if (quota.name.empty()) return fail("quota", "it has no name");
    if (!(quota.amount > 0) || quota.per <= 0) {
        return fail(quota.name, "a quota needs an amount and a time above zero");
    }
    if (has_name(plan_.quotas, quota.name, &QuotaPlan::name)) {
        return fail(quota.name, "the quota is declared twice");
    }
    plan_.quotas.push_back({std::string(quota.name), quota.amount, quota.per,
                            std::string(quota.used_header), std::string(quota.left_header)});
}

void PlanBuilder::socket(const Socket& socket) {
    if (socket.name.empty()) return fail("socket", "it has no name");
    if (has_name(plan_.sockets, socket.name, &SocketPlan::name)) {
        return fail(socket.name, "the socket is declared twice");
    }
    if (!socket.url.starts_with("ws") || host_of(socket.url).empty()) {
        return fail(socket.name, fmt::format("'{}' is no WebSocket address; expected "
                                             "wss://host/path",
                                             socket.url));
    }
    if (socket.silence <= 0 || socket.ping_every < 0 || socket.lifetime < 0) {
        return fail(socket.name, "silence must be above zero, ping_every and lifetime not below");
    }
    plan_.sockets.push_back({std::string(socket.name), std::string(socket.url),
                             socket.topics_per_connection, socket.topic_bytes_per_connection,
                             socket.topics_per_message, socket.topic_bytes_per_message,
                             socket.messages_per_second, socket.connects_per_minute,
                             socket.lifetime, socket.ping_every, std::string(socket.ping),
                             socket.silence, std::string(socket.hello), socket.gzip});
}

void PlanBuilder::topic(const Topic& topic) {
    if (topic.name.empty()) return fail("topic", "it has no name");
    if (topic.interval < 0) return fail(topic.name, "its interval is below zero");
    plan_.topics.push_back({std::string(topic.socket), std::string(topic.name), topic.about,
                            topic.interval, std::string(topic.group), topic.group_limit});
}

void PlanBuilder::poll(const Poll& poll) {
    if (poll.channel.empty()) return fail("poll", "it has no channel");
    if (!poll.url.starts_with("http") || host_of(poll.url).empty()) {
        // The address is not shown: its query may hold a key.
        return fail(poll.channel, "its address is not of the form https://host/path");
    }
    if (poll.every < 0 || !(poll.weight >= 0) || poll.max_pages == 0) {
        return fail(poll.channel, "every and weight must not be below zero, max_pages not zero");
    }
    if (has_name(plan_.polls, poll.channel, &PollPlan::channel)) {
        return fail(poll.channel, "the poll is declared twice");
    }
    plan_.polls.push_back(
        {std::string(poll.channel), std::string(poll.url), poll.method, std::string(poll.body),
         std::string(poll.header), std::string(poll.header_value), poll.about, poll.every,
         poll.after_period, std::string(poll.quota), poll.weight, poll.max_pages});
}

void PlanBuilder::missing(std::string_view what, std::string_view why) {
    plan_.missing.push_back({std::string(what), std::string(why)});
}

Result<Plan> PlanBuilder::take(const std::vector<QuotaPlan>& more_quotas) {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const TopicPlan& topic : plan_.topics) {
        if (!has_name(plan_.sockets, topic.socket, &SocketPlan::name)) {
            fail(topic.name,
                 fmt::format("the topic is on socket '{}', which is not declared", topic.socket));
        }
        if (!seen.emplace(topic.socket, topic.name).second) {
            fail(topic.name, "the topic is declared twice");
        }
    }
    for (const PollPlan& poll : plan_.polls) {
        if (poll.quota.empty() || has_name(plan_.quotas, poll.quota, &QuotaPlan::name) ||
            has_name(more_quotas, poll.quota, &QuotaPlan::name)) {
            continue;
        }
        fail(poll.channel,
             fmt::format("the poll takes from quota '{}', which is not declared", poll.quota));
    }
    if (!mistake_.ok()) return tl::make_unexpected(std::exchange(mistake_, {}));
    return std::exchange(plan_, {});
}

}  // namespace spillway::live
