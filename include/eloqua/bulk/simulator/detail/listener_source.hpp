// SPDX-License-Identifier: BSL-1.0
/// \file
/// The server of a `listener`. Compiled by each unit that includes `listener.hpp`, or once per
/// program, see `eloqua/bulk/beast_src.hpp`.
#pragma once

#include <eloqua/bulk/detail/beast/connection.hpp>
#include <eloqua/bulk/detail/beast/pool.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace eloqua::bulk {

namespace simulation {

/// What happens to a connection after a response.
enum class connection_end : unsigned char { none, close, reset, silence };

inline bool has_body(response const& r) {
    return r.status != 204 && r.status != 304;
}

/// The properties of a request that determine the form of its response.
struct answer_form {
    bool keep_alive = true;
    bool head_only = false;    ///< the request was HEAD: no body follows
    bool says_to_keep = false; ///< HTTP/1.0, where keeping a connection is negotiated
};

/// The reason phrase for the status line.
inline std::string reason_of(response const& r) {
    namespace http = boost::beast::http;
    bool const own = !r.reason.empty() && !detail::has_control(r.reason);
    return own ? r.reason
               : std::string(
                     http::obsolete_reason(http::int_to_status(static_cast<unsigned>(r.status))));
}

inline std::string head_text(delivery const& d, answer_form form) {
    std::string text = "HTTP/1.1 " + std::to_string(d.status) + ' ' + reason_of(d) + "\r\n";
    auto add = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    for (auto const& [name, value] : d.fields)
        if (!detail::iequals(name, "Content-Length") && !detail::iequals(name, "Connection"))
            add(name, value);
    std::string const length = std::to_string(d.stated_length());
    if (has_body(d))
        add("Content-Length",
            form.head_only ? d.fields.find("Content-Length").value_or(length) : length);
    if (!form.keep_alive)
        add("Connection", "close");
    else if (form.says_to_keep)
        add("Connection", "keep-alive");
    text += "\r\n";
    return text;
}

/// The parts of a response to write, and how it ends.
struct written_answer {
    std::string head;
    std::string_view body;
    std::size_t piece = 0; ///< size in bytes of the body's first pieces; 0: none
    std::string last;      ///< the end of the body and what follows it, written at once
    connection_end end = connection_end::none;
};

/// `d` must outlive the result.
inline written_answer answer_to_write(delivery const& d, answer_form form) {
    written_answer w;
    if (!form.keep_alive || d.stated_length() != d.body.size())
        w.end = connection_end::close;
    if (!d.injected || !d.headless())
        w.head = head_text(d, form);
    else if (d.suffers(fault_kind::cut)) {
        w.head = head_text(d, form);
        w.head.resize(w.head.size() / 2);
    }
    if (has_body(d) && !form.head_only && !d.headless())
        w.body = d.arriving();
    if (d.suffers(fault_kind::repeat_answer)) {
        // In one record of TLS and one segment, so that what follows cannot be told apart from the
        // response.
        constexpr std::size_t most = 4'096;
        std::size_t const tail = std::min(w.body.size(), most);
        w.last = w.body.substr(w.body.size() - tail);
        w.last += (w.head + d.body).substr(0, most);
        w.body.remove_suffix(tail);
        if (tail == 0) // there is only the head
            w.last.insert(0, std::exchange(w.head, std::string()));
    }
    if (d.suffers(fault_kind::trickle))
        w.piece = d.injected->piece();
    if (d.suffers(fault_kind::stall))
        w.end = connection_end::silence;
    else if (d.headless() || d.suffers(fault_kind::cut))
        w.end = connection_end::reset;
    return w;
}

/// Makes an operation awaitable, and stores its error in `ec`.
inline auto errors_to(error_code& ec) {
    return boost::asio::redirect_error(boost::asio::use_awaitable, ec);
}

// No co_await expression below contains a brace or a lambda, which g++ 12 would miscompile.

/// Writes a response. The caller handles `close` and errors.
inline boost::asio::awaitable<connection_end> write_answer(detail::http_stream& to,
                                                           delivery const& d, answer_form form) {
    written_answer const w = answer_to_write(d, form);
    boost::asio::const_buffer const head = boost::asio::buffer(w.head);
    boost::asio::const_buffer rest(w.body.data(), w.body.size());
    error_code ec;
    if (w.piece != 0) {
        co_await boost::asio::async_write(to, head, errors_to(ec));
        for (std::size_t i = 0; i != fault::trickled_pieces && rest.size() != 0 && !ec; ++i) {
            boost::asio::const_buffer const piece = boost::asio::buffer(rest, w.piece);
            rest += co_await boost::asio::async_write(to, piece, errors_to(ec));
        }
        if (!ec)
            co_await boost::asio::async_write(to, rest, errors_to(ec));
    } else {
        std::array<boost::asio::const_buffer, 2> const parts{head, rest};
        co_await boost::asio::async_write(to, parts, errors_to(ec));
    }
    if (!ec && !w.last.empty()) {
        boost::asio::const_buffer const last = boost::asio::buffer(w.last);
        co_await boost::asio::async_write(to, last, errors_to(ec));
    }
    if (ec)
        co_return connection_end::reset;
    boost::asio::ip::tcp::socket& socket = to.tcp().socket();
    if (w.end == connection_end::reset) {
        socket.set_option(boost::asio::socket_base::linger(true, 0), ec);
        socket.close(ec);
    }
    std::array<char, 512> ignored;
    boost::asio::mutable_buffer const into = boost::asio::buffer(ignored);
    while (w.end == connection_end::silence && !ec)
        co_await socket.async_read_some(into, errors_to(ec));
    co_return w.end;
}

/// See `listener`.
class http_server {
public:
    http_server(listener::handler h, listener_options options)
        : handler_(std::move(h)), options_(std::move(options)) {
        using boost::asio::ip::tcp;
        if (!options_.certificate_pem.empty()) {
            namespace ssl = boost::asio::ssl;
            tls_.emplace(ssl::context::tls_server);
            tls_->use_certificate_chain(boost::asio::buffer(options_.certificate_pem));
            tls_->use_private_key(boost::asio::buffer(options_.key_pem), ssl::context::pem);
        }
        tcp::endpoint const at(boost::asio::ip::make_address(options_.address), options_.port);
        acceptor_.open(at.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        acceptor_.bind(at);
        acceptor_.listen();
        where_.scheme = tls_ ? "https" : "http";
        where_.host = options_.address;
        where_.port = acceptor_.local_endpoint().port();
        boost::asio::co_spawn(context_, accept(), boost::asio::detached);
        threads_[0] = std::thread([this] { context_.run(); });
        threads_[1] = std::thread([this] { handling_.run(); });
    }
    http_server(http_server const&) = delete;
    http_server& operator=(http_server const&) = delete;
    ~http_server() {
        context_.stop();
        handling_.stop();
        for (std::thread& each : threads_)
            each.join();
    }

    origin const& where() const { return where_; }

private:
    using awaitable = boost::asio::awaitable<void>;
    using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    /// Beast needs a whole head, chunk size line or trailer in the buffer, whatever its length.
    static constexpr std::size_t largest_buffer = 128 * 1024;

    struct session {
        detail::http_stream stream;
        boost::beast::flat_buffer buffer{largest_buffer};
        origin reached; ///< the server that the client wants to reach
        bool tunnel = false;
        session(boost::asio::ip::tcp::socket socket, origin at)
            : stream(std::move(socket)), reached(std::move(at)) {
            buffer.reserve(64 * 1024);
        }
    };

    // No co_await expression below contains a brace or a lambda, which g++ 12 would miscompile.

    awaitable accept() {
        error_code ec;
        for (;;) {
            boost::asio::ip::tcp::socket socket = co_await acceptor_.async_accept(errors_to(ec));
            if (ec) { // out of files or memory: does not change at once
                boost::asio::steady_timer pause(context_, std::chrono::milliseconds(50));
                co_await pause.async_wait(errors_to(ec));
                continue;
            }
            boost::asio::co_spawn(context_,
                                  serve(std::make_shared<session>(std::move(socket), where_)),
                                  boost::asio::detached);
        }
    }

    awaitable serve(std::shared_ptr<session> s) {
        error_code ec;
        s->stream.tcp().socket().set_option(boost::asio::ip::tcp::no_delay(true), ec);
        ec = co_await begin(*s);
        if (ec)
            co_return;
        for (bool again = true; again;) {
            parser incoming;
            incoming.body_limit(std::uint64_t(64) * 1024 * 1024);
            incoming.header_limit(64 * 1024);
            ec = co_await read(*s, incoming);
            if (gone(ec))
                co_return;
            if (!ec && incoming.get().method() == boost::beast::http::verb::connect &&
                accept_tunnel(*s, incoming.get())) {
                ec = co_await open_tunnel(*s);
                if (ec)
                    co_return;
                continue;
            }
            if (tls_ && !s->reached.secure() && !s->tunnel)
                co_return; // plain HTTP where TLS is required
            again = !ec && incoming.get().keep_alive();
            answer_form form;
            form.keep_alive = again;
            form.head_only = !ec && incoming.get().method() == boost::beast::http::verb::head;
            form.says_to_keep = incoming.get().version() < 11;
            delivery answer;
            if (ec == boost::beast::http::error::body_limit)
                answer = of_listener(response(413));
            else if (ec)
                answer = of_listener(response(400, ec.message(), "text/plain"));
            else {
                std::optional<request> const q = to_request(incoming.get(), s->reached);
                if (q)
                    answer = co_await boost::asio::co_spawn(handling_, call(*q),
                                                            boost::asio::use_awaitable);
                else
                    answer = refuse(incoming.get());
            }
            connection_end const end = co_await write_answer(s->stream, answer, form);
            if (end == connection_end::close)
                break;
            if (end != connection_end::none)
                co_return;
        }
        co_await linger(s);
    }

    /// Detects whether the client starts with TLS. If so and TLS is available, performs the
    /// handshake.
    boost::asio::awaitable<error_code> begin(session& s) {
        error_code ec;
        if (s.buffer.size() == 0) {
            std::size_t const n =
                co_await s.stream.tcp().async_read_some(s.buffer.prepare(16 * 1024), errors_to(ec));
            if (ec)
                co_return ec;
            s.buffer.commit(n);
        }
        constexpr char handshake_record = 0x16;
        bool const secure =
            tls_ && *static_cast<char const*>(s.buffer.data().data()) == handshake_record;
        s.reached.scheme = secure ? "https" : "http";
        if (!secure)
            co_return ec;
        detail::http_stream::tls_stream& tls = s.stream.secure(*tls_);
        std::size_t const used = co_await tls.async_handshake(boost::asio::ssl::stream_base::server,
                                                              s.buffer.data(), errors_to(ec));
        s.buffer.consume(used);
        co_return ec;
    }

    /// Accepts the origin of a CONNECT request if it names one and comes without TLS.
    static bool accept_tunnel(session& s, parser::value_type const& message) {
        result<url> const to = parse_url("https://" + std::string(message.target()));
        if (s.tunnel || s.reached.secure() || !to || to->target != "/")
            return false;
        s.reached = to->at;
        return true;
    }

    boost::asio::awaitable<error_code> open_tunnel(session& s) {
        static constexpr std::string_view done = "HTTP/1.1 200 Connection established\r\n\r\n";
        boost::asio::const_buffer const text(done.data(), done.size());
        error_code ec;
        co_await boost::asio::async_write(s.stream, text, errors_to(ec));
        if (ec)
            co_return ec;
        s.tunnel = true;
        co_return co_await begin(s);
    }

    /// False if a response is still possible: the request is not HTTP, or too large.
    static bool gone(error_code const& ec) {
        namespace http = boost::beast::http;
        return ec && (ec.category() != make_error_code(http::error::body_limit).category() ||
                      ec == http::error::end_of_stream || ec == http::error::partial_message);
    }

    /// Reads one request. Grants `Expect: 100-continue` unless the body is too large, and ignores
    /// it for HTTP/1.0.
    boost::asio::awaitable<error_code> read(session& s, parser& incoming) {
        error_code ec;
        co_await boost::beast::http::async_read_header(s.stream, s.buffer, incoming, errors_to(ec));
        if (ec)
            co_return ec;
        if (incoming.get().version() >= 11 &&
            detail::iequals(incoming.get()[boost::beast::http::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            boost::asio::const_buffer const text(go_on.data(), go_on.size());
            co_await boost::asio::async_write(s.stream, text, errors_to(ec));
            if (ec)
                co_return ec;
        }
        // Beast asserts that the buffer holds at least the shortest chunked body when it is called
        // a second time within the last chunk.
        while (incoming.chunked() && s.buffer.size() < 5) {
            std::size_t const n =
                co_await s.stream.async_read_some(s.buffer.prepare(64 * 1024), errors_to(ec));
            if (ec)
                co_return ec;
            s.buffer.commit(n);
        }
        co_await boost::beast::http::async_read(s.stream, s.buffer, incoming, errors_to(ec));
        co_return ec;
    }

    /// Closing with unread bytes would reset the connection, and the client might lose the
    /// response. So it reads for a while, until the client closes.
    awaitable linger(std::shared_ptr<session> s) {
        error_code ec;
        s->buffer.clear();
        s->stream.tcp().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ec);
        s->stream.tcp().expires_after(std::chrono::seconds(5));
        while (!ec)
            co_await s->stream.tcp().async_read_some(s->buffer.prepare(64 * 1024), errors_to(ec));
    }

    static std::optional<verb> method_of(parser::value_type const& message) {
        for (verb const each : {verb::get, verb::head, verb::post, verb::put, verb::delete_})
            if (message.method_string() == to_string(each))
                return each;
        return std::nullopt;
    }

    static std::optional<request> to_request(parser::value_type const& message,
                                             origin const& reached) {
        namespace http = boost::beast::http;
        request q;
        std::optional<verb> const method = method_of(message);
        if (!method)
            return std::nullopt;
        q.method = *method;
        std::string const target(message.target());
        std::string const host(message[http::field::host]);
        result<url> const from =
            target.starts_with('/')
                ? parse_url(reached.scheme + "://" + (host.empty() ? reached.authority() : host) +
                            target)
                : parse_url(target);
        if (!from)
            return std::nullopt;
        q.to = from->at;
        q.target = from->target;
        for (auto const& each : message)
            q.fields.add(each.name_string(), std::string(each.value()));
        q.body = message.body();
        return q;
    }

    /// The response to a message that is not a request for the handler.
    static delivery refuse(parser::value_type const& message) {
        if (method_of(message))
            return of_listener(response(400, "bad target or Host", "text/plain"));
        if (message.method() == boost::beast::http::verb::unknown)
            return of_listener(response(501));
        response refused(405);
        refused.fields.set("Allow", "GET, HEAD, POST, PUT, DELETE");
        return of_listener(std::move(refused));
    }
    /// A response of the listener itself, dated by the machine's clock.
    static delivery of_listener(response r) {
        r.fields.set("Date", http_date(std::chrono::floor<timestamp::duration>(
                                 std::chrono::system_clock::now())));
        return r;
    }

    /// Runs on the handler's thread.
    boost::asio::awaitable<delivery> call(request const& q) {
        if (options_.delay) {
            boost::asio::steady_timer timer(handling_, options_.delay(q));
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        delivery answer;
        try {
            answer = handler_(q);
        } catch (std::exception const& e) {
            answer = of_listener(response(500, e.what(), "text/plain"));
        }
        co_return answer;
    }

    listener::handler handler_;
    listener_options options_;
    origin where_;
    std::optional<boost::asio::ssl::context> tls_;
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_{context_};
    /// Calls the handler, so that responses are sent while the next one is computed. Destroyed
    /// before `context_`, whose coroutines wait for it.
    boost::asio::io_context handling_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> const stay_{
        handling_.get_executor()};
    std::array<std::thread, 2> threads_;
};

} // namespace simulation

ELOQUA_BULK_DECL listener::listener(handler h, listener_options options)
    : server_(std::make_unique<simulation::http_server>(std::move(h), std::move(options))) {}
ELOQUA_BULK_DECL listener::~listener() = default;
ELOQUA_BULK_DECL origin const& listener::where() const {
    return server_->where();
}

} // namespace eloqua::bulk
