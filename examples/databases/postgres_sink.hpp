// SPDX-License-Identifier: BSL-1.0
// A store for the records of an export in a PostgreSQL database.
#pragma once

#include "postgres_connection.hpp"
#include "table.hpp"
#include "table_sink.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <libpq-fe.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A store in a PostgreSQL database: `table_sink` says what it does. Rows are written by COPY, so
/// the database refuses a value that does not fit its column when it arrives; constraints are
/// checked when the export is complete. NUL characters cannot be stored and are errors.
///
/// The connection is kept open until the end, also while Eloqua works, and is never made again.
/// A lost connection is an error, and a new object resumes. If it is lost during a commit, the
/// outcome is unknown until then: the new object waits until the server has ended the transaction,
/// and resumes from the checkpoint that is stored. An advisory lock excludes a second export into
/// the table. For one thread at a time.
class postgres_sink final : public table_sink {
public:
    /// `conninfo`: words or a URL, as for psql, without a password. Throws `bulk::error`:
    /// `errc::invalid_argument` for a malformed string, a password in it, or options that the
    /// database does not accept; `errc::in_use` if another process exports into the table;
    /// `errc::store_failed` if the table does not have the columns; a code of
    /// `condition::try_later` if the server cannot be reached.
    postgres_sink(std::string const& conninfo, table_options options)
        : table_sink(options, split(options.table).second, false), db_(conninfo, if_lost) {
        settings();
        schema_ = find_schema(split(options.table).first);
        std::string const whole = databases::quoted(schema_) + "." + databases::quoted(table());
        // The state table is in the same schema.
        set_names(databases::quoted(schema_) + ".", table());
        lock(whole);
        inspect();
    }

private:
    static constexpr char const* if_lost =
        "run this again: it resumes after the rows that are stored";

    /// Schema, which may be empty, and table.
    static std::pair<std::string, std::string> split(std::string const& name) {
        std::size_t const dot = name.find('.');
        if (dot == name.npos)
            return {"", name};
        std::pair<std::string, std::string> parts(name.substr(0, dot), name.substr(dot + 1));
        databases::check_name("schema", parts.first, 63);
        return parts;
    }
    std::string doing() const { return "table " + databases::named(table()); }

