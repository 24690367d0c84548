#include "figures.hpp"

#include <algorithm>

namespace spillway::live {
namespace {

template <class List>
auto& entry(List& list, std::string_view name) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
    if (found != list.end()) return *found;
    auto& added = list.emplace_back();
    added.name = name;
    return added;
}

double number(const auto& figure) { return static_cast<double>(figure.get()); }

}  // namespace

void LagHistogram::observe(Duration lag) noexcept {
    const double seconds = to_seconds(lag);
    const auto* const bound = std::lower_bound(bounds.begin(), bounds.end(), seconds);
    counts_[static_cast<std::size_t>(bound - bounds.begin())] += 1;
    sum_ += seconds;
}

void LagHistogram::write(MetricWriter& out) const {
    std::array<std::uint64_t, bounds.size() + 1> counts{};
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = counts_[i].get();
    out.histogram("live_reply_lag_seconds",
                  "Receive time of replies minus the venue's own time in them.", {}, bounds, counts,
                  sum_.get());
}

SocketFigures& Figures::socket(std::string_view name) {
    const std::lock_guard lock(mutex_);
    return entry(sockets_, name);
}

QuotaFigures& Figures::quota(std::string_view name) {
    const std::lock_guard lock(mutex_);
    return entry(quotas_, name);
}

void Figures::write(MetricWriter& out) const {
    const std::lock_guard lock(mutex_);
    for (const SocketFigures& socket : sockets_) {
        const std::array<Label, 1> labels{{{"socket", socket.name}}};
        out.counter("live_frames_total", "Messages received.", labels, number(socket.frames));
        out.counter("live_bytes_total", "Bytes of messages received, unpacked.", labels,
                    number(socket.bytes));
        out.counter("live_connects_total", "Connections opened.", labels, number(socket.connects));
        out.counter("live_gaps_total", "Times at which data was known to be missing.", labels,
                    number(socket.gaps));
        out.gauge("live_connections", "Connections that are open.", labels, number(socket.open));
        out.gauge("live_topics", "Topics asked for.", labels, number(socket.topics));
        out.gauge("live_topics_refused", "Topics that the venue refuses.", labels,
                  number(socket.refused));
        for (std::size_t i = 0; i < cause_count; ++i) {
            if (socket.over[i].get() == 0) continue;
            const std::array<Label, 2> caused{{{"socket", socket.name}, {"cause", cause_names[i]}}};
            out.counter("live_disconnects_total",
                        "Connections, or attempts at one, that came to an end.", caused,
                        number(socket.over[i]));
        }
    }
    for (const QuotaFigures& quota : quotas_) {
        const std::array<Label, 1> labels{{{"quota", quota.name}}};
        if (quota.amount.get() > 0) {
            out.gauge("live_rate_limit_left", "Of a quota, as the venue says or as we count.",
                      labels, number(quota.left));
            out.gauge("live_rate_limit", "The whole quota.", labels, number(quota.amount));
        }
        out.counter("live_penalties_total", "Replies 429, 418, 403 and 451, or the like.", labels,
                    number(quota.penalties));
    }
    out.counter("live_polls_total", "Requests sent.", {}, number(polls));
    out.counter("live_poll_failures_total", "Requests without a good reply.", {},
                number(poll_failures));
    out.counter("live_reply_bytes_total", "Bytes of replies.", {}, number(reply_bytes));
    out.counter("live_plans_total", "Plans made of the venue's lists.", {}, number(plans));
    out.counter("live_plan_failures_total", "Plans that could not be made.", {},
                number(plan_failures));
    out.gauge("live_missing", "Markets and the like that were asked for and the venue lacks.", {},
              number(missing));
    lag.write(out);
}

}  // namespace spillway::live
