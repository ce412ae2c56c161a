// SPDX-License-Identifier: BSL-1.0
/// \file
/// One request and its response: authorizes, retries where that is safe, and reports refusals.
#pragma once

#include <eloqua/bulk/detail/http/body_reader.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/error_body.hpp>
#include <eloqua/bulk/detail/http/retry.hpp>
#include <eloqua/bulk/detail/http/secrets.hpp>
#include <eloqua/bulk/detail/http/session.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk::detail {

/// Performs one call. `open` waits for the head of a successful response; `read` then returns its
/// body in pieces. `fetch` reads it whole. Inflates gzip.
///
/// Retries (limited by the session's `retry_policy`): 429, because nothing was done; a request of
/// which no byte was sent, because there was no connection; and, for safe and idempotent calls
/// only, every lost connection, 408, 425 and every 5xx. For other calls lost connections and 5xx
/// end in `errc::outcome_unknown`; jobs then search for what was created, see
/// detail/job/create_or_find.hpp, or abandon it. Every 2xx means that the call was carried out,
/// unless the request was not sent whole. No failure contains a secret of the request, and no
/// document the value of its Authorization header.
///
/// A 401 renews the credentials and looks up the base URL again, once. A redirect looks up the base
/// URL again, once, because the instance may have moved. So does a 503, or a failure to connect,
/// that lasts through all attempts; one more attempt follows, or all of them if the instance has
/// moved.
///
/// All classes with coroutines here are templates: g++ compiles inline coroutines in every unit
/// that sees them, templates only where they are used.
template <class Session>
class exchange {
public:
    /// `s` and `c` must outlive the exchange.
    exchange(Session& s, channel_id on, endpoint_call const& c)
        : session_(s), on_(on), call_(c), body_(s, on) {}

    /// Sends the request of a repeatable call early; `open` later waits for the response. Returns
    /// false if sending fails; this does not count as an attempt.
    [[nodiscard]] flow<bool> send_ahead();

    /// Waits for the head of a response with status 2xx. A 404 to a repeated DELETE also succeeds.
    [[nodiscard]] flow<result<head>> open();

    /// The next bytes of the open response's body, as many as are available and fit; 0 at its end.
    [[nodiscard]] flow<result<std::size_t>> read(std::span<char> into) { return body_.read(into); }

    /// The whole body of a successful response, at most `client_options::document_bytes`.
    [[nodiscard]] flow<result<response_body>> fetch();

    /// After `read` failed: waits, and succeeds if `open` can be called again; otherwise returns
    /// the failure.
    [[nodiscard]] flow<result<void>> retry_after_error(failure why);

    /// Sets the other channel. Its connection is dropped if this one gets no response in time, or
    /// is lost twice: the server or a proxy may serve one connection at a time.
    void may_starve_by(channel_id other) { rival_ = other; }
    /// Whether that has happened.
    bool starved() const { return starved_; }

