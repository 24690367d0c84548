#include "plugin.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

namespace spillway::my_plugin {
namespace {

/// Names come from outside: what would break a line or a column becomes a question mark.
std::string_view plain(std::string_view text, std::string& buffer) {
    buffer.assign(text);
    for (char& c : buffer) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') c = '?';
    }
    return buffer;
}

}  // namespace

Status MyPlugin::check() {
    // Before anything starts, and in `validate`: nothing is opened here.
    return options.path.empty() ? bad_option("path", "is empty: name the file to write") : Status();
}

Status MyPlugin::open(const SinkSetup& setup) noexcept {
    // What is thrown inside becomes an error: nothing may leave a plugin as an exception.
    return detail::guarded([&]() -> Status {
        const auto path = std::filesystem::path(setup.data_dir) / options.path;
        path_ = path.string();
        if (setup.resumed) {
            StateReader in(setup.position);
            in(1, flushed_);
            if (!in.ok()) return {Code::io, fmt::format("the position in {} is damaged", path_)};
        }
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        return open_file(setup.resumed);
    });
}

/// A run that goes on cuts off what no checkpoint covers; any other starts the file over.
Status MyPlugin::open_file(bool resumed) {
    file_.reset(std::fopen(path_.c_str(), resumed ? "a" : "w"));
    if (!file_) return failed("open");
    std::error_code error;
    const bool regular = std::filesystem::is_regular_file(path_, error);
    if (resumed && regular) {
        if (std::filesystem::file_size(path_) < flushed_) {
            return {Code::io, fmt::format("{} is shorter than what was written to it; start over "
                                          "with --fresh",
                                          path_)};
        }
        if (::ftruncate(::fileno(file_.get()), static_cast<::off_t>(flushed_)) != 0) {
            return failed("cut");
        }
    }
    written_ = flushed_;
    return {};
}

Status MyPlugin::write(const SinkRows& rows) noexcept {
    return detail::guarded([&]() -> Status {
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            const Event& event = rows.batch[rows.rows[k]];
            const bool known = event.has(field::liquidation::notional);
            if (known && event.liquidation.notional < options.least) continue;
            append(event);
            if (std::fwrite(line_.data(), 1, line_.size(), file_.get()) != line_.size()) {
                return failed("write");
            }
            written_ += line_.size();
        }
        return {};
    });
}

/// A field that is absent is an empty column, never a zero.
void MyPlugin::append(const Event& event) {
    const LiquidationPayload& liquidation = event.liquidation;
    std::string buffer;
    line_.clear();
    const auto out = std::back_inserter(line_);
    fmt::format_to(out, "{}\t{}", to_string(event.id), format_time(event.event_time));
    fmt::format_to(out, "\t{}", plain(text_of(event.venue), buffer));
    fmt::format_to(out, "\t{}\t", plain(text_of(event.instrument), buffer));
    if (event.has(field::liquidation::side)) line_ += name_in(side_names, liquidation.side);
    line_ += '\t';
    if (event.has(field::liquidation::notional)) fmt::format_to(out, "{}", liquidation.notional);
    line_ += '\n';
}

/// The answer completes the checkpoint, so everything must be on the disk.
Status MyPlugin::flush(std::uint64_t) noexcept {
    return detail::guarded([&]() -> Status {
        if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) {
            return failed("write");
        }
        flushed_ = written_;
        return {};
    });
}

Status MyPlugin::close() noexcept {
    if (!file_) return {};
    Status status = flush(0);
    file_.reset();
    return status;
}

Status MyPlugin::failed(const char* doing) const {
    return {Code::io, fmt::format("cannot {} {}: {}", doing, path_, std::strerror(errno))};
}

}  // namespace spillway::my_plugin

SPILLWAY_PLUGIN(spillway::my_plugin::MyPlugin)
