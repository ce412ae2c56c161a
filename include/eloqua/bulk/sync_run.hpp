// SPDX-License-Identifier: BSL-1.0
/// \file
/// A sync that has ended, with its logs.
#pragma once

#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// A sync and its logs, read after it ended.
struct sync_run {
    bulk::sync sync;            ///< its last state
    id sync_id = 0;             ///< number of the sync
    std::vector<sync_log> logs; ///< all entries of its log

    /// Sum of the counts of the log entries with this code; empty if the log has no such entry.
    std::optional<std::int64_t> logged(elq code) const {
        std::optional<std::int64_t> sum;
        for (sync_log const& each : logs)
            if (each.count && parse_elq(each.statusCode.value_or("")) == code)
                sum = sum.value_or(0) + *each.count;
        return sum;
    }
    /// Whether there is a log entry with this code.
    bool has(elq code) const {
        return std::ranges::any_of(logs, [code](sync_log const& each) {
            return parse_elq(each.statusCode.value_or("")) == code;
        });
    }
    /// "ELQ-00002 Invalid email addresses.", in one line. The code's meaning replaces a message
    /// that the service left out, or that is hidden because it may quote rows.
    static std::string text_of(sync_log const& entry, row_values how = row_values::shown) {
        std::string const code = entry.statusCode.value_or("");
        return detail::shown(code) + ' ' + detail::words_of(code, entry.message, how);
    }
    /// The warnings in the logs: "ELQ-00002 Invalid email addresses. (1)"; at most 100 of them,
    /// and the number of further ones. Entries about columns that are not stored come first,
    /// whatever their severity, as neither counts nor rejects reveal those losses.
    std::vector<std::string> warnings(row_values how = row_values::shown) const {
        constexpr std::size_t most = 100;
        std::vector<std::string> out;
        std::size_t all = 0;
        for (bool const of_columns : {true, false})
            for (sync_log const& each : logs) {
                std::string_view const lost = lost_column(each);
                bool const warns = each.severity && !(each.severity == severity::information);
                if (of_columns != !lost.empty() || !(of_columns || warns) || all++ >= most)
                    continue;
                std::string text = text_of(each, how);
                text += " (" + std::to_string(each.count.value_or(0)) + ")";
                out.push_back(std::move(text.append(lost)));
            }
        if (all > most)
            out.push_back("and " + std::to_string(all - most) + " more warnings");
        return out;
    }

private:
    /// The meaning of an entry for the values of a column that was sent; empty for all other
    /// entries.
    static std::string_view lost_column(sync_log const& entry) {
        std::optional<elq> const code = parse_elq(entry.statusCode.value_or(""));
        return code == elq::field_ignored   ? ": the values of this column are not stored"
               : code == elq::field_missing ? ": the service received no values for this column"
                                            : std::string_view();
    }
};

} // namespace eloqua::bulk
