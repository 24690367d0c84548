#pragma once

#include <string>
#include <utility>
#include <vector>

#include <spillway/status.hpp>

namespace spillway::testing {

/// What a property found out about a plugin.
struct Finding {
    bool warning = false;  ///< not against the contract, but not as it should be
    std::string expected;
    std::string happened;
    std::string place;  ///< step, record, seed: how to see it again
};

/// What a property found. The first few findings are kept: more of the same help nobody.
class Findings {
public:
    void fail(std::string expected, std::string happened, std::string place = {}) {
        ++count_;
        if (items_.size() < kept) {
            items_.push_back({false, std::move(expected), std::move(happened), std::move(place)});
        }
    }
    void warn(std::string expected, std::string happened, std::string place = {}) {
        if (items_.size() < kept) {
            items_.push_back({true, std::move(expected), std::move(happened), std::move(place)});
        }
    }
    /// The property says nothing about this plugin.
    void does_not_apply(std::string reason) { reason_ = std::move(reason); }
    /// A call that must succeed.
    bool require(const Status& status, std::string_view what, std::string place = {}) {
        if (status.ok()) return true;
        fail(std::string(what) + " succeeds", described(status), std::move(place));
        return false;
    }
    [[nodiscard]] static std::string described(const Status& status) {
        std::string text = status.code() == Code::defect ? "a defect: " : "an error: ";
        if (!status.subject().empty()) text += std::string(status.subject()) + ": ";
        return text += status.message();
    }

    [[nodiscard]] bool failed() const noexcept { return count_ > 0; }
    [[nodiscard]] bool full() const noexcept { return count_ >= kept; }
    [[nodiscard]] const std::vector<Finding>& items() const noexcept { return items_; }
    [[nodiscard]] const std::string& not_applicable() const noexcept { return reason_; }

private:
    static constexpr std::size_t kept = 3;
    std::size_t count_ = 0;
    std::vector<Finding> items_;
    std::string reason_;
};

}  // namespace spillway::testing
