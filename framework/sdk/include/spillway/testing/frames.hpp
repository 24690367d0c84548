#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/batch.hpp>
#include <spillway/frame.hpp>
#include <spillway/order.hpp>

namespace spillway::testing {

/// Frames for a venue, in order of receive time, each an instant of its own. Like a Script, it can
/// be played as often as wanted and cut in any way.
class FrameScript {
public:
    /// One raw message as it came in.
    struct Message {
        FrameType type = FrameType::data;
        std::string channel;
        std::uint32_t session = 1;
        std::uint16_t http_status = 0;
        bool binary = false;
        std::string bytes;
        Time receive_time = 0;
        std::uint64_t ingress = 0;
    };

    /// Appends a message that comes in at `now`, or 1 ns after the one before it.
    Message& add(Time now, std::string_view bytes, FrameType type = FrameType::data) {
        end_ = messages_.empty() || now > end_ ? now : end_ + 1;
        Message& message = messages_.emplace_back();
        message.type = type;
        message.bytes = bytes;
        message.receive_time = end_;
        message.ingress = messages_.size();
        return message;
    }
    [[nodiscard]] const std::vector<Message>& messages() const noexcept { return messages_; }
    [[nodiscard]] std::uint32_t size() const noexcept {
        return static_cast<std::uint32_t>(messages_.size());
    }
    [[nodiscard]] Time end() const noexcept { return end_; }

private:
    std::vector<Message> messages_;
    Time end_ = time_before_all;
};

/// The frames [first, last) of a script with their bytes in one input block, as the engine hands
/// them to a decoder: 64 readable bytes after the end.
struct FrameBlock {
    BlockRef block;
    std::vector<Frame> frames;

    FrameBlock(const FrameScript& script, std::uint32_t first, std::uint32_t last, VenueId venue) {
        constexpr std::size_t gap = 64;
        std::size_t size = gap;
        for (std::uint32_t i = first; i < last; ++i) size += script.messages()[i].bytes.size();
        block = BlockRef(block_create(size));
        char* out = reinterpret_cast<char*>(block.get()->data);
        for (std::uint32_t i = first; i < last; ++i) {
            const FrameScript::Message& message = script.messages()[i];
            message.bytes.copy(out, message.bytes.size());
            frames.push_back({.receive_time = message.receive_time,
                              .sequence = caused_by_record(message.ingress),
                              .bytes = {out, message.bytes.size()},
                              .session = message.session,
                              .channel = name_id(message.channel),
                              .venue = venue,
                              .http_status = message.http_status,
                              .type = message.type,
                              .binary = message.binary});
            out += message.bytes.size();
        }
        std::memset(out, 0, gap);
    }
};

}  // namespace spillway::testing
