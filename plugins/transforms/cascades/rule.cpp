#include "rule.hpp"

#include <algorithm>
#include <utility>

namespace spillway::cascades {

namespace {

constexpr std::array<Side, 2> sides = {Side::long_position, Side::short_position};

}  // namespace

Verdict MarketRule::observe(const Liquidation& event, Time now, const RuleOptions& options) {
    // Judged against earlier instants only: within an instant events are put into order.
    if (newest_ != time_before_all && event.time < newest_ - options.late_after) {
        ++late_;
        return Verdict::late;
    }
    instant_ = now;
    pending_.push_back(event);
    return Verdict::accepted;
}

void MarketRule::advance(Time now, const RuleOptions& options, std::vector<Emission>& out) {
    if (!pending_.empty() && instant_ < now) settle(options, out);
    while (true) {
        // Two tracks due at one time fire in the order of the sides.
        Track next = 0;
        Time earliest = time_never;
        for (Track track = 0; track < episodes_.size(); ++track) {
            if (!episodes_[track]) continue;
            const Time at = due(*episodes_[track], options);
            if (at < earliest) {
                earliest = at;
                next = track;
            }
        }
        if (earliest > now) return;
        fire(next, earliest, options, out);
    }
}

void MarketRule::finish(const RuleOptions& options, std::vector<Emission>& out) {
    if (!pending_.empty()) settle(options, out);
    for (std::optional<Episode>& episode : episodes_) {
        if (episode && !episode->new_members.empty()) emit(*episode, instant_, out);
    }
}

Time MarketRule::next_due(const RuleOptions& options) const noexcept {
    Time earliest = pending_.empty() ? time_never : instant_ + 1;
    for (const std::optional<Episode>& episode : episodes_) {
        if (episode) earliest = std::min(earliest, due(*episode, options));
    }
    return earliest;
}

Time MarketRule::due(const Episode& episode, const RuleOptions& options) noexcept {
    Time at = episode.last_arrival + options.close_after;
    if (episode.state == CascadeState::active) {
        at = std::min(at, episode.last_arrival + options.cool_after);
    }
    if (!episode.new_members.empty()) {
        at = std::min(at, episode.last_emission + options.emit_every);
    }
    return at;
}

void MarketRule::fire(Track track, Time now, const RuleOptions& options,
                      std::vector<Emission>& out) {
    Episode& episode = *episodes_[track];
    if (now >= episode.last_arrival + options.close_after) {
        episode.state = CascadeState::closed;
        emit(episode, now, out);
        // Event time may lag behind engine time: a member never counts for a second cascade.
        for (const Side side : sides) {
            if (options.pooled || episode.side == side) window_.drop_side(side);
        }
        episodes_[track].reset();
        return;
    }
    if (episode.state == CascadeState::active && now >= episode.last_arrival + options.cool_after) {
        episode.state = CascadeState::cooling;
    }
    emit(episode, now, out);
}

void MarketRule::settle(const RuleOptions& options, std::vector<Emission>& out) {
    std::sort(pending_.begin(), pending_.end(), earlier);

    std::array<bool, 2> grew{};
    std::array<bool, 2> changed{};
    for (std::size_t i = 0; i < pending_.size();) {
        const Time time = pending_[i].time;
        for (; i < pending_.size() && pending_[i].time == time; ++i) {
            take(pending_[i], options, grew);
        }
        // Tested once all events of one time are in, so that the first event is found whatever
        // their number.
        for (Track track = 0; track < (options.pooled ? 1U : 2U); ++track) {
            if (try_open(track, options)) grew[track] = changed[track] = true;
        }
    }
    pending_.clear();

    const double risk = six_factor_risk(window_.risk_input());
    for (Track track = 0; track < episodes_.size(); ++track) {
        if (!episodes_[track]) continue;
        Episode& episode = *episodes_[track];
        episode.sample_risk(risk, grew[track]);
        if (grew[track]) {
            episode.last_arrival = instant_;
            changed[track] |= episode.state == CascadeState::cooling;
            episode.state = CascadeState::active;
        }
        const bool grid =
            !episode.new_members.empty() && instant_ >= episode.last_emission + options.emit_every;
        if (changed[track] || grid) emit(episode, instant_, out);
    }
}

void MarketRule::take(const Liquidation& event, const RuleOptions& options,
                      std::array<bool, 2>& grew) {
    newest_ = std::max(newest_, event.time);
    const Time oldest = newest_ - options.window;
    window_.drop_until(oldest);
    if (event.time > oldest) window_.add(event);

    const Track track = options.pooled ? 0 : index_of(event.side);
    if (episodes_[track]) {
        episodes_[track]->add(event);
        grew[track] = true;
    }
}

bool MarketRule::try_open(Track track, const RuleOptions& options) {
    if (episodes_[track]) return false;
    const Window::Totals& own = window_.of(sides[track]);
    std::uint32_t count = own.count;
    MicroUsd notional = own.notional;
    if (options.pooled) {
        const Window::Totals& other = window_.of(Side::short_position);
        count += other.count;
        notional += other.notional;
    }
    if (count == 0 || count < options.min_events) return false;
    if (notional < to_micro_usd(options.min_notional)) return false;

    Episode& episode = episodes_[track].emplace();
    if (!options.pooled) episode.side = sides[track];
    const Liquidation* first = nullptr;
    for (const Liquidation& event : window_.events()) {
        if (episode.side && event.side != *episode.side) continue;
        if (first == nullptr) first = &event;
        episode.add(event);
    }
    episode.id = episode_id(market_, episode.side, first->id);
    ++opened_;
    return true;
}

void MarketRule::emit(Episode& episode, Time now, std::vector<Emission>& out) {
    episode.last_emission = now;
    std::vector<Liquidation> members = std::exchange(episode.new_members, {});
    out.push_back({now, episode});
    out.back().episode.new_members = std::move(members);
}

const Episode* MarketRule::open(Side side, const RuleOptions& options) const noexcept {
    const std::optional<Episode>& episode = episodes_[options.pooled ? 0 : index_of(side)];
    return episode ? &*episode : nullptr;
}

bool MarketRule::idle() const noexcept {
    return pending_.empty() && window_.events().empty() && !episodes_[0] && !episodes_[1];
}

}  // namespace spillway::cascades
