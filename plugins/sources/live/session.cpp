#include "session.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace spillway::live {
namespace {

/// What `close` waits for the venue to say goodbye as well.
constexpr Duration goodbye_time = 3 * second;

class Text final : public TextWriter {
public:
    void append(std::string_view text) override { text_ += text; }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace

Session::Session(Context& context, SocketPlan socket, SocketFigures& figures, Owner& owner)
    : context_(context),
      socket_(std::move(socket)),
      figures_(figures),
      owner_(owner),
      number_(++context.last_session),
      channel_(name_id(socket_.name)),
      outbox_(context.network, socket_.messages_per_second),
      subscriptions_(socket_) {
    if (socket_.gzip) gunzip_ = std::make_unique<Gunzip>(context.max_message);
}

Session::~Session() {
    if (!over_) leave_figures();
}

void Session::leave_figures() {
    if (opened_at_) figures_.open += -1;
    figures_.refused += -refused_;
}

void Session::open() { connection_ = context_.network.open(socket_.url, *this); }

void Session::add(const TopicPlan& topic) {
    subscriptions_.add(topic, known(topic.name));
    if (is_open()) subscribe(context_.network.steady());
}

Subscriptions::Known Session::known(std::string_view topic) const {
    using Ill = TopicHealth::Ill;
    return {context_.topics.is(Ill::stale, socket_.name, topic),
            context_.topics.is(Ill::refused, socket_.name, topic)};
}

void Session::remove(std::string_view topic) {
    subscriptions_.remove(topic);
    if (is_open()) subscribe(context_.network.steady());
}

void Session::close() {
    if (over_ || closing_) return;
    if (!is_open()) return end({});
    closing_ = true;
    connection_->close();
    timer_ = context_.network.after(goodbye_time, [this] { end({}); });
}

void Session::tell(FrameType type, std::string_view why) {
    if (type == FrameType::gap) figures_.gaps += 1;
    context_.mailbox.put({type, channel_, number_, why}, context_.network.now());
}

void Session::tell_gap(std::string_view why) {
    if (part_ == Part::alone) tell(FrameType::gap, why);
}

void Session::take_over() {
    part_ = Part::alone;
    subscriptions_.compare([this](std::string_view topic) { return known(topic); });
    settle();
}

void Session::opened() {
    if (over_) return;
    const Time now = context_.network.steady();
    opened_at_ = heard_at_ = pinged_at_ = now;
    figures_.connects += 1;
    figures_.open += 1;
    outbox_.open(connection_.get());
    if (!socket_.hello.empty()) outbox_.push(socket_.hello);
    owner_.session_opened(*this);
    if (!over_) subscribe(now);
}

void Session::heartbeat() { heard_at_ = context_.network.steady(); }

void Session::message(std::string_view bytes, bool binary) {
    if (over_) return;
    const Time now = context_.network.steady();
    heard_at_ = now;
    if (part_ == Part::replaced) return;
    if (gunzip_ && binary) {
        const Result<std::string_view> unpacked = gunzip_->unpack(bytes);
        if (!unpacked) {
            context_.mailbox.put_letter(
                fmt::format("{}, session {}", socket_.name, number_), unpacked.error().message(),
                bytes.substr(0, context_.max_message), bytes.size(), context_.network.now());
            return end({Cause::malformed, 0, std::string(unpacked.error().message())});
        }
        bytes = *unpacked;
        binary = false;
    }
    const Heard heard = context_.protocol.hear(socket_.name, bytes);
    std::optional<std::string> hole;
    if (heard.sequence != 0) hole = hole_before(heard.sequence);
    if (hole) tell_gap(*hole);
    figures_.frames += 1;
    figures_.bytes += bytes.size();
    context_.mailbox.put({FrameType::data, channel_, number_, bytes, 0, binary},
                         context_.network.now());
    if (hole) return end({Cause::hole, 0, std::move(*hole)});
    hear(heard, now);
}

/// What is missing before the message with this number. A number that was there is a double, and
/// left to the decoder.
std::optional<std::string> Session::hole_before(std::uint64_t sequence) {
    const std::uint64_t next = std::exchange(sequence_, std::max(sequence_, sequence)) + 1;
    if (sequence <= next) return std::nullopt;
    return fmt::format("messages {} to {} of the connection are missing", next, sequence - 1);
}

void Session::hear(const Heard& heard, Time now) {
    switch (heard.what) {
        case Heard::What::data:
            subscriptions_.data(heard.topic, now);
            break;
        case Heard::What::alive:
            return;
        case Heard::What::ping:
            outbox_.push_first(std::string(heard.text));
            return;
        case Heard::What::leaving:
            owner_.session_leaving(*this, heard.text);
            return;
        case Heard::What::subscribed:
            subscriptions_.accepted(heard.id, heard.topic, now);
            arm(now);
            break;
        case Heard::What::refused:
            unsettle();
            subscriptions_.refused(heard.id, heard.topic, now);
            arm(now);
            break;
    }
    if (subscriptions_.has_message()) subscribe(now);
    if (!settled_ || subscriptions_.has_changes()) settle();
}

void Session::settle() {
    if (over_ || part_ == Part::replaced) return;
    const auto refused = static_cast<std::int64_t>(subscriptions_.refused_count());
    figures_.refused += refused - std::exchange(refused_, refused);
    if (part_ == Part::alone && subscriptions_.has_changes()) {
        std::vector<TopicChange> changes = subscriptions_.take_changes();
        std::erase_if(changes, [&](const TopicChange& one) { return !owner_.wants(one.name); });
        figures_.gaps += context_.topics.take(socket_.name, number_, changes, context_.mailbox,
                                              context_.network.now());
    }
    if (settled_ || !subscriptions_.settled()) return;
    settled_ = true;
    owner_.session_settled(*this);
}

void Session::subscribe(Time now) {
    while (subscriptions_.has_message()) {
        const Subscriptions::Message message = subscriptions_.next_message(now);
        Text text;
        const Status status = context_.protocol.subscribe(
            {socket_.name, message.topics, message.on, message.id, context_.network.now()}, text);
        if (status.ok()) {
            outbox_.push(text.take());
        } else {
            subscriptions_.refused(message.id, {}, now);
        }
    }
    settle();
    arm(now);
}

void Session::arm(Time now) {
    if (over_ || closing_) return;
    Time next = std::min(heard_at_ + socket_.silence, subscriptions_.next_check());
    if (socket_.ping_every > 0) next = std::min(next, pinged_at_ + socket_.ping_every);
    if (timer_ && armed_for_ <= next) return;  // it will look then, and go on from there
    armed_for_ = next;
    timer_ = context_.network.after(std::max<Duration>(next - now, millisecond),
                                    [this] { supervise(); });
}

void Session::supervise() {
    timer_.reset();
    const Time now = context_.network.steady();
    if (now - heard_at_ >= socket_.silence) {
        return end({Cause::silent, 0,
                    fmt::format("nothing arrived for {}", format_duration(socket_.silence))});
    }
    if (socket_.ping_every > 0 && now - pinged_at_ >= socket_.ping_every) {
        pinged_at_ = now;
        if (socket_.ping.empty()) {
            connection_->ping();
        } else {
            outbox_.push_first(socket_.ping);
        }
    }
    const Subscriptions::Report report = subscriptions_.check(now);
    settle();
    if (!report.unanswered.empty()) {
        unsettle();
        tell_gap(fmt::format("no answer to the subscription of {}", named(report.unanswered)));
    }
    if (report.dead_topic) {
        return end({Cause::stale, 0, "a topic fell silent, and subscribing again did not help"});
    }
    if (report.no_answers) {
        return end({Cause::unanswered, 0, "subscriptions got no answer, nor the second time"});
    }
    subscribe(now);
}

void Session::ended(const Ended& ended) {
    if (over_) return;
    if (part_ == Part::replaced) return end({});
    if (ended.how == Ending::too_large || ended.how == Ending::malformed) {
        context_.mailbox.put_letter(fmt::format("{}, session {}", socket_.name, number_), ended.why,
                                    ended.head, ended.size, context_.network.now());
        tell_gap(ended.why);
    }
    end(over_of(ended));
}

void Session::end(const Over& over) {
    if (over_) return;
    leave_figures();
    over_ = true;
    timer_.reset();
    outbox_.open(nullptr);
    if (part_ == Part::replaced) return;  // its owner counted why
    figures_.over[static_cast<std::size_t>(over.cause)] += 1;
    owner_.session_over(*this, over);
}

}  // namespace spillway::live
