// SPDX-License-Identifier: BSL-1.0
/// \file
/// Exports of what was changed since the last export, into a file or another store.
#pragma once

#include <eloqua/bulk/change_mark.hpp>
#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/detail/job/change_checks.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/row/filter_text.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/export_into.hpp>
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/export_windows.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/time.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// How far an export of changes goes back.
struct change_options {
    /// How long before the mark the next export begins, for changes that the service records late.
    /// Empty: an hour; three days for activities, unless the entity selects one type other than
    /// Bounceback. Bouncebacks are recorded hours or days late.
    std::optional<std::chrono::seconds> overlap;
    /// Where the first export begins; empty: it exports all rows. The overlap does not apply to it.
    std::optional<std::chrono::sys_seconds> start;
    /// Continues although columns, or the fields that they stand for, have changed since the mark
    /// was stored. Values that were exported before keep their old form.
    bool accept_changed_columns = false;
    /// Name of the place that gets the rows. A mark is used for one place only, since another one
    /// would lack all earlier rows. Empty: the absolute path of the file; for a store, what its
    /// member `name()` returns, and without that member, nothing is compared. Set it if each export
    /// goes to a file of another name and all of them have one reader.
    std::optional<std::string> destination;
    /// Exports as if there were no mark: all rows, or those since `start`. The mark is replaced
    /// when the export begins, so that it is for one call: without it, the next call resumes the
    /// export.
    bool from_start = false;
};

/// Options of an export of changes into a store.
struct export_changes_options : export_options, change_options {};
/// Options of an export of changes to a file. `files` also has the file of the mark.
struct export_changes_file_options : export_file_options, change_options {};

/// The result of an export of changes.
struct changes_export : stored_export {
    /// The first time that was asked for; empty: all rows.
    std::optional<std::chrono::sys_seconds> since;
    /// The mark as it is stored now; empty: no row has come yet.
    std::optional<timestamp> until;
    /// Key of the column by which repeated rows are to be merged: the best identifier among the
    /// columns; empty if no column identifies a row.
    std::string key;

    /// Writes the receipt and what is special about it as one line.
    friend std::ostream& operator<<(std::ostream& out, changes_export const& c) {
        out << static_cast<stored_export const&>(c);
        std::string text;
        if (c.since && append_time(text, *c.since))
            out << "; changed since " << text << " UTC";
        text.clear();
        if (c.until && append_time(text, *c.until))
            out << "; the mark is " << text << " UTC";
        return out;
    }
};

