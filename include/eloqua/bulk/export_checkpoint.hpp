// SPDX-License-Identifier: BSL-1.0
/// \file
/// The checkpoint of an export, from which another process resumes it.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/instance_names.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export_windows.hpp>
#include <eloqua/bulk/time_windows.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// The progress of an export by windows, see `export_windows`.
struct window_progress {
    time_windows windows;     ///< all of them
    std::string column;       ///< key of the column with the time
    time_window current;      ///< the window or part of one that is being exported
    std::int64_t read = 0;    ///< rows of the current sync that were read
    std::int64_t known = 0;   ///< of the rows after those, how many of the window were delivered
    std::int64_t earlier = 0; ///< rows delivered of earlier windows
    filter_zone asked = filter_zone::unknown; ///< the zone that the current filter assumes
    bool exact = false;                       ///< the filter assumes the present rules of that zone
    window_totals totals;                     ///< of the windows before, and the zone as known
    std::string filter;                       ///< without the windows
};

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
    /// Of an export by windows. `definition` and `sync` are then those of the current window, and
    /// `known_row` is a number within that sync.
    std::optional<window_progress> windows;

    /// One line of printable ASCII without leading or trailing blanks: "eloqua-bulk-export/2
    /// instance=... name=... definition=/contacts/exports/5 sync=/syncs/6 columns=... rows=1000
    /// ...". About 300 bytes, unless the name in `export_options` is long. With windows, it begins
    /// with "eloqua-bulk-export/3", and also has their progress and the filter.
    std::string text() const {
        auto hex = [](std::uint64_t n) {
            char digits[16];
            auto const end = std::to_chars(digits, digits + sizeof digits, n, 16).ptr;
            return std::string(digits, end);
        };
        return std::string(windows ? with_windows : version) + " instance=" + escaped(instance) +
               " name=" + escaped(name) + " definition=" + escaped(definition) +
               " sync=" + escaped(sync) + " columns=" + hex(columns) +
               " rows=" + std::to_string(rows) + " known_row=" + std::to_string(known_row) +
               " known_hash=" + hex(known_hash) + (windows ? text_of(*windows) : std::string());
    }

    /// Parses the output of `text`, also that of earlier versions, which named no instance. Error:
    /// `errc::invalid_checkpoint` for any other text, including that of later versions.
    static result<export_checkpoint> parse(std::string_view text);

    /// Whether the other checkpoint is of another instance, as far as both name theirs.
    bool is_of_other_instance_than(export_checkpoint const& other) const {
        return detail::are_other_instances(instance, other.instance);
    }

    /// Checks that the numbers are plausible. Error: `errc::invalid_checkpoint`.
    result<void> check() const {
        constexpr std::int64_t most = 1'000'000'000'000'000; // far below overflow
        std::int64_t const read = windows ? windows->read : rows;
        bool plausible = rows >= 0 && rows <= most && read >= 0 && read <= most &&
                         known_row >= -1 && (read == 0 || !sync.empty());
        plausible = plausible && known_row < read; // -1 is less than no rows
        if (windows)
            plausible = plausible && windows->known >= 0 && windows->earlier >= 0 &&
                        windows->known <= rows && windows->earlier <= rows - windows->known;
        if (!plausible)
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
    static constexpr std::string_view with_windows = "eloqua-bulk-export/3";

    static std::string text_of(window_progress const& p) {
        auto const number = [](char const* name, std::int64_t n) {
            return name + std::to_string(n);
        };
        return " windows=" + p.windows.text() + " column=" + escaped(p.column) +
               " current=" + p.current.text() + number(" read=", p.read) +
               number(" known=", p.known) + number(" earlier=", p.earlier) +
               " asked=" + boost::describe::enum_to_string(p.asked, "unknown") +
               (p.exact ? "/exact" : "") +
               " zone=" + boost::describe::enum_to_string(p.totals.zone, "unknown") +
               number(" exported=", p.totals.exported) + number(" halved=", p.totals.halved) +
               number(" empty=", p.totals.empty) + number(" outside=", p.totals.outside) +
               " filter=" + escaped(p.filter);
    }
    static std::optional<window_progress> windows_of(std::string_view& rest);

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

/// Parses the output of `text_of`.
inline std::optional<window_progress> export_checkpoint::windows_of(std::string_view& rest) {
    std::string all, current, asked, zone;
    std::string column;
    if (!take(rest, " windows=", all) || !take(rest, " column=", column) ||
        !take(rest, " current=", current))
        return std::nullopt;
    result<time_windows> const windows = time_windows::parse(all);
    result<time_window> const now = time_window::parse(current);
    if (!windows || !now || now->from < windows->whole().from || now->to > windows->whole().to)
        return std::nullopt;
    window_progress p{*windows, std::move(column),    *now,  0,  0,
                      0,        filter_zone::unknown, false, {}, {}};
    bool const fine =
        take(rest, " read=", p.read, 10) && take(rest, " known=", p.known, 10) &&
        take(rest, " earlier=", p.earlier, 10) && take(rest, " asked=", asked) &&
        take(rest, " zone=", zone) && take(rest, " exported=", p.totals.exported, 10) &&
        take(rest, " halved=", p.totals.halved, 10) && take(rest, " empty=", p.totals.empty, 10) &&
        take(rest, " outside=", p.totals.outside, 10) && take(rest, " filter=", p.filter);
    std::string_view asked_zone = asked;
    p.exact = asked_zone.ends_with("/exact");
    asked_zone.remove_suffix(p.exact ? 6 : 0);
    if (!fine || !boost::describe::enum_from_string(std::string(asked_zone).c_str(), p.asked) ||
        !boost::describe::enum_from_string(zone.c_str(), p.totals.zone))
        return std::nullopt;
    return p;
}

inline result<export_checkpoint> export_checkpoint::parse(std::string_view text) {
    export_checkpoint read;
    std::string_view rest = text;
    bool const by_windows = rest.starts_with(with_windows);
    bool const of_instance = by_windows || rest.starts_with(version);
    bool const known = of_instance || rest.starts_with(former);
    rest.remove_prefix(known ? version.size() : 0);
    bool fine = known &&
                (!of_instance ||
                 (take(rest, " instance=", read.instance) && take(rest, " name=", read.name))) &&
                take(rest, " definition=", read.definition) && take(rest, " sync=", read.sync) &&
                take(rest, " columns=", read.columns, 16) && take(rest, " rows=", read.rows, 10) &&
                take(rest, " known_row=", read.known_row, 10) &&
                take(rest, " known_hash=", read.known_hash, 16);
    if (fine && by_windows) {
        read.windows = windows_of(rest);
        fine = read.windows.has_value();
    }
    fine = fine && rest.empty();
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
