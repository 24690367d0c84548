#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "live/live_fixture.hpp"

namespace spillway::testing {
namespace {

constexpr std::size_t sources_of_a_venue = 16;

/// What a process holds now.
struct Holdings {
    std::size_t threads = 0, handles = 0;
    std::uint64_t resident = 0;  ///< bytes
};

std::size_t entries_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

Holdings holdings_of(pid_t process) {
    const auto folder = std::filesystem::path("/proc") / std::to_string(process);
    std::uint64_t whole = 0, resident = 0;
    std::ifstream(folder / "statm") >> whole >> resident;
    return {entries_in(folder / "task"), entries_in(folder / "fd"),
            resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))};
}

std::string to_text(const Holdings& holdings) {
    return fmt::format("{} threads, {} handles, {:.1f} MB", holdings.threads, holdings.handles,
                       static_cast<double>(holdings.resident) * 1e-6);
}

/// The metrics of a run, as often as it writes them.
class Metrics {
public:
    explicit Metrics(std::filesystem::path file) : file_(std::move(file)) {
        EXPECT_GE(::inotify_add_watch(watch_, file_.parent_path().c_str(), IN_MOVED_TO), 0);
    }
    ~Metrics() { ::close(watch_); }
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// Waits until they are written once more; false if they are not.
    [[nodiscard]] bool next() {
        pollfd waiting{watch_, POLLIN, 0};
        std::array<char, 4096> events{};
        constexpr int patience_ms = 30'000;
        if (::poll(&waiting, 1, patience_ms) != 1) return false;
        if (::read(watch_, events.data(), events.size()) <= 0) return false;
        std::stringstream text;
        text << std::ifstream(file_).rdbuf();
        text_ = text.str();
        return true;
    }
    /// The values of a metric, whatever its labels.
    [[nodiscard]] std::vector<double> values(const std::string& name) const {
        std::vector<double> found;
        std::istringstream lines(text_);
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with(name + '{')) continue;
            found.push_back(std::stod(line.substr(line.rfind(' '))));
        }
        return found;
    }
    [[nodiscard]] double sum(const std::string& name) const {
        double total = 0;
        for (const double value : values(name)) total += value;
        return total;
    }

private:
    std::filesystem::path file_;
    std::string text_;
    int watch_ = ::inotify_init1(IN_CLOEXEC);
};

class ReconnectTest : public LiveTest {
protected:
    /// `spillway run` of many live sources, each with its own connections.
    Command::Settings run_of_many(const MockExchange& exchange) {
        std::string inputs;
        std::ofstream file(path("many.yaml"));
        file << "sources:\n";
        for (const std::string venue : {"binance", "bybit", "okx"}) {
            for (std::size_t i = 0; i < sources_of_a_venue; ++i) {
                const std::string id = venue + std::to_string(i);
                file << "  " << id << ": {type: live, venue: " << venue
                     << ", markets: [BTC], reconnect_wait: 10ms, gateway: \"" << exchange.gateway()
                     << "\"}\n";
                inputs += (inputs.empty() ? "" : ", ") + id;
            }
        }
        file << "sinks:\n  nothing: {type: \"null\", inputs: [" << inputs << "]}\n";
        Command::Settings settings;
        settings.folder = folder.path();
        settings.arguments = {"run", "many.yaml", "--no-progress", "--metrics",
                              path("metrics.prom")};
        return settings;
    }
    static void break_connections(const MockExchange& exchange) {
        for (const std::string fault :
             {R"("name": "drop", "every": 3)", R"("name": "cut", "every": 2)",
              R"("name": "close", "argument": 1012, "every": 3)",
              R"("name": "bad-frame", "every": 4)", R"("name": "invalid-utf8", "every": 5)"}) {
            exchange.fault(R"({"venue": "*", )" + fault + '}');
        }
    }
    [[nodiscard]] static bool all_are_connected(const Metrics& metrics) {
        const std::vector<double> open = metrics.values("spillway_live_connections");
        return open.size() >= 3 * sources_of_a_venue &&
               std::all_of(open.begin(), open.end(), [](double count) { return count == 1; });
    }
};

TEST_F(ReconnectTest, AThousandReconnectsLeakNoMemoryThreadsOrHandles) {
    const MockExchange exchange({"--connects", "1000000"});
    Metrics metrics(path("metrics.prom"));
    Command run(run_of_many(exchange));
    const auto wait_for = [&](const auto& condition) {
        for (int writes = 0; writes < 60 && metrics.next(); ++writes) {
            if (condition()) return true;
        }
        return false;
    };
    const auto connected = [&] { return all_are_connected(metrics); };
    ASSERT_TRUE(wait_for(connected)) << run.err();
    const double connects = metrics.sum("spillway_live_connects_total");
    const auto after_reconnects = [&](double count) {
        break_connections(exchange);
        EXPECT_TRUE(wait_for(
            [&] { return metrics.sum("spillway_live_connects_total") - connects >= count; }));
        exchange.clear_faults();
        EXPECT_TRUE(wait_for(connected));
        return holdings_of(run.process());
    };
    const Holdings early = after_reconnects(200);
    const Holdings late = after_reconnects(1'000);
    RecordProperty("early", to_text(early));
    RecordProperty("late", to_text(late));
    EXPECT_EQ(late.threads, early.threads);
    // Connections for requests come and go.
    EXPECT_LE(late.handles, early.handles + 3 * sources_of_a_venue);
    // Less than a buffer of each connection that was lost in between.
    EXPECT_LT(late.resident, early.resident + 800ULL * 16 * 1024);
    run.signal(SIGTERM);
    EXPECT_EQ(run.wait(), 0) << run.err();
    EXPECT_NE(run.out().find("The books balance"), std::string::npos) << run.out();
}

}  // namespace
}  // namespace spillway::testing
