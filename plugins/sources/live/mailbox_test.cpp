#include "mailbox.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include <spillway/node.hpp>

namespace spillway::live {
namespace {

class Bell final : public Arrivals {
public:
    void notify() noexcept override { ++rung; }
    std::atomic<int> rung = 0;
};

class MailboxTest : public testing::Test {
protected:
    static SourceOutput fresh() {
        SourceOutput out;
        out.events = BatchRef::create();
        out.letters = BatchRef::create();
        return out;
    }
    Item data(std::string_view bytes, std::uint32_t session = 1) {
        return {FrameType::data, channel, session, bytes, 0, false};
    }
    const NameId channel = name_id("feed");
    Bell bell;
};

TEST_F(MailboxTest, HandsOverWhatCameSinceTheLastReadAsOneBlock) {
    Mailbox mailbox(venue_id("toy"), 1U << 20U, &bell);
    mailbox.put(data("one"), 1000);
    mailbox.put(data("two"), 2000);
    SourceOutput out = fresh();
    EXPECT_EQ(mailbox.take(out), ReadState::waiting);
    ASSERT_EQ(out.frames.size(), 2U);
    EXPECT_EQ(out.frames[0].bytes, "one");
    EXPECT_EQ(out.frames[1].bytes, "two");
    EXPECT_EQ(out.frames[1].receive_time, 2000);
    EXPECT_EQ(text_of(out.frames[1].venue), "toy");
    const auto* start = reinterpret_cast<const char*>(out.block.get()->data);
    EXPECT_GE(out.frames[0].bytes.data(), start);
    EXPECT_LE(out.frames[1].bytes.data() + 3, start + out.block.get()->capacity);
}

TEST_F(MailboxTest, RingsOnlyWhenItWasEmpty) {
    Mailbox mailbox(venue_id("toy"), 1U << 20U, &bell);
    mailbox.put(data("one"), 1);
    mailbox.put(data("two"), 2);
    EXPECT_EQ(bell.rung, 1);
    SourceOutput out = fresh();
    static_cast<void>(mailbox.take(out));
    mailbox.put(data("three"), 3);
    EXPECT_EQ(bell.rung, 2);
}

TEST_F(MailboxTest, EveryFrameHasATimeOfItsOwnThatNeverGoesBack) {
    Mailbox mailbox(venue_id("toy"), 1U << 20U, nullptr);
    mailbox.not_before(400);
    std::vector<Time> times;
    for (const Time now : {500, 500, 300, 900}) times.push_back(mailbox.put(data("x"), now));
    EXPECT_EQ(times, (std::vector<Time>{500, 501, 502, 900}));
    EXPECT_EQ(mailbox.newest(), 900);
}

TEST_F(MailboxTest, AMessageLargerThanABlockComesWhole) {
    Mailbox mailbox(venue_id("toy"), 64U << 20U, nullptr);
    const std::string large(3 * Mailbox::block_size, 'x');
    mailbox.put(data("before"), 1);
    mailbox.put(data(large), 2);
    mailbox.put(data("after"), 3);
    std::vector<std::string> bytes;
    for (ReadState state = ReadState::more; state == ReadState::more;) {
        SourceOutput out = fresh();
        state = mailbox.take(out);
        for (const Frame& frame : out.frames) bytes.emplace_back(frame.bytes);
    }
    EXPECT_EQ(bytes, (std::vector<std::string>{"before", large, "after"}));
    EXPECT_EQ(mailbox.waiting_bytes(), 0U);
}

TEST_F(MailboxTest, WhenNobodyReadsTheOldestDataGoesAndAGapSaysSo) {
    constexpr std::size_t limit = 4 * Mailbox::block_size;
    Mailbox mailbox(venue_id("toy"), limit, nullptr);
    mailbox.put({FrameType::opened, channel, 1, "url"}, 1);
    const std::string bytes(1000, 'x');
    Time now = 2;
    for (int i = 0; i < 2000; ++i) mailbox.put(data(bytes, 1 + (i % 2)), now++);
    mailbox.put({FrameType::closed, channel, 1, "lost"}, now++);
    EXPECT_LE(mailbox.waiting_bytes(), limit + 4096);
    std::uint64_t kept = 0, gaps = 0, opened = 0;
    Time last = 0;
    FrameType last_type = FrameType::data;
    for (ReadState state = ReadState::more; state == ReadState::more;) {
        SourceOutput out = fresh();
        state = mailbox.take(out);
        for (const Frame& frame : out.frames) {
            EXPECT_GT(frame.receive_time, last);
            last = frame.receive_time;
            kept += frame.type == FrameType::data ? 1 : 0;
            gaps += frame.type == FrameType::gap ? 1 : 0;
            opened += frame.type == FrameType::opened ? 1 : 0;
            last_type = frame.type;
            if (frame.type == FrameType::gap) {
                EXPECT_NE(frame.bytes.find("did not keep up"), std::string_view::npos);
            }
        }
    }
    EXPECT_EQ(kept + mailbox.dropped(), 2000U);
    EXPECT_GT(mailbox.dropped(), 1000U);
    EXPECT_EQ(opened, 1U);
    EXPECT_EQ(gaps, 2U);  // one for each session
    EXPECT_EQ(last_type, FrameType::closed);
}

TEST_F(MailboxTest, SmallFramesAndLettersCountAsWell) {
    constexpr std::size_t limit = 1U << 20U;
    Mailbox mailbox(venue_id("toy"), limit, nullptr);
    Time now = 1;
    for (int i = 0; i < 200'000; ++i) mailbox.put(data(""), now++);
    EXPECT_LE(mailbox.waiting_bytes(), limit);
    EXPECT_GT(mailbox.dropped(), 100'000U);
    const std::string raw(100'000, 'x');
    for (int i = 0; i < 100; ++i) {
        mailbox.put({FrameType::closed, channel, 1, "damaged"}, now++);
        mailbox.put_letter("feed", "damaged", raw, raw.size(), now++);
    }
    EXPECT_LE(mailbox.waiting_bytes(), limit);
    std::uint32_t letters = 0, closed = 0;
    for (ReadState state = ReadState::more; state == ReadState::more;) {
        SourceOutput out = fresh();
        state = mailbox.take(out);
        EXPECT_LE(out.frames.size(), Mailbox::frames_per_block);
        letters += out.letters->size();
        for (const Frame& frame : out.frames) closed += frame.type == FrameType::closed ? 1 : 0;
    }
    EXPECT_EQ(letters, 100U);  // each is there, the oldest without their bytes
    EXPECT_EQ(closed, 100U);
    EXPECT_EQ(mailbox.waiting_bytes(), 0U);
}

TEST_F(MailboxTest, LettersStandBetweenTheFramesTheyCameBetween) {
    Mailbox mailbox(venue_id("toy"), 1U << 20U, &bell);
    mailbox.put_letter("feed", "too large", "head", 50'000'000, 5);
    EXPECT_EQ(bell.rung, 1);
    mailbox.put(data("one"), 6);
    mailbox.put_letter("feed", "damaged", "", 0, 7);
    SourceOutput out = fresh();
    static_cast<void>(mailbox.take(out));
    ASSERT_EQ(out.letters->size(), 2U);
    ASSERT_EQ(out.frames.size(), 1U);
    EXPECT_EQ(out.letter_positions[0], 0U);
    EXPECT_EQ(out.letter_positions[1], 1U);
    const DeadLetter* letter = read_dead_letter(*out.letters, (*out.letters)[0]);
    ASSERT_NE(letter, nullptr);
    EXPECT_EQ(letter->raw_size, 50'000'000U);
}

TEST_F(MailboxTest, EndsBehindTheLastFrame) {
    Mailbox mailbox(venue_id("toy"), 1U << 20U, &bell);
    mailbox.put(data("one"), 1);
    mailbox.end();
    SourceOutput out = fresh();
    EXPECT_EQ(mailbox.take(out), ReadState::end);
    EXPECT_EQ(out.frames.size(), 1U);
    EXPECT_EQ(mailbox.take(out), ReadState::end);
    mailbox.put(data("late"), 2);
    mailbox.put_letter("feed", "late", "", 0, 3);
    SourceOutput after = fresh();
    EXPECT_EQ(mailbox.take(after), ReadState::end);
    EXPECT_EQ(after.count(), 0U);
    EXPECT_EQ(mailbox.newest(), 1);
}

TEST_F(MailboxTest, NothingIsLostBetweenTwoThreads) {
    Mailbox mailbox(venue_id("toy"), 64U << 20U, &bell);
    constexpr int count = 200'000;
    std::thread io([&] {
        for (int i = 0; i < count; ++i) mailbox.put(data(std::to_string(i)), i + 1);
        mailbox.end();
    });
    int next = 0;
    for (ReadState state = ReadState::more; state != ReadState::end;) {
        SourceOutput out = fresh();
        state = mailbox.take(out);
        for (const Frame& frame : out.frames) {
            ASSERT_EQ(frame.bytes, std::to_string(next));
            ++next;
        }
    }
    io.join();
    EXPECT_EQ(next, count);
}

}  // namespace
}  // namespace spillway::live
