// SPDX-License-Identifier: BSL-1.0
/// \file
/// Imports: how one is done, what it can be given besides its options, and its report.
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

/// The rows that a reject can be about.
struct found_rows {
    std::vector<std::size_t> rows; ///< by the caller's numbers; at most 100
    bool certain = false;          ///< there is one, and its identifier agrees
};

/// What the service's logs say of the rows that were sent.
enum class import_proof : unsigned char {
    proven,       ///< they account for each of them
    unproven,     ///< they lack the figures
    contradicted, ///< they account for other rows; only beside a failure
};

/// "proven" and so on.
constexpr std::string_view to_string(import_proof p) noexcept {
    return p == import_proof::proven     ? "proven"
           : p == import_proof::unproven ? "unproven"
                                         : "contradicted";
}

/// The numbers of an import.
struct import_totals {
    std::int64_t rows = 0;                      ///< sent, by earlier runs as well
    std::int64_t resumed = 0;                   ///< of them, what earlier runs had synced
    bool was_complete = false;                  ///< all of them; nothing was sent by this run
    std::int64_t created = 0;                   ///< by the logs
    std::int64_t updated = 0;                   ///< by the logs
    std::int64_t rejected = 0;                  ///< rows not taken
    std::int64_t partly_taken = 0;              ///< rows taken without some values
    std::map<std::string, std::int64_t> counts; ///< by ELQ code, summed over the logs
    std::vector<std::string> syncs;             ///< uris
    std::string definition;                     ///< uri
    bool definition_deleted = false;
    unsigned definitions_abandoned = 0; ///< since what they held was unknown, or they had vanished
    std::uint64_t bytes = 0;            ///< of rows
    unsigned requests = 0;              ///< for rows
    std::int64_t times_cut = 0;         ///< to milliseconds; see `import_options::finer_times`
    /// Of the syncs' logs, in the service's words, columns whose values are not stored first; and
    /// if fields could not be checked, why.
    std::vector<std::string> warnings;
    std::vector<std::string> disagreements; ///< between the service's counts, or with ours
    /// The worst of all syncs. For each, the log says that as many rows as were sent were staged or
    /// processed, and, where the entity has codes for it, created, updated and rejected.
    import_proof proof = import_proof::proven;
    std::vector<std::string> doubts; ///< why it is not proven, sync by sync
    /// Numbers of rows of which nobody can tell whether they have made records, since their
    /// identifier is blank; only beside a failure. Pushing them again may make records twice.
    std::vector<std::size_t> unknown_rows;

    /// Throws `error` with `errc::unproven` unless the service's logs account for each row.
    void require_proven() const {
        if (proof == import_proof::proven)
            return;
        throw_exception_from_error(failure(errc::unproven, joined(doubts)), BOOST_CURRENT_LOCATION);
    }

    /// Throws `error` with `errc::unbalanced` if any counts disagree. What each of the service's
    /// codes counts is not fully documented, so a disagreement need not be a loss.
    void require_balanced() const {
        if (disagreements.empty())
            return;
        throw_exception_from_error(failure(errc::unbalanced, joined(disagreements)),
                                   BOOST_CURRENT_LOCATION);
    }

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
            out << "; " << r.unknown_rows.size() << " rows may or may not have made records";
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

/// Is told of the rejects of an import.
class reject_listener {
public:
    virtual ~reject_listener() = default;
    /// The service's words, the rows in question, and what texts show of their values. False ends
    /// the import.
    virtual bool take(sync_reject const& said, found_rows found, bool row_taken,
                      row_values values) = 0;
};

} // namespace detail

/// Keeps the records of one import in their order; see `journal_records`.
class import_journal {
public:
    virtual ~import_journal() = default;
    /// All there are.
    virtual std::vector<std::string> const& records() const = 0;
    /// Durable when it returns.
    [[nodiscard]] virtual result<void> append(std::string_view record) = 0;
};

/// How an import is done.
struct import_options {
    std::string name =
        "eloqua-bulk import"; ///< begins the definition's name; at most 80 characters
    /// Blank values leave stored ones alone. The service's own default, `always`, would let an
    /// empty `optional` wipe what is stored.
    update_rule update = update_rule::ifNewIsNotNull;
    std::optional<import_rule> rule; ///< contacts and accounts; empty: create and update
    bool update_multiple_matches = false;
    duration data_retention = std::chrono::hours(7 * 24); ///< of staged rows; 1 h to 14 days
    duration auto_delete = std::chrono::hours(72); ///< of the definition, should it be left behind
    std::optional<std::string> priority_uri;       ///< an `/imports/priorities/{id}`
    rows_format rows = rows_format::json;          ///< on the wire
    /// What becomes of times that are finer than a millisecond, which is the finest that the
    /// service holds: the import fails with `errc::invalid_row`, which names row and column, or
    /// they are cut off and counted, see `import_totals::times_cut`. Of texts in the place of times
    /// nothing is known here.
    finer_part finer_times = finer_part::refused;
    std::size_t request_bytes = limits::request_bytes; ///< a request stays below; at most 32 MB
    /// At most 500. After each definition that was abandoned half as many, until a sync has
    /// succeeded: all that it is to hold has to arrive.
    std::size_t requests_per_sync = limits::requests_per_sync;
    std::size_t sync_bytes = limits::staged_bytes; ///< a sync begins when so much is staged
    /// Of rows that can be passed only once (no forward range), so much is kept in memory, with
    /// one request more, to be sent again should it be unknown whether it has arrived; a sync
    /// begins when so much is staged. In bytes.
    std::size_t replay_bytes = limits::request_bytes;
    /// Where the import notes what it has done, so that it can be run again after a crash without
    /// applying a row twice: with the same options, at the same instance, and with the same rows in
    /// the same order, it resumes where it was, and its report is of all rows; a sink of rejects is
    /// given all of them again. Instance, columns, identifier, and all that is sent of rows that
    /// were synced are compared; options are not. `open_import_journal` keeps it in a file. One
    /// that is complete is an error, see `allow_complete`: another import needs another journal.
    /// After an error nothing is removed from the server, for the next run to resume; rows
    /// whose sync has failed are pushed anew then, though the failed sync may have applied some,
    /// but for groups with rows that make records each time, see `basic_client::import_rows`.
    /// Errors besides: `errc::journal_failed`, also for rows that are not the same;
    /// `errc::sync_gone` if a sync has expired, or is of another instance. It serves one import at
    /// a time, on its thread.
    std::shared_ptr<import_journal> journal;
    /// With a journal that says that its import is complete: nothing is sent, and the report is
    /// that import's, with `import_totals::was_complete`. Else that is `errc::journal_failed`.
    bool allow_complete = false;
    /// Compares the columns with the instance's fields, asked for once by a client and entity,
    /// before anything is created; `basic_client::check` says what is compared. Error:
    /// `errc::fields_do_not_fit`, with all that is certainly wrong. What is in doubt, and that the
    /// service does not show its fields or shows them malformed, are warnings in the report of an
    /// import, which continues. One that its journal resumes was checked when it began.
    bool check_fields = true;
    /// In the report. Those past it are counted, and go to the sink if there is one, see
    /// `rejects_to`.
    std::size_t rejects_kept = 100'000;
};

