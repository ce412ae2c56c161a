// SPDX-License-Identifier: BSL-1.0
// The rows of a database query as the input of an import.
#pragma once

#include "reporting.hpp"
#include <string>
#include <utility>

namespace cli {

/// Whether an input names a database: "sqlite:FILE" or "postgres:CONNECTION".
bool is_database(std::string const& input);

/// The rows of a query in a file, which no other import uses meanwhile.
class query_rows {
public:
    query_rows(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
    query_rows(query_rows&& other) noexcept
        : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}
    query_rows& operator=(query_rows&&) = delete;
    ~query_rows();

    std::string const& path() const { return path_; }

private:
    std::string path_;
    int lock_; ///< an open file
};

/// Runs a query and stores its rows in a CSV file beside the journal, so that an import that is run
/// again sends the same rows. If the journal exists, the rows that an earlier run stored are used.
/// The caller deletes the file when the import is complete. Throws `bad_usage`, `ending` and
/// `bulk::error`.
query_rows rows_of_query(std::string const& input, std::string const& query,
                         std::string const& journal, common_arguments const& common,
                         progress& shown);

} // namespace cli
