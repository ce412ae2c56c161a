// SPDX-License-Identifier: BSL-1.0
/// \file
/// What filters are made of: `where<&person::country> == "BE" && exists(contact_list(12))`.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/condition.hpp>
#include <eloqua/bulk/schema/containers.hpp>
#include <eloqua/bulk/schema/entity.hpp>
#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/filter.hpp>
#include <eloqua/bulk/schema/filter_checks.hpp>
#include <eloqua/bulk/schema/fixed_string.hpp>
#include <eloqua/bulk/schema/members.hpp>
#include <eloqua/bulk/schema/sync_action.hpp>
#include <eloqua/bulk/schema/value.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

namespace detail {

template <class Row, auto Member>
consteval std::string_view key_of_member() {
    if constexpr (described<Row>) {
        using members = member_list<row_members<Row>>;
        constexpr std::size_t at = column_index<Row, Member>();
        static_assert(member_of_filter < Row, Member, true, at != members::size > ::checked);
        return at == members::size ? std::string_view() : members::names[at];
    } else {
        static_assert(member_of_filter<Row, Member, false, false>::checked);
        return {};
    }
}

/// Whether a map gives a member a field of contacts.
template <class Row, auto Member>
consteval bool maps_contact_field() {
    if constexpr (described<Row>)
        for (map_entry const& each : joined_map<Row, activities_t>::value)
            if (each.member == id_of_member<Member>)
                return is_contact_field(each.spelled);
    return false;
}

/// Whether a map gives a member, for contacts, what cannot stand beside a segment. A member that it
/// does not mention may be in the map of a derived row.
template <class Row, auto Member>
consteval bool maps_apart_from_segments() {
    if constexpr (described<Row>)
        for (map_entry const& each : joined_map<Row, contacts_t>::value)
            if (each.member == id_of_member<Member>)
                return !may_stand_beside_segment(each.spelled);
    return false;
}

template <bool ContactField>
using restriction_by = std::conditional_t<ContactField, with_contact_fields, any_entity>;
constexpr segment_use segments_by(bool apart_from_segments) {
    return apart_from_segments ? segment_use::excluded : segment_use::untold;
}

/// A member, as what a condition is on.
template <auto Member>
struct member_of_row {
    using row = typename member_pointer<decltype(Member)>::row;
    using type = compared_type_t<typename member_pointer<decltype(Member)>::type>;
    // The entities that cannot have such fields in filters are the activities.
    using restriction = restriction_of<restriction_by<maps_contact_field<row, Member>()>,
                                       segments_by(maps_apart_from_segments<row, Member>())>;

    static filter_node node() {
        filter_node made{filter_node_kind::column};
        made.left = key_of_member<row, Member>();
        return made;
    }
};

/// The first of some entities whose statements begin like this one; `any_entity` if there is none.
template <fixed_string Text, class... Entities>
struct entity_of_statement {
    using type = any_entity;
};
template <fixed_string Text, class First, class... Others>
struct entity_of_statement<Text, First, Others...>
    : std::conditional_t<is_root_of<First>(Text), std::type_identity<First>,
                         entity_of_statement<Text, Others...>> {};

/// A statement, as what a condition is on.
template <statement_kind Kind, fixed_string Text, class Value>
struct statement_by_name {
    static constexpr bool spelled = is_spelled_well({Kind, Text});
    static_assert(statement_of_filter<Text, spelled>::checked);
    static_assert(value_of_filter<Text, Value>::checked);
    static constexpr bool of_contact = spelled && is_contact_field({Kind, Text});
    static constexpr bool apart = spelled && !may_stand_beside_segment({Kind, Text});
    static consteval auto root() {
        if constexpr (spelled && Kind == statement_kind::verbatim)
            return entity_of_statement<Text, contacts_t, accounts_t, activities_t,
                                       campaign_responses_t, custom_object, event>();
        else
            return std::type_identity<any_entity>();
    }
    using row = any_row;
    using type = compared_type_t<Value>;
    using entity_type = typename decltype(root())::type;
    // A contact's field of an entity that takes none is for no export at all.
    using restriction = restriction_of<
        first_known<narrower_entity<entity_type, restriction_by<of_contact>>, with_contact_fields>,
        segments_by(apart)>;

    static filter_node node() {
        filter_node made{filter_node_kind::statement};
        made.spelled = Kind;
        made.left = Text;
        return made;
    }
};

} // namespace detail

