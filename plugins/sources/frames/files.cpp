#include "files.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include <spillway/node.hpp>

namespace spillway::frames {

namespace fs = std::filesystem;

Status Files::open(const std::string& path, const Selection& selection) {
    *this = Files();
    selection_ = selection;
    std::error_code ignored;
    if (Status status =
            fs::is_directory(path, ignored) ? list(path) : add(fs::path(path).filename(), path);
        !status.ok()) {
        return status;
    }
    std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) {
        return std::pair(a.first_time, std::string_view(a.name)) <
               std::pair(b.first_time, std::string_view(b.name));
    });
    return open_file(0);
}

Status Files::list(const std::string& folder) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != frame_file_extension) continue;
        Status status = add(entry->path().filename().string(), entry->path().string());
        if (!status.ok()) return status;
    }
    if (error) return {Code::io, fmt::format("{}: {}", folder, error.message()), folder};
    if (!files_.empty()) return {};
    return {Code::io, fmt::format("{}: the folder has no *{} files", folder, frame_file_extension),
            folder};
}

Status Files::add(const std::string& name, const std::string& path) {
    auto reader = FrameReader::open(path);
    if (!reader) return reader.error();
    File file{name, path, time_never, reader->size()};
    while (file.first_time == time_never) {
        const Result<bool> more = reader->skip();
        if (!more) return more.error();
        if (!*more) break;
        file.first_time = reader->piece().first_time;
    }
    files_.push_back(std::move(file));
    return {};
}

Status Files::open_file(std::size_t index) {
    file_ = index;
    auto reader = FrameReader::open(files_[index].path);
    if (!reader) return reader.error();
    reader_ = std::make_unique<FrameReader>(std::move(*reader));
    return {};
}

Result<const FramePiece*> Files::next_whole() {
    for (;;) {
        const Result<bool> more = reader_->next();
        if (!more) return tl::make_unexpected(more.error());
        if (*more) return &reader_->piece();
        if (file_ + 1 == files_.size()) return nullptr;
        if (Status status = open_file(file_ + 1); !status.ok()) return tl::make_unexpected(status);
    }
}

Result<std::optional<Piece>> Files::next() {
    for (;;) {
        const Result<const FramePiece*> read = next_whole();
        if (!read) return tl::make_unexpected(read.error());
        if (*read == nullptr) return std::optional<Piece>();
        Piece piece = take(**read);
        if (!piece.done()) return std::optional(std::move(piece));
    }
}

/// What is wanted of a piece and not done yet.
Piece Files::take(const FramePiece& read) {
    Piece piece;
    const std::uint32_t skip = std::exchange(skip_, 0);
    piece.start = {files_[file_].name, read.offset, read.first_record, skip};
    piece.count = static_cast<std::uint32_t>(read.frames.size());
    for (std::uint32_t i = skip; i < piece.count; ++i) {
        const Frame& frame = read.frames[i];
        if (!selection_.wants(frame)) continue;
        newest_ = std::max(newest_, frame.receive_time);
        piece.frames.push_back(frame);
        piece.frames.back().receive_time = newest_;
        piece.numbers.push_back(i);
    }
    if (!piece.frames.empty()) piece.block = reader_->block();
    for (const FrameDamage& damage : read.damages) {
        if (damage.frames_before >= skip) take_damage(damage, piece);
    }
    return piece;
}

void Files::take_damage(const FrameDamage& damage, Piece& piece) {
    const File& file = files_[file_];
    if (damage.truncated) {
        // The usual end of a file whose writer was killed: said once, when all is read.
        if (truncated_files_++ > 0) return;
        truncated_ =
            Status(Code::io,
                   fmt::format("{}: truncated: {} at byte {}; {} bytes were not used, everything "
                               "before them was read",
                               file.path, damage.reason, damage.offset, damage.bytes),
                   file.path);
        return;
    }
    std::string reason(damage.reason);
    if (damage.records > 0) {
        reason += fmt::format("; {} record{} lost", damage.records, damage.records > 1 ? "s" : "");
    }
    if (damage.bytes > 0) reason += fmt::format("; {} bytes lost", damage.bytes);
    piece.damages.push_back({damage.frames_before, fmt::format("{}:{}", file.path, damage.offset),
                             std::move(reason),
                             std::string(damage.sample.substr(0, dead_letter_limit))});
}

Status Files::seek(const Place& place, Time time) {
    const auto file = std::find_if(files_.begin(), files_.end(),
                                   [&](const File& known) { return known.name == place.file; });
    if (file == files_.end()) {
        return {Code::io,
                fmt::format("cannot go on in '{}': it is not there any more; bring it back, or "
                            "start over with --fresh",
                            place.file),
                place.file};
    }
    if (place.offset > file->size) {
        return {Code::io,
                fmt::format("{}: cannot go on at byte {}: the file has only {} bytes; it is not "
                            "the file that was read before",
                            file->path, place.offset, file->size),
                file->path};
    }
    Status status = open_file(static_cast<std::size_t>(file - files_.begin()));
    if (!status.ok()) return status;
    if (place.offset > 0) reader_->seek(place.offset, place.first_record);
    skip_ = place.done;
    newest_ = time;
    return {};
}

Progress Files::progress() const noexcept {
    Progress progress;
    for (std::size_t i = 0; i < files_.size(); ++i) {
        progress.total += files_[i].size;
        if (i < file_) progress.done += files_[i].size;
    }
    if (reader_) progress.done += reader_->offset();
    return progress;
}

}  // namespace spillway::frames
