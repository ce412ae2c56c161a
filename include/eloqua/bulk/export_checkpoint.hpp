// SPDX-License-Identifier: BSL-1.0
/// \file
/// The checkpoint of an export, from which another process resumes it.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// The progress of an export. `row_source::checkpoint` returns it, and
/// `export_options::resume_from` resumes from it: after the rows that were delivered, or, before
/// the first row, with whatever was already created on the server.
struct export_checkpoint {
    std::string definition;       ///< uri; empty until it is known
    std::string sync;             ///< uri; empty until a started sync is known
    std::uint64_t columns = 0;    ///< fingerprint of the row type's columns
    std::int64_t rows = 0;        ///< number of rows delivered; the next one has this number
    std::int64_t known_row = -1;  ///< a delivered row whose hash is known; -1: none
    std::uint64_t known_hash = 0; ///< of that row's values
    std::string name;             ///< of the definition; chosen before the definition is created
    /// Number of the site, if known, and host, as in "4211@https://secure.p01.eloqua.com".
    std::string instance;

    /// One line of printable ASCII without leading or trailing blanks: "eloqua-bulk-export/2
    /// instance=... name=... definition=/contacts/exports/5 sync=/syncs/6 columns=... rows=1000
    /// ...". About 300 bytes, unless `export_options::name` is long.
    std::string text() const {
        auto hex = [](std::uint64_t n) {
            char digits[16];
            auto const end = std::to_chars(digits, digits + sizeof digits, n, 16).ptr;
            return std::string(digits, end);
        };
        return std::string(version) + " instance=" + escaped(instance) + " name=" + escaped(name) +
               " definition=" + escaped(definition) + " sync=" + escaped(sync) +
               " columns=" + hex(columns) + " rows=" + std::to_string(rows) +
               " known_row=" + std::to_string(known_row) + " known_hash=" + hex(known_hash);
    }

    /// Parses the output of `text`, also that of earlier versions, which named no instance. Error:
    /// `errc::invalid_checkpoint` for any other text, including that of later versions.
    static result<export_checkpoint> parse(std::string_view text);

    /// Checks that the numbers are plausible. Error: `errc::invalid_checkpoint`.
    result<void> check() const {
        constexpr std::int64_t most = 1'000'000'000'000'000; // far below overflow
        if (rows < 0 || rows > most || known_row < -1 || known_row >= rows ||
            (rows > 0 && sync.empty()))
            return failure(errc::invalid_checkpoint,
                           "its numbers are inconsistent: " + std::to_string(rows) +
                               " rows delivered of '" + sync + "', hash of row " +
                               std::to_string(known_row),
                           "start a new export");
        return {};
    }

private:
    static constexpr std::string_view version = "eloqua-bulk-export/2";
    static constexpr std::string_view former = "eloqua-bulk-export/1";

    static bool is_plain(char c) { return c > 0x20 && c < 0x7f; }
    /// Percent-encodes blanks and everything that is not printable ASCII.
    static std::string escaped(std::string_view text) {
        std::string out;
        for (char const c : text) {
            if (is_plain(c) && c != '%')
                out += c;
            else
                detail::append_percent(out, c);
        }
        return out;
    }
    static bool take(std::string_view& text, std::string_view name, std::string_view& value) {
        if (!text.starts_with(name))
            return false;
        text.remove_prefix(name.size());
        std::size_t const end = text.find(' ');
        value = text.substr(0, end);
        text.remove_prefix(value.size());
        return true;
    }
    static bool take(std::string_view& text, std::string_view name, std::string& value) {
        std::string_view given;
        if (!take(text, name, given) || !std::ranges::all_of(given, is_plain))
            return false;
        std::optional<std::string> const decoded = detail::percent_decoded(given);
        value = decoded.value_or("");
        return decoded.has_value();
    }
    template <class Number>
    static bool take(std::string_view& text, std::string_view name, Number& value, int base) {
        std::string_view digits;
        return take(text, name, digits) && detail::read_whole(digits, value, base);
    }
};

inline result<export_checkpoint> export_checkpoint::parse(std::string_view text) {
    export_checkpoint read;
    std::string_view rest = text;
    bool const known = rest.starts_with(version) || rest.starts_with(former);
    bool const of_instance = rest.starts_with(version);
    rest.remove_prefix(known ? version.size() : 0);
    bool const fine =
        known &&
        (!of_instance ||
         (take(rest, " instance=", read.instance) && take(rest, " name=", read.name))) &&
        take(rest, " definition=", read.definition) && take(rest, " sync=", read.sync) &&
        take(rest, " columns=", read.columns, 16) && take(rest, " rows=", read.rows, 10) &&
        take(rest, " known_row=", read.known_row, 10) &&
        take(rest, " known_hash=", read.known_hash, 16) && rest.empty();
    if (!fine)
        return failure(errc::invalid_checkpoint,
                       "\"" + std::string(text.substr(0, 100)) +
                           "\" is not a checkpoint that this version can read",
                       "use a newer version of this program, or start a new export");
    result<void> const possible = read.check();
    if (!possible)
        return possible.error();
    return read;
}

} // namespace eloqua::bulk
