#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <openssl/types.h>
#include <tl/expected.hpp>

#include <spillway/time.hpp>

namespace spillway::live {

/// Sets up a client: TLS 1.2 or later, certificates of the system and of the files are trusted.
/// The error names the file.
[[nodiscard]] tl::expected<void, std::string> set_up_client(
    SSL_CTX* context, const std::vector<std::string>& ca_files);

/// Prepares a session: SNI, and the name that the certificate must have. False if OpenSSL does not
/// take the name.
[[nodiscard]] bool prepare_session(SSL* tls, const std::string& host);

/// Why a certificate was refused; filled by the verify callback of OpenSSL.
struct Refusal {
    int error = 0;  ///< X509_V_ERR_..., 0: none
    std::string names;
    std::string issuer;
    std::string not_before, not_after;
};

[[nodiscard]] Refusal describe_refusal(X509_STORE_CTX* verification);
/// In words, with what to do.
[[nodiscard]] std::string explain(const Refusal& refusal, const std::string& host);

/// A session that stands.
struct TlsFacts {
    std::string version;  ///< "TLSv1.3"
    std::string issuer;
    std::int64_t days_left = 0;  ///< until the certificate expires
};

[[nodiscard]] TlsFacts tls_facts(SSL* tls, Time now);

}  // namespace spillway::live
