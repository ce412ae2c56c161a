// SPDX-License-Identifier: BSL-1.0
/// \file
/// What durable files are made of, so that tests can let any of it fail. POSIX only.
#pragma once

#include <eloqua/bulk/client/descriptor.hpp>
#include <eloqua/bulk/error.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
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
    /// Forces the content to the disk. Of a new file, its name besides: `sync_folder`.
    [[nodiscard]] virtual result<void> sync() = 0;
    /// Gives it the name of another file, which it replaces.
    [[nodiscard]] virtual result<void> rename(std::filesystem::path const& to) = 0;
};

/// Operations on files by their names. Errors as those of `durable_file`.
class file_operations {
public:
    virtual ~file_operations() = default;
    /// Opens a regular file, or makes an empty one. Error besides: it is open already, here or in
    /// another process.
    [[nodiscard]] virtual result<std::unique_ptr<durable_file>>
    open(std::filesystem::path const& path) = 0;
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
class posix_files final : public file_operations {
public:
    static posix_files& instance() {
        static posix_files one;
        return one;
    }

    [[nodiscard]] result<std::unique_ptr<durable_file>>
    open(std::filesystem::path const& path) override;

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
        std::filesystem::path const folder = path.has_parent_path() ? path.parent_path() : ".";
        detail::descriptor const entries(
            ::open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
        if (!entries || call([&] { return ::fsync(entries.get()); }) != 0)
            return failed(folder, "cannot be forced to the disk", errno);
        return {};
    }

private:
    class file;

    /// Repeats a call that a signal interrupts.
    template <class F>
    static int call(F f) {
        int came = 0;
        do
            came = f();
        while (came < 0 && errno == EINTR);
        return came;
    }
    static failure failed(std::filesystem::path const& path, std::string what, int error) {
        std::string text = "'" + path.string() + "' " + std::move(what);
        if (error)
            text += " (" + std::generic_category().message(error) + ")";
        return failure(errc::journal_failed, std::move(text));
    }
};

class posix_files::file final : public durable_file {
public:
    file(detail::descriptor opened, std::filesystem::path path)
        : file_(std::move(opened)), path_(std::move(path)) {}
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
        if (call([&] { return ::ftruncate(file_.get(), static_cast<off_t>(size)); }) != 0)
            return failed(path_, "cannot be truncated", errno);
        return {};
    }
    [[nodiscard]] result<void> sync() override {
        if (call([&] { return ::fsync(file_.get()); }) != 0)
            return failed(path_, "cannot be forced to the disk", errno);
        return {};
    }
    [[nodiscard]] result<void> rename(std::filesystem::path const& to) override {
        if (::rename(path_.c_str(), to.c_str()) != 0)
            return failed(to, "cannot be replaced", errno);
        path_ = to;
        return {};
    }

private:
    detail::descriptor file_;
    std::filesystem::path path_;
};

inline result<std::unique_ptr<durable_file>> posix_files::open(std::filesystem::path const& path) {
    for (;;) {
        detail::descriptor opened(call([&] {
            return ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK,
                          S_IRUSR | S_IWUSR);
        }));
        struct stat mine{}, named{};
        if (!opened || ::fstat(opened.get(), &mine) != 0)
            return failed(path, "cannot be opened", errno);
        if (!S_ISREG(mine.st_mode))
            return failed(path, "is no regular file", 0);
        if (call([&] { return ::flock(opened.get(), LOCK_EX | LOCK_NB); }) != 0)
            return errno == EWOULDBLOCK ? failed(path, "is in use by another export or import", 0)
                                        : failed(path, "cannot be locked", errno);
        bool const there = ::stat(path.c_str(), &named) == 0;
        if (!there && errno != ENOENT)
            return failed(path, "cannot be examined", errno);
        // Its name may have come to be another file's before this one was locked.
        if (there && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino)
            return std::unique_ptr<durable_file>(std::make_unique<file>(std::move(opened), path));
    }
}

} // namespace eloqua::bulk
