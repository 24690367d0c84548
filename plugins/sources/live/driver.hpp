#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "context.hpp"
#include "endpoint.hpp"
#include "poller.hpp"

namespace spillway::live {

/// Speaks a protocol over a network: asks for the lists, makes the plan, keeps its connections and
/// polls going, and changes them when the lists change. Lives on the I/O thread.
class Driver {
public:
    struct Settings {
        std::string venue;  ///< channel of what concerns no socket or poll
        std::size_t max_message = 8U << 20U;
        Duration reconnect_wait = Backoff::usual_ceiling;
        std::uint64_t seed = 0;
        /// Told of each plan, and of those that could not be made; may be empty.
        std::function<void(const Result<Plan>&)> on_plan = {};
    };
    /// Where an earlier run had got to.
    struct Resume {
        std::uint32_t last_session = 0;
        Time newest = time_before_all;  ///< receive time of its last frame
    };

    Driver(Network& network, const Protocol& protocol, Mailbox& mailbox, Figures& figures,
           Settings settings);

    void start(const Resume& resume);
    /// Closes everything in order. The last frame says when the source stopped: `closed` of the
    /// venue (`gap` if it is out already). Then the mailbox ends.
    void finish();

private:
    void make_plan();
    void apply(const Plan& plan);
    /// Those of sockets that are not in the plan any more.
    void retire_endpoints(const Plan& plan);
    [[nodiscard]] Endpoint& endpoint_of(const SocketPlan& socket);
    void tell_failure(const Status& why);
    void tell_outage(std::string_view why);
    void tell_missing(const Plan& plan);
    void tell(FrameType type, std::string_view text);
    void look_whether_finished(Time give_up);
    void end();

    Settings settings_;
    Context context_;
    std::vector<QuotaPlan> prepare_quotas_;
    Poller poller_;
    std::vector<std::unique_ptr<Endpoint>> endpoints_;
    std::vector<std::unique_ptr<Endpoint>> retired_;
    bool planned_ = false;
    /// Why the venue is out, as it was told, while there is no plan: it could not be made, or the
    /// run before this stopped.
    std::optional<std::string> outage_;
    std::string missed_;   ///< since the run before this, until it is told
    std::string missing_;  ///< what the venue does not have, as it was told
    bool finishing_ = false;
    std::unique_ptr<Network::Timer> finish_timer_;
};

}  // namespace spillway::live
