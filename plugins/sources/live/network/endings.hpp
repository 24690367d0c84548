#pragma once

#include <string>

#include <boost/system/error_code.hpp>

#include "network.hpp"

namespace spillway::live {

/// What an error of Asio, TLS, HTTP or WebSocket means for a connection that stood. `doing` tells
/// when: "in the WebSocket handshake with api.x.com".
[[nodiscard]] Ended classify(const boost::system::error_code& error, const std::string& doing);

/// A TLS handshake that failed for other reasons than the certificate.
[[nodiscard]] std::string describe_tls_error(const boost::system::error_code& error,
                                             const std::string& host);

}  // namespace spillway::live
