// SPDX-License-Identifier: BSL-1.0
#include "export_command.hpp"

#include <eloqua/bulk/report_json.hpp>

#include <boost/system/errc.hpp>

#include "text.hpp"
#include "unique.hpp"
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <system_error>
#include <utility>

namespace cli {

namespace {

/// The column of the service's own time of a row, such as CreatedAt, which is added if it was not
/// chosen: the time decides which rows are exported.
std::string time_column(field_names const& known, std::string const& name,
                        std::vector<named_column>& chosen, progress& shown) {
    std::optional<std::string> const wanted = known.statement_of(name);
    for (named_column const& each : chosen) {
        if (each.field != "*" && wanted && known.statement_of(each.field) == wanted)
            return each.key;
        for (bulk::field_definition const& listed : known.all())
            if (each.field == "*" && listed.statement == wanted)
                return listed.internalName.value_or(listed.name);
    }
    chosen.push_back({name, name});
    shown.note("the column " + name + " is exported too: it decides which rows are");
    return name;
}

/// The windows of time that the arguments choose.
std::optional<bulk::window_plan> windows_of(export_arguments const& given, field_names const& known,
                                            std::vector<named_column>& chosen, progress& shown) {
    if (given.created.empty() && given.updated.empty())
        return std::nullopt;
    bool const created = !given.created.empty();
    // A range without an end ends in the future, at a time that stays the same when the command is
    // run again, even next year.
    using namespace std::chrono;
    year const this_year = year_month_day(floor<days>(system_clock::now())).year();
    year const last((static_cast<int>(this_year) + 2 + 9) / 10 * 10);
    auto const far = sys_seconds(sys_days(last / 1 / 1));
    time_range const range = created ? time_range_of("--created", given.created, far)
                                     : time_range_of("--updated", given.updated, far);
    bulk::time_window const whole{range.from, range.to};
    bool const open = (created ? given.created : given.updated).ends_with("..");
    if (open && !given.window.empty())
        throw bad_usage("--window needs a range with an end: FROM..TO");
    bulk::time_windows const windows =
        given.window.empty()
            ? bulk::time_windows(whole)
            : bulk::time_windows(range.from, range.to, length_of_time("--window", given.window));
    return bulk::export_windows(
        time_column(known, created ? "CreatedAt" : "UpdatedAt", chosen, shown), windows);
}

/// The mark that the arguments choose.
std::optional<change_arguments> changes_of(export_arguments const& given, field_names const& known,
                                           std::vector<named_column>& chosen, progress& shown) {
    if (given.since_last.empty())
        return std::nullopt;
    change_arguments made;
    made.mark = given.since_last;
    bool const changes = known.root() != "Activity"; // activities never change
    made.key = time_column(known, changes ? "UpdatedAt" : "CreatedAt", chosen, shown);
    if (!given.overlap.empty())
        made.how.overlap = length_of_time("--overlap", given.overlap);
    if (!given.start.empty())
        made.how.start = time_of("--start", given.start);
    made.how.accept_changed_columns = given.accept_changed_columns;
    if (!given.destination.empty())
        made.how.destination = given.destination;
    return made;
}

/// Rows of changes repeat, so a table needs a key to merge them by.
void require_key(any_output& output, field_names const& known,
                 std::vector<named_column> const& chosen) {
    auto* const table = std::get_if<table_output>(&output);
    if (!table || table->key)
        return;
    std::string const name = known.root() == "Activity" ? "ExternalId" : "Id";
    for (named_column const& each : chosen)
        if (known.statement_of(each.field) == known.statement_of(name))
            table->key = each.key;
    if (!table->key)
        throw bad_usage("--since-last exports some rows again: choose the column " + name +
                        ", or another one by --key, so that the table keeps each row once");
}

/// Options that exclude each other.
void check_arguments(export_arguments const& given, bool stream) {
    int const ranges = !given.created.empty() + !given.updated.empty() + !given.since_last.empty();
    if (ranges > 1)
        throw bad_usage("--created, --updated and --since-last exclude each other");
    if (!given.window.empty() && given.created.empty() && given.updated.empty())
        throw bad_usage("--window divides --created FROM..TO or --updated FROM..TO");
    if (given.since_last.empty() &&
        (!given.overlap.empty() || given.accept_changed_columns || !given.destination.empty()))
        throw bad_usage("--overlap, --destination and --accept-changed-columns need --since-last");
    if (!given.since_last.empty() && !given.unique_by.empty())
        throw bad_usage("--unique-by and --since-last exclude each other: rows of changes repeat");
    if (!given.updated.empty() && given.entity.name == "activities")
        throw bad_usage("activities have no time of the last change; use --created");
    if (!given.start.empty() && given.since_last.empty())
        throw bad_usage("--start needs --since-last");
    if (given.replace && given.resume)
        throw bad_usage("--replace and --resume exclude each other");
    if (given.ahead != 0 && given.window.empty())
        throw bad_usage("--ahead needs --window");
    if (!given.since_last.empty() && stream)
        throw bad_usage("--since-last needs a file or a table: nothing says that the reader of "
                        "standard output has the rows");
}

/// Compares the columns with the instance's fields. Throws `ending` for columns that do not fit.
void check_fields(bulk::client const& client, checked_export const& job, progress& shown,
                  std::stop_token const& stop) {
    bulk::field_report const report = visit_exportable(job.entity, [&](auto const& of) {
        return client.check(of, job.columns, bulk::field_use::exported).value(stop);
    });
    if (!report.ok())
        throw ending(exit_code::refused, printable(report.message()));
    for (auto const& each : report.findings)
        shown.note("warning: " + printable(each.message()));
}

/// The failure in the words of this program. `began`: whether it is the export's own.
ending ending_for(bulk::failure const& why, any_output const& output, bool began) {
    auto const* const file = std::get_if<file_output>(&output);
    bool const stream = file && file->standard_output;
    bool const pipe = stream && caused_by(why, EPIPE);
    if (pipe)
        return {exit_code::failed,
                "standard output was closed before the export was complete; export to a file "
                "instead, or read all rows"};
    resuming const how = stream ? resuming::impossible : resuming::possible;
    exit_code const code = code_of(why, how);
    std::string const again = "; the same command resumes the export";
    if (why.code == boost::system::errc::operation_canceled)
        return {code, "interrupted" +
                          (stream ? "; an export to standard output cannot be resumed" : again)};
    bulk::failure shown = why;
    auto const is = [&why](bulk::errc each) { return why.code == bulk::make_error_code(each); };
    if (file && (is(bulk::errc::invalid_checkpoint) || is(bulk::errc::other_export)))
        shown.info.advice = "repeat the command of that export, or remove the journal and " +
                            printable(file->path.string()) + " to start a new one";
    if (!stream && (is(bulk::errc::sync_gone) || (!file && is(bulk::errc::other_export))))
        shown.info.advice = "the same command with --start-over begins a new export";
    if (is(bulk::errc::store_lacks_rows))
        shown.info.advice =
            "restore the table, or the mark that belongs to it, or use --start-over "
            "once, which exports all rows again";
    if (!file && is(bulk::errc::invalid_checkpoint) && shown.info.advice.ends_with("start over"))
        shown.info.advice = "run the command for that instance, or use another table";
    bool const disk = caused_by(why, ENOSPC) || caused_by(why, EDQUOT) || caused_by(why, EFBIG);
    std::string const words =
        disk ? printable(why.info.detail) + "; make room" : printable(shown.message());
    std::string more;
    if (code == exit_code::resumable)
        more = again;
    else if (began && !stream && why.code == bulk::condition::wrong_rows)
        more = "; the same command with --start-over resumes the export once more, or begins a new "
               "one";
    return {code, words + more};
}

/// Exports, but does not replace a file with changes that nobody may have read.
bulk::result<bulk::changes_export> export_unread(bulk::client const& client, checked_export job,
                                                 any_output const& output,
                                                 export_arguments const& given,
                                                 std::stop_token const& stop) {
    auto const run = [&] {
        return std::visit([&](auto const& to) { return export_to(client, job, to, stop); }, output);
    };
    auto const* const file = std::get_if<file_output>(&output);
    std::error_code missing;
    bool const may_have_rows =
        file && job.changes && std::filesystem::file_size(file->path, missing) != 0 && !missing;
    if (!may_have_rows || given.resume || given.replace)
        return run();
    job.only_resume = true;
    bulk::result<bulk::changes_export> done = run();
    if (!done || !done->was_complete)
        return done;
    if (done->receipt.rows != 0)
        throw ending(exit_code::refused,
                     printable(file->path.string()) + " still has the " +
                         std::to_string(done->receipt.rows) +
                         " rows of the last export; take it away when they are read, or use "
                         "--replace, which loses them");
    job.only_resume = false;
    return run();
}

void report(bulk::changes_export const& done, any_output const& output,
            common_arguments const& common, progress& shown) {
    if (common.json) {
        say(to_json(done));
        flush_output();
        return;
    }
    std::ostringstream text;
    text << done;
    auto const* const file = std::get_if<file_output>(&output);
    std::string const where = !file                   ? std::get<table_output>(output).table
                              : file->standard_output ? "standard output"
                                                      : file->path.string();
    shown.note(printable(where) + ": " + printable(text.str(), 10'000));
}

} // namespace

std::vector<named_column> chosen_columns(export_arguments const& given) {
    std::vector<named_column> chosen;
    for (std::string const& list : given.columns)
        for (std::string const& each : list_of(list))
            chosen.push_back(column_of(each));
    for (std::string const& each : given.column)
        chosen.push_back(column_of(each));
    if (chosen.empty())
        throw bad_usage("choose columns with --columns, such as --columns Id,C_EmailAddress; "
                        "--columns '*' chooses all fields");
    return chosen;
}

exit_code run_export(export_arguments const& given, common_arguments const& common) {
    any_output output = output_of(given.output);
    any_entity const entity = entity_of(given.entity);
    std::vector<named_column> chosen = chosen_columns(given);
    auto const* const file = std::get_if<file_output>(&output);
    bool const stream = file && file->standard_output;
    check_arguments(given, stream);
    if (given.replace && (given.since_last.empty() || !file))
        throw bad_usage("--replace is for --since-last with a file; other exports replace the file "
                        "of a complete one anyway");
    if (given.resume && !given.since_last.empty() && !file)
        throw bad_usage("--resume with --since-last needs a file: a table always gets the changes "
                        "since its mark");
    if (stream && common.json)
        throw bad_usage("--json and -o - both use standard output; export to a file");
    if (!given.unique_by.empty() && (stream || !file))
        throw bad_usage("--unique-by reads the file again, so it needs -o FILE");
    auto const shown = std::make_shared<progress>("export", common.quiet);
    shown->begin("exported");
    bulk::result<bulk::changes_export> done = bulk::changes_export();
    bool began = false;
    try {
        bulk::client const client = connect(common.connection, shown);
        field_names const known(client, entity, common.stop);
        checked_export job;
        job.entity = entity;
        job.options.windows_ahead = static_cast<std::size_t>(given.ahead);
        if (given.replace_broken_texts)
            job.options.broken_texts = bulk::broken_text::replaced;
        job.only_resume = given.resume;
        job.options.windows = windows_of(given, known, chosen, *shown);
        job.changes = changes_of(given, known, chosen, *shown);
        if (job.changes) {
            require_key(output, known, chosen);
            if (auto const* const table = std::get_if<table_output>(&output);
                table && !job.changes->how.destination)
                job.changes->how.destination = given.output.output + " table " + table->table;
        }
        job.columns = columns_of(known, chosen);
        if (!given.where.empty())
            job.filter = filter_text(known, given.where);
        job.start_over = given.start_over;
        if (!given.unique_by.empty() && job.columns.index_of(given.unique_by) == job.columns.size())
            throw bad_usage("--unique-by: '" + printable(given.unique_by) +
                            "' is not one of the columns");
        check_fields(client, job, *shown, common.stop);
        began = true;
        done = export_unread(client, std::move(job), output, given, common.stop);
    } catch (bulk::error const& thrown) {
        done = thrown.get_failure();
    }
    shown->end();
    if (!done)
        throw ending_for(done.error(), output, began);
    if (!given.unique_by.empty())
        require_unique(*file, given.unique_by);
    report(*done, output, common, *shown);
    return exit_code::complete;
}

} // namespace cli
