#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/fields.hpp>
#include <spillway/order.hpp>

namespace spillway::testing {

/// The input of a test: events and watermarks in order of engine time, and how long time goes on
/// after them. One script can be played to a node as often as wanted, cut into steps in any way.
class Script {
public:
    /// Appends an event that enters at `now` (engine time; never goes back). Its event time is
    /// `now`, its id a number, unless the test changes them. Valid until the next call.
    Event& at(Time now, Kind kind) {
        end_ = std::max(end_, now);
        Event& event = batch_->append(kind);
        event.event_time = event.receive_time = end_;
        event.sequence = caused_by_record(++ingress_);
        event.id = {1, ingress_};
        return event;
    }
    /// A text in the blob of the newest event.
    BlobRange text(std::string_view text) {
        return batch_->add_text((*batch_)[batch_->size() - 1], text);
    }
    /// Structs at the end of the blob of the newest event.
    void put(const void* data, std::size_t size) {
        std::memcpy(batch_->extend_blob((*batch_)[batch_->size() - 1], size), data, size);
    }
    /// Says in front of the next event that event times below `value` are complete.
    void watermark(Time value) {
        marks_.push_back({{end_, caused_by_record(ingress_ + 1)}, value, batch_->size()});
    }
    /// Time passes up to `now`: timers due until then fire.
    void wait_until(Time now) { end_ = std::max(end_, now); }

    /// Empties the script; what is added next goes on in time and order.
    void clear() {
        batch_ = BatchRef::create();
        marks_.clear();
    }

    [[nodiscard]] const Batch& batch() const noexcept { return *batch_; }
    [[nodiscard]] Batch& writable_batch() noexcept { return *batch_; }
    [[nodiscard]] const std::vector<Watermark>& marks() const noexcept { return marks_; }
    [[nodiscard]] Time end() const noexcept { return end_; }

private:
    BatchRef batch_ = BatchRef::create();
    std::vector<Watermark> marks_;
    Time end_ = time_before_all;
    std::uint64_t ingress_ = 0;
};

/// How a script is cut into steps. Instants are never split.
struct Cutting {
    std::uint32_t most = 0;  ///< instants in a step; 0: the whole script is one step
    std::uint64_t seed = 0;  ///< not 0: random sizes up to `most`, and steps without events
    bool restart = false;    ///< after every step a new object takes the state over
    bool decoys = false;     ///< with a seed: events of others lie between the selected ones
};

}  // namespace spillway::testing
