// SPDX-License-Identifier: BSL-1.0
/// \file
/// Files as POSIX knows them.
#pragma once

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <unistd.h>
#include <utility>

namespace eloqua::bulk::detail {

/// Owns a file descriptor.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int fd) noexcept : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~descriptor() {
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

} // namespace eloqua::bulk::detail
