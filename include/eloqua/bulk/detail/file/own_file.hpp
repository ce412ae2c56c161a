// SPDX-License-Identifier: BSL-1.0
/// \file
/// Opens files safely if others could have planted or changed them. POSIX only.
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

/// Appends the rest of a file, if it is less than `most` bytes. Returns an error number, or 0.
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

/// Returns an error number, or 0.
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

/// Why a file is refused: the end of a sentence that begins with its name.
struct file_refusal {
    std::string what;
    int error = 0; ///< errno, or 0
    std::string advice;

    std::string text() const {
        return error ? what + " (" + std::generic_category().message(error) + ")" : what;
    }
};

/// Repeats a call that was interrupted by a signal.
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

/// Flushes a folder's directory entries to disk. Returns an error number, or 0.
inline int sync_names(std::filesystem::path const& folder) {
    unique_fd const entries(::open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
    return !entries || repeat_call([&] { return ::fsync(entries.get()); }) != 0 ? errno : 0;
}

/// Opens a file of the user that nobody else can write to and that has no second name; if `secret`,
/// nobody else can read it either. Does not follow links or wait for pipes. A file that `flags`
/// create is readable by its owner only.
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
        return file_refusal{"can be read by others", 0,
                            "run chmod 600 on it, and preferably authorise again"};
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return file_refusal{"can be written by others", 0,
                            "check that its content is unchanged, then run chmod 600 on it"};
    if (about.st_nlink > 1)
        return file_refusal{"has a second name (a hard link)", 0, "copy it, and use the copy"};
    return std::nullopt;
}

/// Whether this is still the name of an open file, not of another one. `follow`: it may be a link
/// to it.
inline bool is_named(int fd, std::filesystem::path const& path, bool follow = false) {
    struct stat mine{}, named{};
    return ::fstat(fd, &mine) == 0 &&
           (follow ? ::stat(path.c_str(), &named) : ::lstat(path.c_str(), &named)) == 0 &&
           mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

/// Locks an open file with flock(). `busy`: another process has it locked.
inline std::optional<file_refusal> lock_file(int fd, bool& busy) {
    busy = false;
    if (repeat_call([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) == 0)
        return std::nullopt;
    busy = errno == EWOULDBLOCK;
    if (busy)
        return std::nullopt;
    return file_refusal{"cannot be locked", errno, ""};
}

/// Opens a file like `open_own`, or creates an empty one, and locks it under its current name.
inline std::optional<file_refusal> lock_own(std::filesystem::path const& path, unique_fd& into,
                                            bool& busy) {
    for (;;) {
        std::optional<file_refusal> why = open_own(path, O_RDWR | O_CREAT | O_APPEND, false, into);
        if (!why)
            why = lock_file(into.get(), busy);
        // The name may refer to another file since before the lock.
        if (why || busy || is_named(into.get(), path))
            return why;
    }
}

/// Creates a new file and locks it. An existing file of this name, such as the rest of a crash or a
/// planted link, loses the name.
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
            return file_refusal{"already exists and cannot be removed", errno, ""};
    }
    return why;
}

/// The location of a data file that the user has named, with links resolved.
struct data_place {
    std::filesystem::path path;
    bool shared = false;                 ///< others can write to its folder
    std::optional<file_refusal> refused; ///< a link that another user may have planted
};

/// Follows links that the user or root has created in a folder that others cannot write to.
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
            at.refused = file_refusal{"is a link in a folder that everyone can write to", 0, ""};
        if (about.st_uid != ::geteuid() && about.st_uid != 0)
            at.refused = file_refusal{"is a link that another user created", 0, ""};
        if (at.refused) {
            at.refused->advice = "name the link's target";
            return at;
        }
        std::error_code ec;
        std::filesystem::path const next = std::filesystem::read_symlink(at.path, ec);
        struct stat there{};
        bool const leads_somewhere = !ec && ::stat(at.path.c_str(), &there) == 0;
        std::filesystem::path const target = folder_of(at.path) / next;
        // A link in /proc may lead to a file without a name.
        if (ec || (leads_somewhere && ::lstat(target.c_str(), &about) != 0))
            return at;
        at.path = target;
    }
    at.refused = file_refusal{"cannot be opened", ELOOP, ""};
    return at;
}

/// Opens a data file, or creates one that only its owner can read.
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
                            errno == ENXIO ? "start the process that reads from it first" : ""};
    if (::fstat(into.get(), &about) != 0)
        return file_refusal{"cannot be examined", errno, ""};
    bool const own = about.st_uid == ::geteuid() || (about.st_uid == 0 && !S_ISREG(about.st_mode));
    if (at.shared && (!own || (S_ISREG(about.st_mode) && about.st_nlink > 1)))
        return file_refusal{
            "lies in a folder that everyone can write to, and does not belong to you alone", 0,
            "choose another folder"};
    return std::nullopt;
}

} // namespace eloqua::bulk::detail
