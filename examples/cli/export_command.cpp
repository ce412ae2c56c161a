// SPDX-License-Identifier: BSL-1.0
#include "export_command.hpp"

#include <eloqua/bulk/report_json.hpp>

#include <boost/system/errc.hpp>

#include "text.hpp"
#include "unique.hpp"
#include <cerrno>
#include <chrono>
#include <iostream>
#include <sstream>

namespace cli {

namespace {

/// The conditions that the arguments choose, joined.
std::string filter_of(export_arguments const& given, field_names const& known) {
    std::string filter;
    auto const add = [&](std::string const& condition) {
        filter += (filter.empty() ? "" : " AND ") + condition;
    };
    if (!given.where.empty()) {
        std::string const own = filter_text(known, given.where);
        bool const alone = given.created.empty();
        add(alone ? own : "(" + own + ")");
    }
    if (!given.created.empty()) {
        auto const far =
            std::chrono::sys_seconds(std::chrono::sys_days(std::chrono::year(9999) / 1 / 1));
        time_range const range = time_range_of("--created", given.created, far);
        std::string const created = "'{{" + known.root() + ".CreatedAt}}'";
        add(created + " >= '" + time_text(range.from) + "'");
        if (range.to != far)
            add(created + " < '" + time_text(range.to) + "'");
    }
    return filter;
}

/// The options of the library for these arguments.
bulk::export_options options_of(export_arguments const& given) {
    bulk::export_options options;
    options.system_timestamps_in_utc = !given.local_times;
    return options;
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

/// The failure in the words of this program.
ending ending_for(bulk::failure const& why, any_output const& output) {
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
    bool const other_columns = why.code == bulk::make_error_code(bulk::errc::invalid_checkpoint);
    if (file && (other_columns || why.info.advice.find("use_journal_filter") != std::string::npos))
        shown.info.advice = "repeat the command of that export, or remove the journal and " +
                            printable(file->path.string()) + " to start a new one";
    if (file && why.info.advice.find("start_over_if_gone") != std::string::npos)
        shown.info.advice = "the same command with --start-over begins a new export";
    bool const disk = caused_by(why, ENOSPC) || caused_by(why, EDQUOT) || caused_by(why, EFBIG);
    std::string const words =
        disk ? printable(why.info.detail) + "; make room" : printable(shown.message());
    return {code, words + (code == exit_code::resumable ? again : "")};
}

void report(bulk::stored_export const& done, any_output const& output,
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
    any_output const output = output_of(given.output);
    any_entity const entity = entity_of(given.entity);
    std::vector<named_column> const chosen = chosen_columns(given);
    auto const* const file = std::get_if<file_output>(&output);
    bool const stream = file && file->standard_output;
    if (stream && common.json)
        throw bad_usage("--json and -o - both use standard output; export to a file");
    if (!given.unique_by.empty() && (stream || !file))
        throw bad_usage("--unique-by reads the file again, so it needs -o FILE");
    auto const shown = std::make_shared<progress>("export", common.quiet);
    shown->begin("exported");
    bulk::result<bulk::stored_export> done = bulk::stored_export();
    try {
        bulk::client const client = connect(common.connection, shown);
        field_names const known(client, entity, common.stop);
        checked_export job{entity, columns_of(known, chosen), filter_of(given, known),
                           options_of(given), given.start_over};
        if (!given.unique_by.empty() && job.columns.index_of(given.unique_by) == job.columns.size())
            throw bad_usage("--unique-by: '" + printable(given.unique_by) +
                            "' is not one of the columns");
        check_fields(client, job, *shown, common.stop);
        done = std::visit([&](auto const& to) { return export_to(client, job, to, common.stop); },
                          output);
    } catch (bulk::error const& thrown) {
        done = thrown.get_failure();
    }
    shown->end();
    if (!done)
        throw ending_for(done.error(), output);
    if (!given.unique_by.empty())
        require_unique(*file, given.unique_by);
    report(*done, output, common, *shown);
    return exit_code::complete;
}

} // namespace cli
