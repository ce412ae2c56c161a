// SPDX-License-Identifier: BSL-1.0
/// \file
/// Storage of OAuth 2 tokens: the concept, and a file that the processes of one machine share
/// (POSIX only).
#pragma once

#include <eloqua/bulk/detail/file/own_file.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>

#include <boost/describe/class.hpp>

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace eloqua::bulk {

/// The tokens of a user's consent. All of them are secrets. A refresh token alone is enough to
/// start with.
struct oauth_tokens {
    std::string access_token;            ///< for the Authorization header; may be empty
    std::string refresh_token;           ///< works only once; may be empty
    std::optional<timestamp> expires_at; ///< of the access token; empty if unknown
};
BOOST_DESCRIBE_STRUCT(oauth_tokens, (), (access_token, refresh_token, expires_at))

/// Stores the tokens of one user, with a lock among all who use them.
///
/// - `load()` returns the tokens stored last, or empty tokens if nothing was stored.
/// - `store(t)` returns when `t` is durable. After an error, either the old or the new tokens are
///   stored.
/// - `try_lock()` never waits: false while anyone else holds the lock, in this process or another.
///   The holder may renew the tokens. The lock must end with its holder's process.
/// - `unlock()` releases the lock.
///
/// Errors: `errc::token_store_failed`, without secrets in the message. No exceptions.
template <class S>
concept token_store = std::movable<S> && requires(S& s, oauth_tokens const& t) {
    { s.load() } -> std::same_as<result<oauth_tokens>>;
    { s.store(t) } -> std::same_as<result<void>>;
    { s.try_lock() } -> std::same_as<result<bool>>;
    s.unlock();
};

/// Stores tokens for the lifetime of the process: for tests, and for programs that store the
/// refresh token themselves. Copies share tokens and lock. Thread-safe.
class memory_token_store {
    struct shared {
        std::mutex mutex;
        oauth_tokens tokens;
        bool locked = false;
    };

public:
    /// With tokens, or empty.
    explicit memory_token_store(oauth_tokens tokens = oauth_tokens())
        : self_(std::make_shared<shared>()) {
        self_->tokens = std::move(tokens);
    }

    /// @{
    /// See `token_store`.
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
    /// @}

private:
    std::shared_ptr<shared> self_;
};

static_assert(token_store<memory_token_store>);

namespace detail {

/// The first member of any file of tokens, whatever a newer version may add.
struct token_file_version {
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(token_file_version, (), (version))

struct token_file : token_file_version, oauth_tokens {};
BOOST_DESCRIBE_STRUCT(token_file, (token_file_version, oauth_tokens), ())

} // namespace detail

/// Stores tokens in a JSON file, with a format version, that only its owner can read.
///
/// Storing replaces the whole file: a new file is written beside it, forced to disk and renamed,
/// so that a crash at any moment leaves either the old or the new tokens. Refused are a file that
/// belongs to another user, that others may read or that has a second name, links, and anything
/// that is not a regular file with only tokens in it. A missing file counts as empty.
///
/// The lock is an flock() on a second file, with ".lock" added to the name, which is never
/// deleted. It works between processes and between stores of one process, and ends with the
/// process. It does not work on network file systems without support for flock(). If the lock file
/// is deleted or replaced, the lock is void: `load` then fails, before tokens are used up. Not
/// thread-safe. The folder must exist.
class file_token_store {
public:
    /// Opens nothing until it is used.
    explicit file_token_store(std::filesystem::path path) : path_(std::move(path)) {}

    /// @{
    /// See `token_store`.
    [[nodiscard]] result<oauth_tokens> load() const {
        // Whoever loads under the lock is about to use up the refresh token.
        if (lock_ && !detail::is_named(lock_.get(), lock_path()))
            return failed("has lost its lock: '" + lock_path().string() +
                              "' was removed or replaced while it was held",
                          0, "do not remove or replace that file");
        detail::unique_fd file;
        if (auto const why = detail::open_own(path_, O_RDONLY, true, file))
            return why->error == ENOENT ? result<oauth_tokens>(oauth_tokens())
                                        : failed(why->text(), 0, why->advice);
        std::string text;
        if (int const why = detail::read_all(file.get(), text, most))
            return failed("cannot be read", why);
        return parse(text);
    }

    result<void> store(oauth_tokens const& tokens) {
        detail::token_file document;
        static_cast<oauth_tokens&>(document) = tokens;
        std::string const text = write_document(document);
        std::string fresh = path_.string() + ".XXXXXX";
        int why = 0;
        {
            detail::unique_fd const file(::mkostemp(fresh.data(), O_CLOEXEC)); // with mode 0600
            if (!file)
                return failed("cannot be replaced: no file can be created next to it", errno);
            why = detail::write_all(file.get(), text);
            if (!why && ::fsync(file.get()) != 0)
                why = errno;
        }
        if (!why && ::rename(fresh.c_str(), path_.c_str()) != 0)
            why = errno;
        if (why) {
            ::unlink(fresh.c_str());
            return failed("cannot be replaced", why);
        }
        why = detail::sync_names(detail::folder_of(path_));
        if (why)
            return failed("was replaced, but may not survive a crash", why);
        return {};
    }

    [[nodiscard]] result<bool> try_lock() {
        if (lock_)
            return false;
        detail::unique_fd file;
        bool busy = false;
        if (auto const why = detail::lock_own(lock_path(), file, busy))
            return failed("cannot be locked: '" + lock_path().string() + "' " + why->text(), 0,
                          why->advice);
        if (busy)
            return false;
        lock_ = std::move(file);
        return true;
    }

    void unlock() {
        if (lock_) // closing is not enough: a child process may have a copy
            ::flock(lock_.get(), LOCK_UN);
        lock_ = detail::unique_fd();
    }
    /// @}

private:
    static constexpr std::size_t most = 1024 * 1024; ///< maximum size of the file in bytes

    std::filesystem::path lock_path() const { return path_.string() + ".lock"; }

    failure failed(std::string what, int error = 0, std::string advice = std::string()) const {
        std::string text = "the token file '" + path_.string() + "' " + what;
        if (error)
            text += " (" + std::generic_category().message(error) + ")";
        return failure(errc::token_store_failed, std::move(text), std::move(advice));
    }

    result<oauth_tokens> parse(std::string const& text) const {
        auto const version = parse_document<detail::token_file_version>(text);
        if (version && version->version != 1)
            return failed("has version " + std::to_string(version->version) +
                              ", which this program does not support",
                          0, "use a newer version of this program");
        auto read = version ? parse_document<detail::token_file>(text)
                            : result<detail::token_file>(version.error());
        if (!read)
            return failed("contains no readable tokens", 0, "remove it and authorise again");
        return oauth_tokens(std::move(*read));
    }

    std::filesystem::path path_;
    detail::unique_fd lock_;
};

static_assert(token_store<file_token_store>);

} // namespace eloqua::bulk
