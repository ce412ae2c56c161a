// SPDX-License-Identifier: BSL-1.0
// Finds rows of an input by their numbers, after they were read.
#pragma once

#include "row_input.hpp"
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Remembers where every 500th row starts, so memory grows by a few bytes per 500 rows. A row is
/// found by reading on from there. Input that cannot be read again, of a pipe or compressed, is
/// copied to a temporary file, which has no name.
class row_places {
public:
    /// `path`: the file, or "-".
    row_places(std::string const& path, row_format format);
    row_places(row_places const&) = delete;
    ~row_places();

    /// Whether the input has to be passed to `copy`.
    bool copies() const { return copies_; }
    void copy(std::string_view bytes);
    /// Row `number`, from 0, was read. Call it for each row in order.
    void reached(std::size_t number, std::uint64_t line, std::uint64_t offset);

    /// One row of the file.
    struct place {
        std::uint64_t line = 0;
        std::string text; ///< as it is in the file, without the end of its last line
    };
    /// A row that was read; valid until the next call. Null for a row that was not.
    place const* find(std::size_t number);

private:
    struct start {
        std::uint64_t line, offset;
    };
    struct block {
        std::size_t index;
        std::vector<place> rows;
    };
    static constexpr std::size_t rows_per_block = 500, blocks_kept = 64;

    void flush();

    row_format format_;
    bool copies_;
    int fd_ = -1;
    std::string unwritten_;
    std::vector<start> starts_;
    std::size_t count_ = 0;
    std::list<block> recent_; ///< the last used first
};

} // namespace cli
