// SPDX-License-Identifier: BSL-1.0
// A connection to PostgreSQL.
#pragma once

#include <eloqua/bulk/error.hpp>

#include <boost/system/error_code.hpp>

#include "table.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <libpq-fe.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace databases {

struct free_result {
    void operator()(::PGresult* r) const { ::PQclear(r); }
};
using postgres_result = std::unique_ptr<::PGresult, free_result>;

/// Throws `bulk::error` with `errc::invalid_argument` if a connection string is malformed or has a
/// password. A password there is visible to other users of the machine, and in logs. Messages
/// never repeat the string, since they could repeat a password.
inline void check_conninfo(std::string const& conninfo) {
    constexpr char const* instead =
        "set PGPASSFILE to a password file (~/.pgpass is the default), PGSERVICE to a service, or "
        "PGPASSWORD to the password";
    char* why = nullptr;
    std::unique_ptr<::PQconninfoOption, void (*)(::PQconninfoOption*)> const options(
        ::PQconninfoParse(conninfo.c_str(), &why), &::PQconninfoFree);
    ::PQfreemem(why); // it may repeat parts of a password
    if (!options || conninfo.find('\0') != conninfo.npos)
        fail(bulk::errc::invalid_argument,
             "the connection string of PostgreSQL is malformed (it is not shown, since it could "
             "contain a password)",
             "write words such as 'host=db.example.com dbname=crm user=loader', or a URL such as "
             "postgresql://loader@db.example.com/crm");
    for (auto const* each = options.get(); each->keyword; ++each) {
        std::string_view const shown_as = each->dispchar ? each->dispchar : "";
        std::string_view const word = each->keyword;
        bool const secret = shown_as == "*" || word.ends_with("password");
        if (secret && each->val && *each->val)
            fail(bulk::errc::invalid_argument,
                 "the connection string of PostgreSQL contains a password (" + std::string(word) +
                     "), which other users of this machine could see",
                 std::string("remove it; ") + instead);
    }
}

/// One connection; it is never made again. For one thread at a time.
class postgres_connection {
public:
    /// Throws `bulk::error`: `errc::invalid_argument` as `check_conninfo` does; if the server
    /// cannot be reached, a code of `condition::try_later`; if it refuses the client,
    /// `errc::store_failed`.
    /// `if_lost`: what to do after a lost connection.
    postgres_connection(std::string const& conninfo, std::string if_lost)
        : if_lost_(std::move(if_lost)) {
        check_conninfo(conninfo);
        // What comes before the connection string is a default, what comes after it is fixed.
        // A dead network is noticed after about 90 seconds, not after hours.
        char const* const words[] = {
            "connect_timeout",  "keepalives_idle",  "keepalives_interval",
            "keepalives_count", "tcp_user_timeout", "fallback_application_name",
            "dbname",           "client_encoding",  nullptr};
        char const* const values[] = {
            "30", "30", "10", "6", "90000", "eloqua-bulk", conninfo.c_str(), "UTF8", nullptr};
        made_ = ::PQconnectdbParams(words, values, 1);
        if (made_ && ::PQstatus(made_) == CONNECTION_OK) {
            ::PQsetNoticeProcessor(made_, [](void*, char const*) {}, nullptr);
            return;
        }
        // A server that responds refuses this client: to try again would not help.
        bool const refused = ::PQpingParams(words, values, 1) == PQPING_OK;
        bulk::failure why = refused ? bulk::failure(bulk::errc::store_failed)
                                    : bulk::failure(boost::system::errc::make_error_code(
                                          boost::system::errc::connection_refused));
        why.info.detail = "PostgreSQL cannot be reached: " +
                          (made_ ? one_line(::PQerrorMessage(made_)) : "out of memory");
        why.info.advice = "check the connection string and the server; a password is read from "
                          "PGPASSFILE, PGSERVICE or PGPASSWORD";
        ::PQfinish(made_);
        throw bulk::error(why);
    }
    postgres_connection(postgres_connection const&) = delete;
    ~postgres_connection() { ::PQfinish(made_); }

    ::PGconn* get() const { return made_; }
    bool lost() const { return ::PQstatus(made_) == CONNECTION_BAD; }

    /// Runs one statement. `doing` begins the message of an error.
    postgres_result run(std::string const& sql, std::vector<std::string> const& parameters,
                        std::string_view doing) {
        std::vector<char const*> texts;
        for (std::string const& each : parameters)
            texts.push_back(each.c_str());
        postgres_result done(::PQexecParams(made_, sql.c_str(), static_cast<int>(texts.size()),
                                            nullptr, texts.data(), nullptr, nullptr, 0));
        require(done, doing);
        return done;
    }
    /// Runs a statement by the simple protocol, which transactions need no plan for.
    postgres_result run_simple(char const* sql, std::string_view doing) {
        postgres_result done(::PQexec(made_, sql));
        require(done, doing);
        return done;
    }
    /// Throws unless a statement succeeded.
    void require(postgres_result const& done, std::string_view doing) const {
        ::ExecStatusType const how = ::PQresultStatus(done.get());
        if (how != PGRES_COMMAND_OK && how != PGRES_TUPLES_OK && how != PGRES_SINGLE_TUPLE &&
            how != PGRES_COPY_IN)
            fail(done.get(), doing);
    }
    /// Throws `bulk::error` with the database's words. If the connection is lost or the server
    /// shuts down or is overloaded, its code is one of `condition::try_later`.
    [[noreturn]] void fail(::PGresult const* done, std::string_view doing,
                           std::string advice = "") const {
        std::string const state = field(done, PG_DIAG_SQLSTATE);
        bool const later = lost() || state.starts_with("08") || state.starts_with("57P") ||
                           state.starts_with("53");
        bulk::failure why =
            later ? bulk::failure(lost_connection()) : bulk::failure(bulk::errc::store_failed);
        std::string words = field(done, PG_DIAG_MESSAGE_PRIMARY);
        for (int const more : {PG_DIAG_MESSAGE_DETAIL, PG_DIAG_CONTEXT}) {
            std::string const text = field(done, more);
            words += text.empty() ? "" : "; " + text;
        }
        if (!state.empty())
            words += " (SQLSTATE " + state + ")";
        else
            words = one_line(::PQerrorMessage(made_));
        why.info.detail = std::string(doing) + ": PostgreSQL says: " + words;
        std::string const hint = field(done, PG_DIAG_MESSAGE_HINT);
        why.info.advice = !advice.empty() ? std::move(advice) : later ? if_lost_ : hint;
        throw bulk::error(why);
    }

private:
    static bulk::error_code lost_connection() {
        return boost::system::errc::make_error_code(boost::system::errc::connection_reset);
    }
    static std::string field(::PGresult const* done, int which) {
        char const* const text = done ? ::PQresultErrorField(done, which) : nullptr;
        return text ? one_line(text) : "";
    }

    std::string if_lost_;
    ::PGconn* made_ = nullptr;
};

/// A value of a result; empty: NULL.
inline std::optional<std::string> value_of(::PGresult const* from, int row, int column) {
    if (::PQgetisnull(from, row, column))
        return std::nullopt;
    return std::string(::PQgetvalue(from, row, column),
                       static_cast<std::size_t>(::PQgetlength(from, row, column)));
}

} // namespace databases
