#include "poller.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <spillway/feed_frames.hpp>

#include "advice.hpp"
#include "network/http_words.hpp"
#include "poll_times.hpp"

namespace spillway::live {
namespace {

/// At a time, of one host.
constexpr std::uint32_t most_running = 4;
constexpr std::size_t body_shown = 200;
/// Of a venue's clock before ours.
constexpr Duration largest_clock_lead = 2 * second;

class Text final : public TextWriter {
public:
    void append(std::string_view text) override { text_ += text; }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string text_;
};

std::optional<double> number_in(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end == text.data() || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<Duration> retry_after(const Response& response, Time now) noexcept {
    return parse_retry_after(response.header("retry-after"), now);
}

}  // namespace

Poller::Poller(Context& context, Listener listener)
    : context_(context), listener_(std::move(listener)) {}

void Poller::prepare(const Plan& plan) { declare(plan, true); }

void Poller::update(const Plan& plan) {
    asking_again_.reset();
    declare(plan, false);
}

void Poller::declare_quotas(const Plan& plan) {
    for (const QuotaPlan& quota : plan.quotas) {
        double heaviest = 0;
        for (const PollPlan& poll : plan.polls) {
            if (poll.quota == quota.name) heaviest = std::max(heaviest, poll.weight);
        }
        const auto [place, added] = budgets_.try_emplace(quota.name);
        Budget& budget = place->second;
        // What is spent stays spent, unless the venue changed its mind.
        if (!added && budget.bucket.amount() == quota.amount) continue;
        budget.bucket = Bucket(quota.amount, quota.per, heaviest);
        budget.figures = &context_.figures.quota(quota.name);
        budget.figures->amount.set(quota.amount);
        budget.figures->left.set(quota.amount);
        budget.used_header = quota.used_header;
        budget.left_header = quota.left_header;
        for (std::string* header : {&budget.used_header, &budget.left_header}) {
            std::transform(header->begin(), header->end(), header->begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            });
        }
    }
}

/// Polls without a quota share one without a limit, for each host.
Poller::Budget& Poller::budget_of(const PollPlan& poll) {
    const std::string name = poll.quota.empty() ? host_of(poll.url) : poll.quota;
    const auto [place, added] = budgets_.try_emplace(name);
    if (added) place->second.figures = &context_.figures.quota(name);
    return place->second;
}

void Poller::declare(const Plan& plan, bool prepares) {
    declare_quotas(plan);
    const Time now = context_.network.steady();
    std::erase_if(jobs_, [&](const auto& entry) {
        const Job& job = entry.second;
        if (job.prepares != prepares ||
            std::find(plan.polls.begin(), plan.polls.end(), job.plan) != plan.polls.end()) {
            return false;
        }
        if (!job.told.empty()) {
            context_.mailbox.put(
                {FrameType::subscribed, name_id(job.plan.channel), 0, "not wanted any more"},
                context_.network.now());
        }
        return true;
    });
    for (const PollPlan& poll : plan.polls) {
        const bool known = std::any_of(jobs_.begin(), jobs_.end(), [&](const auto& entry) {
            return entry.second.prepares == prepares && entry.second.plan == poll;
        });
        if (known) continue;
        const std::uint64_t id = ++last_id_;
        Job& job = jobs_[id];
        job.plan = poll;
        job.prepares = prepares;
        job.place = place_of(id);
        job.budget = &budget_of(poll);
        job.host = &hosts_[host_of(poll.url)];
        job.due = prepares ? now : first_due(poll, job.place, now);
    }
    pump();
}

void Poller::finish() {
    jobs_.clear();
    timer_.reset();
}

/// One of the lists was neither answered nor refused yet.
bool Poller::is_first_try() const noexcept {
    return std::any_of(jobs_.begin(), jobs_.end(), [](const auto& entry) {
        const Job& job = entry.second;
        return job.prepares && job.answers.empty() && job.told.empty();
    });
}

bool Poller::is_prepared() const noexcept {
    return !is_first_try() && std::any_of(jobs_.begin(), jobs_.end(), [](const auto& entry) {
        return entry.second.prepares && !entry.second.answers.empty();
    });
}

std::vector<Reply> Poller::replies() const {
    std::vector<Reply> all;
    for (const auto& [id, job] : jobs_) {
        if (!job.prepares) continue;
        for (const std::string& body : job.answers) all.push_back({job.plan.channel, 200, body});
    }
    return all;
}

void Poller::ask_again() {
    const Time due = context_.network.steady() + 5 * second + asking_again_.next(context_.random);
    for (auto& [id, job] : jobs_) {
        if (!job.prepares || job.running) continue;
        job.answers.clear();
        job.due = std::min(job.due, due);
    }
    pump();
}

Time Poller::ready(Job& job, Time now) {
    // A host that hangs must not hold up the others; whether one is open again, one request finds
    // out. The reply looks again at what waited for it.
    if (job.host->running >= (job.host->blocked ? 1 : most_running)) return time_never;
    return std::max(
        {job.due, job.budget->bucket.ready(job.plan.weight, now), job.host->gate.ready(0, now)});
}

void Poller::pump() {
    const Time now = context_.network.steady();
    for (;;) {
        std::uint64_t best = 0;
        Time best_due = time_never, next = time_never;
        for (auto& [id, job] : jobs_) {
            if (job.running || job.due == time_never) continue;
            const Time at = ready(job, now);
            if (at > now) {
                next = std::min(next, at);
            } else if (job.due < best_due) {
                best = id;
                best_due = job.due;
            }
        }
        if (best != 0) {
            send(best, jobs_.at(best));
            continue;
        }
        timer_.reset();
        if (next != time_never) {
            timer_ = context_.network.after(next - now, [this] { pump(); });
        }
        return;
    }
}

void Poller::send(std::uint64_t id, Job& job) {
    Request request;
    request.method = job.plan.method;
    request.url = job.plan.url;
    if (!job.page_query.empty()) {
        request.url += request.url.find('?') == std::string::npos ? '?' : '&';
        request.url += job.page_query;
    }
    request.body = job.plan.body;
    if (!request.body.empty()) request.headers.emplace_back("content-type", "application/json");
    if (!job.plan.header.empty()) {
        request.headers.emplace_back(job.plan.header, job.plan.header_value);
    }
    const Time now = context_.network.steady();
    job.budget->bucket.spend(job.plan.weight, now);
    job.running = true;
    ++job.host->running;
    context_.figures.polls += 1;
    context_.network.request(
        std::move(request),
        [this, id, host = host_of(job.plan.url), alive = std::weak_ptr(alive_)](Response response) {
            if (!alive.expired()) done(id, host, std::move(response));
        });
}

void Poller::done(std::uint64_t id, const std::string& host, Response response) {
    --hosts_.at(host).running;
    const auto found = jobs_.find(id);
    if (found != jobs_.end()) {
        Job& job = found->second;
        const Time now = context_.network.steady();
        job.running = false;
        correct(job, response);
        if (response.failure) {
            failed(job, no_reply, to_string(over_of(*response.failure).cause),
                   with_advice(over_of(*response.failure), job.plan.url), now);
        } else if (is_penalty(response.status)) {
            penalty(job, response, now);
        } else if (response.status / 100 != 2) {
            failed(job, response.status, key_of(response.status), response.body, now);
        } else {
            answered(job, std::move(response), now);
        }
    }
    pump();
}

void Poller::correct(Job& job, const Response& response) {
    Budget& budget = *job.budget;
    if (!budget.used_header.empty()) {
        if (const auto used = number_in(response.header(budget.used_header))) {
            budget.bucket.correct_used(*used);
        }
    }
    if (!budget.left_header.empty()) {
        if (const auto left = number_in(response.header(budget.left_header))) {
            budget.bucket.correct_left(*left);
        }
    }
    budget.figures->left.set(budget.bucket.left());
}

/// What seems to come from the future is refused behind here, and nobody would know why. A venue
/// that is behind cannot be told from a slow reply.
void Poller::compare_clocks(Time venue_time) {
    const Duration lead = venue_time - context_.network.now();
    const bool ahead = lead > largest_clock_lead;
    if (ahead && !lead_told_) {
        context_.mailbox.put(
            {FrameType::gap, name_id(clock_channel), 0,
             fmt::format("the clock of the venue is {} ahead of this machine's: set the clock, as "
                         "events more than a minute ahead are refused",
                         format_duration(floor_to(lead, second)))},
            context_.network.now());
    }
    lead_told_ = ahead;
}

void Poller::answered(Job& job, Response response, Time now) {
    context_.figures.reply_bytes += response.body.size();
    if (const auto told = context_.protocol.venue_time(response.body)) {
        context_.figures.lag.observe(context_.network.now() - *told);
        compare_clocks(*told);
    }
    const Reply reply{job.plan.channel, response.status, response.body};
    const Protocol::Fault fault = context_.protocol.fault(reply);
    if (!fault.text.empty() || fault.refused_key || fault.limited) {
        if (fault.limited) {
            job.budget->figures->penalties += 1;
            job.budget->bucket.close(429, retry_after(response, context_.network.now()), now);
        }
        failed(job, response.status, fmt::format("200 {}", fault.text), response.body, now);
        // A key does not become good by asking often, and some venues ban for it.
        if (fault.refused_key) job.due = now + block_pause;
        return;
    }
    job.host->blocked = false;
    job.host->gate.good_reply();
    job.budget->bucket.good_reply();
    job.backoff.reset();
    job.told.clear();
    put(job, response.status, response.body);
    Text next;
    if (job.page + 1 < job.plan.max_pages) context_.protocol.next_page(reply, next);
    job.page_query = next.take();
    if (job.prepares) job.pages.push_back(std::move(response.body));
    if (!job.page_query.empty()) {
        ++job.page;
        job.due = now;
        return;
    }
    whole_round(job);
}

/// Periods end by the wall clock; it is waited by the steady one.
Time Poller::next_round(const Job& job) {
    const Time now = context_.network.now();
    const Time due = next_due(job.plan, job.place, now, context_.random);
    return due == time_never ? time_never : context_.network.steady() + (due - now);
}

void Poller::whole_round(Job& job) {
    job.page = 0;
    job.due = next_round(job);
    if (!job.prepares) return;
    const bool changed = job.pages != job.answers;
    if (changed) job.answers = std::move(job.pages);
    job.pages.clear();
    if (changed && is_prepared()) listener_.prepared();
}

/// `reason`: as long as it stays, the failure is told once.
void Poller::failed(Job& job, std::uint16_t status, std::string_view reason, std::string_view text,
                    Time now) {
    context_.figures.poll_failures += 1;
    job.page = 0;
    job.page_query.clear();
    job.pages.clear();
    const Duration delay = job.backoff.next(context_.random);
    job.due = now + delay;
    if (job.plan.every > 0) {
        job.due = std::min(job.due, next_round(job));
    }
    if (job.told == reason) return;
    const bool was_first_try = is_first_try();
    job.told = reason;
    put(job, status, text);
    if (!job.prepares || is_first_try()) return;
    if (is_prepared()) {
        if (was_first_try) listener_.prepared();
        return;
    }
    listener_.unprepared(status == no_reply ? std::string(text)
                                            : fmt::format("{}: HTTP {}: {}", job.plan.channel,
                                                          status, text.substr(0, body_shown)));
}

void Poller::penalty(Job& job, const Response& response, Time now) {
    const Over over{Cause::status, response.status, response.body.substr(0, body_shown)};
    const std::string text = fmt::format("{}; the venue says: {}", advice_for(over), over.why);
    Bucket& stopped = is_limit(response.status) ? job.budget->bucket : job.host->gate;
    stopped.close(response.status, retry_after(response, context_.network.now()), now);
    job.budget->figures->penalties += 1;
    if (is_block(response.status)) {
        if (!job.host->blocked) {
            tell_block(job, response.status, text);
        } else {
            job.told = key_of(response.status);
        }
    }
    job.host->blocked = job.host->blocked || !is_limit(response.status);
    for (auto& [id, other] : jobs_) {
        // They cannot be sent either, and must not be waited for.
        const bool alike =
            is_limit(response.status) ? other.budget == job.budget : other.host == job.host;
        if (alike && &other != &job && other.prepares && !other.running && other.told.empty()) {
            other.told = key_of(response.status);
        }
    }
    failed(job, response.status, key_of(response.status), text, now);
}

/// A block concerns all polls of the host: one of each kind says it, the others are not sent.
void Poller::tell_block(const Job& cause, std::uint16_t status, std::string_view text) {
    std::set<Kind> told{cause.plan.about};
    for (auto& [id, job] : jobs_) {
        if (job.host != cause.host || &job == &cause) continue;
        job.told = key_of(status);
        if (told.insert(job.plan.about).second) put(job, status, text);
    }
}

void Poller::put(const Job& job, std::uint16_t status, std::string_view bytes) {
    context_.mailbox.put({FrameType::response, name_id(job.plan.channel), 0, bytes, status, false},
                         context_.network.now());
}

}  // namespace spillway::live
