// SPDX-License-Identifier: BSL-1.0
/// \file
/// Operations on durable files, replaceable so that tests can make any of them fail. POSIX only.
#pragma once

#include <eloqua/bulk/detail/file/own_file.hpp>
#include <eloqua/bulk/error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <utility>

namespace eloqua::bulk {

/// An open file, locked against other openings through this interface. The destructor closes it.
/// Errors: `errc::journal_failed`, with the file's name. The file's state is then unknown.
class durable_file {
public:
    virtual ~durable_file() = default;
    /// The size in bytes.
    [[nodiscard]] virtual result<std::uint64_t> size() const = 0;
    /// The whole content.
    [[nodiscard]] virtual result<std::string> read_all() const = 0;
    /// Appends to the end of the file. A crash before the next `sync` may undo all or part of it.
    [[nodiscard]] virtual result<void> append(std::string_view text) = 0;
    /// Cuts the file to this size in bytes.
    [[nodiscard]] virtual result<void> truncate(std::uint64_t size) = 0;
    /// Forces the content to disk. For the name of a new file, also call `sync_folder`. Additional
    /// error: the file was removed or replaced in the meantime, so its content would be lost.
    [[nodiscard]] virtual result<void> sync() = 0;
    /// Renames the file and replaces any file of that name.
    [[nodiscard]] virtual result<void> rename(std::filesystem::path const& to) = 0;
};

/// The result of opening a file.
using opened_file = result<std::unique_ptr<durable_file>>;

/// Operations on files by name. Errors are those of `durable_file`.
class file_operations {
public:
    virtual ~file_operations() = default;
    /// Opens a file that only this program should write to, or creates it. Additional error:
    /// `errc::in_use` if it is already open, in this process or another.
    [[nodiscard]] virtual opened_file open(std::filesystem::path const& path) = 0;
    /// Creates an empty file. A file that had this name before loses it.
    [[nodiscard]] virtual opened_file create(std::filesystem::path const& path) = 0;
    /// Opens or creates a file of rows at a place of the caller's choice, or opens a stream.
    /// Additional error: `errc::in_use`.
    [[nodiscard]] virtual opened_file open_data(std::filesystem::path const& path) = 0;
    /// Whether it exists and its output cannot be taken back: a pipe, a terminal, standard output.
    /// Streams have no size and are neither locked nor truncated.
    [[nodiscard]] virtual bool is_stream(std::filesystem::path const& path) = 0;
    /// The size in bytes; empty if the file does not exist.
    [[nodiscard]] virtual result<std::optional<std::uint64_t>>
    size_of(std::filesystem::path const& path) = 0;
    /// Deletes a file.
    [[nodiscard]] virtual result<void> remove(std::filesystem::path const& path) = 0;
    /// Forces the name of a file to disk after it was created, renamed or deleted.
    [[nodiscard]] virtual result<void> sync_folder(std::filesystem::path const& path) = 0;
};

/// The files of this machine. New files are readable only by their owner. Files are locked by
/// flock(). On network file systems without support for it, this does not lock out other machines.
///
/// `open` accepts only regular files that belong to the user, have one name and cannot be written
/// by others. It follows no links. `open_data` follows links created by the user or by root, but
/// not in a folder that everyone can write to; in such a folder, the file must also belong to the
/// user. It accepts "/dev/stdout" for the standard output of the process, wherever that leads. A
/// named pipe needs a reader before it is opened. If the reader ends, the process gets SIGPIPE as
/// usual.
class posix_files final : public file_operations {
public:
    /// The one object that is used by default.
    static posix_files& instance() {
        static posix_files one;
        return one;
    }

    [[nodiscard]] opened_file open(std::filesystem::path const& path) override;
    [[nodiscard]] opened_file create(std::filesystem::path const& path) override;
    [[nodiscard]] opened_file open_data(std::filesystem::path const& path) override;

