// One recording gives equal bytes, however it is cut into steps and on however many threads.

#include <atomic>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "runtime/graph/executor.hpp"
#include "runtime/graph/test_graph.hpp"
#include "runtime/ingress/budget.hpp"
#include "runtime/ingress/ingress.hpp"
#include "runtime/ingress/testing_feeds.hpp"

namespace spillway::runtime {
namespace {

using testing::Record;

enum class Mode { inline_only, tbb, automatic };

struct Variant {
    Mode mode = Mode::inline_only;
    unsigned threads = 1;
    std::uint32_t limit = 256;
    std::optional<std::uint64_t> random;
    std::uint32_t shards = 1;
    std::uint32_t backlog_bits = 0;  ///< automatic: how long bursts are
};

/// A random pipeline: two sources, some layers of random nodes, a sink that reads several.
class RandomPipeline {
public:
    explicit RandomPipeline(std::uint64_t seed) : random_(seed) {
        describe("records", Category::source, Trait::replayable);
        describe("third", Category::transform, Trait::in_place);
        describe("echo", Category::transform, Trait::keyed);
        describe("window_sum", Category::transform, Trait::keyed | Trait::late_output);
        describe("lines", Category::sink, Trait::none);
        add("a", 0, {});
        add("b", 0, {});
        const std::size_t nodes = 3 + random_() % 5;
        for (std::size_t i = 0; i < nodes; ++i) {
            std::vector<InputSpec> inputs;
            const std::size_t wanted = 1 + random_() % 3;
            for (std::size_t k = 0; k < wanted; ++k) {
                const NodeSpec& from = spec_.nodes[random_() % spec_.nodes.size()];
                InputSpec input;
                input.from = from.id;
                if (from.plugin->is(Trait::late_output) && random_() % 3 == 0) input.port = "late";
                input.kinds = {Kind::price};
                const bool known =
                    std::any_of(inputs.begin(), inputs.end(), [&](const auto& other) {
                        return other.from == input.from && other.port == input.port;
                    });
                if (!known) inputs.push_back(input);
            }
            add("n" + std::to_string(i), 1 + random_() % 3, inputs);
        }
        std::vector<InputSpec> all;
        for (const NodeSpec& node : spec_.nodes) {
            InputSpec input;
            input.from = node.id;
            input.kinds = {Kind::price};
            all.push_back(input);
        }
        add("out", 4, all);
        make_records();
    }

