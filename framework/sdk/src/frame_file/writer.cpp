#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <spillway/detail/frame_block.hpp>
#include <spillway/detail/frame_format.hpp>
#include <spillway/frame_writer.hpp>
#include <spillway/id.hpp>

namespace spillway {
namespace {

using detail::file_error;

class Descriptor {
public:
    explicit Descriptor(int number = -1) noexcept : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
    /// What `close` answered.
    int reset() noexcept { return ::close(std::exchange(number_, -1)); }

private:
    int number_;
};

Status lock(int descriptor, std::string_view path) noexcept {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return {};
    if (errno != EWOULDBLOCK) return file_error(path, "cannot lock", errno);
    return {Code::busy, fmt::format("{}: somebody else writes to it", path), path};
}

Status write_all(int descriptor, std::string_view path, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return file_error(path, "cannot write", errno);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

}  // namespace

struct FrameWriter::State {
    State(std::string_view name, const FrameWriterOptions& options)
        : path(name), block(options.codec, options.block_size) {}

    std::string path;
    Descriptor file;
    std::uint64_t size = 0;         ///< of the file
    std::uint64_t next_record = 0;  ///< number of the open block's first
    std::uint64_t cut = 0;
    bool new_file = false;  ///< its name is not known to be on the device yet
    detail::BlockBuilder block;

