// SPDX-License-Identifier: BSL-1.0
/// \file
/// Exports to files from which they can be resumed. POSIX only.
#pragma once

#include <eloqua/bulk/detail/file/journal.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/file_rows.hpp>
#include <eloqua/bulk/detail/row/filter_text.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/export_into.hpp>
#include <eloqua/bulk/files.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/row_source.hpp>
#include <eloqua/bulk/transport.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// The format of a file of rows.
enum class file_format : unsigned char {
    ndjson, ///< for each row, a line with a JSON object of text values
    csv,    ///< RFC 4180: a line of keys, then a record for each row; lines end with CR LF
};

/// Options of an export to a file. The file is forced to disk, with a checkpoint, when any of the
/// three limits below is reached, when a window begins, and when the export fails. After a crash,
/// the rows after the last checkpoint are exported again.
struct export_file_options : export_options {
    file_format format = file_format::ndjson;                   ///< of the file
    std::int64_t checkpoint_rows = 10'000;                      ///< the first limit, in rows
    std::uint64_t checkpoint_bytes = 8'000'000;                 ///< the second limit, in bytes
    clock::duration checkpoint_time = std::chrono::seconds(10); ///< the third limit: time
    /// Keeps a complete file, whatever filter it was exported with. By default, a new export
    /// replaces it.
    bool leave_complete = false;
    /// Resumes an interrupted export with the filter and the windows it started with, even if the
    /// call passes others. For those that depend on the current time and differ in each run. The
    /// receipt states the filter that was used.
    bool use_journal_filter = false;
    /// Starts over, with an empty file, if the sync to resume has expired.
    bool start_over_if_gone = false;
    /// Starts over, with an empty file, if a resumed export stores no row, but fails twice by
    /// `condition::wrong_rows`.
    bool start_over_if_wrong = false;
    file_operations* files = &posix_files::instance(); ///< must outlive the operation
};

namespace detail {

/// Identifies what a file contains; it must not be resumed as something else.
struct exported_subject {
    std::string kind;        ///< format, entity and options
    std::string condition;   ///< the entity's own condition
    std::string filter;      ///< the caller's; empty: all rows
    bool of_changes = false; ///< the filter has the bound of a mark

    std::string full_filter() const {
        bool const both = !condition.empty() && !filter.empty();
        return condition + (both ? " AND " : "") + filter;
    }
    /// Without line breaks. The first record of a journal.
    std::string text() const {
        std::string const all = full_filter();
        return kind + (all.empty() ? "" : " where " + all);
    }
    /// As above, with the filter taken from another such text; empty if that is of another kind.
    std::optional<exported_subject> with_filter_of(std::string_view text) const {
        auto take = [&text](std::string_view part) {
            bool const there = text.starts_with(part);
            text.remove_prefix(there ? part.size() : 0);
            return there;
        };
        exported_subject other{kind, condition, std::string()};
        if (!take(kind))
            return std::nullopt;
        bool const fine = text.empty() ? condition.empty()
                                       : take(" where ") && take(condition) &&
                                             (condition.empty() || text.empty() || take(" AND "));
        if (!fine)
            return std::nullopt;
        other.filter = text;
        return other;
    }
};

/// A growing file, and a journal that records up to which length it is valid. The file is forced
/// to disk before the journal records its length. A stream has no journal and cannot be resumed.
///
/// The journal's first record says what is exported. "begun" and a checkpoint: no content of the
/// file is valid; it is emptied before the first row. "at", a length and a checkpoint: the file is
/// valid up to that length. "complete" likewise: the file is complete.
class export_file {
public:
    /// `of`: what is exported; a journal of anything else is refused. `header`: the start of the
    /// file.
    static result<export_file> open(std::filesystem::path path, exported_subject of,
                                    std::string header, export_file_options const& options);

    std::optional<sink_progress> const& last() const { return last_; }
    /// What is exported; with `use_journal_filter`, by the journal's filter.
    exported_subject const& of() const { return of_; }

    /// Records what was created before the first row.
    [[nodiscard]] result<void> begun(export_checkpoint const& at) {
        return change([&]() -> result<void> {
            if (!journal_)
                return {};
            std::string const record = "begun " + at.text();
            if (!replaces_)
                return note(record);
            replaces_ = false; // now that something replaces it
            return start_journal(record);
        });
    }
    [[nodiscard]] result<void> write(std::string_view lines) {
        return change([&] {
            result<void> const ready = begin();
            size_ += lines.size();
            return ready ? data_->append(lines) : ready;
        });
    }
    /// The rows up to this checkpoint have been written. `now`: it must be on disk at once.
    [[nodiscard]] result<void> reached(export_checkpoint const& at, bool now = false) {
        if (!journal_ || (!now && at.rows - durable_rows_ < options_.checkpoint_rows &&
                          size_ - durable_size_ < options_.checkpoint_bytes &&
                          clock::now() - durable_since_ < options_.checkpoint_time))
            return {};
        return change([&] { return save(at, false); });
    }
    [[nodiscard]] result<void> complete(export_checkpoint const& at) {
        return change([&] {
            result<void> const ready = begin();
            return ready ? save(at, true) : ready;
        });
    }
    /// Starts over.
    [[nodiscard]] result<void> clear() {
        last_.reset();
        durable_rows_ = 0;
        begun_ = false;
        return change([&]() -> result<void> {
            if (!journal_)
                return failed("has received rows that cannot be removed again");
            // The other way round, a crash in between would leave a file shorter than its journal
            // says.
            return start_journal(std::string());
        });
    }

private:
    static constexpr std::uint64_t largest_journal = 16'384;

