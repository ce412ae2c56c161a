// SPDX-License-Identifier: BSL-1.0
/// \file
/// Exports: their options and receipts, and stores that keep rows together with a checkpoint.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export_checkpoint.hpp>
#include <eloqua/bulk/export_windows.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/time.hpp>

#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

/// Describes an export that is verified as complete.
struct export_receipt {
    std::string sync;                          ///< uri
    std::string definition;                    ///< uri
    std::int64_t rows = 0;                     ///< delivered
    std::optional<std::int64_t> total_results; ///< as the pages state
    std::optional<std::int64_t> logged;        ///< as the sync's log states
    std::uint64_t bytes = 0;                   ///< of pages, inflated
    unsigned requests = 0;                     ///< for pages, except unused read-ahead requests
    unsigned retries = 0;                      ///< included in `requests`
    std::chrono::milliseconds queued{};    ///< from sync created to started, by the service's clock
    std::chrono::milliseconds processed{}; ///< from sync started to ended
    std::chrono::milliseconds transferred{}; ///< from the request of the first page to the last row
    /// Warnings of the sync's log, in the service's words; why fields could not be checked; and
    /// oddities in the rows of this run: rows without any value, and columns that no row had.
    std::vector<std::string> warnings;
    /// In Eloqua's filter syntax; empty: all rows. Unset if the export was resumed from a bare
    /// checkpoint.
    std::optional<std::string> filter;
    /// By column: number of values of this run in which U+FFFD replaces broken text, see
    /// `export_options::broken_texts`.
    std::map<std::string, std::int64_t> replaced_texts;
    bool definition_deleted = false; ///< if false, it stays on the server until it expires
    /// When the sync was created, by the service's clock; empty if the service does not say.
    std::optional<timestamp> started;
    /// Of an export by windows. `sync` and `definition` are then those of the last window,
    /// `started` is that of the first one of this run; numbers are sums, in which rows outside of
    /// the windows count as received; `filter` is without the windows; and `definition_deleted` is
    /// true if all definitions that this run knows are deleted.
    std::optional<window_totals> windows;

    /// Writes the receipt as one line.
    friend std::ostream& operator<<(std::ostream& out, export_receipt const& r) {
        out << r.rows << " rows, complete (pages say "
            << (r.total_results ? std::to_string(*r.total_results) : "nothing") << ", log says "
            << (r.logged ? std::to_string(*r.logged) : "nothing") << "); " << r.sync << " of "
            << r.definition << (r.definition_deleted ? " (deleted)" : " (not deleted)") << "; "
            << r.bytes << " bytes in " << r.requests << " requests, " << r.retries << " retries; "
            << r.queued.count() << " ms queued, " << r.processed.count() << " ms processed, "
            << r.transferred.count() << " ms transferred";
        if (r.filter && !r.filter->empty())
            out << "; where " << *r.filter;
        if (r.windows) {
            out << "; " << r.windows->exported << " windows exported, " << r.windows->empty
                << " of them empty; " << r.windows->halved << " halved; " << r.windows->outside
                << " rows outside of them dropped; filters are read in "
                << (r.windows->zone == filter_zone::utc          ? "UTC"
                    : r.windows->zone == filter_zone::us_eastern ? "US Eastern time"
                                                                 : "an unknown zone");
        }
        for (auto const& [column, count] : r.replaced_texts)
            out << "; " << count << " values of '" << column
                << "' contained invalid text, which was replaced";
        for (std::string const& each : r.warnings)
            out << "; warning: " << each;
        return out;
    }
};

