#include "endpoint.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace spillway::live {

Endpoint::Endpoint(Context& context, SocketPlan socket, std::string_view missed)
    : context_(context),
      socket_(std::move(socket)),
      figures_(context.figures.socket(socket_.name)),
      connects_(gap_of(socket_.connects_per_minute, minute)) {
    if (missed.empty()) return;
    figures_.gaps += 1;
    context.mailbox.put({FrameType::gap, name_id(socket_.name), context.last_session + 1, missed},
                        context.network.now());
}

void Endpoint::update(const SocketPlan& socket, const std::vector<TopicPlan>& topics) {
    std::erase_if(retired_, [](const auto& stream) { return stream->is_finished(); });
    if (socket != socket_) {
        socket_ = socket;
        connects_.set_gap(gap_of(socket_.connects_per_minute, minute));
        for (const auto& stream : streams_) {
            if (stream) stream->redeclared();
        }
    }
    figures_.topics.set(static_cast<std::int64_t>(topics.size()));
    for (const Shards::Change& change : shards_.assign(socket_, topics)) {
        streams_.resize(std::max(streams_.size(), change.shard + 1));
        std::unique_ptr<Stream>& stream = streams_[change.shard];
        if (!stream) {
            stream = std::make_unique<Stream>(
                context_, socket_, figures_, connects_,
                [this](std::uint32_t session) { look_whether_whole(session); });
        }
        stream->change(change);
        if (stream->has_topics()) {
            stream->start();
        } else {
            stream->retire();
            retired_.push_back(std::move(stream));
            look_whether_whole(0);
        }
    }
}

void Endpoint::look_whether_whole(std::uint32_t session) {
    std::size_t topics = 0;
    for (const auto& stream : streams_) {
        if (!stream) continue;
        if (!stream->listens()) return;
        topics += stream->topics();
    }
    if (topics == 0) return;
    context_.mailbox.put(
        {FrameType::subscribed, name_id(socket_.name), session, fmt::format("{} topics", topics)},
        context_.network.now());
}

void Endpoint::finish() {
    for (const auto& stream : streams_) {
        if (stream) stream->finish();
    }
}

void Endpoint::retire() {
    figures_.topics.set(0);
    for (const auto& stream : streams_) {
        if (stream) stream->retire();
    }
}

bool Endpoint::is_finished() const noexcept {
    return std::all_of(streams_.begin(), streams_.end(),
                       [](const auto& stream) { return !stream || stream->is_finished(); });
}

}  // namespace spillway::live
