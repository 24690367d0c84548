#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace spillway::liquidation_risk {

/// A queue in one block of memory that doubles when full and never shrinks: no allocation once it
/// has seen its busiest time.
template <class T>
class Queue {
public:
    bool empty() const { return size_ == 0; }
    std::size_t size() const { return size_; }
    const T& operator[](std::size_t i) const { return slots_[(head_ + i) & (slots_.size() - 1)]; }
    T& operator[](std::size_t i) { return slots_[(head_ + i) & (slots_.size() - 1)]; }
    const T& front() const { return (*this)[0]; }
    const T& back() const { return (*this)[size_ - 1]; }

    void push_back(const T& value) {
        if (size_ == slots_.size()) grow();
        ++size_;
        (*this)[size_ - 1] = value;
    }

    void pop_front() {
        head_ = (head_ + 1) & (slots_.size() - 1);
        --size_;
    }

    template <class Archive>
    void fields(Archive& io) {
        std::vector<T> values;
        values.reserve(size_);
        for (std::size_t i = 0; i < size_; ++i) values.push_back((*this)[i]);
        io(1, values);
        slots_.clear();
        head_ = size_ = 0;
        for (const T& value : values) push_back(value);
    }

private:
    void grow() {
        std::vector<T> larger(slots_.empty() ? 8 : 2 * slots_.size());
        for (std::size_t i = 0; i < size_; ++i) larger[i] = (*this)[i];
        slots_.swap(larger);
        head_ = 0;
    }

    std::vector<T> slots_;
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

/// The values at the last `capacity` grid closes, of which some may be absent. Absent ones are kept
/// as NaN, so that a day of minutes takes 8 bytes each; NaN never leaves this class.
class CloseRing {
public:
    explicit CloseRing(std::size_t capacity = 0) : values_(capacity, nothing) {}

    void push(std::optional<double> value) {
        if (values_.empty()) return;
        newest_ = newest_ + 1 == values_.size() ? 0 : newest_ + 1;
        values_[newest_] = value.value_or(nothing);
    }

    /// The value `closes_ago` closes before the newest, 0 being the newest.
    std::optional<double> ago(std::size_t closes_ago) const {
        if (closes_ago >= values_.size()) return std::nullopt;
        const std::size_t i =
            newest_ >= closes_ago ? newest_ - closes_ago : newest_ + values_.size() - closes_ago;
        const double value = values_[i];
        if (std::isnan(value)) return std::nullopt;
        return value;
    }

    void clear() { values_.assign(values_.size(), nothing); }

    template <class Archive>
    void fields(Archive& io) {
        io(1, values_);
        io(2, newest_);
    }

private:
    static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

    std::vector<double> values_;
    std::size_t newest_ = 0;
};

}  // namespace spillway::liquidation_risk