/// Options of an export.
struct export_options {
    /// Start of the definition's name; at most 80 characters.
    std::string name = "eloqua-bulk export";
    /// How long the server keeps the rows, 1 h to 14 days. An export can be resumed for that long.
    duration data_retention = std::chrono::hours(24);
    /// Of the definition, if it is left on the server.
    duration auto_delete = std::chrono::hours(72);
    /// If false, times of the service, such as CreatedAt, come in US Eastern time without a zone.
    /// Members that are times or dates then refuse them, and so do filters that compare one with a
    /// time, by `errc::invalid_argument`; read such values as text. The customer's own fields have
    /// no zone whatever this says: they are sent and received as stored, and a `sys_time` takes
    /// them as UTC.
    bool system_timestamps_in_utc = true;
    std::optional<std::int64_t> max_records;        ///< empty: all
    std::int64_t page_rows = limits::rows_per_page; ///< rows per request, 1 to 50,000
    std::size_t batch_rows = 1'000;                 ///< rows per `row_source::next`, at least 1
    /// Requests the next page before the current response arrives, so that the service works while
    /// rows are decoded. Uses a second connection, but no more memory.
    bool read_ahead = true;
    /// Format of the response bodies. CSV pages do not state a total: the last page is the first
    /// one that is not full, and the count in the sync's log is the proof of completeness.
    rows_format rows = rows_format::json;
    /// How to treat texts that are not UTF-8 or contain half of a surrogate pair, such as those
    /// cut in the middle of a character before they reached the service.
    broken_text broken_texts = broken_text::refused;
    /// Keeps definition and rows on the server at the end; see `row_source::remove_definition`.
    bool keep_definition = false;
    /// Applied to the records of all rows while the sync runs; at most 10. Create them with
    /// `actions_for`. Exports of activities cannot have any: `errc::invalid_argument`. To resume a
    /// file, pass the actions that its export began with.
    std::vector<sync_action> sync_actions;
    /// Like `import_options::check_fields`, for what matters to exports.
    bool check_fields = false;
    /// Exports one window of time after another; see `export_windows`. Empty: a single export.
    std::optional<window_plan> windows;
    /// Halves windows whose export has more rows than this, as long as that makes exports smaller:
    /// filters ask for more than the window, see `export_windows`. Empty: only those that the
    /// service cuts off.
    std::optional<std::int64_t> window_rows;
    /// For how many windows beyond the current one the sync is started before the rows of the
    /// current one are read, so that the service works on them meanwhile. Not used for activities,
    /// whose exports should run one after another, nor for windows that end later than an hour
    /// before the current sync was created: a row that is changed moves, with its UpdatedAt, to the
    /// window that includes now, and the sync of that window must then come last. Leave it at 0 for
    /// a time that can be set to one in the past: a row may then move to a window whose sync has
    /// run already, and would be missing.
    std::size_t windows_ahead = 0;
    /// Resumes an export from this checkpoint, perhaps in another process. The last row known to
    /// it is requested again and must be unchanged. Before the first row, a running sync is waited
    /// for, and what may have been created without a response is searched for. Filter and options
    /// are those the definition was created with; a different filter or options passed now have no
    /// effect on it. An export by windows resumes with the windows and the filter it began with.
    ///
    /// Errors in addition to those of `row_source`: `errc::invalid_checkpoint` for one with other
    /// columns, of another instance, or that names nothing yet; `errc::sync_gone` also if the
    /// definition was never created, or would have to be created again. `export_into` and
    /// `export_to_file` keep their own checkpoint and refuse one with `errc::invalid_argument`.
    std::optional<export_checkpoint> resume_from;
};

namespace detail {

/// Error: `errc::invalid_argument` for numbers out of range.
inline result<void> check_options(export_options const& o) {
    if (o.page_rows >= 1 && o.page_rows <= limits::rows_per_page && o.batch_rows >= 1)
        return {};
    return failure(errc::invalid_argument, "page_rows is " + std::to_string(o.page_rows) +
                                               "; 1 to " + std::to_string(limits::rows_per_page) +
                                               " are allowed; batch_rows is " +
                                               std::to_string(o.batch_rows) + "; at least 1");
}

/// An export from definition to verified end. Each `pull` is a flow of its own. The current page
/// and the read-ahead page stay open in between, on channels that outlive the flows.
class export_job {
public:
    virtual ~export_job() = default;

    /// Does the next step that comes before rows, without waiting for the sync: chooses the
    /// definition's name, creates the definition, starts its sync; a resumed export searches for
    /// them instead. True if the checkpoint now names more; false once it names the sync. After a
    /// temporary error, the next call tries again.
    [[nodiscard]] virtual flow<result<bool>> prepare() = 0;

