// SPDX-License-Identifier: BSL-1.0
/// \file
/// Certificates for a service on this machine, created at run time, for tests and demonstrations.
#pragma once

#include <memory>
#include <new>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace eloqua::bulk {

/// PEM texts. The client trusts `ca`; the server uses `certificate` with `key`.
struct local_certificates {
    /// @{
    /// One PEM text.
    std::string ca;
    std::string certificate;
    std::string key;
    /// @}
};

namespace detail {

template <auto Free>
struct openssl_deleter {
    template <class T>
    void operator()(T* p) const {
        Free(p);
    }
};
template <class T, auto Free>
using openssl_ptr = std::unique_ptr<T, openssl_deleter<Free>>;

using key_ptr = openssl_ptr<EVP_PKEY, &EVP_PKEY_free>;
using certificate_ptr = openssl_ptr<X509, &X509_free>;

inline void openssl_check(bool good) {
    if (!good)
        throw std::runtime_error("OpenSSL cannot create a certificate");
}

inline key_ptr make_key() {
    openssl_ptr<EVP_PKEY_CTX, &EVP_PKEY_CTX_free> const context(
        EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr));
    EVP_PKEY* made = nullptr;
    openssl_check(context && EVP_PKEY_keygen_init(context.get()) == 1 &&
                  EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), NID_X9_62_prime256v1) ==
                      1 &&
                  EVP_PKEY_keygen(context.get(), &made) == 1);
    return key_ptr(made);
}

inline void add_extension(X509* certificate, int nid, char const* value) {
    openssl_ptr<X509_EXTENSION, &X509_EXTENSION_free> const extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
    openssl_check(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// An unsigned certificate for `key` without extensions, valid for ten days.
inline certificate_ptr make_certificate(EVP_PKEY* key, char const* name, X509_NAME const* issuer) {
    certificate_ptr made(X509_new());
    openssl_ptr<BIGNUM, &BN_free> const serial(BN_new());
    openssl_check(made && serial && BN_rand(serial.get(), 120, 0, 0) == 1 &&
                  BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(made.get())) &&
                  X509_set_version(made.get(), 2) == 1 &&
                  X509_gmtime_adj(X509_getm_notBefore(made.get()), -24 * 3600) &&
                  X509_gmtime_adj(X509_getm_notAfter(made.get()), 10 * 24 * 3600) &&
                  X509_set_pubkey(made.get(), key) == 1);
    X509_NAME* const subject = X509_get_subject_name(made.get());
    openssl_check(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                             reinterpret_cast<unsigned char const*>(name), -1, -1,
                                             0) == 1);
    openssl_check(X509_set_issuer_name(made.get(), issuer ? issuer : subject) == 1);
    return made;
}

template <class Write>
std::string to_pem(Write write) {
    openssl_ptr<BIO, &BIO_free_all> const memory(BIO_new(BIO_s_mem()));
    openssl_check(memory && write(memory.get()) == 1);
    char* data = nullptr;
    long const size = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

} // namespace detail

/// Creates a certificate authority and a server certificate for `localhost`, 127.0.0.1 and
/// additional host names, both valid for ten days. The authority's key is discarded at once.
/// Throws `std::runtime_error` if OpenSSL fails.
inline local_certificates
self_signed_ca(std::vector<std::string> const& further_hosts = std::vector<std::string>()) {
    using namespace detail;
    key_ptr const ca_key = make_key();
    certificate_ptr const ca = make_certificate(ca_key.get(), "Simulated Eloqua CA", nullptr);
    add_extension(ca.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    openssl_check(X509_sign(ca.get(), ca_key.get(), EVP_sha256()) != 0);

    key_ptr const key = make_key();
    certificate_ptr const server =
        make_certificate(key.get(), "localhost", X509_get_subject_name(ca.get()));
    add_extension(server.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(server.get(), NID_ext_key_usage, "serverAuth");
    std::string names = "DNS:localhost,IP:127.0.0.1";
    for (std::string const& each : further_hosts)
        names += ",DNS:" + each;
    add_extension(server.get(), NID_subject_alt_name, names.c_str());
    openssl_check(X509_sign(server.get(), ca_key.get(), EVP_sha256()) != 0);

    local_certificates made;
    made.ca = to_pem([&](BIO* to) { return PEM_write_bio_X509(to, ca.get()); });
    made.certificate = to_pem([&](BIO* to) { return PEM_write_bio_X509(to, server.get()); });
    made.key = to_pem([&](BIO* to) {
        return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return made;
}

} // namespace eloqua::bulk
