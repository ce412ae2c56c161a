// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reads the rejects of a sync page by page.
#pragma once

#include <eloqua/bulk/detail/job/create_or_find.hpp>
#include <eloqua/bulk/detail/job/import_batch.hpp>
#include <eloqua/bulk/detail/job/ledger.hpp>
#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Reads the rejects of a sync and reports each one. `identifier_key`: key of the column that
/// matches rows to records; `most`: the most rows that can be rejected. `rows`, `told` and `listed`
/// must outlive the flow.
template <class Session>
flow<result<void>> read_rejects(Session& s, id sync_id, std::string_view identifier_key,
                                std::int64_t most, ledger& rows, reject_listener& told,
                                reject_tally& listed) {
    using endpoint = endpoints::list_sync_rejects;
    list_walk<sync_reject> list(facts_of<endpoint>, path_of<endpoint>(std::string(), sync_id),
                                from_begin(), most);
    session_calls<Session> by{s};
    while (!list.ended()) {
        std::int64_t const begin = list.offset();
        result<std::vector<sync_reject>> const part = co_await next_items(by, list);
        if (!part)
            co_return part.error();
        if (list.repeated())
            listed.warning = "the rejects after the first " + std::to_string(begin) +
                             " equal the previous ones and do not state their offset";
        for (sync_reject const& each : *part) {
            std::optional<std::string_view> identifier;
            bool identifier_invalid = false;
            for (auto const& value : each.fieldValues)
                // A blank value may stand for one that the service could not read.
                if (value.first == identifier_key && !value.second.empty())
                    identifier = value.second;
            for (std::string const& column : each.invalidFields)
                identifier_invalid = identifier_invalid || column == identifier_key;
            // Known from captures only: this code means that the row was accepted.
            std::optional<elq> const code = parse_elq(each.statusCode.value_or(""));
            bool const taken = code == elq::rejected_fields_only && !identifier_invalid;
            ++(taken ? listed.partly_taken : listed.rejected);
            if (code && !taken)
                ++listed.by_code[*code];
            if (!told.take(each, rows.find(each.recordIndex.value_or(0), identifier), taken,
                           s.options.row_values))
                co_return failure(errc::invalid_argument, "the reject handler stopped the import");
        }
    }
    co_return result<void>();
}

} // namespace eloqua::bulk::detail