    export_file(std::filesystem::path path, exported_subject of, std::string header,
                std::optional<journal> j, export_file_options const& options)
        : path_(std::move(path)), of_(std::move(of)), header_(std::move(header)),
          journal_(std::move(j)), options_(options) {}

    static failure failed(std::filesystem::path const& path, std::string const& what,
                          std::string advice) {
        return failure(errc::journal_failed, "'" + path.string() + "' " + what, std::move(advice));
    }
    failure failed(std::string const& what) const {
        return failed(path_, what,
                      journal_ ? "restore the file, or remove it and '" +
                                     journal_->path().string() + "' to start a new export"
                               : "start a new export");
    }

    [[nodiscard]] result<void> recall(std::optional<std::uint64_t> there);
    [[nodiscard]] result<void> begin();
    [[nodiscard]] result<void> save(export_checkpoint const& at, bool complete);
    [[nodiscard]] result<void> note(std::string record) {
        if (journal_->size() < largest_journal)
            return journal_->append(record);
        return start_journal(std::move(record));
    }
    /// Rewrites the journal: what is exported, and `record` unless it is empty.
    [[nodiscard]] result<void> start_journal(std::string record) {
        std::vector<std::string> all{of_.text()};
        if (!record.empty())
            all.push_back(std::move(record));
        return journal_->rewrite(all);
    }

    template <class F>
    result<void> change(F f) {
        if (broken_)
            return *broken_;
        result<void> const done = f();
        if (!done)
            broken_ = done.error(); // the state on disk is unknown
        return done;
    }