namespace detail {

/// The key of the column that identifies rows; empty: none does. The ids of activities are unique
/// only among those of one type.
inline std::string merge_key(row_plan const& plan) {
    std::vector<std::string_view> names{"Id", "ExternalId", "C_EmailAddress", "EmailAddress"};
    if (plan.statement_root == "Activity")
        names = {"ExternalId"};
    for (std::string_view const name : names)
        for (column_info const& each : plan.columns)
            if (canonical(each.statement).text == name)
                return std::string(each.key);
    return {};
}

/// Only the condition of the entity proves that there are no bouncebacks: filters may be spelled in
/// many ways.
inline std::chrono::seconds overlap_of(change_options const& o, row_plan const& plan) {
    if (o.overlap)
        return *o.overlap;
    std::string_view const condition = plan.export_condition;
    bool const one_type = condition.starts_with("'{{Activity.Type}}' = '") &&
                          std::ranges::count(condition, '\'') == 4 &&
                          condition.find("Bounceback") == condition.npos;
    bool const late = plan.statement_root == "Activity" && !one_type;
    return late ? std::chrono::hours(72) : std::chrono::hours(1);
}

/// Error: `errc::invalid_argument` for options that would lose changes.
inline result<void> check_changes(export_options const& o, change_options const& how) {
    std::string wrong;
    if (o.max_records)
        wrong = "max_records would leave out changes that no later export has";
    else if (o.windows)
        wrong = "windows cannot be combined with a mark";
    else if (!o.system_timestamps_in_utc)
        wrong = "times of changes must be in UTC";
    else if (how.overlap && *how.overlap < std::chrono::seconds(0))
        wrong = "the overlap is negative";
    if (wrong.empty())
        return {};
    return failure(errc::invalid_argument, std::move(wrong), "leave that option at its default");
}

/// What is exported, without any time.
inline flow<result<change_mark>> describe_changes(engine& e, row_plan const& plan,
                                                  std::vector<filter_node> const& filter,
                                                  std::string const& column) {
    change_mark now;
    now.column = column;
    result<std::string> text = render_filter(filter, plan.columns, plan.statement_root,
                                             std::string(), plan.contact_fields_in_filters);
    if (!plan.base_path)
        co_return plan.base_path.error();
    if (!text)
        co_return text.error();
    now.filter = std::move(*text);
    now.entity =
        *plan.base_path + (plan.export_condition.empty() ? "" : " where " + plan.export_condition);
    result<std::string> here = co_await e.instance();
    if (!here)
        co_return here.error();
    now.instance = std::move(*here);
    e.forget_fields(); // they may have changed since the last export of this client
    result<field_report> const report = co_await e.check_fields(plan, field_use::exported);
    if (!report)
        co_return report.error();
    if (!report->ok())
        co_return failure(errc::fields_do_not_fit, report->message(),
                          "fix the row type or its columns");
    result<std::vector<listed_field>> const fields = co_await e.describe_columns(plan);
    if (!fields)
        co_return fields.error();
    for (std::size_t i = 0; i != plan.columns.size(); ++i) {
        listed_field const& field = (*fields)[i];
        now.columns.push_back(
            {std::string(plan.columns[i].key), field.statement, field.name, field.type});
    }
    co_return now;
}

/// Rows with the latest times of an export, as far as this process has seen them.
class latest_change {
public:
    latest_change(time_column column, std::size_t at) : column_(std::move(column)), at_(at) {}
    void see(std::span<column_codec const> codecs, void const* row) {
        std::optional<std::chrono::sys_seconds> const time =
            column_.of(codecs[at_], row, at_, scratch_);
        if (time && (!latest_ || *time > *latest_))
            latest_ = time;
    }
    /// The new mark. A time after the sync's start is not proven: rows that are changed later may
    /// have earlier times than that.
    std::optional<timestamp> mark(std::optional<timestamp> before,
                                  std::optional<timestamp> started) const {
        if (!latest_ || !started)
            return before;
        timestamp const now = std::min(timestamp(*latest_), *started);
        return before && *before > now ? before : now;
    }

private:
    time_column column_;
    std::size_t at_;
    text_scratch scratch_;
    std::optional<std::chrono::sys_seconds> latest_;
};

/// A time as a filter's value; five hours and a second earlier than given, since the service may
/// read it as US Eastern time, and may round the times of rows.
inline std::vector<filter_node> changed_since(std::string const& key,
                                              std::chrono::sys_seconds since) {
    filter_node made{filter_node_kind::column};
    made.left = key;
    made.op = ">=";
    made.is_time = true;
    if (!append_time(made.value, since - std::chrono::hours(5) - std::chrono::seconds(1)))
        made.wrong = without_text;
    return {std::move(made)};
}

/// Forwards to a store, and first notes in the mark which definition the rows come from. `note`
/// takes its name.
template <class Row, class Sink, class Note>
class noting_sink {
public:
    noting_sink(Sink& sink, Note const& note, std::optional<timestamp> marked)
        : sink_(sink), note_(note), marked_(marked) {}