/// Begins a condition on a member of a row: `where<&person::country> == "BE"`. An optional member
/// compares as what it holds, and so does a strong typedef. See `condition_on`.
template <auto Member>
inline constexpr condition_on<detail::member_of_row<Member>> where{};

/// Begins a condition on a field that the row need not have, by its internal name and the type of
/// its values: `where_field<"C_Country", std::string> == "BE"`.
template <fixed_string Name, class Value>
inline constexpr condition_on<detail::statement_by_name<statement_kind::field, Name, Value>>
    where_field{};

/// As above, for a system value: `where_attribute<"UpdatedAt", std::chrono::sys_seconds> >= since`.
template <fixed_string Name, class Value>
inline constexpr condition_on<detail::statement_by_name<statement_kind::attribute, Name, Value>>
    where_attribute{};

/// As above, for a statement in full, `where_statement<"{{Contact.Account.Field(M_Country)}}",
/// std::string>`. It filters exports of the entity with which it begins.
template <fixed_string Text, class Value>
inline constexpr condition_on<detail::statement_by_name<statement_kind::verbatim, Text, Value>>
    where_statement{};

namespace detail {

template <fixed_string Kind>
inline constexpr bool holds_contacts =
    Kind.view() == "ContactList" || Kind.view() == "ContactSegment" ||
    Kind.view() == "ContactFilter";

} // namespace detail

/// Members of a contact list, segment or filter, in exports of contacts, or of an account list, in
/// exports of accounts. A filter has one EXISTS or STATUS at most.
///
/// Beside a segment, not a list or filter, the service takes no more than two conditions, joined by
/// `&&`, on the dates `{{Contact.UpdatedAt}}`, `{{Contact.CreatedAt}}`,
/// `{{Contact.Field(C_DateModified)}}` and `{{Contact.Field(C_DateCreated)}}` (release notes of
/// 19B). Other filters do not compile where types tell what is compared; else they make the export
/// fail with `errc::invalid_filter`.
template <fixed_string Kind>
[[nodiscard]] auto exists(numbered_container<Kind> const& in) {
    constexpr bool of_contacts = detail::holds_contacts<Kind>;
    static_assert(detail::container_in_filter < Kind,
                  of_contacts || Kind.view() == "AccountList" > ::checked);
    detail::filter_node node{detail::filter_node_kind::exists};
    node.left = in.statement();
    using of = std::conditional_t<of_contacts, contacts_t, accounts_t>;
    constexpr bool segment = Kind.view() == "ContactSegment";
    return filter<any_row, std::conditional_t<segment, with_segment, of>>(std::move(node));
}

/// Activities of one type. `activities_of` exports have this filter anyway.
[[nodiscard]] inline filter<any_row, activities_t> activity_type_is(activity_type type) {
    return filter<any_row, activities_t>((where_attribute<"Type", activity_type> == type).nodes());
}

/// What `status` begins; it is compared with `==` and `!=`.
class condition_on_status {
public:
    explicit condition_on_status(std::string of, bool connector = false)
        : of_(std::move(of)), connector_(connector) {}

    template <class Value>
    friend filter<any_row> operator==(condition_on_status const& c, Value const& v) {
        detail::filter_node node{detail::filter_node_kind::status};
        node.left = c.of_;
        static_assert(detail::compared_status<Value, std::same_as<Value, member_status>>::checked);
        if constexpr (std::same_as<Value, member_status>) {
            node.value = boost::describe::enum_to_string(v, "");
            if (c.connector_ && v != member_status::active && v != member_status::pending)
                node.wrong = "a cloud connector knows active and pending alone";
            if (node.value.empty())
                node.wrong = "it is not a status";
        }
        return filter<any_row>(std::move(node));
    }
    template <class Value>
    friend filter<any_row> operator!=(condition_on_status const& c, Value const& v) {
        return !(c == v);
    }

private:
    std::string of_;
    bool connector_;
};

/// Begins a condition on the status that records have in an instance of an app's service, or in one
/// execution of it: `status(app_action(guid, 12345)) == member_status::pending`. Exports of
/// campaign responses need one. A filter has one EXISTS or STATUS at most.
template <fixed_string Kind>
[[nodiscard]] condition_on_status status(service_instance<Kind> const& in) {
    return condition_on_status(in.statement());
}
/// As above, for an old cloud connector, whose records are `active` or `pending`.
[[nodiscard]] inline condition_on_status status(cloud_connector const& in) {
    return condition_on_status(in.statement(), true);
}

} // namespace eloqua::bulk
