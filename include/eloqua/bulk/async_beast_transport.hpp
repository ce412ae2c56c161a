// SPDX-License-Identifier: BSL-1.0
/// \file
/// HTTP/1.1 over TCP and TLS by Boost.Beast, for asynchronous clients. Needs OpenSSL and threads.
#pragma once

#include <eloqua/bulk/async_transport.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <span>

namespace eloqua::bulk {

namespace detail {
class connection_pool;
class http_exchange;
} // namespace detail

/// HTTP/1.1 with persistent connections, plain or over TLS, for asynchronous clients.
///
/// Errors are those of the resolver, the system, TLS and Beast. A refused certificate has
/// `certificate_category()`. A timeout equals `boost::system::errc::timed_out` and names the phase
/// (`deadline`). Responses that are not valid HTTP have `framing_category()`, a proxy's refusal
/// `proxy_category()`. Cancellation is `operation_canceled`. A request fails with
/// `errc::invalid_argument` if its target or fields contain control characters, or if it sets
/// Host, Content-Length, Transfer-Encoding or Connection. A truncated body is an error, never an
/// end. Redirects are not followed.
///
/// If a host has several addresses, the first that answers is used (RFC 8305). Each name is
/// resolved on a thread of its own; nobody waits for it longer than `deadlines::resolve`.
///
/// The executor may be that of a thread pool. It must outlive the transport and its channels. The
/// transport creates a strand over it, `get_executor()`, and all operations of its client run
/// there. Use transport and channels only on that strand. Connections are closed on it too,
/// whichever thread destroys their owner.
class async_beast_transport {
public:
    /// One connection. See `async_channel`.
    class channel {
    public:
        /// @{
        /// Created by `acquire`. Only movable.
        explicit channel(std::shared_ptr<detail::http_exchange> e);
        channel(channel&&) noexcept = default;
        channel& operator=(channel&&) noexcept = default;
        /// @}

        /// @{
        /// See `async_channel`.
        void async_send(request const& q, io_handler k);
        void async_read_head(head& h, io_handler k);
        void async_read_some(std::span<char> b, io_handler k);
        bool stale() const;
        bool unsent() const;
        void drop();
        /// @}

    private:
        std::shared_ptr<detail::http_exchange> exchange_;
    };

    /// Throws `error` if a certificate authority in the options cannot be read.
    explicit async_beast_transport(boost::asio::any_io_executor executor,
                                   transport_options options = transport_options());

    /// @{
    /// See `async_transport`.
    channel acquire();
    boost::asio::any_io_executor get_executor() const;
    /// @}

private:
    std::shared_ptr<detail::connection_pool> pool_;
};

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/detail/client/beast_source.hpp>
#endif
