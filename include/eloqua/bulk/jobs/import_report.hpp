// SPDX-License-Identifier: BSL-1.0
/// \file
/// What became of an import: its rejects row by row, and those to be pushed again.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/jobs/import_totals.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace eloqua::bulk {

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

} // namespace eloqua::bulk
