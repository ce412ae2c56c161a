// SPDX-License-Identifier: BSL-1.0
/// \file
/// The rejects of a sync, page after page.
#pragma once

#include <eloqua/bulk/jobs/creation.hpp>
#include <eloqua/bulk/jobs/import_balance.hpp>
#include <eloqua/bulk/jobs/import_job.hpp>
#include <eloqua/bulk/jobs/ledger.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

namespace detail {

/// Reads the rejects of a sync, and tells of each. `identifier_key`: of the column that rows are
/// matched by; `rows`, `told` and `listed` must stay.
template <class Session>
flow<result<void>> read_rejects(Session& s, id sync_id, std::string_view identifier_key,
                                ledger& rows, reject_listener& told, reject_tally& listed) {
    using endpoint = endpoints::list_sync_rejects;
    result<std::string> const path = path_of<endpoint>(std::string(), sync_id);
    list_query wanted;
    wanted.limit = limits::items_per_list;
    wanted.offset = 0;
    std::string last;
    for (;;) {
        call const ask = call::of<endpoint>(*path + *to_query_string(wanted));
        result<answer> const got = co_await fetch(s, ask);
        result<page<sync_reject>> const part = read_answer<endpoint>(got, ask);
        if (!part)
            co_return part.error();
        if (!part->offset && !part->items.empty()) {
            if (got->body == last)
                listed.warning = "the rejects after the first " + std::to_string(*wanted.offset) +
                                 " equal those before them, and do not say where they begin";
            last = got->body;
        }
        for (sync_reject const& each : part->items) {
            std::optional<std::string_view> identifier;
            bool identifier_invalid = false;
            for (auto const& value : each.fieldValues)
                if (value.first == identifier_key)
                    identifier = value.second;
            for (std::string const& column : each.invalidFields)
                identifier_invalid = identifier_invalid || column == identifier_key;
            // Known from captures only: this code means that the row was taken.
            std::optional<elq> const code = parse_elq(each.statusCode.value_or(""));
            bool const taken = code == elq::rejected_fields_only && !identifier_invalid;
            ++(taken ? listed.partly_taken : listed.rejected);
            if (code && !taken)
                ++listed.by_code[*code];
            if (!told.take(each, rows.find(each.recordIndex.value_or(0), identifier), taken,
                           s.options.row_values))
                co_return failure(errc::invalid_argument, "the rejects were not wanted");
        }
        wanted.offset = *wanted.offset + static_cast<std::int64_t>(part->items.size());
        if (!part->hasMore && part->totalResults && *part->totalResults > *wanted.offset)
            co_return list_ends_early(got->line, static_cast<std::size_t>(*wanted.offset),
                                      *part->totalResults);
        if (!part->hasMore)
            co_return result<void>();
        if (part->items.empty()) {
            failure why(errc::empty_page,
                        "rejects after the first " + std::to_string(*wanted.offset));
            why.info.request = got->line;
            co_return why;
        }
    }
}

} // namespace detail

} // namespace eloqua::bulk
