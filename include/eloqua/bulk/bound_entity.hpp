// SPDX-License-Identifier: BSL-1.0
/// \file
/// Entities for rows with a `runtime_field`, whose fields are known only at run time.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/row.hpp>

#include <boost/assert/source_location.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

/// Columns, some of which have their own statements.
struct bound_columns {
    std::vector<std::string> statements; ///< by column; empty for those of the field map
    std::vector<column_info> infos;
};

/// Whether this is the statement of a field of the entity itself, by name or id.
inline bool is_own_field(std::string const& root, std::string_view statement) {
    std::string const begin = "{{" + root + ".Field";
    if (!statement.starts_with(begin) || statement.size() < begin.size() + 5)
        return false;
    std::string_view rest = statement.substr(begin.size());
    bool const framed = (rest.starts_with('(') && rest.ends_with(")}}")) ||
                        (rest.starts_with('[') && rest.ends_with("]}}"));
    rest = rest.substr(1, rest.size() - 4);
    return framed && !rest.empty() && rest.find_first_of("{}[]()'\"") == rest.npos;
}

/// Whether this is the statement of a system value. The field lists of custom objects contain
/// these among the fields.
inline bool is_system_value(std::string const& root, std::string_view statement) {
    return std::ranges::any_of(
        std::to_array<std::string_view>({"Id", "ExternalId", "CreatedAt", "UpdatedAt"}),
        [&](std::string_view name) {
            return statement == "{{" + root + '.' + std::string(name) + "}}";
        });
}

/// Assigns statements to columns, one each, empty for columns that keep theirs. Error:
/// `errc::invalid_argument` for a statement that is not a field or system value of the entity, or
/// that is used twice.
inline result<std::shared_ptr<bound_columns const>>
bind_columns(std::span<column_info const> columns, std::string const& root,
             std::vector<std::string> statements) {
    auto made = std::make_shared<bound_columns>();
    made->statements = std::move(statements);
    made->infos.assign(columns.begin(), columns.end());
    for (std::size_t i = 0; i != columns.size(); ++i) {
        std::string const& text = made->statements[i];
        if (text.empty())
            continue;
        bool const system_value = is_system_value(root, text);
        if (!system_value && !is_own_field(root, text))
            return failure(errc::invalid_argument,
                           "'" + std::string(columns[i].key) + "' is bound to " + text +
                               ", which is not a field of " + root,
                           "bind it to the field's id, or to {{" + root + ".Field(name)}}");
        made->infos[i].statement = {statement_kind::verbatim, text};
        if (system_value)
            made->infos[i].importable = false;
    }
    for (std::size_t i = 0; i != columns.size(); ++i)
        for (std::size_t j = 0; j != columns.size() && !made->statements[i].empty(); ++j)
            if (i != j &&
                canonical(made->infos[i].statement) == canonical(made->infos[j].statement))
                return failure(errc::invalid_argument,
                               "'" + std::string(columns[i].key) + "' and '" +
                                   std::string(columns[j].key) + "' both have the statement " +
                                   made->statements[i] + "; the service would mix up their values");
    return std::shared_ptr<bound_columns const>(std::move(made));
}

} // namespace detail

/// An entity, for rows of one type, with the fields of the type's `runtime_field`s at one
/// instance. Created by `bind_fields` or `basic_client::resolve`, and used in place of the entity.
/// For other row types it acts as the entity. Copies share the bindings.
template <entity E, class Row>
class bound_entity : public E {
public:
    using bound_row = Row; ///< the row type whose fields are bound
    using unbound = E;     ///< the entity without the bindings

    /// Use `bind_fields` or `basic_client::resolve` instead.
    bound_entity(E of, std::shared_ptr<detail::bound_columns const> columns)
        : E(std::move(of)), columns_(std::move(columns)) {}

