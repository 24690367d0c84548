#include "stream.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <spillway/feed_frames.hpp>

#include "advice.hpp"

namespace spillway::live {
namespace {

/// A session that lived this long shows that all is well again.
constexpr Duration healthy_time = minute;
/// What both deliver while one replaces the other.
constexpr Duration overlap = 2 * second;

/// When to replace a session of a limited life: at 85 to 95 % of it, so that those which began
/// together do not go together.
Duration replacement_age(Duration lifetime, Random& random) {
    return lifetime / 100 * 85 + part_of(lifetime / 10, random);
}

}  // namespace

Stream::Stream(Context& context, const SocketPlan& socket, SocketFigures& figures, Pacer& connects,
               OnListening on_listening)
    : context_(context),
      socket_(socket),
      figures_(figures),
      connects_(connects),
      on_listening_(std::move(on_listening)),
      backoff_(context.reconnect_wait) {}

void Stream::redeclared() {
    if (finishing_) return;
    if (next_) discard(next_);
    if (current_ && current_->is_open()) return plan_replacement(0, Cause::redeclared);
    if (current_) {
        discard(current_);
        queue_connect();
    }
}

void Stream::change(const Shards::Change& change) {
    for (const std::string& name : change.removed) forget(name);
    for (const TopicPlan& topic : change.added) topics_.emplace(topic.name, topic);
    for (Session* session : {current_.get(), next_.get()}) {
        if (session == nullptr || session->socket() != socket_) continue;
        for (const std::string& name : change.removed) session->remove(name);
        for (const TopicPlan& topic : change.added) session->add(topic);
    }
}

std::unique_ptr<Session> Stream::make_session() {
    auto session =
        std::make_unique<Session>(context_, socket_, figures_, static_cast<Session::Owner&>(*this));
    for (const auto& [name, topic] : topics_) session->add(topic);
    return session;
}

void Stream::start() {
    if (current_ || connect_timer_ || finishing_) return;
    queue_connect();
}

/// Connections have their turns when they are due, not when they are planned: one that is due in
/// hours must not hold up the others.
void Stream::queue_connect() {
    const Time now = context_.network.steady();
    connect_timer_ = context_.network.after(connects_.take(now) - now, [this] { connect(); });
}

void Stream::connect() {
    connect_timer_.reset();
    current_ = make_session();
    current_->open();
}

void Stream::session_opened(Session& session) {
    if (&session == current_.get()) delivers_from_now();
}

void Stream::delivers_from_now() {
    outage_.reset();
    current_->tell(FrameType::opened, host_of(socket_.url));  // the rest of it may hold a key
    plan_end_of_life();
}

void Stream::plan_end_of_life() {
    if (socket_.lifetime <= 0) return;
    plan_replacement(replacement_age(socket_.lifetime, context_.random), Cause::lifetime);
}

void Stream::session_settled(Session& session) {
    if (&session == next_.get()) {
        if (replace_timer_) return;
        replace_timer_ = context_.network.after(overlap, [this] { switch_over(); });
    }
    if (&session == current_.get()) listens_from_now();
}

void Stream::listens_from_now() {
    listened_ = true;
    if (listened_until_) {
        current_->tell(FrameType::gap, fmt::format("nothing was received from {} to {}",
                                                   format_time(*listened_until_),
                                                   format_time(context_.network.now())));
        listened_until_.reset();
    }
    on_listening_(current_->number());
}

void Stream::session_leaving(Session& session, std::string_view) {
    if (&session != current_.get() || next_) return;
    if (replace_timer_ && replacing_ != Cause::lifetime) return;  // on its way
    plan_replacement(0, Cause::leaving);
}

void Stream::plan_replacement(Duration delay, Cause cause) {
    replacing_ = cause;
    const Time now = context_.network.steady();
    const Time time = std::max(now + delay, quiet_until_);
    replace_timer_ = context_.network.after(time - now, [this] { queue_replacement(); });
}

void Stream::queue_replacement() {
    const Time now = context_.network.steady();
    replace_timer_ = context_.network.after(connects_.take(now) - now, [this] { replace(); });
}

void Stream::replace() {
    replace_timer_.reset();
    if (!current_ || next_ || finishing_) return;
    next_ = make_session();
    next_->stand_by();
    next_->open();
}

/// The old session's last frames are in the mailbox: from here on the new one delivers.
void Stream::switch_over() {
    replace_timer_.reset();
    figures_.over[static_cast<std::size_t>(replacing_)] += 1;
    discard(current_);
    take_over();
}

void Stream::take_over() {
    current_ = std::move(next_);
    plan_end_of_life();
    current_->take_over();
    if (current_->is_settled()) listens_from_now();
}

void Stream::session_over(Session& session, const Over& over) {
    if (&session == next_.get()) {
        // The old one is still there: no data is missing. Another try before long.
        bury(std::move(next_));
        if (!finishing_) plan_replacement(delay_after(over) + second, replacing_);
        return;
    }
    const Time now = context_.network.steady();
    const bool was_healthy = session.opened_at() && now - *session.opened_at() >= healthy_time;
    if (was_healthy) backoff_.reset();
    if (session.opened_at()) penalties_ = 0;
    bury(std::move(current_));
    replace_timer_.reset();
    if (finishing_) {
        if (session.opened_at()) lost(session, {Cause::stopped, 0, {}});
        return;
    }
    if (next_ && next_->is_settled()) return take_over();  // nothing is missing
    lost(session, over);
    if (next_) {
        // It came too late to take over, and goes on alone.
        current_ = std::move(next_);
        if (current_->is_open()) delivers_from_now();
        current_->take_over();
        return;
    }
    connect_timer_ = context_.network.after(delay_after(over), [this] { queue_connect(); });
}

/// What the venue asked for after a replacement that failed holds also if the old session is lost
/// meanwhile.
Duration Stream::delay_after(const Over& over) {
    const Time now = context_.network.steady();
    const Duration delay = backoff_.next(context_.random);
    if (is_penalty(over.code) && over.cause == Cause::status) {
        const Duration pause = pause_after(over.code, penalties_++, over.retry_after);
        quiet_until_ = std::max(quiet_until_, now + delay + pause);
    } else if (over.retry_after) {
        quiet_until_ = std::max(quiet_until_, now + *over.retry_after);
    }
    return std::max(now + delay, quiet_until_) - now;
}

/// The decoder hears of an outage once, and once more when another reason keeps it up.
void Stream::lost(const Session& session, const Over& over) {
    if (std::exchange(listened_, false)) listened_until_ = context_.network.now();
    const std::string key = key_of(over);
    if (outage_ == key) return;
    const FrameType type = outage_ ? FrameType::gap : FrameType::closed;
    if (type == FrameType::gap) figures_.gaps += 1;
    outage_ = key;
    const std::string why = over.cause == Cause::stopped ? std::string(stop_reason)
                                                         : with_advice(over, session.socket().url);
    context_.mailbox.put({type, name_id(socket_.name), session.number(), why},
                         context_.network.now());
}

void Stream::forget(std::string_view topic) {
    context_.topics.forget(socket_.name, topic, context_.mailbox, context_.network.now());
    topics_.erase(topics_.find(topic));
}

void Stream::finish() {
    finishing_ = true;
    connect_timer_.reset();
    replace_timer_.reset();
    if (next_) discard(next_);
    if (current_) current_->close();
}

void Stream::retire() {
    finishing_ = true;
    connect_timer_.reset();
    replace_timer_.reset();
    if (next_) discard(next_);
    if (current_) discard(current_);
    while (!topics_.empty()) forget(std::string(topics_.begin()->first));
}

/// Ends a session without a frame: nothing is missing.
void Stream::discard(std::unique_ptr<Session>& session) {
    session->mute();
    session->close();
    bury(std::move(session));
}

/// A session may be the caller: it is destroyed later.
void Stream::bury(std::unique_ptr<Session> session) {
    dead_.push_back(std::move(session));
    if (!burial_timer_) burial_timer_ = context_.network.after(0, [this] { sweep(); });
}

void Stream::sweep() {
    burial_timer_.reset();
    std::erase_if(dead_, [](const auto& session) { return session->is_over(); });
    if (dead_.empty()) return;
    burial_timer_ = context_.network.after(second, [this] { sweep(); });
}

}  // namespace spillway::live
