// SPDX-License-Identifier: BSL-1.0
/// \file
/// The table of a row type and an entity: the column of each described member. Checks that row, map
/// and entity match.
#pragma once

#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/value.hpp>

#include <boost/mp11/utility.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace eloqua::bulk::detail {

using column_test = bool (*)(column_info const&);
constexpr std::size_t count_columns(std::span<column_info const> columns, column_test counts) {
    std::size_t n = 0;
    for (column_info const& each : columns)
        n += counts(each);
    return n;
}
/// Index of the first column that passes the test, or the number of columns.
constexpr std::size_t first_column(std::span<column_info const> columns, column_test wanted) {
    std::size_t i = 0;
    while (i != columns.size() && !wanted(columns[i]))
        ++i;
    return i;
}

/// Whether a column's statement belongs to another entity.
template <entity E>
constexpr bool is_foreign(column_info const& column) {
    if constexpr (requires { E::root_name; })
        return column.statement.kind == statement_kind::verbatim &&
               !is_root_of<E>(column.statement.text);
    return false;
}

/// Whether an import may write the value that the statement names.
template <entity E>
constexpr bool importable_statement(statement_text s) {
    if (s.kind == statement_kind::field || s.kind == statement_kind::runtime)
        return true;
    std::string_view const path = path_after_root(s);
    return path.starts_with("Field(") || path.starts_with("Field[") ||
           E::importable_attribute(path);
}

/// Whether the statement names the value by which the service itself identifies records: a row in
/// which it is blank creates a record. If it is not a field, only imports that match by it may
/// write it.
template <entity E>
constexpr bool identifying_statement(statement_text s) {
    if (s.kind == statement_kind::field)
        return (s.text == "Id" && identifying_attribute_of<E>("Field(Id)")) ||
               (s.text == "DataCardIDExt" && identifying_attribute_of<E>("Field(DataCardIDExt)"));
    return s.kind != statement_kind::runtime && identifying_attribute_of<E>(path_after_root(s));
}

/// An entry of a field map without its type.
struct map_entry {
    member_id member;
    statement_text spelled;
};

template <class Entry>
concept field_map_entry = requires {
    id_of_member<Entry::member>;
    { Entry::spelled } -> std::convertible_to<statement_text>;
};
template <class Map>
constexpr bool is_field_map = false;
template <class... Entries>
constexpr bool is_field_map<fields<Entries...>> = (field_map_entry<Entries> && ... && true);

template <class Map>
struct map_entries;
template <class... Entries>
struct map_entries<fields<Entries...>> {
    static constexpr std::size_t size = sizeof...(Entries);
    static constexpr std::array<map_entry, size> value{
        map_entry{id_of_member<Entries::member>, Entries::spelled}...};
};

/// The entity inside a `bound_entity`.
template <class E>
using unbound_entity = typename E::unbound;

template <class Row, class E>
using map_of = typename mapping<Row, boost::mp11::mp_eval_or<E, unbound_entity, E>>::type;

template <class Row, class E>
using own_map = map_entries<map_of<Row, E>>;

/// The entries of a row's own map, followed by those of its bases.
template <class Row, class E, class Bases = row_bases<Row>>
struct joined_map;
template <class Row, class E, template <class...> class List>
struct joined_map<Row, E, List<>> : own_map<Row, E> {};
template <class Row, class E, template <class...> class List, class... Bases>
struct joined_map<Row, E, List<Bases...>> {
    static constexpr std::size_t size =
        own_map<Row, E>::size + (joined_map<typename Bases::type, E>::size + ...);
    static constexpr std::array<map_entry, size> value = [] {
        std::array<map_entry, size> joined{};
        std::size_t n = 0;
        auto add = [&](auto const& entries) {
            for (map_entry const& each : entries)
                joined[n++] = each;
        };
        add(own_map<Row, E>::value);
        (add(joined_map<typename Bases::type, E>::value), ...);
        return joined;
    }();
};

/// The statement of a member: that of its first entry, or the field with its name. A row's own
/// entries are usually in the order of its members, so the next one is expected at `from`.
template <std::size_t Size>
constexpr statement_text statement_of(member_id member, std::string_view name,
                                      std::array<map_entry, Size> const& entries, std::size_t own,
                                      std::size_t& from) {
    if (from < own && entries[from].member == member)
        return entries[from++].spelled;
    for (std::size_t i = 0; i != Size; ++i)
        if (entries[i].member == member) {
            from = i + 1;
            return entries[i].spelled;
        }
    return {statement_kind::field, name};
}

