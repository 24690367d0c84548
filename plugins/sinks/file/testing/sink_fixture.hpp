#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include <spillway/testing/temporary_folder.hpp>

#include "sink.hpp"

namespace spillway::file::testing {

using spillway::testing::TemporaryFolder;

/// Numbered trades through a sink in a folder of its own.
class SinkTest : public ::testing::Test {
protected:
    using Bytes = std::vector<std::byte>;

    /// Empty: not resumed.
    [[nodiscard]] Status open(FileSink& sink, const Bytes& position = {}) const {
        if (Status status = sink.check(); !status) return status;
        const std::string data_dir = folder_.path().string();
        SinkSetup setup{.pipeline = "demo", .id = "out", .data_dir = data_dir};
        setup.resumed = !position.empty();
        setup.position = position;
        return sink.open(setup);
    }
    static Status write(FileSink& sink, int first, int end) {
        const BatchRef batch = BatchRef::create();
        for (int i = first; i < end; ++i) {
            Event& event = batch->append(Kind::trade);
            event.event_time = event.receive_time = 1'770'292'800 * second + i * second;
            event.trade.price = i;
            event.set_present(field::trade::price);
        }
        return sink.write({*batch, {nullptr, batch->size()}});
    }
    /// What an epoch keeps.
    static Bytes position_of(FileSink& sink) {
        StateWriter writer;
        sink.position(writer);
        return {writer.bytes().begin(), writer.bytes().end()};
    }
    [[nodiscard]] std::filesystem::path file(const std::string& name = "out.jsonl") const {
        return folder_ / name;
    }

    /// In memory where there is such a place: some tests write thousands of files.
    TemporaryFolder folder_{::access("/dev/shm", W_OK) == 0
                                ? std::filesystem::path("/dev/shm")
                                : std::filesystem::temp_directory_path()};
};

}  // namespace spillway::file::testing
