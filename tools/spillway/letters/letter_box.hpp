#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include <spillway/sink.hpp>

#include "letters/letter.hpp"
#include "letters/letter_file.hpp"
#include "runtime/spec/diagnostic.hpp"
#include "runtime/spec/pipeline_spec.hpp"

namespace spillway::cli {

/// Where a pipeline keeps its dead letters: the sink that `dead_letters.store` names, the
/// checkpoint store if it names none, or a file.
class LetterBox {
public:
    /// Loads the plugin of the store; opens nothing. `spec` must outlive the box.
    [[nodiscard]] static tl::expected<LetterBox, runtime::Diagnostics> find(
        const runtime::PipelineSpec& spec, const std::filesystem::path& data_dir);

    /// All letters, oldest first; a run may be writing meanwhile.
    [[nodiscard]] Result<Letters> read() const;
    /// Before a replay: what an earlier one, that did not come to its end, made of letters is noted
    /// for good or forgotten.
    [[nodiscard]] Status resolve() const;
    /// Notes what a replay makes of letters, as its commit begins. For a file only.
    [[nodiscard]] Status prepare(std::span<const LetterOutcome> outcomes,
                                 std::string_view replay) const;
    /// Notes what a replay made of letters, after it.
    [[nodiscard]] Status settle(std::span<const LetterOutcome> outcomes, std::uint64_t epoch,
                                std::string_view replay) const;

    /// Node that the letters reach.
    [[nodiscard]] const std::string& node() const noexcept { return texts_->id; }
    /// The letters can be marked in the epoch of the replay itself.
    [[nodiscard]] bool in_checkpoint_store() const noexcept {
        return plugin_ && texts_->id == spec_->checkpoint_store;
    }

    /// The letters are marked in a file, which the epoch of the replay can vouch for.
    [[nodiscard]] bool in_file() const noexcept { return !plugin_; }

private:
    /// The sink keeps views of them: they do not move.
    struct Texts {
        std::string pipeline, id, data_dir;
    };
    LetterBox(const runtime::PipelineSpec& spec, std::string id,
              const std::filesystem::path& data_dir);
    [[nodiscard]] SinkSetup setup() const;
    [[nodiscard]] LetterFile letter_file() const;

    const runtime::PipelineSpec* spec_;
    std::unique_ptr<Texts> texts_;
    std::shared_ptr<Plugin> plugin_;  ///< null: a file
    std::filesystem::path file_;
};

}  // namespace spillway::cli
