// SPDX-License-Identifier: BSL-1.0
// Exports contacts into an SQLite table. Rows and checkpoint are written in one transaction: if it
// is interrupted at any moment and run again, it resumes at the checkpoint in the database. By
// default it uses a simulated Eloqua on a local port.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_into.hpp>

#include <boost/describe.hpp>

#include "instance.hpp"
#include <cstdint>
#include <iostream>
#include <optional>
#include <span>
#include <sqlite3.h>
#include <stdexcept>
#include <string>
#include <string_view>

struct contact {
    std::int64_t id = 0;
    std::string email;
    std::optional<std::string> country;

    using eloqua_fields = bulk::fields<bulk::attribute<&contact::id, "Id">,
                                       bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (id, email, country))

namespace {

constexpr char const* usage =
    R"(usage: sqlite_sink DATABASE [options]

Exports contacts into the table "contact" of a database, which is created if it is missing. If the
database has an incomplete export, the program resumes it; if the export is complete, it says so.
Without --company it starts its own simulated Eloqua on a local port, which knows nothing of an
earlier run.

  --help            this text
)";

/// Stores contacts in a database, with the checkpoint of the last one.
class sqlite_sink {
public:
    explicit sqlite_sink(std::string const& path) {
        int const opened = ::sqlite3_open(path.c_str(), &db_);
        ::sqlite3_busy_timeout(db_, 60'000); // milliseconds; other processes may read meanwhile
        if (opened == SQLITE_OK)
            run("PRAGMA synchronous = FULL;"
                "CREATE TABLE IF NOT EXISTS contact (id INTEGER PRIMARY KEY, email TEXT NOT NULL, "
                "country TEXT);"
                "CREATE TABLE IF NOT EXISTS export (one INTEGER PRIMARY KEY CHECK (one = 1), "
                "checkpoint TEXT NOT NULL, complete INTEGER NOT NULL);");
        else
            check(false);
        if (!wrong_.empty()) {
            ::sqlite3_close(db_);
            throw std::runtime_error(path + ": " + wrong_);
        }
    }
    sqlite_sink(sqlite_sink const&) = delete;
    ~sqlite_sink() { ::sqlite3_close(db_); }

    bulk::result<std::optional<bulk::sink_progress>> last() {
        statement const find(db_, "SELECT checkpoint, complete FROM export");
        int const step = find ? ::sqlite3_step(find) : SQLITE_ERROR;
        if (step == SQLITE_DONE)
            return std::optional<bulk::sink_progress>();
        check(step == SQLITE_ROW);
        if (!wrong_.empty())
            return failure();
        auto const text = reinterpret_cast<char const*>(::sqlite3_column_text(find, 0));
        auto at = bulk::export_checkpoint::parse(text);
        if (!at)
            return at.error();
        return bulk::sink_progress{*at, ::sqlite3_column_int(find, 1) != 0};
    }

    bulk::result<void> append(std::span<contact const> rows, bulk::export_checkpoint const& at) {
        run("BEGIN IMMEDIATE");
        {
            statement const insert(db_, "INSERT INTO contact VALUES (?, ?, ?)");
            check(insert);
            for (contact const& each : rows) {
                if (!wrong_.empty())
                    break;
                ::sqlite3_bind_int64(insert, 1, each.id);
                bind(insert, 2, each.email);
                each.country ? bind(insert, 3, *each.country) : ::sqlite3_bind_null(insert, 3);
                check(::sqlite3_step(insert) == SQLITE_DONE);
                ::sqlite3_reset(insert);
            }
        }
        return commit(at, false);
    }
    bulk::result<void> complete(bulk::export_checkpoint const& at) {
        run("BEGIN IMMEDIATE");
        return commit(at, true);
    }

private:
    /// Owns a prepared statement.
    class statement {
    public:
        statement(::sqlite3* db, std::string_view sql) {
            ::sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &made_, nullptr);
        }
        statement(statement const&) = delete;
        ~statement() { ::sqlite3_finalize(made_); }
        operator ::sqlite3_stmt*() const { return made_; }

    private:
        ::sqlite3_stmt* made_ = nullptr;
    };

    static int bind(::sqlite3_stmt* to, int index, std::string const& text) {
        return ::sqlite3_bind_text(to, index, text.data(), static_cast<int>(text.size()),
                                   SQLITE_TRANSIENT);
    }
    void run(char const* sql) {
        if (wrong_.empty())
            check(::sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    }
    /// Keeps SQLite's message for the first step that failed; later calls replace it.
    void check(bool good) {
        if (!good && wrong_.empty())
            wrong_ = ::sqlite3_errmsg(db_);
    }
    bulk::result<void> commit(bulk::export_checkpoint const& at, bool complete) {
        {
            statement const keep(db_, "INSERT OR REPLACE INTO export VALUES (1, ?, ?)");
            check(keep);
            if (wrong_.empty()) {
                bind(keep, 1, at.text());
                ::sqlite3_bind_int(keep, 2, complete);
                check(::sqlite3_step(keep) == SQLITE_DONE);
            }
        }
        run("COMMIT");
        if (wrong_.empty())
            return {};
        bulk::failure const why = failure();
        ::sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
        return why;
    }
    bulk::failure failure() const { return bulk::failure(bulk::errc::journal_failed, wrong_); }

    ::sqlite3* db_ = nullptr;
    std::string wrong_;
};
static_assert(bulk::checkpointed_sink<sqlite_sink, contact>);

int run(std::string const& database, instance_arguments const& where) {
    sqlite_sink sink(database);
    instance eloqua(where, {});
    if (eloqua.simulated())
        eloqua.simulated()->generate_contacts(10'000);
    std::cout << bulk::export_into<contact>(eloqua.client(), bulk::contacts, sink).value() << '\n';
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    std::string database;
    auto own = [&](std::string_view word, auto) {
        if (word.starts_with("--") || !database.empty())
            return false;
        database = word;
        return true;
    };
    return run_example("sqlite_sink", usage, argc, argv, own, [&](instance_arguments const& where) {
        if (database.empty())
            throw bad_usage("a database is required");
        return run(database, where);
    });
}