/// Index of the first text that equals an earlier one, or the number of texts. Texts are compared
/// only if their hashes are equal, since compilers limit constant evaluation.
template <std::size_t N>
constexpr std::size_t first_repeated(std::array<statement_text, N> const& texts) {
    std::array<std::uint64_t, N> hashes{};
    for (std::size_t i = 0; i != N; ++i) {
        hashes[i] = hash_of(texts[i]);
        for (std::size_t j = 0; j != i; ++j)
            if (hashes[i] == hashes[j] && texts[i] == texts[j])
                return i;
    }
    return N;
}

/// Index of the first column whose statement equals an earlier one's, or the number of columns.
template <std::size_t N>
constexpr std::size_t repeated_statement(std::array<column_info, N> const& columns) {
    std::array<statement_text, N> spelled{};
    for (std::size_t i = 0; i != N; ++i)
        spelled[i] = canonical(columns[i].statement);
    return first_repeated(spelled);
}

/// Index of the first column whose name equals an earlier one's, or the number of columns. Only
/// members of different bases can share a name.
template <class Bases, class Members>
constexpr std::size_t repeated_name = [] {
    std::array<statement_text, Members::size> names{};
    for (std::size_t i = 0; i != Members::size; ++i)
        names[i].text = Members::names[i];
    return first_repeated(names);
}();
template <template <class...> class List, class Members>
constexpr std::size_t repeated_name<List<>, Members> = Members::size;

/// Whether every entry of the row's own map names a member, and no member twice.
template <class Row, class E>
constexpr bool own_entries_fit = [] {
    using members = member_list<row_members<Row>>;
    auto const& entries = own_map<Row, E>::value;
    std::array<bool, members::size> named{};
    std::size_t likely = 0;
    for (map_entry const& each : entries) {
        std::size_t const at =
            likely < members::size && members::ids[likely] == each.member
                ? likely
                : index_of_member(members::ids.data(), members::size, each.member);
        if (at == members::size || named[at])
            return false;
        named[at] = true;
        likely = at + 1;
    }
    return true;
}();

/// As above, for its bases' maps.
template <class Row, class E, class Bases = row_bases<Row>>
constexpr bool entries_fit = false;
template <class Row, class E, template <class...> class List, class... Bases>
constexpr bool entries_fit<Row, E, List<Bases...>> =
    own_entries_fit<Row, E> && (entries_fit<typename Bases::type, E> && ... && true);

template <class Members>
constexpr bool types_fit = false;
template <template <class...> class List, class... Descriptors>
constexpr bool types_fit<List<Descriptors...>> =
    (field_value<member_type<Descriptors>> && ... && true);

/// The table of a row type: the column of each described member.
template <class Row, entity E>
struct row_table {
    using members = member_list<row_members<Row>>;

    static constexpr std::array<column_info, members::size> columns = [] {
        using map = joined_map<Row, E>;
        std::array<column_info, members::size> made{};
        std::size_t from = 0;
        for (std::size_t i = 0; i != members::size; ++i) {
            statement_text const s = statement_of(members::ids[i], members::names[i], map::value,
                                                  own_map<Row, E>::size, from);
            made[i] = {members::names[i], s, importable_statement<E>(s)};
        }
        return made;
    }();
    static constexpr std::size_t foreign = first_column(columns, &is_foreign<E>);
    /// Index of the first column whose field is known only at run time, or the number of columns.
    static constexpr std::size_t runtime = first_column(columns, [](column_info const& each) {
        return each.statement.kind == statement_kind::runtime;
    });
    static constexpr std::size_t repeated = repeated_statement(columns);
    static constexpr std::size_t repeated_key = repeated_name<row_bases<Row>, members>;
    static constexpr std::size_t contact_fields = count_columns(
        columns, [](column_info const& each) { return is_contact_field(each.statement); });
    static constexpr std::size_t importable_columns =
        count_columns(columns, [](column_info const& each) { return each.importable; });
};

template <class Row, entity E>
using table_of = row_table<Row, E>;

/// Whether every column belongs to the entity and none to another.
template <class Row, class E>
constexpr bool columns_fit = table_of<Row, E>::foreign == table_of<Row, E>::columns.size() &&
                             table_of<Row, E>::repeated == table_of<Row, E>::columns.size() &&
                             table_of<Row, E>::repeated_key == table_of<Row, E>::columns.size();

/// Whether an entity binds the `runtime_field`s of a row type.
template <class E, class Row>
inline constexpr bool binds_fields_of = false;
template <class E, class Row>
    requires requires { typename E::bound_row; }
inline constexpr bool binds_fields_of<E, Row> = std::same_as<typename E::bound_row, Row>;

/// Whether the field of every column is known.
template <class Row, class E>
inline constexpr bool fields_known =
    binds_fields_of<E, Row> || table_of<Row, E>::runtime == table_of<Row, E>::columns.size();

} // namespace eloqua::bulk::detail
