#include "testing/certificates.hpp"

#include <cstdio>
#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace spillway::live::testing {

namespace {

void require(bool good, const char* what) {
    if (!good) throw std::runtime_error(std::string("test certificate: ") + what);
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr, "extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

}  // namespace

void FreeKey::operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
void FreeCertificate::operator()(X509* certificate) const noexcept { X509_free(certificate); }

Identity make_identity(const CertificateWish& wish, const Identity* issuer) {
    Identity made;
    made.key.reset(EVP_EC_gen("P-256"));
    made.certificate.reset(X509_new());
    X509* const certificate = made.certificate.get();
    require(made.key != nullptr && certificate != nullptr, "key");
    X509_set_version(certificate, 2);
    std::uint32_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial));
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial);
    X509_time_adj_ex(X509_getm_notBefore(certificate), wish.from_day, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(certificate), wish.to_day, 0, nullptr);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME* const name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1, -1,
                               0);
    X509* const signer = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(signer));
    if (wish.authority)
        add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
    std::string names;
    for (const std::string& host : wish.hosts) {
        const bool address = host.find_first_not_of("0123456789.") == std::string::npos;
        names += (names.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + host;
    }
    if (!names.empty()) add_extension(certificate, signer, NID_subject_alt_name, names);
    EVP_PKEY* const key = issuer != nullptr ? issuer->key.get() : made.key.get();
    require(X509_sign(certificate, key, EVP_sha256()) > 0, "signature");
    return made;
}

void write_pem(const Identity& identity, const std::filesystem::path& file) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file.c_str(), "w"),
                                                              &std::fclose);
    require(out && PEM_write_X509(out.get(), identity.certificate.get()) == 1, "file");
}

}  // namespace spillway::live::testing
