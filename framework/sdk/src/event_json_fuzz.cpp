#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <spillway/event_json.hpp>
#include <spillway/testing/events.hpp>

extern "C" std::size_t LLVMFuzzerMutate(  // NOLINT(readability-identifier-naming)
    std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace spillway;

std::string json(const Event& event, const Batch& batch) {
    PodVector<char> text;
    append_json(text, event, batch);
    return std::string(view(text));
}

/// What was read is written and read again without loss; what is refused leaves nothing behind.
void check(std::string_view line) {
    const BatchRef batch = BatchRef::create();
    const Result<Event*> first = parse_event_json(line, *batch);
    if (!first) {
        if (batch->size() != 0) std::abort();
        return;
    }
    const std::string written = json(**first, *batch);
    const Result<Event*> second = parse_event_json(written, *batch);
    const std::string again =
        second ? json(**second, *batch) : std::string(second.error().message());
    if (again == written) return;
    std::fprintf(stderr, "written: %s\nagain:   %s\n", written.c_str(), again.c_str());
    std::abort();
}

/// Events of all kinds.
std::vector<std::string> made_up_lines() {
    testing::MarketPlan plan;
    plan.kinds = KindSet::all();
    plan.count = 200;
    const testing::Script script = testing::made_up_market(plan);
    std::vector<std::string> lines;
    for (const Event& event : script.batch().events()) lines.push_back(json(event, script.batch()));
    return lines;
}

}  // namespace

/// Any bytes as lines of events.
extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming)
    const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        check(line);
        rest.remove_prefix(line.size() < rest.size() ? line.size() + 1 : line.size());
    }
    return 0;
}

/// Mutations start from events as they are written.
extern "C" std::size_t LLVMFuzzerCustomMutator(  // NOLINT(readability-identifier-naming)
    std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned random) {
    static const std::vector<std::string> seeds = made_up_lines();
    if (size < 8 || random % 256 == 0) {
        const std::string& seed = seeds[random / 256 % seeds.size()];
        size = std::min(seed.size(), max_size);
        std::memcpy(data, seed.data(), size);
    }
    return LLVMFuzzerMutate(data, size, max_size);
}
