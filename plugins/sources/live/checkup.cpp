#include "checkup.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include <spillway/feed_frames.hpp>

#include "advice.hpp"
#include "backoff.hpp"
#include "network/http_words.hpp"
#include "network/probe_words.hpp"

namespace spillway::live {
namespace {

constexpr std::size_t shown = 300;
/// Times of a venue that differ by more make its data look stale, or from the future.
constexpr Duration largest_skew = 2 * second;

constexpr std::string_view check_the_clock =
    "set the clock of this machine: `timedatectl set-ntp true`";
constexpr std::string_view check_markets =
    "check `markets`; the venue may have renamed or delisted one";
constexpr std::string_view see_its_steps =
    "see which of its steps failed; if none did, see the venue's status page, or try again later";
constexpr std::string_view is_otherwise =
    "check `markets`; if they are right, the venue answers otherwise than its plugin expects: a "
    "newer version may know how";

/// Statuses of HTTP with advice of their own; 500 stands for its like.
constexpr std::array<std::uint16_t, 8> statuses = {300, 401, 403, 407, 418, 429, 451, 500};

/// What a frame tells of an outage. Frames say what to do in the same breath; a finding has a place
/// of its own for it.
struct Told {
    explicit Told(std::string_view text) : what(quotable(text, 4 * shown)) {
        for (const Cause cause : {Cause::dns, Cause::connect, Cause::proxy, Cause::tls}) {
            cut(advice_for({cause, 0, {}}));
        }
        for (const std::uint16_t status : statuses) {
            cut(status_advice(status));
        }
        what = quotable(what, shown);
    }
    [[nodiscard]] std::string_view fix_or(std::string_view other) const noexcept {
        return fix.empty() ? other : fix;
    }

