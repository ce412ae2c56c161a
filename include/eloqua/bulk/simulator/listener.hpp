// SPDX-License-Identifier: BSL-1.0
/// \file
/// `listener`: serves whatever answers requests, such as a simulator, over HTTP/1.1 and HTTPS.
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
    std::uint16_t port = 0;            ///< 0: any that is free
    std::string certificate_pem;       ///< with its chain; with `key_pem` the service is HTTPS
    std::string key_pem;
    /// How long to wait before a request is answered; others are served meanwhile.
    std::function<std::chrono::milliseconds(request const&)> delay;
};

/// Serves `handler` on a port, by a thread of its own, until destroyed. Not a web server: it
/// trusts its clients with their time, and serves all connections with one thread.
///
/// `handler` and `options.delay` are called by that thread only, one request at a time. The
/// request's origin comes from the Host field, its body is valid during the call. A handler that
/// throws makes a 500 with the exception's text. What it answers may be a `response`, or the
/// `delivery` of a simulator, whose faults of connections are carried out here. To HEAD it may
/// answer as to GET: its body is left out, but for its length. Requests that are not HTTP, or whose
/// head or framing is larger than 64 KiB, are answered 400, the other methods of HTTP 405, unknown
/// ones 501, bodies over 64 MB 413 before they are read.
///
/// HTTP/1.0 is answered as well; its connections are kept if the client asks for it.
///
/// It is also its own proxy, so that a client with a fixed host name can be pointed at it by its
/// proxy setting: `CONNECT` to any host and port, sent without TLS, opens a tunnel to the listener
/// itself, in which it speaks TLS if it has a certificate and the client begins with it, else plain
/// HTTP. Requests with an absolute URL are served too.
class listener {
public:
    using handler = std::function<delivery(request const&)>;

    /// Listens when it returns. Throws `boost::system::system_error` if the port cannot be had or
    /// the certificate does not do.
    explicit listener(handler h, listener_options options = listener_options());
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;
    /// Stops at once; open connections are closed. Waits for a handler that is being called.
    ~listener();

    std::uint16_t port() const { return where().port; }
    /// Where it listens.
    origin const& where() const;

private:
    std::unique_ptr<simulation::http_server> server_;
};

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/simulator/detail/listener_source.hpp>
#endif
