#include "checkup.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include <spillway/feed_frames.hpp>

#include "advice.hpp"
#include "poller.hpp"

namespace spillway::live {
namespace {

constexpr std::size_t shown = 200;
/// Times of a venue that differ by more make its data look stale, or from the future.
constexpr Duration largest_skew = 2 * second;

constexpr std::string_view check_the_clock =
    "set the clock of this machine: `timedatectl set-ntp true`";

}  // namespace

std::string_view without_query(std::string_view url) noexcept {
    return url.substr(0, url.find('?'));
}

void Checkup::expect(const Plan& plan) {
    for (const SocketPlan& socket : plan.sockets) {
        Line& line = lines_[socket.name];
        line.plan = socket;
        line.topics = 0;
    }
    for (const TopicPlan& topic : plan.topics) {
        Line& line = lines_[topic.socket];
        ++line.topics;
        line.steady = line.steady || topic.interval > 0;
    }
    std::erase_if(lines_, [](const auto& entry) { return entry.second.topics == 0; });
    for (const PollPlan& poll : plan.polls) polls_[poll.channel].plan = poll;
    missing_ = plan.missing;
}

void Checkup::take(const Frame& frame) {
    if (frame.type == FrameType::response) return take_reply(frame);
    if (text_of(frame.channel) == missing_channel) return;  // the plan says it
    const auto found = lines_.find(text_of(frame.channel));
    if (found == lines_.end()) {
        if (frame.type == FrameType::closed || frame.type == FrameType::gap) {
            trouble_ = frame.bytes;
        } else if (frame.type == FrameType::opened) {
            trouble_.clear();
        }
        return;
    }
    Line& line = found->second;
    switch (frame.type) {
        case FrameType::opened:
            if (!line.opened) line.opened = frame.receive_time;
            break;
        case FrameType::subscribed:
            if (!line.subscribed) line.subscribed = frame.receive_time;
            break;
        case FrameType::data: {
            const Heard heard = protocol_.hear(line.plan.name, frame.bytes);
            if (heard.what == Heard::What::data && !line.first_data) {
                line.first_data = frame.receive_time;
            }
            if (heard.what == Heard::What::refused && line.refusal.empty()) {
                line.refusal = heard.text.empty() ? frame.bytes.substr(0, shown) : heard.text;
            }
            break;
        }
        case FrameType::closed:
        case FrameType::gap:
            line.trouble = frame.bytes.substr(0, 2 * shown);
            break;
        case FrameType::response:
            break;
    }
}

void Checkup::take_reply(const Frame& frame) {
    const auto found = polls_.find(text_of(frame.channel));
    if (found == polls_.end()) return;
    Asked& poll = found->second;
    poll.answered = true;
    poll.status = frame.http_status;
    // Where no reply came, the bytes are the reason and not the venue's words.
    const Protocol::Fault fault =
        frame.http_status == no_reply
            ? Protocol::Fault{}
            : protocol_.fault({poll.plan.channel, frame.http_status, frame.bytes});
    poll.refused_key = fault.refused_key || frame.http_status == 401;
    poll.good =
        frame.http_status == 200 && fault.text.empty() && !fault.limited && !fault.refused_key;
    if (!poll.good) {
        poll.trouble = fault.text.empty() ? frame.bytes.substr(0, 2 * shown) : fault.text;
    }
    if (const auto told = protocol_.venue_time(frame.bytes)) poll.skew = frame.receive_time - *told;
}

bool Checkup::is_complete() const noexcept {
    const bool lines = std::all_of(lines_.begin(), lines_.end(), [](const auto& entry) {
        const Line& line = entry.second;
        return line.subscribed && (line.first_data || !line.steady);
    });
    return lines && std::all_of(polls_.begin(), polls_.end(),
                                [](const auto& entry) { return entry.second.answered; });
}

void Checkup::report(const Figures& figures, Time started, Examiner& out) const {
    if (!trouble_.empty()) {
        out.report({"the venue", "plan", Outcome::failed, trouble_,
                    "nothing can be subscribed before its lists have come: see above what failed "
                    "at their addresses"});
    }
    for (const MissingPlan& missing : missing_) {
        out.report({"the venue", "market", Outcome::warning,
                    fmt::format("{}: {}", missing.what, missing.why),
                    "take it out of `markets`, or check how the venue calls it"});
    }
    for (const auto& [name, line] : lines_) report_line(line, started, out);
    report_polls(out);
    figures.for_each_quota([&](const QuotaFigures& quota) {
        if (quota.amount.get() <= 0) return;
        const double share = quota.left.get() / quota.amount.get();
        out.report({"the venue", "rate limit", share < 0.02 ? Outcome::warning : Outcome::good,
                    fmt::format("{}: {:.0f} of {:.0f} left", quota.name, quota.left.get(),
                                quota.amount.get()),
                    share < 0.02 ? "see what else uses this address or key" : ""});
    });
}

void Checkup::report_line(const Line& line, Time started, Examiner& out) {
    const std::string_view url = without_query(line.plan.url);
    if (!line.opened) {
        return out.report({url, "connection", Outcome::failed,
                           line.trouble.empty() ? "it did not open in time" : line.trouble,
                           "see which of its steps failed"});
    }
    if (line.subscribed) {
        out.report({url,
                    "subscription",
                    Outcome::good,
                    fmt::format("{} topics", line.topics),
                    {},
                    *line.subscribed - started});
    } else {
        out.report(
            {url, "subscription", Outcome::failed,
             !line.refusal.empty() ? line.refusal : fmt::format("not confirmed: {}", line.trouble),
             "check `markets`; the venue may have renamed or delisted one"});
    }
    if (line.first_data) {
        out.report({url, "first data", Outcome::good, {}, {}, *line.first_data - started});
    } else if (line.steady) {
        out.report({url, "first data", Outcome::failed, "nothing came",
                    "check `markets`; if they are right, see the venue's status page"});
    } else {
        out.report({url, "first data", Outcome::skipped,
                    "nothing came yet: these topics speak only when something happens"});
    }
    if (line.opened && !line.trouble.empty()) {
        out.report({url, "connection", Outcome::warning, line.trouble});
    }
}

void Checkup::report_polls(Examiner& out) const {
    std::map<std::string, std::vector<const Asked*>> by_host;
    for (const auto& [channel, poll] : polls_) by_host[host_of(poll.plan.url)].push_back(&poll);
    for (const auto& [host, polls] : by_host) report_host(host, polls, out);
}

void Checkup::report_host(std::string_view host, std::span<const Asked* const> polls,
                          Examiner& out) {
    std::size_t answered = 0, good = 0, with_key = 0, refused_key = 0;
    const Asked* bad = nullptr;
    std::optional<Duration> skew;
    for (const Asked* poll : polls) {
        answered += poll->answered ? 1 : 0;
        good += poll->good ? 1 : 0;
        with_key += !poll->plan.header.empty() && poll->good ? 1 : 0;
        refused_key += poll->refused_key ? 1 : 0;
        if (poll->answered && !poll->good) bad = poll;
        if (poll->skew) skew = poll->skew;
    }
    if (bad != nullptr) {
        const Over over{Cause::status, bad->status, {}};
        out.report(
            {without_query(bad->plan.url), "replies", Outcome::failed,
             fmt::format("{} of {} good; {}: {}{}", good, polls.size(), bad->plan.channel,
                         bad->status == no_reply ? "" : fmt::format("HTTP {}: ", bad->status),
                         bad->trouble),
             advice_for(over)});
    } else if (answered < polls.size()) {
        out.report({host, "replies", Outcome::warning,
                    fmt::format("{} of {} came in time", answered, polls.size()),
                    "the quota of the venue spreads many requests over minutes"});
    } else {
        out.report({host, "replies", Outcome::good, fmt::format("{} of {}", good, polls.size())});
    }
    if (refused_key > 0) {
        out.report({host, "key", Outcome::failed, "the venue does not accept the key",
                    "check that it is whole, of this venue and plan, and not expired"});
    } else if (with_key > 0) {
        out.report({host, "key", Outcome::good, "accepted"});
    }
    if (!skew) return;
    const bool far = std::abs(*skew) > largest_skew;
    out.report({host, "clock", far ? Outcome::warning : Outcome::good,
                fmt::format("replies arrive {} {} the venue's time in them",
                            format_duration(floor_to(std::abs(*skew), millisecond)),
                            *skew < 0 ? "before" : "after"),
                far ? check_the_clock : std::string_view{}});
}

}  // namespace spillway::live
