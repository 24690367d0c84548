#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "messages.hpp"

namespace spillway::binance {

/// The health of what the venue sends, told as `source_status`. Several connections and polls can
/// belong to one source; it is `resumed` when the last of those that were lost is back.
class Connection {
public:
    /// `opened`, `subscribed`, `closed` and `gap` frames; their bytes are a text for people.
    void on_change(const Writer& writer);

    /// Whether the next message ends a gap: connections that stay open do not say so themselves.
    [[nodiscard]] bool in_gap() const noexcept { return gap_; }
    void end_gap(const Writer& writer);

    /// The venue refused a subscription, of which it does not say what it was about.
    void on_refused(std::string_view reason, const Writer& writer);

    /// An answer that is not 200. Limits, bans, blocks and faults of the venue's side are its state
    /// and pass: `stale`, and `resumed` with the first good answer of that poll. A request that is
    /// wrong stays wrong: an error, which becomes a dead letter.
    [[nodiscard]] Status on_refused_poll(const Channel& channel, const Writer& writer);
    [[nodiscard]] bool has_failing_polls() const noexcept { return !failing_.empty(); }
    void on_answered_poll(const Channel& channel, const Writer& writer);

    template <class Archive>
    void fields(Archive& io) {
        io(1, lost_);
        io(2, gap_);
        io(3, failing_);
        io(4, refused_);
    }

private:
    std::uint32_t lost_ = 0;  ///< connections that closed and did not open again
    bool gap_ = false;
    bool refused_ = false;  ///< a subscription, and none was made since
    std::map<std::string, std::uint16_t, std::less<>> failing_;  ///< HTTP status by channel
};

}  // namespace spillway::binance
