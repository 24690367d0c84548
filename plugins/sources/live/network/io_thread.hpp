#pragma once

// Brings Asio along; see core.hpp.

#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>

#include <spillway/source.hpp>

#include "core.hpp"

namespace spillway::live {

/// The thread on which networks do all that they do, and how it spares wake-ups, which cost more
/// than reading a message: whoever waits for what arrives is woken once for all that was ready at a
/// time, and between two looks the thread itself sleeps: for milliseconds in a quiet market, for
/// microseconds while much arrives.
class IoThread {
public:
    IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;
    /// After all networks. Handlers that are left are destroyed.
    ~IoThread();

    [[nodiscard]] const std::shared_ptr<IoContext>& io() const noexcept { return io_; }
    [[nodiscard]] bool is_this_thread() const noexcept {
        return io_->get_executor().running_in_this_thread();
    }

    // ---- on this thread ----

    /// Notifies `arrivals` when all that is ready now was handled.
    void ring_later(Arrivals& arrivals);
    /// Notifies whom it still has to.
    void ring() noexcept;

private:
    void run();
    /// From one look at the sockets to the next.
    [[nodiscard]] std::chrono::microseconds period(std::chrono::steady_clock::time_point now);

    std::shared_ptr<IoContext> io_ = std::make_shared<IoContext>();
    std::vector<Arrivals*> to_ring_;
    bool rang_ = false;                              ///< since the last pause
    std::size_t calls_ = 0;                          ///< of handlers, since `since_`
    std::chrono::steady_clock::time_point look_at_;  ///< end of the newest pause
    std::chrono::steady_clock::time_point since_;
    double rate_ = 0;  ///< of calls, in the window before
    asio::executor_work_guard<Executor> work_;
    std::thread thread_;
};

}  // namespace spillway::live
