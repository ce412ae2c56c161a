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
/// on from it: with the rows after those that were handed out, or before there are any, with what
/// was made for them, from the name of the definition on.
struct export_checkpoint {
    std::string definition;       ///< uri; empty as long as none is known
    std::string sync;             ///< uri; empty as long as none is known to be started
    std::uint64_t columns = 0;    ///< fingerprint of the row type's columns
    std::int64_t rows = 0;        ///< handed out; the next one has this number
    std::int64_t known_row = -1;  ///< a row handed out whose hash is known; -1: none
    std::uint64_t known_hash = 0; ///< of that row's values
    std::string name;             ///< of the definition; it is chosen before that is made
    /// Number of the site, where it is known, and host, as in "4211@https://secure.p01.eloqua.com".
    std::string instance;

    /// One line of printable ASCII without blanks at its ends:
    /// "eloqua-bulk-export/2 instance=... name=... definition=/contacts/exports/5 sync=/syncs/6
    /// columns=... rows=1000 ...". Of some 300 bytes, unless `export_options::name` is long.
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

    /// Reads what `text` gives, and what earlier versions of it gave, which named no instance.
    /// Error: `errc::invalid_checkpoint` for any other text, among them those of versions to come.
    static result<export_checkpoint> parse(std::string_view text);

    /// Whether its numbers can be right. Error: `errc::invalid_checkpoint`.
    result<void> check() const {
        constexpr std::int64_t most = 1'000'000'000'000'000; // far from where numbers overflow
        if (rows < 0 || rows > most || known_row < -1 || known_row >= rows ||
            (rows > 0 && sync.empty()))
            return failure(errc::invalid_checkpoint,
                           "it is after row " + std::to_string(rows) + " of '" + sync +
                               "', and knows row " + std::to_string(known_row),
                           "export anew");
        return {};
    }

private:
    static constexpr std::string_view version = "eloqua-bulk-export/2";
    static constexpr std::string_view former = "eloqua-bulk-export/1";

    /// Blanks and what is not printable ASCII as %20 and the like.
    static std::string escaped(std::string_view text) {
        std::string out;
        for (char const c : text) {
            constexpr char const* hex = "0123456789ABCDEF";
            auto const byte = static_cast<unsigned char>(c);
            if (byte > 0x20 && byte < 0x7f && c != '%')
                out += c;
            else
                (out += '%').append({hex[byte >> 4], hex[byte & 15]});
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
        if (!take(text, name, given))
            return false;
        for (std::size_t i = 0; i != given.size(); ++i) {
            unsigned byte = static_cast<unsigned char>(given[i]);
            if (byte <= 0x20 || byte >= 0x7f)
                return false;
            if (given[i] == '%') {
                if (given.size() - i < 3)
                    return false;
                char const* const digits = given.data() + i + 1;
                if (std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2)
                    return false;
                i += 2;
            }
            value += static_cast<char>(byte);
        }
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
                       "use a newer version of this program, or export anew");
    result<void> const possible = read.check();
    if (!possible)
        return possible.error();
    return read;
}

} // namespace eloqua::bulk
