#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/command.hpp"

namespace spillway::testing {

/// The mock exchange of `tools/mock-exchange` as a child process, with all venues.
class MockExchange {
public:
    explicit MockExchange(std::vector<std::string> arguments = {});
    ~MockExchange();
    MockExchange(const MockExchange&) = delete;
    MockExchange& operator=(const MockExchange&) = delete;

    /// For the option `gateway`.
    [[nodiscard]] const std::string& gateway() const noexcept { return gateway_; }
    /// Switches a fault on: `{"name": "drop", "venue": "bybit"}`.
    void fault(std::string_view json) const;
    void clear_faults() const;
    /// Cuts all connections of a venue.
    void cut(std::string_view venue) const;
    /// What it has counted, as JSON.
    [[nodiscard]] std::string state() const;

private:
    [[nodiscard]] std::string request(std::string_view method, std::string_view path,
                                      std::string_view body) const;

    std::unique_ptr<Command> child_;
    std::string gateway_;
    int control_ = 0;
};

}  // namespace spillway::testing
