#include "testing/server.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace spillway::live::testing {

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

}  // namespace

Peer::Peer(int socket, SSL_CTX* tls) : socket_(socket) {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (tls == nullptr) return;
    tls_ = SSL_new(tls);
    SSL_set_fd(tls_, socket);
    if (SSL_accept(tls_) != 1) {
        SSL_free(tls_);
        throw Gone();
    }
}

Peer::~Peer() { SSL_free(tls_); }

void Peer::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = tls_ != nullptr
                              ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                              : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw Gone();
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string Peer::receive() {
    if (!read_ahead_.empty()) return std::exchange(read_ahead_, {});
    std::array<char, 16384> room{};
    const auto got = tls_ != nullptr ? SSL_read(tls_, room.data(), static_cast<int>(room.size()))
                                     : ::recv(socket_, room.data(), room.size(), 0);
    if (got <= 0) throw Gone();
    return {room.data(), static_cast<std::size_t>(got)};
}

std::string Peer::receive_exactly(std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) bytes += receive();
    read_ahead_ = bytes.substr(size);
    bytes.resize(size);
    return bytes;
}

std::string Peer::receive_head() {
    std::string bytes;
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
        bytes += receive();
        end = bytes.find("\r\n\r\n");
    }
    read_ahead_ = bytes.substr(end + 4);
    bytes.resize(end + 4);
    return bytes;
}

void Peer::wait_for_end() {
    try {
        while (true) static_cast<void>(receive());
    } catch (const Gone&) {
        return;
    }
}

bool Peer::readable_within(int milliseconds) const {
    pollfd wait{socket_, POLLIN, 0};
    return poll(&wait, 1, milliseconds) > 0;
}

void Peer::connect_through_to(std::uint16_t port) {
    const int other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (connect(other, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
        std::array<pollfd, 2> ends{pollfd{socket_, POLLIN, 0}, pollfd{other, POLLIN, 0}};
        std::array<char, 16384> room{};
        bool open = true;
        while (open && poll(ends.data(), 2, -1) > 0) {
            for (std::size_t i = 0; i < 2 && open; ++i) {
                if (ends[i].revents == 0) continue;
                const ssize_t got = recv(ends[i].fd, room.data(), room.size(), 0);
                open = got > 0 && ::send(ends[1 - i].fd, room.data(), static_cast<std::size_t>(got),
                                         MSG_NOSIGNAL) == got;
            }
        }
    }
    ::close(other);
}

void Peer::reset() {
    const linger abort{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort));
}

Server::Server(const Identity* identity, Script script) : script_(std::move(script)) {
    // OpenSSL writes to sockets without MSG_NOSIGNAL; what is tested does so through Asio.
    if (identity != nullptr) {
        tls_ = SSL_CTX_new(TLS_server_method());
        SSL_CTX_use_certificate(tls_, identity->certificate.get());
        SSL_CTX_use_PrivateKey(tls_, identity->key.get());
    }
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 128);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept(); });
}

Server::~Server() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        for (const int open : open_) shutdown(open, SHUT_RDWR);
    }
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
    SSL_CTX_free(tls_);
}

void Server::accept() {
    // In this thread and those it starts: a peer that is gone is an error, no signal.
    sigset_t pipe{};
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (true) {
        const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        const std::lock_guard lock(mutex_);
        if (ending_) {
            close(socket);
            return;
        }
        open_.push_back(socket);
        ++connections_;
        threads_.emplace_back([this, socket] { serve(socket); });
    }
}

void Server::serve(int socket) {
    try {
        Peer peer(socket, tls_);
        script_(peer);
    } catch (const Peer::Gone&) {  // the script ends where the connection does
    }
    ERR_clear_error();
    const std::lock_guard lock(mutex_);
    std::erase(open_, socket);
    close(socket);
}

}  // namespace spillway::live::testing
