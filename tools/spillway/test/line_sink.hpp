#pragma once

#include <string>
#include <vector>

#include <spillway/event_json.hpp>
#include <spillway/sink.hpp>

namespace spillway::cli {

/// Keeps what it gets as JSON lines. Filled on the thread of its sink queue: read it when the run
/// has ended.
class LineSink final : public Sink {
public:
    Status configure(std::span<const OptionValue>) noexcept override { return {}; }
    Status open(const SinkSetup&) noexcept override { return {}; }
    Status write(const SinkRows& rows) noexcept override {
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            PodVector<char> text;
            append_json(text, rows.batch[rows.rows[k]], rows.batch);
            lines_.emplace_back(view(text));
        }
        return {};
    }
    Status flush(std::uint64_t) noexcept override { return {}; }
    Status close() noexcept override { return {}; }

    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }

private:
    std::vector<std::string> lines_;
};

}  // namespace spillway::cli
