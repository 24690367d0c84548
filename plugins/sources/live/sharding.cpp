#include "sharding.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace spillway::live {

void Shards::Shard::add(const TopicPlan& topic) {
    bytes += topic.name.size();
    if (!topic.group.empty()) ++groups[topic.group];
    topics.emplace(topic.name, topic);
}

bool Shards::fits(const SocketPlan& socket, const Shard& shard, const TopicPlan& topic) {
    if (socket.topics_per_connection != 0 && shard.topics.size() >= socket.topics_per_connection) {
        return false;
    }
    // A topic that is too long for any connection gets one of its own: the venue will say so.
    if (socket.topic_bytes_per_connection != 0 && !shard.topics.empty() &&
        shard.bytes + topic.name.size() > socket.topic_bytes_per_connection) {
        return false;
    }
    if (topic.group.empty() || topic.group_limit == 0) return true;
    const auto group = shard.groups.find(topic.group);
    return group == shard.groups.end() || group->second < topic.group_limit;
}

std::vector<Shards::Change> Shards::assign(const SocketPlan& socket,
                                           const std::vector<TopicPlan>& topics) {
    std::map<std::size_t, Change> changes;
    std::map<std::string_view, const TopicPlan*> wanted;
    for (const TopicPlan& topic : topics) wanted.emplace(topic.name, &topic);
    std::set<std::string_view> placed;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
        Shard kept;
        for (const auto& [name, topic] : shards_[i].topics) {
            const auto found = wanted.find(name);
            if (found != wanted.end() && *found->second == topic && fits(socket, kept, topic)) {
                placed.insert(found->first);
                kept.add(topic);
            } else {
                changes[i].removed.push_back(name);
            }
        }
        shards_[i] = std::move(kept);
    }
    for (const TopicPlan& topic : topics) {
        if (placed.contains(topic.name)) continue;
        auto room = std::find_if(shards_.begin(), shards_.end(),
                                 [&](const Shard& shard) { return fits(socket, shard, topic); });
        if (room == shards_.end()) room = shards_.emplace(shards_.end());
        room->add(topic);
        changes[static_cast<std::size_t>(room - shards_.begin())].added.push_back(topic);
    }
    std::vector<Change> result;
    for (auto& [shard, change] : changes) {
        change.shard = shard;
        result.push_back(std::move(change));
    }
    return result;
}

}  // namespace spillway::live
