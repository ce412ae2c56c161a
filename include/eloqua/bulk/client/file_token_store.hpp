// SPDX-License-Identifier: BSL-1.0
/// \file
/// Tokens in a file, shared by the processes of one machine. POSIX only.
#pragma once

#include <eloqua/bulk/client/descriptor.hpp>
#include <eloqua/bulk/client/token_store.hpp>
#include <eloqua/bulk/codec/json.hpp>

#include <boost/describe/class.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace eloqua::bulk {

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
/// belongs to another user or that others may read is refused, and so is one that is no regular
/// file or holds anything but tokens; a missing file is one without tokens.
///
/// The lock is an flock() on a second file, of the same name and ".lock", which stays. It holds
/// between processes and between stores of one process, and ends with the process; not on file
/// systems of a network whose flock() does not reach other machines. A store belongs to one thread
/// at a time. Its folder must exist.
class file_token_store {
public:
    explicit file_token_store(std::filesystem::path path) : path_(std::move(path)) {}

    [[nodiscard]] result<oauth_tokens> load() const {
        // Neither follows a link nor waits for the writer of a pipe.
        detail::descriptor const file(
            ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        if (!file)
            return errno == ENOENT ? result<oauth_tokens>(oauth_tokens())
                                   : failed("cannot be opened", errno);
        struct stat about{};
        if (::fstat(file.get(), &about) != 0)
            return failed("cannot be examined", errno);
        if (!S_ISREG(about.st_mode))
            return failed("is no regular file");
        if (about.st_uid != ::geteuid())
            return failed("belongs to another user");
        if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            return failed("can be read by others", 0, "chmod 600 it, and better authorise anew");
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
            detail::descriptor const file(::mkostemp(fresh.data(), O_CLOEXEC)); // with mode 0600
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
        std::filesystem::path const folder = path_.has_parent_path() ? path_.parent_path() : ".";
        detail::descriptor const entries(
            ::open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
        if (!entries || ::fsync(entries.get()) != 0)
            return failed("was replaced, but perhaps not durably", errno);
        return {};
    }

    [[nodiscard]] result<bool> try_lock() {
        if (lock_)
            return false;
        std::string const name = path_.string() + ".lock";
        detail::descriptor file(
            ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
        if (!file)
            return failed("cannot be locked", errno);
        int taken = 0;
        do
            taken = ::flock(file.get(), LOCK_EX | LOCK_NB);
        while (taken != 0 && errno == EINTR);
        if (taken != 0)
            return errno == EWOULDBLOCK ? result<bool>(false) : failed("cannot be locked", errno);
        lock_ = std::move(file);
        return true;
    }

    void unlock() {
        if (lock_) // not by closing alone: a child process may have a copy
            ::flock(lock_.get(), LOCK_UN);
        lock_ = detail::descriptor();
    }

private:
    static constexpr std::size_t most = 1024 * 1024; ///< bytes that are read

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
    detail::descriptor lock_;
};

static_assert(token_store<file_token_store>);

} // namespace eloqua::bulk