/// A row that the service did not take, or not wholly.
template <class Row>
struct import_reject {
    static constexpr std::size_t unknown = std::numeric_limits<std::size_t>::max();

    /// Number of the caller's row, from 0, in the order of the range; `unknown` if it is not
    /// certain, see `candidates`.
    std::size_t row_index = unknown;
    /// Rows that come into question if it is not certain: those with the same identifier, or, if
    /// there are none, with the same number, since the service may spell an identifier in another
    /// way than it was sent; at most 100. Empty: it has neither an identifier nor a number that was
    /// sent.
    std::vector<std::size_t> candidates;
    elq reason{}; ///< 0 if the service gives none
    /// In the service's words, in one line; or what the code means, see
    /// `client_options::row_values`.
    std::string message;
    std::vector<std::string> invalid_columns;
    bool row_taken = false; ///< only the values of `invalid_columns` were dropped
    /// The row as the service gives it back; members that are not imported are as in a new row. A
    /// rejected value may not convert, nor may a blank that stands for a value that is not given
    /// back; a type that holds views cannot be given back.
    std::optional<Row> row;
    std::string row_error; ///< why there is none

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

/// Rejected rows to be pushed again: a range for the next import.
template <class Row>
struct retry_rows {
    /// By their numbers in the import before, each once; those of unknown number last.
    std::vector<Row> rows;
    std::vector<std::size_t> row_indices; ///< of `rows`; or `import_reject<Row>::unknown`
    /// Rejects whose rows are not among `rows`, as they cannot be made from what the service gives
    /// back: `import_reject::row_error` says why. By `row_index` or `candidates` the caller may
    /// have them.
    std::vector<import_reject<Row>> without_row;
    std::int64_t not_kept = 0; ///< rejects that the report knows no more of

    auto begin() const { return rows.begin(); }
    auto end() const { return rows.end(); }
    std::size_t size() const { return rows.size(); }
    bool empty() const { return rows.empty(); }
};

/// What became of an import.
template <class Row>
struct import_report : import_totals {
    std::vector<import_reject<Row>> rejects; ///< in the order of the service's lists
    /// Those past `import_options::rejects_kept`: they went to the sink, or were counted only.
    std::int64_t rejects_not_kept = 0;

    /// The rows that the service did not take; those taken in part are not among them. What was
    /// wrong with them is for the caller to mend: a row refused as a duplicate, say, would replace
    /// the one that was taken.
    retry_rows<Row> retry_set() const {
        std::vector<import_reject<Row> const*> refused;
        for (import_reject<Row> const& each : rejects)
            if (!each.row_taken)
                refused.push_back(&each);
        // Of the rejects of one row, the first with a row comes first.
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

/// Its address stands for a type of rows.
template <class Row>
inline char tag_of_row = 0;

} // namespace detail

/// The report of an import that failed: what was done until then, with the rejects that are known.
/// Null for other failures, and for rows of another type. It stays as long as the failure.
template <class Row>
[[nodiscard]] import_report<Row> const* report_so_far(failure const& f) {
    bool const there = f.info.import_so_far && f.info.import_row == &detail::tag_of_row<Row>;
    return there ? static_cast<import_report<Row> const*>(f.info.import_so_far.get()) : nullptr;
}

/// See `rejects_to`, which makes them; `Named`: of a function that has a name.
template <class F, bool Named = false>
struct reject_sink {
    F sink;
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

/// Whether those of the settings that are sync actions go together.
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

/// A setting of an import of rows of an entity: a sync action for its rows, or a part that only its
/// definitions have, such as the `data_card_mapping` of custom objects. Or, of any entity, a sink
/// of its rejects, see `rejects_to`.
template <class S, class E>
concept import_setting_for =
    importable<E> &&
    (acts_on<S, E> || detail::is_reject_sink<S> ||
     (detail::is_definition_part<S> && std::derived_from<import_definition_t<E>, S>));

/// Entities whose rows can be imported with these settings: they go together, and the one that the
/// entity needs is among them (`opportunity_linkage` for links of opportunities).
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

/// A definition of which the settings are set.
template <class... Settings>
any_import_definition with_settings(Settings const&... settings) {
    any_import_definition d;
    (add_setting(d, settings), ...);
    return d;
}

} // namespace detail

} // namespace eloqua::bulk
