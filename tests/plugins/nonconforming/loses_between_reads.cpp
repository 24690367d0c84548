#include "nonconforming.hpp"

namespace spillway::nonconforming {
namespace {

/// Looks a record ahead to see that it has more, and forgets it.
class LosesBetweenReads : public Ticks<LosesBetweenReads> {
public:
    static constexpr About about = about_source("loses_between_reads", Trait::none);

    Result<ReadState> read(SourceOutput& out, std::uint32_t limit) noexcept override {
        Result<ReadState> state = Ticks::read(out, limit);
        if (state && *state == ReadState::more) ++next;
        return state;
    }
};

}  // namespace
}  // namespace spillway::nonconforming

SPILLWAY_PLUGIN(spillway::nonconforming::LosesBetweenReads)
