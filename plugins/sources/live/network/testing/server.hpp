#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <openssl/types.h>

#include "testing/certificates.hpp"

namespace spillway::live::testing {

/// The server's end of one connection. Blocking; every fault can be made with it, as it knows
/// nothing of what it sends. Throws `Gone` once the other side is gone or the server ends.
class Peer {
public:
    struct Gone {};

    Peer(int socket, SSL_CTX* tls);
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer();

    void send(std::string_view bytes);
    /// At least one byte.
    std::string receive();
    std::string receive_exactly(std::size_t size);
    /// Until and with the empty line.
    std::string receive_head();
    /// Returns once the other side has closed.
    void wait_for_end();
    /// Whether the other side has closed or sent something within the time.
    [[nodiscard]] bool readable_within(int milliseconds) const;
    /// Takes the bytes of both sides to each other until one ends.
    void connect_through_to(std::uint16_t port);
    /// Ends with a TCP reset in place of an end of stream.
    void reset();
    [[nodiscard]] int socket() const noexcept { return socket_; }

private:
    int socket_;
    SSL* tls_ = nullptr;
    std::string read_ahead_;
};

/// A frame of RFC 6455 as the other side sent it, unmasked.
struct WebSocketFrame {
    int opcode = 0;
    bool compressed = false;
    std::string payload;
};

/// Reads a handshake and accepts it; answers the request's head.
std::string accept_websocket(Peer& peer, bool deflate = false);
[[nodiscard]] std::string websocket_frame(int opcode, std::string_view payload,
                                          bool compressed = false);
[[nodiscard]] WebSocketFrame receive_frame(Peer& peer);
/// A message's payload packed as permessage-deflate has it.
[[nodiscard]] std::string deflated(std::string_view text);

/// Listens on a free port of 127.0.0.1 and runs the script for each connection on its own thread.
class Server {
public:
    using Script = std::function<void(Peer&)>;

    /// With TLS if there is an identity.
    Server(const Identity* identity, Script script);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Cuts all connections.
    ~Server();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] int connections() const noexcept { return connections_; }

private:
    void accept();
    void serve(int socket);

    Script script_;
    SSL_CTX* tls_ = nullptr;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;
    std::vector<int> open_;
    bool ending_ = false;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

}  // namespace spillway::live::testing
