// SPDX-License-Identifier: BSL-1.0
/// \file
/// `http_stream`: a connection's bytes, plain or through TLS, as one type, so that code on top of
/// it is compiled once. TLS on the client's side: trusted authorities and readable errors. The pool
/// of idle connections. Host name look-up with a deadline.
#pragma once

#include <eloqua/bulk/detail/beast/waiting.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/detail/http/bound_executor.hpp>
#include <eloqua/bulk/detail/http/proxy.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/error_category.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

class http_stream {
public:
    using tls_stream = boost::asio::ssl::stream<boost::beast::tcp_stream&>;
    using executor_type = boost::beast::tcp_stream::executor_type;

    explicit http_stream(boost::asio::any_io_executor executor) : tcp_(std::move(executor)) {}
    explicit http_stream(boost::asio::ip::tcp::socket socket) : tcp_(std::move(socket)) {}
    http_stream(http_stream const&) = delete;
    http_stream& operator=(http_stream const&) = delete;

    /// Switches to TLS; a handshake must follow.
    tls_stream& secure(boost::asio::ssl::context& context) { return tls_.emplace(tcp_, context); }

    executor_type get_executor() noexcept { return tcp_.get_executor(); }
    boost::beast::tcp_stream& tcp() noexcept { return tcp_; }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return tls_ ? tls_->async_read_some(buffers, std::forward<Token>(token))
                    : tcp_.async_read_some(buffers, std::forward<Token>(token));
    }
    /// Reads bytes that have already arrived, without waiting and without the cost of an
    /// asynchronous operation; `would_block` if nothing has arrived. The socket must be
    /// non-blocking and have room for TLS's own replies, such as a change of keys.
    std::size_t read_available(boost::asio::mutable_buffer into, error_code& ec) {
        if (!tls_)
            return tcp_.socket().read_some(into, ec);
        std::size_t read = 0;
        while (!ec && into.size() != 0) { // at most a record of 16 KiB at a time
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

inline std::string words_of_certificate(int value) {
    return std::string("certificate verify failed (") + X509_verify_cert_error_string(value) + ')';
}

} // namespace eloqua::bulk::detail

namespace eloqua::bulk {

ELOQUA_BULK_DECL boost::system::error_category const& certificate_category() noexcept {
    static detail::worded_category const instance("tls.certificate", &detail::words_of_certificate);
    return instance;
}

} // namespace eloqua::bulk

namespace eloqua::bulk::detail {

/// Throws `error` (`errc::invalid_argument`) if a certificate authority cannot be read.
inline std::shared_ptr<boost::asio::ssl::context>
make_client_tls_context(transport_options const& options) {
    namespace ssl = boost::asio::ssl;
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    context->set_verify_mode(ssl::verify_peer);
    error_code ec;
    context->set_default_verify_paths(ec); // it is not an error if the system has none
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
        check("the certificate authorities in ca_pem cannot be read");
    }
    return context;
}

/// Names the host to the server (SNI), as `SSL_set_tlsext_host_name` does, whose macro has a cast
/// that strict warnings refuse.
inline bool set_server_name(SSL* connection, std::string host) {
    return SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    host.data()) != 0;
}

/// Sets the host name or address that the server's certificate must have; also sent to it (SNI).
inline void expect_host(http_stream::tls_stream& tls, std::string const& host, error_code& ec) {
    error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    X509_VERIFY_PARAM* const rules = SSL_get0_param(tls.native_handle());
    // RFC 9525: a name in subjectAltName, wildcards for whole labels only, no common name.
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                               X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    int const done = not_an_address
                         ? X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size()) &&
                               set_server_name(tls.native_handle(), host)
                         : X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str());
    if (!done)
        ec = make_error_code(errc::invalid_argument);
}

/// If a handshake failed because the certificate was refused, says why. A handshake that the server
/// cut off, which OpenSSL 3 reports as an error of TLS, is a lost connection.
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

struct http_connection {
    /// Beast needs a whole head, chunk size line or trailer in the buffer, whatever its length.
    static constexpr std::size_t largest_buffer = 128 * 1024;

