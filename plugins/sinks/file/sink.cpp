#include "sink.hpp"

#include <filesystem>
#include <utility>

#include <spillway/event_json.hpp>

namespace spillway::file {

Status FileSink::check() {
    if (options.path.empty()) return bad_option("path", "is empty: name the file to write");
    kind_.reset();
    csv_.reset();
    if (!options.kind.empty()) {
        for (std::size_t k = 0; k < kind_names.size(); ++k) {
            if (kind_names[k] == options.kind) kind_ = static_cast<Kind>(k);
        }
        if (!kind_) return bad_option("kind", "there is no kind '" + options.kind + "'");
    }
    if (options.format == Format::csv) {
        if (!kind_)
            return bad_option("kind", "csv needs the one kind whose fields are the columns");
        csv_.emplace(*kind_);
    }
    return {};
}

Status FileSink::open(const SinkSetup& setup) noexcept {
    return detail::guarded([&]() -> Status {
        // An absolute path stays as it is.
        const auto path = (std::filesystem::path(setup.data_dir) / options.path).string();
        if (Status status = make_folder_of(path); !status) return status;
        if (Status status = lock_.acquire(path, setup.pipeline); !status) return status;
        if (Status status = begin(path, setup); !status) return status;
        header_written_ = file_.size() > 0;
        return {};
    });
}

Status FileSink::begin(const std::string& path, const SinkSetup& setup) {
    const Rotation rotation{options.rotate, options.keep};
    columns_chosen_ = false;
    // Nothing is known of a sink that the earlier run did not have, or of a pipe.
    if (!setup.resumed || setup.position.empty()) {
        return file_.open(path, options.append && !setup.fresh, rotation);
    }
    Position position;
    StateReader reader(setup.position);
    position.fields(reader);
    if (!reader.ok()) {
        return {Code::io, path +
                              ": what the checkpoint says about this file is damaged; start "
                              "over with --fresh"};
    }
    if (csv_) csv_->choose_columns(std::move(position.columns));
    columns_chosen_ = position.columns_chosen;
    return file_.resume(path, position.file, rotation);
}

Status FileSink::write(const SinkRows& rows) noexcept {
    return detail::guarded([&] { return append_rows(rows); });
}

Status FileSink::append_rows(const SinkRows& rows) {
    for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
        const Event& event = rows.batch[rows.rows[k]];
        if (kind_ && event.kind() != *kind_) continue;
        if (file_.full()) {
            if (Status status = file_.rotate(); !status) return status;
            header_written_ = false;
        }
        PodVector<char>& out = file_.pending();
        if (csv_) {
            if (!std::exchange(columns_chosen_, true)) csv_->choose_columns(event, rows.batch);
            if (!std::exchange(header_written_, true)) csv_->append_header(out);
            if (csv_->append_row(out, event, rows.batch) > 0) ++dropped_;
        } else {
            append_json(out, event, rows.batch);
            out.push_back('\n');
        }
        if (Status status = file_.line_done(); !status) return status;
    }
    return {};
}

Status FileSink::flush(std::uint64_t) noexcept {
    return detail::guarded([&]() -> Status {
        if (Status status = file_.write(); !status) return status;
        if (options.fsync) {
            if (Status status = file_.sync(); !status) return status;
        }
        // One epoch at a time: the one before this is complete.
        return file_.position_kept();
    });
}

void FileSink::position(StateWriter& out) noexcept {
    const std::optional<FilePosition> file = file_.position();
    if (!file) return;
    Position position{*file, columns_chosen_, {}};
    if (csv_) position.columns = csv_->extension_columns();
    position.fields(out);
}

Status FileSink::close() noexcept {
    Status status = file_.close();
    lock_.release();
    return status;
}

}  // namespace spillway::file
