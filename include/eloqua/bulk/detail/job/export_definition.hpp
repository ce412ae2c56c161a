// SPDX-License-Identifier: BSL-1.0
/// \file
/// The definition of an export.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/fields.hpp>

#include <string>
#include <utility>

namespace eloqua::bulk::detail {

/// `filter`: in the service's language; empty for none.
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
    return d;
}

} // namespace eloqua::bulk::detail
