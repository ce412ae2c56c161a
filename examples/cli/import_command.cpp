// SPDX-License-Identifier: BSL-1.0
#include "import_command.hpp"

#include <eloqua/bulk/import_journal.hpp>
#include <eloqua/bulk/report_json.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/system/errc.hpp>

#include "input_records.hpp"
#include "query_input.hpp"
#include "text.hpp"
#include <filesystem>
#include <memory>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace cli {

namespace {

template <class Enum>
Enum named(std::string const& option, std::string const& name) {
    Enum value{};
    if (boost::describe::enum_from_string(name.c_str(), value))
        return value;
    std::string all;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>(
        [&](auto const& each) { all += (all.empty() ? "" : ", ") + std::string(each.name); });
    throw bad_usage(option + " takes one of " + all + ", not '" + printable(name) + "'");
}

row_format format_of(import_arguments const& given) {
    row_format format = format_by_name(given.input);
    if (given.format == "csv" || given.format == "ndjson")
        format.ndjson = given.format == "ndjson";
    else if (!given.format.empty())
        throw bad_usage("--format takes csv or ndjson, not '" + printable(given.format) + "'");
    std::string const& d = given.delimiter;
    if (d == "tab" || d == "\\t")
        format.delimiter = '\t';
    else if (d == "semicolon")
        format.delimiter = ';';
    else if (d == "comma")
        format.delimiter = ',';
    else if (d.size() == 1 && d != "\"" && d != "\n" && d != "\r" &&
             static_cast<unsigned char>(d[0]) < 0x80)
        format.delimiter = d[0];
    else if (!d.empty())
        throw bad_usage("--delimiter takes one character, or comma, semicolon or tab, not '" +
                        printable(d) + "'");
    return format;
}

bulk::import_options options_of(import_arguments const& given) {
    bulk::import_options options;
    options.rejects_kept = 0; // all of them go to the log
    if (!given.update_rule.empty())
        options.update = named<bulk::update_rule>("--update-rule", given.update_rule);
    if (!given.import_rule.empty())
        options.rule = named<bulk::import_rule>("--import-rule", given.import_rule);
    return options;
}

/// A journal beside the input by default. The user's own journal remains when the import is
/// complete, so that its import happens once.
class journal_file {
public:
    explicit journal_file(import_arguments const& given)
        : own_(given.journal.empty()),
          path_(own_ ? given.input + ".import-journal" : given.journal) {}

