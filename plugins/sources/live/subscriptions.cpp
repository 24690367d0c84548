#include "subscriptions.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace spillway::live {
namespace {

/// A topic is silent when it missed this many intervals.
constexpr int missed_intervals = 3;
constexpr Duration check_every = second;
constexpr Duration longest_silence_wait = 10 * minute;
/// A bound on messages of venues that set none.
constexpr std::size_t most_in_message = 200;

}  // namespace

void Subscriptions::note(TopicChange::What what, std::string_view name, const Topic& topic) {
    changes_.push_back({what, topic.about, std::string(name)});
}

void Subscriptions::move_to(std::string_view name, Topic& topic, State state, Time now) {
    if (topic.state == State::on) --on_;
    if (topic.state == State::refused) --refused_;
    topic.state = state;
    topic.last = now;
    if (state == State::on) ++on_;
    if (state == State::refused) ++refused_;
    if (state == State::on || state == State::refused) {
        next_silence_check_ = std::min(next_silence_check_, now + check_every);
    }
    if (state == State::refused || (state == State::on && topic.denied)) {
        topic.denied = state == State::refused;
        note(topic.denied ? TopicChange::What::refused : TopicChange::What::accepted, name, topic);
    }
}

void Subscriptions::speaks(std::string_view name, Topic& topic) {
    note(TopicChange::What::delivers, name, topic);
    topic.told = false;
    topic.silences = 0;
    --silent_;
}

void Subscriptions::compare(std::string_view name, Topic& topic, Known known) {
    using What = TopicChange::What;
    if (known.denied && topic.state == State::on) note(What::accepted, name, topic);
    if (!known.denied && topic.denied) note(What::refused, name, topic);
    topic.denied = topic.denied || (known.denied && topic.state != State::on);
    if (!known.silent && topic.told) note(What::silent, name, topic);
    if (!known.silent || topic.told) return;
    topic.told = true;
    ++silent_;
    if (topic.spoke) speaks(name, topic);
}

void Subscriptions::put_in_batch(bool on, const std::string& name) {
    const auto fits = [&](const Batch& batch) {
        if (batch.on != on || batch.again) return false;
        const std::size_t limit =
            socket_->topics_per_message != 0 ? socket_->topics_per_message : most_in_message;
        if (batch.topics.size() >= limit) return false;
        if (socket_->topic_bytes_per_message == 0) return true;
        std::size_t bytes = name.size();
        for (const std::string& topic : batch.topics) bytes += topic.size();
        return bytes <= socket_->topic_bytes_per_message;
    };
    if (waiting_.empty() || !fits(waiting_.back())) waiting_.push_back({on, false, {}});
    waiting_.back().topics.push_back(name);
}

void Subscriptions::add(const TopicPlan& plan, Known known) {
    const auto [place, added] = topics_.try_emplace(plan.name);
    if (!added) return;
    place->second.about = plan.about;
    place->second.interval = plan.interval;
    place->second.told = known.silent;
    silent_ += known.silent ? 1 : 0;
    place->second.denied = known.denied;
    put_in_batch(true, plan.name);
}

void Subscriptions::remove(std::string_view name) {
    const auto found = topics_.find(name);
    if (found == topics_.end()) return;
    const bool known_there = found->second.state != State::waiting;
    const std::string text = found->first;
    silent_ -= found->second.told ? 1 : 0;
    move_to(text, found->second, State::waiting, 0);
    topics_.erase(found);
    for (Batch& batch : waiting_) {
        if (batch.on) std::erase(batch.topics, text);
    }
    std::erase_if(waiting_, [](const Batch& batch) { return batch.topics.empty(); });
    if (known_there) put_in_batch(false, text);
}

Subscriptions::Message Subscriptions::next_message(Time now) {
    sent_ = std::move(waiting_.front());
    waiting_.pop_front();
    Message message;
    message.id = ++last_id_;
    message.on = sent_.on;
    message.topics.assign(sent_.topics.begin(), sent_.topics.end());
    for (const std::string& name : sent_.topics) {
        const auto found = topics_.find(name);
        if (sent_.on && found != topics_.end()) move_to(name, found->second, State::asked, now);
    }
    asked_.emplace(message.id, Asked{sent_, now});
    return message;
}

void Subscriptions::settle(std::map<std::uint64_t, Asked>::iterator asked, bool accepted,
                           Time now) {
    Batch batch = std::move(asked->second.batch);
    asked_.erase(asked);
    if (!batch.on) return;
    if (!accepted && batch.topics.size() > 1) {
        // One bad topic fails the whole message: halves are tried until it stands alone.
        const auto middle =
            batch.topics.begin() + static_cast<std::ptrdiff_t>(batch.topics.size() / 2);
        for (const std::string& name : batch.topics) {
            const auto found = topics_.find(name);
            if (found != topics_.end()) move_to(name, found->second, State::waiting, now);
        }
        Batch second{
            true,
            true,
            {std::make_move_iterator(middle), std::make_move_iterator(batch.topics.end())}};
        batch.topics.erase(middle, batch.topics.end());
        batch.again = true;
        waiting_.push_front(std::move(second));
        waiting_.push_front(std::move(batch));
        return;
    }
    for (const std::string& name : batch.topics) {
        const auto found = topics_.find(name);
        if (found == topics_.end() || found->second.state != State::asked) continue;
        move_to(name, found->second, accepted ? State::on : State::refused, now);
    }
}

