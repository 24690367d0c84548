#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <spillway/frame.hpp>
#include <spillway/frame_file.hpp>
#include <spillway/status.hpp>

namespace spillway {

struct FrameWriterOptions {
    FrameCodec codec = FrameCodec::zstd;
    /// A block is closed when it holds so many unpacked bytes and the receive time moves on:
    /// frames of one instant stay together, unless there are more than 64 MiB of them.
    std::size_t block_size = std::size_t{256} << 10U;
    std::string_view created_by = {};  ///< into the header; empty: this version of Spillway
};

/// Appends frames to a file. Frames are collected in memory, and reach the file a whole block at a
/// time; what was not flushed is lost when the process dies. One writer per file: a second one is
/// refused. Used by one thread.
class FrameWriter {
public:
    /// A new file; refuses one that exists.
    [[nodiscard]] static Result<FrameWriter> create(
        std::string_view path, const FrameWriterOptions& options = {}) noexcept;
    /// Goes on at the end of a file, or makes a new one. A block at the end that was not written
    /// whole is cut off; damage elsewhere stays as it is. Refuses what is no frame file.
    [[nodiscard]] static Result<FrameWriter> append(
        std::string_view path, const FrameWriterOptions& options = {}) noexcept;
    FrameWriter(const FrameWriter&) = delete;
    FrameWriter& operator=(const FrameWriter&) = delete;
    FrameWriter(FrameWriter&&) noexcept;
    FrameWriter& operator=(FrameWriter&&) noexcept;
    /// Flushes, and cannot tell an error: call `close`.
    ~FrameWriter();

    /// Takes a copy of the frame; its `sequence` is not kept. `bad_record`: the frame can never be
    /// written (too large, name too long). `io`: a full block could not be written; the frame was
    /// not taken, and the call may be repeated.
    Status write(const Frame& frame) noexcept;
    /// Closes the block: what was taken is in the file, and survives the process. After an error
    /// the file ends with its last whole block, and the call may be repeated.
    Status flush() noexcept;
    /// Flushes, and waits until the device has it: survives a loss of power.
    Status sync() noexcept;
    /// Flushes and closes the file; nothing may be written after it.
    Status close() noexcept;

    /// Bytes of the file: its header and closed blocks.
    [[nodiscard]] std::uint64_t size() const noexcept;
    /// Frames in the file, those of the open block included; at least those that can be read.
    [[nodiscard]] std::uint64_t records() const noexcept;
    /// Bytes that `append` cut off.
    [[nodiscard]] std::uint64_t cut() const noexcept;

private:
    struct State;
    explicit FrameWriter(std::unique_ptr<State> state) noexcept;
    static Result<FrameWriter> open(std::string_view path, const FrameWriterOptions& options,
                                    bool must_be_new) noexcept;
    std::unique_ptr<State> state_;
};

}  // namespace spillway
