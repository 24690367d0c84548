#include "names.hpp"

#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <netdb.h>
#include <sys/socket.h>

namespace spillway::live {

namespace asio = boost::asio;

class Names::Query {
public:
    Query(std::string host, Done done) : host_(std::move(host)), done_(std::move(done)) {}

    [[nodiscard]] const std::string& host() const noexcept { return host_; }
    void answer(Found found) const { done_(std::move(found)); }

private:
    const std::string host_;
    const Done done_;
};

/// What the names share with their threads, which may outlive them.
class Names::Office : public std::enable_shared_from_this<Office> {
public:
    Office(asio::io_context& io, Resolver resolver) : resolver_(std::move(resolver)), io_(&io) {}

    void put(const std::shared_ptr<Query>& query) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({query, query->host()});
        if (threads_ == most_threads) return;
        try {
            std::thread([self = shared_from_this()] { self->work(); }).detach();
            ++threads_;
        } catch (const std::system_error&) {
            // The machine has no thread to spare: the query waits for another's, or in vain.
        }
    }
    void close() {
        const std::lock_guard lock(mutex_);
        io_ = nullptr;
        waiting_.clear();
    }

private:
    struct Waiting {
        std::weak_ptr<Query> query;
        std::string host;
    };

    void work() {
        while (std::optional<Waiting> next = take()) {
            Found found = resolver_(next->host);
            const std::lock_guard lock(mutex_);
            if (io_ == nullptr) continue;
            // Only there is it certain whether somebody waits.
            asio::post(*io_, [query = std::move(next->query), found = std::move(found)]() mutable {
                if (const auto waiting = query.lock()) waiting->answer(std::move(found));
            });
        }
    }
    /// None: the thread is not needed any more.
    std::optional<Waiting> take() {
        const std::lock_guard lock(mutex_);
        while (!waiting_.empty()) {
            Waiting next = std::move(waiting_.front());
            waiting_.pop_front();
            if (!next.query.expired()) return next;
        }
        --threads_;
        return std::nullopt;
    }

    const Resolver resolver_;
    std::mutex mutex_;
    asio::io_context* io_;  ///< null: the names are gone
    std::deque<Waiting> waiting_;
    std::size_t threads_ = 0;
};

Names::Names(asio::io_context& io, Resolver resolver)
    : office_(std::make_shared<Office>(io, std::move(resolver))) {}

Names::~Names() { office_->close(); }

std::shared_ptr<Names::Query> Names::look_up(std::string host, Done done) {
    auto query = std::make_shared<Query>(std::move(host), std::move(done));
    office_->put(query);
    return query;
}

Names::Found Names::ask_system(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    Found found;
    if (const int error = ::getaddrinfo(host.c_str(), nullptr, &wanted, &list); error != 0) {
        found.problem = ::gai_strerror(error);
        return found;
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
    for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        if (one->ai_addrlen > endpoint.capacity()) continue;
        std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
        found.addresses.push_back(endpoint.address());
    }
    return found;
}

}  // namespace spillway::live
