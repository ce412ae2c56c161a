// SPDX-License-Identifier: BSL-1.0
/// \file
/// Exports to a file that they are resumed from. POSIX only.
#pragma once

#include <eloqua/bulk/jobs/export_file.hpp>
#include <eloqua/bulk/jobs/export_into.hpp>
#include <eloqua/bulk/jobs/row_lines.hpp>
#include <eloqua/bulk/schema/filter_text.hpp>
#include <eloqua/bulk/wire/argument.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace eloqua::bulk {

namespace detail {

/// A file as a store.
template <class Row>
class file_sink {
public:
    file_sink(export_file file, row_lines lines)
        : file_(std::move(file)), lines_(std::move(lines)) {}

    result<std::optional<sink_progress>> last() const { return file_.last(); }
    result<void> begun(export_checkpoint const& at) { return file_.begun(at); }
    result<void> append(std::span<Row const> rows, export_checkpoint const& at) {
        constexpr std::size_t written_at_once = 1'000'000;
        std::int64_t number = at.rows - static_cast<std::int64_t>(rows.size());
        for (Row const& each : rows) {
            result<void> done = lines_.append(&each, number++);
            if (done && (&each == &rows.back() || lines_.text().size() >= written_at_once)) {
                done = file_.write(lines_.text());
                lines_.clear();
            }
            if (!done)
                return done;
        }
        return file_.reached(at);
    }
    result<void> complete(export_checkpoint const& at) { return file_.complete(at); }
    result<void> clear() { return file_.clear(); }

private:
    export_file file_;
    row_lines lines_;
};

/// What a file is of, for its journal.
inline result<exported_subject> describe(row_plan const& plan,
                                         std::vector<filter_node> const& filter,
                                         export_file_options const& options) {
    result<std::string> const all =
        render_filter(filter, plan.columns, plan.statement_root, plan.export_condition,
                      plan.contact_fields_in_filters);
    if (!plan.base_path || !all)
        return plan.base_path ? all.error() : plan.base_path.error();
    exported_subject of;
    of.kind = std::string(options.format == file_format::csv ? "csv of " : "ndjson of ") +
              *plan.base_path +
              (options.system_timestamps_in_utc ? "" : ", times of the instance") +
              (options.max_records ? ", at most " + std::to_string(*options.max_records) : "");
    of.condition = plan.export_condition;
    return of.with_filter_of(of.kind + (all->empty() ? "" : " where " + *all)).value();
}

template <class Request>
flow<result<stored_export>>
export_to_file_flow(Request request, row_plan plan, result<exported_subject> of,
                    std::filesystem::path path, export_file_options options) {
    if (!of)
        co_return of.error();
    std::string const asked_filter = of->filter;
    row_lines lines(plan.codecs, plan.columns, options.format);
    std::string header(lines.header());
    result<export_file> file = export_file::open(path, std::move(*of), std::move(header), options);
    if (!file)
        co_return file.error();
    exported_subject const used = file->of();
    if (used.filter != asked_filter)
        request.replace_filter(used.filter);
    file_sink<typename Request::row> sink(std::move(*file), std::move(lines));
    result<stored_export> done =
        co_await export_into_flow(std::move(request), sink, options.start_over_if_gone);
    if (done)
        done->receipt.filter = used.full_filter();
    if (!done && done.error().code == make_error_code(errc::sync_gone)) {
        failure why = done.error();
        why.info.advice = "remove '" + path.string() + "' and '" + path.string() +
                          ".journal' to export anew, or set start_over_if_gone";
        co_return why;
    }
    co_return done;
}

template <class Row, class Transport, exportable E>
operation<stored_export, Transport>
export_to_file(basic_client<Transport> const& with, E of, row_maker<Row> maker, row_plan plan,
               std::filesystem::path path, std::optional<filter<Row, E>> condition,
               export_file_options options) {
    result<exported_subject> what =
        describe(plan, condition ? condition->nodes() : std::vector<filter_node>(), options);
    // A checkpoint comes between two batches.
    options.batch_rows =
        std::min(options.batch_rows,
                 static_cast<std::size_t>(std::max<std::int64_t>(1, options.checkpoint_rows)));
    row_request<Row, Transport, E> request(with, std::move(of), std::move(maker),
                                           std::move(condition), options);
    return operation<stored_export, Transport>(
        export_to_file_flow(std::move(request), std::move(plan), std::move(what), std::move(path),
                            std::move(options)),
        with.transport());
}
template <class Row, class Transport, exportable E>
operation<stored_export, Transport>
export_rows_to_file(basic_client<Transport> const& with, E of, std::filesystem::path path,
                    std::optional<filter<Row, E>> condition, export_file_options options) {
    static_assert(check_exportable<Row, E>());
    static_assert(row_to_keep<Row>::checked);
    row_plan plan = plan_for<Row>(of);
    return export_to_file<Row, Transport, E>(with, std::move(of), {}, std::move(plan),
                                             std::move(path), std::move(condition),
                                             std::move(options));
}
template <class Transport, exportable E>
operation<stored_export, Transport>
export_records_to_file(basic_client<Transport> const& with, E of, record_columns columns,
                       std::filesystem::path path, std::optional<filter<record, E>> condition,
                       export_file_options options) {
    row_plan plan = plan_for(of, exported_record(of, columns).value());
    return export_to_file<record, Transport, E>(with, std::move(of), {std::move(columns)},
                                                std::move(plan), std::move(path),
                                                std::move(condition), std::move(options));
}

} // namespace detail