    std::filesystem::path path_;
    exported_subject of_;
    std::string header_;
    std::optional<journal> journal_;
    export_file_options options_;
    std::unique_ptr<durable_file> data_;
    std::uint64_t size_ = 0;
    bool begun_ = false;                ///< the file belongs to this export
    bool replaces_ = false;             ///< the journal is still that of another export
    std::optional<sink_progress> last_; ///< at the time of opening
    std::int64_t durable_rows_ = 0;
    std::uint64_t durable_size_ = 0;
    clock::time_point durable_since_ = clock::now();
    std::optional<failure> broken_;
};

inline result<export_file> export_file::open(std::filesystem::path path, exported_subject of,
                                             std::string header,
                                             export_file_options const& options) {
    if (options.files->is_stream(path)) {
        export_file made(std::move(path), std::move(of), std::move(header), std::nullopt, options);
        result<std::unique_ptr<durable_file>> opened = options.files->open_data(made.path_);
        if (!opened)
            return opened.error();
        made.data_ = std::move(*opened);
        return made;
    }
    std::filesystem::path journal_path = path;
    journal_path += ".journal";
    auto of_others = [&] {
        return failed(path, "is not empty, and has no journal",
                      "delete it, or export to another file");
    };
    result<std::optional<std::uint64_t>> there = options.files->size_of(path);
    result<std::optional<std::uint64_t>> const known = options.files->size_of(journal_path);
    if (!there || !known)
        return there ? known.error() : there.error();
    if (there->value_or(0) > 0 && !*known)
        return of_others();
    result<journal> opened = journal::open(journal_path, *options.files);
    if (!opened)
        return opened.error();
    std::vector<std::string> const records = opened->records();
    if (records.empty()) {
        if (there->value_or(0) > 0)
            return of_others();
        result<void> const begun = opened->append(of.text());
        if (!begun)
            return begun.error();
    } else if (records.front() != of.text()) {
        bool const complete = records.size() > 1 && records.back().starts_with("complete ");
        bool const untouched = records.size() == 1; // nothing was started with that filter
        std::optional<exported_subject> const its = of.with_filter_of(records.front());
        if (!its || (!complete && !untouched && !options.use_journal_filter))
            return failure(errc::other_export,
                           "'" + journal_path.string() + "' belongs to another export (" +
                               records.front() + "; requested is " + of.text() + ")",
                           std::string(!its            ? "repeat that one, "
                                       : of.of_changes ? "use the mark, overlap and start that it "
                                                         "began with, "
                                                       : "set use_journal_filter to resume that "
                                                         "one, ") +
                               "or remove this journal and '" + path.string() +
                               "' to start a new export");
        if (complete ? options.leave_complete : !untouched)
            of = *its;
    }
    // Another process may have written to it before the journal was opened.
    there = options.files->size_of(path);
    if (!there)
        return there.error();
    export_file made(std::move(path), std::move(of), std::move(header), std::move(*opened),
                     options);
    result<void> const recalled = made.recall(*there);
    if (!recalled)
        return recalled.error();
    return made;
}

/// Restores the file to its state at the journal's last record.
inline result<void> export_file::recall(std::optional<std::uint64_t> there) {
    if (journal_->records().size() > 1) {
        std::string_view text = journal_->records().back();
        sink_progress last;
        std::string_view const word = text.substr(0, text.find(' '));
        last.complete = word == "complete";
        begun_ = word != "begun";
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        bool fine = last.complete || word == "at" || word == "begun";
        if (begun_) {
            auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), size_);
            text.remove_prefix(static_cast<std::size_t>(end - text.data()));
            text.remove_prefix(text.empty() ? 0 : 1);
            fine = fine && ec == std::errc();
        }
        result<export_checkpoint> at = export_checkpoint::parse(text);
        if (!fine || !at)
            return failed(
                journal_->path(),
                "has a record that does not belong to an export: " +
                    (at ? std::string(word) : at.error().info.detail),
                "it was not changed; if a newer version wrote it, resume with that version");
        last.at = std::move(*at);
        last_ = std::move(last);
        durable_rows_ = last_->at.rows;
    }
    bool const complete = last_ && last_->complete;
    std::uint64_t const has = there.value_or(0);
    bool const over = complete && !options_.leave_complete;
    bool const taken_away = over && has == 0;
    bool const of_another =
        !journal_->records().empty() && journal_->records().front() != of_.text();
    replaces_ = over || (!last_ && of_another);
    if (begun_ && !taken_away && (has < size_ || (complete && has != size_)))
        return failed((there ? "has " + std::to_string(has) + " bytes" : "is missing") +
                      ", but its journal says " + std::to_string(size_));
    if (complete && !over)
        return {};
    result<std::unique_ptr<durable_file>> opened = options_.files->open_data(path_);
    if (!opened)
        return opened.error();
    data_ = std::move(*opened);
    result<void> ready = options_.files->sync_folder(path_);
    if (over) {
        last_.reset();
        begun_ = false;
        size_ = 0;
        durable_rows_ = 0;
    }
    if (ready && begun_ && has > size_)
        ready = data_->truncate(size_);
    durable_size_ = size_;
    return ready;
}

/// Empties the file and writes its header, unless it belongs to this export already.
inline result<void> export_file::begin() {
    if (std::exchange(begun_, true))
        return {};
    result<void> const emptied = journal_ ? data_->truncate(0) : result<void>();
    size_ = header_.size();
    durable_size_ = 0;
    return emptied && !header_.empty() ? data_->append(header_) : emptied;
}

inline result<void> export_file::save(export_checkpoint const& at, bool complete) {
    result<void> const forced = data_->sync();
    if (!forced || !journal_)
        return forced;
    durable_rows_ = at.rows;
    durable_size_ = size_;
    durable_since_ = clock::now();
    return note((complete ? "complete " : "at ") + std::to_string(size_) + ' ' + at.text());
}

} // namespace detail

