// SPDX-License-Identifier: BSL-1.0
/// \file
/// How far an export has come, as a text from which another process resumes.
#pragma once

#include <eloqua/bulk/error.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace eloqua::bulk {

/// How far an export has come. `row_source::checkpoint` gives it, `basic_client::resume_rows` goes
/// on from it.
struct export_checkpoint {
    std::string definition;       ///< uri
    std::string sync;             ///< uri; empty as long as no sync was started
    std::uint64_t columns = 0;    ///< fingerprint of the row type's columns
    std::int64_t rows = 0;        ///< handed out; the next one has this number
    std::int64_t known_row = -1;  ///< a row handed out whose hash is known; -1: none
    std::uint64_t known_hash = 0; ///< of that row's values

    /// One line of printable ASCII without spaces at its ends, of less than 300 bytes:
    /// "eloqua-bulk-export/1 definition=/contacts/exports/5 sync=/syncs/6 columns=... rows=1000
    /// ...".
    std::string text() const {
        auto hex = [](std::uint64_t n) {
            char digits[16];
            auto const end = std::to_chars(digits, digits + sizeof digits, n, 16).ptr;
            return std::string(digits, end);
        };
        return std::string(version) + " definition=" + definition + " sync=" + sync +
               " columns=" + hex(columns) + " rows=" + std::to_string(rows) +
               " known_row=" + std::to_string(known_row) + " known_hash=" + hex(known_hash);
    }

    /// Reads what `text` gives. Error: `errc::invalid_checkpoint` for any other text, among them
    /// those of versions to come.
    static result<export_checkpoint> parse(std::string_view text);

private:
    static constexpr std::string_view version = "eloqua-bulk-export/1";

    static bool take(std::string_view& text, std::string_view name, std::string_view& value) {
        if (!text.starts_with(name))
            return false;
        text.remove_prefix(name.size());
        std::size_t const end = text.find(' ');
        value = text.substr(0, end);
        text.remove_prefix(value.size());
        return true;
    }
    template <class Number>
    static bool take(std::string_view& text, std::string_view name, Number& value, int base) {
        std::string_view digits;
        if (!take(text, name, digits))
            return false;
        auto const [end, ec] =
            std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
        return ec == std::errc() && end == digits.data() + digits.size();
    }
};

inline result<export_checkpoint> export_checkpoint::parse(std::string_view text) {
    export_checkpoint read;
    std::string_view rest = text, definition, sync;
    bool const fine =
        rest.starts_with(version) &&
        (rest.remove_prefix(version.size()), take(rest, " definition=", definition)) &&
        take(rest, " sync=", sync) && take(rest, " columns=", read.columns, 16) &&
        take(rest, " rows=", read.rows, 10) && take(rest, " known_row=", read.known_row, 10) &&
        take(rest, " known_hash=", read.known_hash, 16) && rest.empty() && read.rows >= 0 &&
        read.known_row >= -1 && read.known_row < read.rows;
    if (!fine)
        return failure(errc::invalid_checkpoint,
                       "\"" + std::string(text.substr(0, 100)) + "\" is none of this version");
    read.definition = definition;
    read.sync = sync;
    return read;
}

} // namespace eloqua::bulk
