// SPDX-License-Identifier: BSL-1.0
/// \file
/// Field maps: from the members of a described struct to the service's field statements.
///
/// A member that the map does not mention holds the field of the same name. The column name (JSON
/// key) is always the member's name; only the statement is Eloqua's.
#pragma once

#include <boost/describe/bases.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace eloqua::bulk {

/// A string literal as a template argument.
template <std::size_t N>
struct fixed_string {
    char data[N]{}; ///< the characters and a terminator
    /// From a string literal.
    consteval fixed_string(char const (&text)[N]) { std::copy_n(text, N, data); }
    /// From `N - 1` characters and a terminator.
    consteval fixed_string(char const* text, std::size_t) { std::copy_n(text, N, data); }
    /// @{
    /// The text without the terminator.
    constexpr std::string_view view() const noexcept { return {data, N - 1}; }
    constexpr operator std::string_view() const noexcept { return view(); }
    /// @}
};

/// A struct described by Boost.Describe.
template <class Row>
concept described = boost::describe::has_describe_members<Row>::value;

namespace detail {

/// Public members, with those of described bases first.
template <class Row>
using row_members = boost::describe::describe_members<Row, boost::describe::mod_public |
                                                               boost::describe::mod_inherited>;
template <class Row>
using row_bases = boost::describe::describe_bases<Row, boost::describe::mod_public>;

template <class M>
struct member_pointer;
template <class Class, class T>
struct member_pointer<T Class::*> {
    using row = Class;
    using type = T;
};
template <class Descriptor>
using member_type = typename member_pointer<std::remove_cv_t<decltype(Descriptor::pointer)>>::type;

/// Identifies a member without comparing its type with every other.
using member_id = char const*;
template <auto Member>
inline constexpr char member_tag{};
template <auto Member>
inline constexpr member_id id_of_member = &member_tag<Member>;

/// The members of a row type as arrays, in order.
template <class Members>
struct member_list;
template <template <class...> class List, class... Descriptors>
struct member_list<List<Descriptors...>> {
    static constexpr std::size_t size = sizeof...(Descriptors);
    static constexpr std::array<member_id, size> ids{id_of_member<Descriptors::pointer>...};
    static constexpr std::array<std::string_view, size> names{Descriptors::name...};
};

/// The index of a member; `size` if it is not there.
constexpr std::size_t index_of_member(member_id const* ids, std::size_t size, member_id wanted) {
    for (std::size_t i = 0; i != size; ++i)
        if (ids[i] == wanted)
            return i;
    return size;
}

/// The index of the column of a member pointer; the number of columns if it has no column.
template <class Row, auto Member>
consteval std::size_t column_index() {
    using members = member_list<row_members<Row>>;
    return index_of_member(members::ids.data(), members::size, id_of_member<Member>);
}

/// A member's name, as a template argument.
template <class Descriptor>
consteval auto name_of() {
    return fixed_string<std::string_view(Descriptor::name).size() + 1>(Descriptor::name, 0);
}

/// Checks its arguments by static_asserts; compilers print its name with them.
struct compile_time_check {
    static constexpr bool checked = true;
};

/// A check of the member at an index.
template <template <class, fixed_string, bool> class Check, class Row, std::size_t At>
struct failed_check {
    using descriptor = boost::mp11::mp_at_c<row_members<Row>, At>;
    static constexpr bool checked = Check<Row, name_of<descriptor>(), false>::checked;
};

} // namespace detail

/// How the text of a column's statement is written.
enum class statement_kind : unsigned char {
    field,     ///< `{{Contact.Field(C_EmailAddress)}}` from "C_EmailAddress"
    attribute, ///< `{{Contact.UpdatedAt}}` from "UpdatedAt"
    verbatim,  ///< the full statement
    runtime,   ///< the display or internal name of a field, see `runtime_field`
};

/// The statement of a column: its kind and text.
struct statement_text {
    statement_kind kind = statement_kind::field; ///< how the statement is written
    std::string_view text; ///< what it names; the whole statement if it is verbatim
    /// Compares kind and text.
    friend constexpr bool operator==(statement_text, statement_text) = default;
};

