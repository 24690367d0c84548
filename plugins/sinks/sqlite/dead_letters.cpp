#include "dead_letters.hpp"

#include <algorithm>
#include <string_view>

#include <spillway/kind.hpp>

namespace spillway::sqlite {
namespace {

constexpr std::int64_t unknown_epoch = -1;  ///< while the transaction is open

/// Kind that the refused bytes name, if they are an event in JSON form; else empty.
std::string_view kind_of(std::string_view raw) noexcept {
    constexpr std::string_view start = "{\"kind\":\"";
    if (!raw.starts_with(start)) return {};
    raw.remove_prefix(start.size());
    const std::string_view name = raw.substr(0, raw.find('"'));
    const bool known = std::find(kind_names.begin(), kind_names.end(), name) != kind_names.end();
    return known ? name : std::string_view();
}

/// Identity of what failed: node, place, time and bytes; neither reason nor attempt.
Id identity_of(Time time, std::string_view node, std::string_view place,
               std::string_view raw) noexcept {
    const struct {
        std::uint64_t node, place;
        Time time;
        Id raw;
    } key{hash_text(node), hash_text(place), time, hash_id(raw.data(), raw.size())};
    return hash_id(key);
}

}  // namespace

Status DeadLetters::prepare(Database& database) {
    if (Status status = database.prepare(
            "INSERT INTO dead_letters (letter_id, epoch, time, node, kind, reason, place, attempt, "
            "raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (letter_id) DO UPDATE SET "
            "epoch = excluded.epoch, kind = excluded.kind, reason = excluded.reason, "
            "attempt = excluded.attempt",
            upsert_);
        !status) {
        return status;
    }
    return database.prepare("UPDATE dead_letters SET epoch = ? WHERE epoch = -1", close_);
}

Outcome DeadLetters::store(const Event& event, const Batch& batch, const DeadLetter& letter) {
    const std::string_view node = batch.text(event, letter.node);
    const std::string_view place = batch.text(event, letter.place);
    const std::string_view raw = batch.text(event, letter.raw);
    const std::string_view kind = kind_of(raw);
    open_ = true;
    return upsert_.id(identity_of(event.receive_time, node, place, raw))
        .integer(unknown_epoch)
        .integer(event.receive_time)
        .text(node)
        .text_if(!kind.empty(), kind)
        .text(batch.text(event, letter.reason))
        .text(place)
        .integer(letter.attempt)
        .bytes(raw)
        .run();
}

Outcome DeadLetters::close_epoch(std::uint64_t epoch) {
    if (!open_) return Outcome::stored;
    open_ = false;
    return close_.integer(static_cast<std::int64_t>(epoch)).run();
}

}  // namespace spillway::sqlite
