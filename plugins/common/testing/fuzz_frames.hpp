#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

#include <spillway/event_json.hpp>
#include <spillway/node.hpp>
#include <spillway/state.hpp>

namespace spillway::testing {

/// Puts the lines of a fuzzer's input through a decoder as frames. A line that begins with `@` and
/// a character says what frame it is: `@o` opened, `@s` subscribed, `@c` closed, `@g` gap, `@e`
/// an answer with HTTP 503, `@0`..`@9` an answer to that poll; the rest of the line is its bytes.
/// Every other line is data. Half-way the decoder's state moves to another decoder, if it has any.
template <class Decoder>
void fuzz_frames(std::string_view venue, std::span<const char* const> polls,
                 const std::uint8_t* data, std::size_t size) {
    BlockRef block(block_create(size));
    char* const bytes = reinterpret_cast<char*>(block.get()->data);
    if (size > 0) std::memcpy(bytes, data, size);

    Decoder decoders[2];
    NodeSetup setup;
    setup.id = venue;
    for (Decoder& decoder : decoders) static_cast<void>(decoder.start(setup));
    std::uint64_t sequence = 0;
    for (std::string_view rest(bytes, size); !rest.empty();) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
        Frame frame{};
        frame.receive_time = 1'791'565'604 * second;
        frame.sequence = caused_by_record(++sequence);
        frame.session = 1;
        frame.venue = venue_id(venue);
        frame.type = FrameType::data;
        if (line.size() >= 2 && line[0] == '@') {
            const char what = line[1];
            line.remove_prefix(2);
            frame.type = what == 'o'   ? FrameType::opened
                         : what == 's' ? FrameType::subscribed
                         : what == 'c' ? FrameType::closed
                         : what == 'g' ? FrameType::gap
                                       : FrameType::response;
            frame.http_status = what == 'e' ? 503 : 200;
            const auto poll = static_cast<std::size_t>(what - '0');
            if (!polls.empty()) frame.channel = name_id(polls[poll % polls.size()]);
        }
        frame.bytes = line;

        const bool second_half = rest.size() * 2 < size;
        if constexpr (requires(StateWriter & io) { decoders[0].fields(io); }) {
            if (second_half && sequence > 1) {
                StateWriter writer;
                decoders[0].fields(writer);
                StateReader reader(writer.bytes());
                decoders[1].fields(reader);
                if (!reader.ok()) std::abort();
            }
        }
        Emitter port, errors;
        port.reset(nullptr, nullptr);
        errors.reset(nullptr, nullptr);
        port.batch().set_block(block);
        Books books;
        StepInput in;
        in.frames = {&frame, 1};
        StepOutput out{&port, 1, &errors, &books};
        if (!decoders[second_half ? 1 : 0].step(in, out)) std::abort();
        const BatchRef batch = port.take_batch();
        PodVector<char> text;
        for (const Event& event : batch->events()) append_json(text, event, *batch);
    }
}

}  // namespace spillway::testing