    /// Decodes the next part of a page. The first call does any preparation that is left, and
    /// waits for the sync. Rows go to `sink`. False at the end, once completeness is verified.
    /// After a temporary error, the next pull resumes after the last decoded row.
    [[nodiscard]] virtual flow<result<bool>> pull(row_sink& sink) = 0;

    /// Does any preparation that is left and waits for the sync. The receipt then has what the
    /// sync's log says. Does nothing after that.
    [[nodiscard]] virtual flow<result<void>> begin() = 0;

    /// Called after the end, once all rows are stored: deletes the definition unless it is to be
    /// kept. If that fails, the receipt says so.
    [[nodiscard]] virtual flow<result<void>> conclude() = 0;
    /// Deletes the definition, and with it the rows on the server.
    [[nodiscard]] virtual flow<result<void>> remove_definition() = 0;

    /// Call before the first pull. The export then fails with `errc::duplicate_row` if two rows
    /// have the same value in this column.
    virtual void require_unique(std::size_t column) = 0;
    /// Call after that: registers the value of a row that came earlier.
    virtual void has_come(void const* row) = 0;

    /// Deletes the definitions of windows that are complete. Call it when their rows are stored.
    /// While rows of a window are received, that is done when the next window begins.
    [[nodiscard]] virtual flow<result<void>> remove_past_definitions() = 0;
    /// How many of them there have been that the job is to delete by itself.
    [[nodiscard]] virtual std::size_t past_definitions() const { return 0; }
    /// The job may delete the first so many of them when the next window begins.
    virtual void allow_removal(std::size_t) {}

    /// After a pull: rows of the next one belong to another window, so that they must not share a
    /// batch with earlier rows.
    bool at_new_window() const { return at_new_window_; }
    bool finished() const { return finished_; }
    std::int64_t rows() const { return checkpoint_.rows; }
    export_receipt const& receipt() const { return receipt_; }
    /// The position after the last decoded row.
    export_checkpoint const& checkpoint() const { return checkpoint_; }

protected:
    bool finished_ = false;
    bool at_new_window_ = false;
    export_receipt receipt_;
    export_checkpoint checkpoint_;
};

} // namespace detail

/// The progress of a store.
struct sink_progress {
    export_checkpoint at;  ///< after the last row in the store
    bool complete = false; ///< whether the export is complete
};

/// A store for rows from which an export can be resumed. After a crash at any moment, it has
/// exactly the rows up to the checkpoint that `last` returns. If that is empty, the store has
/// none, and the export starts from the beginning.
///
/// `append` takes rows and the checkpoint after them. It may delay making them durable, but must
/// do so for both together. Before the first row, `append` is called without rows, with a
/// checkpoint that names what was created on the server, so that another run waits for the same
/// sync. Make that durable at once. A store with a member `begun(checkpoint)` gets that call
/// instead. In an export by windows, `append` is also called without rows when a window begins
/// after the first row; make that durable at once, too, with all rows before it. When `complete`
/// succeeds, all rows are durable, and the store knows that it has all of them. When the export
/// fails after rows, a store with a member `interrupted(checkpoint)` gets that call, to make
/// durable what it has. Calls are never concurrent. A failed call is the last one.
template <class Sink, class Row>
concept checkpointed_sink =
    requires(Sink& sink, std::span<Row const> rows, export_checkpoint const& at) {
        { sink.last() } -> std::same_as<result<std::optional<sink_progress>>>;
        { sink.append(rows, at) } -> std::same_as<result<void>>;
        { sink.complete(at) } -> std::same_as<result<void>>;
    };

/// The result of an export into a store.
struct stored_export {
    export_receipt receipt;    ///< if `was_complete`: only sync, definition and number of rows
    std::int64_t resumed = 0;  ///< number of rows that earlier runs had stored
    bool was_complete = false; ///< the export was complete already; nothing was sent

    /// Writes the receipt as one line.
    friend std::ostream& operator<<(std::ostream& out, stored_export const& e) {
        if (e.was_complete)
            return out << "was complete already: " << e.receipt.rows << " rows of "
                       << e.receipt.sync;
        if (e.resumed)
            out << "resumed after " << e.resumed << " rows; ";
        return out << e.receipt;
    }
};

} // namespace eloqua::bulk
