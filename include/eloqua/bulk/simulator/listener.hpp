// SPDX-License-Identifier: BSL-1.0
/// \file
/// `listener`: serves a request handler, such as a simulator, over HTTP/1.1 and HTTPS.
#pragma once

#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace eloqua::bulk {

namespace simulation {
class http_server;
} // namespace simulation

/// Options of a `listener`.
struct listener_options {
    std::string address = "127.0.0.1"; ///< numeric
    std::uint16_t port = 0;            ///< 0: any free port
    std::string certificate_pem;       ///< with its chain; with `key_pem` the service is HTTPS
    std::string key_pem;               ///< private key of the certificate; a secret
    /// How long to wait before a response; other requests are served meanwhile.
    std::function<std::chrono::milliseconds(request const&)> delay;
};

/// Serves `handler` on a port until destroyed. Not a real web server: it has no defence against
/// slow clients, and serves all connections on one thread.
///
/// A second thread calls `handler` and `options.delay`, one request at a time. The request's
/// origin comes from the Host field; its body is valid during the call. An exception of the
/// handler becomes a 500 with the exception's text. The handler returns a `response`, or a
/// simulator's `delivery`, whose connection faults the listener implements. For HEAD it may return
/// the response to GET: the body is left out, but its length is kept. Requests that are not HTTP,
/// or whose head or framing is larger than 64 KiB, get 400, other HTTP methods 405, unknown
/// methods 501, and bodies over 64 MB 413 before they are read.
///
/// HTTP/1.0 is supported as well; connections are kept open if the client requests it.
///
/// The listener is also its own proxy, so that a client with a fixed host name can use it through
/// its proxy setting. `CONNECT` to any host and port, sent without TLS, opens a tunnel to the
/// listener itself. In the tunnel it uses TLS if it has a certificate and the client starts TLS,
/// otherwise plain HTTP. Requests with an absolute URL are served too.
class listener {
public:
    using handler = std::function<delivery(request const&)>; ///< returns the response to a request

    /// Listens on return. Throws `boost::system::system_error` if the port is not available or the
    /// certificate is not usable.
    explicit listener(handler h, listener_options options = listener_options());
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;
    /// Stops at once and closes open connections. Waits for a handler call in progress.
    ~listener();

    /// The port it listens on.
    std::uint16_t port() const { return where().port; }
    /// The address it listens on.
    origin const& where() const;

private:
    std::unique_ptr<simulation::http_server> server_;
};

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/simulator/detail/listener_source.hpp>
#endif
