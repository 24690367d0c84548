#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/node.hpp>
#include <spillway/source.hpp>
#include <spillway/testing/golden.hpp>
#include <spillway/testing/option_texts.hpp>

namespace spillway::testing {

/// Reads a source in a test as the engine does, and keeps what it put out.
///
///     SourceDriver<Prices> prices{{"path", fixture("prices.csv").string()}};
///     ASSERT_TRUE(prices.read_all());
///     expect_golden(fixture("prices.events.jsonl"), prices.lines);
///
/// A source must not be seen to be read piece by piece, nor to be restarted:
///
///     ASSERT_TRUE(again.read_all(3, true));  // three records a read, a new object after each
///     EXPECT_EQ(again.lines, prices.lines);
template <class Plugin>
class SourceDriver {
public:
    SourceDriver(std::initializer_list<OptionText> options) {
        started_ = values_.template parse<Plugin>({options.begin(), options.size()});
        if (started_.ok()) started_ = create();
    }

    /// Result of parsing the options, `configure` and `open`.
    [[nodiscard]] const Status& started() const noexcept { return started_; }

    /// Reads to the end, about `limit` records at a time. `restart`: after every read a new object
    /// goes on at the old one's position.
    Status read_all(std::uint32_t limit = 256, bool restart = false) {
        if (!started_.ok()) return started_;
        for (;;) {
            SourceOutput out;
            out.events = BatchRef::create();
            out.letters = BatchRef::create();
            out.node = Plugin::about.name;
            const Result<ReadState> state = source_->read(out, limit);
            collect(out);
            if (!state) return state.error();
            if (*state == ReadState::end) return {};
            if (!restart) continue;
            StateWriter position;
            source_->position(position);
            if (Status status = create(); !status.ok()) return status;
            if (Status status = source_->seek(position.bytes()); !status.ok()) return status;
        }
    }

    std::vector<Event> events;          ///< without their blobs
    std::vector<std::string> lines;     ///< events as JSON
    std::vector<std::string> frames;    ///< bytes of the frames
    std::vector<std::string> refusals;  ///< "place: reason" of the dead letters

private:
    Status create() {
        source_ = std::make_unique<Plugin>();
        if (Status status = source_->configure(values_.view()); !status.ok()) return status;
        return source_->open({"test", Plugin::about.name, true});
    }
    void collect(const SourceOutput& out) {
        for (const Event& event : out.events->events()) {
            events.push_back(event);
            lines.push_back(golden_line(event, *out.events));
            EXPECT_LE(last_, event.receive_time) << "receive times went back: " << lines.back();
            last_ = event.receive_time;
        }
        for (const Frame& frame : out.frames) frames.emplace_back(frame.bytes);
        for (const Event& event : out.letters->events()) {
            const DeadLetter* letter = read_dead_letter(*out.letters, event);
            refusals.push_back(std::string(out.letters->text(event, letter->place)) + ": " +
                               std::string(out.letters->text(event, letter->reason)));
        }
    }

    OptionValues values_;
    Status started_;
    std::unique_ptr<Plugin> source_;
    Time last_ = time_before_all;
};

}  // namespace spillway::testing
