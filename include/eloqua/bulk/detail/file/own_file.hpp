// SPDX-License-Identifier: BSL-1.0
/// \file
/// Files that others could have planted or changed, opened so that they have not. POSIX only.
#pragma once

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace eloqua::bulk::detail {

/// Owns a file descriptor.
class unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int fd) noexcept : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    unique_fd& operator=(unique_fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~unique_fd() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    int get() const noexcept { return fd_; }

private:
    int fd_ = -1;
};

/// Appends what is left to read, if it is less than `most` bytes. Error number, or 0.
inline int read_all(int fd, std::string& text, std::size_t most) {
    char piece[4096];
    while (text.size() < most) {
        ssize_t const n = ::read(fd, piece, sizeof piece);
        if (n == 0)
            return 0;
        if (n > 0)
            text.append(piece, static_cast<std::size_t>(n));
        else if (errno != EINTR)
            return errno;
    }
    return EFBIG;
}

/// Error number, or 0.
inline int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        ssize_t const n = ::write(fd, text.data(), text.size());
        if (n > 0)
            text.remove_prefix(static_cast<std::size_t>(n));
        else if (n == 0 || errno != EINTR)
            return n == 0 ? EIO : errno;
    }
    return 0;
}

/// Why a file is not used: the end of a sentence that begins with its name.
struct file_refusal {
    std::string what;
    int error = 0; ///< errno, or 0
    std::string advice;

    std::string text() const {
        return error ? what + " (" + std::generic_category().message(error) + ")" : what;
    }
};

/// Repeats a call that a signal interrupts.
template <class F>
int repeat_call(F f) {
    int came = 0;
    do
        came = f();
    while (came < 0 && errno == EINTR);
    return came;
}

inline std::filesystem::path folder_of(std::filesystem::path const& path) {
    return path.has_parent_path() ? path.parent_path() : ".";
}

