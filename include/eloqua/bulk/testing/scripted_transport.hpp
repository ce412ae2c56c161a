// SPDX-License-Identifier: BSL-1.0
/// \file
/// `scripted_transport`: responds from a script, for tests of programs that use this library.
///
/// \code
/// bulk::scripted_transport script;
/// script.expect(bulk::verb::get, "/api/bulk/2.0/syncs/1").answers(200, R"({"status":"active"})");
/// script.expect(bulk::verb::get, "/api/bulk/2.0/syncs/1*").stale();
/// bulk::client client{script, ...};
/// ...
/// assert(script.finished() && script.unexpected().empty());
/// \endcode
#pragma once

#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport.hpp>

#include <boost/system/errc.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// A request as received by a scripted transport.
struct seen_request {
    verb method = verb::get; ///< the method
    std::string url;         ///< absolute
    header_fields fields;    ///< header fields
    std::string body;        ///< the whole body

    /// Such as "GET https://host/path".
    std::string line() const { return std::string(to_string(method)) + ' ' + url; }
};

/// A blocking transport that responds from a script, in order, and never blocks. It has its own
/// clock: a wait advances it at once. Copies share the script, so a test keeps one and passes on
/// another. For asynchronous clients, wrap it in `posted_transport`. Not thread-safe.
class scripted_transport {
    enum class failing { nowhere, connect, send, head };
    struct step_data {
        verb method;
        std::string pattern;
        response answer;
        failing fails = failing::nowhere;
        error_code ec;
        bool stale = false;
        std::size_t piece = std::numeric_limits<std::size_t>::max();
        std::optional<std::size_t> cut;
        clock::duration delay{};
        error_code breaks_off; ///< while sending, besides a response
        std::size_t hook_at = 0;
        std::function<void()> hook;

        bool matches(request const& q) const {
            if (q.method != method)
                return false;
            std::string_view const p = pattern;
            return p.ends_with('*')
                       ? std::string_view(q.target).starts_with(p.substr(0, p.size() - 1))
                       : q.target == p;
        }
    };
    struct shared {
        std::deque<step_data> steps;
        std::vector<seen_request> seen;
        std::vector<std::string> unexpected;
        clock::time_point now{std::chrono::hours(1000)};
    };

public:
    /// One expected request; its functions define the response. By default 200 without a body.
    /// Valid until the request arrives.
    class step {
    public:
        /// Responds with a status and a JSON body.
        step& answers(int status, std::string body = std::string()) {
            return answers(response(status, std::move(body)));
        }
        /// Responds in this way.
        step& answers(response r) {
            self_->answer = std::move(r);
            return *this;
        }
        /// Adds a header field to the response, in addition to others of that name.
        step& with(std::string_view name, std::string value) {
            self_->answer.fields.add(name, std::move(value));
            return *this;
        }
        /// No byte of the request is sent: its address is not found, there is no connection, or
        /// the TLS handshake fails.
        step&
        fails_to_connect(error_code ec = make_error_code(boost::system::errc::connection_refused)) {
            return fail(failing::connect, ec, false);
        }
        /// The connection is lost while the request is being sent.
        step& fails_to_send(error_code ec) { return fail(failing::send, ec, false); }
        /// Sending fails, but the response has arrived by then.
        step& breaks_off_sending(error_code ec) {
            self_->breaks_off = ec;
            return *this;
        }
        /// The request is sent, but no response comes.
        step& fails_to_answer(error_code ec) { return fail(failing::head, ec, false); }
        /// The server had closed the reused connection.
        step& stale() {
            return fail(failing::head, make_error_code(boost::system::errc::connection_reset),
                        true);
        }
        /// The body arrives in parts of at most `n` bytes, n > 0.
        step& in_pieces_of(std::size_t n) {
            self_->piece = n;
            return *this;
        }
        /// The connection breaks with `ec` after `n` bytes of the body.
        step& cut_after(std::size_t n,
                        error_code ec = make_error_code(boost::system::errc::connection_reset)) {
            self_->cut = n;
            self_->ec = ec;
            return *this;
        }
        /// The head takes `d` on the transport's own clock.
        step& after(clock::duration d) {
            self_->delay = d;
            return *this;
        }
        /// Calls `f` when `n` bytes of the body have been read and more are requested, for example
        /// to cancel there. A part ends at that byte.
        step& at_byte(std::size_t n, std::function<void()> f) {
            self_->hook_at = n;
            self_->hook = std::move(f);
            return *this;
        }

    private:
        friend class scripted_transport;
        explicit step(step_data& s) : self_(&s) {}
        step& fail(failing where, error_code ec, bool stale) {
            self_->fails = where;
            self_->ec = ec;
            self_->stale = stale;
            return *this;
        }
        step_data* self_;
    };