    std::string run(const Variant& variant) {
        std::vector<std::unique_ptr<Plugin>> plugins;
        std::vector<NodeInstances> instances(spec_.nodes.size());
        std::vector<Source*> sources;
        testing::LineSink lines;
        std::atomic<bool> hungry{true};
        SinkQueue::Setup sink_setup;
        sink_setup.sink.id = "out";
        sink_setup.hungry = &hungry;
        sink_setup.failed = [](std::string_view, const Status&) {};
        SinkQueue sink(lines, std::move(sink_setup));
        for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
            const NodeSpec& node = spec_.nodes[i];
            if (node.category == Category::source) {
                auto source = std::make_unique<testing::RecordSource>(records_[i]);
                sources.push_back(source.get());
                plugins.push_back(std::move(source));
            } else if (node.category == Category::sink) {
                instances[i].sink = &sink;
            } else {
                const std::uint32_t shards = node.plugin->is(Trait::keyed) ? variant.shards : 1;
                for (std::uint32_t s = 0; s < shards; ++s) {
                    plugins.push_back(create(node));
                    instances[i].nodes.push_back(plugins.back()->node());
                    NodeSetup setup;
                    setup.pipeline = "test";
                    setup.id = node.id;
                    setup.rank = static_cast<std::uint32_t>(i);
                    EXPECT_TRUE(instances[i].nodes.back()->start(setup).ok());
                }
            }
        }
        Graph graph = build_graph(spec_, instances);
        sink.set_counters(graph.nodes.back().counters.get());
        EXPECT_TRUE(sink.open(nullptr, true).ok());
        const auto failed = [](const Failure& failure) {
            ADD_FAILURE() << failure.node << ": " << failure.status.message();
        };
        auto executor = variant.mode == Mode::inline_only ? make_inline_executor(graph, failed)
                        : variant.mode == Mode::tbb
                            ? make_tbb_executor(graph, variant.threads, failed)
                            : make_auto_executor(graph, variant.threads, failed);
        Budget budget(Budget::Limits{});
        Ingress ingress(feeds_of(sources, {"a", "b"}), variant.limit, variant.random);
        CutStep cut;
        StepJob job;
        std::uint32_t n = 0;
        while (!cut.last) {
            ingress.cut(cut, time_never);
            job.info.ticket = budget.take(cut.records);
            job.info.horizon = cut.horizon;
            ++job.info.number;
            std::swap(job.sources, cut.sources);
            Ticket* ticket = job.info.ticket;
            ++n;
            executor->submit(job, (n >> variant.backlog_bits & 1U) == 0);
            for (SourceInput& input : job.sources) input.clear();
            ticket->release();
        }
        executor->drain();
        executor.reset();
        EXPECT_TRUE(sink.close().ok());
        for (const GraphEdge& edge : graph.edges) {
            EXPECT_EQ(edge.counters->emitted.get(), edge.counters->delivered.get());
        }
        return lines.text;
    }

private:
    void describe(std::string name, Category category, Trait traits) {
        PluginDescription description;
        description.name = std::move(name);
        description.category = category;
        description.traits = traits;
        description.consumes = {Kind::price};
        description.emits = {Kind::price};
        descriptions_.push_back(std::make_unique<PluginDescription>(description));
    }
    void add(std::string id, std::size_t plugin, std::vector<InputSpec> inputs) {
        NodeSpec node;
        node.id = std::move(id);
        node.plugin = descriptions_[plugin].get();
        node.category = node.plugin->category;
        node.inputs = std::move(inputs);
        node.emits = {Kind::price};
        node.run.idle_after = node.category == Category::source ? 7 * second : 0;
        spec_.nodes.push_back(std::move(node));
    }
    static std::unique_ptr<Plugin> create(const NodeSpec& node) {
        if (node.plugin->name == "third") return std::make_unique<testing::ThirdFilter>();
        if (node.plugin->name == "window_sum") return std::make_unique<testing::WindowSum>();
        const auto delay = static_cast<Duration>(hash_text(node.id) % 5 + 1) * second;
        return std::make_unique<testing::Echo>(delay);
    }
    void make_records() {
        records_.resize(2);
        for (auto& records : records_) {
            Time now = 1'700'000'000 * second;
            for (int i = 0; i < 300; ++i) {
                if (random_() % 3 != 0) now += static_cast<Duration>(random_() % 4) * second / 2;
                if (random_() % 60 == 0) now += 30 * second;
                const Time late = static_cast<Duration>(random_() % 12) * second;
                records.push_back({now, now - late, fmt::format("M{}", random_() % 5),
                                   static_cast<double>(random_() % 1000)});
            }
        }
    }

    std::mt19937_64 random_;
    std::vector<std::unique_ptr<PluginDescription>> descriptions_;
    PipelineSpec spec_;
    std::vector<std::vector<Record>> records_;
};

TEST(Determinism, ResultsDoNotShowStepsThreadsOrShards) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        RandomPipeline pipeline(seed);
        const std::string expected = pipeline.run({});
        ASSERT_GT(expected.size(), 10'000U);
        std::vector<Variant> variants;
        for (const std::uint32_t limit : {1U, 3U, 17U, 4096U}) {
            variants.push_back({Mode::inline_only, 1, limit, {}, 1});
            variants.push_back({Mode::inline_only, 1, limit, seed * 31 + limit, 3});
        }
        for (const unsigned threads : {1U, 2U, 8U}) {
            variants.push_back({Mode::tbb, threads, 64, seed * 7 + threads, 1});
            variants.push_back({Mode::tbb, threads, 64, seed * 11 + threads, 4});
        }
        // The switch between inline and flow graph in mid-run, in bursts of 32 steps.
        variants.push_back({Mode::automatic, 2, 8, seed, 2, 5});
        for (const Variant& variant : variants) {
            ASSERT_EQ(pipeline.run(variant), expected)
                << "seed " << seed << " mode " << static_cast<int>(variant.mode) << " threads "
                << variant.threads << " limit " << variant.limit << " shards " << variant.shards;
        }
    }
}

}  // namespace
}  // namespace spillway::runtime