namespace detail {

/// The part of a verbatim statement after the entity: "Field(C_X)" of "{{Contact.Field(C_X)}}".
constexpr std::string_view path_of_verbatim(std::string_view text) {
    text = text.substr(2, text.size() - 4);
    return text.find('.') == text.npos ? std::string_view() : text.substr(text.find('.') + 1);
}

/// The part of an attribute or full statement after the entity.
constexpr std::string_view path_after_root(statement_text s) {
    return s.kind == statement_kind::verbatim ? path_of_verbatim(s.text) : s.text;
}

/// Whether the text is valid for its kind.
constexpr bool is_spelled_well(statement_text s) {
    std::string_view text = s.text;
    if (s.kind == statement_kind::runtime) // a display name
        return !text.empty();
    if (s.kind == statement_kind::verbatim) {
        if (text.size() < 5 || !text.starts_with("{{") || !text.ends_with("}}"))
            return false;
        text = text.substr(2, text.size() - 4);
    }
    for (char const c : text)
        if (c == '\'' || c == '"' || c == '{' || c == '}' || static_cast<unsigned char>(c) < 0x20)
            return false;
    return !text.empty() &&
           (s.kind != statement_kind::field || text.find_first_of("()[]") == text.npos);
}

/// Whether a full statement starts like those of an entity.
template <class E>
constexpr bool is_root_of(std::string_view statement) {
    constexpr std::string_view root = E::root_name;
    std::string_view const from = statement.substr(2);
    return from.starts_with(root) && (from[root.size()] == '.' || from[root.size()] == '[');
}

/// A unique spelling for each statement: "{{Contact.Field(C_X)}}" is the field C_X.
constexpr statement_text canonical(statement_text s) {
    if (s.kind != statement_kind::verbatim && s.kind != statement_kind::attribute)
        return s;
    std::string_view const path = path_after_root(s);
    if (path.starts_with("Field(") && path.ends_with(')'))
        return {statement_kind::field, path.substr(6, path.size() - 7)};
    return path.empty() ? s : statement_text{statement_kind::attribute, path};
}

/// Whether a statement is a field of the contact that a record belongs to.
constexpr bool is_contact_field(statement_text s) {
    s = canonical(s);
    return s.kind == statement_kind::attribute && s.text.starts_with("Contact.Field(");
}

/// Whether a filter may combine a condition on it with EXISTS of a contact segment: four dates
/// only. Statements named by id, or known only at run time, may be one of them.
constexpr bool may_stand_beside_segment(statement_text s) {
    s = canonical(s);
    if (s.kind == statement_kind::field)
        return s.text == "C_DateModified" || s.text == "C_DateCreated";
    if (s.kind == statement_kind::attribute)
        return s.text == "UpdatedAt" || s.text == "CreatedAt" || s.text.starts_with("Field[");
    return s.kind == statement_kind::runtime;
}

constexpr std::uint64_t hash_of(statement_text s) {
    std::uint64_t hash = static_cast<std::uint64_t>(s.kind);
    for (char c : s.text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u + 1;
    return hash;
}

} // namespace detail

/// The full statement, such as "{{Contact.Field(C_Country)}}", for an entity's `statement_root`.
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

/// Map entry: the member holds the field with this internal name.
template <auto Member, fixed_string Name>
struct field {
    static constexpr auto member = Member; ///< the member that it maps
    /// The statement of the column.
    static constexpr statement_text spelled{statement_kind::field, Name};
    static_assert(detail::is_spelled_well(spelled),
                  "eloqua: a field is named by its internal name alone: C_EmailAddress");
};

/// Map entry: the member holds a system value, such as "UpdatedAt" or "Email.IsSubscribed". It is
/// exported, but not imported unless the entity says that it can be.
template <auto Member, fixed_string Name>
struct attribute {
    static constexpr auto member = Member; ///< the member that it maps
    /// The statement of the column.
    static constexpr statement_text spelled{statement_kind::attribute, Name};
    static_assert(detail::is_spelled_well(spelled),
                  "eloqua: an attribute is written without braces: UpdatedAt");
};

/// Map entry: a full statement, such as "{{Contact.Account.Field(M_CompanyName)}}". It is imported
/// only if it names a field of the entity itself.
template <auto Member, fixed_string Text>
struct statement {
    static constexpr auto member = Member; ///< the member that it maps
    /// The statement of the column.
    static constexpr statement_text spelled{statement_kind::verbatim, Text};
    static_assert(
        detail::is_spelled_well(spelled),
        "eloqua: a statement is written in full: {{Contact.Account.Field(M_CompanyName)}}");
};

/// Map entry: the member holds a field of the entity itself that is known only at run time, as the
/// ids of custom objects differ between instances. `basic_client::resolve` looks for `Name`, an
/// internal or display name; `bind_fields` takes ids. See `bound_entity`.
template <auto Member, fixed_string Name>
struct runtime_field {
    static constexpr auto member = Member; ///< the member that it maps
    /// The statement of the column.
    static constexpr statement_text spelled{statement_kind::runtime, Name};
    static_assert(detail::is_spelled_well(spelled),
                  "eloqua: a runtime_field needs the name of its field");
};

/// The field map of a row: name it `eloqua_fields` inside the struct, or specialise `mapping`. The
/// maps of the row's described bases are added to it; for a member with two entries, the row's own
/// entry counts. For more members than BOOST_DESCRIBE_STRUCT accepts, split the row into such
/// bases.
template <class... Entries>
struct fields {};

namespace detail {

template <class Row>
using own_fields = typename Row::eloqua_fields;

template <class Row, class Base, template <class> class Member>
constexpr bool share_member = requires { requires std::same_as<Member<Row>, Member<Base>>; };
/// Whether a row has a member type only because it inherits it.
template <class Row, template <class> class Member, class Bases = row_bases<Row>>
constexpr bool inherits = false;
template <class Row, template <class> class Member, template <class...> class List, class... Bases>
constexpr bool inherits<Row, Member, List<Bases...>> =
    (share_member<Row, typename Bases::type, Member> || ... || false);

} // namespace detail

/// Customisation point: the field map of `Row` for `Entity`, as `using type = fields<...>`. For
/// types that you cannot change, and for rows that serve several entities. Members of described
/// bases that it does not mention are mapped as in the base.
template <class Row, class Entity>
struct mapping {
    using type = fields<>; ///< the field map: an instance of `fields`
};
/// The field map of a type that names it `eloqua_fields`.
template <class Row, class Entity>
    requires(requires { typename Row::eloqua_fields; } &&
             !detail::inherits<Row, detail::own_fields>)
struct mapping<Row, Entity> {
    using type = typename Row::eloqua_fields; ///< the field map: an instance of `fields`
};

namespace detail {

/// One column of a row type.
struct column_info {
    std::string_view key; ///< the member's name
    statement_text statement;
    bool importable;
};

} // namespace detail

} // namespace eloqua::bulk
