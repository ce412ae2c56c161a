// SPDX-License-Identifier: BSL-1.0
/// \file
/// OAuth 2: consent, tokens, and credentials that renew them. Include it only where you create a
/// client. POSIX only, since tokens are kept in a file.
#pragma once

#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/http/shared_work.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/oauth_application.hpp>
#include <eloqua/bulk/token_store.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// OAuth 2 credentials, with tokens kept in a store:
///
///     bulk::oauth_application app{"client id", "client secret", "https://client.example.com/cb"};
///     bulk::client client{bulk::beast_transport{},
///                         bulk::oauth_credentials{app, bulk::file_token_store{"tokens.json"}}};
///
/// The store must already contain tokens, from `exchange_code` or `exchange_password`. An access
/// token is renewed shortly before it expires and when the service refuses it. New tokens are
/// stored before they are used. A refresh token works only once, so two renewals never run at the
/// same time: flows of one client wait for the first, and clients that share a store take turns
/// with the store's lock and use the tokens that another one has stored.
///
/// Errors of operations that need new tokens: `errc::not_authenticated` if there is no refresh
/// token or it is refused, so that the user has to authorise again; `errc::outcome_unknown` if the
/// response of the login service is lost, so that the refresh token may be used up;
/// `errc::token_store_failed`; `errc::deadline_exceeded` if another client keeps the store locked.
/// The request that needed the tokens was then not sent.
///
/// Cancelling an operation loses no tokens. Once it has started to send a refresh token, it ends
/// only when the new tokens are stored, or when it is known that no new tokens will come. That may
/// take as long as the transport's `deadlines` allow for one request. An operation that only waits
/// for those tokens is cancelled at once, without side effects. If you end the process or destroy
/// the execution context during a renewal, the user's consent may be lost, as with any client: let
/// `run()` return first.
///
/// Copies share the tokens. Use all of them on the thread or strand of their client.
template <token_store Store>
class oauth_credentials {
public:
    /// Tokens are loaded from `in` when they are first needed.
    oauth_credentials(oauth_application by, Store in, oauth_options options = oauth_options())
        : self_(std::make_shared<state>(std::move(by), std::move(in), std::move(options))) {}

    /// @{
    /// See `credentials`.
    flow<result<std::string>> authorization() { return authorize(self_); }
    flow<result<bool>> renew(std::string refused) { return replace(self_, std::move(refused)); }
    /// @}

private:
    struct state {
        oauth_application app;
        Store store;
        oauth_options options;

        oauth_tokens current; ///< as in the store, unless storing them failed
        std::optional<timestamp> renew_at;
        /// Tokens that could not be stored, and the refresh token they were exchanged for.
        std::optional<oauth_tokens> unstored;
        std::string spent;
        /// A refresh token that the service refused, and its message.
        std::string bad_refresh_token;
        failure refusal;

        detail::shared_work renewing;

        state(oauth_application a, Store s, oauth_options o)
            : app(std::move(a)), store(std::move(s)), options(std::move(o)) {}

        /// Whether there is an access token other than this one that does not expire soon.
        bool usable(std::string_view refused) const {
            return !current.access_token.empty() && current.access_token != refused &&
                   !(renew_at && detail::time_of_day(options) >= *renew_at);
        }
        timestamp::duration margin() const {
            return std::chrono::duration_cast<timestamp::duration>(options.renew_before);
        }
        void use_fresh(oauth_tokens tokens) {
            renew_at.reset();
            if (tokens.expires_at) {
                timestamp const now = detail::time_of_day(options);
                renew_at =
                    std::max(*tokens.expires_at - margin(), now + (*tokens.expires_at - now) / 2);
            }
            current = std::move(tokens);
        }
        void use_loaded(oauth_tokens tokens) {
            if (tokens.access_token == current.access_token &&
                tokens.refresh_token == current.refresh_token)
                return;
            renew_at.reset();
            if (tokens.expires_at)
                renew_at = *tokens.expires_at - margin();
            current = std::move(tokens);
        }
    };
    using shared = std::shared_ptr<state>;

