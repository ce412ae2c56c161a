// SPDX-License-Identifier: BSL-1.0
/// \file
/// The client's side of TLS: whom it trusts, and how a refusal is told.
#pragma once

#include <eloqua/bulk/config.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/wire/beast_stream.hpp>
#include <eloqua/bulk/wire/transport_options.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/error_category.hpp>

#include <memory>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>

namespace eloqua::bulk {

namespace detail {

class certificate_category_impl final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "tls.certificate"; }
    std::string message(int value) const override {
        return std::string("certificate verify failed (") + X509_verify_cert_error_string(value) +
               ')';
    }
};

} // namespace detail

ELOQUA_BULK_DECL boost::system::error_category const& certificate_category() noexcept {
    static detail::certificate_category_impl const instance;
    return instance;
}

namespace detail {

/// Throws `error` (`errc::invalid_argument`) if a certificate authority cannot be read.
inline std::shared_ptr<boost::asio::ssl::context>
make_client_tls_context(transport_options const& options) {
    namespace ssl = boost::asio::ssl;
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->set_verify_mode(ssl::verify_peer);
    error_code ec;
    context->set_default_verify_paths(ec); // a system without any is not an error
    ec.clear();
    auto check = [&ec](std::string const& what) {
        if (ec)
            throw error(failure(errc::invalid_argument, what + ": " + ec.message()));
    };
    if (!options.ca_file.empty()) {
        context->load_verify_file(options.ca_file, ec);
        check("the certificate authorities in '" + options.ca_file + "' cannot be read");
    }
    if (!options.ca_pem.empty()) {
        context->add_certificate_authority(boost::asio::buffer(options.ca_pem), ec);
        check("the given certificate authorities cannot be read");
    }
    return context;
}

/// The host name or address the server's certificate must be for; also sent to the server (SNI).
inline void expect_host(http_stream::tls_stream& tls, std::string const& host, error_code& ec) {
    error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    X509_VERIFY_PARAM* const rules = SSL_get0_param(tls.native_handle());
    // RFC 9525: a name of the certificate's subjectAltName, whole labels, and no common name.
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                               X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    int const done = not_an_address
                         ? X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size()) &&
                               SSL_set_tlsext_host_name(tls.native_handle(), host.c_str())
                         : X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str());
    if (!done)
        ec = make_error_code(errc::invalid_argument);
}

/// A failed handshake says why the certificate was refused, if that is the reason. One that the
/// server cut, which OpenSSL 3 takes for an error of TLS, is a lost connection.
inline error_code explain_handshake(http_stream::tls_stream& tls, error_code const& ec) {
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
    if (ec.category() == boost::asio::error::get_ssl_category() &&
        ERR_GET_REASON(static_cast<unsigned long>(ec.value())) ==
            SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return boost::asio::ssl::error::stream_truncated;
#endif
    long const reason = SSL_get_verify_result(tls.native_handle());
    if (ec.category() != boost::asio::error::get_ssl_category() || reason == X509_V_OK)
        return ec;
    return error_code(static_cast<int>(reason), certificate_category());
}

} // namespace detail

} // namespace eloqua::bulk