    std::string const& path() const { return path_; }
    /// Opens it. Throws `ending`.
    void open_for(bulk::import_options& options, progress& shown) const {
        bulk::result<std::shared_ptr<bulk::import_journal>> opened =
            bulk::open_import_journal(path_);
        if (!opened)
            throw ending(exit_code::refused,
                         printable(opened.error().message()) +
                             (own_ ? "; --journal FILE chooses another place" : ""));
        options.journal = std::move(*opened);
        // After a crash before the journal was deleted, or if rejects could not be written, the
        // same rows are only reported again.
        options.allow_complete = true;
        if (!options.journal->records().empty())
            shown.note("resuming by the journal " + printable(path_));
    }
    /// The import is complete, and its report is written.
    void forget() const {
        if (own_)
            ::unlink(path_.c_str());
    }

private:
    bool own_;
    std::string path_;
};

/// Reads the whole input. Throws `ending` where it is not well-formed. Returns the number of rows.
std::size_t check_input(import_arguments const& given, row_format format,
                        common_arguments const& common) {
    auto const rows = read_rows(open_bytes(given.input, common.stop), given.input, format);
    std::size_t count = 0;
    for (input_row row; rows->next(row);)
        if (++count % 10'000 == 0 && common.stop.stop_requested())
            throw ending(exit_code::resumable,
                         "interrupted before anything was sent; the same command starts again");
    if (count == 0)
        throw ending(exit_code::refused, printable(given.input) + " has no rows");
    return count;
}

/// What would be sent.
void show_dry_run(bulk::client const& client, checked_import const& job, row_reader& rows,
                  std::size_t count, progress& shown, common_arguments const& common) {
    bulk::field_report const report = visit_importable(job.entity, [&](auto const& of) {
        return client.check(of, job.columns.columns, job.columns.identifier, job.options)
            .value(common.stop);
    });
    if (!report.ok())
        throw ending(exit_code::refused, printable(report.message(), 5'000));
    for (auto const& each : report.findings)
        shown.note("warning: " + printable(each.message()));
    input_row first;
    rows.next(first);
    table t({"column", "statement", "value of line " + std::to_string(first.line)});
    for (std::size_t i = 0; i != job.columns.columns.size(); ++i) {
        auto const& column = job.columns.columns[i];
        bool const identifies = column.key == job.columns.identifier;
        t.add({printable(column.key) + (identifies ? " (identifies)" : ""), column.text,
               printable(first.values[job.columns.sources[i]], 100)});
    }
    std::ostringstream text;
    text << t << (count == 0 ? std::string("rows") : std::to_string(count) + " rows")
         << " would be sent; nothing was sent";
    say(text.str());
    flush_output();
}

ending ending_for(bulk::failure const& why, bool can_resume, std::string const& journal) {
    resuming const how = can_resume ? resuming::possible : resuming::impossible;
    exit_code code = code_of(why, how);
    if (why.code == bulk::make_error_code(bulk::errc::already_complete))
        return {exit_code::refused, "the journal " + printable(journal) +
                                        " says that its import is complete; remove it to import "
                                        "the file again"};
    auto const* const so_far = bulk::report_so_far<bulk::record>(why);
    bool const began = so_far && !so_far->syncs.empty();
    if (code == exit_code::refused && began && can_resume)
        code = exit_code::resumable;
    std::string text = why.code == boost::system::errc::operation_canceled
                           ? "interrupted"
                           : printable(why.message(), 5'000);
    if (code == exit_code::resumable)
        text += "; the same command resumes the import, by the journal " + printable(journal);
    else if (why.code == bulk::make_error_code(bulk::errc::journal_failed))
        text += "; without the journal " + printable(journal) + ", the import starts over";
    else if (!can_resume)
        text += "; an import from standard input cannot be resumed";
    return {code, text};
}

/// Says what happened, and returns the exit code.
exit_code conclude(bulk::import_totals const& totals, reject_log const& rejects,
                   import_arguments const& given, common_arguments const& common, progress& shown) {
    for (std::string const& each : rejects.first())
        shown.note(each);
    if (rejects.count() > rejects.first().size())
        shown.note("and " + std::to_string(rejects.count() - rejects.first().size()) +
                   " more rejects" +
                   (given.rejects.empty() ? "; --rejects FILE lists them"
                                          : " in " + printable(given.rejects)));
    std::ostringstream text;
    text << totals;
    for (std::string const& each : totals.warnings)
        text << "; warning: " << each;
    if (common.json) {
        say(to_json(totals));
        flush_output();
    } else {
        shown.note(printable(given.input) + ": " + printable(text.str(), 10'000));
    }
    if (totals.proof != bulk::import_proof::proven) {
        std::string why;
        for (std::string const& each : totals.doubts)
            why += (why.empty() ? "" : "; ") + each;
        throw ending(exit_code::failed,
                     "the rows were sent, but Eloqua's logs do not account for all of them: " +
                         printable(why) +
                         (given.input == "-" ? ""
                                             : "; the journal is kept: the same command only "
                                               "repeats this report"));
    }
    return totals.rejected != 0 || totals.partly_taken != 0 || rejects.count() != 0
               ? exit_code::rejected
               : exit_code::complete;
}

void check_arguments(import_arguments const& given) {
    bool const stream = given.input == "-";
    std::string const& of = given.entity.name;
    if (given.add_to_list && of != "contacts" && of != "accounts")
        throw bad_usage("--add-to-list is only for contacts and accounts");
    if (!is_database(given.input) && !given.query.empty())
        throw bad_usage("--query is only for databases: sqlite:FILE or postgres:CONNECTION");
    if (is_database(given.input) && (!given.format.empty() || !given.delimiter.empty()))
        throw bad_usage("--format and --delimiter are only for files");
    if (stream && !given.journal.empty())
        throw bad_usage("--journal needs a file: standard input cannot be read again");
    std::error_code ignored;
    if (!given.rejects.empty() && !stream &&
        std::filesystem::equivalent(given.input, given.rejects, ignored))
        throw bad_usage("--rejects would overwrite the input; choose another file");
}

} // namespace

exit_code run_import(import_arguments const& arguments, common_arguments const& common) {
    check_arguments(arguments);
    any_entity const entity = entity_of(arguments.entity);
    auto const shown = std::make_shared<progress>("import", common.quiet);
    import_arguments given = arguments;
    std::optional<query_rows> of_query;
    if (is_database(given.input)) {
        try {
            of_query.emplace(
                rows_of_query(given.input, given.query, given.journal, common, *shown));
            given.input = of_query->path();
        } catch (bulk::error const& thrown) {
            throw ending(code_of(thrown.get_failure(), resuming::possible),
                         printable(thrown.what()) + "; nothing was sent");
        }
    }
    row_format const format = format_of(given);
    bool const stream = given.input == "-";
    shown->begin("imported");
    bulk::import_options options = options_of(given);

    // Nothing is sent before the whole file is known to be well-formed.
    std::size_t const count = stream ? 0 : check_input(given, format, common);
    row_places places(given.input, format);
    auto const rows = read_rows(
        open_bytes(given.input, common.stop), stream ? "standard input" : given.input, format,
        places.copies() ? [&places](std::string_view line) { places.copy(line); }
                        : std::function<void(std::string_view)>());
    journal_file const journal(given);
    bulk::result<bulk::import_report<bulk::record>> done = bulk::import_report<bulk::record>();
    std::optional<reject_log> rejects;
    try {
        bulk::client const client = connect(common.connection, shown);
        field_names const known(client, entity, common.stop);
        checked_import job{entity, columns_for_import(known, entity, rows->header(), given.columns),
                           std::move(options), given.add_to_list};
        for (std::string const& each : job.columns.left_out)
            shown->note(each);
        if (given.dry_run) {
            show_dry_run(client, job, *rows, count, *shown, common);
            if (of_query && !std::filesystem::exists(given.journal))
                ::unlink(given.input.c_str());
            return exit_code::complete;
        }
        if (stream)
            shown->note("standard input is read once, so this import cannot be resumed");
        else
            journal.open_for(job.options, *shown);
        rejects.emplace(given.rejects, format, rows->header(), places);
        input_records records(*rows, job.columns, places, count);
        done = send_rows(client, job, records, *rejects, common.stop);
        if (done)
            rejects->close();
    } catch (bulk::error const& thrown) {
        done = thrown.get_failure();
    } catch (ending const& thrown) {
        if (stream && thrown.code == exit_code::resumable)
            throw ending(exit_code::failed,
                         std::string(thrown.what()) +
                             "; an import from standard input cannot be resumed");
        if (stream && rejects)
            throw ending(exit_code::failed,
                         std::string(thrown.what()) +
                             "; rows before that may have been imported, and an import from "
                             "standard input cannot be resumed");
        throw;
    }
    shown->end();
    if (!done)
        throw ending_for(done.error(), !stream, journal.path());
    exit_code const code = conclude(*done, *rejects, given, common, *shown);
    if (!stream)
        journal.forget();
    if (of_query)
        ::unlink(given.input.c_str());
    return code;
}

} // namespace cli
