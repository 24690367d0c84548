#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

#include "beast_network.hpp"
#include "testing/certificates.hpp"

namespace spillway::live::testing {

/// An authority of the test's own, its certificate in a file, and a server's identity from it.
struct Trust {
    Identity authority = make_identity({.name = "Test Authority", .hosts = {}, .authority = true});
    Identity server = issue({.name = "stream.test", .hosts = {"stream.test", "127.0.0.1"}});
    std::filesystem::path ca_file = std::filesystem::temp_directory_path() /
                                    ("live_network_test." + std::to_string(getpid()) + ".pem");

    Trust() { write_pem(authority, ca_file); }
    Trust(const Trust&) = delete;
    Trust& operator=(const Trust&) = delete;
    ~Trust() {
        std::error_code ignored;
        std::filesystem::remove(ca_file, ignored);
    }

    [[nodiscard]] Identity issue(const CertificateWish& wish) const {
        return make_identity(wish, &authority);
    }
    /// All connections go to this address, and the authority is trusted.
    [[nodiscard]] NetworkSettings gateway(const std::string& address) const {
        NetworkSettings settings;
        settings.gateway = address + "," + ca_file.string();
        return settings;
    }
};

/// For plain connections to this machine.
[[nodiscard]] inline NetworkSettings direct() {
    NetworkSettings settings;
    settings.proxy = "none";
    return settings;
}

}  // namespace spillway::live::testing
