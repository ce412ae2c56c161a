// SPDX-License-Identifier: BSL-1.0
// The lines of a file, of a gzip file or of standard input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace cli {

/// Reads bytes forward.
class byte_source {
public:
    virtual ~byte_source() = default;
    /// Fills the buffer at least in part; 0 at the end. Throws `ending` if it cannot be read.
    virtual std::size_t read(char* into, std::size_t most) = 0;
};

/// Opens a file, which may be compressed by gzip, or standard input for "-". Throws `ending`.
/// A read from standard input ends with an `ending` when `stop` is requested.
std::unique_ptr<byte_source> open_bytes(std::string const& path, std::stop_token stop);
/// Reads an open regular file from an offset on, without moving its position. The file must stay
/// open.
std::unique_ptr<byte_source> bytes_at(int open_file, std::uint64_t offset);

/// Whether reading the file again at any offset gives the same bytes: a regular file that is not
/// compressed.
bool can_seek(std::string const& path);

/// Splits bytes into lines, which end with LF, CR LF or CR. Counts them from 1.
class line_input {
public:
    explicit line_input(std::unique_ptr<byte_source> from) : from_(std::move(from)) {}
    /// The lines from `offset` on, whose first one has this number.
    line_input(std::unique_ptr<byte_source> from, std::uint64_t offset, std::uint64_t number)
        : from_(std::move(from)), offset_(offset), number_(number) {}

    /// The next line with its end, valid until the next call; empty at the end of the file. A line
    /// longer than `most` bytes ends there.
    std::string_view next(std::size_t most = 1'000'000);
    /// Number and offset of the line that `next` returned last.
    std::uint64_t number() const { return number_of_last_; }
    std::uint64_t offset() const { return offset_of_last_; }

private:
    void fill();

    std::unique_ptr<byte_source> from_;
    std::string buffer_;
    std::size_t used_ = 0;
    bool at_end_ = false;
    std::uint64_t offset_ = 0, number_ = 1, offset_of_last_ = 0, number_of_last_ = 0;
};

} // namespace cli
