// SPDX-License-Identifier: BSL-1.0
/// \file
/// Filters as text, for definitions that a program creates itself.
#pragma once

#include <eloqua/bulk/bound_entity.hpp>
#include <eloqua/bulk/detail/row/filter_messages.hpp>
#include <eloqua/bulk/detail/row/filter_text.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/record.hpp>

#include <concepts>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace eloqua::bulk {

/// A filter in the service's language, as an export of rows of the filter's type, or of `Row`,
/// would send it, including the entity's own condition:
///
///     definition.filter = bulk::render_filter(bulk::where<&person::country> == "BE",
///                                             bulk::contacts).value();
///
/// A filter for another row type or entity is a compile error. Times are in UTC, so set
/// `areSystemTimestampsInUTC` to true if they are compared with the service's own times. Errors:
/// `errc::invalid_filter` for a value that cannot be rendered, a statement that the entity does
/// not have, a second EXISTS or STATUS, a condition that cannot stand beside a contact segment
/// (see `exists`), more than 1,000 characters, or blank text.
template <class Row = detail::any_row, class FilterRow, class FilterEntity, entity E>
[[nodiscard]] result<std::string> render_filter(filter<FilterRow, FilterEntity> const& f,
                                                E const& of) {
    using row = std::conditional_t<std::same_as<Row, detail::any_row>, FilterRow, Row>;
    static_assert(detail::filter_fits<FilterRow, FilterEntity, row, E>);
    std::span<detail::column_info const> columns;
    if constexpr (!std::same_as<row, detail::any_row>)
        columns = detail::columns_for<row>(of);
    return detail::render_filter(f.nodes(), columns, of.statement_root(), export_condition_of(of),
                                 contact_fields_in_filters_of(of));
}

/// As above, for records of these columns. Additional error: an unknown column.
template <class FilterRow, class FilterEntity, entity E>
[[nodiscard]] result<std::string> render_filter(filter<FilterRow, FilterEntity> const& f,
                                                E const& of, record_columns const& columns) {
    static_assert(detail::filter_fits<FilterRow, FilterEntity, record, E>);
    std::vector<detail::column_info> infos;
    for (record_column const& each : *columns.shared())
        infos.push_back({each.key, each.statement(), false});
    return detail::render_filter(f.nodes(), infos, of.statement_root(), export_condition_of(of),
                                 contact_fields_in_filters_of(of));
}

} // namespace eloqua::bulk
