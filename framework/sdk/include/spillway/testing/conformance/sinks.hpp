#pragma once

#include <algorithm>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <spillway/sink.hpp>
#include <spillway/testing/conformance/answers.hpp>
#include <spillway/testing/conformance/bad_records.hpp>

namespace spillway::testing {

namespace detail {
/// A sink in a data directory of its own.
class SinkRun {
public:
    SinkRun(const Subject& subject, std::string folder, Findings& findings)
        : subject_(subject),
          findings_(findings),
          folder_((subject.folder / folder).string()),
          what_(std::move(folder)) {
        std::filesystem::create_directories(folder_);
    }

    /// `resumed`: where an epoch of the object before ended, at what it said then.
    bool open(bool fresh = true, bool resumed = false) {
        plugin_ = subject_.create();
        if (!plugin_) {
            findings_.fail("the constructor succeeds", "it threw an exception");
            return false;
        }
        SinkSetup setup;
        setup.pipeline = "test";
        setup.id = subject_.name;
        setup.data_dir = folder_;
        setup.fresh = fresh;
        setup.resumed = resumed;
        if (resumed) setup.position = position_.bytes();
        return findings_.require(plugin_->configure(subject_.options), "configure", what_) &&
               call("open", [&] { return sink().open(setup); });
    }
    template <class Call>
    bool call(const char* name, Call&& call) {
        if (subject_.place != nullptr) subject_.place->at("%s: %s", what_.c_str(), name);
        return findings_.require(call(), name, what_);
    }
    bool flush() {
        if (!call("flush", [&] { return sink().flush(++epoch_); })) return false;
        return call("position", [&]() -> Status {
            position_.clear();
            sink().position(position_);
            return {};
        });
    }
    bool idle() {
        return call("idle", [&] { return sink().idle(); });
    }
    bool close() {
        return call("close", [&] { return sink().close(); });
    }
    /// Rows [begin, end) in batches of up to `most`; those of others lie between them.
    bool write(const Script& script, std::uint32_t most, std::uint32_t flush_every,
               std::uint32_t begin = 0,
               std::uint32_t end = std::numeric_limits<std::uint32_t>::max()) {
        std::uint32_t batches = 0;
        end = std::min(end, script.batch().size());
        for (std::uint32_t first = begin; first < end;) {
            const BatchRef batch = BatchRef::create();
            std::vector<std::uint32_t> rows;
            const std::uint32_t last = first + std::min(most, end - first);
            for (std::uint32_t i = first; i < last; ++i) {
                rows.push_back(batch->size());
                batch->append_copy(script.batch()[i], script.batch());
                if (i % 3 == 0) batch->append_copy(script.batch()[i], script.batch());
            }
            first = last;
            const SinkRows selected{*batch, {rows.data(), static_cast<std::uint32_t>(rows.size())}};
            if (!call("write", [&] { return sink().write(selected); })) return false;
            if (++batches % flush_every == 0 && (!flush() || !idle())) return false;
        }
        return true;
    }
    [[nodiscard]] Sink& sink() noexcept { return *plugin_->sink(); }
    /// Its data directory.
    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
    void destroy() { plugin_.reset(); }

private:
    const Subject& subject_;
    Findings& findings_;
    std::string folder_;
    std::string what_;
    std::unique_ptr<Plugin> plugin_;
    std::uint64_t epoch_ = 0;
    StateWriter position_;  ///< of the last flush
};
}  // namespace detail

/// open, write, flush, idle and close in every order that the engine may choose.
inline void check_sink_order(const Subject& subject, Findings& findings) {
    const Script script = subject.script(subject.seed);
    const auto run = [&](const char* what, const auto& steps) {
        if (findings.failed()) return;
        detail::SinkRun sink(subject, what, findings);
        if (sink.open()) steps(sink);
        subject.at("destroy");
        sink.destroy();
    };
    run("opened and closed", [](auto& sink) { sink.close(); });
    run("opened and dropped", [](auto&) {});
    run("flushed without rows",
        [](auto& sink) { sink.flush() && sink.idle() && sink.flush() && sink.close(); });
    run("closed without a flush",
        [&](auto& sink) { sink.write(script, 20, 1'000'000) && sink.close(); });
    run("dropped without a close", [&](auto& sink) { sink.write(script, 20, 3); });
    run("flushed twice", [&](auto& sink) {
        sink.write(script, 20, 3) && sink.flush() && sink.flush() && sink.close();
    });
    if (findings.failed()) return;
    detail::SinkRun again(subject, "taken up again", findings);
    if (again.open() && again.write(script, 20, 3) && again.flush() && again.close()) {
        again.destroy();
        if (again.open(false) && again.write(script, 20, 3) && again.flush()) again.close();
        again.destroy();
    }
    if (findings.failed()) return;
    // The first life ends with rows behind its last flush, as after a crash.
    detail::SinkRun resumed(subject, "resumed at its position", findings);
    if (resumed.open() && resumed.write(script, 20, 3)) {
        resumed.destroy();
        if (resumed.open(false, true) && resumed.write(script, 20, 3) && resumed.flush()) {
            resumed.close();
        }
    }
}

/// Rows of all kinds, good and bad, are written or counted as dropped; none ends the run.
inline void check_sink_rows(const Subject& subject, Findings& findings) {
    for (std::uint64_t i = 0; i < 3 && !findings.failed(); ++i) {
        const Script good = subject.script(subject.seed + i);
        const std::string seed = "rows of seed " + std::to_string(subject.seed + i);
        detail::SinkRun sink(subject, seed, findings);
        if (!sink.open()) return;
        sink.write(good, i == 0 ? 1 : 50, 4) && sink.flush() && sink.close();
        if (findings.failed()) return;
        const Script bad = detail::Spoiler(subject.seed + i).spoil(good);
        detail::SinkRun other(subject, "bad " + seed, findings);
        if (!other.open()) return;
        other.write(bad, 30, 4) && other.flush() && other.close();
    }
}

}  // namespace spillway::testing
