#include "topic_health.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <spillway/feed_frames.hpp>

namespace spillway::live {
namespace {

using Ill = TopicHealth::Ill;

constexpr std::size_t topics_named = 5;

std::string key_of(std::string_view socket, std::string_view topic) {
    return fmt::format("{} {}", socket, topic);
}

NameId channel_of(Ill ill, Kind about) {
    const std::string_view start = ill == Ill::stale ? stale_channels : refused_channels;
    return name_id(fmt::format("{}{}", start, to_string(about)));
}

}  // namespace

std::string named(const std::vector<std::string>& topics) {
    std::string text;
    for (std::size_t i = 0; i < topics.size() && i < topics_named; ++i) {
        text += fmt::format("{}{}", i == 0 ? "" : ", ", topics[i]);
    }
    if (topics.size() > topics_named)
        text += fmt::format(" and {} more", topics.size() - topics_named);
    return text;
}

std::vector<TopicHealth::Of> TopicHealth::remove(Ill ill, std::string_view key) {
    std::vector<Of> whole;
    for (auto entry = ill_.begin(); entry != ill_.end();) {
        Topics& topics = entry->second;
        const auto found = entry->first.ill == ill ? topics.find(key) : topics.end();
        if (found != topics.end()) topics.erase(found);
        if (topics.empty()) {
            whole.push_back(entry->first);
            entry = ill_.erase(entry);
        } else {
            ++entry;
        }
    }
    return whole;
}

std::uint64_t TopicHealth::take(std::string_view socket, std::uint32_t session,
                                const std::vector<TopicChange>& changes, Mailbox& mailbox,
                                Time now) {
    std::map<Of, std::vector<std::string>> fell;
    std::set<Of> whole;
    for (const TopicChange& change : changes) {
        using What = TopicChange::What;
        const std::string key = key_of(socket, change.name);
        if (change.what == What::silent || change.what == What::refused) {
            const Of of{change.what == What::silent ? Ill::stale : Ill::refused, change.about};
            if (ill_[of].insert(key).second) fell[of].push_back(change.name);
        } else {
            const Ill ill = change.what == What::delivers ? Ill::stale : Ill::refused;
            for (const Of& of : remove(ill, key)) whole.insert(of);
        }
    }
    for (const auto& [of, topics] : fell) {
        const std::string_view what =
            of.ill == Ill::stale ? "no data for three intervals" : "refused";
        mailbox.put({FrameType::gap, channel_of(of.ill, of.about), session,
                     fmt::format("{}: {}", what, named(topics))},
                    now);
    }
    for (const Of& of : whole) {
        if (ill_.contains(of)) continue;
        mailbox.put(
            {FrameType::subscribed, channel_of(of.ill, of.about), session,
             of.ill == Ill::stale ? "all topics deliver again" : "all topics are subscribed"},
            now);
    }
    return fell.size();
}

void TopicHealth::forget(std::string_view socket, std::string_view topic, Mailbox& mailbox,
                         Time now) {
    for (const Ill ill : {Ill::stale, Ill::refused}) {
        for (const Of& of : remove(ill, key_of(socket, topic))) {
            mailbox.put({FrameType::subscribed, channel_of(of.ill, of.about), 0,
                         "what was missing is not wanted any more"},
                        now);
        }
    }
}

bool TopicHealth::is(Ill ill, std::string_view socket, std::string_view topic) const {
    const std::string key = key_of(socket, topic);
    return std::any_of(ill_.begin(), ill_.end(), [&](const auto& entry) {
        return entry.first.ill == ill && entry.second.contains(key);
    });
}

}  // namespace spillway::live
