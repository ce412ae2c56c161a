// SPDX-License-Identifier: BSL-1.0
/// \file
/// HTTP/1.1 over TCP and TLS by Boost.Beast, for blocking clients. Needs OpenSSL and threads.
#pragma once

#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>

namespace eloqua::bulk {

namespace detail {
class blocking_engine;
class http_exchange;
} // namespace detail

/// HTTP/1.1 with kept-alive connections, plain or through TLS, for blocking clients; it runs
/// `async_beast_transport`, which says what its errors are, on the calling thread.
///
/// The transport and its channels are used by one thread at a time, together. A stop token that is
/// stopped during a call, from any thread, ends the call with `operation_canceled`.
class beast_transport {
public:
    class channel {
    public:
        explicit channel(std::shared_ptr<detail::blocking_engine> engine);
        channel(channel&&) noexcept = default;
        channel& operator=(channel&&) noexcept = default;

        void send(request const& q, std::stop_token stop, error_code& ec);
        void read_head(head& h, std::stop_token stop, error_code& ec);
        std::size_t read_some(std::span<char> b, std::stop_token stop, error_code& ec);
        bool stale() const;
        bool unsent() const;
        void drop();

    private:
        std::shared_ptr<detail::blocking_engine> engine_; // outlives the sockets
        std::shared_ptr<detail::http_exchange> exchange_;
    };

    /// Throws `error` if a certificate authority of the options cannot be read.
    explicit beast_transport(transport_options options = transport_options());

    channel acquire();

private:
    std::shared_ptr<detail::blocking_engine> engine_;
};

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/detail/client/beast_source.hpp>
#endif
