#include "epoch_load.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include <spillway/fields.hpp>
#include <spillway/id.hpp>
#include <spillway/names.hpp>

namespace spillway::bench {
namespace {

constexpr Time start = 1'770'292'800 * second;  ///< 2026-02-05 12:00 UTC

}  // namespace

EpochLoad::EpochLoad(const Size& size) : size_(size), venue_(venue_id("binance")) {
    for (const char* coin : {"BTC", "ETH", "SOL", "XRP", "DOGE", "ADA", "AVAX", "LINK"}) {
        instruments_.push_back(instrument_id(fmt::format("{0}/USDT:USDT", coin)));
        markets_.push_back(market_id(coin));
    }
    for (std::uint32_t key = 0; key < size.keys; ++key) {
        keys_.push_back(fmt::format("binance|COIN{}/USDT:USDT", key));
    }
    bytes_.resize(std::size_t{size.keys} * size.state_bytes);
}

void EpochLoad::prepare(std::uint64_t epoch) {
    epoch_ = epoch;
    batches_.clear();
    for (std::uint32_t row = 0; row < size_.rows; ++row) {
        if (row % batch_rows == 0) batches_.push_back(BatchRef::create());
        const std::uint64_t number = (epoch - 1) * size_.rows + row;
        // One liquidation for eight prices.
        fill(batches_.back()->append(number % 9 == 0 ? Kind::liquidation : Kind::price), number);
    }
    changed_.clear();
    const std::size_t every = std::max(1U, size_.keys / size_.changed_keys);
    for (std::size_t i = 0; i < size_.changed_keys; ++i) {
        const std::uint64_t noise = hash_id(epoch << 32U | i).low;
        change((i * every + noise % every) % keys_.size(), noise);
    }
}

void EpochLoad::prepare_state() {
    epoch_ = 0;
    batches_.clear();
    changed_.clear();
    for (std::size_t key = 0; key < keys_.size(); ++key) change(key, hash_text(keys_[key]));
}

void EpochLoad::change(std::size_t key, std::uint64_t noise) {
    std::byte* const bytes = bytes_.data() + key * size_.state_bytes;
    for (std::uint32_t at = 0; at + 8 <= size_.state_bytes; at += 8) {
        const std::uint64_t word = noise * (at + 1);
        std::memcpy(bytes + at, &word, sizeof(word));
    }
    changed_.push_back({"risk", keys_[key], "", 1, {bytes, size_.state_bytes}});
}

void EpochLoad::fill(Event& event, std::uint64_t number) const {
    const Duration step = second / size_.rows;
    event.event_time = event.receive_time = start + static_cast<Time>(number) * step;
    event.id = hash_id(number);
    event.venue = venue_;
    event.instrument = instruments_[number % instruments_.size()];
    event.market = markets_[number % markets_.size()];
    const double price = 100 + static_cast<double>(number % 1000);
    if (event.kind() == Kind::price) {
        event.price.last = price;
        event.set_present(field::price::last);
        return;
    }
    event.liquidation.side = number % 2 == 0 ? Side::long_position : Side::short_position;
    event.liquidation.price = price;
    event.liquidation.quantity = 10;
    event.liquidation.notional = 10 * price;
    for (const unsigned present : {field::liquidation::side, field::liquidation::price,
                                   field::liquidation::quantity, field::liquidation::notional}) {
        event.set_present(present);
    }
}

Status EpochLoad::write(Sink& sink) const {
    for (const BatchRef& batch : batches_) {
        if (Status status = sink.write({*batch, {nullptr, batch->size()}}); !status) return status;
    }
    return {};
}

Status EpochLoad::commit(CheckpointStore& store) const {
    const Time time = start + static_cast<Time>(epoch_) * second;
    return store.commit({{epoch_ + 1, time, false}, changed_, false});
}

}  // namespace spillway::bench
