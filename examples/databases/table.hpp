// SPDX-License-Identifier: BSL-1.0
// What the stores for databases share: options, names, and texts for messages.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The table of an export. Names are used exactly as given: they are quoted in SQL.
struct table_options {
    /// Created if it is missing, with columns of type text. An existing table keeps its column
    /// types, and the database converts the values. For PostgreSQL it may be `schema.table`; a
    /// table without a schema is looked up in the search path.
    std::string table;
    std::vector<std::string> columns; ///< keys of the records, and names of the table's columns
    /// Describes what is exported: the entity, the columns, the filter. It is stored with the
    /// checkpoint, and an export of another subject into the same table is refused. Leave out what
    /// differs in each run, such as a high-water mark, and the instance, which the checkpoint has.
    std::string subject;
    /// If set, rows are merged by this column, which must have a unique index: a row replaces the
    /// one with the same key, and other rows stay. If empty, a complete export replaces all rows
    /// of the table.
    std::optional<std::string> key;
    /// Whether a complete export is followed by a new one. If false, nothing is exported then.
    bool replace_complete = true;
    /// Whether this is an export of changes. An unfinished one is resumed only by another one:
    /// otherwise it would count as an export of all rows.
    bool of_changes = false;
};

namespace databases {

namespace bulk = eloqua::bulk;

/// Names of the columns that staging tables have in addition.
inline constexpr std::string_view row_number_column = "eloqua_row_number";
inline constexpr std::string_view row_rank_column = "eloqua_row_rank";
inline constexpr std::string_view state_table = "eloqua_export";
inline constexpr std::string_view staging_prefix = "eloqua_staging_";

/// Text of a database or a user as messages show it: one line of valid UTF-8 without control
/// characters, of at most about `most` bytes.
inline std::string one_line(std::string_view text, std::size_t most = 400) {
    bool const valid = bulk::is_valid_utf8(text);
    std::string out;
    for (std::size_t i = 0; i != text.size(); ++i) {
        auto at = [&](std::size_t n) {
            return i + n < text.size() ? static_cast<unsigned char>(text[i + n]) : 0u;
        };
        auto const c = at(0);
        // C1 controls, and marks that change the direction of writing or end a line.
        bool const c1 = valid && c == 0xC2 && at(1) < 0xA0;
        bool const mark =
            valid && ((c == 0xD8 && at(1) == 0x9C) ||
                      (c == 0xE2 && at(1) == 0x80 &&
                       (at(2) == 0x8E || at(2) == 0x8F || (at(2) >= 0xA8 && at(2) <= 0xAE))) ||
                      (c == 0xE2 && at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9));
        if (out.size() >= most && (c & 0xC0) != 0x80)
            return out + "...";
        if (c < 0x20 || c == 0x7F || c1 || mark) {
            out += out.empty() || out.back() == ' ' ? "" : " ";
            i += c1 || c == 0xD8 ? 1 : mark ? 2 : 0;
        } else {
            out += valid || c < 0x80 ? text[i] : '?';
        }
    }
    while (out.ends_with(' '))
        out.pop_back();
    return out;
}

/// A name or a short text in quotation marks.
inline std::string named(std::string_view text) {
    return "'" + one_line(text, 100) + "'";
}

/// "'a', not 'b'". Long texts are shown from a little before the place where they differ.
inline std::string named_difference(std::string_view a, std::string_view b) {
    constexpr std::size_t shown = 100, before = 30;
    auto same = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    bool const cut = std::max(a.size(), b.size()) > shown && same > before;
    std::size_t from = cut ? same - before : 0;
    while (from != 0 && (static_cast<unsigned char>(a[from]) & 0xC0) == 0x80)
        --from; // inside of a character
    auto part = [&](std::string_view text) {
        return std::string(from == 0 ? "'" : "'...") + one_line(text.substr(from), shown) + "'";
    };
    return part(a) + ", not " + part(b);
}

[[noreturn]] inline void fail(bulk::errc code, std::string detail, std::string advice = "") {
    throw bulk::error(bulk::failure(code, std::move(detail), std::move(advice)));
}

/// An identifier in quotation marks, for SQL.
inline std::string quoted(std::string_view identifier) {
    std::string out = "\"";
    for (char const c : identifier)
        out.append(c == '"' ? 2 : 1, c);
    return out + '"';
}
/// A text as a literal, for the SQL that messages show.
inline std::string literal(std::string_view text) {
    std::string out = "'";
    for (char const c : text)
        out.append(c == '\'' ? 2 : 1, c);
    return out + "'";
}

/// Compares letters of ASCII without case.
inline bool equal_without_case(std::string_view a, std::string_view b) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

/// Throws `bulk::error` with `errc::invalid_argument` for a name that no database accepts. Longer
/// names than `most` bytes are refused, since PostgreSQL cuts them off.
inline void check_name(std::string_view what, std::string_view name, std::size_t most) {
    std::string const said = std::string(what) + " " + named(name);
    if (name.empty())
        fail(bulk::errc::invalid_argument, "the name of a " + std::string(what) + " is empty");
    if (name.find('\0') != name.npos || !bulk::is_valid_utf8(name))
        fail(bulk::errc::invalid_argument,
             said + " has a name that is not UTF-8 or has a NUL character");
    if (name.size() > most)
        fail(bulk::errc::invalid_argument, said + " has a name of " + std::to_string(name.size()) +
                                               " bytes; at most " + std::to_string(most) +
                                               " are allowed");
}

/// Throws `bulk::error` with `errc::invalid_argument`. `table`: without its schema. If the database
/// ignores the case of names, columns must differ by more than that.
inline void check_options(table_options const& o, std::string_view table, bool ignores_case) {
    constexpr std::size_t longest = 63; // PostgreSQL cuts longer names off
    check_name("table", table, longest - staging_prefix.size());
    if (equal_without_case(table, state_table) ||
        equal_without_case(table.substr(0, staging_prefix.size()), staging_prefix))
        fail(bulk::errc::invalid_argument,
             "table " + named(table) + " is reserved for the state of exports",
             "use another table");
    if (o.columns.empty())
        fail(bulk::errc::invalid_argument, "table " + named(table) + ": there are no columns");
    for (std::string const& each : o.columns) {
        check_name("column", each, longest);
        if (equal_without_case(each, row_number_column) ||
            equal_without_case(each, row_rank_column))
            fail(bulk::errc::invalid_argument, "column " + named(each) + " has a reserved name",
                 "use another name");
        auto same = [&](std::string const& other) {
            return ignores_case ? equal_without_case(each, other) : each == other;
        };
        if (std::ranges::count_if(o.columns, same) > 1)
            fail(bulk::errc::invalid_argument,
                 "table " + named(table) + " would have several columns " + named(each),
                 "give them different names");
    }
    if (o.key && std::ranges::find(o.columns, *o.key) == o.columns.end())
        fail(bulk::errc::invalid_argument,
             "the key " + named(*o.key) + " is not one of the columns");
    if (o.subject.find('\0') != o.subject.npos || !bulk::is_valid_utf8(o.subject))
        fail(bulk::errc::invalid_argument, "the subject of an export is not UTF-8");
}

} // namespace databases
