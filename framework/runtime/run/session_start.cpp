#include <algorithm>

#include <fmt/format.h>

#include "runtime/run/node_description.hpp"
#include "runtime/run/reentry.hpp"
#include "runtime/run/session.hpp"

// How a session comes to life: nodes, then sinks, then sources, then the state of the last epoch.

namespace spillway::runtime {

Session::Session(const PipelineSpec& spec, const RunSettings& settings, Holdings& holdings)
    : spec_(spec),
      settings_(settings),
      holdings_(holdings),
      data_dir_(settings.data_dir.string()) {}

Session::~Session() = default;

tl::expected<std::unique_ptr<Session>, Diagnostics> Session::create(
    const PipelineSpec& spec, const RunSettings& settings, const std::vector<Tap>& taps,
    const std::vector<PoisonedNode>& poisoned, Holdings& holdings) {
    auto assembled = assemble(spec, taps, holdings.sources);
    if (!assembled) return tl::unexpected(std::move(assembled.error()));
    std::unique_ptr<Session> session(new Session(spec, settings, holdings));
    session->assembled_ = std::move(*assembled);
    if (settings.reentry != nullptr) session->redirect(*settings.reentry);
    session->build(poisoned);
    return session;
}

void Session::redirect(const Reentry& reentry) {
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
        Assembled::Entry& entry = assembled_.entries[i];
        const NodeSpec& node = spec_.nodes[i];
        if (node.category == Category::source) entry.source = source_of(node, reentry);
        if (entry.sink != nullptr && reentry.sink) entry.sink = reentry.sink(node, *entry.sink);
    }
    checkpoint_.past_end = true;
    described_ = true;  // a source that reads something else is still what it was
}

void Session::build(const std::vector<PoisonedNode>& poisoned) {
    needs_ids_ = nodes_that_need_ids(spec_);
    instances_.resize(spec_.nodes.size());
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        Assembled::Entry& entry = assembled_.entries[i];
        if (!entry.open) entry.has_ids = needs_ids_[i];
        for (const auto& plugin : entry.plugins) {
            if (Node* node = plugin->node(); node != nullptr) instances_[i].nodes.push_back(node);
        }
        if (entry.decoder) instances_[i].decoder = entry.decoder->node();
        for (const PoisonedNode& one : poisoned) {
            if (one.node == spec_.nodes[i].id) instances_[i].poisoned.push_back(one.record);
        }
    }
    create_sinks();
    graph_ = build_graph(spec_, instances_);
    std::size_t part = 1 + graph_.stages.size();
    for (std::size_t i = 0; i < instances_.size(); ++i) {
        if (instances_[i].sink == nullptr) continue;
        instances_[i].sink->set_counters(graph_.nodes[i].counters.get());
        instances_[i].sink->set_part(part++);
    }
    epoch_ = std::make_unique<Epoch>(part);
}

void Session::create_sinks() {
    const bool all_replayable =
        settings_.reentry != nullptr ||
        std::all_of(spec_.nodes.begin(), spec_.nodes.end(), [](const NodeSpec& n) {
            return n.category != Category::source || n.plugin->is(Trait::replayable);
        });
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
        const NodeSpec& node = spec_.nodes[i];
        if (node.category != Category::sink) continue;
        SinkQueue::Setup setup;
        setup.sink.pipeline = spec_.name;
        setup.sink.id = node.id;
        setup.sink.data_dir = data_dir_;
        setup.when_full =
            node.run.when_full.value_or(all_replayable ? WhenFull::block : WhenFull::drop_oldest);
        setup.at_once = node.plugin->is(Trait::alerting) || assembled_.entries[i].at_once;
        setup.store = node.id == spec_.checkpoint_store;
        setup.hungry = &hungry_;
        setup.failed = [this](std::string_view id, const Status& status) {
            fail({std::string(id), status, {}});
        };
        has_store_ = has_store_ || setup.store;
        sinks_.push_back(
            std::make_unique<SinkQueue>(*assembled_.entries[i].sink, std::move(setup)));
        instances_[i].sink = sinks_.back().get();
    }
    losses_.resize(sinks_.size());
}

