#include "runtime/ingress/frame_log.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace spillway::runtime {
namespace {

namespace fs = std::filesystem;

/// Twenty digits, so that names sort by time.
std::string name_of(Time first) {
    return fmt::format("{:020}{}", std::max<Time>(first, 0), frame_file_extension);
}

std::optional<Time> time_in(const fs::path& path) {
    const std::string stem = path.stem().string();
    Time time = 0;
    const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), time);
    const bool whole = error == std::errc() && end == stem.data() + stem.size();
    return whole && path.extension() == frame_file_extension ? std::optional(time) : std::nullopt;
}

/// Files of the folder that a log wrote, oldest first.
Result<std::vector<fs::path>> list(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> paths;
    for (auto entry = fs::directory_iterator(folder, error);
         !error && entry != fs::directory_iterator(); entry.increment(error)) {
        if (time_in(entry->path())) paths.push_back(entry->path());
    }
    if (error) {
        return tl::make_unexpected(Status{Code::io, fmt::format("cannot read the folder {}: {}",
                                                                folder.string(), error.message())});
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

Result<FrameLog> FrameLog::open(const FrameLogSettings& settings) {
    std::error_code error;
    fs::create_directories(settings.folder, error);
    if (error) {
        return tl::make_unexpected(
            Status{Code::io, fmt::format("cannot make the folder {}: {}", settings.folder.string(),
                                         error.message())});
    }
    auto paths = list(settings.folder);
    if (!paths) return tl::make_unexpected(paths.error());
    FrameLog log(settings);
    for (const fs::path& path : *paths) {
        log.files_.push_back({path, fs::file_size(path, error), *time_in(path)});
    }
    // A source from which nothing ever came has a recording as well: one without frames.
    if (log.files_.empty()) {
        auto empty = FrameWriter::create((settings.folder / name_of(0)).string());
        if (!empty) return tl::make_unexpected(empty.error());
        if (Status status = empty->close(); !status.ok()) return tl::make_unexpected(status);
        log.files_.push_back({settings.folder / name_of(0), empty->size(), 0});
    }
    return log;
}

Status FrameLog::begin_file(Time first) {
    if (writer_) {
        if (Status status = writer_->close(); !status.ok()) return status;
        writer_.reset();
    }
    const fs::path path = settings_.folder / name_of(first);
    FrameWriterOptions options;
    // Many small blocks: packing them gains nothing.
    if (settings_.at_once) options.codec = FrameCodec::none;
    // A file of that name is there if an earlier process began it and died before any block.
    auto writer = FrameWriter::append(path.string(), options);
    if (!writer) return writer.error();
    writer_.emplace(std::move(*writer));
    if (files_.empty() || files_.back().path != path) files_.push_back({path, 0, first});
    remove_old(first);
    return {};
}

Status FrameLog::write(std::span<const Frame> frames) {
    if (frames.empty()) return {};
    const Time first = frames.front().receive_time;
    if (!writer_ || files_.back().bytes >= settings_.file_bytes ||
        first - files_.back().first >= settings_.file_age) {
        if (Status status = begin_file(first); !status.ok()) return status;
    }
    for (const Frame& frame : frames) {
        if (Status status = writer_->write(frame); !status.ok()) return status;
    }
    if (settings_.at_once) {
        if (Status status = writer_->flush(); !status.ok()) return status;
    }
    files_.back().bytes = writer_->size();
    return {};
}

Status FrameLog::sync() { return writer_ ? writer_->sync() : Status(); }

Status FrameLog::close() {
    if (!writer_) return {};
    const Status status = writer_->close();
    writer_.reset();
    return status;
}

/// A file goes when all of it is older than is kept: when the next one begins before that.
void FrameLog::remove_old(Time now) {
    std::uint64_t bytes = 0;
    for (const File& file : files_) bytes += file.bytes;
    const auto too_old = [&] {
        return settings_.keep_for > 0 && files_[1].first <= now - settings_.keep_for;
    };
    const auto too_much = [&] { return settings_.keep_bytes > 0 && bytes > settings_.keep_bytes; };
    while (files_.size() > 1 && (too_old() || too_much())) {
        std::error_code ignored;
        fs::remove(files_.front().path, ignored);
        bytes -= files_.front().bytes;
        files_.pop_front();
    }
}

Result<FrameLogReader> FrameLogReader::open(const fs::path& folder, Time behind) {
    FrameLogReader reader;
    reader.behind_ = behind;
    std::error_code ignored;
    if (!fs::exists(folder, ignored)) return reader;
    const auto paths = list(folder);
    if (!paths) return tl::make_unexpected(paths.error());
    reader.files_.assign(paths->begin(), paths->end());
    while (reader.files_.size() > 1 && *time_in(reader.files_[1]) <= behind) {
        reader.files_.pop_front();
    }
    return reader;
}

/// A write that did not come to its end is no damage: it ends with the process.
void FrameLogReader::note_damage() {
    for (const FrameDamage& one : reader_->piece().damages) {
        if (one.truncated) continue;
        if (!damage_.empty()) damage_ += "; ";
        damage_ += fmt::format("{} at byte {}: {}", path_, one.offset, one.reason);
    }
}

Result<std::span<const Frame>> FrameLogReader::next(BlockRef& block) {
    damage_.clear();
    while (true) {
        if (!reader_) {
            if (files_.empty()) return std::span<const Frame>();
            path_ = files_.front().string();
            auto opened = FrameReader::open(path_);
            if (!opened) return tl::make_unexpected(opened.error());
            reader_.emplace(std::move(*opened));
            files_.pop_front();
        }
        const Result<bool> more = reader_->next();
        if (!more) return tl::make_unexpected(more.error());
        if (!*more) {
            reader_.reset();
            continue;
        }
        note_damage();
        std::span<const Frame> frames = reader_->piece().frames;
        const auto first = std::find_if(frames.begin(), frames.end(), [&](const Frame& frame) {
            return frame.receive_time > behind_;
        });
        frames = frames.subspan(static_cast<std::size_t>(first - frames.begin()));
        if (frames.empty()) continue;
        block = reader_->block();
        return frames;
    }
}

}  // namespace spillway::runtime
