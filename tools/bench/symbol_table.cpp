#include "symbol_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace spillway::bench {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the head of a symbol is cut by shifting");

constexpr unsigned slot_bits = 13;
constexpr std::size_t slot_count = std::size_t{1} << slot_bits;

}  // namespace

std::string canonical_instrument(std::string_view symbol) {
    const auto underscore = std::min(symbol.find('_'), symbol.size());
    const std::string_view pair = symbol.substr(0, underscore);
    for (const std::string_view quote : std::array<std::string_view, 2>{"USDT", "USDC"}) {
        if (pair.size() <= quote.size() || !pair.ends_with(quote)) continue;
        std::string name(pair.substr(0, pair.size() - quote.size()));
        name.append("/").append(quote).append(":").append(quote);
        if (underscore < symbol.size()) name.append("-").append(symbol.substr(underscore + 1));
        return name;
    }
    return {};
}

SymbolTable::SymbolTable() : slots_(slot_count) {}

std::uint32_t SymbolTable::find_or_add(const char* text, std::size_t size) {
    if (size == 0) return none;
    std::uint64_t head = 0;
    std::memcpy(&head, text, sizeof head);
    if (size < sizeof head) head &= (std::uint64_t{1} << (8 * size)) - 1;
    std::size_t index = ((head + size) * 0x9e3779b97f4a7c15) >> (64 - slot_bits);
    for (;; index = (index + 1) % slot_count) {
        Slot& slot = slots_[index];
        if (slot.text.empty()) return add(slot, head, {text, size});
        if (slot.head != head || slot.text.size() != size) continue;
        if (size <= sizeof head || std::memcmp(slot.text.data() + sizeof head, text + sizeof head,
                                               size - sizeof head) == 0) {
            return slot.instrument;
        }
    }
}

std::uint32_t SymbolTable::add(Slot& slot, std::uint64_t head, std::string_view text) {
    if (used_ == slot_count / 2) return none;
    ++used_;
    slot.head = head;
    slot.text = text;
    if (std::string name = canonical_instrument(text); !name.empty()) {
        slot.instrument = static_cast<std::uint32_t>(instruments_.size());
        instruments_.push_back(std::move(name));
    }
    return slot.instrument;
}

}  // namespace spillway::bench
