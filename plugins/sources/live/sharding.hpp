#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plan.hpp"

namespace spillway::live {

/// Spreads the topics of one socket over as few connections as its limits allow. A topic that has
/// a place keeps it when the plan changes, as long as the limits let it; new ones go where there is
/// room.
class Shards {
public:
    /// What a new plan changes for one connection.
    struct Change {
        std::size_t shard = 0;
        std::vector<TopicPlan> added;
        std::vector<std::string> removed;
    };

    /// Answers the changes in the order of the shards. A topic whose declaration changed is both
    /// removed and added.
    [[nodiscard]] std::vector<Change> assign(const SocketPlan& socket,
                                             const std::vector<TopicPlan>& topics);
    [[nodiscard]] std::size_t size() const noexcept { return shards_.size(); }
    [[nodiscard]] std::size_t topics_of(std::size_t shard) const noexcept {
        return shards_[shard].topics.size();
    }

private:
    struct Shard {
        std::map<std::string, TopicPlan, std::less<>> topics;
        std::map<std::string, std::uint32_t, std::less<>> groups;
        std::size_t bytes = 0;

        void add(const TopicPlan& topic);
    };
    [[nodiscard]] static bool fits(const SocketPlan& socket, const Shard& shard,
                                   const TopicPlan& topic);

    std::vector<Shard> shards_;
};

}  // namespace spillway::live
