#include "messages.hpp"

#include <gtest/gtest.h>

namespace spillway::bench {
namespace {

std::string payload_of(const Message& message) {
    const std::string_view frame = message.frame();
    EXPECT_EQ(static_cast<unsigned char>(frame[0]), 0x81U);
    EXPECT_EQ(frame[1], 126);
    const std::size_t size =
        256U * static_cast<unsigned char>(frame[2]) + static_cast<unsigned char>(frame[3]);
    EXPECT_EQ(size, frame.size() - 4);
    return std::string(frame.substr(4));
}

TEST(BenchMessages, CarryWhenTheyWereSent) {
    for (const Topic topic : {Topic::trade, Topic::ticker, Topic::liquidation}) {
        Message message(topic, "TABCXPERP");
        message.set(1'770'000'000'123, 2'345'678'901);
        const std::string text = payload_of(message);
        EXPECT_NE(text.find("\"ts\":1770000000123"), std::string::npos) << text;
        EXPECT_NE(text.find(":\"12345678.901\""), std::string::npos) << text;
    }
}

TEST(BenchMessages, NoTwoAreEqual) {
    for (const Topic topic : {Topic::trade, Topic::ticker}) {
        Message message(topic, "TABCXPERP");
        message.set(1'770'000'000'123, 5);
        const std::string first = payload_of(message);
        message.set(1'770'000'000'123, 5);
        EXPECT_NE(payload_of(message), first);
    }
}

TEST(BenchMessages, SaySmallSizesInOneByte) {
    EXPECT_EQ(text_frame("{}"), std::string("\x81\x02{}", 4));
}

}  // namespace
}  // namespace spillway::bench
