#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include <spillway/names.hpp>

namespace spillway {
namespace {

/// Append-only table of texts. Reading a text by id takes no lock: chunks never move, and an id is
/// handed out only after its text was written.
class NameTable {
public:
    explicit NameTable(std::uint32_t limit) : limit_(limit) { add(""); }

    std::uint32_t id_of(std::string_view text) noexcept {
        {
            const std::shared_lock lock(mutex_);
            if (const auto found = ids_.find(text); found != ids_.end()) return found->second;
        }
        const std::unique_lock lock(mutex_);
        if (const auto found = ids_.find(text); found != ids_.end()) return found->second;
        return size_ < limit_ ? add(text) : 0;
    }

    [[nodiscard]] std::string_view text_of(std::uint32_t id) const noexcept {
        const std::string* chunk = id / chunk_size < chunk_count
                                       ? chunks_[id / chunk_size].load(std::memory_order_acquire)
                                       : nullptr;
        return chunk != nullptr ? std::string_view(chunk[id % chunk_size]) : std::string_view();
    }

private:
    static constexpr std::uint32_t chunk_size = 1024;
    static constexpr std::uint32_t chunk_count = 256;

    std::uint32_t add(std::string_view text) {
        const std::uint32_t id = size_;
        auto& chunk = chunks_[id / chunk_size];
        if (id % chunk_size == 0) {
            owned_[id / chunk_size] = std::make_unique<std::string[]>(chunk_size);
            chunk.store(owned_[id / chunk_size].get(), std::memory_order_release);
        }
        std::string& stored = owned_[id / chunk_size][id % chunk_size];
        stored = text;
        ids_.emplace(stored, id);
        ++size_;
        return id;
    }

    std::shared_mutex mutex_;
    std::unordered_map<std::string_view, std::uint32_t> ids_;
    std::array<std::unique_ptr<std::string[]>, chunk_count> owned_;
    std::array<std::atomic<std::string*>, chunk_count> chunks_{};
    std::uint32_t size_ = 0;
    std::uint32_t limit_;
};

// The only process-wide state: one table per kind of handle, made at first use.
NameTable& venues() {
    static NameTable table(60'000);
    return table;
}
NameTable& instruments() {
    static NameTable table(200'000);
    return table;
}
NameTable& markets() {
    static NameTable table(100'000);
    return table;
}
NameTable& names() {
    static NameTable table(100'000);
    return table;
}

}  // namespace

VenueId venue_id(std::string_view name) noexcept {
    return static_cast<VenueId>(venues().id_of(name));
}
InstrumentId instrument_id(std::string_view text) noexcept {
    return static_cast<InstrumentId>(instruments().id_of(text));
}
MarketId market_id(std::string_view name) noexcept {
    return static_cast<MarketId>(markets().id_of(name));
}
NameId name_id(std::string_view name) noexcept { return static_cast<NameId>(names().id_of(name)); }

std::string_view text_of(VenueId id) noexcept {
    return venues().text_of(static_cast<std::uint32_t>(id));
}
std::string_view text_of(InstrumentId id) noexcept {
    return instruments().text_of(static_cast<std::uint32_t>(id));
}
std::string_view text_of(MarketId id) noexcept {
    return markets().text_of(static_cast<std::uint32_t>(id));
}
std::string_view text_of(NameId id) noexcept {
    return names().text_of(static_cast<std::uint32_t>(id));
}

MarketId market_wide() noexcept {
    static const MarketId id = market_id("*");
    return id;
}

}  // namespace spillway
