// SPDX-License-Identifier: BSL-1.0
/// \file
/// Columns that the service fills itself: which ones are times, and which one identifies rows.
#pragma once

#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/value.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk::detail {

/// Whether a time of this statement is set by the service: everything that is not a field, such as
/// "{{Contact.CreatedAt}}", and the fields that the service fills itself.
constexpr bool is_system_value(statement_text s) {
    s = canonical(s);
    std::string_view name = s.text;
    if (s.kind == statement_kind::attribute) {
        std::size_t const field = name.rfind("Field(");
        if (field == name.npos)
            return name.find("Field[") == name.npos;
        name = name.substr(field + 6, name.find(')', field) - field - 6);
    }
    constexpr std::array<std::string_view, 4> filled{"C_DateCreated", "C_DateModified",
                                                     "M_DateCreated", "M_DateModified"};
    return s.kind != statement_kind::runtime && s.kind != statement_kind::verbatim &&
           std::ranges::find(filled, name) != filled.end();
}

/// Checks that an export whose system times are Eastern has no times that would be taken for UTC.
inline result<void> check_eastern_times(row_plan const& plan,
                                        std::vector<filter_node> const& filter) {
    auto const refuse = [&](std::string what, statement_text s) {
        return failure(errc::invalid_argument,
                       std::move(what) + " " + render_statement(plan.statement_root, s) +
                           ", which comes in US Eastern time without a zone, while times of rows "
                           "and filters are UTC",
                       "set export_options::system_timestamps_in_utc to true, or read the value as "
                       "a text and compare it in Eastern time with unchecked_filter");
    };
    for (std::size_t i = 0; i != plan.columns.size(); ++i)
        if (plan.codecs[i].kind == value_kind::time && is_system_value(plan.columns[i].statement))
            return refuse("column '" + std::string(plan.columns[i].key) + "' is a time read from",
                          plan.columns[i].statement);
    for (filter_node const& node : filter) {
        statement_text statement{node.spelled, node.left};
        if (node.kind == filter_node_kind::column) {
            auto const column = std::ranges::find(plan.columns, node.left, &column_info::key);
            if (column == plan.columns.end()) // the filter check reports that
                continue;
            statement = column->statement;
        }
        if (node.is_time && is_system_value(statement))
            return refuse("the filter compares a time with", statement);
    }
    return {};
}

/// The column that identifies rows best: an id, else an address, else the first column.
inline std::size_t naming_column(std::span<column_info const> columns) {
    for (std::string_view const name : {"Id", "ExternalId", "C_EmailAddress", "EmailAddress"})
        for (std::size_t i = 0; i != columns.size(); ++i)
            if (canonical(columns[i].statement).text == name)
                return i;
    return 0;
}

} // namespace eloqua::bulk::detail
