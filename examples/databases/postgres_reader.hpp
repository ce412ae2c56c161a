// SPDX-License-Identifier: BSL-1.0
// Reads the rows of a query of a PostgreSQL database.
#pragma once

#include <eloqua/bulk/error.hpp>

#include "postgres_connection.hpp"
#include "row_reader.hpp"
#include "table.hpp"
#include <cstddef>
#include <libpq-fe.h>
#include <string>
#include <utility>
#include <vector>

/// A query of a PostgreSQL database, see `row_reader`. It runs while rows are read, in a session
/// that can only read. Values are texts as the server writes them: times in ISO format and UTC,
/// booleans as t and f. Use to_char or CASE in the query for other forms.
class postgres_reader final : public row_reader {
public:
    /// `conninfo`: as for `postgres_sink`. `query`: one statement. Throws `bulk::error` as
    /// `postgres_sink` does, and with `errc::store_failed` if the query fails.
    postgres_reader(std::string const& conninfo, std::string query)
        : query_(std::move(query)), db_(conninfo, "run the import again") {
        (void)db_.run("SELECT set_config('default_transaction_read_only', 'on', false), "
                      "set_config('DateStyle', 'ISO', false), set_config('TimeZone', 'UTC', "
                      "false), set_config('statement_timeout', '0', false)",
                      {}, doing());
        // The extended protocol refuses several statements.
        if (::PQsendQueryParams(db_.get(), query_.c_str(), 0, nullptr, nullptr, nullptr, nullptr,
                                0) != 1 ||
            ::PQsetSingleRowMode(db_.get()) != 1)
            db_.fail(nullptr, doing());
        fetch();
        std::vector<std::string> names;
        for (int i = 0; i != ::PQnfields(now_.get()); ++i)
            names.push_back(::PQfname(now_.get(), i));
        if (names.empty())
            databases::fail(eloqua::bulk::errc::invalid_argument,
                            doing() + ": it is not a SELECT statement");
        set_columns(std::move(names), query_);
    }

    bool next(std::vector<std::string>& values) override {
        if (!now_)
            fetch();
        if (::PQresultStatus(now_.get()) != PGRES_SINGLE_TUPLE) {
            db_.require(now_, doing()); // an error stays an error
            return false;
        }
        values.resize(columns().size());
        for (std::size_t i = 0; i != values.size(); ++i)
            values[i] = databases::value_of(now_.get(), 0, static_cast<int>(i)).value_or("");
        now_.reset();
        return true;
    }

private:
    std::string doing() const { return "the query " + databases::named(query_); }
    /// Waits for a row or the end, which an error may take the place of.
    void fetch() {
        now_.reset(::PQgetResult(db_.get()));
        if (!now_ || ::PQresultStatus(now_.get()) == PGRES_COPY_OUT ||
            ::PQresultStatus(now_.get()) == PGRES_EMPTY_QUERY)
            db_.fail(now_.get(), doing());
        db_.require(now_, doing());
    }

    std::string query_;
    databases::postgres_connection db_;
    databases::postgres_result now_;
};
