// SPDX-License-Identifier: BSL-1.0
/// \file
/// Imports: options, settings and reports.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/sync_actions.hpp>
#include <eloqua/bulk/syncs.hpp>
#include <eloqua/bulk/time.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// The rows that a reject may refer to.
struct found_rows {
    std::vector<std::size_t> rows; ///< by the caller's numbers; at most 100
    bool certain = false;          ///< there is exactly one, and its identifier matches
};

/// Whether the service's logs account for the rows that were sent.
enum class import_proof : unsigned char {
    proven,       ///< they account for every row
    unproven,     ///< they lack the counts
    contradicted, ///< they account for other rows; only in a failure
};

/// The name of the enumerator, such as "proven".
constexpr std::string_view to_string(import_proof p) noexcept {
    return p == import_proof::proven     ? "proven"
           : p == import_proof::unproven ? "unproven"
                                         : "contradicted";
}

/// The counts of an import.
struct import_totals {
    std::int64_t rows = 0;                      ///< sent, including by earlier runs
    std::int64_t resumed = 0;                   ///< number of rows that earlier runs had synced
    bool was_complete = false;                  ///< by earlier runs; this run sent nothing
    std::int64_t created = 0;                   ///< according to the logs
    std::int64_t updated = 0;                   ///< according to the logs
    std::int64_t rejected = 0;                  ///< rows not accepted
    std::int64_t partly_taken = 0;              ///< rows accepted without some of their values
    std::map<std::string, std::int64_t> counts; ///< by ELQ code, summed over the logs
    std::vector<std::string> syncs;             ///< uris
    std::string definition;                     ///< uri
    bool definition_deleted = false;            ///< at the end of the import
    /// Because their contents were unknown, or because they had vanished.
    unsigned definitions_abandoned = 0;
    std::uint64_t bytes = 0;    ///< sent as rows
    unsigned requests = 0;      ///< that sent rows
    std::int64_t times_cut = 0; ///< cut to milliseconds; see `import_options::finer_times`
    /// Warnings of the syncs' logs, in the service's words; those about columns whose values are
    /// not stored come first. Also the reason if fields could not be checked.
    std::vector<std::string> warnings;
    /// Between the service's own counts, or between them and ours.
    std::vector<std::string> disagreements;
    /// The worst of all syncs. A sync is proven if the log says that as many rows were staged or
    /// processed as were sent, and, where the entity has codes for it, created, updated and
    /// rejected.
    import_proof proof = import_proof::proven;
    std::vector<std::string> doubts; ///< why it is not proven, by sync
    /// Numbers of rows with a blank identifier that may or may not have created records; only in a
    /// failure. Pushing them again may create duplicates.
    std::vector<std::size_t> unknown_rows;

    /// Throws `error` with `errc::unproven` unless the service's logs account for every row.
    void require_proven() const {
        if (proof == import_proof::proven)
            return;
        throw_exception_from_error(failure(errc::unproven, joined(doubts)), BOOST_CURRENT_LOCATION);
    }

    /// Throws `error` with `errc::unbalanced` if any counts disagree. It is not fully documented
    /// what each code of the service counts, so a disagreement does not have to mean that rows are
    /// lost.
    void require_balanced() const {
        if (disagreements.empty())
            return;
        throw_exception_from_error(failure(errc::unbalanced, joined(disagreements)),
                                   BOOST_CURRENT_LOCATION);
    }

    /// Writes the report as one line.
    friend std::ostream& operator<<(std::ostream& out, import_totals const& r) {
        if (r.was_complete)
            out << "was complete already: ";
        else if (r.resumed)
            out << "resumed after " << r.resumed << " rows; ";
        out << r.rows << " rows sent in " << r.requests << " requests (" << r.bytes
            << " bytes) and " << r.syncs.size() << " syncs; " << r.created << " created, "
            << r.updated << " updated, " << r.rejected << " rejected, " << r.partly_taken
            << " partly taken; ";
        if (r.times_cut != 0)
            out << r.times_cut << " times cut to milliseconds; ";
        out << to_string(r.proof);
        for (std::string const& each : r.doubts)
            out << (&each == &r.doubts.front() ? ": " : "; ") << each;
        for (std::string const& each : r.disagreements)
            out << "; counts disagree: " << each;
        if (!r.unknown_rows.empty())
            out << "; " << r.unknown_rows.size() << " rows may or may not have created records";
        return out;
    }

private:
    static std::string joined(std::vector<std::string> const& texts) {
        std::string all;
        for (std::string const& each : texts)
            all += (all.empty() ? "" : "; ") + each;
        return all;
    }
};

