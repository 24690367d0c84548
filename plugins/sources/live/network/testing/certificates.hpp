#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <openssl/types.h>

namespace spillway::live::testing {

struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept;
};
struct FreeCertificate {
    void operator()(X509* certificate) const noexcept;
};

/// A certificate and its key, made for one test.
struct Identity {
    std::unique_ptr<EVP_PKEY, FreeKey> key;
    std::unique_ptr<X509, FreeCertificate> certificate;
};

/// What a certificate says; days count from now.
struct CertificateWish {
    std::string name;                ///< common name
    std::vector<std::string> hosts;  ///< "stream.test", "127.0.0.1"
    int from_day = -1, to_day = 30;
    bool authority = false;
};

/// Signed by `issuer`, or by itself without one.
[[nodiscard]] Identity make_identity(const CertificateWish& wish, const Identity* issuer = nullptr);

/// Writes the certificate in PEM form.
void write_pem(const Identity& identity, const std::filesystem::path& file);

}  // namespace spillway::live::testing
