// SPDX-License-Identifier: BSL-1.0
/// \file
/// Where the tokens of OAuth 2 are kept.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/documents.hpp>

#include <boost/describe/class.hpp>

#include <concepts>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace eloqua::bulk {

/// What a user's consent is worth. Secrets, all of it. A refresh token alone will do to begin with.
struct oauth_tokens {
    std::string access_token;
    std::string refresh_token;           ///< works once; empty if there is none
    std::optional<timestamp> expires_at; ///< of the access token; empty if that is not known
};
BOOST_DESCRIBE_STRUCT(oauth_tokens, (), (access_token, refresh_token, expires_at))

/// Keeps the tokens of one user, and a lock among all who use them.
///
/// - `load()` gives what was stored last, tokens without a character if nothing ever was.
/// - `store(t)` returns when `t` is kept durably; after an error either the old tokens are there or
///   the new ones.
/// - `try_lock()` never waits: false while somebody else holds the lock, be it in this process or
///   in another. Who holds it may renew the tokens. It must not outlive its holder's process.
/// - `unlock()` gives up a lock held.
///
/// Errors: `errc::token_store_failed`, without secrets in their text. No exceptions.
template <class S>
concept token_store = std::movable<S> && requires(S& s, oauth_tokens const& t) {
    { s.load() } -> std::same_as<result<oauth_tokens>>;
    { s.store(t) } -> std::same_as<result<void>>;
    { s.try_lock() } -> std::same_as<result<bool>>;
    s.unlock();
};

/// Keeps tokens as long as the process lives: for tests, and for programs that keep the refresh
/// token by other means. Copies share tokens and lock, and may be used by several threads.
class memory_token_store {
    struct shared {
        std::mutex mutex;
        oauth_tokens tokens;
        bool locked = false;
    };

public:
    explicit memory_token_store(oauth_tokens tokens = oauth_tokens())
        : self_(std::make_shared<shared>()) {
        self_->tokens = std::move(tokens);
    }

    [[nodiscard]] result<oauth_tokens> load() const {
        std::lock_guard const one_at_a_time(self_->mutex);
        return self_->tokens;
    }
    result<void> store(oauth_tokens const& tokens) {
        std::lock_guard const one_at_a_time(self_->mutex);
        self_->tokens = tokens;
        return {};
    }
    [[nodiscard]] result<bool> try_lock() {
        std::lock_guard const one_at_a_time(self_->mutex);
        return !std::exchange(self_->locked, true);
    }
    void unlock() {
        std::lock_guard const one_at_a_time(self_->mutex);
        self_->locked = false;
    }

private:
    std::shared_ptr<shared> self_;
};

static_assert(token_store<memory_token_store>);

} // namespace eloqua::bulk