namespace detail {

/// Receives the rejects of an import.
class reject_listener {
public:
    virtual ~reject_listener() = default;
    /// Takes the service's message, the rows it may refer to, and whether texts may show values of
    /// rows. False ends the import.
    virtual bool take(sync_reject const& said, found_rows found, bool row_taken,
                      row_values values) = 0;
};

} // namespace detail

/// Stores the records of one import in order; see `journal_records`.
class import_journal {
public:
    virtual ~import_journal() = default;
    /// All records.
    virtual std::vector<std::string> const& records() const = 0;
    /// Appends a record; it must be durable on return.
    [[nodiscard]] virtual result<void> append(std::string_view record) = 0;
};

/// Options of an import.
struct import_options {
    /// Start of the definition's name; at most 80 characters.
    std::string name = "eloqua-bulk import";
    /// By default, blank values leave stored ones unchanged. With the service's own default,
    /// `always`, an empty `optional` would erase the stored value.
    update_rule update = update_rule::ifNewIsNotNull;
    std::optional<import_rule> rule;      ///< contacts and accounts only; empty: create and update
    bool update_multiple_matches = false; ///< whether one row updates all records that it matches
    duration data_retention = std::chrono::hours(7 * 24); ///< of staged rows; 1 h to 14 days
    /// Of the definition, if it is left on the server.
    duration auto_delete = std::chrono::hours(72);
    std::optional<std::string> priority_uri; ///< an `/imports/priorities/{id}`
    rows_format rows = rows_format::json;    ///< format of the request bodies
    /// How to treat times finer than a millisecond, the service's resolution: the import fails
    /// with `errc::invalid_row`, which names row and column, or they are truncated and counted,
    /// see `import_totals::times_cut`. Has no effect on times that are held as text.
    finer_part finer_times = finer_part::refused;
    /// Upper bound of a request body; at most 32 MB.
    std::size_t request_bytes = limits::request_bytes;
    /// At most 500. Halved after each abandoned definition, until a sync succeeds, since
    /// everything in one sync has to arrive.
    std::size_t requests_per_sync = limits::requests_per_sync;
    std::size_t sync_bytes = limits::staged_bytes; ///< a sync starts when this much is staged
    /// Single-pass ranges only: bytes of encoded rows buffered for resending, plus one request, in
    /// case it is unknown whether they arrived. A sync starts when this much is staged.
    std::size_t replay_bytes = limits::request_bytes;
    /// Records the import's progress, so that it can run again after a crash without applying a
    /// row twice. Run it with the same settings, at the same instance, and with the same rows in
    /// the same order: it resumes where it stopped, and its report covers all rows; a sink of
    /// rejects receives all of them again. Instance, columns, identifier and all encoded rows that
    /// were synced are compared, and whatever decides how rows are imported: `update`, `rule`,
    /// `update_multiple_matches`, `priority_uri`, sync actions and the other settings. The other
    /// options may change. `open_import_journal` keeps the journal in a file. A journal of a
    /// completed import is an error, see `allow_complete`: use a new journal for each import.
    ///
    /// After an error, nothing is deleted from the server, so that the next run can resume. That
    /// run pushes rows of a failed sync again, although the failed sync may have applied some of
    /// them. It does not push groups with rows that create records each time, see
    /// `basic_client::import_rows`. Additional errors: `errc::journal_failed`, also for rows or
    /// settings that differ; `errc::sync_gone` if a sync has expired or belongs to another
    /// instance. A journal serves one import at a time, on its thread.
    std::shared_ptr<import_journal> journal;
    /// If the journal says that its import is complete: sends nothing, and returns that import's
    /// report with `import_totals::was_complete`. By default that is `errc::already_complete`.
    bool allow_complete = false;
    /// Compares the columns with the instance's fields before anything is created;
    /// `basic_client::check` says how. A client requests the fields of each entity once. Error:
    /// `errc::fields_do_not_fit`, with all definite mismatches. Possible mismatches become
    /// warnings in the report, and so do fields that the service does not show or shows malformed;
    /// the import continues. A resumed import is not checked again.
    bool check_fields = true;
    /// Maximum number of rejects in the report. Further ones are counted, and go to the sink if
    /// there is one, see `rejects_to`.
    std::size_t rejects_kept = 100'000;
};

