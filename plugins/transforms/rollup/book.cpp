#include "book.hpp"

#include <algorithm>

namespace spillway::rollup {

void Figures::add(double value, Time time) noexcept {
    if (count == 0) {
        min = max = first = last = value;
        first_time = last_time = time;
    }
    ++count;
    sum += value;
    // Welford: the deviation needs no second pass and loses no digits.
    const double distance = value - mean;
    mean += distance / static_cast<double>(count);
    squares += distance * (value - mean);
    min = std::min(min, value);
    max = std::max(max, value);
    if (time < first_time) {
        first = value;
        first_time = time;
    }
    if (time >= last_time) {
        last = value;
        last_time = time;
    }
}

void Bucket::add_cascade(const Id& id) {
    const std::pair pair(id.high, id.low);
    if (std::find(cascades.begin(), cascades.end(), pair) == cascades.end()) {
        cascades.push_back(pair);
    }
}

void Bucket::add_venue(VenueId venue) {
    if (std::find(venues.begin(), venues.end(), venue) == venues.end()) venues.push_back(venue);
}

void Bucket::add_risk(double risk) noexcept {
    risk_sum += risk;
    risk_max = risk_count == 0 ? risk : std::max(risk_max, risk);
    ++risk_count;
}

std::size_t Book::Hash::operator()(const RowKey& key) const noexcept {
    const struct {
        Time start;
        std::int64_t level;
        std::uint64_t cascade_high, cascade_low;
        std::uint32_t instrument, venue, table, side;
    } parts{key.start,
            key.level,
            key.cascade.high,
            key.cascade.low,
            static_cast<std::uint32_t>(key.instrument),
            static_cast<std::uint32_t>(key.venue),
            static_cast<std::uint32_t>(key.table),
            static_cast<std::uint32_t>(key.side)};
    return hash_text({reinterpret_cast<const char*>(&parts), sizeof(parts)});
}

Bucket& Book::at(const RowKey& key) {
    if (index_.size() != rows_.size()) reindex();
    const auto [found, is_new] = index_.try_emplace(key, static_cast<std::uint32_t>(rows_.size()));
    if (is_new) rows_.emplace_back().key = key;
    Bucket& bucket = rows_[found->second];
    bucket.changed = true;
    return bucket;
}

void Book::close_until(Time time) {
    std::erase_if(rows_, [time](const Bucket& bucket) { return bucket.key.end() <= time; });
    reindex();
}

Time Book::first_end() const noexcept {
    Time first = time_never;
    for (const Bucket& bucket : rows_) first = std::min(first, bucket.key.end());
    return first;
}

void Book::reindex() {
    index_.clear();
    for (std::uint32_t i = 0; i < rows_.size(); ++i) index_.emplace(rows_[i].key, i);
}

}  // namespace spillway::rollup
