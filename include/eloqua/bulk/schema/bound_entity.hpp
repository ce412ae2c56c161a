// SPDX-License-Identifier: BSL-1.0
/// \file
/// Entities with the fields of members that only the running program knows: `runtime_field`.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/fixed_string.hpp>
#include <eloqua/bulk/schema/members.hpp>

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

/// Columns of which some have statements of their own.
struct bound_columns {
    std::vector<std::string> statements; ///< by column; empty for those that the map names
    std::vector<column_info> infos;
};

/// Whether this is the statement of a field of the entity itself, by its name or its id.
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

/// Whether this is the statement of a value that every record has. Lists of the fields of custom
/// objects hold these among the fields.
inline bool is_system_value(std::string const& root, std::string_view statement) {
    return std::ranges::any_of(
        std::to_array<std::string_view>({"Id", "ExternalId", "CreatedAt", "UpdatedAt"}),
        [&](std::string_view name) {
            return statement == "{{" + root + '.' + std::string(name) + "}}";
        });
}

/// Gives columns their statements, one for each, empty for those that stay as they are.
/// Error: `errc::invalid_argument` for one that is not a field or system value of the entity, or
/// stands twice.
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
                                   made->statements[i] + "; the service would shuffle them");
    return std::shared_ptr<bound_columns const>(std::move(made));
}

} // namespace detail

/// An entity, for rows of one type, with what the type's `runtime_field`s stand for at one
/// instance: made by `bind_fields` or `basic_client::resolve`, and used in place of the entity.
/// Other types of rows see the entity alone. Copies share what is bound.
template <entity E, class Row>
class bound_entity : public E {
public:
    using bound_row = Row;
    using unbound = E;

    bound_entity(E of, std::shared_ptr<detail::bound_columns const> columns)
        : E(std::move(of)), columns_(std::move(columns)) {}

    /// In the order of the described members.
    std::span<column_info const> columns() const { return columns_->infos; }
    std::shared_ptr<void const> owner() const { return columns_; }

private:
    std::shared_ptr<detail::bound_columns const> columns_;
};

/// The columns of a row type for an entity, as views of what `of` shares, or for ever.
template <described Row, entity E>
std::span<column_info const> columns_for(E const& of) {
    if constexpr (detail::binds_fields_of<E, Row>)
        return of.columns();
    else
        return columns_of<Row, E>;
}

/// What a `runtime_field` stands for: `bound_to<&warranty::serial>(976)` is the field of that id.
template <auto Member>
struct bound_to {
    static constexpr auto member = Member;
    bulk::id number = 0;   ///< of the field; or
    std::string statement; ///< in full: "{{CustomObject[23].Field(Serial_Number1)}}"

    explicit bound_to(bulk::id field) : number(field) {}
    explicit bound_to(std::string whole) : statement(std::move(whole)) {}
    /// From what the service tells of a field; one without a statement cannot be bound.
    explicit bound_to(field_definition const& f) : statement(f.statement.value_or("{{}}")) {}

    std::string text(std::string const& root) const {
        return statement.empty() ? "{{" + root + ".Field[" + std::to_string(number) + "]}}"
                                 : statement;
    }
};

namespace detail {

template <class Row, auto Member, bool Declared, bool Once>
struct binding_of_member {
    static_assert(Declared, "eloqua: bound_to names a member that eloqua_fields does not declare "
                            "as runtime_field");
    static_assert(!Declared || Once, "eloqua: this member is bound twice");
    static constexpr bool checked = true;
};

template <class Row, fixed_string Member, bool Bound>
struct runtime_field_of_member {
    static_assert(Bound,
                  "eloqua: this member's field is known only when the program runs: bind it, "
                  "by bulk::bind_fields<Row>(entity, ...) or client.resolve<Row>(entity)");
    static constexpr bool checked = true;
};

/// Bindings of some members of a row type.
template <class Row, class E, auto... Members>
struct bindings {
    static constexpr auto const& columns = columns_of<Row, E>;
    static constexpr std::size_t times_bound(std::size_t column) {
        return (std::size_t(column_index<Row, Members>() == column) + ... + 0);
    }
    static constexpr bool is_runtime(std::size_t column) {
        return column < columns.size() && columns[column].statement.kind == statement_kind::runtime;
    }
    /// The first member to be bound that is not, or the number of columns.
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
/// A member left out, or one that is not a `runtime_field`, does not compile. Throws `error` with
/// `errc::invalid_argument` for an id that is not positive, a statement of anything but a field or
/// system value of the entity itself, or one that stands twice.
template <described Row, entity E, class... Bindings>
[[nodiscard]] bound_entity<E, Row> bind_fields(E const& of, Bindings const&... to) {
    static_assert(detail::bindings<Row, E, Bindings::member...>::check());
    std::string const root = of.statement_root();
    std::vector<std::string> statements(columns_of<Row, E>.size());
    if (((to.statement.empty() && to.number <= 0) || ... || false))
        throw_exception_from_error(
            failure(errc::invalid_argument, "a field's id is positive; a member of " + root +
                                                " is bound to one that is not"),
            BOOST_CURRENT_LOCATION);
    ((statements[detail::column_index<Row, Bindings::member>()] = to.text(root)), ...);
    return {of, detail::bind_columns(columns_of<Row, E>, root, std::move(statements)).value()};
}

} // namespace eloqua::bulk
