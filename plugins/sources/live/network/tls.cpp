#include "tls.hpp"

#include <array>
#include <ctime>
#include <memory>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "url.hpp"

namespace spillway::live {

namespace {

/// "Let's Encrypt R11": organisation and name.
std::string name_text(const X509_NAME* name) {
    std::string text;
    for (const int part : {NID_organizationName, NID_commonName}) {
        const int at = X509_NAME_get_index_by_NID(name, part, -1);
        if (at < 0) continue;
        unsigned char* utf8 = nullptr;
        const int size =
            ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
        if (size < 0) continue;
        if (!text.empty()) text += ' ';
        text.append(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
        OPENSSL_free(utf8);
    }
    return text.empty() ? "an issuer without name" : text;
}

std::string time_text(const ASN1_TIME* time) {
    std::tm parts{};
    std::array<char, 32> text{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "?";
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts)};
}

/// "stream.example.com, *.example.com": the names that the certificate is for.
std::string host_names(const X509* certificate) {
    const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
        static_cast<GENERAL_NAMES*>(
            X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        &GENERAL_NAMES_free);
    std::string text;
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < count && text.size() < 120; ++i) {
        const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_DNS) continue;
        if (!text.empty()) text += ", ";
        text.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                    static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    }
    return text.empty() ? name_text(X509_get_subject_name(certificate)) : text;
}

}  // namespace

tl::expected<void, std::string> set_up_client(SSL_CTX* context,
                                              const std::vector<std::string>& ca_files) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    // Without certificates of the system those of the files may be enough: what is missing is told
    // when a certificate is refused.
    static_cast<void>(SSL_CTX_set_default_verify_paths(context));
    for (const std::string& file : ca_files) {
        ERR_clear_error();
        if (SSL_CTX_load_verify_file(context, file.c_str()) == 1) continue;
        const char* const reason = ERR_reason_error_string(ERR_peek_error());
        ERR_clear_error();
        return tl::unexpected("no certificates can be read from '" + file + "' (" +
                              (reason != nullptr ? reason : "unknown error") +
                              "): name a readable file in PEM form");
    }
    ERR_clear_error();
    return {};
}

bool prepare_session(SSL* tls, const std::string& host) {
    // Asio asks for it: a buffer of 17 KiB would be allocated and freed for every message.
    SSL_clear_mode(tls, SSL_MODE_RELEASE_BUFFERS);
    if (is_ip_address(host)) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host.c_str()) == 1;
    }
    SSL_set_hostflags(tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(tls, host.c_str()) == 1 &&
           SSL_set1_host(tls, host.c_str()) == 1;
}

Refusal describe_refusal(X509_STORE_CTX* verification) {
    Refusal refusal;
    refusal.error = X509_STORE_CTX_get_error(verification);
    const X509* certificate = X509_STORE_CTX_get_current_cert(verification);
    if (certificate == nullptr) certificate = X509_STORE_CTX_get0_cert(verification);
    if (certificate == nullptr) return refusal;
    refusal.names = host_names(certificate);
    refusal.issuer = name_text(X509_get_issuer_name(certificate));
    refusal.not_before = time_text(X509_get0_notBefore(certificate));
    refusal.not_after = time_text(X509_get0_notAfter(certificate));
    return refusal;
}

std::string explain(const Refusal& refusal, const std::string& host) {
    const std::string subject = "certificate of " + host;
    switch (refusal.error) {
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "wrong host: the certificate is for " + refusal.names + ", not for " + host +
                   ": somebody between here and there answers in its place (a proxy, a blocked "
                   "country's name server)";
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return subject + " has expired on " + refusal.not_after +
                   ": if that is yet to come, set this machine's clock";
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return subject + " is not valid before " + refusal.not_before +
                   ": set this machine's clock";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return subject +
                   " is self-signed, so nobody vouches for it: if it is your own server's, name "
                   "the certificate as ca_file or after the gateway";
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return subject + " comes from an unknown issuer, " + refusal.issuer +
                   ": install the package ca-certificates; if a proxy of your company issues it, "
                   "name its certificate as ca_file";
        default:
            return subject + " is refused: " + X509_verify_cert_error_string(refusal.error);
    }
}

TlsFacts tls_facts(SSL* tls, Time now) {
    TlsFacts facts;
    facts.version = SSL_get_version(tls);
    const X509* const certificate = SSL_get0_peer_certificate(tls);
    if (certificate == nullptr) return facts;
    facts.issuer = name_text(X509_get_issuer_name(certificate));
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1) {
        facts.days_left = (static_cast<Time>(timegm(&end)) - now / second) / (day / second);
    }
    return facts;
}

}  // namespace spillway::live
