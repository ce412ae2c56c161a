// SPDX-License-Identifier: BSL-1.0
/// \file
/// A sync that was watched to its end.
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
    /// how many more there are. Columns of which nothing was stored come first, and however
    /// harmless the service finds it: no count and no reject tells of their values.
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
            out.push_back("and " + std::to_string(all - most) + " warnings more");
        return out;
    }

private:
    /// What an entry means for the values of a column that was sent; empty for all other entries.
    static std::string_view lost_column(sync_log const& entry) {
        std::optional<elq> const code = parse_elq(entry.statusCode.value_or(""));
        return code == elq::field_ignored   ? ": the values of this column are not stored"
               : code == elq::field_missing ? ": the service has no values of this column"
                                            : std::string_view();
    }
};

} // namespace eloqua::bulk
