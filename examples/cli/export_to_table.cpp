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
    std::string text = visit_exportable(job.entity, [](auto const& of) {
        std::string const own = bulk::export_condition_of(of); // such as the type of activities
        return of.base_path().value() + (own.empty() ? "" : " of " + own);
    });
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
    made.replace_complete = !job.only_resume;
    made.of_changes = job.changes.has_value();
    return made;
}

template <class Sink, class Filter>
bulk::result<bulk::changes_export> export_where(bulk::client const& client,
                                                checked_export const& job, Sink& sink,
                                                Filter const& filter, std::stop_token const& stop) {
    return visit_exportable(job.entity, [&](auto const& of) -> bulk::result<bulk::changes_export> {
        if (job.changes) {
            bulk::export_changes_options options;
            static_cast<bulk::export_options&>(options) = job.options;
            static_cast<bulk::change_options&>(options) = job.changes->how;
            bulk::mark_file mark(job.changes->mark);
            return bulk::export_changed_records_into(client, of, job.columns, job.changes->key,
                                                     sink, mark, filter, options)
                .get(stop);
        }
        bulk::result<bulk::stored_export> done =
            bulk::export_records_into(client, of, job.columns, sink, filter, job.options).get(stop);
        if (!done)
            return done.error();
        bulk::changes_export whole;
        static_cast<bulk::stored_export&>(whole) = std::move(*done);
        return whole;
    });
}

template <class Sink>
bulk::result<bulk::changes_export> export_into(bulk::client const& client,
                                               checked_export const& job, Sink&& sink,
                                               std::stop_token const& stop) {
    auto const run = [&](checked_export const& how) {
        return how.filter.empty()
                   ? export_where(client, how, sink, bulk::all_rows, stop)
                   : export_where(client, how, sink,
                                  bulk::unchecked_filter<bulk::record>(how.filter), stop);
    };
    // How many rows of an unfinished export are stored; -1 without such an export.
    auto const rows_stored = [&sink] {
        bulk::result<std::optional<bulk::sink_progress>> const last = sink.last();
        return last && *last && !(*last)->complete ? (*last)->at.rows : std::int64_t(-1);
    };
    std::int64_t const before = job.start_over ? rows_stored() : -1;
    bulk::result<bulk::changes_export> done = run(job);
    if (done || !job.start_over)
        return done;
    auto const failed_by = [&done](bulk::errc each) {
        return done.error().code == make_error_code(each);
    };
    bool const lacks_rows = failed_by(bulk::errc::store_lacks_rows);
    bool const useless = failed_by(bulk::errc::sync_gone) || failed_by(bulk::errc::other_export);
    auto const no_rows_but_wrong_ones = [&] {
        return !done && done.error().code == bulk::condition::wrong_rows && before >= 0 &&
               rows_stored() == before;
    };
    if (no_rows_but_wrong_ones()) {
        done = run(job);
        if (done || stop.stop_requested())
            return done;
    }
    if (!lacks_rows && !useless && !no_rows_but_wrong_ones())
        return done;
    std::string const why = "an earlier export was given up: " + done.error().message();
    bulk::result<void> const cleared = sink.clear();
    if (!cleared)
        return cleared.error();
    checked_export again = job;
    if (lacks_rows)
        again.changes->how.from_start = true;
    done = run(again);
    if (done && !lacks_rows)
        done->receipt.warnings.push_back(why);
    return done;
}

#endif

[[noreturn]] [[maybe_unused]] void built_without(char const* library) {
    throw bad_usage(std::string("this program was built without ") + library);
}

} // namespace

bulk::result<bulk::changes_export> export_to([[maybe_unused]] bulk::client const& client,
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
