#include "runtime/run/runner.hpp"

#include <algorithm>
#include <ctime>
#include <mutex>

#include <fmt/format.h>

#include "runtime/ingress/wall_clock.hpp"
#include "runtime/run/assembly.hpp"
#include "runtime/run/holdings.hpp"
#include "runtime/run/reentry.hpp"
#include "runtime/run/session.hpp"

namespace spillway::runtime {
namespace {

/// Failures at one record after which it becomes a dead letter.
constexpr unsigned attempts_per_record = 3;
/// Records that one run gives up on before it gives up itself.
constexpr std::size_t most_poisoned = 10;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// A pipeline file with what runs need.
struct Plan {
    PipelineSpec spec;
    std::vector<Tap> taps;
};

struct Life {
    std::shared_ptr<Plan> plan;
    std::unique_ptr<Session> session;
};

}  // namespace

struct Runner::Impl {
    const Catalogue* catalogue = nullptr;
    RunSettings settings;
    std::shared_ptr<Plan> first;  ///< what `spec` answers
    std::shared_ptr<Plan> plan;   ///< in force
    Holdings holdings;            ///< outlives the sessions

    mutable std::mutex mutex;
    std::shared_ptr<Session> session;  // guarded by mutex, as the following
    std::shared_ptr<Plan> next;        // asked for by request_reload
    bool stopped = false;
    std::uint64_t restarts = 0;
    EpochInfo resumed_from;  // by the first session: those after it always go on

    /// Strikes of the record at which a node failed last.
    std::string failed_node;
    OrderKey failed_at;
    unsigned strikes = 0;
    std::vector<PoisonedNode> poisoned;

