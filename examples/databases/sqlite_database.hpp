// SPDX-License-Identifier: BSL-1.0
// An open SQLite database and its statements.
#pragma once

#include <eloqua/bulk/error.hpp>

#include "table.hpp"
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <sqlite3.h>
#include <string>
#include <string_view>
#include <utility>

namespace databases {

/// Owns an open database. For one thread at a time.
class sqlite_database {
public:
    /// Throws `bulk::error` with `errc::store_failed`.
    sqlite_database(std::filesystem::path const& file, bool read_only) : file_(file.string()) {
        int const how =
            read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        int const opened = ::sqlite3_open_v2(file_.c_str(), &db_, how, nullptr);
        if (opened == SQLITE_OK) {
            ::sqlite3_busy_timeout(db_, 60'000); // milliseconds; other processes may use it
            ::sqlite3_extended_result_codes(db_, 1);
            return;
        }
        std::string const why = db_ ? ::sqlite3_errmsg(db_) : "out of memory";
        ::sqlite3_close(db_);
        databases::fail(bulk::errc::store_failed,
                        "the database " + named(file_) +
                            " cannot be opened: SQLite says: " + one_line(why));
    }
    sqlite_database(sqlite_database const&) = delete;
    ~sqlite_database() { ::sqlite3_close(db_); }

    ::sqlite3* get() const { return db_; }
    /// The absolute path of the file; empty for a database in memory.
    std::string path() const {
        char const* const name = ::sqlite3_db_filename(db_, "main");
        return name ? name : "";
    }
    /// Throws `bulk::error` with the database's last message and `errc::store_failed`, or
    /// `errc::in_use` if another user of the database did not end in time.
    [[noreturn]] void fail(std::string const& doing, std::string advice = "") const {
        int const primary = ::sqlite3_errcode(db_) & 0xFF;
        bool const busy = primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
        databases::fail(busy ? bulk::errc::in_use : bulk::errc::store_failed,
                        doing + ": SQLite says: " + one_line(::sqlite3_errmsg(db_)),
                        std::move(advice));
    }
    /// Runs statements without results.
    void run(char const* sql, std::string const& doing) {
        if (::sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            fail(doing);
    }

private:
    std::string file_;
    ::sqlite3* db_ = nullptr;
};

/// Owns a prepared statement.
class sqlite_statement {
public:
    /// Throws `bulk::error`. `sql`: one statement.
    sqlite_statement(sqlite_database& db, std::string const& sql, std::string doing)
        : db_(db), doing_(std::move(doing)) {
        char const* rest = nullptr;
        // The length includes the terminator, which saves SQLite a copy.
        int const length = static_cast<int>(sql.size()) + 1;
        if (::sqlite3_prepare_v2(db_.get(), sql.c_str(), length, &made_, &rest) != SQLITE_OK)
            db_.fail(doing_);
        rest_ = rest;
    }
    sqlite_statement(sqlite_statement const&) = delete;
    ~sqlite_statement() { ::sqlite3_finalize(made_); }

    ::sqlite3_stmt* get() const { return made_; }
    /// What follows the statement in the SQL.
    std::string_view rest() const { return rest_; }
    /// `text` must stay alive until the statement is run.
    void bind(int index, std::string_view text) {
        if (::sqlite3_bind_text64(made_, index, text.data() ? text.data() : "", text.size(),
                                  SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK)
            db_.fail(doing_);
    }
    void bind_null(int index) { ::sqlite3_bind_null(made_, index); }
    void bind(int index, std::int64_t number) { ::sqlite3_bind_int64(made_, index, number); }
    /// Whether there is a row.
    bool step() {
        int const came = ::sqlite3_step(made_);
        if (came != SQLITE_ROW && came != SQLITE_DONE)
            db_.fail(doing_);
        return came == SQLITE_ROW;
    }
    void reset() { ::sqlite3_reset(made_); }
    int columns() const { return ::sqlite3_column_count(made_); }
    std::string name(int column) const {
        char const* const text = ::sqlite3_column_name(made_, column);
        return text ? text : "";
    }
    bool is_null(int column) const { return ::sqlite3_column_type(made_, column) == SQLITE_NULL; }
    bool is_blob(int column) const { return ::sqlite3_column_type(made_, column) == SQLITE_BLOB; }
    /// A value as text; numbers in the shortest form without an exponent that has their exact
    /// value.
    std::string text(int column) const {
        if (::sqlite3_column_type(made_, column) == SQLITE_FLOAT) {
            char digits[400]; // enough for the smallest and the largest number
            auto const end =
                std::to_chars(digits, digits + sizeof digits,
                              ::sqlite3_column_double(made_, column), std::chars_format::fixed)
                    .ptr;
            return std::string(digits, end);
        }
        auto const data = reinterpret_cast<char const*>(::sqlite3_column_text(made_, column));
        auto const size = static_cast<std::size_t>(::sqlite3_column_bytes(made_, column));
        return data ? std::string(data, size) : std::string();
    }

private:
    sqlite_database& db_;
    std::string doing_;
    ::sqlite3_stmt* made_ = nullptr;
    std::string_view rest_;
};

} // namespace databases
