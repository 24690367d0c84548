#include "event_parts.hpp"

#include <cstring>

#include <spillway/node.hpp>

#include "own_blob.hpp"

namespace spillway::detail {
namespace {

Event& newest(Batch& batch) noexcept { return batch[batch.size() - 1]; }

template <class Item>
void put(Batch& batch, const std::vector<Item>& items) {
    if (items.empty()) return;
    const std::size_t size = items.size() * sizeof(Item);
    std::memcpy(batch.extend_blob(newest(batch), size), items.data(), size);
}

/// Writes into a struct of the blob; texts that were added may have moved the arena.
template <class Struct>
void rewrite(Batch& batch, std::size_t offset, const Struct& value) {
    std::memcpy(own_blob(batch, newest(batch)) + offset, &value, sizeof(value));
}

/// The contributions stand at `offset` of the blob.
void put_venues(Batch& batch, EventParts& parts, std::size_t offset) {
    for (std::size_t i = 0; i < parts.contributions.size(); ++i) {
        if (parts.contribution_venues[i].empty()) continue;
        Contribution& item = parts.contributions[i];
        item.venues = batch.add_text(newest(batch), parts.contribution_venues[i]);
        rewrite(batch, offset + i * sizeof(Contribution), item);
    }
}

void put_cascade(Batch& batch, EventParts& parts) {
    CascadeDetail& detail = parts.cascade;
    detail.venues = static_cast<std::uint32_t>(parts.cascade_venues.size());
    detail.members = static_cast<std::uint32_t>(parts.cascade_members.size());
    std::memcpy(batch.extend_blob(newest(batch), sizeof(detail)), &detail, sizeof(detail));
    put(batch, parts.cascade_venues);
    put(batch, parts.cascade_members);
}

void put_alert(Batch& batch, EventParts& parts) {
    AlertDetail detail{};
    detail.contributions = static_cast<std::uint32_t>(parts.contributions.size());
    batch.extend_blob(newest(batch), sizeof(detail));
    put(batch, parts.contributions);
    put_venues(batch, parts, sizeof(detail));
    detail.message = batch.add_text(newest(batch), parts.message);
    detail.markets = batch.add_text(newest(batch), parts.markets);
    rewrite(batch, 0, detail);
}

void put_letter(Batch& batch, const EventParts::Letter& from) {
    DeadLetter letter{};
    Event& event = newest(batch);
    batch.extend_blob(event, sizeof(letter));
    letter.raw_size = from.raw_size;
    letter.attempt = from.attempt;
    letter.node = batch.add_text(event, from.node);
    letter.place = batch.add_text(event, from.place);
    letter.reason = batch.add_text(event, from.reason);
    letter.origin = batch.add_text(event, from.origin);
    letter.raw = batch.add_text(event, from.raw);
    rewrite(batch, 0, letter);
}

}  // namespace

void EventParts::place(Batch& batch) {
    Event& event = newest(batch);
    switch (event.kind()) {
        case Kind::score:
            put(batch, contributions);
            event.score.contributions = static_cast<std::uint32_t>(contributions.size());
            put_venues(batch, *this, 0);
            break;
        case Kind::cascade:
            if (has_cascade) put_cascade(batch, *this);
            break;
        case Kind::alert:
            if (has_contributions) put_alert(batch, *this);
            break;
        case Kind::extension:
            if (is_letter) {
                put_letter(batch, letter);
                break;
            }
            put(batch, extension_fields);
            event.extension.fields = static_cast<std::uint32_t>(extension_fields.size());
            break;
        default:
            break;
    }
    for (const auto& [field, text] : texts) {
        const BlobRange range = batch.add_text(event, text);
        std::memcpy(reinterpret_cast<char*>(&event) + field->offset, &range, sizeof(range));
    }
}

}  // namespace spillway::detail