    [[nodiscard]] std::shared_ptr<Session> current() const {
        const std::lock_guard lock(mutex);
        return session;
    }
    [[nodiscard]] tl::expected<std::shared_ptr<Session>, Diagnostics> create(
        const std::shared_ptr<Plan>& of) {
        auto made = Session::create(of->spec, settings, of->taps, poisoned, holdings);
        if (!made) return tl::unexpected(std::move(made.error()));
        // The session refers to its plan: one goes with the other.
        const auto life = std::make_shared<Life>(Life{of, std::move(*made)});
        return std::shared_ptr<Session>(life, life->session.get());
    }
    void enter(std::shared_ptr<Session> entered) {
        const std::lock_guard lock(mutex);
        session = std::move(entered);
        if (stopped) {
            session->stop();
        } else if (next) {
            session->stop_for(next->spec);
        }
    }
    [[nodiscard]] bool shall_restart(const Failure& failure);
    [[nodiscard]] bool restart(const Failure& failure, RunListener& listener);
    [[nodiscard]] bool reload(const std::shared_ptr<Plan>& wanted, RunListener& listener);
    [[nodiscard]] Status put_in_force(const std::shared_ptr<Plan>& wanted);
    [[nodiscard]] bool go_on();
};

/// A node threw, and the checkpoint knows where to go on.
bool Runner::Impl::shall_restart(const Failure& failure) {
    return failure.status.code() == Code::defect && failure.at.time != time_before_all &&
           !plan->spec.checkpoint_store.empty() && poisoned.size() < most_poisoned;
}

bool Runner::Impl::restart(const Failure& failure, RunListener& listener) {
    if (!shall_restart(failure)) return false;
    const bool again = failure.node == failed_node && failure.at == failed_at;
    strikes = again ? strikes + 1 : 1;
    failed_node = failure.node;
    failed_at = failure.at;
    if (strikes >= attempts_per_record) {
        if ((failure.at.sequence & record_phase) == 0) return false;  // a timer: no record to blame
        poisoned.push_back(
            {failure.node,
             {failure.at,
              fmt::format("threw {} times at this record: {}", strikes, failure.status.message()),
              strikes}});
    }
    listener.restarting(failure.node, failure.status, strikes);
    auto made = create(plan);
    if (!made) return false;
    enter(std::move(*made));
    const std::lock_guard lock(mutex);
    ++restarts;
    return true;
}

/// The plan in force goes on behind the last epoch.
bool Runner::Impl::go_on() {
    auto made = create(plan);
    if (!made) return false;
    enter(std::move(*made));
    return current()->start(false);
}

bool Runner::Impl::reload(const std::shared_ptr<Plan>& wanted, RunListener& listener) {
    const Status status = put_in_force(wanted);
    listener.reloaded(status);
    const bool runs = status.ok() || go_on();
    holdings.sources.clear();  // the session has those that it takes
    return runs;
}

Status Runner::Impl::put_in_force(const std::shared_ptr<Plan>& wanted) {
    const std::uint64_t reached = current()->durable_epoch();
    auto made = create(wanted);
    if (!made) return {Code::bad_option, to_text(made.error())};
    // Only a session that has started shows that the new file works.
    enter(*made);
    if ((*made)->start(false, reached)) {
        plan = wanted;
        return {};
    }
    (*made)->close();
    const Failure failure = (*made)->failure();
    return {failure.status.code(),
            fmt::format("{}{}{}", failure.node, failure.node.empty() ? "" : ": ",
                        failure.status.message())};
}

Runner::Runner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Runner::~Runner() = default;

tl::expected<std::unique_ptr<Runner>, Diagnostics> Runner::create(PipelineSpec spec,
                                                                  const Catalogue& catalogue,
                                                                  RunSettings settings,
                                                                  std::vector<Tap> taps) {
    auto impl = std::make_unique<Impl>();
    impl->catalogue = &catalogue;
    impl->settings = std::move(settings);
    impl->plan = std::make_shared<Plan>(Plan{std::move(spec), std::move(taps)});
    impl->first = impl->plan;
    if (impl->settings.reentry != nullptr) {
        add_inlets(impl->plan->spec, *impl->settings.reentry);
    }
    complete_spec(impl->plan->spec, catalogue, impl->plan->taps);
    auto session = impl->create(impl->plan);
    if (!session) return tl::unexpected(std::move(session.error()));
    impl->enter(std::move(*session));
    return std::unique_ptr<Runner>(new Runner(std::move(impl)));
}

RunResult Runner::run() {
    RunListener silent;
    return run(silent);
}

RunResult Runner::run(RunListener& listener) {
    RunResult result;
    const std::int64_t wall = steady_nanoseconds();
    const double cpu = cpu_seconds();
    bool open = impl_->current()->start(impl_->settings.fresh);
    if (impl_->current()->resumed()) {
        const std::lock_guard lock(impl_->mutex);
        impl_->resumed_from = impl_->session->last_epoch();
    }
    while (true) {
        const std::shared_ptr<Session> session = impl_->current();
        if (open) {
            listener.started(session->last_epoch(), session->resumed());
            session->run(listener);
        }
        session->close();
        const Failure failure = session->failure();
        std::shared_ptr<Plan> wanted;
        bool leftovers = false;
        {
            const std::lock_guard lock(impl_->mutex);
            const Holdings& holdings = impl_->holdings;
            // Sources that stayed open for a session that does not come, or that has no use for
            // them, want to be closed in order: by another one like this.
            leftovers = !holdings.sources.empty() && (impl_->stopped || !impl_->next ||
                                                      !holdings.all_go_on_in(impl_->next->spec));
            if (!open || (impl_->stopped && !leftovers)) break;
            if (failure.status.ok() && session->finished()) break;
            if (failure.status.ok() && !leftovers) wanted = std::exchange(impl_->next, nullptr);
        }
        if (!failure.status.ok()) {
            impl_->holdings.sources.clear();
            if (!impl_->restart(failure, listener)) break;
            open = impl_->current()->start(false);
        } else if (leftovers) {
            open = impl_->go_on();
            impl_->holdings.sources.clear();
        } else if (wanted) {
            open = impl_->reload(wanted, listener);
        } else {
            break;
        }
    }
    impl_->holdings.sources.clear();
    const Failure failure = impl_->current()->failure();
    result.status = failure.status;
    result.node = failure.node;
    {
        const std::lock_guard lock(impl_->mutex);
        result.interrupted = impl_->stopped && failure.status.ok();
    }
    result.wall_seconds = static_cast<double>(steady_nanoseconds() - wall) * 1e-9;
    result.cpu_seconds = cpu_seconds() - cpu;
    result.final = status();
    return result;
}

void Runner::request_stop() noexcept {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopped = true;
    impl_->session->stop();
}

Status Runner::request_reload(PipelineSpec spec) {
    if (spec.checkpoint_store.empty() || impl_->first->spec.checkpoint_store.empty()) {
        return {Code::unsupported,
                "a pipeline without `checkpoint` cannot be reloaded: its state would be lost"};
    }
    // Name and taps are those of the first plan for ever; `plan` belongs to the engine thread.
    if (spec.name != impl_->first->spec.name) {
        return {Code::unsupported, fmt::format("the pipeline is called {} now and was {}: its "
                                               "state belongs to the name",
                                               spec.name, impl_->first->spec.name)};
    }
    auto plan = std::make_shared<Plan>(Plan{std::move(spec), impl_->first->taps});
    complete_spec(plan->spec, *impl_->catalogue, plan->taps);
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopped) return {Code::unsupported, "the pipeline is stopping"};
    impl_->next = std::move(plan);
    impl_->session->stop_for(impl_->next->spec);
    return {};
}

const PipelineSpec& Runner::spec() const noexcept { return impl_->first->spec; }

RunStatus Runner::status() const {
    RunStatus status = impl_->current()->status();
    const std::lock_guard lock(impl_->mutex);
    status.restarts = impl_->restarts;
    status.resumed_from = impl_->resumed_from;
    return status;
}

std::string Runner::metrics_text() const { return impl_->current()->metrics_text(); }

}  // namespace spillway::runtime
