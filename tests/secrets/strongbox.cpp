#include <string>

#include <spillway/sink.hpp>

namespace spillway::strongbox {
namespace {

struct Options {
    std::string token;
    bool open = true;
    std::int64_t room = 0;
};

/// Takes a few rows and fails; if it is not open, at once.
class Strongbox : public SinkPlugin<Strongbox> {
public:
    static constexpr About about = {.name = "strongbox",
                                    .version = "1.0.0",
                                    .summary = "Has little room.",
                                    .consumes = KindSet::all()};
    static constexpr auto option_list = spillway::options(
        option::secret<&Options::token>("token", "Of nobody."),
        option::boolean<&Options::open>("open", "Whether it opens.").otherwise("true"),
        option::integer<&Options::room>("room", "Rows that it takes.").otherwise("1000000"));
    Options options;

    Status open(const SinkSetup&) noexcept override {
        return options.open ? Status() : Status{Code::io, "the lock is rusty"};
    }
    Status write(const SinkRows& rows) noexcept override {
        rows_ += rows.rows.count;
        return rows_ <= options.room ? Status() : Status{Code::io, "it is full"};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

private:
    std::int64_t rows_ = 0;
};

}  // namespace
}  // namespace spillway::strongbox

SPILLWAY_PLUGIN(spillway::strongbox::Strongbox)
