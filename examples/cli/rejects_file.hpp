// SPDX-License-Identifier: BSL-1.0
// The file of rejected rows.
#pragma once

#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/record.hpp>

#include "row_places.hpp"
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

namespace cli {

/// The columns that a file of rejects has in front of those of the input. Imports skip them, so
/// that corrected rows can be imported from that file.
inline constexpr char const* reject_columns[] = {"reject_line", "reject_code", "reject_message",
                                                 "reject_columns"};

/// Tells of rejects: the first ones on standard error, all of them in a file. Rows are written as
/// they are in the input, after their line, the code, the message and the invalid columns.
class reject_log {
public:
    /// `file`: empty to write no file. `header`: the columns of the input.
    reject_log(std::string file, row_format format, std::vector<std::string> header,
               row_places& places);

    /// Throws `ending` if it cannot be written.
    void take(bulk::import_reject<bulk::record> const& reject);
    /// Throws `ending` if the file cannot be written.
    void close();

    std::size_t count() const { return count_; }
    /// The first rejects, one line each.
    std::vector<std::string> const& first() const { return first_; }

private:
    std::string csv_line(bulk::import_reject<bulk::record> const& r, std::string const& line,
                         std::string const& message, row_places::place const* found) const;
    std::string json_line(bulk::import_reject<bulk::record> const& r, std::string const& line,
                          std::string const& message, row_places::place const* found) const;
    void check();

    static constexpr std::size_t most_shown = 10;

    std::string path_;
    row_format format_;
    std::vector<std::string> header_;
    row_places& places_;
    std::optional<std::ofstream> out_;
    std::vector<std::string> first_;
    std::size_t count_ = 0;
};

} // namespace cli