    /// Abandons the response.
    void leave() { body_.end(); }
    /// Whether a request was sent whose response nobody waits for yet.
    bool sent() const { return sent_.has_value(); }
    unsigned attempts() const { return attempts_; }
    /// Whether the service refused the request because of too much load.
    bool overloaded() const { return overloaded_; }
    std::string const& line() const { return line_; }
    /// The value of the Authorization header sent last.
    std::string const& authorization() const { return authorization_; }
    /// Secrets that messages must not show.
    secrets const& hidden() const { return hidden_; }

private:
    failure fail(failure f) const {
        f.info.request = line_;
        f.info.attempts = attempts_;
        hidden_.hide_in(f);
        return f;
    }
    [[nodiscard]] flow<result<url>> destination();
    [[nodiscard]] flow<result<void>> send();
    /// A failure before anything was sent.
    failure before_sending(failure f) const {
        f.info.unsent = !may_have_run_;
        return f;
    }
    failure refused(head const& h, error_body said) const {
        failure f(error_code(h.status, http_category()));
        f.info.status = h.status;
        f.info.server = std::move(said.text);
        if (said.failures.empty() && !call_.response_has_secrets)
            f.info.server = detail::with_reason(std::move(f.info.server), hidden_.shown(h.reason));
        f.info.failures = std::move(said.failures);
        f.info.advice = said.permanent
                            ? "the service calls this error permanent; a retry does not help"
                            : detail::advice_for(h.status);
        if (h.status == 404 && call_.body.size() > limits::request_bytes) {
            f.code = make_error_code(errc::request_too_large);
            f.info.detail = "the body has " + std::to_string(call_.body.size()) + " bytes";
            f.info.advice = "the service answers bodies over " +
                            std::to_string(limits::request_bytes) +
                            " bytes with 404; push fewer rows at once";
        }
        return fail(std::move(f));
    }
    /// The text of a refusal, without secrets and hidden values.
    error_body read_refusal(std::string_view body) const {
        error_body read = call_.response_has_secrets
                              ? detail::read_error_beside_secrets(body, hidden_)
                              : read_error_body(body, hidden_);
        if (session_.options.row_values == row_values::hidden) {
            for (validation_failure& each : read.failures) // for example a definition's filter
                each.value.clear();
            if (call_.sends_rows) {
                read.text.clear();
                read.failures.clear();
            }
        }
        return read;
    }
    [[nodiscard]] flow<result<bool>> look_elsewhere();
    /// After the last attempt: succeeds if another attempt is due because the instance may have
    /// moved; otherwise returns the failure.
    [[nodiscard]] flow<result<void>> try_elsewhere(failure why) {
        if (why.code == boost::system::errc::operation_canceled)
            co_return why;
        result<bool> const asked = co_await look_elsewhere();
        if (!asked)
            co_return asked.error();
        if (!*asked)
            co_return why;
        co_return result<void>();
    }
    /// A connection got no response: see `may_starve_by`.
    [[nodiscard]] flow<result<void>> make_way(error_code why) {
        ++losses_;
        if (rival_ && (losses_ > 1 || why == boost::system::errc::timed_out)) {
            starved_ = true;
            co_await io_request::drop(*rival_);
        }
        co_return result<void>();
    }
    failure lost(error_code why, bool unsent) const {
        bool const framed_wrongly = why.category() == framing_category();
        bool const cancelled = why == boost::system::errc::operation_canceled && !call_.shielded;
        failure f(why);
        if (!cancelled && !call_.repeatable() && !unsent)
            f = failure(
                errc::outcome_unknown,
                (framed_wrongly ? "the response cannot be read (" : "the connection was lost (") +
                    why.message() + ')',
                "check whether the request was carried out before repeating it");
        else if (framed_wrongly)
            f = failure(errc::malformed_response, why.message());
        f.info.unsent = unsent && !may_have_run_;
        return fail(std::move(f));
    }
    /// For a response that violates HTTP.
    failure malformed(std::string const& what) const {
        if (call_.repeatable())
            return fail(failure(errc::malformed_response, what));
        return fail(failure(errc::outcome_unknown, "the response is malformed: " + what,
                            "check whether the request was carried out before repeating it"));
    }
    [[nodiscard]] flow<result<void>> wait_to_repeat(failure why, clock::duration at_least);

    Session& session_;
    channel_id on_;
    endpoint_call const& call_;
    std::string line_;
    std::string authorization_;     ///< of the last request
    secrets hidden_;                ///< of the last request
    std::optional<io_result> sent_; ///< result of sending, until the response is awaited
    body_reader<Session> body_;
    unsigned attempts_ = 0;
    unsigned stale_ = 0;
    bool may_have_run_ = false; ///< sent before, and no response said whether it ran
    std::optional<clock::time_point> begun_;
    std::optional<url> base_;       ///< base URL of the last request, if one was looked up
    std::uint64_t base_number_ = 0; ///< number of that base URL
    std::optional<cancellation_shield> shield_;
    std::optional<channel_id> rival_;
    unsigned losses_ = 0; ///< connections without a response
    bool starved_ = false;
    bool renewed_ = false;
    bool asked_again_ = false; ///< base URL looked up again
    bool overloaded_ = false;
};

/// Describes where a document is not UTF-8 by the text before that place.
inline std::string not_utf8(std::string_view body) {
    constexpr std::size_t most = 80;
    std::size_t const at = valid_utf8_prefix(body);
    std::size_t begin = at - std::min(at, most);
    while (begin != at && (static_cast<unsigned char>(body[begin]) & 0xC0) == 0x80)
        ++begin;
    return "the document was not sent: it has invalid UTF-8 directly after: " +
           shown(body.substr(begin, at - begin));
}

