// SPDX-License-Identifier: BSL-1.0
/// \file
/// Rows: described structs whose members and map are checked against an entity at compile time.
#pragma once

#include <eloqua/bulk/detail/row/table.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/limits.hpp>

namespace eloqua::bulk {

namespace detail {

/// The columns of a row type for an entity, in the order of the described members.
template <described Row, entity E>
inline constexpr auto const& columns_of = table_of<Row, E>::columns;

} // namespace detail

/// Described structs whose members and map fit the entity.
template <class Row, class E>
concept row_of =
    described<Row> && entity<E> && detail::types_fit<detail::row_members<Row>> &&
    detail::entries_fit<Row, E> && detail::fields_known<Row, E> && detail::columns_fit<Row, E>;

/// Row types that can be exported from an entity.
template <class Row, class E>
concept exportable_row =
    exportable<E> && row_of<Row, E> && detail::table_of<Row, E>::columns.size() >= 1 &&
    detail::table_of<Row, E>::columns.size() <= limits::export_fields &&
    detail::table_of<Row, E>::contact_fields <= contact_fields_per_export_of<E>;

/// Row types that can be imported into an entity.
template <class Row, class E>
concept importable_row =
    importable<E> && row_of<Row, E> && detail::table_of<Row, E>::importable_columns >= 1 &&
    detail::table_of<Row, E>::importable_columns <= limits::import_fields;

/// Selects the column by which an import matches rows: `identified_by<&person::email>`.
template <auto Member>
struct identified_by_t {
    static constexpr auto member = Member; ///< the member with that column's value
};
/// Selects the column of this member.
template <auto Member>
inline constexpr identified_by_t<Member> identified_by{};

namespace detail {

/// The number of columns of an import whose rows are matched by column `at`; 0 if they cannot be.
template <class Row, class E>
constexpr std::size_t columns_identified_by(std::size_t at) {
    using table = table_of<Row, E>;
    if (at >= table::columns.size())
        return 0;
    if (table::columns[at].importable)
        return table::importable_columns;
    return identifying_statement<E>(table::columns[at].statement) ? table::importable_columns + 1
                                                                  : 0;
}

} // namespace detail

/// Whether a member pointer can identify the rows of an import.
template <auto Member, class Row, class E>
concept identifier_of =
    importable_row<Row, E> &&
    detail::columns_identified_by<Row, E>(detail::column_index<Row, Member>()) >= 1 &&
    detail::columns_identified_by<Row, E>(detail::column_index<Row, Member>()) <=
        limits::import_fields;

} // namespace eloqua::bulk
