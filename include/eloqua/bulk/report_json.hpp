// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reports and receipts as JSON: objects with the members of the struct, in the same order and
/// with the same names. Times are in milliseconds, uris and codes are text, empty or unknown
/// values are null. The text is one line of valid UTF-8 with escaped control characters.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>
#include <boost/mp11/algorithm.hpp>

#include <concepts>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace eloqua::bulk {

BOOST_DESCRIBE_STRUCT(import_totals, (),
                      (rows, resumed, was_complete, created, updated, rejected, partly_taken,
                       counts, syncs, definition, definition_deleted, definitions_abandoned, bytes,
                       requests, times_cut, warnings, disagreements, proof, doubts, unknown_rows))
BOOST_DESCRIBE_STRUCT(export_receipt, (),
                      (sync, definition, rows, total_results, logged, bytes, requests, retries,
                       queued, processed, transferred, replaced_texts, warnings, filter,
                       definition_deleted, started, windows))

namespace detail {

template <class T>
boost::json::value json_of(T const& value) {
    if constexpr (requires { value.has_value(); })
        return value ? json_of(*value) : boost::json::value();
    else if constexpr (requires { value.count(); }) // a duration
        return value.count();
    else if constexpr (std::same_as<T, timestamp>) {
        std::string text;
        return append_time(text, value, 'T') ? boost::json::value(text + 'Z')
                                             : boost::json::value();
    } else if constexpr (std::same_as<T, import_proof>)
        return boost::json::value(to_string(value));
    else
        return boost::json::value_from(value);
}

/// The described members of a report.
template <class Report>
boost::json::object object_of(Report const& report) {
    using members = boost::describe::describe_members<Report, boost::describe::mod_public>;
    boost::json::object made;
    boost::mp11::mp_for_each<members>(
        [&](auto member) { made[member.name] = json_of(report.*member.pointer); });
    return made;
}

/// A row as texts by column; null for a value without text.
template <class Row>
boost::json::object object_of_row(Row const& row) {
    boost::json::object made;
    text_scratch scratch;
    for (std::size_t column = 0; column != row_codec<Row>.size(); ++column) {
        column_codec const& codec = row_codec<Row>[column];
        std::string_view const text = codec.text(&row, column, scratch);
        made[codec.key] = text.data() ? boost::json::value(text) : boost::json::value();
    }
    return made;
}
inline boost::json::object object_of_row(record const& row) {
    boost::json::object made;
    for (std::size_t column = 0; column != row.size(); ++column)
        made[row.columns()[column].key] = row[column];
    return made;
}

template <class Row>
boost::json::object object_of(import_reject<Row> const& r, row_values values) {
    bool const hides = values == row_values::hidden;
    std::string const code = make_error_code(r.reason).message();
    boost::json::object made;
    made["row_index"] =
        r.row_index == r.unknown ? boost::json::value() : boost::json::value(r.row_index);
    made["candidates"] = json_of(r.candidates);
    made["reason"] = r.reason == elq{} ? boost::json::value() : boost::json::value(code);
    made["message"] = words_of(code, r.message, values);
    made["invalid_columns"] = json_of(r.invalid_columns);
    made["row_taken"] = r.row_taken;
    bool const has_row = r.row && !hides;
    if (has_row)
        made["row"] = object_of_row(*r.row);
    else
        made["row"] = nullptr;
    if (!has_row)
        made["row_error"] = hides ? std::string("not shown") : r.row_error;
    return made;
}

/// As JSON text in one line. Invalid UTF-8 is replaced, and control characters are escaped.
inline std::string json_line(boost::json::object const& all) {
    std::string const text = boost::json::serialize(all);
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at != text.size();) {
        first_character const c = character_at(text, at);
        if (c.valid && !is_control(c.code)) {
            out.append(text, at, c.bytes);
        } else {
            char escape[8];
            (void)std::snprintf(escape, sizeof escape, "\\u%04x",
                                c.valid ? static_cast<unsigned>(c.code) : 0xFFFDU);
            out += escape;
        }
        at += c.bytes;
    }
    return out;
}

} // namespace detail

/// Counts of an import: "rows", "resumed", "was_complete", "created", "updated", "rejected",
/// "partly_taken", "counts" (an object by code), "syncs", "definition", "definition_deleted",
/// "definitions_abandoned", "bytes", "requests", "times_cut", "warnings", "disagreements",
/// "proof", "doubts", "unknown_rows".
[[nodiscard]] inline std::string to_json(import_totals const& totals) {
    return detail::json_line(detail::object_of(totals));
}

/// One reject: "row_index", "candidates", "reason" ("ELQ-00002"), "message", "invalid_columns",
/// "row_taken", "row" (an object of texts by column, or null) and, if it is null, "row_error".
/// With `row_values::hidden`, "row" is null and "message" is the meaning of the reason.
template <class Row>
[[nodiscard]] std::string to_json(import_reject<Row> const& reject,
                                  row_values values = row_values::shown) {
    return detail::json_line(detail::object_of(reject, values));
}

/// The counts of an import, "rejects", an array of rejects as above according to `values`, and
/// "rejects_not_kept". Its other texts, such as warnings, contain values of rows only if
/// `client_options::row_values` allows it.
template <class Row>
[[nodiscard]] std::string to_json(import_report<Row> const& report,
                                  row_values values = row_values::shown) {
    boost::json::object all = detail::object_of(static_cast<import_totals const&>(report));
    all["rejects_not_kept"] = report.rejects_not_kept;
    std::string text = detail::json_line(all);
    // One at a time: a tree of all of them would take several times their memory.
    text.back() = ',';
    text += R"("rejects":[)";
    for (import_reject<Row> const& each : report.rejects)
        text.append(&each == &report.rejects.front() ? "" : ",").append(to_json(each, values));
    return text += "]}";
}

/// Proof of an export: "sync", "definition", "rows", "total_results", "logged", "bytes",
/// "requests", "retries", "queued", "processed", "transferred" (ms), "replaced_texts" (an object by
/// column), "warnings", "filter", "definition_deleted", "started" (UTC), and "windows": null, or an
/// object with "exported", "halved", "empty", "outside" and "zone".
[[nodiscard]] inline std::string to_json(export_receipt const& r) {
    return detail::json_line(detail::object_of(r));
}
/// As above, for an export into a store, with "resumed" and "was_complete".
[[nodiscard]] inline std::string to_json(stored_export const& e) {
    boost::json::object made = detail::object_of(e.receipt);
    made["resumed"] = e.resumed;
    made["was_complete"] = e.was_complete;
    return detail::json_line(made);
}

} // namespace eloqua::bulk
