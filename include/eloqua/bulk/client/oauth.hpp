// SPDX-License-Identifier: BSL-1.0
/// \file
/// OAuth 2 credentials: access tokens that renew themselves.
#pragma once

#include <eloqua/bulk/client/oauth_application.hpp>
#include <eloqua/bulk/client/token_request.hpp>
#include <eloqua/bulk/client/token_store.hpp>
#include <eloqua/bulk/wire/credentials.hpp>
#include <eloqua/bulk/wire/flow.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// Credentials by OAuth 2, with tokens that a store keeps:
///
///     bulk::oauth_application app{"client id", "client secret", "https://client.example.com/cb"};
///     bulk::client client{bulk::beast_transport{},
///                         bulk::oauth_credentials{app, bulk::file_token_store{"tokens.json"}}};
///
/// The store must hold tokens already, from `exchange_code` or `exchange_password`. An access token
/// is renewed shortly before its end and when the service refuses it. New tokens are stored before
/// they are used. Refresh tokens work once, so no two renewals are ever under way: flows of one
/// client wait for the first, and clients that share a store take the store's lock in turns and use
/// what the other has stored meanwhile.
///
/// Errors of operations that need new tokens: `errc::not_authenticated` if there is no refresh
/// token or it is refused, and the user has to authorise again; `errc::outcome_unknown` if the
/// answer of the login service is lost, so that the refresh token may be spent, with the same words
/// for an operation that is cancelled just then; `errc::token_store_failed`;
/// `errc::deadline_exceeded` if another client keeps the store locked. The request that needed the
/// tokens was not made then.
///
/// Copies share the tokens; all belong to the thread or strand of their client.
template <token_store Store>
class oauth_credentials {
public:
    oauth_credentials(oauth_application by, Store in, oauth_options options = oauth_options())
        : self_(std::make_shared<state>(std::move(by), std::move(in), std::move(options))) {}

    flow<result<std::string>> authorization() { return authorize(self_); }
    flow<result<bool>> renew(std::string refused) { return replace(self_, std::move(refused)); }

private:
    struct state {
        oauth_application app;
        Store store;
        oauth_options options;

        oauth_tokens current; ///< as the store has them, but for a failure of it
        std::optional<timestamp> renew_at;
        /// Tokens that the store did not take; and the refresh token they were traded for.
        std::optional<oauth_tokens> unstored;
        std::string spent;
        /// A refresh token that the service refused, and in which words.
        std::string bad_refresh_token;
        failure refusal;

        bool renewing = false;
        std::uint64_t renewals = 0; ///< that came to an end
        std::optional<failure> last_failure;

        state(oauth_application a, Store s, oauth_options o)
            : app(std::move(a)), store(std::move(s)), options(std::move(o)) {}

        /// Whether there is an access token, not this one, which is not about to end.
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

    /// Marks a renewal, and ends it and its lock even if the flow is abandoned.
    struct renewal {
        shared s;
        bool locked = false;
        explicit renewal(shared of) : s(std::move(of)) { s->renewing = true; }
        renewal(renewal const&) = delete;
        renewal& operator=(renewal const&) = delete;
        ~renewal() {
            if (locked)
                s->store.unlock();
            s->renewing = false;
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

    /// Waits with growing delays. False when patience is at its end.
    static flow<result<bool>> wait_a_little(shared s, clock::time_point begun, unsigned n) {
        outcome const now = co_await wish::time();
        if (now.now - begun >= s->options.patience)
            co_return false;
        clock::duration const delay =
            detail::doubled(std::chrono::milliseconds(50), std::chrono::seconds(1), n);
        outcome const waited = co_await wish::wait(delay);
        if (waited.ec)
            co_return failure(waited.ec);
        co_return true;
    }

    static flow<result<void>> make_usable(shared s, std::string refused) {
        outcome const begun = co_await wish::time();
        std::uint64_t const before = s->renewals;
        for (unsigned n = 1; s->renewing; ++n) {
            result<bool> const waited = co_await wait_a_little(s, begun.now, n);
            if (!waited)
                co_return waited.error();
            if (!*waited)
                co_return failure(errc::deadline_exceeded,
                                  "a renewal of the tokens takes too long");
            if (s->renewals != before && s->last_failure)
                co_return *s->last_failure;
        }
        if (s->usable(refused))
            co_return result<void>();
        renewal mine(s);
        result<void> const done = co_await renew_alone(mine, std::move(refused), begun.now);
        if (done || done.error().code != boost::system::errc::operation_canceled) {
            ++s->renewals;
            s->last_failure.reset();
            if (!done)
                s->last_failure = done.error();
        }
        co_return done;
    }

    /// The only renewal of this client; waits for its turn among all clients of the store.
    static flow<result<void>> renew_alone(renewal& mine, std::string refused,
                                          clock::time_point begun) {
        shared const s = mine.s;
        for (unsigned n = 1; !mine.locked; ++n) {
            result<bool> const locked = s->store.try_lock();
            if (!locked)
                co_return locked.error();
            mine.locked = *locked;
            // Somebody may have renewed them while the lock was not ours.
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
            if (mine.locked)
                break;
            result<bool> const waited = co_await wait_a_little(s, begun, n);
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
            why.info.advice += "the new tokens are in this process only: keep it running and try "
                               "again, else the user must authorise again";
            co_return why;
        }
        s->use_fresh(std::move(*s->unstored));
        s->unstored.reset();
        co_return result<void>();
    }

    /// Spends the refresh token; what comes is `unstored`.
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