    /// The columns in the order of the described members.
    std::span<detail::column_info const> columns() const { return columns_->infos; }
    /// Keeps the columns alive as long as the pointer.
    std::shared_ptr<void const> owner() const { return columns_; }

private:
    std::shared_ptr<detail::bound_columns const> columns_;
};

namespace detail {

/// The columns of a row type for an entity, as views that are valid as long as `of` or its copies,
/// or for ever.
template <described Row, entity E>
std::span<column_info const> columns_for(E const& of) {
    if constexpr (binds_fields_of<E, Row>)
        return of.columns();
    else
        return columns_of<Row, E>;
}

} // namespace detail

/// The field of a `runtime_field`: `bound_to<&warranty::serial>(976)` is the field with that id.
template <auto Member>
struct bound_to {
    static constexpr auto member = Member; ///< the member that is bound
    bulk::id number = 0;                   ///< of the field; or
    std::string statement; ///< in full: "{{CustomObject[23].Field(Serial_Number1)}}"

    /// By the id of the field.
    explicit bound_to(bulk::id field) : number(field) {}
    /// By the statement of the field, in full.
    explicit bound_to(std::string whole) : statement(std::move(whole)) {}
    /// From a field description of the service; a field without a statement cannot be bound.
    explicit bound_to(field_definition const& f) : statement(f.statement.value_or("{{}}")) {}

    /// The statement of the field, for an entity with this root, such as "CustomObject[23]".
    std::string text(std::string const& root) const {
        return statement.empty() ? "{{" + root + ".Field[" + std::to_string(number) + "]}}"
                                 : statement;
    }
};

namespace detail {

template <class Row, auto Member, bool Declared, bool Once>
struct binding_of_member : compile_time_check {
    static_assert(Declared, "eloqua: bound_to names a member that eloqua_fields does not declare "
                            "as runtime_field");
    static_assert(!Declared || Once, "eloqua: this member is bound twice");
};

template <class Row, fixed_string Member, bool Bound>
struct runtime_field_of_member : compile_time_check {
    static_assert(Bound, "eloqua: this member's field is known only at run time: bind it "
                         "with bulk::bind_fields<Row>(entity, ...) or client.resolve<Row>(entity)");
};

/// The bindings of members of a row type.
template <class Row, class E, auto... Members>
struct bindings {
    static constexpr auto const& columns = columns_of<Row, E>;
    static constexpr std::size_t times_bound(std::size_t column) {
        return (std::size_t(column_index<Row, Members>() == column) + ... + 0);
    }
    static constexpr bool is_runtime(std::size_t column) {
        return column < columns.size() && columns[column].statement.kind == statement_kind::runtime;
    }
    /// The index of the first member without its required binding, or the number of columns.
    static constexpr std::size_t left_out = [] {
        std::size_t i = 0;
        while (i != columns.size() && (!is_runtime(i) || times_bound(i) != 0))
            ++i;
        return i;
    }();
    static consteval bool check() {
        constexpr bool fit =
            (binding_of_member<Row, Members, (is_runtime(column_index<Row, Members>())),
                               (times_bound(column_index<Row, Members>()) == 1)>::checked &&
             ... && true);
        if constexpr (fit && left_out != columns.size())
            return failed_check<runtime_field_of_member, Row, left_out>::checked;
        else
            return fit;
    }
};

} // namespace detail