    http_stream stream;
    boost::beast::flat_buffer buffer;
    origin to;
    clock::time_point idle_since{};

    http_connection(boost::asio::any_io_executor executor, origin o)
        : stream(std::move(executor)), buffer(largest_buffer), to(std::move(o)) {
        // Beast reads as much as the buffer has room for; its default is 512 bytes.
        buffer.reserve(64 * 1024);
    }

    /// False if the server has closed the connection or sent something unrequested. TLS may have
    /// read that already, so that checking the socket would not show it.
    bool alive() {
        error_code ec;
        stream.tcp().socket().non_blocking(true, ec);
        char byte;
        std::size_t const n = stream.read_available(boost::asio::buffer(&byte, 1), ec);
        return n == 0 && ec == boost::asio::error::would_block;
    }
};

/// Shared by a transport and its channels. Used only on its executor.
class connection_pool {
public:
    connection_pool(bound_executor e, transport_options o)
        : options(std::move(o)), through(options), executor_(std::move(e)) {
        // The system's authorities take some megabytes, so they are loaded when first needed. The
        // caller's are loaded at once, to report errors in them.
        if (!options.ca_file.empty() || !options.ca_pem.empty())
            tls();
    }

    boost::asio::ssl::context& tls() {
        if (!tls_)
            tls_ = make_client_tls_context(options);
        return *tls_;
    }

    /// A connection to `to` that was idle for at most `max_idle`, or null.
    std::unique_ptr<http_connection> take(origin const& to, clock::duration max_idle) {
        clock::time_point const now = clock::now();
        std::erase_if(idle_, [&](auto& each) {
            return now - each->idle_since > options.max_idle || !each->alive();
        });
        auto const found = std::find_if(idle_.rbegin(), idle_.rend(), [&](auto& each) {
            return each->to == to && now - each->idle_since <= max_idle;
        });
        if (found == idle_.rend())
            return nullptr;
        auto taken = std::move(*found);
        idle_.erase(std::next(found).base());
        return taken;
    }

    /// The pool closes the idle connections on the executor, where their timers run, whichever
    /// thread releases it.
    static std::shared_ptr<connection_pool> make(bound_executor executor,
                                                 transport_options options) {
        auto close = [](connection_pool* pool) {
            std::unique_ptr<connection_pool> owned(pool);
            boost::asio::any_io_executor const on = pool->executor();
            if (on && !pool->idle_.empty())
                boost::asio::dispatch(on, [idle = std::move(pool->idle_),
                                           tls = pool->tls_]() mutable { idle.clear(); });
        };
        return std::shared_ptr<connection_pool>(
            new connection_pool(std::move(executor), std::move(options)), close);
    }

    void put(std::unique_ptr<http_connection> connection) {
        idle_.push_back(std::move(connection));
        if (idle_.size() > options.max_idle_connections)
            idle_.erase(idle_.begin());
    }

    boost::asio::any_io_executor const& executor() const { return *executor_; }

    transport_options const options;
    proxies const through;
    std::shared_ptr<std::atomic<int>> const look_ups = std::make_shared<std::atomic<int>>(0);

private:
    bound_executor const executor_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    std::vector<std::unique_ptr<http_connection>> idle_; // longest idle first
};

/// While it exists, new threads block all signals, which are for the program's own threads.
class signals_blocked {
public:
#ifdef _WIN32
    signals_blocked() {}
#else
    signals_blocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_;
#endif
    signals_blocked(signals_blocked const&) = delete;
};

/// A look-up in a thread of its own, which cannot be interrupted. Nothing joins it; Asio's thread
/// would be joined when the execution context is destroyed.
class resolution final : public waiting {
public:
    using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
    using look_up = std::function<std::vector<std::string>(std::string const&)>;