/// Whether the oldest message that waits for an answer about this topic subscribed to it, or ended
/// that; none if there is no such message.
std::optional<bool> Subscriptions::take_answer(std::string_view topic) {
    for (auto asked = asked_.begin(); asked != asked_.end(); ++asked) {
        Batch& batch = asked->second.batch;
        const auto found = std::find(batch.topics.begin(), batch.topics.end(), topic);
        if (found == batch.topics.end()) continue;
        const bool on = batch.on;
        batch.topics.erase(found);
        if (batch.topics.empty()) asked_.erase(asked);
        return on;
    }
    return std::nullopt;
}

void Subscriptions::accepted(std::uint64_t id, std::string_view topic, Time now) {
    if (!topic.empty()) {
        if (!take_answer(topic).value_or(true)) return;
        const auto found = topics_.find(topic);
        if (found == topics_.end() || found->second.state == State::on) return;
        move_to(topic, found->second, State::on, now);
        return;
    }
    const auto asked = id != 0 ? asked_.find(id) : asked_.begin();
    if (asked != asked_.end()) settle(asked, true, now);
}

void Subscriptions::refused(std::uint64_t id, std::string_view topic, Time now) {
    if (const auto found = topics_.find(topic); found != topics_.end()) {
        if (!take_answer(topic).value_or(true)) return;
        if (found->second.state == State::asked) {
            move_to(topic, found->second, State::refused, now);
        }
        return;
    }
    const auto asked = id != 0 ? asked_.find(id) : asked_.begin();
    if (asked != asked_.end()) settle(asked, false, now);
}

void Subscriptions::data(std::string_view name, Time now) {
    delivered_ = true;
    if (name.empty()) {
        anonymous_ = now;
        if (silent_ == 0) return;
        for (auto& [each, topic] : topics_) {
            if (topic.told) speaks(each, topic);
        }
        return;
    }
    const auto found = topics_.find(name);
    if (found == topics_.end()) return;
    Topic& topic = found->second;
    // Data is an answer too.
    if (topic.state != State::on) [[unlikely]]
        move_to(name, topic, State::on, now);
    if (topic.told) [[unlikely]]
        speaks(name, topic);
    topic.last = now;
    topic.spoke = true;
}

void Subscriptions::check_answers(Time now, Report& report) {
    for (auto asked = asked_.begin(); asked != asked_.end();) {
        if (now - asked->second.sent < answer_time) break;  // the oldest come first
        const auto current = asked++;
        Batch& batch = current->second.batch;
        std::erase_if(batch.topics, [&](const std::string& name) {
            const auto found = topics_.find(name);
            return found == topics_.end() || found->second.state != State::asked;
        });
        if (batch.topics.empty() || !batch.on) {
            asked_.erase(current);
        } else if (batch.again) {
            report.no_answers = true;
            asked_.erase(current);
        } else {
            batch.again = true;
            report.unanswered.insert(report.unanswered.end(), batch.topics.begin(),
                                     batch.topics.end());
            waiting_.push_back(std::move(batch));
            asked_.erase(current);
        }
    }
}

void Subscriptions::check_silence(Time now, Report& report) {
    next_silence_check_ = now + check_every;
    std::vector<std::string> again;
    for (auto& [name, topic] : topics_) {
        if (topic.state == State::refused && now - topic.last >= refusal_pause) {
            move_to(name, topic, State::waiting, now);
            waiting_.push_back({true, true, {name}});
        }
        if (topic.state != State::on || topic.interval == 0) continue;
        const Duration patience =
            std::min((missed_intervals * topic.interval) << std::min(topic.silences, 10U),
                     std::max(longest_silence_wait, missed_intervals * topic.interval));
        if (now - std::max(topic.last, anonymous_) <= patience) continue;
        if (topic.told && (topic.spoke || !delivered_)) {
            report.dead_topic = true;
            continue;
        }
        if (!topic.told) {
            note(TopicChange::What::silent, name, topic);
            ++silent_;
        }
        topic.told = true;
        ++topic.silences;
        again.push_back(name);
        move_to(name, topic, State::waiting, now);
    }
    std::sort(again.begin(), again.end());
    for (const std::string& name : again) put_in_batch(false, name);
    for (const std::string& name : again) put_in_batch(true, name);
    std::sort(changes_.begin(), changes_.end(),
              [](const TopicChange& a, const TopicChange& b) { return a.name < b.name; });
}

Subscriptions::Report Subscriptions::check(Time now) {
    Report report;
    check_answers(now, report);
    if (now >= next_silence_check_) check_silence(now, report);
    return report;
}

Time Subscriptions::next_check() const noexcept {
    const Time answer = asked_.empty() ? time_never : asked_.begin()->second.sent + answer_time;
    return std::min(answer, next_silence_check_);
}

}  // namespace spillway::live