    result<std::optional<sink_progress>> last() { return sink_.last(); }
    result<void> begun(export_checkpoint const& at) {
        result<void> const noted = note_(at.name);
        return noted ? note_begun<Row>(sink_, at) : noted;
    }
    result<void> append(std::span<Row const> rows, export_checkpoint const& at) {
        result<void> const noted = note_(at.name);
        return noted ? sink_.append(rows, at) : noted;
    }
    result<void> interrupted(export_checkpoint const& at)
        requires requires(Sink& sink) { sink.interrupted(at); }
    {
        return sink_.interrupted(at);
    }
    result<void> complete(export_checkpoint const& at) {
        // It may have been emptied meanwhile.
        result<void> const there = check_earlier_rows(sink_, marked_);
        return there ? sink_.complete(at) : there;
    }

private:
    Sink& sink_;
    Note const& note_;
    std::optional<timestamp> marked_;
};

template <class Row, class Transport, class Sink, class Note>
flow<result<stored_export>> noting_flow(export_request<Row, Transport> request, Sink& sink,
                                        Note const& note, std::optional<timestamp> marked) {
    noting_sink<Row, Sink, Note> noting(sink, note, marked);
    co_return co_await export_into_flow(std::move(request), noting);
}

/// `to`: has the rows of earlier exports, and runs one in a flow of its own.
template <class Row, class Transport, class Mark, class Receiver>
flow<result<changes_export>> export_changes_flow(export_request<Row, Transport> request,
                                                 time_column column, Mark& mark, change_options how,
                                                 Receiver to) {
    result<void> const possible = check_changes(request.options, how);
    if (!possible)
        co_return possible.error();
    row_plan const& plan = request.plan;
    auto const found = std::ranges::find(plan.columns, column.key, &column_info::key);
    if (found == plan.columns.end())
        co_return failure(errc::invalid_argument, "'" + shown(column.key) +
                                                      "', the column with the time of the change, "
                                                      "is not a column of the exported row");
    auto const at = static_cast<std::size_t>(found - plan.columns.begin());
    result<std::optional<change_mark>> const stored = mark.load();
    if (!stored)
        co_return stored.error();
    result<change_mark> described =
        co_await describe_changes(*request.core->engine, plan, request.filter, column.key);
    if (!described)
        co_return described.error();
    change_mark now = std::move(*described);
    now.destination = how.destination ? how.destination : to.name;
    changes_export done;
    std::optional<change_mark> const before = how.from_start ? std::nullopt : *stored;
    done.key = merge_key(plan);
    done.since = how.start;
    if (before) {
        result<void> const fits = compare_marks(*before, now, how.accept_changed_columns);
        if (!fits)
            co_return fits.error();
        if (!now.destination)
            now.destination = before->destination;
        now.until = before->until;
        done.until = now.until;
        if (now.until)
            done.since =
                std::chrono::floor<std::chrono::seconds>(*now.until) - overlap_of(how, plan);
    }
    now.running = std::string();
    if (done.since && !append_time(*now.running, *done.since, 'T'))
        co_return failure(errc::invalid_argument, "the export begins outside of the years 0 to "
                                                  "9999");
    if (to.begun) {
        result<void> const same = check_running(*to.begun, before, *now.running);
        if (!same)
            co_return same.error();
        now.definitions = {to.begun->name};
    }
    result<void> const there = to.check_earlier(now.until);
    if (!there)
        co_return there.error();
    result<void> noted = mark.store(now);
    if (!noted)
        co_return noted.error();
    if (done.since)
        request.filter = join(filter_node_kind::both, std::move(request.filter),
                              changed_since(column.key, *done.since));
    request.options.check_fields = true; // also for the filter
    latest_change latest(std::move(column), at);
    request.watch = [&latest](std::span<column_codec const> codecs, void const* row) {
        latest.see(codecs, row);
    };
    auto const note = [&now, &mark](std::string const& definition) -> result<void> {
        std::vector<std::string>& all = now.definitions;
        if (definition.empty() || (!all.empty() && all.back() == definition))
            return {};
        if (all.size() == 2) // the store may still have the one before
            all.erase(all.begin());
        all.push_back(definition);
        return mark.store(now);
    };
    result<stored_export> exported = co_await to.run(std::move(request), note, now.until);
    if (!exported)
        co_return exported.error();
    static_cast<stored_export&>(done) = std::move(*exported);
    if (done.was_complete)
        co_return done;
    now.until = done.until = latest.mark(now.until, done.receipt.started);
    if (!done.receipt.started)
        done.receipt.warnings.push_back("the service does not say when the sync was created, so "
                                        "that the mark stays as it was");
    // First the store: a mark must never be later than what the store has.
    noted = to.set_until(now.until);
    if (!noted)
        co_return noted.error();
    now.running.reset();
    now.definitions.clear();
    noted = mark.store(now);
    if (!noted)
        co_return noted.error();
    co_return done;
}

/// A store as the receiver of changes.
template <class Row, class Transport, class Sink>
struct receiving_store {
    Sink& sink;
    std::optional<export_checkpoint> begun; ///< the part of an export that it has
    std::optional<std::string> name;

