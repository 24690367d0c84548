#include "generation.hpp"

#include <algorithm>
#include <bit>

namespace spillway::dedupe {

void Generation::begin(std::uint64_t number, Time start) {
    number_ = number;
    start_ = start;
    entries_.clear();
    changed_.clear();
    std::fill(slots_.begin(), slots_.end(), empty);
}

void Generation::insert(const Entry& entry) {
    // At most half full: a look-up touches one or two neighbouring slots.
    if (2 * (entries_.size() + 1) > slots_.size()) grow();
    entries_.push_back(entry);
    index(static_cast<std::uint32_t>(entries_.size() - 1));
    changed_.resize(parts());
    changed_.back() = true;
}

void Generation::raise(const Entry* entry, double magnitude) {
    const auto at = static_cast<std::size_t>(entry - entries_.data());
    entries_[at].magnitude = magnitude;
    changed_[at / part_size] = true;
}

void Generation::grow() {
    slots_.assign(slots_.size() * 2, empty);
    mask_ = slots_.size() - 1;
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].id) index(i);  // a gap: its part is not restored yet
    }
}

void Generation::index(std::uint32_t entry) noexcept {
    std::size_t slot = entries_[entry].id.low & mask_;
    while (slots_[slot] != empty) slot = (slot + 1) & mask_;
    slots_[slot] = entry;
}

bool Generation::take_changed(std::size_t part) noexcept {
    const bool changed = changed_[part];
    changed_[part] = false;
    return changed;
}

void Generation::write(std::size_t part, StateWriter& out) const {
    const std::size_t first = part * part_size;
    const std::size_t last = std::min(first + part_size, entries_.size());
    std::vector<std::uint64_t> words;
    words.reserve(3 * (last - first));
    for (std::size_t i = first; i < last; ++i) {
        words.push_back(entries_[i].id.high);
        words.push_back(entries_[i].id.low);
        words.push_back(std::bit_cast<std::uint64_t>(entries_[i].magnitude));
    }
    out(1, start_);
    out(2, words);
}

bool Generation::read(std::size_t part, std::uint64_t number, StateReader& in) {
    if (number != number_) begin(number, 0);
    std::vector<std::uint64_t> words;
    in(1, start_);
    in(2, words);
    if (!in.ok() || words.size() % 3 != 0) return false;
    // Every part keeps its place: later checkpoints replace it.
    const std::size_t first = part * part_size;
    const std::size_t count = words.size() / 3;
    if (count > part_size) return false;
    if (entries_.size() < first + count) entries_.resize(first + count);
    changed_.resize(parts());
    while (2 * entries_.size() > slots_.size()) grow();
    for (std::size_t i = 0; i < count; ++i) {
        entries_[first + i] = {{words[3 * i], words[3 * i + 1]},
                               std::bit_cast<double>(words[3 * i + 2])};
        index(static_cast<std::uint32_t>(first + i));
    }
    return true;
}

}  // namespace spillway::dedupe