bool Session::check(std::string_view node, Status status) {
    if (status.ok()) return true;
    fail({std::string(node), std::move(status), {}});
    return false;
}

bool Session::start(bool fresh, std::uint64_t behind) {
    const bool started = start_nodes() && open_sinks(fresh, behind) && open_sources() && restore();
    started_.store(started);
    return started;
}

bool Session::start_nodes() {
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
        const NodeSpec& node = spec_.nodes[i];
        NodeSetup setup;
        setup.pipeline = spec_.name;
        setup.id = node.id;
        setup.rank = static_cast<std::uint32_t>(i);
        setup.on_error = node.run.on_error;
        setup.needs_ids = needs_ids_[i];
        for (const InputSpec& input : node.inputs) setup.arriving = setup.arriving | input.kinds;
        setup.shards = static_cast<std::uint32_t>(instances_[i].nodes.size());
        for (Node* instance : instances_[i].nodes) {
            if (!check(node.id, instance->start(setup))) return false;
            ++setup.shard;
        }
        Node* const decoder = instances_[i].decoder;
        if (decoder != nullptr && !check(node.id, decoder->start(setup))) return false;
    }
    return true;
}

/// The store first: it says where the others go on.
bool Session::open_sinks(bool fresh, std::uint64_t behind) {
    for (const bool store : {true, false}) {
        for (const auto& sink : sinks_) {
            if (sink->is_store() != store) continue;
            if (!check(sink->id(), sink->open(has_store_ ? &checkpoint_ : nullptr, fresh))) {
                return false;
            }
        }
        if (!store || !has_store_) continue;
        last_epoch_ = checkpoint_.info;
        next_epoch_ = last_epoch_.epoch;
        // Before the other sinks begin anew in their files.
        if (behind != 0 && last_epoch_.epoch != behind) {
            return check(spec_.checkpoint_store, is_another_store(behind));
        }
        if (settings_.reentry != nullptr && !check({}, check_reentry())) {
            return false;
        }
        if (fresh || !checkpoint_.resumes()) {
            starts_over_ = checkpoint_.info.epoch > 0;
            checkpoint_ = {};
        }
    }
    return true;
}

/// What the ingress is to do for a source, and where its frames are kept.
Result<FeedSetup> Session::feed_of(std::size_t index) {
    const NodeSpec& node = spec_.nodes[index];
    FeedSetup feed;
    feed.source = assembled_.entries[index].source;
    feed.id = node.id;
    feed.checkpointed = has_store_;
    feed.live = settings_.reentry == nullptr && node.plugin->is(Trait::live);
    feed.stayed_open = assembled_.entries[index].open;
    if (!feed.live) return feed;
    const auto keep = [&](const FrameLogSettings& settings) -> Status {
        auto log = FrameLog::open(settings);
        if (!log) return log.error();
        feed.logs.push_back(std::move(*log));
        return {};
    };
    if (!settings_.record.empty()) {
        FrameLogSettings recording;
        recording.folder = settings_.record / node.id;
        if (Status status = keep(recording); !status.ok()) return tl::make_unexpected(status);
    }
    if (!node.run.journal.folder.empty()) {
        FrameLogSettings journal = node.run.journal;
        journal.folder = settings_.data_dir / journal.folder / node.id;
        feed.journal = journal.folder;
        if (Status status = keep(journal); !status.ok()) return tl::make_unexpected(status);
    }
    return feed;
}

