// SPDX-License-Identifier: BSL-1.0
#include "line_input.hpp"

#include "ending.hpp"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace cli {

namespace {

ending unreadable(std::string const& name, std::string const& why) {
    return {exit_code::refused, printable(name) + " cannot be read: " + why};
}

class plain_bytes final : public byte_source {
public:
    plain_bytes(int opened, std::string name, std::stop_token stop)
        : fd_(opened), name_(std::move(name)), stop_(std::move(stop)) {
        struct stat about{};
        if (::fstat(fd_, &about) == 0 && S_ISREG(about.st_mode))
            regular_ = true;
    }
    plain_bytes(plain_bytes const&) = delete;
    ~plain_bytes() override { ::close(fd_); }

    std::size_t read(char* into, std::size_t most) override {
        for (;;) {
            wait();
            ssize_t const n = ::read(fd_, into, most);
            if (n < 0 && (errno == EINTR || errno == EAGAIN))
                continue;
            if (n < 0)
                throw unreadable(name_, std::generic_category().message(errno));
            return static_cast<std::size_t>(n);
        }
    }

private:
    /// A pipe may stay silent for ever; regular files are always ready.
    void wait() {
        pollfd ready{fd_, POLLIN, 0};
        while (!regular_ && ::poll(&ready, 1, 200) == 0)
            if (stop_.stop_requested())
                throw ending(exit_code::failed, "interrupted while waiting for " + name_);
    }

    int fd_;
    std::string name_;
    std::stop_token stop_;
    bool regular_ = false;
};

/// Joins the members of a gzip file.
class gzip_bytes final : public byte_source {
public:
    gzip_bytes(std::unique_ptr<byte_source> from, std::string name, std::string first)
        : from_(std::move(from)), name_(std::move(name)), in_(std::move(first)) {
        if (::inflateInit2(&z_, 15 + 16) != Z_OK)
            throw ending(exit_code::failed, "zlib cannot be used");
        point_to_input();
    }
    gzip_bytes(gzip_bytes const&) = delete;
    ~gzip_bytes() override { ::inflateEnd(&z_); }

    std::size_t read(char* into, std::size_t most) override {
        z_.next_out = reinterpret_cast<Bytef*>(into);
        z_.avail_out = static_cast<uInt>(most);
        while (z_.avail_out == most) {
            if (z_.avail_in == 0) {
                in_.resize(65'536);
                in_.resize(from_->read(in_.data(), in_.size()));
                point_to_input();
                if (in_.empty()) {
                    if (inside_)
                        throw unreadable(name_, "the gzip data ends too early");
                    return 0;
                }
            }
            if (!inside_ && ::inflateReset(&z_) != Z_OK)
                throw ending(exit_code::failed, "zlib cannot be used");
            inside_ = true;
            int const came = ::inflate(&z_, Z_NO_FLUSH);
            if (came == Z_STREAM_END)
                inside_ = false;
            else if (came != Z_OK && came != Z_BUF_ERROR)
                throw unreadable(name_, std::string("the gzip data is damaged") +
                                            (z_.msg ? std::string(": ") + z_.msg : ""));
        }
        return most - z_.avail_out;
    }

private:
    void point_to_input() {
        z_.next_in = reinterpret_cast<Bytef*>(in_.data());
        z_.avail_in = static_cast<uInt>(in_.size());
    }

    std::unique_ptr<byte_source> from_;
    std::string name_, in_;
    z_stream z_{};
    bool inside_ = false; ///< of a member
};

/// Bytes that were read ahead, then the others.
class prefixed_bytes final : public byte_source {
public:
    prefixed_bytes(std::string first, std::unique_ptr<byte_source> then)
        : first_(std::move(first)), then_(std::move(then)) {}
    std::size_t read(char* into, std::size_t most) override {
        if (used_ == first_.size())
            return then_->read(into, most);
        std::size_t const n = first_.copy(into, most, used_);
        used_ += n;
        return n;
    }

private:
    std::string first_;
    std::size_t used_ = 0;
    std::unique_ptr<byte_source> then_;
};

class bytes_of_open_file final : public byte_source {
public:
    bytes_of_open_file(int open_file, std::uint64_t offset) : fd_(open_file), offset_(offset) {}
    std::size_t read(char* into, std::size_t most) override {
        for (;;) {
            ssize_t const n = ::pread(fd_, into, most, static_cast<off_t>(offset_));
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                throw unreadable("the input", std::generic_category().message(errno));
            offset_ += static_cast<std::uint64_t>(n);
            return static_cast<std::size_t>(n);
        }
    }

private:
    int fd_;
    std::uint64_t offset_;
};

constexpr std::string_view gzip_magic{"\x1f\x8b", 2};

int open_file(std::string const& path) {
    int const fd = path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                               : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        throw unreadable(path, std::generic_category().message(errno));
    return fd;
}

} // namespace

std::unique_ptr<byte_source> open_bytes(std::string const& path, std::stop_token stop) {
    std::string const name = path == "-" ? "standard input" : path;
    std::unique_ptr<byte_source> plain =
        std::make_unique<plain_bytes>(open_file(path), name, std::move(stop));
    std::string first(2, '\0');
    std::size_t have = 0;
    while (have != first.size()) {
        std::size_t const n = plain->read(first.data() + have, first.size() - have);
        if (n == 0)
            break;
        have += n;
    }
    first.resize(have);
    if (first == gzip_magic)
        return std::make_unique<gzip_bytes>(std::move(plain), name, first);
    return std::make_unique<prefixed_bytes>(std::move(first), std::move(plain));
}

std::unique_ptr<byte_source> bytes_at(int open_file, std::uint64_t offset) {
    return std::make_unique<bytes_of_open_file>(open_file, offset);
}

bool can_seek(std::string const& path) {
    struct stat about{};
    if (path == "-" || ::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    int const fd = open_file(path);
    char first[2] = {};
    bool const compressed = ::read(fd, first, 2) == 2 && std::string_view(first, 2) == gzip_magic;
    ::close(fd);
    return !compressed;
}

void line_input::fill() {
    buffer_.erase(0, std::exchange(used_, 0));
    std::size_t const had = buffer_.size();
    constexpr std::size_t part = 65'536;
    buffer_.resize(had + part);
    std::size_t const n = from_->read(buffer_.data() + had, part);
    buffer_.resize(had + n);
    at_end_ = n == 0;
}

std::string_view line_input::next(std::size_t most) {
    std::size_t searched = 0;
    for (;;) {
        std::size_t const end = buffer_.find_first_of("\r\n", used_ + searched);
        // Whether a CR is followed by LF is known only with the next byte.
        bool const known =
            end != buffer_.npos && (buffer_[end] == '\n' || end + 1 != buffer_.size() || at_end_);
        bool const too_long = buffer_.size() - used_ > most && end == buffer_.npos;
        if (known || too_long || at_end_) {
            std::size_t length = buffer_.size() - used_;
            if (known) {
                bool const two = buffer_.compare(end, 2, "\r\n") == 0;
                length = end + (two ? 2 : 1) - used_;
            }
            std::string_view const line = std::string_view(buffer_).substr(used_, length);
            used_ += length;
            number_of_last_ = number_;
            offset_of_last_ = offset_;
            number_ += known;
            offset_ += length;
            return line;
        }
        searched = end == buffer_.npos ? buffer_.size() - used_ : end - used_;
        fill();
    }
}

} // namespace cli