    result<void> check_earlier(std::optional<timestamp> marked) const {
        return check_earlier_rows(sink, marked);
    }
    flow<result<stored_export>> run(export_request<Row, Transport> all, auto const& note,
                                    std::optional<timestamp> marked) const {
        return noting_flow(std::move(all), sink, note, marked);
    }
    result<void> set_until(std::optional<timestamp> until) const {
        if constexpr (knows_its_changes<Sink>)
            return sink.set_changes_until(until);
        else
            return {};
    }
};

template <class Row, class Transport, checkpointed_sink<Row> Sink, mark_store Mark>
flow<result<changes_export>> export_changes_into_flow(export_request<Row, Transport> request,
                                                      time_column column, Sink& sink, Mark& mark,
                                                      change_options how) {
    result<std::optional<sink_progress>> const last = sink.last();
    if (!last)
        co_return last.error();
    if (*last && (*last)->complete)
        co_return failure(errc::invalid_argument,
                          "the store has a complete export and does not begin another one",
                          "let its last() return nothing once an export is complete");
    if constexpr (requires { sink.merge_by(std::string()); })
        sink.merge_by(merge_key(request.plan));
    receiving_store<Row, Transport, Sink> to{sink, std::nullopt, std::nullopt};
    if (*last)
        to.begun = (*last)->at;
    if constexpr (requires { std::string(sink.name()); })
        to.name = std::string(sink.name());
    co_return co_await export_changes_flow(std::move(request), std::move(column), mark, how,
                                           std::move(to));
}

/// A file as the receiver of changes. Its reader takes it, so that it has no earlier rows. Its
/// journal refuses to resume an export with another filter.
template <class Row, class Transport>
struct receiving_file {
    std::filesystem::path path;
    export_file_options options;
    std::optional<std::string> name;
    std::optional<export_checkpoint> begun = std::nullopt;

    result<void> check_earlier(std::optional<timestamp>) const { return {}; }
    flow<result<stored_export>> run(export_request<Row, Transport> all, auto const&,
                                    std::optional<timestamp>) const {
        return export_to_file_flow(std::move(all), path, options, true);
    }
    result<void> set_until(std::optional<timestamp>) const { return {}; }
};

template <class Row, class Transport>
flow<result<changes_export>>
export_changes_to_file_flow(export_request<Row, Transport> request, time_column column,
                            std::filesystem::path path, std::filesystem::path mark_path,
                            export_changes_file_options options) {
    if (options.files->is_stream(path))
        co_return failure(errc::invalid_argument,
                          "'" + path.string() +
                              "' is a stream, of which nothing says that its reader has the rows",
                          "export changes to a file or into a store");
    options.use_journal_filter = false; // the bound of the mark is a part of the filter
    mark_file mark(std::move(mark_path), *options.files);
    // Without the file, its reader has taken it.
    result<std::optional<std::uint64_t>> const there = options.files->size_of(path);
    if (!there)
        co_return there.error();
    options.leave_complete = options.leave_complete && *there;
    std::error_code unknown;
    std::filesystem::path const whole = std::filesystem::absolute(path, unknown);
    std::string name = (unknown ? path : whole).lexically_normal().string();
    change_options const how = options;
    receiving_file<Row, Transport> to{std::move(path), std::move(options), std::move(name)};
    co_return co_await export_changes_flow(std::move(request), std::move(column), mark, how,
                                           std::move(to));
}

/// The row type of an export of changes: the member's class, unless another is given.
template <auto Member, class Row>
using changed_row =
    std::conditional_t<std::is_void_v<Row>,
                       typename member_pointer<std::remove_cv_t<decltype(Member)>>::row, Row>;

} // namespace detail

/// Exports into a store what was changed since the last such export: the rows whose member, the
/// time of the last change, is not before the mark, less an overlap. The first export has all rows,
/// or those since `change_options::start`. If a run is interrupted, the same call resumes it.
///
///     bulk::mark_file mark("people.mark");
///     bulk::export_changes_into<&person::updated>(client, bulk::contacts, sink, mark).value();
///
/// The mark is the latest time that came, but not later than the start of the sync by the service's
/// clock. It is stored once the store is complete. A crash at any moment leaves the old mark or the
/// new one, so that no change is lost.
///
/// Rows come again: because of the overlap, and after a crash. Up to five more hours are asked for,
/// since it is not documented in which zone the service reads times in filters. Merge rows by an
/// identifier: `changes_export::key` names the best one. A store with a member `merge_by(key)` is
/// told before the first row. For activities, that is the ExternalId.
///
/// A store and its mark can be separated: somebody empties the store, or restores an older backup
/// of it. A store with the members `changes_until()`, which returns
/// `result<std::optional<timestamp>>`, and `set_changes_until(std::optional<timestamp>)`, which
/// returns `result<void>`, keeps a copy of the mark beside the rows, and is refused if it lacks
/// rows. The first returns the time that was set last and is stored with the rows; empty if there
/// is none or if the store has no rows. It is called before the export begins and before it is
/// complete.
///
/// Each export is a new one for the store: its `last` must return nothing once an export is
/// complete. Do not call `export_into` for a store with an unfinished export of changes: it would
/// complete that one. Store and mark must stay alive until the operation completes.
///
/// Columns are checked first, as by `basic_client::check`, and compared with those of the mark.
/// Nothing is created or written if a field was renamed or deleted, or has another type.
///
/// Errors: those of `export_into` and of the mark; `errc::fields_do_not_fit` for a field that does
/// not exist or has changed; `errc::invalid_mark` for a mark of another instance, entity, filter or
/// destination (see `change_options::destination`), or with other columns (see
/// `change_options::accept_changed_columns`); `errc::other_export` for a store with an unfinished
/// export that is not the one that the mark says is running; `errc::store_lacks_rows` for a store
/// without the rows up to the mark, see `change_options::from_start`; `errc::invalid_argument` with
/// `max_records`, `windows` or Eastern times. With an entity that the service cuts off, export the
/// first time by windows, and set `start` to where they end, less the overlap: changes from before
/// that may be recorded after their window was exported.
template <auto Member, class Row = void, class Transport, exportable E, class Sink, mark_store Mark,
          class Filter = all_rows_t>
    requires checkpointed_sink<Sink, detail::changed_row<Member, Row>>
