#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace spillway::liquidation_risk {

/// How often each bin was hit on one UTC day; only bins that were hit take room. The unit in which
/// a sketch is stored: a completed day never changes again.
struct SketchDay {
    struct Bin {
        std::int16_t bin = 0;
        std::uint32_t count = 0;

        template <class Archive>
        void fields(Archive& io) {
            io(1, bin);
            io(2, count);
        }
    };

    std::int64_t day = 0;
    std::vector<Bin> bins;  // ascending

    void add(std::int16_t bin);

    template <class Archive>
    void fields(Archive& io) {
        io(1, day);
        io(2, bins);
    }
};

/// Ranks a signed quantity in its own recent history: the running UTC day and the completed
/// calendar days before it (30 unless told otherwise).
///
/// Bin 0 holds abs(x) < x0, any other bin is sign(x) min(1200, 1 + floor(ln(abs(x)/x0) / ln 1.02)),
/// so values are told apart when they differ by 2 % or more. A Fenwick tree over the 2401 bins
/// answers a rank and takes a value in O(log bins). No allocation but for a bin's first hit on a
/// day and at rotation.
class Sketch {
public:
    static constexpr int max_bin = 1200;

    Sketch() = default;
    explicit Sketch(double x0, std::int64_t completed_days = 30)
        : x0_(x0), completed_days_(completed_days) {}

    static std::int16_t bin(double x, double x0);

    /// Opens `day`, forgetting what is too old by then. Days never go back.
    void rotate(std::int64_t day);

    /// Adds to the running day; rotate() must have been called once.
    void insert(double x);

    /// (count below + half the count in x's bin) / count; none before there are `min_count`
    /// values. Ask before inserting x: a value must not be ranked against itself. Asking the same
    /// again between two changes is free; one thread at a time.
    std::optional<double> rank(double x, double min_count) const;

    /// The middle of the bin that holds the median; none while empty.
    std::optional<double> median() const;

    std::uint64_t count() const { return count_; }

    /// Completed days and last the running one, oldest first.
    const std::vector<SketchDay>& days() const { return days_; }

    /// Only the days are stored. Reading is meant for a fresh object; the tree follows from the
    /// days.
    template <class Archive>
    void fields(Archive& io) {
        io(1, x0_);
        io(2, completed_days_);
        io(3, days_);
        if (count_of_days() != count_) rebuild_tree();
    }

private:
    void tree_add(int bin, std::int64_t delta);
    std::uint64_t tree_count_through(int bin) const;
    std::uint64_t count_of_days() const;
    void rebuild_tree();

    double x0_ = 1;
    std::int64_t completed_days_ = 30;
    std::vector<SketchDay> days_;
    std::vector<std::uint32_t> tree_;  // 1-based Fenwick tree, made with the first value
    std::uint64_t count_ = 0;

    struct Answer {
        double x = 0;
        double rank = 0;
        bool valid = false;
    };
    mutable Answer last_answer_;
};

}  // namespace spillway::liquidation_risk