    /// The store's lock, while it is held.
    struct lock {
        shared s;
        bool held = false;
        explicit lock(shared of) : s(std::move(of)) {}
        lock(lock const&) = delete;
        lock& operator=(lock const&) = delete;
        ~lock() {
            if (held)
                s->store.unlock();
        }
    };

    static flow<result<std::string>> authorize(shared s) {
        if (!s->usable({})) {
            result<void> const done = co_await make_usable(s, std::string());
            if (!done)
                co_return done.error();
        }
        co_return "Bearer " + s->current.access_token;
    }

    static flow<result<bool>> replace(shared s, std::string refused) {
        refused.erase(0, std::string_view("Bearer ").size());
        result<void> const done = co_await make_usable(s, std::move(refused));
        if (!done)
            co_return done.error();
        co_return true;
    }

    static flow<result<void>> make_usable(shared s, std::string refused) {
        detail::io_result const begun = co_await detail::io_request::time();
        result<void> const waited = co_await detail::wait_for_others(
            s->renewing, s->options.patience, "a renewal of the tokens takes too long");
        if (!waited)
            co_return waited.error();
        if (s->usable(refused))
            co_return result<void>();
        detail::shared_work::turn mine(s->renewing);
        result<void> const done = co_await renew_alone(s, std::move(refused), begun.now);
        mine.end(done);
        co_return done;
    }

    /// The only renewal of this client; waits for its turn among all clients of the store.
    static flow<result<void>> renew_alone(shared s, std::string refused, clock::time_point begun) {
        lock mine(s);
        for (unsigned n = 1; !mine.held; ++n) {
            result<bool> const locked = s->store.try_lock();
            if (!locked)
                co_return locked.error();
            mine.held = *locked;
            // Another client may have renewed them before we got the lock.
            result<oauth_tokens> stored = s->store.load();
            if (!stored)
                co_return stored.error();
            bool const superseded = s->unstored && stored->refresh_token != s->spent;
            if (superseded || !s->unstored) {
                s->unstored.reset();
                s->use_loaded(std::move(*stored));
                if (s->usable(refused))
                    co_return result<void>();
            }
            if (mine.held)
                break;
            result<bool> const waited =
                co_await detail::wait_a_little(begun, s->options.patience, n);
            if (!waited)
                co_return waited.error();
            if (!*waited)
                co_return failure(errc::deadline_exceeded,
                                  "another client keeps the token store locked");
        }
        if (!s->unstored) {
            result<void> const traded = co_await trade(s);
            if (!traded)
                co_return traded;
        }
        result<void> const kept = s->store.store(*s->unstored);
        if (!kept) {
            failure why = kept.error();
            why.info.advice += why.info.advice.empty() ? "" : "; ";
            why.info.advice += "the new tokens exist only in this process: keep it running and try "
                               "again, otherwise the user must authorise again";
            co_return why;
        }
        s->use_fresh(std::move(*s->unstored));
        s->unstored.reset();
        co_return result<void>();
    }

    /// Uses up the refresh token; the new tokens go to `unstored`. There is no I/O request between
    /// the response and the store, so a cancellation that waited for the response takes effect
    /// after both.
    static flow<result<void>> trade(shared s) {
        std::string const& token = s->current.refresh_token;
        if (token.empty())
            co_return failure(errc::not_authenticated, "there is no refresh token in the store",
                              detail::authorise_again);
        if (token == s->bad_refresh_token)
            co_return s->refusal;
        s->spent = token;
        result<oauth_tokens> fresh = co_await detail::request_tokens(
            s->app, s->options, detail::refresh_request(s->app, s->spent));
        if (!fresh) {
            if (fresh.error().info.server.starts_with("invalid_grant")) {
                s->bad_refresh_token = s->spent;
                s->refusal = fresh.error();
            }
            co_return fresh.error();
        }
        if (fresh->refresh_token.empty())
            fresh->refresh_token = s->spent;
        s->unstored = std::move(*fresh);
        co_return result<void>();
    }

    shared self_;
};

} // namespace eloqua::bulk
