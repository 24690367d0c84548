#pragma once

#include <concepts>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/node.hpp>
#include <spillway/testing/golden.hpp>
#include <spillway/testing/option_texts.hpp>

namespace spillway::testing {

/// A frame as a test writes it.
struct TestFrame {
    std::string bytes;
    FrameType type = FrameType::data;
    std::string channel = {};
    std::uint16_t http_status = 0;
    std::uint32_t session = 1;
    Time receive_time = 1'791'565'604 * second;  ///< 2026-10-09 17:06:44
};

/// The answer to a poll; `channel` is its name and parameters.
[[nodiscard]] inline TestFrame response(std::string channel, std::string bytes,
                                        std::uint16_t http_status = 200) {
    return {std::move(bytes), FrameType::response, std::move(channel), http_status};
}
/// A change of the connection.
[[nodiscard]] inline TestFrame change(FrameType type, std::string reason = {}) {
    return {std::move(reason), type};
}

/// A frame of data for every line of a file of messages.
[[nodiscard]] inline std::vector<TestFrame> data_frames(std::span<const std::string> lines) {
    std::vector<TestFrame> frames;
    for (const std::string& line : lines) frames.push_back({line});
    return frames;
}

/// Puts frames through a venue's decoder in a test as the engine would, a step at a time: the
/// frames of a step lie in one input block with 64 readable bytes after it.
///
///     FrameDriver<Bybit> bybit("bybit");
///     bybit.step({{line}, response("tickers?category=linear", body)});
///     EXPECT_EQ(bybit.events[0].liquidation.side, Side::long_position);
///     expect_golden(fixture("tickers.events.jsonl"), bybit.golden(frames));
template <class Decoder>
class FrameDriver {
public:
    explicit FrameDriver(std::string_view venue = Decoder::about.name, bool needs_ids = true)
        : FrameDriver(venue, {}, needs_ids) {}
    /// `FrameDriver<Bybit> bybit("bybit", {{"depth", "50"}});`
    FrameDriver(std::string_view venue, std::initializer_list<OptionText> options,
                bool needs_ids = true)
        : venue_(venue_id(venue)) {
        Status status = values_.template parse<Decoder>({options.begin(), options.size()});
        if (status.ok()) status = decoder.configure(values_.view());
        NodeSetup setup;
        setup.pipeline = "test";
        setup.id = venue;
        setup.needs_ids = needs_ids;
        if (status.ok()) status = decoder.start(setup);
        EXPECT_TRUE(status.ok()) << status.subject() << ' ' << status.message();
    }

    void step(const std::vector<TestFrame>& texts) {
        std::size_t size = 0;
        for (const TestFrame& text : texts) size += text.bytes.size();
        BlockRef block(block_create(size));
        PodVector<Frame> frames;
        std::size_t at = 0;
        for (const TestFrame& text : texts) {
            char* const place = reinterpret_cast<char*>(block.get()->data) + at;
            if (!text.bytes.empty()) std::memcpy(place, text.bytes.data(), text.bytes.size());
            at += text.bytes.size();
            Frame frame{};
            frame.receive_time = text.receive_time;
            frame.sequence = caused_by_record(++sequence_);
            frame.bytes = {place, text.bytes.size()};
            frame.session = text.session;
            frame.channel = name_id(text.channel);
            frame.venue = venue_;
            frame.http_status = text.http_status;
            frame.type = text.type;
            frames.push_back(frame);
        }
        Emitter port;
        Emitter errors;
        port.reset(nullptr, nullptr);
        errors.reset(nullptr, nullptr);
        port.batch().set_block(block);
        StepInput in;
        in.frames = frames.view();
        StepOutput out{&port, 1, &errors, &books};
        books.in += texts.size();
        const Status status = decoder.step(in, out);
        EXPECT_TRUE(status.ok()) << status.message();
        batch = port.take_batch();
        for (const Event& event : batch->events()) events.push_back(event);
        collect_refusals(errors);
    }
    /// The same for lines of text: a frame of data each.
    template <class Lines>
    requires std::convertible_to<const Lines&, std::span<const std::string>>
    void step(const Lines& lines) { step(data_frames(lines)); }

    /// The frames one by one, as lines of a golden file: their events, and after them, for a frame
    /// that was refused, `{"refused":".."}`.
    [[nodiscard]] std::vector<std::string> golden(const std::vector<TestFrame>& frames) {
        std::vector<std::string> lines;
        for (const TestFrame& frame : frames) {
            const std::size_t before = refusals.size();
            step(std::vector<TestFrame>{frame});
            for (const Event& event : batch->events()) lines.push_back(golden_line(event, *batch));
            for (std::size_t i = before; i < refusals.size(); ++i) {
                PodVector<char> text;
                append_json_string(text, refusals[i]);
                lines.push_back("{\"refused\":" + std::string(view(text)) + "}");
            }
        }
        return lines;
    }
    template <class Lines>
    requires std::convertible_to<const Lines&, std::span<const std::string>>
    [[nodiscard]] std::vector<std::string> golden(const Lines& lines) {
        return golden(data_frames(lines));
    }

    Decoder decoder;
    Books books;
    BatchRef batch;                     ///< of the last step
    std::vector<Event> events;          ///< of all steps; their blobs are gone
    std::vector<std::string> refusals;  ///< reasons of the dead letters of all steps

private:
    void collect_refusals(Emitter& errors) {
        for (std::uint32_t i = 0; i < errors.size(); ++i) {
            const Batch& letters = errors.batch();
            const DeadLetter* letter = read_dead_letter(letters, letters[i]);
            refusals.emplace_back(letters.text(letters[i], letter->reason));
        }
    }

    OptionValues values_;
    VenueId venue_;
    std::uint64_t sequence_ = 0;
};

}  // namespace spillway::testing
