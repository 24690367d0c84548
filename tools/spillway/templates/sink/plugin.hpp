#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include <spillway/fields.hpp>
#include <spillway/sink.hpp>

namespace spillway::my_plugin {

struct Options {
    std::string path;
    double least = 0;
};

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

/// Writes liquidations to a file, a line each with tabs between the columns. After a crash the
/// engine hands over again what came after the last checkpoint, so a run that goes on first cuts
/// the file where that checkpoint left it. All functions are called by one thread.
class MyPlugin : public SinkPlugin<MyPlugin> {
public:
    static constexpr About about = {
        .name = "my_plugin",
        .version = "0.1.0",
        .summary = "Liquidations as lines with tabs",
        .consumes = {Kind::liquidation},
        .traits = Trait::needs_ids,
    };
    static constexpr auto option_list = spillway::options(
        option::path<&Options::path>("path", "File; a relative path starts at the data directory."),
        option::number<&Options::least>("least", "Smaller liquidations are left out.")
            .otherwise("0")
            .in("USD")
            .at_least(0));
    Options options;

    Status check();
    Status open(const SinkSetup& setup) noexcept override;
    Status write(const SinkRows& rows) noexcept override;
    Status flush(std::uint64_t epoch) noexcept override;
    void position(StateWriter& out) noexcept override { out(1, flushed_); }
    Status close() noexcept override;

private:
    Status open_file(bool resumed);
    void append(const Event& event);
    [[nodiscard]] Status failed(const char* doing) const;

    std::string path_;  ///< as opened, for messages
    std::string line_;
    std::unique_ptr<std::FILE, CloseFile> file_;
    std::uint64_t written_ = 0;  ///< bytes of the file
    std::uint64_t flushed_ = 0;  ///< of which are on the disk
};

}  // namespace spillway::my_plugin