    void settings() {
        // A session without transactions is normal here: Eloqua may take hours. And the last
        // commit must be durable, since the rows are then deleted in Eloqua.
        (void)query("SELECT set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN "
                    "('idle_session_timeout', 'statement_timeout', "
                    "'idle_in_transaction_session_timeout')",
                    {});
        (void)query("SELECT set_config(name, 'on', false) FROM pg_catalog.pg_settings WHERE name = "
                    "'synchronous_commit' AND setting = 'off'",
                    {});
    }
    std::string find_schema(std::string const& given) {
        if (!given.empty()) {
            if (query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", {given}).empty())
                databases::fail(eloqua::bulk::errc::store_failed,
                                "there is no schema " + databases::named(given), "create it");
            return given;
        }
        auto const found =
            query("SELECT coalesce((SELECT n.nspname FROM pg_catalog.pg_class c JOIN "
                  "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $1 AND "
                  "pg_catalog.pg_table_is_visible(c.oid) LIMIT 1), pg_catalog.current_schema())",
                  {table()});
        if (!found.front().front())
            databases::fail(eloqua::bulk::errc::store_failed,
                            doing() + ": no schema of the search path exists",
                            "name one: SCHEMA.TABLE");
        return *found.front().front();
    }
    /// Takes the table's lock for the life of the connection. The server may need a moment to end
    /// the session of a process that was killed. A `lock_timeout` of the user counts.
    void lock(std::string const& whole) {
        (void)query("SELECT set_config(name, '5s', false) FROM pg_catalog.pg_settings WHERE name = "
                    "'lock_timeout' AND setting = '0'",
                    {});
        try {
            (void)query("SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtext($1), "
                        "pg_catalog.hashtext($2))",
                        {std::string(databases::state_table), whole});
        } catch (eloqua::bulk::error const& e) {
            if (!e.info().detail.ends_with("(SQLSTATE 55P03)"))
                throw;
            auto const holder = query(
                "SELECT pg_catalog.string_agg(pid::text, ', ') FROM pg_catalog.pg_locks WHERE "
                "locktype = 'advisory' AND granted AND objsubid = 2 AND classid = "
                "(pg_catalog.hashtext($1)::bigint & 4294967295)::oid AND objid = "
                "(pg_catalog.hashtext($2)::bigint & 4294967295)::oid",
                {std::string(databases::state_table), whole});
            databases::fail(eloqua::bulk::errc::in_use,
                            doing() + ": another process exports into it (process " +
                                holder.front().front().value_or("unknown") + " of the server)",
                            "wait until it ends, and run this one again");
        }
        (void)query("RESET lock_timeout", {});
    }

    std::vector<values> query(std::string const& sql,
                              std::vector<std::string> const& parameters) override {
        auto const done = db_.run(sql, parameters, doing());
        std::vector<values> rows;
        for (int row = 0; row != ::PQntuples(done.get()); ++row) {
            values& made = rows.emplace_back();
            for (int i = 0; i != ::PQnfields(done.get()); ++i)
                made.push_back(databases::value_of(done.get(), row, i));
        }
        return rows;
    }
    std::int64_t change(std::string const& sql,
                        std::vector<std::string> const& parameters) override {
        auto const done = db_.run(sql, parameters, doing());
        return std::strtoll(::PQcmdTuples(done.get()), nullptr, 10);
    }
    void begin() override {
        (void)db_.run_simple("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", doing());
    }
    void commit() override {
        databases::postgres_result const done(::PQexec(db_.get(), "COMMIT"));
        if (db_.lost())
            db_.fail(done.get(), doing() +
                                     ": the connection was lost during a commit, so it is unknown "
                                     "whether the last rows are stored");
        db_.require(done, doing() + ", commit");
        // A transaction that failed before answers so, without an error.
        if (std::string_view(::PQcmdStatus(done.get())) != "COMMIT")
            databases::fail(eloqua::bulk::errc::store_failed,
                            doing() + ": PostgreSQL rolled back the transaction");
    }
    void rollback() noexcept override {
        databases::postgres_result const done(::PQexec(db_.get(), "ROLLBACK"));
    }
    void lock_state() override {
        // Two sessions that create the table at the same time would disturb each other.
        (void)query("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext($1), 0)",
                    {std::string(databases::state_table)});
    }
    std::optional<std::vector<column>> columns_of(std::string const& name) override {
        auto const kind = query("SELECT relkind FROM pg_catalog.pg_class WHERE relname = $1 AND "
                                "relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE "
                                "nspname = $2)",
                                {name, schema_});
        if (kind.empty())
            return std::nullopt;
        if (kind.front().front() != "r" && kind.front().front() != "p")
            databases::fail(eloqua::bulk::errc::store_failed,
                            databases::named(name) + " is not a table (it may be a view)",
                            "export into a table");
        std::vector<column> found;
        for (values const& each :
             query("SELECT a.attname, a.attnotnull FROM pg_catalog.pg_attribute a JOIN "
                   "pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON "
                   "n.oid = c.relnamespace WHERE c.relname = $1 AND n.nspname = $2 AND a.attnum > "
                   "0 AND NOT a.attisdropped ORDER BY a.attnum",
                   {name, schema_}))
            found.push_back({each[0].value_or(""), each[1] == "t"});
        return found;
    }
    /// With the types of the table, so that unsuitable values are refused at once.
    std::string staging_sql() const override {
        return "CREATE TABLE " + staging_name_sql() + " AS SELECT CAST(NULL AS bigint) AS " +
               std::string(databases::row_number_column) + ", " + column_list() + " FROM " +
               target_sql() + " WITH NO DATA";
    }
    void check_text(std::string_view text) const override {
        if (text.find('\0') != text.npos)
            databases::fail(eloqua::bulk::errc::store_failed,
                            "the text has a NUL character, which PostgreSQL cannot store",
                            "correct the value in Eloqua, or leave out the column");
    }

    void write(std::span<eloqua::bulk::record const> rows, std::int64_t number,
               std::span<std::size_t const> at) override {
        std::string const what = doing() + ", rows " + std::to_string(number) + " to " +
                                 std::to_string(number + std::ssize(rows) - 1);
        (void)db_.run("COPY " + staging_name_sql() + " (" +
                          std::string(databases::row_number_column) + ", " + column_list() +
                          ") FROM STDIN",
                      {}, what);
        constexpr std::size_t enough = 64 * 1024;
        std::string text;
        bool sent = true;
        for (eloqua::bulk::record const& row : rows) {
            text += std::to_string(number++);
            for (std::size_t i = 0; i != at.size(); ++i)
                append_value(text += '\t', row[at[i]], blank_is_null(i));
            text += '\n';
            if (text.size() >= enough)
                sent = sent && put(text);
        }
        sent = sent && put(text) && ::PQputCopyEnd(db_.get(), nullptr) == 1;
        // The reason of a failure is in the results, unless the connection was lost first.
        std::optional<databases::postgres_result> failed;
        for (;;) {
            databases::postgres_result done(::PQgetResult(db_.get()));
            if (!done)
                break;
            if (::PQresultStatus(done.get()) == PGRES_COPY_IN) { // only if nothing can be sent
                failed.emplace();
                break;
            }
            if (::PQresultStatus(done.get()) != PGRES_COMMAND_OK && !failed)
                failed.emplace(std::move(done));
        }
        if (failed || !sent)
            db_.fail(failed ? failed->get() : nullptr, what);
    }
    /// Sends data of a COPY and clears it.
    bool put(std::string& text) {
        bool const sent =
            ::PQputCopyData(db_.get(), text.data(), static_cast<int>(text.size())) == 1;
        text.clear();
        return sent;
    }
    /// Appends a value in the text format of COPY.
    static void append_value(std::string& to, std::string_view text, bool blank_is_null) {
        if (text.empty() && blank_is_null) {
            to += "\\N";
            return;
        }
        for (char const c : text)
            switch (c) {
            case '\\':
                to += "\\\\";
                break;
            case '\n':
                to += "\\n";
                break;
            case '\r':
                to += "\\r";
                break;
            case '\t':
                to += "\\t";
                break;
            default:
                to += c;
            }
    }

    databases::postgres_connection db_;
    std::string schema_;
};
static_assert(eloqua::bulk::checkpointed_sink<postgres_sink, eloqua::bulk::record>);