/// Binds each `runtime_field` of a row type, for an entity of one instance:
///
///     auto const warranties = bulk::bind_fields<warranty>(
///         bulk::custom_object(23), bulk::bound_to<&warranty::serial>(976));
///     for (warranty const& each : client.export_rows<warranty>(warranties))
///
/// Omitting a `runtime_field`, or binding another member, is a compile error. Throws `error` with
/// `errc::invalid_argument` for an id that is not positive, a statement that is not a field or
/// system value of the entity itself, or that is used twice.
template <described Row, entity E, class... Bindings>
[[nodiscard]] bound_entity<E, Row> bind_fields(E const& of, Bindings const&... to) {
    static_assert(detail::bindings<Row, E, Bindings::member...>::check());
    std::string const root = of.statement_root();
    std::vector<std::string> statements(detail::columns_of<Row, E>.size());
    if (((to.statement.empty() && to.number <= 0) || ... || false))
        throw_exception_from_error(
            failure(errc::invalid_argument, "a field's id is positive; a member of " + root +
                                                " is bound to one that is not"),
            BOOST_CURRENT_LOCATION);
    ((statements[detail::column_index<Row, Bindings::member>()] = to.text(root)), ...);
    return {of,
            detail::bind_columns(detail::columns_of<Row, E>, root, std::move(statements)).value()};
}

} // namespace eloqua::bulk

namespace eloqua::bulk::detail {

template <class Row, bool Described>
struct described_row {
    static_assert(Described, "eloqua: the row type is not described; list its members with "
                             "BOOST_DESCRIBE_STRUCT");
    static constexpr bool checked = Described;
};

template <class Row, fixed_string Member, class Type>
struct type_of_member : compile_time_check {
    static_assert(
        field_value<Type>,
        "eloqua: this member's type cannot hold the value of a field; use a text, number, "
        "time, described enum or optional of one, or specialise bulk::value_traits");
};

template <class Row, class Entry, bool Found, bool Once>
struct entry_of_field_map : compile_time_check {
    static_assert(Found, "eloqua: this entry of eloqua_fields names a member that "
                         "BOOST_DESCRIBE_STRUCT does not list");
    static_assert(Once, "eloqua: another entry of eloqua_fields names the same member");
};

template <class Row, fixed_string Member, bool Unique>
struct statement_of_member : compile_time_check {
    static_assert(Unique, "eloqua: this member's statement is mapped to another member already; "
                          "the service would mix up the columns");
};

template <class Row, fixed_string Member, bool OfEntity>
struct root_of_member : compile_time_check {
    static_assert(OfEntity,
                  "eloqua: this member's statement belongs to another entity; one of a related "
                  "entity is written after the row's own, as in "
                  "{{Contact.Account.Field(M_CompanyName)}}");
};

template <class Row, fixed_string Member, bool Unique>
struct name_of_member : compile_time_check {
    static_assert(Unique, "eloqua: two bases of the row have a member of this name, which is the "
                          "name of its column");
};

template <class Row, std::size_t Columns, std::size_t Limit>
struct number_of_columns : compile_time_check {
    static_assert(Columns >= 1, "eloqua: the row has no column that the service accepts");
    static_assert(Columns <= Limit, "eloqua: the row has more columns than a definition may have");
};

template <class Row, std::size_t ContactFields, std::size_t Limit>
struct number_of_contact_fields : compile_time_check {
    static_assert(ContactFields <= Limit, "eloqua: the row has more contact fields than an export "
                                          "of this entity may have");
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

/// A compile error with a message if the row type cannot be exported from `E`.
template <class Row, class E>
consteval bool check_exportable() {
    if constexpr (check_row<Row, E>())
        return number_of_columns<Row, table_of<Row, E>::columns.size(),
                                 limits::export_fields>::checked &&
               number_of_contact_fields<Row, table_of<Row, E>::contact_fields,
                                        contact_fields_per_export_of<E>>::checked;
    return false;
}

/// A compile error with a message if the row type cannot be imported into `E`.
template <class Row, class E>
consteval bool check_importable() {
    if constexpr (check_row<Row, E>())
        return number_of_columns<Row, table_of<Row, E>::importable_columns,
                                 limits::import_fields>::checked;
    return false;
}

template <class Row, auto Member, bool Described, bool Importable>
struct identifier : compile_time_check {
    static_assert(Described, "eloqua: identified_by names a member that is not one of the row's");
    static_assert(!Described || Importable,
                  "eloqua: identified_by names a member that is not among the imported columns");
};

/// A compile error with a message if the identifier is not among the imported columns.
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
