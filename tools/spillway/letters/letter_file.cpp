#include "letters/letter_file.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include <spillway/dead_letter.hpp>
#include <spillway/event_json.hpp>
#include <spillway/node.hpp>

#include "run/result_files.hpp"

namespace spillway::cli {
namespace {

/// What replays made of a letter so far.
struct Note {
    bool handled = false;
    Time time = time_before_all;
    std::uint64_t size = 0;  ///< of the file of letters then: later lines are news
    std::uint32_t refused = 0;
    std::string reason;
};
using Notes = std::map<std::string, Note>;

/// A line of the file of notes.
struct NoteLine {
    std::string id;
    Note note;
    std::string replay;  ///< that has to be committed for the note to hold; empty: it is
};

Status damaged(const std::filesystem::path& file, std::size_t line, std::string_view why) {
    return {Code::io, fmt::format("{}:{}: {}", file.string(), line, why)};
}

Status unreadable(const std::filesystem::path& file) {
    return {Code::io, fmt::format("{}: cannot be read", file.string())};
}

std::optional<NoteLine> read_note(const std::string& line) {
    rapidjson::Document json;
    json.Parse(line.data(), line.size());
    if (json.HasParseError() || !json.IsObject()) return std::nullopt;
    for (const char* key : {"id", "handled", "time", "size", "refused", "reason"}) {
        if (!json.HasMember(key)) return std::nullopt;
    }
    if (!json["id"].IsString() || !json["handled"].IsBool() || !json["time"].IsInt64() ||
        !json["size"].IsUint64() || !json["refused"].IsUint() || !json["reason"].IsString()) {
        return std::nullopt;
    }
    NoteLine found;
    found.id = json["id"].GetString();
    found.note = {json["handled"].GetBool(),
                  json["time"].GetInt64(),
                  json["size"].GetUint64(),
                  json["refused"].GetUint(),
                  {json["reason"].GetString(), json["reason"].GetStringLength()}};
    const auto replay = json.FindMember("replay");
    if (replay != json.MemberEnd() && replay->value.IsString()) {
        found.replay = replay->value.GetString();
    }
    return found;
}

/// The notes that hold. Those of the replay `but` do not, whether it was committed or not.
Result<Notes> read_notes(const std::filesystem::path& file,
                         const LetterFile::NewestReplay& newest_replay, std::string_view but = {}) {
    Notes notes;
    if (!std::filesystem::exists(file)) return notes;
    std::ifstream in(file, std::ios::binary);
    if (!in) return tl::unexpected(unreadable(file));
    std::optional<std::string> newest;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        std::optional<NoteLine> found = read_note(line);
        if (!found) return tl::unexpected(damaged(file, number, "this is no note of a replay"));
        if (!found->replay.empty()) {
            if (found->replay == but) continue;
            if (!newest) {
                Result<std::string> asked = newest_replay();
                if (!asked) return tl::unexpected(asked.error());
                newest = std::move(*asked);
            }
            if (found->replay != *newest) continue;
        }
        notes[found->id] = std::move(found->note);
    }
    return notes;
}

/// `replay`: the notes hold when it is committed.
std::string to_lines(const Notes& notes, std::string_view replay = {}) {
    PodVector<char> out;
    for (const auto& [id, note] : notes) {
        append(out,
               fmt::format(R"({{"id":"{}","handled":{},"time":{},"size":{},"refused":{},"reason":)",
                           id, note.handled, note.time, note.size, note.refused));
        append_json_string(out, note.reason);
        if (!replay.empty()) append(out, fmt::format(R"(,"replay":"{}")", replay));
        append(out, "}\n");
    }
    return std::string(view(out));
}

Result<Letter> read_letter(const std::string& line) {
    const BatchRef batch = BatchRef::create();
    const Result<Event*> event = parse_event_json(line, *batch);
    if (!event) return tl::unexpected(event.error());
    const DeadLetter* const found = read_dead_letter(*batch, **event);
    if (found == nullptr) return tl::unexpected(bad_record("this is no dead letter"));
    const auto text = [&](BlobRange range) { return std::string(batch->text(**event, range)); };
    Letter letter;
    letter.time = (*event)->receive_time;
    letter.node = text(found->node);
    letter.place = text(found->place);
    letter.reason = text(found->reason);
    letter.origin = text(found->origin);
    letter.raw = text(found->raw);
    letter.raw_size = found->raw_size;
    letter.attempt = found->attempt;
    letter.id = dead_letter_id(letter.time, letter.node, letter.place, letter.raw);
    return letter;
}

void apply(const Note& note, std::uint64_t line_at, Letter& letter) {
    if (line_at >= note.size) return;
    if (note.handled) letter.replayed = note.time;
    letter.attempt += note.refused;
    if (!note.reason.empty()) letter.reason = note.reason;
}

/// What is to be noted of letters by their outcomes, given what was.
Result<Notes> notes_of(const std::filesystem::path& file, std::span<const LetterOutcome> outcomes,
                       const Notes& before) {
    std::error_code error;
    const std::uint64_t size = std::filesystem::file_size(file, error);
    if (error) {
        return tl::unexpected(
            Status(Code::io, fmt::format("{}: {}", file.string(), error.message())));
    }
    Notes notes;
    for (const LetterOutcome& outcome : outcomes) {
        const std::string id = to_string(outcome.id);
        const auto known = before.find(id);
        Note& note = notes[id];
        if (known != before.end()) note = known->second;
        note.handled = outcome.handled;
        note.time = outcome.time;
        note.size = size;
        if (outcome.handled) continue;
        ++note.refused;
        note.reason = outcome.reason;
    }
    return notes;
}

}  // namespace

