// SPDX-License-Identifier: BSL-1.0
/// \file
/// Builds and checks the definition of an export.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/limits.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace eloqua::bulk::detail {

/// Rejects options that can never work, with `errc::invalid_argument`.
inline result<void> check_options(row_plan const& plan, export_options const& options) {
    result<void> const numbers = check_options(options);
    std::size_t const actions = options.sync_actions.size();
    if (!numbers || actions <= (plan.exports_act ? limits::sync_actions : 0))
        return numbers;
    return failure(errc::invalid_argument,
                   plan.exports_act ? std::to_string(actions) + " sync actions; at most " +
                                          std::to_string(limits::sync_actions) + " are allowed"
                                    : "exports of " + plan.statement_root +
                                          " cannot have sync actions; leave sync_actions empty");
}

/// `filter`: in the service's language; empty: none.
inline export_definition define_export(row_plan const& plan, std::string filter,
                                       export_options const& options, std::string name) {
    export_definition d;
    d.name = std::move(name);
    for (column_info const& each : plan.columns)
        d.fields.emplace_back(each.key, render_statement(plan.statement_root, each.statement));
    if (!filter.empty())
        d.filter = std::move(filter);
    d.maxRecords = options.max_records;
    d.areSystemTimestampsInUTC = options.system_timestamps_in_utc;
    d.autoDeleteDuration = options.auto_delete;
    d.dataRetentionDuration = options.data_retention;
    if (!options.sync_actions.empty())
        d.syncActions = options.sync_actions;
    return d;
}

} // namespace eloqua::bulk::detail