/// Queries the login service on a separate channel and caches the result.
template <class Session>
flow<result<url>> find_base_url(Session& s) {
    result<url> given = parse_url(s.options.base_url ? *s.options.base_url : s.options.login_url);
    if (!given)
        co_return given.error();
    if (s.options.base_url) {
        if (given->target.find('?') != std::string::npos)
            co_return failure(errc::invalid_argument, "the base URL has a query");
        while (given->target.ends_with('/'))
            given->target.pop_back();
        s.base = *given;
        co_return *given;
    }
    endpoint_call ask;
    ask.to = *given;
    exchange<Session> asking(s, login_channel, ask);
    result<response_body> got = co_await asking.fetch();
    if (got && says_not_authenticated(got->body)) {
        result<bool> const new_value = co_await s.who.renew(asking.authorization());
        if (!new_value)
            co_return new_value.error();
        if (*new_value)
            got = co_await asking.fetch();
    }
    co_await io_request::release(login_channel);
    if (!got)
        co_return got.error();
    failure why(errc::not_authenticated, "the login service says: Not authenticated.",
                "check company, user and password");
    if (!says_not_authenticated(got->body)) {
        result<login_response> const said = parse_document<login_response>(got->body);
        result<url> base =
            said ? base_of(said->urls.apis.rest.bulk, *given, s.options) : said.error();
        if (base) {
            s.base = *base;
            s.site.reset();
            if (said->site.id != 0)
                s.site = said->site.id;
            ++s.base_number;
            co_return base;
        }
        why = base.error();
    }
    why = got->refused(std::move(why));
    why.info.status = 200;
    why.info.server.clear(); // the detail has the important part
    co_return why;
}

/// The base URL of the bulk API: from the options, or from the login service. The latter is queried
/// once and cached, however many operations start at the same time. Errors: those of `exchange` and
/// `base_of`, and `errc::not_authenticated`.
template <class Session>
[[nodiscard]] flow<result<url>> base_url(Session& s) {
    if (s.base)
        co_return *s.base;
    result<void> const waited =
        co_await detail::wait_for_others(s.finding_base, s.options.retry.total_time,
                                         "another operation is still looking up the base URL");
    if (!waited)
        co_return waited.error();
    if (s.base)
        co_return *s.base;
    shared_work::turn mine(s.finding_base);
    result<url> const found = co_await detail::find_base_url(s);
    mine.end(found);
    co_return found;
}

template <class Session>
flow<result<void>> exchange<Session>::wait_to_repeat(failure why, clock::duration at_least) {
    shield_.reset();
    io_result const now = co_await io_request::time();
    retry_policy const& policy = session_.options.retry;
    clock::duration const delay = std::max(backoff(policy, attempts_, session_.random()), at_least);
    if (attempts_ >= policy.attempts || delay > policy.total_time - (now.now - *begun_))
        co_return fail(std::move(why));
    session_.tell(&observer::on_retry, fail(why), delay);
    io_result const waited = co_await io_request::wait(delay);
    if (waited.ec) {
        failure stopped(waited.ec);
        stopped.info.unsent = why.info.unsent;
        co_return fail(std::move(stopped));
    }
    co_return result<void>();
}

template <class Session>
flow<result<void>> exchange<Session>::retry_after_error(failure why) {
    co_await io_request::drop(on_);
    may_have_run_ = true;
    if (why.code.category() == library_category()) // the response is complete, but wrong
        co_return fail(std::move(why));
    if (why.code == boost::system::errc::operation_canceled || !call_.repeatable() ||
        why.code.category() == framing_category())
        co_return lost(why.code, false);
    co_return co_await wait_to_repeat(std::move(why), clock::duration::zero());
}

template <class Session>
flow<result<url>> exchange<Session>::destination() {
    if (call_.to)
        co_return *call_.to;
    result<url> base = co_await base_url(session_);
    if (!base)
        co_return base;
    if (!session_.options.base_url)
        base_ = *base;
    base_number_ = session_.base_number;
    base->target += call_.path;
    co_return base;
}

