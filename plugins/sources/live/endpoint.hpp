#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "stream.hpp"

namespace spillway::live {

/// All connections to one WebSocket address, with its topics spread over them. Writes `subscribed`
/// when every one of them listens.
class Endpoint {
public:
    /// `missed`: what was missed before it was there, told by a `gap`; empty: nothing.
    Endpoint(Context& context, SocketPlan socket, std::string_view missed);

    /// Subscribes to what is new and ends what is not wanted any more; the rest goes on untouched.
    /// If the socket is declared otherwise than before, its connections are replaced.
    void update(const SocketPlan& socket, const std::vector<TopicPlan>& topics);
    void finish();
    void retire();
    [[nodiscard]] bool is_finished() const noexcept;
    [[nodiscard]] const std::string& name() const noexcept { return socket_.name; }

private:
    void look_whether_whole(std::uint32_t session);

    Context& context_;
    SocketPlan socket_;
    SocketFigures& figures_;
    Pacer connects_;
    Shards shards_;
    std::vector<std::unique_ptr<Stream>> streams_;  ///< by shard; null: it has no topics
    std::vector<std::unique_ptr<Stream>> retired_;
};

}  // namespace spillway::live