Result<Letters> LetterFile::read() const {
    Letters letters;
    if (!std::filesystem::exists(file_)) return letters;
    const Result<Notes> notes = read_notes(this->notes(), newest_replay_);
    if (!notes) return tl::unexpected(notes.error());
    std::ifstream in(file_, std::ios::binary);
    if (!in) return tl::unexpected(unreadable(file_));
    std::map<Id, std::size_t> places;
    std::uint64_t at = 0;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line); at += line.size() + 1) {
        ++number;
        Result<Letter> letter = read_letter(line);
        if (!letter && in.eof()) break;
        if (!letter) return tl::unexpected(damaged(file_, number, letter.error().message()));
        const auto note = notes->find(to_string(letter->id));
        if (note != notes->end()) apply(note->second, at, *letter);
        const auto [place, fresh] = places.emplace(letter->id, letters.size());
        if (fresh) {
            letters.push_back(std::move(*letter));
        } else {
            letters[place->second] = std::move(*letter);
        }
    }
    std::stable_sort(letters.begin(), letters.end(),
                     [](const Letter& a, const Letter& b) { return a.time < b.time; });
    return letters;
}

Status LetterFile::prepare(std::span<const LetterOutcome> outcomes, std::string_view replay) const {
    const Result<Notes> notes = read_notes(this->notes(), newest_replay_, replay);
    if (!notes) return notes.error();
    const Result<Notes> made = notes_of(file_, outcomes, *notes);
    if (!made) return made.error();
    // The last note of a letter that holds counts.
    return replace_durably(this->notes(), to_lines(*notes) + to_lines(*made, replay));
}

Status LetterFile::settle(std::span<const LetterOutcome> outcomes, std::string_view replay) const {
    Result<Notes> notes = read_notes(this->notes(), newest_replay_, replay);
    if (!notes) return notes.error();
    Result<Notes> made = notes_of(file_, outcomes, *notes);
    if (!made) return made.error();
    made->merge(*notes);
    return replace_durably(this->notes(), to_lines(*made));
}

Status LetterFile::resolve() const {
    if (!std::filesystem::exists(notes())) return {};
    const Result<Notes> notes = read_notes(this->notes(), newest_replay_);
    if (!notes) return notes.error();
    return replace_durably(this->notes(), to_lines(*notes));
}

}  // namespace spillway::cli