    /// `under_way` counts the threads of a transport. `own`: see `transport_options::look_up`.
    resolution(boost::asio::any_io_executor const& executor, origin const& of,
               std::shared_ptr<std::atomic<int>> under_way, look_up own)
        : waiting(executor), shared_(std::make_shared<shared>()) {
        shared_->of = of;
        shared_->own = std::move(own);
        shared_->under_way = std::move(under_way);
        shared_->reader = this;
    }
    ~resolution() override { leave(); }

    /// Throws `boost::system::system_error` if no thread is available.
    void begin() override {
        constexpr int most = 64; // of hanging look-ups, as the system's resolver cannot be stopped
        std::shared_ptr<std::atomic<int>> const counter = shared_->under_way;
        namespace errc = boost::system::errc;
        if (++*counter > most) {
            --*counter;
            throw boost::system::system_error(make_error_code(errc::resource_unavailable_try_again),
                                              "too many host name look-ups are still waiting");
        }
        try {
            signals_blocked const while_it_begins;
            std::thread([s = shared_] { work(s); }).detach();
        } catch (std::system_error const& e) {
            --*counter;
            throw boost::system::system_error(
                error_code(e.code().value(), boost::system::generic_category()));
        }
    }
    void leave() override {
        std::lock_guard const lock(shared_->mutex);
        shared_->reader = nullptr;
    }
    endpoints take_found() { return std::move(found_); }

private:
    /// Outlives the reader and even the execution context, so it refers to neither.
    struct shared {
        origin of;
        look_up own;
        std::shared_ptr<std::atomic<int>> under_way;
        std::mutex mutex;
        resolution* reader = nullptr; ///< while it waits
        error_code ec;
        endpoints found;
    };

    static void work(std::shared_ptr<shared> const& s) {
        error_code ec;
        endpoints found;
        try {
            found = s->own ? parse(s->own(s->of.host), s->of.port, ec) : ask_system(s->of, ec);
        } catch (boost::system::system_error const& e) {
            ec = e.code();
        } catch (std::bad_alloc const&) {
            ec = make_error_code(boost::system::errc::not_enough_memory);
        } catch (...) {
            ec = boost::asio::error::host_not_found_try_again;
        }
        --*s->under_way;
        std::lock_guard const lock(s->mutex);
        s->ec = ec;
        s->found = std::move(found);
        if (s->reader) // its destructor waits for the lock
            boost::asio::post(s->reader->get_executor(), [s] {
                resolution* reader = nullptr;
                {
                    std::lock_guard const lock_again(s->mutex);
                    reader = s->reader; // it runs on this executor, so it stays for now
                }
                if (!reader)
                    return;
                reader->found_ = std::move(s->found);
                reader->finish(s->ec);
            });
    }
    static endpoints ask_system(origin const& of, error_code& ec) {
        using boost::asio::ip::tcp;
        boost::asio::io_context own(1);
        tcp::resolver resolver(own);
        endpoints found;
        for (auto const& each :
             resolver.resolve(of.host, std::to_string(of.port), tcp::resolver::numeric_service, ec))
            found.push_back(each.endpoint());
        return found;
    }
    static endpoints parse(std::vector<std::string> const& addresses, std::uint16_t port,
                           error_code& ec) {
        endpoints found;
        for (std::string const& each : addresses)
            if (auto const address = boost::asio::ip::make_address(each, ec); !ec)
                found.emplace_back(address, port);
        if (!found.empty())
            ec.clear();
        else if (!ec)
            ec = boost::asio::error::host_not_found;
        return found;
    }

    std::shared_ptr<shared> const shared_;
    endpoints found_;
};

/// The addresses of a host that needs no look-up; empty for other hosts.
inline resolution::endpoints known_addresses(origin const& of) {
    resolution::endpoints known;
    error_code ec;
    boost::asio::ip::address const address = boost::asio::ip::make_address(of.host, ec);
    if (!ec) {
        known.emplace_back(address, of.port);
    } else if (iequals(of.host, "localhost")) { // RFC 6761: always this machine
        known.emplace_back(boost::asio::ip::address_v4::loopback(), of.port);
        known.emplace_back(boost::asio::ip::address_v6::loopback(), of.port);
    }
    return known;
}

} // namespace eloqua::bulk::detail
