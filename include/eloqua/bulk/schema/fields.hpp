// SPDX-License-Identifier: BSL-1.0
/// \file
/// Field maps: from the members of a described struct to the service's field statements, checked
/// when they are compiled.
///
/// A member that the map does not mention stands for the field of its own name. The column name
/// (JSON key) is always the member's name; only the statement is Eloqua's.
#pragma once

#include <eloqua/bulk/schema/entity.hpp>
#include <eloqua/bulk/schema/fixed_string.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/schema/value.hpp>

#include <boost/describe/members.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

/// How a column's statement is spelled.
enum class statement_kind : unsigned char {
    field,     ///< `{{Contact.Field(C_EmailAddress)}}` from "C_EmailAddress"
    attribute, ///< `{{Contact.UpdatedAt}}` from "UpdatedAt"
    verbatim,  ///< the whole statement
    runtime,   ///< of the field with this name, see `runtime_field`
};

struct statement_text {
    statement_kind kind = statement_kind::field;
    std::string_view text;
    friend constexpr bool operator==(statement_text, statement_text) = default;
};

/// Map entry: the member holds the field with this internal name.
template <auto Member, fixed_string Name>
struct field {
    static constexpr auto member = Member;
    static constexpr statement_text spelled{statement_kind::field, Name};
};

/// Map entry: the member holds a system value, such as "UpdatedAt" or "Email.IsSubscribed". It is
/// exported, and left out of imports unless the entity says that it can be imported.
template <auto Member, fixed_string Name>
struct attribute {
    static constexpr auto member = Member;
    static constexpr statement_text spelled{statement_kind::attribute, Name};
};

/// Map entry: a statement in full, such as "{{Contact.Account.Field(M_CompanyName)}}". It is
/// imported only if it names a field of the entity itself.
template <auto Member, fixed_string Text>
struct statement {
    static_assert(Text.view().starts_with("{{") && Text.view().ends_with("}}") &&
                      Text.view().size() > 4 && Text.view().find('\'') == std::string_view::npos,
                  "a statement is written in full: {{Contact.Account.Field(M_CompanyName)}}");
    static constexpr auto member = Member;
    static constexpr statement_text spelled{statement_kind::verbatim, Text};
};

/// Map entry: the member holds a field of the entity itself that only the running program knows, as
/// custom objects have other ids at each instance. `Name`, internal or as people see it, is what
/// `basic_client::resolve` looks for; `bind_fields` takes ids. See `bound_entity`.
template <auto Member, fixed_string Name>
struct runtime_field {
    static constexpr auto member = Member;
    static constexpr statement_text spelled{statement_kind::runtime, Name};
};

/// The field map of a row: name it `eloqua_fields` inside the struct, or specialise `mapping`.
template <class... Entries>
struct fields {};

/// Customisation point: the field map of `Row` for `Entity`, as `using type = fields<...>`. For
/// types that one cannot change, and for rows that serve several entities.
template <class Row, class Entity>
struct mapping {
    using type = fields<>;
};
template <class Row, class Entity>
    requires requires { typename Row::eloqua_fields; }
struct mapping<Row, Entity> {
    using type = typename Row::eloqua_fields;
};

/// A struct known to Boost.Describe.
template <class Row>
concept described = boost::describe::has_describe_members<Row>::value;

/// One column of a row type.
struct column_info {
    std::string_view key; ///< the member's name
    statement_text statement;
    bool importable;
};

