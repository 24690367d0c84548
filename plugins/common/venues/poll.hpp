#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace spillway::venues {

/// The channel of a response taken apart: poll name and parameters, like
/// `open-interest?category=linear&intervalTime=5min&symbol=BTCUSDT`. Views the channel.
class Poll {
public:
    explicit Poll(std::string_view channel) noexcept {
        const std::size_t question = channel.find('?');
        name_ = channel.substr(0, question);
        if (question != std::string_view::npos) parameters_ = channel.substr(question + 1);
    }

    /// Without the parameters, and without a path in front of it if it has one.
    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] std::string_view name_after(std::string_view path) const noexcept {
        return name_.starts_with(path) ? name_.substr(path.size()) : name_;
    }
    /// Value of a parameter; empty if it is not there.
    [[nodiscard]] std::string_view operator[](std::string_view key) const noexcept {
        std::string_view rest = parameters_;
        while (!rest.empty()) {
            const std::size_t end = rest.find('&');
            const std::string_view pair = rest.substr(0, end);
            if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=') {
                return pair.substr(key.size() + 1);
            }
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
        }
        return {};
    }

private:
    std::string_view name_, parameters_;
};

/// Rows of a reply come newest first or oldest first, and leave oldest first. `Row::time`.
template <class Row>
void oldest_first(std::vector<Row>& rows) {
    if (rows.size() > 1 && rows.front().time > rows.back().time) {
        std::reverse(rows.begin(), rows.end());
    }
}

}  // namespace spillway::venues
