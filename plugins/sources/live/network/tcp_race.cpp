#include "tcp_race.hpp"

#include <algorithm>
#include <utility>

namespace spillway::live {

namespace {

constexpr auto head_start = std::chrono::milliseconds(250);
constexpr std::size_t reasons_told = 3;

/// The families by turns, each in the order of the resolver, whose first choice stays the first.
std::vector<Endpoint> by_turns(std::vector<Endpoint> addresses) {
    if (addresses.empty()) return addresses;
    const bool first = addresses.front().address().is_v6();
    const auto is_first = [first](const Endpoint& e) { return e.address().is_v6() == first; };
    const auto middle = std::stable_partition(addresses.begin(), addresses.end(), is_first);
    std::vector<Endpoint> result;
    for (auto one = addresses.begin(), other = middle; result.size() < addresses.size();) {
        if (one != middle) result.push_back(*one++);
        if (other != addresses.end()) result.push_back(*other++);
    }
    return result;
}

class Race final : public TcpRace, public std::enable_shared_from_this<Race> {
public:
    Race(IoContext& io, std::vector<Endpoint> addresses, Done done)
        : timer_(io.get_executor()),
          addresses_(by_turns(std::move(addresses))),
          done_(std::move(done)) {
        attempts_.reserve(addresses_.size());
        for (std::size_t i = 0; i < addresses_.size(); ++i)
            attempts_.emplace_back(io.get_executor());
    }

    void next() {
        if (started_ == addresses_.size()) return;
        const std::size_t index = started_++;
        attempts_[index].async_connect(addresses_[index],
                                       [self = shared_from_this(), index](const error_code& error) {
                                           self->on_connect(index, error);
                                       });
        timer_.expires_after(head_start);
        timer_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error && self->done_) self->next();
        });
    }

    void cancel() override { finish(); }

private:
    void on_connect(std::size_t index, const error_code& error) {
        if (!done_) return;
        if (!error) {
            Tcp winner = std::move(attempts_[index]);
            const Done done = finish();
            done(std::move(winner), {});
            return;
        }
        if (failed_++ < reasons_told) {
            if (!why_.empty()) why_ += "; ";
            why_ += to_text(addresses_[index]) + ": " + error.message();
        }
        cut(attempts_[index]);
        if (failed_ < addresses_.size()) return next();
        if (failed_ > reasons_told) {
            why_ += "; and " + std::to_string(failed_ - reasons_told) + " more";
        }
        Tcp none = std::move(attempts_.front());
        const Done done = finish();
        done(std::move(none), why_);
    }

    Done finish() {
        for (Tcp& attempt : attempts_) cut(attempt);
        timer_.cancel();
        return std::exchange(done_, nullptr);
    }

    SteadyTimer timer_;
    std::vector<Endpoint> addresses_;
    std::vector<Tcp> attempts_;
    std::size_t started_ = 0;
    std::size_t failed_ = 0;
    std::string why_;
    Done done_;
};

}  // namespace

std::shared_ptr<TcpRace> race(IoContext& io, std::vector<Endpoint> addresses, TcpRace::Done done) {
    auto made = std::make_shared<Race>(io, std::move(addresses), std::move(done));
    made->next();
    return made;
}

std::string to_text(const Endpoint& address) {
    const std::string host = address.address().to_string();
    return (address.address().is_v6() ? "[" + host + "]" : host) + ":" +
           std::to_string(address.port());
}

}  // namespace spillway::live
