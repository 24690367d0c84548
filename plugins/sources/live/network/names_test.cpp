#include "names.hpp"

#include <latch>
#include <mutex>
#include <optional>
#include <semaphore>
#include <set>

#include <boost/asio/executor_work_guard.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::live {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// A name server that answers nobody until it is told to.
class NameServer {
public:
    [[nodiscard]] Names::Resolver resolver() const {
        return [state = state_](const std::string& host) {
            {
                const std::lock_guard lock(state->mutex);
                state->asked.insert(host);
            }
            state->reached.release();
            state->answers.wait();
            return Names::Found{{boost::asio::ip::make_address("192.0.2.1")}, {}};
        };
    }
    void wait_for_questions(std::size_t count) {
        for (; count > 0; --count) state_->reached.acquire();
    }
    void answer() { state_->answers.count_down(); }
    [[nodiscard]] std::multiset<std::string> asked() const {
        const std::lock_guard lock(state_->mutex);
        return state_->asked;
    }

private:
    /// Threads that hang outlive the test.
    struct State {
        std::mutex mutex;
        std::multiset<std::string> asked;
        std::counting_semaphore<> reached{0};
        std::latch answers{1};
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

class NamesTest : public ::testing::Test {
protected:
    /// Answers of the names, as they come.
    std::shared_ptr<Names::Query> ask(const std::string& host) {
        return names->look_up(host, [this, host](const Names::Found& found) {
            for (const auto& address : found.addresses) {
                answers.push_back(host + " " + address.to_string());
            }
        });
    }
    void run_until_answers(std::size_t count) {
        while (answers.size() < count) io.run_one();
    }

    NameServer server;
    boost::asio::io_context io;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};
    std::optional<Names> names{std::in_place, io, server.resolver()};
    std::vector<std::string> answers;
};

TEST_F(NamesTest, AnswersOnTheIoThread) {
    server.answer();
    const auto query = ask("api.example");
    EXPECT_THAT(answers, IsEmpty());
    run_until_answers(1);
    EXPECT_THAT(answers, ElementsAre("api.example 192.0.2.1"));
}

TEST_F(NamesTest, EndsWhileTheNameServerHangs) {
    const auto query = ask("api.example");
    server.wait_for_questions(1);
    names.reset();
    work.reset();
    server.answer();
    EXPECT_EQ(io.run(), 0U);
    EXPECT_THAT(answers, IsEmpty());
}

TEST_F(NamesTest, LooksUpAFewAtATimeAndOnlyForThoseWhoWait) {
    std::vector<std::shared_ptr<Names::Query>> queries;
    for (const char* host : {"a", "b", "c", "d", "e", "f"}) queries.push_back(ask(host));
    server.wait_for_questions(Names::most_threads);
    EXPECT_THAT(server.asked(), UnorderedElementsAre("a", "b", "c", "d"));
    queries[0].reset();  // was asked for
    queries[4].reset();  // was not
    server.answer();
    run_until_answers(4);
    EXPECT_THAT(answers,
                UnorderedElementsAre("b 192.0.2.1", "c 192.0.2.1", "d 192.0.2.1", "f 192.0.2.1"));
    EXPECT_THAT(server.asked(), UnorderedElementsAre("a", "b", "c", "d", "f"));
}

TEST_F(NamesTest, ThreadsComeBackWhenTheyAreNeeded) {
    server.answer();
    for (std::size_t round = 1; round <= 3 * Names::most_threads; ++round) {
        const auto query = ask("api.example");
        run_until_answers(round);
    }
}

TEST(SystemNames, KnowThisMachine) {
    const Names::Found found = Names::ask_system("localhost");
    EXPECT_EQ(found.problem, "");
    ASSERT_FALSE(found.addresses.empty());
    EXPECT_TRUE(found.addresses.front().is_loopback());
}

}  // namespace
}  // namespace spillway::live