namespace detail {

template <class A, class B>
constexpr bool same_member(A a, B b) {
    if constexpr (std::is_same_v<A, B>)
        return a == b;
    else
        return false;
}

template <class Row>
using row_members = boost::describe::describe_members<Row, boost::describe::mod_public |
                                                               boost::describe::mod_inherited>;

template <class Row, class Descriptor>
using member_type = std::remove_cvref_t<decltype(std::declval<Row&>().*Descriptor::pointer)>;

/// What a verbatim statement says after the entity: "Field(C_X)" of "{{Contact.Field(C_X)}}".
constexpr std::string_view path_of_verbatim(std::string_view text) {
    text = text.substr(2, text.size() - 4);
    return text.find('.') == text.npos ? std::string_view() : text.substr(text.find('.') + 1);
}

/// Whether an import may write what the statement names.
template <entity E>
constexpr bool importable_statement(statement_text s) {
    if (s.kind == statement_kind::field || s.kind == statement_kind::runtime)
        return true;
    std::string_view const path =
        s.kind == statement_kind::verbatim ? path_of_verbatim(s.text) : s.text;
    return path.starts_with("Field(") || path.starts_with("Field[") ||
           E::importable_attribute(path);
}

/// One spelling for each statement: "{{Contact.Field(C_X)}}" is the field C_X.
constexpr statement_text canonical(statement_text s) {
    if (s.kind != statement_kind::verbatim)
        return s;
    std::string_view const path = path_of_verbatim(s.text);
    if (path.starts_with("Field(") && path.ends_with(')'))
        return {statement_kind::field, path.substr(6, path.size() - 7)};
    return path.empty() ? s : statement_text{statement_kind::attribute, path};
}

constexpr std::uint64_t hash_of(statement_text s) {
    std::uint64_t hash = static_cast<std::uint64_t>(s.kind);
    for (char c : s.text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u + 1;
    return hash;
}

/// The table behind a row type: for each described member its column.
template <class Row, entity E, class Members, class Map>
struct row_table;

template <class Row, entity E, template <class...> class List, class... Descriptors,
          class... Entries>
struct row_table<Row, E, List<Descriptors...>, fields<Entries...>> {
    template <class Descriptor>
    static consteval statement_text pick() {
        statement_text found{statement_kind::field, Descriptor::name};
        ((same_member(Entries::member, Descriptor::pointer) ? void(found = Entries::spelled)
                                                            : void()),
         ...);
        return found;
    }

    static constexpr std::array<column_info, sizeof...(Descriptors)> columns{column_info{
        Descriptors::name, pick<Descriptors>(), importable_statement<E>(pick<Descriptors>())}...};

    template <class Entry>
    static constexpr bool names_a_member =
        (same_member(Entry::member, Descriptors::pointer) || ... || false);
    template <class Descriptor>
    static constexpr bool has_value_type = field_value<member_type<Row, Descriptor>>;

    /// How many entries name the same member as this one.
    template <class Entry>
    static constexpr std::size_t entries_like =
        (std::size_t(same_member(Entry::member, Entries::member)) + ... + 0);

    /// Index of the first column whose statement an earlier one has, or the number of columns.
    /// Texts are compared only where hashes are equal: compilers bound what they evaluate.
    static constexpr std::size_t repeated = [] {
        std::array<std::uint64_t, sizeof...(Descriptors)> hashes{};
        for (std::size_t i = 0; i != columns.size(); ++i) {
            hashes[i] = hash_of(canonical(columns[i].statement));
            for (std::size_t j = 0; j != i; ++j)
                if (hashes[i] == hashes[j] &&
                    canonical(columns[i].statement) == canonical(columns[j].statement))
                    return i;
        }
        return columns.size();
    }();

    static constexpr bool entries_fit =
        ((names_a_member<Entries> && entries_like<Entries> == 1) && ... && true);
    static constexpr bool types_fit = (has_value_type<Descriptors> && ... && true);
    static constexpr std::size_t contact_fields = [] {
        std::size_t n = 0;
        for (column_info const& each : columns)
            n += canonical(each.statement).text.starts_with("Contact.Field(");
        return n;
    }();
    static constexpr std::size_t importable_columns = [] {
        std::size_t n = 0;
        for (column_info const& each : columns)
            n += each.importable;
        return n;
    }();
};

/// The entity that a `bound_entity` is one of.
template <class E>
struct unbound_entity {
    using type = E;
};
template <class E>
    requires requires { typename E::unbound; }
struct unbound_entity<E> {
    using type = typename E::unbound;
};

template <class Row, class E>
using map_of = typename mapping<Row, typename unbound_entity<E>::type>::type;

template <class Row, entity E>
using table_of = row_table<Row, E, row_members<Row>, map_of<Row, E>>;

/// Whether an entity says what the `runtime_field`s of a row type stand for.
template <class E, class Row>
inline constexpr bool binds_fields_of = false;
template <class E, class Row>
    requires requires { typename E::bound_row; }
inline constexpr bool binds_fields_of<E, Row> = std::is_same_v<typename E::bound_row, Row>;

template <class Entry>
inline constexpr bool is_runtime_field = Entry::spelled.kind == statement_kind::runtime;

template <class Map>
inline constexpr bool has_runtime_fields = false;
template <class... Entries>
inline constexpr bool has_runtime_fields<fields<Entries...>> =
    (is_runtime_field<Entries> || ... || false);

} // namespace detail

/// The columns of a row type for an entity, in the order of the described members.
template <described Row, entity E>
inline constexpr auto const& columns_of = detail::table_of<Row, E>::columns;

/// Described structs whose members and map fit the entity.
template <class Row, class E>
concept row_of =
    described<Row> && entity<E> && detail::table_of<Row, E>::types_fit &&
    detail::table_of<Row, E>::entries_fit &&
    (detail::binds_fields_of<E, Row> || !detail::has_runtime_fields<detail::map_of<Row, E>>) &&
    detail::table_of<Row, E>::repeated == detail::table_of<Row, E>::columns.size();

/// Rows that can be exported of an entity.
template <class Row, class E>
concept exportable_row =
    exportable<E> && row_of<Row, E> && detail::table_of<Row, E>::columns.size() >= 1 &&
    detail::table_of<Row, E>::columns.size() <= limits::export_fields &&
    detail::table_of<Row, E>::contact_fields <= contact_fields_per_export_of<E>;

/// Rows that can be imported to an entity.
template <class Row, class E>
concept importable_row =
    importable<E> && row_of<Row, E> && detail::table_of<Row, E>::importable_columns >= 1 &&
    detail::table_of<Row, E>::importable_columns <= limits::import_fields;

/// The statement in full, such as "{{Contact.Field(C_Country)}}", for an entity's `statement_root`.
inline std::string render_statement(std::string const& root, statement_text s) {
    if (s.kind == statement_kind::verbatim)
        return std::string(s.text);
    std::string text = "{{" + root;
    bool const attribute = s.kind == statement_kind::attribute;
    text += attribute ? "." : ".Field(";
    text += s.text;
    text += attribute ? "}}" : ")}}";
    return text;
}

/// Names the column by which an import matches rows: `identified_by<&person::email>`.
template <auto Member>
struct identified_by_t {
    static constexpr auto member = Member;
};
template <auto Member>
inline constexpr identified_by_t<Member> identified_by{};

namespace detail {

/// Index of the column a member pointer names; the number of columns if it names none.
template <class Row, auto Member>
consteval std::size_t column_index() {
    return []<template <class...> class List, class... Descriptors>(List<Descriptors...>) {
        std::size_t i = 0, found = sizeof...(Descriptors);
        ((same_member(Member, Descriptors::pointer) ? void(found = i) : void(), ++i), ...);
        return found;
    }(row_members<Row>{});
}

} // namespace detail

/// Whether a member pointer can identify the rows of an import.
template <auto Member, class Row, class E>
concept identifier_of =
    importable_row<Row, E> &&
    detail::column_index<Row, Member>() < detail::table_of<Row, E>::columns.size() &&
    detail::table_of<Row, E>::columns[detail::column_index<Row, Member>()].importable;

} // namespace eloqua::bulk