namespace detail {

/// Describes the content of a file, for its journal.
inline result<exported_subject> describe(row_plan const& plan,
                                         std::vector<filter_node> const& filter,
                                         export_file_options const& options) {
    result<void> const alone = check_no_checkpoint(options);
    if (!alone)
        return alone.error();
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
    if (options.windows)
        of.kind += ", by windows of '" + options.windows->column.key + "'";
    for (sync_action const& each : options.sync_actions)
        of.kind += ", with " + write_document(each);
    of.condition = plan.export_condition;
    return of.with_filter_of(of.kind + (all->empty() ? "" : " where " + *all)).value();
}

/// Checks that an interrupted export by windows is resumed with the windows it began with.
inline result<void> check_windows(export_file const& file, std::filesystem::path const& path,
                                  export_file_options const& options) {
    std::optional<sink_progress> const& last = file.last();
    if (!last || last->complete || !last->at.windows || !options.windows ||
        options.use_journal_filter || last->at.windows->windows == options.windows->windows)
        return {};
    return failure(errc::other_export,
                   "'" + path.string() + "' belongs to an export of other windows (" +
                       last->at.windows->windows.text() + "; requested are " +
                       options.windows->windows.text() + ")",
                   "set use_journal_filter to resume that one, or remove '" + path.string() +
                       "' and '" + path.string() + ".journal' to start a new export");
}

/// `options`: the options of the request, before they are sliced to `export_options`.
template <class Row, class Transport>
flow<result<stored_export>>
export_to_file_flow(export_request<Row, Transport> request, std::filesystem::path path,
                    export_file_options options, bool of_changes = false) {
    request.plan = plan_of_written<Row>(std::move(request.plan));
    row_plan const& plan = request.plan;
    result<exported_subject> of = describe(plan, request.filter, options);
    if (!of)
        co_return of.error();
    of->of_changes = of_changes;
    // Checkpoints are taken between batches.
    request.options.batch_rows =
        std::min(options.batch_rows,
                 static_cast<std::size_t>(std::max<std::int64_t>(1, options.checkpoint_rows)));
    std::string const asked_filter = of->filter;
    row_lines lines(plan.codecs, plan.columns,
                    options.format == file_format::csv ? rows_format::csv : rows_format::json);
    std::string header(lines.header());
    result<export_file> file = export_file::open(path, std::move(*of), std::move(header), options);
    if (!file)
        co_return file.error();
    result<void> const continued = check_windows(*file, path, options);
    if (!continued)
        co_return continued.error();
    // It is the export to resume, or to start over, with those of the journal.
    if (std::optional<sink_progress> const& last = file->last();
        options.use_journal_filter && last && last->at.windows && request.options.windows)
        request.options.windows->windows = last->at.windows->windows;
    exported_subject const used = file->of();
    if (used.filter != asked_filter)
        request.filter = used.filter.empty() ? std::vector<filter_node>()
                                             : unchecked_filter(used.filter).nodes();
    file_rows<Row, export_file> to(request, std::move(*file), std::move(lines));
    starting_over const anew{options.start_over_if_gone, options.start_over_if_wrong};
    result<stored_export> done = co_await export_rows_to(request, to, anew);
    if (done)
        done->receipt.filter = used.full_filter();
    if (!done && done.error().code == make_error_code(errc::sync_gone)) {
        failure why = done.error();
        why.info.advice = "remove '" + path.string() + "' and '" + path.string() +
                          ".journal' to start a new export, or set start_over_if_gone";
        co_return why;
    }
    co_return done;
}

} // namespace detail

/// Exports the rows of an entity that match a filter, or `all_rows`, to a file, as NDJSON or CSV.
/// If a run is interrupted at any moment, even by a crash of the machine, the same call resumes
/// it. The file is then identical to that of an uninterrupted run. A run that was interrupted
/// while it waited for its sync waits for the same sync. Once the file is complete, the next call
/// replaces it when the first rows of the new export arrive, see
/// `export_file_options::leave_complete`.
///
/// A journal beside the file, with ".journal" added to its name, records how much of the file is
/// valid, and of which export and instance. It is never deleted. No other process may write to the
/// file. Writes block the thread that runs the operation, also for asynchronous clients. The
/// folder must exist. `posix_files` says which files are refused. A pipe, or "/dev/stdout", has no
/// journal, so an export to it cannot be resumed.
///
/// Errors: those of `row_source`; `errc::journal_failed` for a file that is not empty and has no
/// journal, does not match its journal, or cannot be written; `errc::in_use` for one that another
/// export or import uses; `errc::other_export` for a journal of another entity or format, or, if it
/// is not complete, of another filter or other windows, see
/// `export_file_options::use_journal_filter`; `errc::invalid_checkpoint` for one with other
/// columns or of another instance; `errc::sync_gone` if the rows on the server have expired, see
/// `start_over_if_gone`; after `condition::wrong_rows` that comes again, see `start_over_if_wrong`.
template <class Row, class Transport, exportable E, class Filter = all_rows_t>
operation<stored_export, Transport>
export_to_file(basic_client<Transport> const& with, E of, std::filesystem::path path,
               Filter condition = Filter(),
               detail::argument<export_file_options, Transport> options =
                   detail::argument<export_file_options, Transport>()) {
    static_assert(detail::row_to_keep<Row>::checked);
    export_file_options const& how = options;
    return {detail::export_to_file_flow(
                detail::request_rows<Row>(with.shared_core(), of, std::move(condition), how),
                std::move(path), how),
            with.transport()};
}

/// As above, for records. Throws like `basic_client::export_records`.
template <class Transport, exportable E, class Filter = all_rows_t>
operation<stored_export, Transport>
export_records_to_file(basic_client<Transport> const& with, E of, record_columns columns,
                       std::filesystem::path path, Filter condition = Filter(),
                       detail::argument<export_file_options, Transport> options =
                           detail::argument<export_file_options, Transport>()) {
    export_file_options const& how = options;
    return {detail::export_to_file_flow(detail::request_records(with.shared_core(), of,
                                                                std::move(columns),
                                                                std::move(condition), how),
                                        std::move(path), how),
            with.transport()};
}

} // namespace eloqua::bulk
