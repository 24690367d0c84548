#pragma once

// Brings Asio along; see core.hpp.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

namespace spillway::live {

/// Looks up host names. The system's resolver cannot be interrupted and may hang for long, so it
/// runs on a few threads that nobody waits for: they end by themselves, also after the names, and
/// what they find then is thrown away.
class Names {
public:
    struct Found {
        std::vector<boost::asio::ip::address> addresses;
        std::string problem;  ///< why there are none
    };
    /// Blocks. Called on several threads at a time, maybe when nobody waits any more.
    using Resolver = std::function<Found(const std::string& host)>;
    using Done = std::function<void(Found)>;
    /// Somebody who waits; destroying it ends that.
    class Query;

    /// Look-ups beyond so many at a time wait their turn.
    static constexpr std::size_t most_threads = 4;

    /// Answers on `io`, which outlives the names.
    explicit Names(boost::asio::io_context& io, Resolver resolver = ask_system);
    Names(const Names&) = delete;
    Names& operator=(const Names&) = delete;
    ~Names();

    /// `done` is called once, never from within.
    [[nodiscard]] std::shared_ptr<Query> look_up(std::string host, Done done);

    [[nodiscard]] static Found ask_system(const std::string& host);

private:
    class Office;
    std::shared_ptr<Office> office_;
};

}  // namespace spillway::live
