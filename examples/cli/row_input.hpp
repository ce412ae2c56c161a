// SPDX-License-Identifier: BSL-1.0
// The rows of a CSV or NDJSON file, with the numbers of their lines.
#pragma once

#include "line_input.hpp"
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// The format of an input.
struct row_format {
    bool ndjson = false;
    char delimiter = ',';
};

/// One row of a file.
struct input_row {
    std::vector<std::string> values; ///< in the order of the header
    std::uint64_t line = 0;          ///< of the file, from 1: where the row starts
    std::uint64_t offset = 0;        ///< in bytes
};

/// Reads rows forward. Throws `ending` for content that is not of the format, with its line.
class row_reader {
public:
    virtual ~row_reader() = default;
    /// The names of the columns. Of NDJSON: the keys of the first object.
    virtual std::vector<std::string> const& header() const = 0;
    /// False at the end.
    virtual bool next(input_row& row) = 0;
};

/// Guesses the format by the name: ".ndjson" and ".jsonl" are NDJSON, others CSV; ".tsv" has tabs.
row_format format_by_name(std::string_view path);

/// Starts reading at the beginning of a file; reads the header. `name` is for messages. `tap`
/// receives all lines as they are read; may be empty.
std::unique_ptr<row_reader> read_rows(std::unique_ptr<byte_source> from, std::string name,
                                      row_format format,
                                      std::function<void(std::string_view)> tap = {});

/// The raw text of rows, without the end of its last line, read from `from`, which starts at the
/// row in this line. For rejects.
class raw_rows {
public:
    raw_rows(std::unique_ptr<byte_source> from, row_format format, std::uint64_t line);
    /// False at the end. `text` is valid until the next call.
    bool next(std::string& text, std::uint64_t& line);

private:
    line_input lines_;
    row_format format_;
};

} // namespace cli
