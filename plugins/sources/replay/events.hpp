#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include <spillway/batch.hpp>
#include <spillway/names.hpp>
#include <spillway/source.hpp>
#include <spillway/status.hpp>

#include "record.hpp"

namespace spillway::replay {

/// Texts that were interned before, found without the lock of the common table.
template <class Handle, Handle (*Intern)(std::string_view) noexcept>
class NameCache {
public:
    /// None when the common table is full.
    Handle operator()(std::string_view text) {
        if (const auto found = handles_.find(text); found != handles_.end()) return found->second;
        const Handle handle = Intern(text);
        if (handle != Handle::none) handles_.emplace(text, handle);
        return handle;
    }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return hash_text(text); }
    };
    std::unordered_map<std::string, Handle, Hash, std::equal_to<>> handles_;
};

/// Turns records into events. Instruments are the recording's symbols as they are and markets are
/// left open, except of stablecoin flows, which concern all markets: `normalise` resolves them.
class EventMaker {
public:
    /// Puts the events of one record out, one or two, or answers what is wrong with it. `line` is
    /// kept as the raw form of single liquidations. A zero `id` means ids are not needed.
    Status emit(const Record& record, std::string_view line, Time receive_time, const Id& id,
                SourceOutput& out);

private:
    Status price(const Record& record, SourceOutput& out);
    Status funding(const Record& record, SourceOutput& out);
    Status open_interest(const Record& record, SourceOutput& out);
    Status long_short_ratio(const Record& record, SourceOutput& out);
    Status liquidation(const Record& record, SourceOutput& out);
    Status liquidation_sum(const Record& record, SourceOutput& out);
    Status liquidation_batch(const Record& record, SourceOutput& out);
    Status stablecoin_flow(const Record& record, SourceOutput& out);
    Event& begin(Kind kind, const Record& record, SourceOutput& out);

    NameCache<VenueId, venue_id> venues_;
    NameCache<InstrumentId, instrument_id> instruments_;
    NameCache<NameId, name_id> names_;

    // Of the record in hand.
    std::string_view line_;
    Time receive_time_ = 0;
    Id id_;
    std::uint64_t emitted_ = 0;
    VenueId venue_ = VenueId::none;
    InstrumentId instrument_ = InstrumentId::none;
};

}  // namespace spillway::replay
