// SPDX-License-Identifier: BSL-1.0
/// \file
/// Field maps: from the members of a described struct to the service's field statements.
///
/// A member that the map does not mention stands for the field of its own name. The column name
/// (JSON key) is always the member's name; only the statement is Eloqua's.
#pragma once

#include <eloqua/bulk/schema/fixed_string.hpp>
#include <eloqua/bulk/schema/members.hpp>
#include <eloqua/bulk/schema/statement.hpp>

#include <concepts>
#include <string_view>

namespace eloqua::bulk {

/// Map entry: the member holds the field with this internal name.
template <auto Member, fixed_string Name>
struct field {
    static constexpr auto member = Member;
    static constexpr statement_text spelled{statement_kind::field, Name};
    static_assert(detail::is_spelled_well(spelled),
                  "eloqua: a field is named by its internal name alone: C_EmailAddress");
};

/// Map entry: the member holds a system value, such as "UpdatedAt" or "Email.IsSubscribed". It is
/// exported, and left out of imports unless the entity says that it can be imported.
template <auto Member, fixed_string Name>
struct attribute {
    static constexpr auto member = Member;
    static constexpr statement_text spelled{statement_kind::attribute, Name};
    static_assert(detail::is_spelled_well(spelled),
                  "eloqua: an attribute is written without braces: UpdatedAt");
};

/// Map entry: a statement in full, such as "{{Contact.Account.Field(M_CompanyName)}}". It is
/// imported only if it names a field of the entity itself.
template <auto Member, fixed_string Text>
struct statement {
    static constexpr auto member = Member;
    static constexpr statement_text spelled{statement_kind::verbatim, Text};
    static_assert(
        detail::is_spelled_well(spelled),
        "eloqua: a statement is written in full: {{Contact.Account.Field(M_CompanyName)}}");
};

/// Map entry: the member holds a field of the entity itself that only the running program knows, as
/// custom objects have other ids at each instance. `Name`, internal or as people see it, is what
/// `basic_client::resolve` looks for; `bind_fields` takes ids. See `bound_entity`.
template <auto Member, fixed_string Name>
struct runtime_field {
    static constexpr auto member = Member;
    static constexpr statement_text spelled{statement_kind::runtime, Name};
    static_assert(detail::is_spelled_well(spelled),
                  "eloqua: a runtime_field has the name by which it is looked for");
};

/// The field map of a row: name it `eloqua_fields` inside the struct, or specialise `mapping`. It
/// is joined with the maps of the row's described bases; of two entries for one member the row's
/// own counts. Rows of more members than BOOST_DESCRIBE_STRUCT takes are made of such bases.
template <class... Entries>
struct fields {};

namespace detail {

template <class Row, class Base>
constexpr bool has_map_of =
    requires { requires std::same_as<typename Row::eloqua_fields, typename Base::eloqua_fields>; };
template <class Row, class Bases = row_bases<Row>>
constexpr bool inherits_its_map = false;
template <class Row, template <class...> class List, class... Bases>
constexpr bool inherits_its_map<Row, List<Bases...>> =
    (has_map_of<Row, typename Bases::type> || ... || false);

} // namespace detail

/// Customisation point: the field map of `Row` for `Entity`, as `using type = fields<...>`. For
/// types that one cannot change, and for rows that serve several entities. Members of described
/// bases that it does not mention are mapped as the base is.
template <class Row, class Entity>
struct mapping {
    using type = fields<>;
};
template <class Row, class Entity>
    requires(requires { typename Row::eloqua_fields; } && !detail::inherits_its_map<Row>)
struct mapping<Row, Entity> {
    using type = typename Row::eloqua_fields;
};

/// One column of a row type.
struct column_info {
    std::string_view key; ///< the member's name
    statement_text statement;
    bool importable;
};

} // namespace eloqua::bulk