/// Queries the login service once for the instance's current base URL. If it has moved, attempts
/// are counted from 0 again. False if the login service is not to be queried, or gives no base URL.
/// Error: cancellation.
template <class Session>
flow<result<bool>> exchange<Session>::look_elsewhere() {
    if (!base_ || call_.to || asked_again_)
        co_return false;
    asked_again_ = true;
    url const before = *base_;
    session_.forget_base(base_number_);
    result<url> const now = co_await base_url(session_);
    if (!now && now.error().code == boost::system::errc::operation_canceled)
        co_return now.error();
    if (now && (now->at != before.at || now->target != before.target)) {
        io_result const at = co_await io_request::time();
        begun_ = at.now;
        attempts_ = 0;
    }
    co_return now.has_value();
}

template <class Session>
flow<result<void>> exchange<Session>::send() {
    result<url> const to = co_await destination();
    if (!to)
        co_return before_sending(to.error());
    if (!detail::may_get_credentials(to->at, session_.options.allow_http)) {
        std::string const instead = call_.to ? "use https in client_options::login_url, or"
                                    : session_.options.base_url
                                        ? "use https in client_options::base_url, or"
                                        : "the login service gave this base URL;";
        co_return before_sending(failure(
            errc::invalid_argument,
            "credentials would be sent without TLS to " + to->at.text() + to->target,
            instead + " set client_options::allow_http if nobody can intercept the traffic"));
    }
    result<std::string> authorization = co_await session_.who.authorization();
    if (!authorization)
        co_return before_sending(authorization.error());
    authorization_ = std::move(*authorization);
    hidden_ = detail::secrets(authorization_);
    hidden_.add(call_.secrets);
    request q(call_.method, to->at, to->target);
    line_ = q.line();
    if (!call_.sends_rows && !is_valid_utf8(call_.body))
        co_return before_sending(fail(failure(errc::invalid_argument, detail::not_utf8(call_.body),
                                              "names, keys and statements must be UTF-8")));
    q.fields.set("Authorization", authorization_);
    q.fields.set("Accept", std::string(call_.accept));
    if (session_.options.accept_gzip)
        q.fields.set("Accept-Encoding", "gzip");
    q.body = call_.body;
    if (call_.method == verb::post || call_.method == verb::put)
        q.fields.set("Content-Type", std::string(call_.content_type));

    io_result const now = co_await io_request::time();
    body_.ask(line_, call_.body.size(), now.now);
    if (call_.shielded) {
        if (now.cancelled())
            co_return before_sending(fail(failure(now.ec)));
        shield_ = co_await io_request::shield();
    }
    ++attempts_;
    session_.tell(&observer::on_request, line_);
    sent_ = co_await io_request::send(on_, q);
    co_return result<void>();
}

template <class Session>
flow<bool> exchange<Session>::send_ahead() {
    result<void> const tried = co_await send();
    if (tried && !sent_->ec)
        co_return true;
    if (tried) {
        co_await io_request::drop(on_);
        sent_.reset();
        --attempts_;
    }
    co_return false;
}

