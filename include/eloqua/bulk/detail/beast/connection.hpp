// SPDX-License-Identifier: BSL-1.0
/// \file
/// Sequential HTTP exchanges over pooled connections.
#pragma once

#include <eloqua/bulk/async_transport.hpp>
#include <eloqua/bulk/detail/beast/pool.hpp>
#include <eloqua/bulk/detail/beast/race.hpp>
#include <eloqua/bulk/detail/beast/waiting.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

inline bool is_field_name(std::string_view name) {
    auto token = [](char c) {
        return is_digit(c) || is_letter(c) ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), token);
}

inline bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return is_ascii_control(c) && c != '\t'; });
}

/// Appends request line and fields, with Host and Content-Length. Fails with
/// `errc::invalid_argument` if the result would not be a single request: control characters, a
/// target with spaces, a field that the transport itself writes. The text must not be sent then.
inline error_code write_head(request const& q, std::string_view user_agent, std::string& text) {
    error_code const refused = make_error_code(errc::invalid_argument);
    if (!q.target.starts_with('/') || q.target.find_first_of(" \t") != std::string::npos ||
        has_control(q.target) || has_control(q.to.host) || has_control(user_agent))
        return refused;
    auto add = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    text.append(to_string(q.method)).append(" ").append(q.target).append(" HTTP/1.1\r\n");
    add("Host", q.to.authority());
    for (auto const& [name, value] : q.fields) {
        if (!is_field_name(name) || has_control(value))
            return refused;
        for (std::string_view own : {"Host", "Content-Length", "Transfer-Encoding", "Connection"})
            if (iequals(name, own))
                return refused;
        add(name, value);
    }
    if (!user_agent.empty() && !q.fields.find("User-Agent"))
        add("User-Agent", user_agent);
    if (!q.body.empty() || q.method == verb::post || q.method == verb::put)
        add("Content-Length", std::to_string(q.body.size()));
    text.append("\r\n");
    return error_code();
}

/// The state of a channel, shared with a running verb.
class http_exchange : public std::enable_shared_from_this<http_exchange> {
public:
    explicit http_exchange(std::shared_ptr<connection_pool> home) : home_(std::move(home)) {}

    void async_send(request const& q, io_handler done) {
        release();
        reused_ = answered_ = sent_ = complete_ = false;
        unsent_ = true;
        why_ = error_code();
        budget_ = home_->options.limits.request;
        small_request_ = q.body.empty();
        head_only_ = q.method == verb::head;
        std::string text;
        if (error_code const ec = write_head(q, home_->options.user_agent, text))
            return complete_later(std::move(done), ec);
        link_ = home_->take(q.to, q.method == verb::post ? home_->options.post_max_idle
                                                         : home_->options.max_idle);
        reused_ = link_ != nullptr;
        if (!link_)
            link_ = std::make_unique<http_connection>(home_->executor(), q.to);
        spawn(send(shared_from_this(), std::move(text), q.body), std::move(done));
    }

    void async_read_head(head& h, io_handler done) {
        if (!link_)
            return complete_later(std::move(done), boost::asio::error::not_connected);
        spawn(read_head(shared_from_this(), h), std::move(done));
    }

    void async_read_some(std::span<char> b, io_handler done) {
        if (complete_ || (link_ && b.empty()))
            return complete_later(std::move(done), error_code());
        if (!link_)
            return complete_later(std::move(done), boost::asio::error::not_connected);
        watch(done);
        if (counted_)
            return read_counted(b, std::move(done));
        start(deadline::read);
        read_parsed(b, std::move(done));
    }

    bool stale() const {
        namespace error = boost::asio::error;
        return reused_ && !answered_ &&
               (why_ == error::eof || why_ == boost::beast::http::error::end_of_stream ||
                why_ == error::connection_reset || why_ == error::connection_aborted ||
                why_ == error::broken_pipe || why_ == boost::asio::ssl::error::stream_truncated);
    }

    bool unsent() const { return unsent_; }

