#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "testing/fuzzed_venue.hpp"

namespace {

using namespace spillway;

Poll poll(std::string_view channel, std::string_view url, Duration every) {
    Poll poll;
    poll.channel = channel;
    poll.url = url;
    poll.every = every;
    return poll;
}

/// A list in pages under a quota of one header, then polls of several hosts, quotas and methods;
/// which ones, the list says.
live::ToyVenue asking_venue() {
    live::ToyVenue venue;
    venue.on_prepare = [](PlanWriter& out) {
        out.quota({"weight", 20, minute, "X-Used-Weight", {}});
        Poll list = poll("list", "https://api.toy.example/list", 5 * minute);
        list.quota = "weight";
        list.max_pages = 3;
        out.poll(list);
    };
    venue.on_plan = [](std::span<const Reply> replies, PlanWriter& out) {
        out.quota({"calls", 5, 10 * second, {}, "X-Calls-Left"});
        Poll price = poll("price", "https://api.toy.example/price?key=1", 10 * second);
        price.quota = "calls";
        price.header = "X-Key";
        price.header_value = "1";
        out.poll(price);
        Poll ratio = poll("ratio", "https://api.toy.example/ratio", minute);
        ratio.after_period = second;
        ratio.quota = "weight";
        ratio.weight = 5;
        out.poll(ratio);
        Poll search = poll("search", "https://other.example/search", minute);
        search.method = Method::post;
        search.body = "{}";
        out.poll(search);
        constexpr std::array<std::string_view, 3> more = {"book", "oi", "funding"};
        const std::string_view first = replies.empty() ? std::string_view() : replies[0].body;
        if (!first.empty()) {
            const std::string_view channel = more[first.size() % more.size()];
            out.poll(poll(channel, "https://api.toy.example/more", 20 * second));
        }
        return Status();
    };
    return venue;
}

}  // namespace

/// Any bytes as what HTTP servers send, in any pieces and at any times.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    live::testing::fuzz_driver(asking_venue(), {reinterpret_cast<const char*>(data), size});
    return 0;
}