/// A row that the service rejected, entirely or in part.
template <class Row>
struct import_reject {
    /// Stands for an unknown number of a row.
    static constexpr std::size_t unknown = std::numeric_limits<std::size_t>::max();

    /// Number of the caller's row, from 0, in the order of the range; `unknown` if it is not
    /// certain, see `candidates`.
    std::size_t row_index = unknown;
    /// If it is not certain, the possible rows: those with the same identifier, or else those with
    /// the same number, as the service may spell an identifier differently from what was sent; at
    /// most 100. Empty: the reject has neither an identifier nor a number that was sent.
    std::vector<std::size_t> candidates;
    elq reason{}; ///< 0 if the service gives none
    /// In one line: the service's message, or the meaning of its code, see
    /// `client_options::row_values`.
    std::string message;
    std::vector<std::string> invalid_columns; ///< columns with rejected values
    bool row_taken = false; ///< accepted; only the values of `invalid_columns` were dropped
    /// The row as the service returns it; members that are not imported have their initial values.
    /// Empty if a rejected value, or a blank in place of a value that is not returned, does not
    /// convert, or if the row type holds views.
    std::optional<Row> row;
    std::string row_error; ///< why `row` is empty

    /// In one line: "row 7: ELQ-00002 Invalid email address. (email)".
    friend std::ostream& operator<<(std::ostream& out, import_reject const& r) {
        if (r.row_index != unknown)
            out << "row " << r.row_index;
        else
            out << (r.candidates.empty() ? "an unknown row" : "one of the rows");
        for (std::size_t const each : r.candidates)
            out << (each == r.candidates.front() ? " " : ", ") << each;
        out << (r.row_taken ? ", taken in part: " : ": ");
        if (r.reason != elq{})
            out << make_error_code(r.reason).message() << ' ';
        out << r.message;
        for (std::string const& each : r.invalid_columns)
            out << (&each == &r.invalid_columns.front() ? " (" : ", ") << each;
        return out << (r.invalid_columns.empty() ? "" : ")");
    }
};

/// Rejected rows to push again: a range for the next import.
template <class Row>
struct retry_rows {
    /// By their numbers in the previous import, each once; those of unknown number last.
    std::vector<Row> rows;
    std::vector<std::size_t> row_indices; ///< of `rows`, or `import_reject<Row>::unknown`
    /// Rejects whose rows cannot be restored from the service's list; `import_reject::row_error`
    /// says why. The caller may find them by `row_index` or `candidates`.
    std::vector<import_reject<Row>> without_row;
    std::int64_t not_kept = 0; ///< rejects of which the report has only the count

    /// @{
    /// Of `rows`.
    auto begin() const { return rows.begin(); }
    auto end() const { return rows.end(); }
    std::size_t size() const { return rows.size(); }
    bool empty() const { return rows.empty(); }
    /// @}
};

/// The result of an import.
template <class Row>
struct import_report : import_totals {
    std::vector<import_reject<Row>> rejects; ///< in the order of the service's lists
    /// Those beyond `import_options::rejects_kept`; they went to the sink, or were only counted.
    std::int64_t rejects_not_kept = 0;

