// SPDX-License-Identifier: BSL-1.0
/// \file
/// Where the tokens of OAuth 2 are kept: the interface, and a file that the processes of one
/// machine share (POSIX only).
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

/// What a user's consent is worth. Secrets, all of it. A refresh token alone will do to begin with.
struct oauth_tokens {
    std::string access_token;
    std::string refresh_token;           ///< works once; may be empty
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

namespace detail {

/// The first member of any file of tokens, whatever else a newer version may hold.
struct token_file_version {
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(token_file_version, (), (version))

struct token_file : token_file_version, oauth_tokens {};
BOOST_DESCRIBE_STRUCT(token_file, (token_file_version, oauth_tokens), ())

} // namespace detail

/// Keeps tokens in a file of JSON, with a version, that only its owner can read.
///
/// Storing replaces the file as a whole: a new one is written beside it, forced to the disk and
/// renamed, so that a crash at any moment leaves the old tokens or the new ones. A file that
/// belongs to another user, that others may read or that has a second name is refused, and so is a
/// link, and what is not a regular file or holds anything but tokens; a missing file is one without
/// tokens.
///
/// The lock is an flock() on a second file, of the same name and ".lock", which stays. It holds
/// between processes and between stores of one process, and ends with the process; not on file
/// systems of a network whose flock() does not reach other machines. A lock file that is removed or
/// replaced locks nobody out any more: `load` fails then, before tokens are spent. A store belongs
/// to one thread at a time. Its folder must exist.
class file_token_store {
public:
    explicit file_token_store(std::filesystem::path path) : path_(std::move(path)) {}

    [[nodiscard]] result<oauth_tokens> load() const {
        // Who loads under the lock is about to spend what is loaded.
        if (lock_ && !detail::is_named(lock_.get(), lock_path()))
            return failed("has lost its lock: '" + lock_path().string() +
                              "' was removed or replaced while it was held",
                          0, "leave that file where it is");
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
                return failed("cannot be replaced: no file can be made beside it", errno);
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
            return failed("was replaced, but perhaps not durably", why);
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
        if (lock_) // not by closing alone: a child process may have a copy
            ::flock(lock_.get(), LOCK_UN);
        lock_ = detail::unique_fd();
    }

private:
    static constexpr std::size_t most = 1024 * 1024; ///< bytes that are read

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
            return failed("is of version " + std::to_string(version->version) +
                              ", which this program does not know",
                          0, "use a newer version of this program");
        auto read = version ? parse_document<detail::token_file>(text)
                            : result<detail::token_file>(version.error());
        if (!read)
            return failed("holds no tokens that can be read", 0, "remove it and authorise anew");
        return oauth_tokens(std::move(*read));
    }

    std::filesystem::path path_;
    detail::unique_fd lock_;
};

static_assert(token_store<file_token_store>);

} // namespace eloqua::bulk
