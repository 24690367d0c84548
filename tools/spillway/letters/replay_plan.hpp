#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "letters/letter.hpp"
#include "letters/letter_sources.hpp"
#include "runtime/run/assembly.hpp"
#include "runtime/run/reentry.hpp"
#include "test/scratch_folder.hpp"

namespace spillway::cli {

/// Letters on their way back into the graph that refused them: lines go through the same source,
/// messages through the same decoder, events to the node that refused them.
class ReplayPlan {
public:
    struct Skipped {
        Letter letter;
        std::string reason;
    };

    /// Letters that cannot be replayed are skipped with a reason. `spec` must outlive the plan.
    [[nodiscard]] static tl::expected<ReplayPlan, runtime::Diagnostics> make(
        const runtime::PipelineSpec& spec, const Letters& letters);

    [[nodiscard]] const Letters& letters() const noexcept { return letters_; }
    [[nodiscard]] const std::vector<Skipped>& skipped() const noexcept { return skipped_; }
    /// Valid as long as the plan.
    [[nodiscard]] runtime::Reentry reentry() const;

    ReplayPlan(const ReplayPlan&) = delete;
    ReplayPlan& operator=(const ReplayPlan&) = delete;
    ReplayPlan(ReplayPlan&&) noexcept = default;
    ReplayPlan& operator=(ReplayPlan&&) noexcept = default;
    ~ReplayPlan() = default;

private:
    explicit ReplayPlan(const runtime::PipelineSpec& spec) : spec_(&spec) {}
    /// Why it cannot be replayed; empty if it is on its way.
    [[nodiscard]] std::string add(const Letter& letter);
    [[nodiscard]] std::string add_line(const Letter& letter, const runtime::NodeSpec& node);
    [[nodiscard]] std::string add_frame(const Letter& letter, const runtime::NodeSpec& node);
    [[nodiscard]] std::string add_event(const Letter& letter, const runtime::NodeSpec& node);
    [[nodiscard]] tl::expected<void, runtime::Diagnostics> make_line_sources();

    const runtime::PipelineSpec* spec_;
    Letters letters_;
    std::vector<Skipped> skipped_;
    std::map<std::string, std::unique_ptr<FrameLetters>> frames_;
    struct Inlet {
        std::vector<std::string> to;
        std::unique_ptr<EventLetters> source;
    };
    std::map<std::string, Inlet> events_;
    std::map<std::string, std::string> lines_;  ///< text by source
    std::unique_ptr<ScratchFolder> folder_;
    std::map<std::string, runtime::Assembled> line_sources_;
};

/// What makes letters of the same record equal wherever they come from: node, origin and bytes,
/// but for the receive time of an event, which a replay changes.
[[nodiscard]] std::string subject_of(std::string_view node, std::string_view origin,
                                     std::string_view raw);

}  // namespace spillway::cli
