// SPDX-License-Identifier: BSL-1.0
/// \file
/// A sync that was watched to its end.
#pragma once

#include <eloqua/bulk/schema/path.hpp>
#include <eloqua/bulk/schema/shown.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>
#include <eloqua/bulk/schema/syncs.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eloqua::bulk {

/// A sync and its logs, which are read when it has ended.
struct sync_run {
    bulk::sync sync;
    id sync_id = 0;
    std::vector<sync_log> logs;

    /// Sum of the counts of the log entries with this code; empty if none has one.
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
    /// "ELQ-00002 Invalid email addresses.", in one line; a code without a message is explained, as
    /// is one whose words are not shown since they may quote rows.
    static std::string text_of(sync_log const& entry, row_values how = row_values::shown) {
        std::string const code = entry.statusCode.value_or("");
        return detail::shown(code) + ' ' + detail::words_of(code, entry.message, how);
    }
    /// What the logs warn of: "ELQ-00002 Invalid email addresses. (1)"; at most 100 of them, and
    /// how many more there are.
    std::vector<std::string> warnings(row_values how = row_values::shown) const {
        constexpr std::size_t most = 100;
        std::vector<std::string> out;
        std::size_t all = 0;
        for (sync_log const& each : logs)
            if (each.severity && !(each.severity == severity::information) && all++ < most)
                out.push_back(text_of(each, how) + " (" + std::to_string(each.count.value_or(0)) +
                              ")");
        if (all > most)
            out.push_back("and " + std::to_string(all - most) + " warnings more");
        return out;
    }
};

} // namespace eloqua::bulk
