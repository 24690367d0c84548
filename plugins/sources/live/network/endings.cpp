#include "endings.hpp"

#include <string_view>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/websocket/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "http_words.hpp"

namespace spillway::live {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

bool is_cut(const error_code& error) {
    return error == asio::error::eof || error == asio::ssl::error::stream_truncated ||
           error == http::error::end_of_stream || error == http::error::partial_message;
}

bool is_too_large(const error_code& error) {
    return error == websocket::error::message_too_big ||
           error == websocket::error::buffer_overflow || error == http::error::body_limit ||
           error == http::error::header_limit || error == http::error::buffer_overflow;
}

}  // namespace

std::string_view advice_on(Ending how, std::uint16_t status) noexcept {
    switch (how) {
        case Ending::dns:
            return "check the resolver of this machine, or name a `proxy`";
        case Ending::connect:
            return "check that a firewall lets it through, or name a `proxy`";
        case Ending::proxy:
            return "check the option `proxy` and the environment's HTTPS_PROXY";
        case Ending::tls:
            return "check the clock of this machine and who answers in the venue's place; name the "
                   "certificates of a proxy that inspects TLS with `ca_file`";
        case Ending::status:
            if (status / 100 == 3) {
                return "it has moved, or something else answers in its place: a newer version may "
                       "know where it is";
            }
            return status_advice(status);
        case Ending::lost:
        case Ending::silent:
            return "it is there and does not answer: see the venue's status page, or try again "
                   "later";
        case Ending::stopped:
        case Ending::closed:
        case Ending::too_large:
        case Ending::malformed:
            return {};
    }
    return {};
}

Ended classify(const error_code& error, const std::string& doing) {
    if (is_cut(error)) return {Ending::lost, 0, "connection ended " + doing};
    if (is_too_large(error)) return {Ending::too_large, 0, "a message above the limit " + doing};
    const std::string why = error.message() + " " + doing;
    if (error == asio::error::timed_out) return {Ending::silent, 0, why};
    const std::string_view category = error.category().name();
    if (error == websocket::condition::protocol_violation || category.starts_with("boost.beast") ||
        category.starts_with("beast.")) {
        return {Ending::malformed, 0, why};
    }
    return {Ending::lost, 0, why};
}

std::string describe_tls_error(const error_code& error, const std::string& host) {
    if (is_cut(error) || error == asio::error::connection_reset) {
        return host +
               " broke off the TLS handshake: a firewall that knows its name, or a server "
               "that is overloaded";
    }
    if (error.category() == asio::error::get_ssl_category()) {
        switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
            case SSL_R_WRONG_VERSION_NUMBER:
                return host + " does not speak TLS on this port";
            case SSL_R_UNSUPPORTED_PROTOCOL:
            case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
                return host + " offers no TLS 1.2 or later";
            default:
                break;
        }
    }
    return "TLS handshake with " + host + ": " + error.message();
}

}  // namespace spillway::live
