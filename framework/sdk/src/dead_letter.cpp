#include <algorithm>

#include <spillway/event_json.hpp>
#include <spillway/fields.hpp>
#include <spillway/node.hpp>
#include <spillway/source.hpp>

namespace spillway {
namespace {

void fill(Batch& batch, Event& event, std::string_view node, std::string_view place,
          std::string_view reason, std::string_view raw, std::uint32_t attempt) noexcept {
    static const NameId name = name_id(dead_letter_name);
    event.extension.name = name;
    event.set_present(field::extension::name);
    batch.extend_blob(event, sizeof(DeadLetter));
    DeadLetter letter{};
    letter.raw_size = raw.size();
    letter.attempt = attempt;
    letter.node = batch.add_text(event, node);
    letter.place = batch.add_text(event, place);
    letter.reason = batch.add_text(event, reason.substr(0, 1024));
    letter.raw = batch.add_text(event, raw.substr(0, dead_letter_limit));
    // The arena may have moved while texts were added: write the struct last.
    const std::span<const std::byte> blob = batch.blob(event);
    std::memcpy(const_cast<std::byte*>(blob.data()), &letter, sizeof(letter));
}

Status decide(const NodeSetup& setup, StepOutput& out, OrderKey key, Time event_time,
              std::string_view raw, const Status& why) noexcept {
    if (why.code() == Code::defect) return why;
    switch (setup.on_error) {
        case OnError::fail:
            return why;
        case OnError::skip:
            ++out.books->dropped;
            return {};
        case OnError::dead_letter:
            break;
    }
    ++out.books->dead_lettered;
    out.errors->begin(key);
    write_dead_letter(*out.errors, setup.id, why.subject(), why.message(), raw);
    out.errors->batch()[out.errors->size() - 1].event_time = event_time;
    return {};
}

}  // namespace

void write_dead_letter(Emitter& errors, std::string_view node, std::string_view place,
                       std::string_view reason, std::string_view raw, std::uint32_t attempt) {
    Event& event = errors.emit(Kind::extension);
    fill(errors.batch(), event, node, place, reason, raw, attempt);
}

const DeadLetter* read_dead_letter(const Batch& batch, const Event& event) noexcept {
    if (event.kind() != Kind::extension || text_of(event.extension.name) != dead_letter_name) {
        return nullptr;
    }
    return batch.blob_as<DeadLetter>(event);
}

void SourceOutput::dead_letter(Time receive_time, std::string_view place, std::string_view reason,
                               std::string_view raw) noexcept {
    letter_positions.push_back(frames.empty() ? events->size() : frames.size());
    Event& event = letters->append(Kind::extension);
    event.receive_time = receive_time;
    event.event_time = receive_time;
    fill(*letters, event, node, place, reason, raw, 1);
}

namespace detail {

Status refuse(const NodeSetup& setup, StepOutput& out, const Batch& batch, const Event& event,
              const Status& why) noexcept {
    PodVector<char> text;
    append_json(text, event, batch);
    return decide(setup, out, order_of(event), event.event_time, view(text), why);
}

Status refuse(const NodeSetup& setup, StepOutput& out, const Frame& frame,
              const Status& why) noexcept {
    return decide(setup, out, {frame.receive_time, frame.sequence}, frame.receive_time, frame.bytes,
                  why);
}

}  // namespace detail
}  // namespace spillway
