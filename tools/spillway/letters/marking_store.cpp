#include "letters/marking_store.hpp"

#include <random>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <spillway/state.hpp>

#include "runtime/run/open_store.hpp"

namespace spillway::cli {
namespace {

// The row of the checkpoint. An id with a dot is none of a pipeline file's: its state is not
// pruned.
constexpr std::string_view replay_node = "spillway.replay";
constexpr std::string_view name_part = "spillway.name";

struct NewestReplay {
    std::string name;
    template <class Archive>
    void fields(Archive& io) {
        io(1, name);
    }
};

}  // namespace

MarkingStore::MarkingStore(Sink& sink, std::string replay, std::function<Status(Time)> prepare)
    : SinkFront(sink), replay_(std::move(replay)), prepare_(std::move(prepare)) {}

/// All sinks have made their rows durable: the letters have been through.
Status MarkingStore::commit(const EpochCommit& commit) noexcept {
    return detail::guarded([&]() -> Status {
        if (Status status = prepare_(commit.info.time); !status.ok()) return status;
        NewestReplay newest{replay_};
        StateWriter bytes;
        newest.fields(bytes);
        std::vector<StateRow> rows(commit.changed.begin(), commit.changed.end());
        rows.push_back({replay_node, {}, name_part, runtime::engine_state_version, bytes.bytes()});
        return SinkFront::commit({commit.info, rows, commit.starts_over});
    });
}

std::string new_replay_name() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

Result<std::string> newest_replay(const runtime::PipelineSpec& spec,
                                  const std::filesystem::path& data_dir) {
    // A pipeline that has lost its checkpoint has none of its replays either.
    if (spec.checkpoint_store.empty()) return std::string();
    auto store = runtime::OpenStore::create(spec);
    if (!store) return tl::unexpected(Status(Code::bad_option, runtime::to_text(store.error())));
    runtime::Checkpoint checkpoint;
    if (Status status = store->look(data_dir, checkpoint); !status.ok()) {
        return tl::unexpected(std::move(status));
    }
    NewestReplay newest;
    if (Status status = checkpoint.read(replay_node, name_part, newest); !status.ok()) {
        return tl::unexpected(std::move(status));
    }
    return newest.name;
}

}  // namespace spillway::cli
