#include <zlib.h>

#include "testing/accept_key.hpp"
#include "testing/server.hpp"

namespace spillway::live::testing {

std::string accept_websocket(Peer& peer, bool deflate) {
    const std::string head = peer.receive_head();
    peer.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
              std::string(deflate ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "") +
              "Sec-WebSocket-Accept: " + accept_key(key_of(head)) + "\r\n\r\n");
    return head;
}

std::string websocket_frame(int opcode, std::string_view payload, bool compressed) {
    std::string frame;
    frame += static_cast<char>(0x80 | (compressed ? 0x40 : 0) | opcode);
    if (payload.size() < 126) {
        frame += static_cast<char>(payload.size());
    } else {
        const int bytes = payload.size() < 65536 ? 2 : 8;
        frame += static_cast<char>(bytes == 2 ? 126 : 127);
        for (int i = bytes - 1; i >= 0; --i) {
            frame += static_cast<char>(payload.size() >> (8 * i) & 0xff);
        }
    }
    return frame.append(payload);
}

WebSocketFrame receive_frame(Peer& peer) {
    const std::string head = peer.receive_exactly(2);
    WebSocketFrame frame;
    frame.opcode = head[0] & 0x0f;
    frame.compressed = (head[0] & 0x40) != 0;
    auto size = static_cast<std::size_t>(head[1] & 0x7f);
    if (size >= 126) {
        const std::string more = peer.receive_exactly(size == 126 ? 2 : 8);
        size = 0;
        for (const char c : more) size = size << 8 | static_cast<unsigned char>(c);
    }
    const std::string mask = peer.receive_exactly(4);
    frame.payload = peer.receive_exactly(size);
    for (std::size_t i = 0; i < size; ++i) {
        frame.payload[i] = static_cast<char>(frame.payload[i] ^ mask[i % 4]);
    }
    return frame;
}

std::string deflated(std::string_view text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string input(text);
    std::string out(text.size() + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_SYNC_FLUSH);
    out.resize(out.size() - stream.avail_out - 4);  // without the empty block at its end
    deflateEnd(&stream);
    return out;
}

}  // namespace spillway::live::testing