    [[nodiscard]] bool is_stream(std::filesystem::path const& path) override {
        struct stat about{};
        return path == standard_output || (::stat(path.c_str(), &about) == 0 &&
                                           !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode));
    }
    [[nodiscard]] result<std::optional<std::uint64_t>>
    size_of(std::filesystem::path const& path) override {
        struct stat about{};
        if (::stat(path.c_str(), &about) == 0)
            return std::optional<std::uint64_t>(static_cast<std::uint64_t>(about.st_size));
        if (errno == ENOENT)
            return std::optional<std::uint64_t>();
        return failed(path, "cannot be examined", errno);
    }
    /// See `file_operations`.
    [[nodiscard]] result<void> remove(std::filesystem::path const& path) override {
        if (::unlink(path.c_str()) != 0)
            return failed(path, "cannot be removed", errno);
        return {};
    }
    [[nodiscard]] result<void> sync_folder(std::filesystem::path const& path) override {
        std::filesystem::path const folder = detail::folder_of(detail::find_data(path).path);
        if (int const why = detail::sync_names(folder))
            return failed(folder, "cannot be flushed to disk", why);
        return {};
    }

private:
    class file;
    class stream;
    static constexpr char const* standard_output = "/dev/stdout";

    static failure failed(std::filesystem::path const& path, detail::file_refusal why) {
        return failure(errc::journal_failed, "'" + path.string() + "' " + why.text(),
                       std::move(why.advice));
    }
    static failure failed(std::filesystem::path const& path, std::string what, int error) {
        return failed(path, detail::file_refusal{std::move(what), error, {}});
    }
    static failure in_use(std::filesystem::path const& path) {
        return failure(errc::in_use,
                       "'" + path.string() + "' is in use by another export or import",
                       "wait until it ends");
    }
};

/// \cond
class posix_files::file final : public durable_file {
public:
    /// `linked`: the name may be that of a link to the file.
    file(detail::unique_fd opened, std::filesystem::path path, bool linked)
        : file_(std::move(opened)), path_(std::move(path)), linked_(linked) {}
    ~file() override { ::flock(file_.get(), LOCK_UN); } // a child process may have a copy
    file(file const&) = delete;

    [[nodiscard]] result<std::uint64_t> size() const override {
        struct stat about{};
        if (::fstat(file_.get(), &about) != 0)
            return failed(path_, "cannot be examined", errno);
        return static_cast<std::uint64_t>(about.st_size);
    }
    [[nodiscard]] result<std::string> read_all() const override {
        constexpr std::size_t most = 1024 * 1024 * 1024;
        std::string text;
        if (::lseek(file_.get(), 0, SEEK_SET) < 0)
            return failed(path_, "cannot be read", errno);
        if (int const why = detail::read_all(file_.get(), text, most))
            return failed(path_, "cannot be read", why);
        return text;
    }
    [[nodiscard]] result<void> append(std::string_view text) override {
        if (int const why = detail::write_all(file_.get(), text))
            return failed(path_, "cannot be written", why);
        return {};
    }
    [[nodiscard]] result<void> truncate(std::uint64_t size) override {
        if (detail::repeat_call(
                [&] { return ::ftruncate(file_.get(), static_cast<off_t>(size)); }) != 0)
            return failed(path_, "cannot be truncated", errno);
        return {};
    }
    [[nodiscard]] result<void> sync() override {
        if (detail::repeat_call([&] { return ::fsync(file_.get()); }) != 0)
            return failed(path_, "cannot be flushed to disk", errno);
        if (!detail::is_named(file_.get(), path_, linked_))
            return failed(path_, "was removed or replaced while it was in use", 0);
        return {};
    }
    [[nodiscard]] result<void> rename(std::filesystem::path const& to) override {
        if (::rename(path_.c_str(), to.c_str()) != 0)
            return failed(to, "cannot be replaced", errno);
        path_ = to;
        return {};
    }

private:
    detail::unique_fd file_;
    std::filesystem::path path_;
    bool linked_;
};
/// \endcond

