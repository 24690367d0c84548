#include "dead_letters.hpp"

#include <algorithm>
#include <string_view>

#include <spillway/dead_letter.hpp>
#include <spillway/kind.hpp>

namespace spillway::sqlite {
namespace {

constexpr std::int64_t unknown_epoch = -1;  ///< while the transaction is open

/// Kind that the refused bytes name, if they are an event in JSON form; else empty.
std::string_view kind_of(std::string_view raw) noexcept {
    constexpr std::string_view start = R"({"kind":")";
    if (!raw.starts_with(start)) return {};
    raw.remove_prefix(start.size());
    const std::string_view name = raw.substr(0, raw.find('"'));
    const bool known = std::find(kind_names.begin(), kind_names.end(), name) != kind_names.end();
    return known ? name : std::string_view();
}

Id id_of(std::string_view bytes) noexcept {
    Id id;
    for (std::size_t i = 0; i < bytes.size() && i < 16; ++i) {
        std::uint64_t& half = i < 8 ? id.high : id.low;
        half = half << 8U | static_cast<unsigned char>(bytes[i]);
    }
    return id;
}

}  // namespace

Status DeadLetters::prepare(Database& database) {
    if (Status status = database.prepare(
            "INSERT INTO dead_letters (letter_id, epoch, time, node, kind, reason, place, attempt, "
            "origin, raw_size, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (letter_id) DO UPDATE SET epoch = excluded.epoch, kind = excluded.kind, "
            "reason = excluded.reason, attempt = excluded.attempt, origin = excluded.origin, "
            "replayed = NULL",
            upsert_);
        !status) {
        return status;
    }
    if (Status status = database.prepare(
            "UPDATE dead_letters SET epoch = -1, replayed = ? WHERE letter_id = ?", handled_);
        !status) {
        return status;
    }
    if (Status status = database.prepare(
            "UPDATE dead_letters SET epoch = -1, attempt = attempt + 1, reason = ? "
            "WHERE letter_id = ?",
            refused_);
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
    return upsert_.id(dead_letter_id(event.receive_time, node, place, raw))
        .integer(unknown_epoch)
        .integer(event.receive_time)
        .text(node)
        .text_if(!kind.empty(), kind)
        .text(batch.text(event, letter.reason))
        .text(place)
        .integer(letter.attempt)
        .text(batch.text(event, letter.origin))
        .integer(static_cast<std::int64_t>(letter.raw_size))
        .bytes(raw)
        .run();
}

Outcome DeadLetters::settle(const LetterOutcome& outcome) {
    open_ = true;
    if (outcome.handled) return handled_.integer(outcome.time).id(outcome.id).run();
    return refused_.text(outcome.reason).id(outcome.id).run();
}

Outcome DeadLetters::close_epoch(std::uint64_t epoch) {
    if (!open_) return Outcome::stored;
    open_ = false;
    return close_.integer(static_cast<std::int64_t>(epoch)).run();
}

Status read_letters(Database& database, DeadLetterVisitor& visitor) {
    Statement rows;
    if (Status status = database.prepare(
            "SELECT letter_id, time, node, place, reason, attempt, origin, raw_size, raw, "
            "coalesce(replayed, -1) FROM dead_letters ORDER BY time, id",
            rows);
        !status) {
        return status;
    }
    while (rows.next_row()) {
        StoredLetter letter;
        letter.id = id_of(rows.text_at(0));
        letter.time = rows.integer_at(1);
        letter.node = rows.text_at(2);
        letter.place = rows.text_at(3);
        letter.reason = rows.text_at(4);
        letter.attempt = static_cast<std::uint32_t>(rows.integer_at(5));
        letter.origin = rows.text_at(6);
        letter.raw_size = static_cast<std::uint64_t>(rows.integer_at(7));
        letter.raw = rows.text_at(8);
        if (rows.integer_at(9) >= 0) letter.replayed = rows.integer_at(9);
        visitor.letter(letter);
    }
    return rows.failed() ? database.failure("cannot read its dead letters") : Status();
}

}  // namespace spillway::sqlite