bool Session::open_sources() {
    std::vector<FeedSetup> feeds;
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
        const Assembled::Entry& entry = assembled_.entries[i];
        if (entry.source == nullptr) continue;
        const std::string& id = spec_.nodes[i].id;
        SourceSetup setup{spec_.name, id, needs_ids_[i]};
        setup.protocol = entry.venue ? entry.venue->protocol() : nullptr;
        setup.arrivals = &holdings_.doorbell;
        setup.commons = &holdings_.commons[spec_.nodes[i].plugin];
        if (!entry.open && !check(id, entry.source->open(setup))) return false;
        auto feed = feed_of(i);
        if (!feed) return check(id, feed.error());
        feeds.push_back(std::move(*feed));
    }
    ingress_ =
        std::make_unique<Ingress>(std::move(feeds), settings_.step_records, settings_.random_steps);
    if (settings_.reentry != nullptr) ingress_->reenter();
    return true;
}

Status Session::is_another_store(std::uint64_t behind) const {
    return {
        Code::unsupported,
        fmt::format("this store {} and the pipeline stands at epoch {}, in another one: state "
                    "and positions would be lost. Leave the store's path as it was, or stop "
                    "the pipeline, move the file, and run it again",
                    last_epoch_.epoch == 0 ? std::string("holds no epoch")
                                           : fmt::format("ends with epoch {}", last_epoch_.epoch),
                    behind)};
}

/// Records enter once more where the pipeline stands, so it must stand somewhere.
Status Session::check_reentry() const {
    if (last_epoch_.epoch == 0) {
        return {Code::unsupported, "the pipeline has no epoch to go on from: run it first"};
    }
    for (const NodeSpec& node : spec_.nodes) {
        if (node.run.was.empty() || !checkpoint_.nodes().contains(node.run.was)) continue;
        return {Code::unsupported, fmt::format("{} takes over the state of {} at the next run: run "
                                               "the pipeline first",
                                               node.id, node.run.was)};
    }
    return {};
}

bool Session::restore() {
    if (!checkpoint_.resumes()) return true;
    resumed_ = true;
    for (const NodeSpec& node : spec_.nodes) {
        if (node.run.was.empty() || !checkpoint_.nodes().contains(node.run.was)) continue;
        checkpoint_.rename(node.run.was, node.id);
        obsolete_.of(node.run.was);
        for (const Checkpoint::Row& row : checkpoint_.rows_of(node.id)) {
            obsolete_.row(row.key, row.part, row.version, {});
        }
        renamed_ = true;
    }
    if (!check({}, check_sources())) return false;
    std::string node;
    Status status = graph_.restore(checkpoint_, node);
    if (status.ok()) {
        node.clear();
        status = ingress_->restore(checkpoint_, node);
    }
    checkpoint_.clear();
    return check(node, std::move(status));
}

/// State means something only to the node that wrote it, a position only in the same input.
Status Session::check_sources() const {
    for (const NodeSpec& node : spec_.nodes) {
        NodeDescription then;
        if (checkpoint_.find(node.id, plugin_part) == nullptr) continue;
        if (Status status = checkpoint_.read(node.id, plugin_part, then); !status.ok()) {
            return status;
        }
        const NodeDescription now = describe(node);
        if (then.type != now.type) {
            return {Code::unsupported,
                    fmt::format("{} was a {} at the last epoch and is a {} now: run it in another "
                                "--data-dir (a replay keeps a state of its own), give it another "
                                "id, or start over with --fresh",
                                node.id, then.type, now.type)};
        }
        if (node.category != Category::source || then.places == now.places) continue;
        if (settings_.reentry != nullptr) continue;
        return {Code::unsupported,
                fmt::format("{} read {} at the last epoch and would read {} now: start over with "
                            "--fresh, or give it another id",
                            node.id, fmt::join(then.places, ", "), fmt::join(now.places, ", "))};
    }
    return {};
}

void Session::put_descriptions(StateBuffer& out) const {
    for (const NodeSpec& node : spec_.nodes) {
        if (node.id.find('.') != std::string::npos) continue;  // a tap
        NodeDescription description = describe(node);
        out.of(node.id);
        out.put(plugin_part, engine_state_version, description);
    }
}

}  // namespace spillway::runtime
