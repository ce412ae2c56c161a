// SPDX-License-Identifier: BSL-1.0
// Reads the rows of a query of an SQLite database.
#pragma once

#include <eloqua/bulk/error.hpp>

#include "row_reader.hpp"
#include "sqlite_database.hpp"
#include "table.hpp"
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A query of an SQLite database, see `row_reader`. The database is opened for reading only. While
/// rows are left to read, other processes cannot commit changes unless the database uses a
/// write-ahead log. BLOBs are errors.
class sqlite_reader final : public row_reader {
public:
    /// `query`: one SELECT statement. Throws `bulk::error` with `errc::store_failed` if the file
    /// or the query cannot be used.
    sqlite_reader(std::filesystem::path const& file, std::string query)
        : query_(std::move(query)), db_(file, true), statement_(db_, query_, doing()) {
        using eloqua::bulk::errc;
        if (statement_.rest().find_first_not_of(" \t\r\n;") != std::string_view::npos)
            databases::fail(errc::invalid_argument, doing() + ": it is more than one statement");
        if (statement_.columns() == 0 || !::sqlite3_stmt_readonly(statement_.get()))
            databases::fail(errc::invalid_argument, doing() + ": it is not a SELECT statement");
        std::vector<std::string> names;
        for (int i = 0; i != statement_.columns(); ++i)
            names.push_back(statement_.name(i));
        set_columns(std::move(names), query_);
    }

    bool next(std::vector<std::string>& values) override {
        if (std::exchange(failed_, true)) // another step would start over
            databases::fail(eloqua::bulk::errc::store_failed, doing() + ": it failed before");
        bool const more = !done_ && statement_.step();
        failed_ = false;
        if (!more) {
            // Ends the transaction, so that others may write.
            statement_.reset();
            done_ = true;
            return false;
        }
        values.resize(columns().size());
        for (std::size_t i = 0; i != values.size(); ++i) {
            int const column = static_cast<int>(i);
            if (statement_.is_blob(column))
                databases::fail(eloqua::bulk::errc::store_failed,
                                doing() + ": column " + databases::named(columns()[i]) +
                                    " has a BLOB, which is not a text",
                                "convert it in the query");
            values[i] = statement_.is_null(column) ? std::string() : statement_.text(column);
        }
        return true;
    }

private:
    std::string doing() const { return "the query " + databases::named(query_); }

    std::string query_;
    databases::sqlite_database db_;
    databases::sqlite_statement statement_;
    bool done_ = false, failed_ = false;
};
