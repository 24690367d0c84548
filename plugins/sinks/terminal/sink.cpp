#include "sink.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "lines.hpp"

namespace spillway::terminal {
namespace {

constexpr std::array<std::pair<std::string_view, Kind>, 3> words = {
    {{"alerts", Kind::alert}, {"cascades", Kind::cascade}, {"scores", Kind::score}}};

}  // namespace

Status TerminalSink::check() {
    shown_ = {};
    for (std::size_t i = 0; i < options.show.size(); ++i) {
        bool known = false;
        for (const auto& [word, kind] : words) {
            if (word != options.show[i]) continue;
            shown_.add(kind);
            known = true;
        }
        if (!known) {
            return bad_option("show[" + std::to_string(i) + "]",
                              "'" + options.show[i] + "' is none of alerts, cascades, scores");
        }
    }
    return {};
}

Status TerminalSink::open(const SinkSetup&) noexcept {
    // https://no-color.org
    const char* no_colour = std::getenv("NO_COLOR");
    colour_ = ::isatty(descriptor_) == 1 && (no_colour == nullptr || *no_colour == '\0');
    return {};
}

Status TerminalSink::write(const SinkRows& rows) noexcept {
    return detail::guarded([&]() -> Status {
        for (std::uint32_t k = 0; k < rows.rows.count; ++k) {
            const Event& event = rows.batch[rows.rows[k]];
            if (shown_.has(event.kind())) append_line(pending_, event, rows.batch, colour_);
        }
        return put();
    });
}

Status TerminalSink::put() noexcept {
    const char* at = pending_.data();
    std::size_t left = gone_ ? 0 : pending_.size();
    while (left > 0) {
        const ssize_t done = ::write(descriptor_, at, left);
        if (done >= 0) {
            at += done;
            left -= static_cast<std::size_t>(done);
        } else if (errno == EAGAIN) {
            pollfd writable{descriptor_, POLLOUT, 0};
            ::poll(&writable, 1, -1);
        } else if (errno == EPIPE) {
            gone_ = true;  // `| head`: the run goes on for its other sinks
            break;
        } else if (errno != EINTR) {
            return {Code::io,
                    "cannot write to standard output: " + std::generic_category().message(errno)};
        }
    }
    pending_.clear();
    return {};
}

}  // namespace spillway::terminal
