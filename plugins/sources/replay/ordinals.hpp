#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <spillway/id.hpp>
#include <spillway/time.hpp>

namespace spillway::replay {

/// Counts equal rows of one receive time, so that each of them gets an id of its own: sources
/// really repeat rows. A hash table that is emptied by raising its round, without touching it.
class Ordinals {
public:
    /// How many rows of this content came before at this time.
    std::uint32_t next(Time time, const Id& content) {
        if (time != time_) {
            time_ = time;
            used_ = 0;
            ++round_;
        }
        if (2 * used_ >= slots_.size()) grow();
        Slot& slot = find(content);
        if (slot.round != round_) {
            slot = {content, round_, 0};
            ++used_;
        }
        return slot.count++;
    }
    /// The time and the counts so far: a position in the middle of a receive time needs them.
    template <class Archive>
    void fields(Archive& io) {
        std::vector<Count> counts;
        for (const Slot& slot : slots_) {
            if (slot.round == round_) counts.push_back({slot.content, slot.count});
        }
        io(1, time_);
        io(2, counts);
        slots_.assign(first_size, {});
        used_ = 0;
        round_ = 1;
        for (const Count& count : counts) {
            if (2 * used_ >= slots_.size()) grow();
            find(count.content) = {count.content, round_, count.count};
            ++used_;
        }
    }

private:
    struct Slot {
        Id content;
        std::uint64_t round = 0;
        std::uint32_t count = 0;
    };
    struct Count {
        Id content;
        std::uint32_t count = 0;
        template <class Archive>
        void fields(Archive& io) {
            io(1, content.high);
            io(2, content.low);
            io(3, count);
        }
    };
    static constexpr std::size_t first_size = 64;

    Slot& find(const Id& content) {
        std::size_t at = content.low & (slots_.size() - 1);
        while (slots_[at].round == round_ && slots_[at].content != content) {
            at = (at + 1) & (slots_.size() - 1);
        }
        return slots_[at];
    }
    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.round == round_) find(slot.content) = slot;
        }
    }

    std::vector<Slot> slots_ = std::vector<Slot>(first_size);
    std::size_t used_ = 0;
    std::uint64_t round_ = 1;
    Time time_ = time_before_all;
};

}  // namespace spillway::replay
