#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <spillway/testing/frame_driver.hpp>

#include "common/venues/testing/protocol_text.hpp"

namespace spillway::testing {

using Texts = std::vector<std::string>;

/// The lines of a recording of the venue under test.
[[nodiscard]] inline Texts fixture(const std::string& name) {
    return read_lines(std::string(SPILLWAY_TEST_DIR) + "/fixtures/" + name + ".jsonl");
}

/// Tests of a venue's Protocol with the options that most of them need.
template <class Protocol, class Options>
class ProtocolTest : public ::testing::Test {
protected:
    /// `socket` is the one that messages are heard on.
    ProtocolTest(std::string_view socket, Options chosen)
        : options(std::move(chosen)), socket_(socket) {}

    Options options;
    Protocol protocol{options};

    [[nodiscard]] std::string hear(const std::string& message) const {
        return to_text(protocol.hear(socket_, message));
    }
    /// The message that subscribes to the topics, or ends that; or why there is none.
    [[nodiscard]] std::string subscribe(const Texts& topics, bool on = true,
                                        std::uint64_t id = 1) const {
        const std::vector<std::string_view> views(topics.begin(), topics.end());
        MessageText message;
        const Status status = protocol.subscribe({socket_, views, on, id, 0}, message);
        return status.ok() ? message.text : std::string(status.message());
    }

private:
    std::string_view socket_;
};

}  // namespace spillway::testing
