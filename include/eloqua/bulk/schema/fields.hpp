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
#include <eloqua/bulk/schema/members.hpp>
#include <eloqua/bulk/schema/value.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

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
    static_assert(
        Text.view().starts_with("{{") && Text.view().ends_with("}}") && Text.view().size() > 4 &&
            Text.view().find('\'') == std::string_view::npos,
        "eloqua: a statement is written in full: {{Contact.Account.Field(M_CompanyName)}}");
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

namespace detail {

/// What a verbatim statement says after the entity: "Field(C_X)" of "{{Contact.Field(C_X)}}".
constexpr std::string_view path_of_verbatim(std::string_view text) {
    text = text.substr(2, text.size() - 4);
    return text.find('.') == text.npos ? std::string_view() : text.substr(text.find('.') + 1);
}

/// Whether a statement in full begins as those of an entity do.
template <class E>
constexpr bool is_root_of(std::string_view statement) {
    constexpr std::string_view root = E::root_name;
    std::string_view const from = statement.substr(2);
    return from.starts_with(root) && (from[root.size()] == '.' || from[root.size()] == '[');
}

/// Index of the first column whose statement is another entity's, or the number of columns.
template <entity E, std::size_t N>
constexpr std::size_t foreign_statement(std::array<column_info, N> const& columns) {
    if constexpr (requires { E::root_name; })
        for (std::size_t i = 0; i != N; ++i)
            if (columns[i].statement.kind == statement_kind::verbatim &&
                !is_root_of<E>(columns[i].statement.text))
                return i;
    return N;
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

/// Whether a statement is a field of the contact that a record belongs to.
constexpr bool is_contact_field(statement_text s) {
    s = canonical(s);
    return s.kind == statement_kind::attribute && s.text.starts_with("Contact.Field(");
}

constexpr std::uint64_t hash_of(statement_text s) {
    std::uint64_t hash = static_cast<std::uint64_t>(s.kind);
    for (char c : s.text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u + 1;
    return hash;
}

/// An entry of a field map without its type.
struct map_entry {
    member_id member;
    statement_text spelled;
};

template <class Map>
struct map_entries;
template <class... Entries>
struct map_entries<fields<Entries...>> {
    static constexpr std::size_t size = sizeof...(Entries);
    static constexpr std::array<map_entry, size> value{
        map_entry{id_of_member<Entries::member>, Entries::spelled}...};
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

template <class Row, class E>
using own_map = map_entries<map_of<Row, E>>;

/// The entries of a row's own map, behind them those of its bases.
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

/// The statement of a member: its first entry's, or the field of its name. A row's own entries, of
/// which none is of another's member, mostly stand in the members' order: the next is at `from`.
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

/// Index of the first text that an earlier one equals, or the number of texts. They are compared
/// only where hashes are equal: compilers bound what they evaluate.
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

/// Index of the first column whose statement an earlier one has, or the number of columns.
template <std::size_t N>
constexpr std::size_t repeated_statement(std::array<column_info, N> const& columns) {
    std::array<statement_text, N> spelled{};
    for (std::size_t i = 0; i != N; ++i)
        spelled[i] = canonical(columns[i].statement);
    return first_repeated(spelled);
}

/// Index of the first column whose name an earlier one has, which only members of different bases
/// can share, or the number of columns.
template <class Bases, class Members>
constexpr std::size_t repeated_name = [] {
    std::array<statement_text, Members::size> names{};
    for (std::size_t i = 0; i != Members::size; ++i)
        names[i].text = Members::names[i];
    return first_repeated(names);
}();
template <template <class...> class List, class Members>
constexpr std::size_t repeated_name<List<>, Members> = Members::size;

/// Whether every entry of the row's own map names a member, and no two the same.
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

/// The same of its bases' maps.
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

/// The table behind a row type: for each described member its column.
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
    static constexpr std::size_t foreign = foreign_statement<E>(columns);
    /// Index of the first column whose field only the running program knows, or the number of
    /// columns.
    static constexpr std::size_t runtime = [] {
        std::size_t i = 0;
        while (i != members::size && columns[i].statement.kind != statement_kind::runtime)
            ++i;
        return i;
    }();
    static constexpr std::size_t repeated = repeated_statement(columns);
    static constexpr std::size_t repeated_key = repeated_name<row_bases<Row>, members>;
    static constexpr std::size_t contact_fields = [] {
        std::size_t n = 0;
        for (column_info const& each : columns)
            n += is_contact_field(each.statement);
        return n;
    }();
    static constexpr std::size_t importable_columns = [] {
        std::size_t n = 0;
        for (column_info const& each : columns)
            n += each.importable;
        return n;
    }();
};

template <class Row, entity E>
using table_of = row_table<Row, E>;

/// Whether each column is one of the entity's, and no other's.
template <class Row, class E>
constexpr bool columns_fit = table_of<Row, E>::foreign == table_of<Row, E>::columns.size() &&
                             table_of<Row, E>::repeated == table_of<Row, E>::columns.size() &&
                             table_of<Row, E>::repeated_key == table_of<Row, E>::columns.size();

/// Whether an entity says what the `runtime_field`s of a row type stand for.
template <class E, class Row>
inline constexpr bool binds_fields_of = false;
template <class E, class Row>
    requires requires { typename E::bound_row; }
inline constexpr bool binds_fields_of<E, Row> = std::same_as<typename E::bound_row, Row>;

/// Whether it is known what each column stands for.
template <class Row, class E>
inline constexpr bool fields_known =
    binds_fields_of<E, Row> || table_of<Row, E>::runtime == table_of<Row, E>::columns.size();

} // namespace detail

/// The columns of a row type for an entity, in the order of the described members.
template <described Row, entity E>
inline constexpr auto const& columns_of = detail::table_of<Row, E>::columns;

/// Described structs whose members and map fit the entity.
template <class Row, class E>
concept row_of =
    described<Row> && entity<E> && detail::types_fit<detail::row_members<Row>> &&
    detail::entries_fit<Row, E> && detail::fields_known<Row, E> && detail::columns_fit<Row, E>;

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

/// Whether a member pointer can identify the rows of an import.
template <auto Member, class Row, class E>
concept identifier_of =
    importable_row<Row, E> &&
    detail::column_index<Row, Member>() < detail::table_of<Row, E>::columns.size() &&
    detail::table_of<Row, E>::columns[detail::column_index<Row, Member>()].importable;

} // namespace eloqua::bulk