    Status start(std::string_view created_by);
    Status write_file_header(std::string_view created_by);
    Status flush();
    Status put(std::string_view bytes);
};

/// Finds the place to go on, in a file that is open and locked.
Status FrameWriter::State::start(std::string_view created_by) {
    auto input = detail::FrameInput::open(path);
    if (!input) return input.error();
    if (input->size() == 0) return write_file_header(created_by);
    const auto begin = detail::read_file_start(*input);
    if (!begin) return begin.error();
    const auto end = detail::find_end(*input, *begin);
    if (!end) return end.error();
    size = end->offset;
    next_record = end->next_record;
    cut = input->size() - size;
    if (cut > 0 && ::ftruncate(file.get(), static_cast<off_t>(size)) != 0) {
        return file_error(path, "cannot cut off its unfinished end", errno);
    }
    if (::lseek(file.get(), 0, SEEK_END) < 0) return file_error(path, "cannot seek", errno);
    return size == 0 ? write_file_header(created_by) : Status();
}

Status FrameWriter::State::write_file_header(std::string_view created_by) {
    if (created_by.empty()) created_by = "spillway " SPILLWAY_VERSION;
    created_by = created_by.substr(0, max_created_by);
    detail::FileHeader about;
    about.created_by_size = static_cast<std::uint16_t>(created_by.size());
    std::string bytes(reinterpret_cast<const char*>(&about), sizeof(about));
    bytes.append(created_by);
    const std::uint64_t hash = XXH3_64bits(bytes.data(), bytes.size());
    bytes.append(reinterpret_cast<const char*>(&hash), sizeof(hash));
    return put(bytes);
}

Status FrameWriter::State::flush() {
    if (block.records() > 0) {
        const std::string_view bytes = block.seal(next_record);
        if (bytes.empty()) return {Code::io, path + ": libzstd cannot pack a block", path};
        if (Status status = put(bytes); !status.ok()) return status;
        next_record += block.records();
    }
    block.clear();
    return {};
}

/// Appends to the file, all or nothing.
Status FrameWriter::State::put(std::string_view bytes) {
    if (!file.is_open()) return {Code::io, path + ": is closed", path};
    Status status = write_all(file.get(), path, bytes);
    if (status.ok()) {
        size += bytes.size();
        return {};
    }
    // What came onto the disk would stand between this block and the next try.
    if (::ftruncate(file.get(), static_cast<off_t>(size)) == 0) {
        ::lseek(file.get(), static_cast<off_t>(size), SEEK_SET);
    }
    return status;
}

FrameWriter::FrameWriter(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
FrameWriter::FrameWriter(FrameWriter&&) noexcept = default;

FrameWriter& FrameWriter::operator=(FrameWriter&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

FrameWriter::~FrameWriter() {
    if (state_ && state_->file.is_open()) static_cast<void>(state_->flush());
}

Result<FrameWriter> FrameWriter::open(std::string_view path, const FrameWriterOptions& options,
                                      bool must_be_new) noexcept {
    auto state = std::make_unique<State>(path, options);
    int descriptor = ::open(state->path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    state->new_file = descriptor >= 0;
    if (descriptor < 0 && errno == EEXIST && must_be_new) {
        return tl::make_unexpected(Status(
            Code::io, state->path + ": exists already; name another file or remove it", path));
    }
    if (descriptor < 0 && errno == EEXIST) {
        descriptor = ::open(state->path.c_str(), O_WRONLY | O_CLOEXEC);
    }
    if (descriptor < 0) return tl::make_unexpected(file_error(path, "cannot open", errno));
    state->file = Descriptor(descriptor);
    if (Status status = lock(descriptor, path); !status.ok()) return tl::make_unexpected(status);
    if (Status status = state->start(options.created_by); !status.ok()) {
        state->file.reset();
        if (state->new_file) ::unlink(state->path.c_str());
        return tl::make_unexpected(status);
    }
    return FrameWriter(std::move(state));
}

Result<FrameWriter> FrameWriter::create(std::string_view path,
                                        const FrameWriterOptions& options) noexcept {
    return open(path, options, true);
}

Result<FrameWriter> FrameWriter::append(std::string_view path,
                                        const FrameWriterOptions& options) noexcept {
    return open(path, options, false);
}

Status FrameWriter::write(const Frame& frame) noexcept {
    State& s = *state_;
    if (frame.bytes.size() > max_frame_bytes) {
        return bad_record(fmt::format("{}: a frame of {} bytes; at most {} can be written", s.path,
                                      frame.bytes.size(), max_frame_bytes),
                          "bytes");
    }
    for (const std::string_view name : {text_of(frame.venue), text_of(frame.channel)}) {
        if (name.size() <= max_frame_name) continue;
        return bad_record(fmt::format("{}: a name of {} bytes; at most {} can be written: {}...",
                                      s.path, name.size(), max_frame_name, name.substr(0, 64)),
                          "name");
    }
    if (s.block.is_full(frame)) {
        if (Status status = s.flush(); !status.ok()) return status;
    }
    if (s.block.add(frame)) return {};
    // No room for its names: the first frame of a block always has it.
    if (Status status = s.flush(); !status.ok()) return status;
    static_cast<void>(s.block.add(frame));
    return {};
}

Status FrameWriter::flush() noexcept { return state_->flush(); }

Status FrameWriter::sync() noexcept {
    State& s = *state_;
    if (Status status = s.flush(); !status.ok()) return status;
    if (::fdatasync(s.file.get()) != 0) return file_error(s.path, "cannot sync", errno);
    if (!std::exchange(s.new_file, false)) return {};
    // A new file survives only with its name: that is its folder's.
    const std::size_t slash = s.path.rfind('/');
    const std::string folder =
        slash == std::string::npos ? "." : s.path.substr(0, std::max<std::size_t>(slash, 1));
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open() || ::fsync(directory.get()) != 0) {
        s.new_file = true;
        return file_error(folder, "cannot sync", errno);
    }
    return {};
}

Status FrameWriter::close() noexcept {
    State& s = *state_;
    if (Status status = s.flush(); !status.ok()) return status;
    if (s.file.is_open() && s.file.reset() != 0) return file_error(s.path, "cannot close", errno);
    return {};
}

std::uint64_t FrameWriter::size() const noexcept { return state_->size; }
std::uint64_t FrameWriter::records() const noexcept {
    return state_->next_record + state_->block.records();
}
std::uint64_t FrameWriter::cut() const noexcept { return state_->cut; }

}  // namespace spillway
