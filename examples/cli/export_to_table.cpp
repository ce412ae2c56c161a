// SPDX-License-Identifier: BSL-1.0
// Exports into tables of databases, as far as the program was built with them.
#include <eloqua/bulk/export_into.hpp>

#include "export_command.hpp"

#ifdef ELOQUA_CLI_SQLITE
#include "../databases/sqlite_sink.hpp"
#endif
#ifdef ELOQUA_CLI_POSTGRES
#include "../databases/postgres_sink.hpp"
#endif

namespace cli {

namespace {

#if defined(ELOQUA_CLI_SQLITE) || defined(ELOQUA_CLI_POSTGRES)

/// What an interrupted export must have in common with this one.
std::string subject_of(checked_export const& job) {
    std::string text =
        visit_exportable(job.entity, [](auto const& of) { return of.base_path().value(); });
    for (std::size_t i = 0; i != job.columns.size(); ++i)
        text += (i == 0 ? ": " : ", ") + job.columns[i].key + " = " + job.columns[i].text;
    return text + (job.filter.empty() ? "" : " where " + job.filter);
}

table_options options_for(checked_export const& job, table_output const& to) {
    table_options made;
    made.table = to.table;
    for (std::size_t i = 0; i != job.columns.size(); ++i)
        made.columns.push_back(job.columns[i].key);
    made.subject = subject_of(job);
    made.key = to.key;
    return made;
}

template <class Sink>
bulk::result<bulk::stored_export> export_into(bulk::client const& client, checked_export const& job,
                                              Sink&& sink, std::stop_token const& stop) {
    return visit_exportable(job.entity, [&](auto const& of) {
        if (job.filter.empty())
            return bulk::export_records_into(client, of, job.columns, sink, bulk::all_rows,
                                             job.options)
                .get(stop);
        return bulk::export_records_into(client, of, job.columns, sink,
                                         bulk::unchecked_filter<bulk::record>(job.filter),
                                         job.options)
            .get(stop);
    });
}

#endif

[[noreturn]] [[maybe_unused]] void built_without(char const* library) {
    throw bad_usage(std::string("this program was built without ") + library);
}

} // namespace

bulk::result<bulk::stored_export> export_to([[maybe_unused]] bulk::client const& client,
                                            [[maybe_unused]] checked_export const& job,
                                            table_output const& to,
                                            [[maybe_unused]] std::stop_token const& stop) {
    if (to.kind == table_output::database::sqlite) {
#ifdef ELOQUA_CLI_SQLITE
        return export_into(client, job, sqlite_sink(to.where, options_for(job, to)), stop);
#else
        built_without("SQLite");
#endif
    }
#ifdef ELOQUA_CLI_POSTGRES
    return export_into(client, job, postgres_sink(to.where, options_for(job, to)), stop);
#else
    built_without("PostgreSQL");
#endif
}

} // namespace cli