operation<changes_export, Transport>
export_changes_into(basic_client<Transport> const& with, E of, Sink& sink, Mark& mark,
                    Filter condition = Filter(),
                    detail::argument<export_changes_options, Transport> options =
                        detail::argument<export_changes_options, Transport>()) {
    using row = detail::changed_row<Member, Row>;
    static_assert(detail::row_to_keep<row>::checked);
    export_changes_options const& how = options;
    return {detail::export_changes_into_flow(
                detail::request_rows<row>(with.shared_core(), of, std::move(condition), how),
                detail::time_column_of<Member>(), sink, mark, how),
            with.transport()};
}

/// As above, for records whose column `key` is the time of the last change. Throws like
/// `basic_client::export_records`.
template <class Transport, exportable E, checkpointed_sink<record> Sink, mark_store Mark,
          class Filter = all_rows_t>
operation<changes_export, Transport>
export_changed_records_into(basic_client<Transport> const& with, E of, record_columns columns,
                            std::string key, Sink& sink, Mark& mark, Filter condition = Filter(),
                            detail::argument<export_changes_options, Transport> options =
                                detail::argument<export_changes_options, Transport>()) {
    export_changes_options const& how = options;
    detail::time_column column;
    column.key = std::move(key);
    return {detail::export_changes_into_flow(detail::request_records(with.shared_core(), of,
                                                                     std::move(columns),
                                                                     std::move(condition), how),
                                             std::move(column), sink, mark, how),
            with.transport()};
}

/// As `export_changes_into`, to a file. Each export replaces the file of the one before; process it
/// before the next call, or set `leave_complete`: the call then does nothing while the file is
/// there. A complete file that is not there was taken by its reader, also if its journal is left:
/// the next export begins. The mark is in the file `mark`, see `mark_file`. Additional error:
/// `errc::invalid_argument` for a pipe or another stream.
template <auto Member, class Row = void, class Transport, exportable E, class Filter = all_rows_t>
operation<changes_export, Transport>
export_changes_to_file(basic_client<Transport> const& with, E of, std::filesystem::path path,
                       std::filesystem::path mark, Filter condition = Filter(),
                       detail::argument<export_changes_file_options, Transport> options =
                           detail::argument<export_changes_file_options, Transport>()) {
    using row = detail::changed_row<Member, Row>;
    static_assert(detail::row_to_keep<row>::checked);
    export_changes_file_options const& how = options;
    return {detail::export_changes_to_file_flow(
                detail::request_rows<row>(with.shared_core(), of, std::move(condition), how),
                detail::time_column_of<Member>(), std::move(path), std::move(mark), how),
            with.transport()};
}

/// As above, for records whose column `key` is the time of the last change.
template <class Transport, exportable E, class Filter = all_rows_t>
operation<changes_export, Transport>
export_changed_records_to_file(basic_client<Transport> const& with, E of, record_columns columns,
                               std::string key, std::filesystem::path path,
                               std::filesystem::path mark, Filter condition = Filter(),
                               detail::argument<export_changes_file_options, Transport> options =
                                   detail::argument<export_changes_file_options, Transport>()) {
    export_changes_file_options const& how = options;
    detail::time_column column;
    column.key = std::move(key);
    return {detail::export_changes_to_file_flow(
                detail::request_records(with.shared_core(), of, std::move(columns),
                                        std::move(condition), how),
                std::move(column), std::move(path), std::move(mark), how),
            with.transport()};
}

} // namespace eloqua::bulk
