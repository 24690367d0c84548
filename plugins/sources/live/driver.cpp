#include "driver.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include <spillway/feed_frames.hpp>

namespace spillway::live {
namespace {

/// Within this the sessions have said goodbye, or are cut.
constexpr Duration finish_time = 5 * second;
constexpr Duration finish_look = 20 * millisecond;

/// "DOGE: not listed; XYZ: delisted"
std::string listed(const std::vector<MissingPlan>& missing) {
    std::string text;
    for (const MissingPlan& one : missing) {
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", one.what, one.why);
    }
    return text;
}

std::string names_of(const std::vector<SocketPlan>& sockets) {
    std::string text;
    for (const SocketPlan& socket : sockets) {
        text += text.empty() ? "" : ",";
        text += socket.name;
    }
    return text;
}

}  // namespace

Driver::Driver(Network& network, const Protocol& protocol, Mailbox& mailbox, Figures& figures,
               Settings settings)
    : settings_(std::move(settings)),
      context_{network,
               protocol,
               mailbox,
               figures,
               Random(settings_.seed),
               settings_.max_message,
               settings_.reconnect_wait},
      poller_(context_,
              {[this] { make_plan(); }, [this](std::string_view why) { tell_outage(why); }}) {}

void Driver::start(const Resume& resume) {
    const Time now = context_.network.now();
    if (resume.newest != time_before_all) {
        context_.last_session = resume.last_session;
        missed_ = fmt::format("the pipeline was down: nothing was received from {} to {}",
                              format_time(resume.newest), format_time(now));
        outage_ = stop_reason;
    }
    PlanBuilder builder;
    if (Status status = context_.protocol.prepare(builder); !status.ok()) {
        return tell_failure(status);
    }
    const Result<Plan> plan = builder.take();
    if (!plan) return tell_failure(plan.error());
    prepare_quotas_ = plan->quotas;
    poller_.prepare(*plan);
    if (plan->polls.empty()) make_plan();
}

void Driver::make_plan() {
    if (finishing_) return;
    PlanBuilder builder;
    const std::vector<Reply> replies = poller_.replies();
    Result<Plan> plan = tl::make_unexpected(Status());
    if (Status status = context_.protocol.plan(replies, builder); !status.ok()) {
        plan = tl::make_unexpected(status);
    } else {
        plan = builder.take(prepare_quotas_);
    }
    if (plan && plan->empty()) {
        std::string why = "there is nothing to subscribe to and nothing to ask for";
        if (!plan->missing.empty()) why += "; " + listed(plan->missing);
        plan = tl::make_unexpected(Status(Code::bad_option, why));
    }
    if (settings_.on_plan) settings_.on_plan(plan);
    if (!plan) {
        tell_failure(plan.error());
        poller_.ask_again();
        return;
    }
    if (plan->sockets.empty() && !missed_.empty()) {
        tell(FrameType::gap, std::exchange(missed_, {}));  // no socket will tell it
    }
    outage_.reset();
    // A socket without topics is not connected to, and nobody must wait for it.
    std::erase_if(plan->sockets, [&](const SocketPlan& socket) {
        return std::none_of(plan->topics.begin(), plan->topics.end(),
                            [&](const TopicPlan& topic) { return topic.socket == socket.name; });
    });
    if (!std::exchange(planned_, true)) tell(FrameType::opened, names_of(plan->sockets));
    tell_missing(*plan);
    context_.figures.plans += 1;
    context_.figures.missing.set(static_cast<std::int64_t>(plan->missing.size()));
    apply(*plan);
}

void Driver::apply(const Plan& plan) {
    std::erase_if(retired_, [](const auto& endpoint) { return endpoint->is_finished(); });
    retire_endpoints(plan);
    for (const SocketPlan& socket : plan.sockets) {
        std::vector<TopicPlan> topics;
        std::copy_if(plan.topics.begin(), plan.topics.end(), std::back_inserter(topics),
                     [&](const TopicPlan& topic) { return topic.socket == socket.name; });
        endpoint_of(socket).update(socket, topics);
    }
    missed_.clear();
    poller_.update(plan);
}

void Driver::retire_endpoints(const Plan& plan) {
    const auto gone = std::stable_partition(
        endpoints_.begin(), endpoints_.end(), [&](const std::unique_ptr<Endpoint>& endpoint) {
            return std::any_of(
                plan.sockets.begin(), plan.sockets.end(),
                [&](const SocketPlan& socket) { return socket.name == endpoint->name(); });
        });
    std::for_each(gone, endpoints_.end(), [&](const auto& endpoint) {
        endpoint->retire();
        // Whatever was wrong with it is over.
        context_.mailbox.put(
            {FrameType::subscribed, name_id(endpoint->name()), 0, "not wanted any more"},
            context_.network.now());
    });
    std::move(gone, endpoints_.end(), std::back_inserter(retired_));
    endpoints_.erase(gone, endpoints_.end());
}

Endpoint& Driver::endpoint_of(const SocketPlan& socket) {
    const auto found =
        std::find_if(endpoints_.begin(), endpoints_.end(),
                     [&](const auto& endpoint) { return endpoint->name() == socket.name; });
    if (found != endpoints_.end()) return **found;
    return *endpoints_.emplace_back(std::make_unique<Endpoint>(context_, socket, missed_));
}

void Driver::tell_failure(const Status& why) {
    context_.figures.plan_failures += 1;
    tell_outage(why.message());
}

/// Until there is a plan all of the venue is out. Later the plan before it stays: nothing is
/// missing.
void Driver::tell_outage(std::string_view why) {
    if (planned_ || outage_ == why) return;
    const FrameType type = outage_ ? FrameType::gap : FrameType::closed;
    outage_ = why;
    tell(type, fmt::format("no plan for {}: {}", settings_.venue, why));
}

/// A market that the venue does not have is no outage: what else was asked for is there.
void Driver::tell_missing(const Plan& plan) {
    std::string missing = listed(plan.missing);
    if (missing != missing_ && !missing.empty()) {
        context_.mailbox.put({FrameType::gap, name_id(missing_channel), 0, missing},
                             context_.network.now());
    }
    missing_ = std::move(missing);
}

void Driver::tell(FrameType type, std::string_view text) {
    context_.mailbox.put({type, name_id(settings_.venue), 0, text}, context_.network.now());
}

void Driver::finish() {
    if (std::exchange(finishing_, true)) return;
    poller_.finish();
    for (const auto& endpoint : endpoints_) endpoint->finish();
    look_whether_finished(context_.network.steady() + finish_time);
}

void Driver::look_whether_finished(Time give_up) {
    const auto finished = [](const auto& endpoint) { return endpoint->is_finished(); };
    const bool all = std::all_of(endpoints_.begin(), endpoints_.end(), finished) &&
                     std::all_of(retired_.begin(), retired_.end(), finished);
    if (all || context_.network.steady() >= give_up) return end();
    finish_timer_ =
        context_.network.after(finish_look, [this, give_up] { look_whether_finished(give_up); });
}

/// A recording without this frame would end where its last message came, not where the run did.
void Driver::end() {
    tell(outage_ ? FrameType::gap : FrameType::closed, stop_reason);
    context_.mailbox.end();
}

}  // namespace spillway::live