/// Exports every row of an entity to a file, as NDJSON or CSV. A run that was broken off at any
/// moment, by a crash of the machine as well, is resumed by the same call: the file comes to
/// be what an undisturbed run makes, byte by byte. A run that was broken off while it waited for
/// its sync waits for the same one. Once the file is complete, the next call replaces it by a new
/// export, when the first rows of that come, see `export_file_options::leave_complete`.
///
/// Beside the file, a journal of the same name and ".journal" says how far it is good, of what
/// export, and at which instance. It stays. No other process may write to the file. Files are
/// written on the thread that runs the operation, which waits for them, an asynchronous one too.
/// The folder must exist. Which files are refused, `posix_files` says. A pipe, or "/dev/stdout",
/// has no journal: what went to it cannot be resumed.
///
/// Errors: those of `row_source`; `errc::journal_failed` for a file that is not empty and has no
/// journal, is not what its journal says, is in use, or cannot be written, and for a journal of
/// another entity or format, or, if it is not complete, of another filter, see
/// `export_file_options::use_journal_filter`; `errc::invalid_checkpoint` for one of other columns
/// or another instance; `errc::sync_gone` when the rows on the server have expired, see
/// `start_over_if_gone`.
template <class Row, class Transport, exportable E>
operation<stored_export, Transport>
export_to_file(basic_client<Transport> const& with, E of, std::filesystem::path path,
               detail::argument<export_file_options, Transport> options =
                   detail::argument<export_file_options, Transport>()) {
    return detail::export_rows_to_file<Row, Transport, E>(with, std::move(of), std::move(path),
                                                          std::nullopt, std::move(options));
}

/// As above, for the rows that fit a filter.
template <class Row, class Transport, exportable E, class FilterRow, class FilterEntity>
operation<stored_export, Transport>
export_to_file(basic_client<Transport> const& with, E of, std::filesystem::path path,
               filter<FilterRow, FilterEntity> condition,
               detail::argument<export_file_options, Transport> options =
                   detail::argument<export_file_options, Transport>()) {
    return detail::export_rows_to_file<Row, Transport, E>(
        with, std::move(of), std::move(path), detail::filter_for<Row, E>(std::move(condition)),
        std::move(options));
}

/// As above, for records. Throws as `basic_client::export_records`.
template <class Transport, exportable E>
operation<stored_export, Transport>
export_records_to_file(basic_client<Transport> const& with, E of, record_columns columns,
                       std::filesystem::path path,
                       detail::argument<export_file_options, Transport> options =
                           detail::argument<export_file_options, Transport>()) {
    return detail::export_records_to_file<Transport, E>(
        with, std::move(of), std::move(columns), std::move(path), std::nullopt, std::move(options));
}
template <class Transport, exportable E, class FilterRow, class FilterEntity>
operation<stored_export, Transport>
export_records_to_file(basic_client<Transport> const& with, E of, record_columns columns,
                       std::filesystem::path path, filter<FilterRow, FilterEntity> condition,
                       detail::argument<export_file_options, Transport> options =
                           detail::argument<export_file_options, Transport>()) {
    return detail::export_records_to_file<Transport, E>(
        with, std::move(of), std::move(columns), std::move(path),
        detail::filter_for<record, E>(std::move(condition)), std::move(options));
}

} // namespace eloqua::bulk
