// SPDX-License-Identifier: BSL-1.0
/// \file
/// `http_stream`: a connection's bytes, plain or through TLS, as one type, so that what is built
/// on it is compiled once.
#pragma once

#include <eloqua/bulk/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace eloqua::bulk::detail {

class http_stream {
public:
    using tls_stream = boost::asio::ssl::stream<boost::beast::tcp_stream&>;
    using executor_type = boost::beast::tcp_stream::executor_type;

    explicit http_stream(boost::asio::any_io_executor executor) : tcp_(std::move(executor)) {}
    explicit http_stream(boost::asio::ip::tcp::socket socket) : tcp_(std::move(socket)) {}
    http_stream(http_stream const&) = delete;
    http_stream& operator=(http_stream const&) = delete;

    /// From here on through TLS; a handshake must follow.
    tls_stream& secure(boost::asio::ssl::context& context) { return tls_.emplace(tcp_, context); }

    executor_type get_executor() noexcept { return tcp_.get_executor(); }
    boost::beast::tcp_stream& tcp() noexcept { return tcp_; }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return tls_ ? tls_->async_read_some(buffers, std::forward<Token>(token))
                    : tcp_.async_read_some(buffers, std::forward<Token>(token));
    }
    /// What has come already, without waiting and without the cost of an asynchronous operation;
    /// `would_block` if there is nothing. The socket must be non-blocking, and have room for what
    /// TLS may want to answer, such as a change of keys.
    std::size_t read_available(boost::asio::mutable_buffer into, error_code& ec) {
        if (!tls_)
            return tcp_.socket().read_some(into, ec);
        std::size_t read = 0;
        while (!ec && into.size() != 0) { // a record of 16 KiB at a time
            std::size_t const n = tls_->read_some(into, ec);
            into += n;
            read += n;
        }
        return read;
    }
    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        return tls_ ? tls_->async_write_some(buffers, std::forward<Token>(token))
                    : tcp_.async_write_some(buffers, std::forward<Token>(token));
    }

private:
    boost::beast::tcp_stream tcp_;
    std::optional<tls_stream> tls_;
};

} // namespace eloqua::bulk::detail
