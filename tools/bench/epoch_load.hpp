#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <spillway/sink.hpp>

namespace spillway::bench {

/// What a busy pipeline gives its store at every epoch: rows of new events in the order of their
/// times, with random ids, and the changed state of some of its keys.
class EpochLoad {
public:
    struct Size {
        std::uint32_t rows = 55'000;
        std::uint32_t changed_keys = 2'000;
        std::uint32_t keys = 20'000;  ///< every epoch changes others, spread over all
        std::uint32_t state_bytes = 500;
    };
    explicit EpochLoad(const Size& size);

    /// No rows, but state of every key: what a pipeline has that ran for a while.
    void prepare_state();
    /// Makes the rows and states of an epoch (1 is the first).
    void prepare(std::uint64_t epoch);
    /// Writes the prepared rows, in batches.
    [[nodiscard]] Status write(Sink& sink) const;
    /// Ends the prepared epoch.
    [[nodiscard]] Status commit(CheckpointStore& store) const;

private:
    static constexpr std::uint32_t batch_rows = 1024;
    void fill(Event& event, std::uint64_t number) const;
    void change(std::size_t key, std::uint64_t noise);

    Size size_;
    std::uint64_t epoch_ = 0;
    std::vector<BatchRef> batches_;
    std::vector<std::string> keys_;
    std::vector<std::byte> bytes_;  ///< state of all keys, one after the other
    std::vector<StateRow> changed_;
    std::vector<InstrumentId> instruments_;
    std::vector<MarketId> markets_;
    VenueId venue_;
};

}  // namespace spillway::bench