    /// Keeps a connection whose exchange is complete, and closes any other.
    void release() {
        if (busy_) // the running verb still needs the connection's memory
            abort();
        else if (complete_ && link_)
            home_->put(std::move(link_));
        else
            link_.reset();
    }

    void drop() {
        complete_ = false;
        release();
    }

private:
    static constexpr std::uint32_t largest_head = 64 * 1024;
    static constexpr std::size_t least_chunked = 5; ///< "0\r\n\r\n"
    using parser = boost::beast::http::response_parser<boost::beast::http::buffer_body>;
    using awaitable = boost::asio::awaitable<error_code>;

    // Coroutines share ownership of the exchange, because its channel may be destroyed while they
    // are suspended. None of their co_await expressions contains a brace or a lambda, which g++ 12
    // would miscompile.

    static awaitable send(std::shared_ptr<http_exchange> self, std::string text,
                          std::string_view body) {
        http_exchange& x = *self;
        error_code ec;
        if (!x.reused_) {
            ec = co_await connect(self);
            if (ec)
                co_return ec;
        }
        boost::asio::const_buffer first(text.data(), text.size());
        boost::asio::const_buffer second(body.data(), body.size());
        x.writing_ = true;
        x.unsent_ = false;
        while (first.size() + second.size() != 0) {
            std::array<boost::asio::const_buffer, 2> const rest{first, second};
            x.start(deadline::send);
            std::size_t const n = co_await x.link_->stream.async_write_some(
                rest, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
            x.settle(ec);
            if (ec)
                co_return ec;
            std::size_t const of_first = std::min(n, first.size());
            first += of_first;
            second += n - of_first;
        }
        x.sent_ = true;
        co_return ec;
    }

    /// Waits for one step of connecting.
    static awaitable wait_for(std::shared_ptr<http_exchange> self, std::shared_ptr<waiting> what,
                              clock::time_point until, deadline late) {
        self->detour_ = what;
        error_code const ec = co_await waiting::for_end(what, until, late);
        self->detour_.reset();
        co_return ec;
    }

    static awaitable connect(std::shared_ptr<http_exchange> self) {
        http_exchange& x = *self;
        http_stream& stream = x.link_->stream;
        origin const& to = x.link_->to;
        error_code ec;
        proxy const* const by = x.home_->through.through(to);
        origin const& next = by ? by->at : to;
        std::vector<boost::asio::ip::tcp::endpoint> found = known_addresses(next);
        if (found.empty()) {
            clock::time_point const until = x.start(deadline::resolve);
            auto const lookup = std::make_shared<resolution>(
                x.home_->executor(), next, x.home_->look_ups, x.home_->options.look_up);
            ec = co_await wait_for(self, lookup, until, x.phase_);
            x.settle(ec);
            if (ec)
                co_return ec;
            found = lookup->take_found();
        }
        clock::time_point const until = x.start(deadline::connect);
        auto const race = std::make_shared<connection_race>(x.home_->executor(), found);
        ec = co_await wait_for(self, race, until, x.phase_);
        if (!ec && !x.aborted_) {
            stream.tcp().socket() = race->take_winner();
            error_code ignored;
            stream.tcp().socket().set_option(boost::asio::ip::tcp::no_delay(true), ignored);
            stream.tcp().socket().non_blocking(true, ignored);
            if (by)
                ec = co_await tunnel(self, *by);
        }
        x.settle(ec);
        if (ec || !to.secure())
            co_return ec;
        http_stream::tls_stream& tls = stream.secure(x.home_->tls());
        expect_host(tls, to.host, ec);
        if (ec)
            co_return ec;
        x.start(deadline::handshake);
        co_await tls.async_handshake(boost::asio::ssl::stream_base::client,
                                     boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        x.settle(ec);
        if (ec)
            ec = explain_handshake(tls, ec);
        co_return ec;
    }

    /// Makes the proxy connect to the origin, within the deadline for connecting.
    static awaitable tunnel(std::shared_ptr<http_exchange> self, proxy const& by) {
        http_exchange& x = *self;
        std::string const text = connect_request(by, x.link_->to, x.home_->options.user_agent);
        error_code ec;
        boost::asio::const_buffer rest(text.data(), text.size());
        while (rest.size() != 0) {
            std::array<boost::asio::const_buffer, 2> const parts{rest, boost::asio::const_buffer()};
            std::size_t const n = co_await x.link_->stream.async_write_some(
                parts, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
            if (ec)
                co_return ec;
            rest += n;
        }
        parser answer;
        answer.header_limit(largest_head);
        answer.skip(true);
        co_await boost::beast::http::async_read_header(
            x.link_->stream, x.link_->buffer, answer,
            boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        if (ec)
            co_return ec;
        unsigned const status = answer.get().result_int();
        if (status / 100 != 2)
            co_return error_code(static_cast<int>(status), proxy_category());
        if (x.link_->buffer.size() != 0) // nothing was sent to the server yet
            co_return make_error_code(framing::other);
        co_return ec;
    }

    static awaitable read_head(std::shared_ptr<http_exchange> self, head& into) {
        http_exchange& x = *self;
        error_code ec;
        x.start(deadline::head);
        for (int interim = 0;; ++interim) {
            x.parser_.emplace();
            x.parser_->header_limit(largest_head);
            x.parser_->body_limit(boost::none);
            x.parser_->skip(x.head_only_);
            co_await boost::beast::http::async_read_header(
                x.link_->stream, x.link_->buffer, *x.parser_,
                boost::asio::redirect_error(boost::asio::use_awaitable, ec));
            x.answered_ = x.answered_ || x.parser_->got_some() || x.link_->buffer.size() != 0;
            if (ec)
                break;
            unsigned const status = x.parser_->get().result_int();
            if (status / 100 != 1)
                break;
            if (status == 101 || interim == 16) { // no other protocol was requested
                ec = make_error_code(framing::interim);
                break;
            }
        }
        x.settle(ec);
        if (!ec)
            x.begin_body(into);
        co_return ec;
    }

    void begin_body(head& into) {
        auto const& message = parser_->get();
        into = head();
        into.status = static_cast<int>(message.result_int());
        into.reason = std::string(message.reason());
        for (auto const& each : message)
            into.fields.add(each.name_string(), std::string(each.value()));
        auto const length = parser_->content_length();
        bool const none = parser_->is_done();
        if (none)
            into.content_length = 0;
        else if (length)
            into.content_length = *length;
        counted_ = !none && length;
        unparsed_ = parser_->chunked();
        left_ = counted_ ? *length : 0;
        if (none)
            end_body();
    }

    void end_body() {
        complete_ = true;
        link_->idle_since = clock::now();
        bool const clean = sent_ && parser_->get().keep_alive() && link_->buffer.size() == 0;
        parser_.reset();
        if (!clean)
            link_.reset();
    }

    /// With a Content-Length, bytes bypass Beast's parser and go straight to the caller's span.
    void read_counted(std::span<char> b, io_handler done) {
        auto const want = static_cast<std::size_t>(std::min<std::uint64_t>(b.size(), left_));
        boost::asio::mutable_buffer const into(b.data(), want);
        auto counted = [self = shared_from_this()](error_code& ec, std::size_t& n) {
            if (ec == boost::asio::error::eof)
                ec = boost::beast::http::error::partial_message;
            self->left_ -= n;
            self->end_read(ec, self->left_ == 0);
        };
        auto& buffered = link_->buffer;
        error_code ec;
        std::size_t n = boost::asio::buffer_copy(into, buffered.data());
        buffered.consume(n);
        began_ = clock::now();
        if (n == 0 && small_request_)
            n = link_->stream.read_available(into, ec);
        if (n != 0 || (ec && ec != boost::asio::error::would_block))
            return complete_later(before(std::move(done), std::move(counted)),
                                  n != 0 ? error_code() : ec, n);
        start(deadline::read);
        link_->stream.async_read_some(into, before(std::move(done), std::move(counted)));
    }

    /// For chunked bodies and those that end with the connection.
    void read_parsed(std::span<char> b, io_handler done) {
        if (std::exchange(unparsed_, false) && link_->buffer.size() < least_chunked)
            return read_first(b, std::move(done));
        auto& body = parser_->get().body();
        body.data = b.data();
        body.size = b.size();
        auto executor = done.get_executor();
        auto parsed = [self = shared_from_this(), b, done = std::move(done)](error_code ec,
                                                                             std::size_t) mutable {
            if (ec == boost::beast::http::error::need_buffer) // the span is full
                ec.clear();
            std::size_t const n = b.size() - self->parser_->get().body().size;
            bool const ended = !ec && self->parser_->is_done();
            if (!ec && n == 0 && !ended) // only framing so far
                return self->read_parsed(b, std::move(done));
            self->end_read(ec, ended);
            done(ec, n);
        };
        boost::beast::http::async_read_some(link_->stream, link_->buffer, *parser_,
                                            io_handler(std::move(parsed), std::move(executor)));
    }

    /// Beast asserts that the buffer holds at least the shortest chunked body when it is called a
    /// second time within the last chunk. So the first read waits for that many bytes.
    void read_first(std::span<char> b, io_handler done) {
        auto executor = done.get_executor();
        auto came = [self = shared_from_this(), b, done = std::move(done)](error_code ec,
                                                                           std::size_t n) mutable {
            self->link_->buffer.commit(n);
            self->unparsed_ = true;
            if (!ec)
                return self->read_parsed(b, std::move(done));
            if (ec == boost::asio::error::eof)
                ec = boost::beast::http::error::partial_message;
            self->end_read(ec, false);
            done(ec, 0);
        };
        link_->stream.async_read_some(link_->buffer.prepare(largest_head),
                                      io_handler(std::move(came), std::move(executor)));
    }

    void end_read(error_code& ec, bool ended) {
        busy_ = false;
        settle(ec);
        if (ec)
            link_.reset();
        else if (ended)
            end_body();
    }

    /// Starts a verb. Cancelling it closes the connection. This works also between two steps of a
    /// composed operation, where Asio would lose the signal.
    void watch(io_handler& done) {
        busy_ = true;
        aborted_ = false;
        boost::asio::cancellation_slot cancel = done.take_cancellation_slot();
        if (cancel.is_connected())
            cancel.assign([weak = weak_from_this()](boost::asio::cancellation_type) {
                if (auto const self = weak.lock())
                    self->abort();
            });
    }
    void abort() {
        if (!busy_) // the verb has ended
            return;
        aborted_ = true;
        if (detour_)
            detour_->cancel();
        link_->stream.tcp().close();
    }

    /// Runs a coroutine as one verb. After a failed write a response may still be readable.
    void spawn(awaitable verb, io_handler done) {
        watch(done);
        auto ended = [self = shared_from_this(), done = std::move(done)](std::exception_ptr thrown,
                                                                         error_code ec) mutable {
            self->busy_ = false;
            if (thrown)
                ec = code_of(thrown);
            bool const readable = std::exchange(self->writing_, false) && self->why_ == ec &&
                                  ec.category() != deadline_category() &&
                                  ec != boost::asio::error::operation_aborted;
            if (ec && !readable)
                self->link_.reset();
            auto const executor = done.get_executor();
            boost::asio::dispatch(executor, [done = std::move(done), ec]() mutable { done(ec); });
        };
        boost::asio::co_spawn(home_->executor(), std::move(verb), std::move(ended));
    }

    static error_code code_of(std::exception_ptr const& thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (boost::system::system_error const& e) {
            return e.code();
        } catch (...) {
            return make_error_code(boost::system::errc::not_enough_memory);
        }
    }

    static void complete_later(io_handler done, error_code ec, std::size_t n = 0) {
        auto const executor = done.get_executor();
        boost::asio::post(executor, [done = std::move(done), ec, n]() mutable { done(ec, n); });
    }

    /// Translates Beast's errors for invalid HTTP, except those of a connection's end, to our
    /// codes.
    static error_code named(error_code const& ec) {
        namespace http = boost::beast::http;
        if (ec.category() != make_error_code(http::error::bad_status).category())
            return ec;
        for (http::error const each :
             {http::error::end_of_stream, http::error::partial_message, http::error::need_buffer})
            if (ec == each)
                return ec;
        if (ec == http::error::bad_alloc)
            return make_error_code(boost::system::errc::not_enough_memory);
        constexpr std::pair<http::error, framing> names[] = {
            {http::error::bad_version, framing::status_line},
            {http::error::bad_status, framing::status_line},
            {http::error::bad_reason, framing::status_line},
            {http::error::header_limit, framing::head_size},
            {http::error::bad_field, framing::field},
            {http::error::bad_value, framing::field},
            {http::error::bad_content_length, framing::field},
            {http::error::multiple_content_length, framing::field},
            {http::error::bad_line_ending, framing::field},
            {http::error::bad_obs_fold, framing::field},
            {http::error::bad_transfer_encoding, framing::transfer_coding},
            {http::error::bad_chunk, framing::chunk},
            {http::error::bad_chunk_extension, framing::chunk},
            {http::error::buffer_overflow, framing::line_size},
        };
        for (auto const& [theirs, ours] : names)
            if (ec == theirs)
                return make_error_code(ours);
        return make_error_code(framing::other);
    }

    /// Sets the timer for the next phase. Returns when it expires.
    clock::time_point start(deadline phase) {
        clock::duration const limit = home_->options.limits.of(phase);
        phase_ = limit <= budget_ ? phase : deadline::request;
        clock::duration const least = std::min(limit, budget_);
        began_ = clock::now();
        clock::time_point const never = clock::time_point::max();
        clock::time_point const until = least < never - began_ ? began_ + least : never;
        link_->stream.tcp().expires_at(until);
        return until;
    }

    /// Subtracts the elapsed time from the request's budget, and names cancellation and time-out.
    void settle(error_code& ec) {
        if (budget_ != no_deadline)
            budget_ -= clock::now() - began_;
        if (aborted_)
            ec = boost::asio::error::operation_aborted;
        else if (ec == boost::beast::error::timeout)
            ec = make_error_code(phase_);
        else
            ec = named(ec);
        why_ = ec;
    }

    std::shared_ptr<connection_pool> const home_;
    std::unique_ptr<http_connection> link_;
    std::shared_ptr<waiting> detour_; ///< the running step of connecting
    std::optional<parser> parser_;
    std::uint64_t left_ = 0;    ///< of a body with Content-Length
    bool unparsed_ = false;     ///< a chunked body of which nothing was read
    bool counted_ = false;      ///< the body has a Content-Length
    bool head_only_ = false;    ///< the response to HEAD ends with its head
    bool small_request_ = true; ///< fits the connection's buffers, with room to spare
    bool unsent_ = false;       ///< no byte of the request was written
    bool reused_ = false;       ///< the connection has served earlier requests
    bool sent_ = false;         ///< the whole request was sent
    bool answered_ = false;     ///< at least one byte arrived
    bool complete_ = false;     ///< the whole response was read
    bool busy_ = false;         ///< a verb is running
    bool aborted_ = false;      ///< the running verb was cancelled
    bool writing_ = false;      ///< the running verb has a connection and writes
    error_code why_;            ///< how the last phase ended
    deadline phase_{};          ///< which deadline the timer stands for
    clock::time_point began_{}; ///< start of the phase
    clock::duration budget_{};  ///< left for the request as a whole
};

/// An exchange that returns its connection to the pool with its last copy. `owner` lives at least
/// as long.
inline std::shared_ptr<http_exchange> make_exchange(std::shared_ptr<connection_pool> pool,
                                                    std::shared_ptr<void> owner = nullptr) {
    auto made = std::make_shared<http_exchange>(std::move(pool));
    http_exchange* const exchange = made.get();
    auto give_back = [owner = std::move(owner), made = std::move(made)](http_exchange*) mutable {
        made->release();
        made.reset();
    };
    return std::shared_ptr<http_exchange>(exchange, std::move(give_back));
}

} // namespace eloqua::bulk::detail
