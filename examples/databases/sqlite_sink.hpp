// SPDX-License-Identifier: BSL-1.0
// A store for the records of an export in an SQLite database.
#pragma once

#include "sqlite_database.hpp"
#include "table.hpp"
#include "table_sink.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace databases {

/// Locks a file until the object or the process ends. The file stays: deleting it would be a race.
class file_lock {
public:
    /// Throws `bulk::error` with `errc::in_use` if another object has the lock.
    file_lock(std::string const& path, std::string const& table)
        : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666)) {
        if (file_ < 0)
            fail(bulk::errc::store_failed,
                 "the lock file " + named(path) + " cannot be opened: " + std::strerror(errno));
        if (::flock(file_, LOCK_EX | LOCK_NB) == 0)
            return;
        ::close(file_);
        fail(bulk::errc::in_use,
             "table " + named(table) + ": another process exports into it (it has locked " +
                 one_line(path) + ")",
             "wait until it ends, and run this one again");
    }
    file_lock(file_lock const&) = delete;
    ~file_lock() { ::close(file_); }

private:
    int file_;
};

} // namespace databases

/// A store in an SQLite database: `table_sink` says what it does. Other processes may use the
/// database meanwhile; a lock file beside it excludes a second export into the table. Column types
/// only convert values as SQLite's type affinity does. For one thread at a time.
class sqlite_sink final : public table_sink {
public:
    /// Throws `bulk::error`: `errc::invalid_argument` for options that no database accepts,
    /// `errc::in_use` if another process exports into the table, `errc::store_failed` if the file
    /// cannot be used or the table does not have the columns.
    sqlite_sink(std::filesystem::path const& file, table_options options)
        : table_sink(options, options.table, true), db_(file, false),
          lock_(lock_path(db_.path(), options.table), options.table) {
        set_names("", lower(table()));
        db_.run("PRAGMA synchronous = FULL", doing());
        inspect();
    }

private:
    /// Names of tables differ by more than the case of letters.
    static std::string lower(std::string_view name) {
        std::string out(name);
        for (char& c : out)
            if (c >= 'A' && c <= 'Z')
                c = static_cast<char>(c + 32);
        return out;
    }
    static std::string lock_path(std::string const& database, std::string const& table) {
        if (database.empty())
            databases::fail(eloqua::bulk::errc::invalid_argument,
                            "an export into a database in memory could not be resumed",
                            "use a file");
        std::string out = database + '-';
        for (char const c : lower(table)) {
            constexpr char const* digits = "0123456789abcdef";
            bool const plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
            auto const byte = static_cast<unsigned char>(c);
            if (plain)
                out += c;
            else
                out.append({'%', digits[byte / 16], digits[byte % 16]});
        }
        return out + ".lock";
    }
    std::string doing() const { return "table " + databases::named(table()); }

    std::vector<values> query(std::string const& sql,
                              std::vector<std::string> const& parameters) override {
        databases::sqlite_statement statement(db_, sql, doing());
        for (std::size_t i = 0; i != parameters.size(); ++i)
            statement.bind(static_cast<int>(i) + 1, parameters[i]);
        std::vector<values> rows;
        while (statement.step()) {
            values& row = rows.emplace_back();
            for (int i = 0; i != statement.columns(); ++i)
                row.push_back(statement.is_null(i) ? std::nullopt
                                                   : std::optional(statement.text(i)));
        }
        return rows;
    }
    std::int64_t change(std::string const& sql,
                        std::vector<std::string> const& parameters) override {
        (void)query(sql, parameters);
        return ::sqlite3_changes(db_.get());
    }
    void begin() override { db_.run("BEGIN IMMEDIATE", doing()); }
    void commit() override { db_.run("COMMIT", doing() + ", commit"); }
    void rollback() noexcept override {
        if (!::sqlite3_get_autocommit(db_.get()))
            ::sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    std::optional<std::vector<column>> columns_of(std::string const& name) override {
        auto const kind =
            query("SELECT type FROM sqlite_master WHERE name = $1 COLLATE NOCASE AND type IN "
                  "('table', 'view')",
                  {name});
        if (kind.empty())
            return std::nullopt;
        if (kind.front().front() != "table")
            databases::fail(eloqua::bulk::errc::store_failed,
                            databases::named(name) + " is a view, not a table",
                            "export into a table");
        std::vector<column> found;
        for (values const& each :
             query("SELECT name, \"notnull\" FROM pragma_table_info($1)", {name}))
            found.push_back({each[0].value_or(""), each[1] == "1"});
        return found;
    }
    /// Without types, so that texts stay as they are.
    std::string staging_sql() const override {
        return "CREATE TABLE " + staging_name_sql() + " (" +
               std::string(databases::row_number_column) + " INTEGER PRIMARY KEY, " +
               column_list() + ")";
    }
    void write(std::span<eloqua::bulk::record const> rows, std::int64_t number,
               std::span<std::size_t const> at) override {
        std::string places = "$1";
        for (std::size_t i = 0; i != at.size(); ++i)
            places += ", $" + std::to_string(i + 2);
        databases::sqlite_statement insert(
            db_, "INSERT INTO " + staging_name_sql() + " VALUES (" + places + ")", doing());
        for (eloqua::bulk::record const& row : rows) {
            insert.bind(1, number++);
            for (std::size_t i = 0; i != at.size(); ++i) {
                std::string const& text = row[at[i]];
                int const place = static_cast<int>(i) + 2;
                text.empty() && blank_is_null(i) ? insert.bind_null(place)
                                                 : insert.bind(place, text);
            }
            insert.step();
            insert.reset();
        }
    }

    databases::sqlite_database db_;
    databases::file_lock lock_;
};
static_assert(eloqua::bulk::checkpointed_sink<sqlite_sink, eloqua::bulk::record>);
