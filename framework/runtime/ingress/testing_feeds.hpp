#pragma once

#include <string>
#include <vector>

#include "runtime/ingress/ingress.hpp"

namespace spillway::runtime {

/// Feeds of plain sources, for tests.
inline std::vector<FeedSetup> feeds_of(const std::vector<Source*>& sources,
                                       const std::vector<std::string>& ids) {
    std::vector<FeedSetup> feeds(sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i) {
        feeds[i].source = sources[i];
        feeds[i].id = ids[i];
    }
    return feeds;
}

}  // namespace spillway::runtime
