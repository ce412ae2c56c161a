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

/// HTTP/1.1 with kept-alive connections, plain or through TLS, for asynchronous clients.
///
/// Errors are those of the resolver, the system, TLS and Beast; a refused certificate has
/// `certificate_category()`, a time-out equals `boost::system::errc::timed_out` and says where
/// (`deadline`), what is not HTTP has `framing_category()`, a proxy's refusal `proxy_category()`,
/// cancellation is `operation_canceled`. A request whose target or fields hold
/// control characters, or that sets Host, Content-Length, Transfer-Encoding or Connection, fails
/// with `errc::invalid_argument`. A body cut short is an error, never an end. No redirect is
/// followed.
///
/// Of several addresses of a host the first that answers is used (RFC 8305). Names are looked up
/// in a thread of its own for each, which nobody waits for longer than `deadlines::resolve`.
///
/// The executor may be that of a pool of threads, and must outlive transport and channels. The
/// transport runs on a strand of its own over it, `get_executor()`, and so do all operations of
/// its client; transport and channels are used on that strand only. Connections are closed on it,
/// too, whatever thread lets go of them.
class async_beast_transport {
public:
    class channel {
    public:
        explicit channel(std::shared_ptr<detail::http_exchange> e);
        channel(channel&&) noexcept = default;
        channel& operator=(channel&&) noexcept = default;

        void async_send(request const& q, io_handler k);
        void async_read_head(head& h, io_handler k);
        void async_read_some(std::span<char> b, io_handler k);
        bool stale() const;
        bool unsent() const;
        void drop();

    private:
        std::shared_ptr<detail::http_exchange> exchange_;
    };

    /// Throws `error` if a certificate authority of the options cannot be read.
    explicit async_beast_transport(boost::asio::any_io_executor executor,
                                   transport_options options = transport_options());

    channel acquire();
    boost::asio::any_io_executor get_executor() const;

private:
    std::shared_ptr<detail::connection_pool> pool_;
};

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/detail/client/beast_source.hpp>
#endif
