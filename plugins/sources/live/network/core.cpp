#include "core.hpp"

#include <cstdlib>
#include <utility>

#include "tls.hpp"

namespace spillway::live {

namespace {

const char* environment(const char* name) { return std::getenv(name); }

}  // namespace

Core::Core(NetworkSettings chosen, std::shared_ptr<IoContext> shared)
    : settings(std::move(chosen)), context(std::move(shared)) {
    tl::expected<Routes, std::string> made = Routes::make(settings, environment);
    if (!made) {
        problem = std::move(made.error());
        return;
    }
    routes = std::move(*made);
    if (const auto trusted = set_up_client(tls.native_handle(), routes.ca_files()); !trusted) {
        problem = trusted.error();
    }
}

Time wall_time() {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

Time steady_time() {
    return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace spillway::live