    /// A connection to the script. See `blocking_channel`.
    class channel {
    public:
        /// Created by `acquire`.
        explicit channel(std::shared_ptr<shared> home) : home_(std::move(home)) {}

        /// @{
        /// See `blocking_channel`.
        void send(request const& q, std::stop_token stop, error_code& ec) {
            drop();
            stale_ = false;
            unsent_ = true;
            if (stopped(stop, ec))
                return;
            home_->seen.push_back(seen_request());
            seen_request& seen = home_->seen.back();
            seen.method = q.method;
            seen.url = q.to.text() + q.target;
            seen.fields = q.fields;
            seen.body = q.body;
            if (home_->steps.empty() || !home_->steps.front().matches(q)) {
                std::string const next = home_->steps.empty()
                                             ? "nothing more"
                                             : std::string(to_string(home_->steps.front().method)) +
                                                   ' ' + home_->steps.front().pattern;
                home_->unexpected.push_back(seen.line() + "; the script expects " + next);
                ec = make_error_code(errc::invalid_argument);
                return;
            }
            now_ = std::move(home_->steps.front());
            home_->steps.pop_front();
            if (fail_at(failing::connect, ec))
                return;
            unsent_ = false;
            if (!fail_at(failing::send, ec))
                ec = now_->breaks_off;
        }
        void read_head(head& h, std::stop_token stop, error_code& ec) {
            if (stopped(stop, ec) || !in_use(ec))
                return;
            home_->now += now_->delay;
            if (fail_at(failing::head, ec))
                return;
            h = head();
            h.status = now_->answer.status;
            h.reason = now_->answer.reason;
            h.fields = now_->answer.fields;
            h.content_length = now_->answer.body.size();
        }
        std::size_t read_some(std::span<char> b, std::stop_token stop, error_code& ec) {
            if (stopped(stop, ec) || !in_use(ec))
                return 0;
            if (now_->hook && given_ == now_->hook_at) {
                std::exchange(now_->hook, nullptr)();
                if (stopped(stop, ec))
                    return 0;
            }
            std::string const& body = now_->answer.body;
            std::size_t const end = std::min(body.size(), now_->cut.value_or(body.size()));
            std::size_t n = std::min({b.size(), now_->piece, end - given_});
            if (now_->hook && now_->hook_at > given_)
                n = std::min(n, now_->hook_at - given_);
            if (n == 0 && now_->cut)
                ec = now_->ec;
            if (n != 0)
                std::memcpy(b.data(), body.data() + given_, n);
            given_ += n;
            return n;
        }
        bool stale() const { return stale_; }
        bool unsent() const { return unsent_; }
        void drop() {
            now_.reset();
            given_ = 0;
        }
        /// @}

    private:
        static bool stopped(std::stop_token const& stop, error_code& ec) {
            if (stop.stop_requested())
                ec = make_error_code(boost::system::errc::operation_canceled);
            return stop.stop_requested();
        }
        bool in_use(error_code& ec) const {
            if (!now_)
                ec = make_error_code(boost::system::errc::not_connected);
            return now_.has_value();
        }
        bool fail_at(failing where, error_code& ec) {
            if (now_->fails != where)
                return false;
            ec = now_->ec;
            stale_ = now_->stale;
            drop();
            return true;
        }

        std::shared_ptr<shared> home_;
        std::optional<step_data> now_;
        std::size_t given_ = 0;
        bool stale_ = false;
        bool unsent_ = false;
    };

    scripted_transport() : self_(std::make_shared<shared>()) {}

    /// Expects one more request. `target`: path and query; with a final `*`, their prefix.
    step expect(verb method, std::string target) {
        self_->steps.emplace_back();
        step_data& added = self_->steps.back();
        added.method = method;
        added.pattern = std::move(target);
        return step(added);
    }

    /// All requests so far, in order, expected or not.
    std::vector<seen_request> const& requests() const { return self_->seen; }
    /// Requests that did not match the next step of the script, and that step. Such a request
    /// fails with `errc::invalid_argument`, and the script does not advance.
    std::vector<std::string> const& unexpected() const { return self_->unexpected; }
    /// Whether every expected request has arrived.
    bool finished() const { return self_->steps.empty(); }

    /// @{
    /// See `blocking_transport` and `has_own_clock`.
    channel acquire() { return channel(self_); }
    clock::time_point now() const { return self_->now; }
    /// @}
    /// Advances the clock at once, unless stopped.
    void wait(clock::duration d, std::stop_token stop) {
        if (!stop.stop_requested())
            self_->now += d;
    }

private:
    std::shared_ptr<shared> self_;
};

} // namespace eloqua::bulk
