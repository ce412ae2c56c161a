// SPDX-License-Identifier: BSL-1.0
/// \file
/// What a compiler says when a row type does not fit: each check fails in a template whose name and
/// arguments name row, member and type.
#pragma once

#include <eloqua/bulk/schema/bound_entity.hpp>
#include <eloqua/bulk/schema/fields.hpp>

#include <cstddef>
#include <string_view>

namespace eloqua::bulk::detail {

template <class Row, bool Described>
struct described_row {
    static_assert(Described, "eloqua: the row type is not described; list its members with "
                             "BOOST_DESCRIBE_STRUCT");
    static constexpr bool checked = Described;
};

template <class Row, fixed_string Member, class Type>
struct type_of_member {
    static_assert(
        field_value<Type>,
        "eloqua: this member's type cannot hold the value of a field; use a text, number, "
        "time, described enum or optional of one, or specialise bulk::value_traits");
    static constexpr bool checked = true;
};

template <class Row, class Entry, bool Found, bool Once>
struct entry_of_field_map {
    static_assert(Found, "eloqua: this entry of eloqua_fields names a member that "
                         "BOOST_DESCRIBE_STRUCT does not list");
    static_assert(Once, "eloqua: another entry of eloqua_fields names the same member");
    static constexpr bool checked = true;
};

template <class Row, fixed_string Member, bool Unique>
struct statement_of_member {
    static_assert(Unique,
                  "eloqua: this member's statement is mapped to another member already; the "
                  "service would shuffle the columns");
    static constexpr bool checked = true;
};

template <class Row, fixed_string Member, bool OfEntity>
struct root_of_member {
    static_assert(OfEntity, "eloqua: this member's statement is another entity's; one of a related "
                            "entity is written after the row's own, as in "
                            "{{Contact.Account.Field(M_CompanyName)}}");
    static constexpr bool checked = true;
};

template <class Row, fixed_string Member, bool Unique>
struct name_of_member {
    static_assert(Unique, "eloqua: two bases of the row have a member of this name, which is the "
                          "name of its column");
    static constexpr bool checked = true;
};

template <class Row, std::size_t Columns, std::size_t Limit>
struct number_of_columns {
    static_assert(Columns >= 1, "eloqua: the row has no column that the service can take");
    static_assert(Columns <= Limit, "eloqua: the row has more columns than a definition may have");
    static constexpr bool checked = true;
};

template <class Row, std::size_t ContactFields, std::size_t Limit>
struct number_of_contact_fields {
    static_assert(ContactFields <= Limit, "eloqua: the row has more contact fields than an export "
                                          "of this entity may have");
    static constexpr bool checked = true;
};

template <class Row, class Base>
struct base_of_row {
    static_assert(described<Base>,
                  "eloqua: this base of the row is listed by BOOST_DESCRIBE_STRUCT, "
                  "but is not described itself");
    static constexpr bool checked = described<Base>;
};

template <class Row, class Bases = row_bases<Row>>
struct bases_of_row;
template <class Row, template <class...> class List, class... Bases>
struct bases_of_row<Row, List<Bases...>> {
    template <class Base>
    static consteval bool check() {
        if constexpr (base_of_row<Row, Base>::checked)
            return bases_of_row<Base>::checked;
        else
            return false;
    }
    static constexpr bool checked = (check<typename Bases::type>() && ... && true);
};

template <class Row, class Members>
struct types_of_members;
template <class Row, template <class...> class List, class... Descriptors>
struct types_of_members<Row, List<Descriptors...>> {
    static constexpr bool checked =
        (type_of_member<Row, name_of<Descriptors>(), member_type<Descriptors>>::checked && ... &&
         true);
};

template <class Row, class E>
constexpr bool has_field_map = requires { requires is_field_map<map_of<Row, E>>; };

template <class Row, class E, bool IsMap>
struct map_of_row {
    static_assert(IsMap, "eloqua: this row's map is not a bulk::fields<...> of field, attribute, "
                         "statement and runtime_field");
    static constexpr bool checked = IsMap;
};

template <class Row, class E, class Bases = row_bases<Row>>
struct maps_of_row;
template <class Row, class E, template <class...> class List, class... Bases>
struct maps_of_row<Row, E, List<Bases...>> {
    static constexpr bool checked = map_of_row<Row, E, has_field_map<Row, E>>::checked &&
                                    (maps_of_row<typename Bases::type, E>::checked && ... && true);
};

template <class Row, class Map>
struct entries_of_map;
template <class Row, class... Entries>
struct entries_of_map<Row, fields<Entries...>> {
    using members = member_list<row_members<Row>>;
    template <class Entry>
    static constexpr bool found = index_of_member(members::ids.data(), members::size,
                                                  id_of_member<Entry::member>) != members::size;
    template <class Entry>
    static constexpr bool once =
        (std::size_t(id_of_member<Entry::member> == id_of_member<Entries::member>) + ... + 0) == 1;
    static constexpr bool checked =
        (entry_of_field_map<Row, Entries, found<Entries>, once<Entries>>::checked && ... && true);
};

template <class Row, class E, class Bases = row_bases<Row>>
struct entries_of_maps;
template <class Row, class E, template <class...> class List, class... Bases>
struct entries_of_maps<Row, E, List<Bases...>> {
    static constexpr bool checked =
        entries_of_map<Row, map_of<Row, E>>::checked &&
        (entries_of_maps<typename Bases::type, E>::checked && ... && true);
};

template <class Row, class E>
consteval bool check_row() {
    if constexpr (described_row<Row, described<Row>>::checked) {
        if constexpr (!bases_of_row<Row>::checked)
            return false;
        else if constexpr (!types_fit<row_members<Row>>)
            return types_of_members<Row, row_members<Row>>::checked;
        else if constexpr (!maps_of_row<Row, E>::checked)
            return false;
        else if constexpr (!entries_fit<Row, E>)
            return entries_of_maps<Row, E>::checked;
        else if constexpr (table_of<Row, E>::foreign != table_of<Row, E>::columns.size())
            return failed_check<root_of_member, Row, table_of<Row, E>::foreign>::checked;
        else if constexpr (table_of<Row, E>::repeated != table_of<Row, E>::columns.size())
            return failed_check<statement_of_member, Row, table_of<Row, E>::repeated>::checked;
        else if constexpr (table_of<Row, E>::repeated_key != table_of<Row, E>::columns.size())
            return failed_check<name_of_member, Row, table_of<Row, E>::repeated_key>::checked;
        else if constexpr (!fields_known<Row, E>)
            return failed_check<runtime_field_of_member, Row, table_of<Row, E>::runtime>::checked;
        else
            return true;
    }
    return false;
}

/// Refuses, with a message, a row type that cannot be exported of `E`.
template <class Row, class E>
consteval bool check_exportable() {
    if constexpr (check_row<Row, E>())
        return number_of_columns<Row, table_of<Row, E>::columns.size(),
                                 limits::export_fields>::checked &&
               number_of_contact_fields<Row, table_of<Row, E>::contact_fields,
                                        contact_fields_per_export_of<E>>::checked;
    return false;
}

/// Refuses, with a message, a row type that cannot be imported to `E`.
template <class Row, class E>
consteval bool check_importable() {
    if constexpr (check_row<Row, E>())
        return number_of_columns<Row, table_of<Row, E>::importable_columns,
                                 limits::import_fields>::checked;
    return false;
}

template <class Row, auto Member, bool Described, bool Importable>
struct identifier {
    static_assert(Described, "eloqua: identified_by names a member that is not one of the row's");
    static_assert(!Described || Importable,
                  "eloqua: identified_by names a member that is not among the imported columns");
    static constexpr bool checked = true;
};

/// Refuses, with a message, an identifier that is not among the imported columns.
template <class Row, class E, auto Member>
consteval bool check_identifier() {
    constexpr std::size_t at = column_index<Row, Member>();
    constexpr bool found = at < table_of<Row, E>::columns.size();
    constexpr std::size_t columns = columns_identified_by<Row, E>(at);
    if constexpr (identifier < Row, Member, found, columns != 0 > ::checked && columns != 0)
        return number_of_columns<Row, columns, limits::import_fields>::checked;
    return false;
}

} // namespace eloqua::bulk::detail
