// SPDX-License-Identifier: BSL-1.0
/// \file
/// What durable files are made of, so that tests can let any of it fail. POSIX only.
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

/// An open file that nobody else has open by these means. Destroying it closes it. Errors:
/// `errc::journal_failed`, naming the file; what became of it is unknown then.
class durable_file {
public:
    virtual ~durable_file() = default;
    [[nodiscard]] virtual result<std::uint64_t> size() const = 0;
    [[nodiscard]] virtual result<std::string> read_all() const = 0;
    /// Appends to the file's end. A crash before the next `sync` may undo it, or a part of it.
    [[nodiscard]] virtual result<void> append(std::string_view text) = 0;
    [[nodiscard]] virtual result<void> truncate(std::uint64_t size) = 0;
    /// Forces the content to the disk. Of a new file, its name besides: `sync_folder`. Error
    /// besides: the file has lost its name since, so that nobody will find what was written.
    [[nodiscard]] virtual result<void> sync() = 0;
    /// Gives it the name of another file, which it replaces.
    [[nodiscard]] virtual result<void> rename(std::filesystem::path const& to) = 0;
};

using opened_file = result<std::unique_ptr<durable_file>>;

/// Operations on files by their names. Errors as those of `durable_file`.
class file_operations {
public:
    virtual ~file_operations() = default;
    /// Opens a file that only this program should write to, or makes an empty one. Error besides:
    /// it is open already, here or in another process.
    [[nodiscard]] virtual opened_file open(std::filesystem::path const& path) = 0;
    /// Makes an empty file. What has the name before, loses it.
    [[nodiscard]] virtual opened_file create(std::filesystem::path const& path) = 0;
    /// Opens a file of rows, where the caller wants it, or makes an empty one; or what `is_stream`.
    [[nodiscard]] virtual opened_file open_data(std::filesystem::path const& path) = 0;
    /// Whether it is there and what goes to it cannot be taken back: a pipe, a terminal, standard
    /// output. It has no size, and is neither locked nor truncated.
    [[nodiscard]] virtual bool is_stream(std::filesystem::path const& path) = 0;
    /// Empty if there is no such file.
    [[nodiscard]] virtual result<std::optional<std::uint64_t>>
    size_of(std::filesystem::path const& path) = 0;
    [[nodiscard]] virtual result<void> remove(std::filesystem::path const& path) = 0;
    /// Forces the name of a file to the disk: that it was made, renamed or removed.
    [[nodiscard]] virtual result<void> sync_folder(std::filesystem::path const& path) = 0;
};

/// The files of this machine. New ones can be read by their owner only. Files are locked by
/// flock(): not against other machines on file systems of a network whose flock() does not reach
/// them.
///
/// `open` takes regular files only that belong to the user, have one name and cannot be written by
/// others, and follows no link. `open_data` follows links that the user or root has made, but none
/// in a folder that all can write to; in such a folder, a file must be the user's own besides. It
/// takes "/dev/stdout" for the standard output of the process, wherever that leads to; a named pipe
/// needs a reader before it is opened. When the reader ends, the process gets SIGPIPE as usual.
class posix_files final : public file_operations {
public:
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
    [[nodiscard]] result<void> remove(std::filesystem::path const& path) override {
        if (::unlink(path.c_str()) != 0)
            return failed(path, "cannot be removed", errno);
        return {};
    }
    [[nodiscard]] result<void> sync_folder(std::filesystem::path const& path) override {
        std::filesystem::path const folder = detail::folder_of(detail::find_data(path).path);
        if (int const why = detail::sync_names(folder))
            return failed(folder, "cannot be forced to the disk", why);
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
        return failed(path, "is in use by another export or import", 0);
    }
};

class posix_files::file final : public durable_file {
public:
    /// `linked`: the name may be that of a link to it.
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
            return failed(path_, "cannot be forced to the disk", errno);
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
                // Whoever made it may have set it so for all who have it.
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
            return failed(path_, "cannot be forced to the disk", errno);
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
            if (!why) // only to open it without waiting
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
