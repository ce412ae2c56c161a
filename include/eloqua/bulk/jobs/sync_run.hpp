// SPDX-License-Identifier: BSL-1.0
/// \file
/// A sync that was watched to its end.
#pragma once

#include <eloqua/bulk/schema/path.hpp>
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
    /// "ELQ-00002 Invalid email addresses."; a code without a message is explained.
    static std::string text_of(sync_log const& entry) {
        std::string text = entry.statusCode.value_or("");
        std::optional<elq> const code = parse_elq(text);
        elq_meaning const* const meaning = code ? meaning_of(*code) : nullptr;
        text += ' ';
        return text += entry.message.value_or(std::string(meaning ? meaning->text : ""));
    }
    /// What the logs warn of: "ELQ-00002 Invalid email addresses. (1)".
    std::vector<std::string> warnings() const {
        std::vector<std::string> out;
        for (sync_log const& each : logs)
            if (each.severity && !(each.severity == severity::information))
                out.push_back(text_of(each) + " (" + std::to_string(each.count.value_or(0)) + ")");
        return out;
    }
};

} // namespace eloqua::bulk
