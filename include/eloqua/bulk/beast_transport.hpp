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

/// HTTP/1.1 with persistent connections, plain or over TLS, for blocking clients. Runs
/// `async_beast_transport` on the calling thread and has the same errors.
///
/// Only one thread at a time may use the transport or any of its channels. A stop request during a
/// call, from any thread, ends the call with `operation_canceled`.
class beast_transport {
public:
    /// One connection. See `blocking_channel`.
    class channel {
    public:
        /// @{
        /// Created by `acquire`. Only movable.
        explicit channel(std::shared_ptr<detail::blocking_engine> engine);
        channel(channel&&) noexcept = default;
        channel& operator=(channel&&) noexcept = default;
        /// @}

        /// @{
        /// See `blocking_channel`.
        void send(request const& q, std::stop_token stop, error_code& ec);
        void read_head(head& h, std::stop_token stop, error_code& ec);
        std::size_t read_some(std::span<char> b, std::stop_token stop, error_code& ec);
        bool stale() const;
        bool unsent() const;
        void drop();
        /// @}

    private:
        std::shared_ptr<detail::blocking_engine> engine_; // must outlive the sockets
        std::shared_ptr<detail::http_exchange> exchange_;
    };

    /// Throws `error` if a certificate authority in the options cannot be read.
    explicit beast_transport(transport_options options = transport_options());

    /// See `blocking_transport`.
    channel acquire();

private:
    std::shared_ptr<detail::blocking_engine> engine_;
};

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/detail/client/beast_source.hpp>
#endif