    /// The rows that the service rejected entirely. The caller has to correct them first: a row
    /// refused as a duplicate, for example, would replace the one that was accepted.
    retry_rows<Row> retry_set() const {
        std::vector<import_reject<Row> const*> refused;
        for (import_reject<Row> const& each : rejects)
            if (!each.row_taken)
                refused.push_back(&each);
        // Of several rejects of one row, one that has the row comes first.
        std::ranges::sort(refused, [](auto const* a, auto const* b) {
            if (a->row_index != b->row_index)
                return a->row_index < b->row_index;
            return a->row.has_value() != b->row.has_value() ? a->row.has_value() : a < b;
        });
        retry_rows<Row> out;
        out.not_kept = rejects_not_kept;
        for (std::size_t i = 0; i != refused.size(); ++i) {
            import_reject<Row> const& each = *refused[i];
            bool const known = each.row_index != each.unknown;
            if (known && i != 0 && refused[i - 1]->row_index == each.row_index)
                continue;
            if (each.row) {
                out.rows.push_back(*each.row);
                out.row_indices.push_back(each.row_index);
            } else {
                out.without_row.push_back(each);
            }
        }
        return out;
    }
};

namespace detail {

/// Its address identifies a row type.
template <class Row>
inline char tag_of_row = 0;

} // namespace detail

/// The report of a failed import: what was done until then, with the known rejects. Null for other
/// failures, and for another row type. Valid as long as the failure.
template <class Row>
[[nodiscard]] import_report<Row> const* report_so_far(failure const& f) {
    bool const there = f.info.import_so_far && f.info.import_row == &detail::tag_of_row<Row>;
    return there ? static_cast<import_report<Row> const*>(f.info.import_so_far.get()) : nullptr;
}

/// Created by `rejects_to`. `Named`: whether the function object is a named variable.
template <class F, bool Named = false>
struct reject_sink {
    F sink; ///< called with each reject
};

namespace detail {

template <class S>
inline constexpr bool is_reject_sink = false;
template <class F, bool Named>
inline constexpr bool is_reject_sink<reject_sink<F, Named>> = true;

template <class S>
constexpr bool is_definition_part =
    std::same_as<S, user_linkage> || std::same_as<S, data_card_mapping> ||
    std::same_as<S, app_service> || std::same_as<S, identifier_matching> ||
    std::same_as<S, opportunity_linkage>;

template <class S>
constexpr bool is_action = std::convertible_to<S, sync_action>;

/// Whether the sync actions among the settings can be combined.
template <class... Settings>
constexpr bool actions_go_together =
    go_together<std::conditional_t<is_action<Settings>, Settings, void>...>;

template <class E, class... Settings>
constexpr bool has_needed_setting = true;
template <class E, class... Settings>
    requires requires { typename E::needed_import_setting; }
constexpr bool has_needed_setting<E, Settings...> =
    (std::same_as<Settings, typename E::needed_import_setting> || ...);

} // namespace detail

/// A setting for importing rows of an entity: a sync action for its rows, or a part that only its
/// definitions have, such as the `data_card_mapping` of custom objects. For any entity, also a
/// sink of its rejects, see `rejects_to`.
template <class S, class E>
concept import_setting_for =
    importable<E> &&
    (acts_on<S, E> || detail::is_reject_sink<S> ||
     (detail::is_definition_part<S> && std::derived_from<import_definition_t<E>, S>));

/// Entities whose rows can be imported with these settings: they can be combined, and they include
/// the one that the entity requires (`opportunity_linkage` for links of opportunities).
template <class E, class... Settings>
concept importable_by_rows =
    importable<E> && (import_setting_for<Settings, E> && ...) &&
    detail::actions_go_together<Settings...> && detail::has_needed_setting<E, Settings...>;

namespace detail {

inline void add_setting(any_import_definition& to, sync_action action) {
    if (!to.syncActions)
        to.syncActions.emplace();
    to.syncActions->push_back(std::move(action));
}
template <class S>
    requires is_definition_part<S>
void add_setting(any_import_definition& to, S const& part) {
    static_cast<S&>(to) = part;
}
template <class F, bool Named>
void add_setting(any_import_definition&, reject_sink<F, Named> const&) {}

/// An import definition with these settings applied.
template <class... Settings>
any_import_definition with_settings(Settings const&... settings) {
    any_import_definition d;
    (add_setting(d, settings), ...);
    return d;
}

} // namespace detail

} // namespace eloqua::bulk