    std::string what;
    std::string_view fix;

private:
    void cut(std::string_view advice) {
        if (advice.empty() || what.find(advice) == std::string::npos) return;
        if (fix.empty()) fix = advice;
        what = without_advice(std::move(what), advice);
    }
};

}  // namespace

std::string_view without_query(std::string_view url) noexcept {
    return url.substr(0, url.find('?'));
}

void Checkup::expect_lists(const Plan& lists) {
    for (const PollPlan& poll : lists.polls) {
        polls_[poll.channel].plan = poll;
        polls_[poll.channel].is_list = true;
    }
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
    untried_.clear();
    for (const auto& [name, line] : lines_) {
        if (line.topics == 0) untried_.push_back(line.plan);
    }
    std::erase_if(lines_, [](const auto& entry) { return entry.second.topics == 0; });
    for (const PollPlan& poll : plan.polls) polls_[poll.channel].plan = poll;
    missing_ = plan.missing;
    refused_.reset();
    knows_sockets_ = true;
}

void Checkup::do_without_lists(const Result<Plan>& plan) {
    knows_sockets_ = plan.has_value();
    if (plan) untried_ = plan->sockets;
}

void Checkup::take(const Frame& frame) {
    if (frame.type == FrameType::response) return take_reply(frame);
    const auto found = lines_.find(text_of(frame.channel));
    if (found != lines_.end()) return take(frame, found->second);
    take_change(frame);
}

/// Of no socket.
void Checkup::take_change(const Frame& frame) {
    const std::string_view channel = text_of(frame.channel);
    const bool is_worse = frame.type == FrameType::closed || frame.type == FrameType::gap;
    if (channel == venue_) {
        trouble_ = is_worse ? frame.bytes : std::string_view();
    } else if (channel == missing_channel || channel == clock_channel) {
        return;  // the plan and the replies say it
    } else if (is_worse) {
        ill_[std::string(channel)] = frame.bytes;
    } else {
        ill_.erase(std::string(channel));
    }
}

void Checkup::take(const Frame& frame, Line& line) const {
    // A connection that delivers is open, whatever was told of it.
    const auto note = [&](std::optional<Time>& first) {
        if (!line.opened) line.opened = frame.receive_time;
        if (!first) first = frame.receive_time;
    };
    switch (frame.type) {
        case FrameType::opened:
            return note(line.opened);
        case FrameType::subscribed:
            return note(line.subscribed);
        case FrameType::data: {
            const Heard heard = protocol_.hear(line.plan.name, frame.bytes);
            if (heard.what == Heard::What::data) note(line.first_data);
            if (heard.what == Heard::What::refused && line.refusal.empty()) {
                line.refusal = quotable(heard.text.empty() ? frame.bytes : heard.text, shown);
            }
            return;
        }
        case FrameType::gap:
            // Of a connection that was lost this may be the end; why it was lost says more.
            if (line.opened && !line.trouble.empty()) return;
            [[fallthrough]];
        case FrameType::closed:
            line.trouble = frame.bytes;
            return;
        case FrameType::response:
            return;
    }
}

void Checkup::take_reply(const Frame& frame) {
    const auto found = polls_.find(text_of(frame.channel));
    if (found == polls_.end()) return;
    Asked& poll = found->second;
    poll.answered = true;
    poll.status = frame.http_status;
    // Else the bytes are not the venue's words, or not these alone, or the page of some server.
    const bool in_its_words = frame.http_status == 200 ||
                              (frame.http_status != no_reply && !is_penalty(frame.http_status) &&
                               frame.bytes.starts_with('{'));
    const Protocol::Fault fault =
        in_its_words ? protocol_.fault({poll.plan.channel, frame.http_status, frame.bytes})
                     : Protocol::Fault{};
    poll.refused_key = fault.refused_key || frame.http_status == 401;
    poll.good =
        frame.http_status == 200 && fault.text.empty() && !fault.limited && !fault.refused_key;
    if (!poll.good) poll.trouble = fault.text.empty() ? frame.bytes : fault.text;
    if (frame.http_status == no_reply) return;
    if (const auto told = protocol_.venue_time(frame.bytes)) poll.skew = frame.receive_time - *told;
}

void Checkup::hear(std::string_view url, const Response& response, Time received) {
    const std::optional<ClockLead> lead = lead_by_date(response, received);
    if (!lead) return;
    const auto [place, is_first] = clocks_.try_emplace(host_of(url), *lead);
    if (!is_first && lead->width() <= place->second.width()) place->second = *lead;
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
    if (is_out()) report_outage(out);
    report_untried(out);
    for (const MissingPlan& missing : missing_) {
        out.report({"the venue", "market", Outcome::warning,
                    fmt::format("{}: {}", missing.what, missing.why),
                    "take it out of `markets`, or check how the venue calls it"});
    }
    for (const auto& [name, line] : lines_) report_line(line, started, out);
    report_topics(out);
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

void Checkup::report_outage(Examiner& out) const {
    std::string_view fix =
        "nothing can be subscribed before its lists have come: see what failed at their addresses";
    if (refused_) fix = *refused_ == Code::bad_option ? check_markets : is_otherwise;
    out.report({"the venue", "plan", Outcome::failed, Told(trouble_).what, fix});
}

/// Sockets to which nothing could be subscribed for want of a list. How far they can be reached was
/// tried.
void Checkup::report_untried(Examiner& out) const {
    const bool failed = std::any_of(polls_.begin(), polls_.end(), [](const auto& entry) {
        return entry.second.is_list && !entry.second.good;
    });
    if (!failed && !is_out()) return;
    const std::string why =
        fmt::format("not tried: the instrument list {}", failed ? "failed" : "is of no use");
    if (!knows_sockets_) {
        return out.report({"the venue", "WebSocket", Outcome::skipped,
                           why + ", and no address is known without it"});
    }
    for (const SocketPlan& socket : untried_) {
        const std::string_view url = without_query(socket.url);
        out.report({url, "subscription", Outcome::skipped, why});
        out.report({url, "first data", Outcome::skipped, why});
    }
}

bool Checkup::is_refused() const {
    return std::any_of(ill_.begin(), ill_.end(),
                       [](const auto& entry) { return entry.first.starts_with(refused_channels); });
}

void Checkup::report_line(const Line& line, Time started, Examiner& out) const {
    const std::string_view url = without_query(line.plan.url);
    const Told trouble(line.trouble);
    if (!line.opened) {
        return out.report({url, "connection", Outcome::failed,
                           trouble.what.empty() ? "it did not open in time" : trouble.what,
                           trouble.fix_or(see_its_steps)});
    }
    report_subscription(url, line, is_refused(), started, out);
    if (line.first_data) {
        out.report({url, "first data", Outcome::good, {}, {}, *line.first_data - started});
    } else if (line.steady) {
        out.report({url, "first data", Outcome::failed, "nothing came",
                    "check `markets`; if they are right, see the venue's status page"});
    } else {
        out.report({url, "first data", Outcome::skipped,
                    "nothing came yet: these topics speak only when something happens"});
    }
    if (!trouble.what.empty()) {
        out.report({url, "connection", Outcome::warning, trouble.what,
                    trouble.fix_or("it is made anew; see the venue's status page, if it comes "
                                   "again")});
    }
}

/// `refused`: a topic is still, of this connection or another. A message that is refused is cut in
/// halves, and most of it may be subscribed then.
void Checkup::report_subscription(std::string_view url, const Line& line, bool refused,
                                  Time started, Examiner& out) {
    if (!line.subscribed || (refused && !line.refusal.empty())) {
        return out.report({url, "subscription", Outcome::failed,
                           line.refusal.empty() ? "not confirmed in time" : line.refusal,
                           check_markets});
    }
    out.report({url,
                "subscription",
                Outcome::good,
                fmt::format("{} topic{}", line.topics, line.topics == 1 ? "" : "s"),
                {},
                *line.subscribed - started});
}

void Checkup::report_topics(Examiner& out) const {
    for (const auto& [channel, text] : ill_) {
        if (channel.starts_with(refused_channels)) {
            out.report(
                {"the venue", "topics", Outcome::failed, quotable(text, shown), check_markets});
        } else {
            out.report({"the venue", "topics", Outcome::warning, quotable(text, shown),
                        "see the venue's status page, if it stays so"});
        }
    }
}

void Checkup::report_polls(Examiner& out) const {
    std::map<std::string, std::vector<const Asked*>> by_host;
    for (const auto& [channel, poll] : polls_) by_host[host_of(poll.plan.url)].push_back(&poll);
    for (const auto& [host, polls] : by_host) {
        report_replies(host, polls, out);
        report_key(host, polls, out);
        report_clock(host, polls, out);
    }
}

void Checkup::report_replies(std::string_view host, std::span<const Asked* const> polls,
                             Examiner& out) {
    std::size_t answered = 0, good = 0;
    const Asked* bad = nullptr;
    for (const Asked* poll : polls) {
        answered += poll->answered ? 1 : 0;
        good += poll->good ? 1 : 0;
        // Much else fails for want of a list.
        const bool is_worse = bad == nullptr || poll->is_list;
        if (poll->answered && !poll->good && is_worse) bad = poll;
    }
    if (bad != nullptr) {
        const Told trouble(bad->trouble);
        const bool replied = bad->status != no_reply;
        const std::string_view usual =
            replied ? advice_for({Cause::status, bad->status, {}}) : see_its_steps;
        out.report({without_query(bad->plan.url), "replies", Outcome::failed,
                    fmt::format("{} of {} good; {}: {}{}", good, polls.size(), bad->plan.channel,
                                replied ? fmt::format("HTTP {}: ", bad->status) : "", trouble.what),
                    trouble.fix_or(usual.empty() ? is_otherwise : usual)});
    } else if (answered < polls.size()) {
        out.report({host, "replies", Outcome::warning,
                    fmt::format("{} of {} came in time", answered, polls.size()),
                    "the quota of the venue spreads many requests over minutes"});
    } else {
        out.report({host, "replies", Outcome::good, fmt::format("{} of {}", good, polls.size())});
    }
}

void Checkup::report_key(std::string_view host, std::span<const Asked* const> polls,
                         Examiner& out) {
    const auto has_key = [](const Asked* poll) { return !poll->plan.header.empty(); };
    const bool any = std::ranges::any_of(polls, has_key);
    const bool refused =
        std::ranges::any_of(polls, [](const Asked* poll) { return poll->refused_key; });
    if (refused && any) {
        out.report({host, "key", Outcome::failed, "the venue does not accept the key",
                    "check that it is whole, of this venue and plan, and not expired"});
    } else if (refused) {
        out.report({host, "key", Outcome::failed, "the venue wants a key",
                    "`spillway plugins describe` names the venue's option for it"});
    } else if (std::ranges::any_of(polls, [&](const Asked* p) { return has_key(p) && p->good; })) {
        out.report({host, "key", Outcome::good, "accepted"});
    } else if (any) {
        out.report({host, "key", Outcome::skipped, "no reply says whether it is accepted"});
    }
}

/// The venue's own time is the better one; not all tell it.
void Checkup::report_clock(std::string_view host, std::span<const Asked* const> polls,
                           Examiner& out) const {
    std::optional<Duration> skew;
    for (const Asked* poll : polls) {
        if (poll->skew) skew = poll->skew;
    }
    const auto put = [&](bool far, std::string_view detail) {
        out.report({host, "clock", far ? Outcome::warning : Outcome::good, detail,
                    far ? check_the_clock : std::string_view{}});
    };
    if (skew) {
        return put(std::abs(*skew) > largest_skew,
                   fmt::format("replies arrive {} {} the venue's time in them",
                               format_duration(floor_to(std::abs(*skew), millisecond)),
                               *skew < 0 ? "before" : "after"));
    }
    const auto dated = clocks_.find(host);
    if (dated == clocks_.end()) {
        return out.report(
            {host, "clock", Outcome::skipped, "not compared: no reply tells the time"});
    }
    const auto [least, most] = dated->second;
    const auto seconds = [](Duration span) {
        return format_duration(floor_to(span + second - 1, second));
    };
    if (least > largest_skew || most < -largest_skew) {
        return put(true, fmt::format("{} to {} {} the date of the replies",
                                     seconds(std::min(std::abs(least), std::abs(most))),
                                     seconds(std::max(std::abs(least), std::abs(most))),
                                     least > 0 ? "ahead of" : "behind"));
    }
    put(false, fmt::format("within {} of the date of the replies",
                           seconds(std::max(std::abs(least), std::abs(most)))));
}

}  // namespace spillway::live