template <class Session>
flow<result<head>> exchange<Session>::open() {
    if (!begun_) {
        io_result const now = co_await io_request::time();
        begun_ = now.now;
    }
    for (;;) {
        if (!sent_) {
            result<void> const tried = co_await send();
            if (!tried)
                co_return tried.error();
        }
        head h;
        io_result const sent = *sent_;
        sent_.reset();
        io_result came = sent;
        bool const unsent = sent.ec && sent.unsent;
        if (!sent.cancelled() && !unsent) {
            // Also if sending failed: an early 401 or 413 gives the reason.
            came = co_await io_request::read_head(on_, h);
            if (came.ec && sent.ec) {
                came.ec = sent.ec;
                came.stale = sent.stale;
            }
        }
        if (came.ec) {
            co_await io_request::drop(on_);
            may_have_run_ = may_have_run_ || !unsent;
            if (came.stale && call_.repeatable() &&
                stale_++ < session_.options.retry.stale_connections) {
                --attempts_; // the server never saw it
                continue;
            }
            if (step_after(came.ec, unsent, call_.repeatable()) == next_step::fail)
                co_return lost(came.ec, unsent);
            (void)co_await make_way(came.ec);
            result<void> waited =
                co_await wait_to_repeat(lost(came.ec, unsent), clock::duration::zero());
            if (!waited && unsent)
                waited = co_await try_elsewhere(waited.error());
            if (!waited)
                co_return waited.error();
            continue;
        }
        std::string const strange = detail::strange_head(h);
        if (!strange.empty()) {
            co_await io_request::drop(on_);
            may_have_run_ = true;
            co_return malformed(strange);
        }
        result<void> const readable = body_.begin(h, hidden_, came.now);
        sent_request about(call_.method, call_.repeatable());
        about.may_have_run = may_have_run_;
        about.sent_in_full = !sent.ec;
        about.renewed = renewed_;
        next_step step = step_after(h.status, false, about);
        if (sent.ec && h.status >= 200 && h.status < 300) { // only a part of the request was sent
            body_.end();
            co_await io_request::drop(on_);
            may_have_run_ = true;
            if (step == next_step::fail)
                co_return lost(sent.ec, false);
            result<void> const waited =
                co_await wait_to_repeat(failure(sent.ec), clock::duration::zero());
            if (!waited)
                co_return waited.error();
            continue;
        }
        if (step == next_step::accept) {
            if (readable)
                co_return h;
            co_await io_request::drop(on_);
            failure why = readable.error();
            why.info.status = h.status;
            co_return fail(std::move(why));
        }

        // An error. Its text helps, but does not decide whether it is one.
        result<std::string> body = readable.error();
        if (readable)
            body = co_await body_.read_all(64 * 1024, 0);
        if (!body) {
            co_await io_request::drop(on_);
            if (body.error().code == boost::system::errc::operation_canceled)
                co_return fail(body.error());
        }
        error_body const said = read_refusal(body ? *body : std::string());
        failure why = refused(h, said);
        step = step_after(h.status, said.permanent, about);
        if (step == next_step::renew_credentials) {
            renewed_ = true;
            --attempts_;
            result<bool> const renewed = co_await renew_after_401(
                session_, authorization_, base_number_, call_.to.has_value());
            if (!renewed)
                co_return renewed.error();
            if (*renewed)
                continue;
            ++attempts_;
            step = next_step::fail;
        }
        bool const in_doubt = leaves_in_doubt(h.status, call_.repeatable());
        may_have_run_ = may_have_run_ || in_doubt;
        overloaded_ = overloaded_ || h.status == 429 || h.status == 503;
        if (in_doubt && !call_.repeatable() && !said.permanent) {
            why.info.detail = "HTTP status " + std::to_string(h.status);
            why.code = make_error_code(errc::outcome_unknown);
            why.info.advice = "check whether the request was carried out before repeating it";
        }
        if (step == next_step::fail)
            co_return why;
        if (step == next_step::look_elsewhere) {
            unsigned const made = attempts_--;
            result<bool> const asked = co_await look_elsewhere();
            if (!asked)
                co_return asked.error();
            if (*asked)
                continue;
            attempts_ = made;
            co_return why;
        }
        clock::duration const at_least =
            retry_after(h).value_or(severity_delay(session_.options.retry, said.error_severity));
        result<void> waited = co_await wait_to_repeat(std::move(why), at_least);
        if (!waited && h.status == 503)
            waited = co_await try_elsewhere(waited.error());
        if (!waited)
            co_return waited.error();
    }
}

template <class Session>
flow<result<response_body>> exchange<Session>::fetch() {
    for (;;) {
        result<head> const opened = co_await open();
        if (!opened)
            co_return opened.error();
        result<std::string> body =
            co_await body_.read_all(session_.options.document_bytes, call_.most_items);
        if (body) {
            response_body whole;
            whole.body = std::move(*body);
            if (!call_.response_has_secrets) {
                secrets token;
                token.add(std::string_view(authorization_).substr(authorization_.find(' ') + 1));
                token.hide_in(whole.body, 16);
            }
            whole.line = line_;
            whole.attempts = attempts_;
            whole.any_offset = session_.options.ignore_offset_echo;
            whole.authorization = authorization_;
            whole.values = session_.options.row_values;
            whole.document_bytes = session_.options.document_bytes;
            whole.list_bytes = session_.options.list_bytes;
            whole.complete = &complete_failure;
            co_return whole;
        }
        if (result<void> const waited = co_await retry_after_error(body.error()); !waited)
            co_return waited.error();
    }
}

} // namespace eloqua::bulk::detail
