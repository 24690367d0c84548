#include "decoder_run.hpp"

#include <fmt/format.h>

#include <spillway/order.hpp>

#include "pipeline.hpp"

namespace spillway::bench {
namespace {

constexpr std::size_t step_frames = 256;
constexpr Time receive_time = 1'800'000'000 * second;

}  // namespace

tl::expected<std::unique_ptr<DecoderRun>, std::string> DecoderRun::make(std::string_view venue,
                                                                        bool needs_ids) {
    const auto spec = load_text(
        fmt::format("name: decoder\nsources:\n  in: {{type: frames, venue: {}, path: none.jsonl}}\n"
                    "sinks:\n  out: {{type: 'null', inputs: [in]}}\n",
                    venue));
    if (!spec) return tl::make_unexpected(spec.error());
    auto assembled = runtime::assemble(*spec, {});
    if (!assembled) return tl::make_unexpected(to_text(assembled.error()));
    auto run = std::make_unique<DecoderRun>();
    run->assembled_ = std::move(*assembled);
    for (const auto& entry : run->assembled_.entries) {
        if (entry.decoder) run->node_ = entry.decoder->node();
    }
    if (run->node_ == nullptr) return tl::make_unexpected(fmt::format("{} is no decoder", venue));
    NodeSetup setup;
    setup.pipeline = "decoder";
    setup.id = "in";
    setup.needs_ids = needs_ids;
    if (const Status status = run->node_->start(setup); !status.ok()) {
        return tl::make_unexpected(std::string(status.message()));
    }
    run->venue_ = venue_id(venue);
    return run;
}

void DecoderRun::put(const std::vector<std::string>& messages) {
    std::size_t size = 64;
    for (const std::string& message : messages) size += message.size();
    block_ = BlockRef(block_create(size));
    frames_.clear();
    std::size_t at = 0;
    for (const std::string& message : messages) {
        char* const place = reinterpret_cast<char*>(block_.get()->data) + at;
        message.copy(place, message.size());
        at += message.size();
        Frame frame{};
        frame.receive_time = receive_time;
        frame.sequence = caused_by_record(++sequence_);
        frame.bytes = {place, message.size()};
        frame.session = 1;
        frame.venue = venue_;
        frame.type = FrameType::data;
        frames_.push_back(frame);
    }
}

void DecoderRun::load(const std::vector<std::string>& messages) {
    std::vector<std::string> repeated;
    while (repeated.size() + messages.size() <= step_frames) {
        repeated.insert(repeated.end(), messages.begin(), messages.end());
    }
    put(repeated);
}

BatchRef DecoderRun::run() {
    events_.reset(nullptr, nullptr);
    errors_.reset(nullptr, nullptr);
    events_.batch().set_block(block_);
    StepInput in;
    in.frames = frames_.view();
    StepOutput out{&events_, 1, &errors_, &books_};
    const std::uint64_t refused = books_.dead_lettered;
    const Status status = node_->step(in, out);
    BatchRef events = events_.take_batch();
    if (!status.ok() || books_.dead_lettered != refused) return BatchRef::create();
    return events;
}

bool DecoderRun::respond(std::string_view channel, const std::string& body) {
    put({body});
    frames_[0].type = FrameType::response;
    frames_[0].http_status = 200;
    frames_[0].channel = name_id(channel);
    const std::uint64_t refused = books_.dead_lettered;
    static_cast<void>(run());
    return books_.dead_lettered == refused;
}

BatchRef DecoderRun::decode(const std::string& message) {
    put({message});
    return run();
}

std::size_t DecoderRun::step() { return run()->size(); }

}  // namespace spillway::bench
