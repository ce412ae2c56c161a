// SPDX-License-Identifier: BSL-1.0
// The databases that the tests of stores and readers run with: each test gets an empty one.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export_checkpoint.hpp>
#include <eloqua/bulk/record.hpp>

#include <boost/test/unit_test.hpp>

#include "databases/postgres_connection.hpp"
#include "databases/postgres_reader.hpp"
#include "databases/postgres_sink.hpp"
#include "databases/sqlite_database.hpp"
#include "databases/sqlite_reader.hpp"
#include "databases/sqlite_sink.hpp"
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace stores {

namespace bulk = eloqua::bulk;
using texts = std::vector<std::string>;

/// An SQLite database in a temporary folder.
class sqlite {
public:
    using sink = sqlite_sink;

    sqlite() {
        std::string pattern = (std::filesystem::temp_directory_path() / "stores.XXXXXX").string();
        if (!::mkdtemp(pattern.data()))
            throw std::runtime_error("there is no temporary folder");
        folder_ = pattern;
    }
    sqlite(sqlite const&) = delete;
    ~sqlite() { std::filesystem::remove_all(folder_); }

    std::filesystem::path where() const { return folder_ / "test.db"; }
    std::filesystem::path impatient() const { return where(); } ///< stores never wait for a lock
    std::unique_ptr<row_reader> read(std::string sql) const {
        return std::make_unique<sqlite_reader>(where(), std::move(sql));
    }
    void run(std::string const& sql) const {
        databases::sqlite_database db(where(), false);
        db.run(sql.c_str(), "test");
    }

private:
    std::filesystem::path folder_;
};

/// A schema of its own on the server that the environment variable names. Other tests use the same
/// server at the same time.
class postgres {
public:
    using sink = postgres_sink;

    postgres() {
        static int made = 0;
        char const* const server = std::getenv("ELOQUA_TEST_POSTGRES");
        if (!server)
            throw std::runtime_error(
                "ELOQUA_TEST_POSTGRES names no server; run tests/databases/check");
        server_ = server;
        schema_ = "t" + std::to_string(::getpid()) + "_" + std::to_string(++made);
        run("CREATE SCHEMA " + schema_);
    }
    postgres(postgres const&) = delete;

    /// The sessions of this object are named as its schema. A store waits for the lock of one that
    /// was closed, since the server may be slow to end its session.
    std::string where() const { return with_lock_timeout("60s"); }
    /// A store fails if another one has its lock.
    std::string impatient() const { return with_lock_timeout("500ms"); }
    std::string const& schema() const { return schema_; }
    std::unique_ptr<row_reader> read(std::string sql) const {
        return std::make_unique<postgres_reader>(where(), std::move(sql));
    }
    void run(std::string const& sql) const {
        databases::postgres_connection db(where(), "");
        db.run(sql, {}, "test");
    }

private:
    std::string with_lock_timeout(std::string const& time) const {
        return server_ + " application_name=" + schema_ + " options='-c lock_timeout=" + time +
               " -c search_path=" + schema_ + "'";
    }

    std::string server_, schema_;
};

using both = std::tuple<sqlite, postgres>;

/// The rows of a query as lines, with | between values and <null> for NULL where the query says so.
template <class Store>
texts lines(Store const& store, std::string sql) {
    auto const reader = store.read(std::move(sql));
    texts all, values;
    while (reader->next(values)) {
        std::string line;
        for (std::string const& each : values)
            line += (&each == &values.front() ? "" : "|") + each;
        all.push_back(line);
    }
    return all;
}

/// Columns of records with these keys.
inline bulk::record_columns keyed(texts const& keys) {
    std::vector<bulk::record_column> made;
    for (std::string const& each : keys)
        made.push_back(bulk::field_column(each, "C_Field" + std::to_string(made.size())));
    return bulk::record_columns(std::move(made));
}
inline std::vector<bulk::record> records(bulk::record_columns const& columns,
                                         std::vector<texts> const& values) {
    std::vector<bulk::record> made;
    for (texts const& each : values) {
        bulk::record& row = made.emplace_back(columns);
        for (std::size_t i = 0; i != each.size(); ++i)
            row[i] = each[i];
    }
    return made;
}

/// The checkpoint after this many rows.
inline bulk::export_checkpoint after(std::int64_t rows, std::string sync = "/syncs/1") {
    bulk::export_checkpoint at;
    at.name = "test";
    at.definition = "/contacts/exports/1";
    at.sync = std::move(sync);
    at.rows = rows;
    at.known_row = rows - 1;
    return at;
}

inline bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}
/// The message of a result; "success" without an error.
template <class T>
std::string said(bulk::result<T> const& r) {
    return r ? "success" : r.error().message();
}
/// The message of what a function throws.
template <class F>
std::string thrown(F f) {
    try {
        f();
    } catch (bulk::error const& e) {
        return e.what();
    }
    return "nothing was thrown";
}

} // namespace stores