/// \cond
class posix_files::stream final : public durable_file {
public:
    stream(detail::unique_fd opened, std::filesystem::path path)
        : stream_(std::move(opened)), path_(std::move(path)) {}

    [[nodiscard]] result<std::uint64_t> size() const override { return not_a_file(); }
    [[nodiscard]] result<std::string> read_all() const override { return not_a_file(); }
    [[nodiscard]] result<void> append(std::string_view text) override {
        while (!text.empty()) {
            ssize_t const n = ::write(stream_.get(), text.data(), text.size());
            if (n > 0) {
                text.remove_prefix(static_cast<std::size_t>(n));
            } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
                // The stream's creator may have made it non-blocking for everyone who holds it.
                pollfd room{stream_.get(), POLLOUT, 0};
                (void)::poll(&room, 1, -1);
            } else if (n == 0 || errno != EINTR) {
                return failed(path_, "cannot be written", n == 0 ? EIO : errno);
            }
        }
        return {};
    }
    [[nodiscard]] result<void> truncate(std::uint64_t) override { return not_a_file(); }
    [[nodiscard]] result<void> sync() override {
        bool const forced = detail::repeat_call([&] { return ::fsync(stream_.get()); }) == 0;
        if (!forced && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
            return failed(path_, "cannot be flushed to disk", errno);
        return {};
    }
    [[nodiscard]] result<void> rename(std::filesystem::path const&) override {
        return not_a_file();
    }

private:
    failure not_a_file() const { return failed(path_, "is not a regular file", 0); }

    detail::unique_fd stream_;
    std::filesystem::path path_;
};
/// \endcond

inline opened_file posix_files::open(std::filesystem::path const& path) {
    detail::unique_fd opened;
    bool busy = false;
    if (std::optional<detail::file_refusal> why = detail::lock_own(path, opened, busy))
        return failed(path, std::move(*why));
    if (busy)
        return in_use(path);
    return std::unique_ptr<durable_file>(std::make_unique<file>(std::move(opened), path, false));
}

inline opened_file posix_files::create(std::filesystem::path const& path) {
    detail::unique_fd made;
    if (std::optional<detail::file_refusal> why = detail::make_own(path, made))
        return failed(path, std::move(*why));
    return std::unique_ptr<durable_file>(std::make_unique<file>(std::move(made), path, false));
}

inline opened_file posix_files::open_data(std::filesystem::path const& path) {
    detail::unique_fd opened;
    std::optional<detail::file_refusal> why;
    if (is_stream(path)) {
        if (path == standard_output) {
            opened = detail::unique_fd(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
            if (!opened)
                why = detail::file_refusal{"cannot be opened", errno, {}};
        } else {
            why = detail::open_data(detail::find_data(path), O_WRONLY | O_APPEND, opened);
            if (!why) // only opened without blocking
                ::fcntl(opened.get(), F_SETFL, ::fcntl(opened.get(), F_GETFL) & ~O_NONBLOCK);
        }
        if (why)
            return failed(path, std::move(*why));
        return std::unique_ptr<durable_file>(std::make_unique<stream>(std::move(opened), path));
    }
    for (;;) {
        bool busy = false;
        struct stat about{};
        why = detail::open_data(detail::find_data(path), O_RDWR | O_CREAT | O_APPEND, opened);
        if (!why && (::fstat(opened.get(), &about) != 0 || !S_ISREG(about.st_mode)))
            why = detail::file_refusal{"is not a regular file", 0, {}};
        if (!why)
            why = detail::lock_file(opened.get(), busy);
        if (why)
            return failed(path, std::move(*why));
        if (busy)
            return in_use(path);
        if (detail::is_named(opened.get(), path, true))
            return std::unique_ptr<durable_file>(
                std::make_unique<file>(std::move(opened), path, true));
    }
}

} // namespace eloqua::bulk