/// Forces the names of the files in a folder to the disk. Error number, or 0.
inline int sync_names(std::filesystem::path const& folder) {
    unique_fd const entries(::open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
    return !entries || repeat_call([&] { return ::fsync(entries.get()); }) != 0 ? errno : 0;
}

/// Opens a file of the user's own, one that nobody else can write to or has given a second name;
/// if `secret`, nobody else can read it either. Neither follows a link nor waits for a pipe. A file
/// that `flags` let be made can be read by its owner only.
inline std::optional<file_refusal> open_own(std::filesystem::path const& path, int flags,
                                            bool secret, unique_fd& into) {
    into = unique_fd(repeat_call([&] {
        return ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
                      S_IRUSR | S_IWUSR);
    }));
    if (!into)
        return file_refusal{"cannot be opened", errno,
                            errno == ELOOP ? "links are not followed here: name the file itself"
                                           : ""};
    struct stat about{};
    if (::fstat(into.get(), &about) != 0)
        return file_refusal{"cannot be examined", errno, ""};
    if (!S_ISREG(about.st_mode))
        return file_refusal{"is not a regular file", 0, ""};
    if (about.st_uid != ::geteuid())
        return file_refusal{"belongs to another user", 0, ""};
    if (secret && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return file_refusal{"can be read by others", 0, "chmod 600 it, and better authorise anew"};
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return file_refusal{"can be written by others", 0,
                            "look whether it is as you left it, then chmod 600 it"};
    if (about.st_nlink > 1)
        return file_refusal{"has a second name (a hard link)", 0, "copy it, and use the copy"};
    return std::nullopt;
}

/// Whether this is the name of an open file, and not that of another one by now. `follow`: it may
/// be a link to it.
inline bool is_named(int fd, std::filesystem::path const& path, bool follow = false) {
    struct stat mine{}, named{};
    return ::fstat(fd, &mine) == 0 &&
           (follow ? ::stat(path.c_str(), &named) : ::lstat(path.c_str(), &named)) == 0 &&
           mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

/// Locks an open file by flock(). `busy`: somebody else has it locked.
inline std::optional<file_refusal> lock_file(int fd, bool& busy) {
    busy = false;
    if (repeat_call([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) == 0)
        return std::nullopt;
    busy = errno == EWOULDBLOCK;
    if (busy)
        return std::nullopt;
    return file_refusal{"cannot be locked", errno, ""};
}

/// Opens a file as `open_own`, or makes an empty one, and locks it under the name that it has then.
inline std::optional<file_refusal> lock_own(std::filesystem::path const& path, unique_fd& into,
                                            bool& busy) {
    for (;;) {
        std::optional<file_refusal> why = open_own(path, O_RDWR | O_CREAT | O_APPEND, false, into);
        if (!why)
            why = lock_file(into.get(), busy);
        // Its name may have come to be another file's before this one was locked.
        if (why || busy || is_named(into.get(), path))
            return why;
    }
}

/// Makes a file that was not there, and locks it. What has its name before, such as what a crash
/// has left or a link that was planted, loses it.
inline std::optional<file_refusal> make_own(std::filesystem::path const& path, unique_fd& into) {
    std::optional<file_refusal> why;
    for (int attempt = 0; attempt != 3; ++attempt) {
        why = open_own(path, O_RDWR | O_CREAT | O_APPEND | O_EXCL, false, into);
        if (!why) {
            bool busy = false;
            return lock_file(into.get(), busy);
        }
        if (into || why->error != EEXIST)
            return why;
        if (::unlink(path.c_str()) != 0 && errno != ENOENT)
            return file_refusal{"is in the way, and cannot be removed", errno, ""};
    }
    return why;
}

/// Where a file of data is that the user has named, links followed.
struct data_place {
    std::filesystem::path path;
    bool shared = false;                 ///< all can write to its folder
    std::optional<file_refusal> refused; ///< a link that somebody else may have planted
};

/// Follows links as long as the user or root has made them, in a folder that not all can write to.
inline data_place find_data(std::filesystem::path path) {
    constexpr int most = 40;
    data_place at{std::move(path), false, std::nullopt};
    struct stat about{}, folder{};
    for (int links = 0; links != most; ++links) {
        at.shared =
            ::stat(folder_of(at.path).c_str(), &folder) == 0 && (folder.st_mode & S_IWOTH) != 0;
        if (::lstat(at.path.c_str(), &about) != 0 || !S_ISLNK(about.st_mode))
            return at;
        if (at.shared)
            at.refused = file_refusal{"is a link in a folder that all can write to", 0, ""};
        if (about.st_uid != ::geteuid() && about.st_uid != 0)
            at.refused = file_refusal{"is a link that another user has made", 0, ""};
        if (at.refused) {
            at.refused->advice = "name the file that it leads to";
            return at;
        }
        std::error_code ec;
        std::filesystem::path const next = std::filesystem::read_symlink(at.path, ec);
        struct stat there{};
        bool const leads_somewhere = !ec && ::stat(at.path.c_str(), &there) == 0;
        std::filesystem::path const target = folder_of(at.path) / next;
        // A link of /proc leads to what has no name.
        if (ec || (leads_somewhere && ::lstat(target.c_str(), &about) != 0))
            return at;
        at.path = target;
    }
    at.refused = file_refusal{"cannot be opened", ELOOP, ""};
    return at;
}

/// Opens a file of data, or makes one that only its owner can read.
inline std::optional<file_refusal> open_data(data_place const& at, int flags, unique_fd& into) {
    if (at.refused)
        return at.refused;
    struct stat about{};
    bool const link = ::lstat(at.path.c_str(), &about) == 0 && S_ISLNK(about.st_mode);
    into = unique_fd(repeat_call([&] {
        return ::open(at.path.c_str(),
                      flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (link ? 0 : O_NOFOLLOW),
                      S_IRUSR | S_IWUSR);
    }));
    if (!into)
        return file_refusal{"cannot be opened", errno,
                            errno == ENXIO ? "nobody reads from it yet" : ""};
    if (::fstat(into.get(), &about) != 0)
        return file_refusal{"cannot be examined", errno, ""};
    bool const own = about.st_uid == ::geteuid() || (about.st_uid == 0 && !S_ISREG(about.st_mode));
    if (at.shared && (!own || (S_ISREG(about.st_mode) && about.st_nlink > 1)))
        return file_refusal{"lies in a folder that all can write to, and is not yours alone", 0,
                            "choose another folder"};
    return std::nullopt;
}

} // namespace eloqua::bulk::detail
