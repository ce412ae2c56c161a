// SPDX-License-Identifier: BSL-1.0
#include "row_places.hpp"

#include "ending.hpp"
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cli {

namespace {

int temporary_file() {
    std::string path = (std::filesystem::temp_directory_path() / "eloqua-bulk-XXXXXX").string();
    int const fd = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd < 0)
        throw ending(exit_code::refused, "a temporary file " + path + " cannot be created: " +
                                             std::generic_category().message(errno));
    ::unlink(path.c_str());
    return fd;
}

} // namespace

row_places::row_places(std::string const& path, row_format format)
    : format_(format), copies_(!can_seek(path)) {
    fd_ = copies_ ? temporary_file() : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ < 0)
        throw ending(exit_code::refused,
                     path + " cannot be read: " + std::generic_category().message(errno));
}

row_places::~row_places() {
    ::close(fd_);
}

void row_places::copy(std::string_view bytes) {
    unwritten_ += bytes;
    if (unwritten_.size() > 100'000)
        flush();
}

void row_places::flush() {
    std::string_view left = unwritten_;
    while (!left.empty()) {
        ssize_t const n = ::write(fd_, left.data(), left.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            throw ending(exit_code::failed, "the temporary copy of the input cannot be written: " +
                                                std::generic_category().message(errno) +
                                                "; TMPDIR names its folder");
        left.remove_prefix(static_cast<std::size_t>(n));
    }
    unwritten_.clear();
}

void row_places::reached(std::size_t number, std::uint64_t line, std::uint64_t offset) {
    if (number % rows_per_block == 0)
        starts_.push_back({line, offset});
    count_ = number + 1;
}

row_places::place const* row_places::find(std::size_t number) {
    if (number >= count_)
        return nullptr;
    std::size_t const index = number / rows_per_block;
    auto const known = std::ranges::find(recent_, index, &block::index);
    std::size_t const at = number % rows_per_block;
    if (known != recent_.end() && at < known->rows.size()) {
        recent_.splice(recent_.begin(), recent_, known);
    } else {
        if (known != recent_.end())
            recent_.erase(known); // it was read before it was full
        flush();
        block read{index, {}};
        raw_rows rows(bytes_at(fd_, starts_[index].offset), format_, starts_[index].line);
        std::size_t const last = std::min(rows_per_block, count_ - index * rows_per_block);
        place one;
        while (read.rows.size() != last && rows.next(one.text, one.line))
            read.rows.push_back(one);
        recent_.push_front(std::move(read));
        if (recent_.size() > blocks_kept)
            recent_.pop_back();
    }
    auto const& rows = recent_.front().rows;
    return at < rows.size() ? &rows[at] : nullptr;
}

} // namespace cli
