#pragma once

#include <cstdint>

#include <spillway/sink.hpp>

namespace spillway::null {

/// Takes rows and does nothing with them; the engine's books count them.
class NullSink : public SinkPlugin<NullSink> {
public:
    static constexpr About about = {
        .name = "null",
        .version = "1.0.0",
        .summary = "Counts rows and forgets them: for measuring and trying out",
        .consumes = KindSet::all(),
    };
    static constexpr auto option_list = no_options();

    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows& rows) noexcept override {
        rows_ += rows.rows.count;
        return {};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

private:
    std::uint64_t rows_ = 0;
};

}  // namespace spillway::null
