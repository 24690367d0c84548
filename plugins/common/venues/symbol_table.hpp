#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <spillway/id.hpp>
#include <spillway/state.hpp>

namespace spillway::venues {

/// What a decoder knows of each symbol of its venue. Finding a symbol again neither allocates nor
/// locks. Bounded, because symbols come from outside. `Value` has `fields`: the table is state.
template <class Value>
class SymbolTable {
public:
    static constexpr std::size_t limit = 16'384;

    /// The value of a symbol, made by default where it is new (`Value::added(symbol)` is then
    /// called). Beyond the limit new symbols share one value that is made afresh each time. Valid
    /// until the next call.
    [[nodiscard]] Value& operator[](std::string_view symbol) {
        if (slots_.size() < 2 * (entries_.size() + 1)) index();
        std::size_t at = first_slot(symbol);
        for (; slots_[at] != 0; at = next_slot(at)) {
            Entry& entry = entries_[slots_[at] - 1];
            if (entry.first == symbol) return entry.second;
        }
        if (entries_.size() == limit) {
            overflow_ = Value();
            overflow_.added(symbol);
            return overflow_;
        }
        entries_.emplace_back(std::string(symbol), Value());
        entries_.back().second.added(symbol);
        slots_[at] = static_cast<std::uint32_t>(entries_.size());
        return entries_.back().second;
    }
    template <class Change>
    void for_each(Change&& change) {
        for (Entry& entry : entries_) change(entry.first, entry.second);
    }
    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

    template <class Archive>
    void fields(Archive& io) {
        io(1, entries_);
        if constexpr (std::is_same_v<Archive, StateReader>) slots_.clear();
    }

private:
    using Entry = std::pair<std::string, Value>;

    [[nodiscard]] std::size_t first_slot(std::string_view symbol) const noexcept {
        return hash_text(symbol) & (slots_.size() - 1);
    }
    [[nodiscard]] std::size_t next_slot(std::size_t at) const noexcept {
        return (at + 1) & (slots_.size() - 1);
    }
    /// As few slots as keep the search short: they stay in cache.
    void index() {
        if (entries_.size() > limit) entries_.resize(limit);
        slots_.assign(std::bit_ceil(4 * (entries_.size() + 1)), 0);
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            std::size_t at = first_slot(entries_[i].first);
            while (slots_[at] != 0) at = next_slot(at);
            slots_[at] = static_cast<std::uint32_t>(i + 1);
        }
    }

    std::vector<Entry> entries_;        ///< in the order of first sight
    std::vector<std::uint32_t> slots_;  ///< index of an entry + 1; 0 is free; a power of two
    Value overflow_;
};

}  // namespace spillway::venues
