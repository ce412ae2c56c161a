// SPDX-License-Identifier: BSL-1.0
/// \file
/// Filters: conditions that select the rows of an export, such as `where<&person::country> == "BE"
/// && exists(contact_list(12))`, joined by `&&`, `||` and `!`.
///
/// A filter stores nodes. They are rendered in the service's filter language (EEL) when the
/// definition is created, because only then the entity and its statements are known. The type of a
/// filter records only which rows and entities it is for, and whether it can stand beside a
/// segment.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/row/filter_messages.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/sync_actions.hpp>
#include <eloqua/bulk/value.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

enum class filter_node_kind : unsigned char {
    column,    ///< a column of the row, compared with a value
    statement, ///< any statement, compared with a value
    exists,
    status,
    text, ///< text in the service's language
    both,
    either,
    negation
};

struct filter_node {
    filter_node_kind kind;
    statement_kind spelled = statement_kind::field; ///< of a statement
    std::string left = {};                          ///< key of a column, or text of a statement
    std::string_view op = {};
    std::string value = {};
    std::string_view wrong = {}; ///< why it cannot be rendered; empty if it can
    std::size_t children = 0;    ///< of `both` and `either`: at least two, none of the same kind
    bool is_time = false;        ///< the value is a time in UTC
};

/// Joins nodes in prefix order under a common parent.
inline std::vector<filter_node> join(filter_node_kind kind, std::vector<filter_node> a,
                                     std::vector<filter_node> b) {
    if (a.empty() || b.empty()) // moved from
        return a.empty() ? std::move(b) : std::move(a);
    std::size_t const of_b = b.front().kind == kind ? b.front().children : 1;
    if (a.front().kind != kind) {
        a.insert(a.begin(), filter_node{kind});
        a.front().children = 1;
    }
    a.front().children += of_b;
    a.insert(a.end(), std::make_move_iterator(b.begin() + (b.front().kind == kind)),
             std::make_move_iterator(b.end()));
    return a;
}

} // namespace detail

/// A condition on rows of type `Row` in exports of `Entity`. `any_row`: it names no member.
/// `any_entity`: no part is specific to one entity. `with_contact_fields`: it names fields of
/// contacts, which filters of activities cannot have. `with_segment` and `without_segment`
/// separate contact segments from the fields that no filter can combine with them: see `exists`.
///
/// Filters of two row types can be joined if one is a base of the other; filters of two entities
/// cannot. A filter converts to one for fewer rows or entities, and to one whose type says nothing
/// of segments. Both are checked again when the filter is rendered.
template <class Row, class Entity = detail::any_entity>
class filter {
public:
    using row = Row;            ///< the row type it is for
    using restriction = Entity; ///< the entity it is for
    explicit filter(detail::filter_node node) { nodes_.push_back(std::move(node)); } ///< one node
    /// Takes nodes in prefix order.
    explicit filter(std::vector<detail::filter_node> nodes) : nodes_(std::move(nodes)) {}
    /// Converts to a filter for fewer rows or entities.
    template <class R, class E>
        requires(!std::same_as<filter<R, E>, filter> &&
                 std::same_as<detail::narrower_row<R, Row>, Row> &&
                 detail::restricts_more<E, Entity>)
    filter(filter<R, E> f) : nodes_(std::move(f).release()) {}
    /// Lets a variable declared `auto` accept every filter that it would accept if its type said
    /// nothing of segments.
    template <class R, class E>
        requires(!detail::restricts_more<E, Entity> &&
                 detail::segments_of<Entity> == detail::segment_use::excluded &&
                 std::convertible_to<filter<R, E>, filter<Row, detail::restricted_entity<Entity>>>)
    filter& operator=(filter<R, E> f) {
        nodes_ = std::move(f).release();
        return *this;
    }

    /// The nodes in prefix order.
    std::vector<detail::filter_node> const& nodes() const { return nodes_; }
    std::vector<detail::filter_node> release() && { return std::move(nodes_); } ///< moves them out

private:
    std::vector<detail::filter_node> nodes_;
};

/// Passed in place of a filter: selects every row.
struct all_rows_t {};
inline constexpr all_rows_t all_rows{}; ///< the one value of the type

namespace detail {

template <class R1, class E1, class R2, class E2>
using joined_filter =
    filter<first_known<narrower_row<R1, R2>, R1>, first_known<narrower_entity<E1, E2>, E1>>;

} // namespace detail

/// Whether two filters can be joined; by AND only, if one has a contact segment.
template <class A, class B>
concept combinable =
    !std::is_void_v<detail::narrower_row<typename A::row, typename B::row>> &&
    !std::is_void_v<detail::narrower_entity<typename A::restriction, typename B::restriction>>;

/// Join and negate filters. Filters that cannot be combined are a compile error. A filter with a
/// contact segment can only be joined by `&&`.
template <class R1, class E1, class R2, class E2>
[[nodiscard]] detail::joined_filter<R1, E1, R2, E2> operator&&(filter<R1, E1> a, filter<R2, E2> b) {
    static_assert(detail::joined_filters_fit<R1, E1, R2, E2>);
    static_assert(detail::segments_fit<E1, E2>);
    return detail::joined_filter<R1, E1, R2, E2>(detail::join(
        detail::filter_node_kind::both, std::move(a).release(), std::move(b).release()));
}
/// As above: rows that match either filter.
template <class R1, class E1, class R2, class E2>
[[nodiscard]] detail::joined_filter<R1, E1, R2, E2> operator||(filter<R1, E1> a, filter<R2, E2> b) {
    static_assert(detail::joined_filters_fit<R1, E1, R2, E2>);
    static_assert(detail::has_no_segment<E1> && detail::has_no_segment<E2>);
    return detail::joined_filter<R1, E1, R2, E2>(detail::join(
        detail::filter_node_kind::either, std::move(a).release(), std::move(b).release()));
}
/// Rows that do not match a filter.
template <class Row, class Entity>
[[nodiscard]] filter<Row, Entity> operator!(filter<Row, Entity> a) {
    static_assert(detail::has_no_segment<Entity>);
    std::vector<detail::filter_node> nodes = std::move(a).release();
    if (!nodes.empty())
        nodes.insert(nodes.begin(), detail::filter_node{detail::filter_node_kind::negation});
    return filter<Row, Entity>(std::move(nodes));
}

/// A filter in the service's own language, sent as it is. Only its length, its UTF-8 encoding, and
/// that it is not blank are checked.
template <class Row = detail::any_row>
[[nodiscard]] filter<Row> unchecked_filter(std::string text) {
    detail::filter_node node{detail::filter_node_kind::text};
    node.value = std::move(text);
    return filter<Row>(std::move(node));
}

namespace detail {

inline constexpr std::string_view without_text =
    "its value is not a finite number, an enumerator, or a date of the years 0 to 9999";

/// Sets the node's value for a comparison with type `T`.
template <class T, class V>
void write_value(filter_node& node, V const& v) {
    bool written = true;
    if constexpr (std::same_as<T, any_value>) {
        write_value<compared_type_t<V>>(node, v);
    } else if constexpr (wrapped<T> && std::same_as<T, V>) {
        write_value<compared_type_t<wrapped_type<T>>>(node, v.*wrapped_value<T>::member);
    } else if constexpr (wrapped<T>) {
        write_value<compared_type_t<wrapped_type<T>>>(node, v);
    } else if constexpr (std::same_as<T, std::string_view>) {
        node.value = std::string_view(v);
    } else if constexpr (std::is_arithmetic_v<T>) { // unchanged: no narrowing
        written = value_traits<V>::write(v, node.value);
    } else if constexpr (is_time_value<V>) { // unchanged: a conversion might overflow
        node.is_time = true;
        written = value_traits<V>::write(v, node.value);
        if constexpr (std::same_as<T, std::chrono::year_month_day>)
            node.value.resize(std::min<std::size_t>(node.value.size(), 10));
        if constexpr (V::period::den > 1000)
            if (v.time_since_epoch().count() % (V::period::den / 1000) != 0)
                node.wrong = "its time is finer than milliseconds";
    } else {
        written = value_traits<T>::write(T(v), node.value);
    }
    if (!written)
        node.wrong = without_text;
}

/// Whether a range ends before it begins. Only the service knows how it orders text.
template <class A, class B>
bool ends_early(A const& begin, B const& end) {
    if constexpr (wrapped<A>)
        return ends_early(begin.*wrapped_value<A>::member, end);
    else if constexpr (wrapped<B>)
        return ends_early(begin, end.*wrapped_value<B>::member);
    else if constexpr (integer<A> && integer<B>)
        return std::cmp_less(end, begin);
    else if constexpr (std::is_arithmetic_v<A> && std::is_arithmetic_v<B>)
        return static_cast<long double>(end) < static_cast<long double>(begin);
    else if constexpr (is_time_value<A> && is_time_value<B>)
        return std::chrono::duration<long double>(end.time_since_epoch()) <
               std::chrono::duration<long double>(begin.time_since_epoch());
    else if constexpr (!text_value<A> && std::same_as<A, B> && requires(A a) {
                           { a < a } -> std::convertible_to<bool>;
                       })
        return end < begin;
    else
        return false;
}

/// Appends text as a LIKE pattern that matches only that text.
inline void append_plain(std::string& pattern, std::string_view text) {
    for (char const c : text) {
        bool const wild = c == '%' || c == '_' || c == '[';
        pattern += wild ? "[" : "";
        pattern += c;
        pattern += wild ? "]" : "";
    }
}

} // namespace detail

/// The subject of a condition; created by `where`, `where_field`, `where_attribute`,
/// `where_statement` and `where_column`. Compare it with `==`, `!=`, `<`, `<=`, `>`, `>=` or the
/// functions below. Its value type decides what it compares with, see `comparable_with`; other
/// comparisons are compile errors.
///
/// As documented, or as known of SQL Server: text comparison ignores case. A blank value differs
/// from every number and time, and is neither less nor greater. Times are sent in UTC, as the
/// service expects. If `export_options::system_timestamps_in_utc` is off, an export refuses to
/// compare them with the service's own times.
///
/// If a value cannot be rendered, the export fails with `errc::invalid_filter`: text with `'`,
/// control characters, `{{` or `}}`, or invalid UTF-8, numbers that are not finite, times finer
/// than milliseconds.
template <class Subject>
class condition_on {
    using type = typename Subject::type;
    static constexpr bool takes_patterns = detail::pattern_of_text<
        Subject, type,
        detail::one_of<detail::plain_type_t<type>, std::string_view, detail::any_value>>::checked;

public:
    /// The type of the resulting conditions.
    using filter_type = filter<typename Subject::row, typename Subject::restriction>;
    using value_type = type; ///< the type that `comparable_with` checks
    constexpr condition_on() = default;
    constexpr explicit condition_on(Subject on) : on_(std::move(on)) {} ///< see `where_column`

    /// @{
    /// Compares the subject with a value.
    template <class V>
    friend filter_type operator==(condition_on const& c, V const& v) {
        return c.compare("=", v);
    }
    template <class V>
    friend filter_type operator!=(condition_on const& c, V const& v) {
        return c.compare("!=", v);
    }
    template <class V>
    friend filter_type operator<(condition_on const& c, V const& v) {
        return c.compare_order("<", v);
    }
    template <class V>
    friend filter_type operator<=(condition_on const& c, V const& v) {
        return c.compare_order("<=", v);
    }
    template <class V>
    friend filter_type operator>(condition_on const& c, V const& v) {
        return c.compare_order(">", v);
    }
    template <class V>
    friend filter_type operator>=(condition_on const& c, V const& v) {
        return c.compare_order(">=", v);
    }
    /// @}
    /// Matches a pattern of SQL Server's LIKE: `%` is any text, `_` one character, `[a-c]` one of
    /// these characters, `[^a-c]` any other character. For text only, like the next three
    /// functions.
    [[nodiscard]] filter_type like(std::string_view pattern) const {
        static_assert(takes_patterns);
        return fits(std::string(pattern));
    }
    /// @{
    /// Wildcards in the text match themselves.
    [[nodiscard]] filter_type starts_with(std::string_view text) const {
        static_assert(takes_patterns);
        return around("", text, "%");
    }
    [[nodiscard]] filter_type contains(std::string_view text) const {
        static_assert(takes_patterns);
        return around("%", text, "%");
    }
    [[nodiscard]] filter_type ends_with(std::string_view text) const {
        static_assert(takes_patterns);
        return around("%", text, "");
    }
    /// @}
    /// Tests for a blank value.
    [[nodiscard]] filter_type is_blank() const {
        detail::filter_node node = on_.node();
        node.op = "=";
        return filter_type(std::move(node));
    }

    /// Equals one of several values. An empty list is an error of the export: an accidentally
    /// empty one would match no row, or all rows if negated.
    template <class Values>
    [[nodiscard]] filter_type in(Values const& values) const {
        std::vector<detail::filter_node> nodes;
        for (auto const& each : values) {
            filter_type one = *this == each;
            nodes = nodes.empty() ? std::move(one).release()
                                  : detail::join(detail::filter_node_kind::either, std::move(nodes),
                                                 std::move(one).release());
        }
        if (nodes.empty()) {
            nodes.push_back(on_.node());
            nodes.back().wrong = "in() has no values";
        }
        return filter_type(std::move(nodes));
    }
    /// As above.
    template <class V>
    [[nodiscard]] filter_type in(std::initializer_list<V> values) const {
        return in<std::initializer_list<V>>(values);
    }

    /// `begin <= value < end`, so that consecutive time ranges share no row. An empty range is
    /// legal and matches no row; a range that ends before it begins is an error of the export.
    template <class A, class B>
    [[nodiscard]] filter_type between(A const& begin, B const& end) const {
        filter_type from = compare_order(">=", begin);
        filter_type to = compare_order("<", end);
        std::vector<detail::filter_node> nodes = detail::join(
            detail::filter_node_kind::both, std::move(from).release(), std::move(to).release());
        if (detail::ends_early(begin, end))
            nodes.back().wrong = "its range ends before it begins";
        return filter_type(std::move(nodes));
    }

private:
    template <class V>
    filter_type compare(std::string_view op, V const& v) const {
        detail::filter_node node = on_.node();
        node.op = op;
        static_assert(
            detail::compared<Subject, type, V, detail::comparable_with<V, type>>::checked);
        if constexpr (detail::comparable_with<V, type>)
            detail::write_value<type>(node, v);
        return filter_type(std::move(node));
    }
    template <class V>
    filter_type compare_order(std::string_view op, V const& v) const {
        using compared = std::conditional_t<std::same_as<type, detail::any_value>, V, type>;
        static_assert(detail::ordered<Subject, compared, detail::ordered_value<compared>>::checked);
        return compare(op, v);
    }
    filter_type fits(std::string pattern) const {
        detail::filter_node node = on_.node();
        node.op = "~";
        node.value = std::move(pattern);
        return filter_type(std::move(node));
    }
    filter_type around(std::string_view before, std::string_view text,
                       std::string_view after) const {
        std::string pattern(before);
        detail::append_plain(pattern, text);
        pattern += after;
        return fits(std::move(pattern));
    }

    [[no_unique_address]] Subject on_ = {};
};

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

/// Whether a map assigns a member a field of contacts.
template <class Row, auto Member>
consteval bool maps_contact_field() {
    if constexpr (described<Row>)
        for (map_entry const& each : joined_map<Row, activities_t>::value)
            if (each.member == id_of_member<Member>)
                return is_contact_field(each.spelled);
    return false;
}

/// Whether a map assigns a member, for contacts, a field that cannot stand beside a segment. A
/// member that the map does not mention may be in the map of a derived row.
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

/// A member as the subject of a condition.
template <auto Member>
struct member_of_row {
    using row = typename member_pointer<decltype(Member)>::row;
    using type = compared_type_t<typename member_pointer<decltype(Member)>::type>;
    // Activities are the entities that cannot have such fields in filters.
    using restriction = restriction_of<restriction_by<maps_contact_field<row, Member>()>,
                                       segments_by(maps_apart_from_segments<row, Member>())>;

    static filter_node node() {
        filter_node made{filter_node_kind::column};
        made.left = key_of_member<row, Member>();
        return made;
    }
};

/// The first of the given entities whose statements begin like this one; `any_entity` if there is
/// none.
template <fixed_string Text, class... Entities>
struct entity_of_statement {
    using type = any_entity;
};
template <fixed_string Text, class First, class... Others>
struct entity_of_statement<Text, First, Others...>
    : std::conditional_t<is_root_of<First>(Text), std::type_identity<First>,
                         entity_of_statement<Text, Others...>> {};

/// A statement as the subject of a condition.
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
    // A contact's field of an entity that does not accept one fits no export.
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

/// Starts a condition on a member of a row: `where<&person::country> == "BE"`. An optional member
/// or a strong typedef compares like the type it holds. See `condition_on`.
template <auto Member>
inline constexpr condition_on<detail::member_of_row<Member>> where{};

/// Starts a condition on a field that need not be in the row, by its internal name and the type of
/// its values: `where_field<"C_Country", std::string> == "BE"`.
template <fixed_string Name, class Value>
inline constexpr condition_on<detail::statement_by_name<statement_kind::field, Name, Value>>
    where_field{};

/// As above, for a system value: `where_attribute<"UpdatedAt", std::chrono::sys_seconds> >=
/// since`.
template <fixed_string Name, class Value>
inline constexpr condition_on<detail::statement_by_name<statement_kind::attribute, Name, Value>>
    where_attribute{};

/// As above, for a full statement, `where_statement<"{{Contact.Account.Field(M_Country)}}",
/// std::string>`. It filters exports of the entity that the statement begins with.
template <fixed_string Text, class Value>
inline constexpr condition_on<detail::statement_by_name<statement_kind::verbatim, Text, Value>>
    where_statement{};

namespace detail {

template <fixed_string Kind>
inline constexpr bool holds_contacts =
    Kind.view() == "ContactList" || Kind.view() == "ContactSegment" ||
    Kind.view() == "ContactFilter";

} // namespace detail

/// Selects the members of a contact list, segment or filter, in exports of contacts, or of an
/// account list, in exports of accounts. A filter can have one EXISTS or STATUS at most.
///
/// Beside a segment (but not a list or filter), the service accepts at most two conditions, joined
/// by `&&`, on the dates `{{Contact.UpdatedAt}}`, `{{Contact.CreatedAt}}`,
/// `{{Contact.Field(C_DateModified)}}` and `{{Contact.Field(C_DateCreated)}}` (release notes of
/// 19B). Other filters are compile errors if their types tell what they compare; otherwise the
/// export fails with `errc::invalid_filter`.
template <fixed_string Kind>
[[nodiscard]] auto exists(numbered_container<Kind> const& in) {
    constexpr bool of_contacts = detail::holds_contacts<Kind>;
    static_assert(detail::container_in_filter < Kind,
                  of_contacts || Kind.view() == "AccountList" > ::checked);
    detail::filter_node node{detail::filter_node_kind::exists};
    node.left = in.statement();
    using of = std::conditional_t<of_contacts, contacts_t, accounts_t>;
    constexpr bool segment = Kind.view() == "ContactSegment";
    return filter<detail::any_row, std::conditional_t<segment, detail::with_segment, of>>(
        std::move(node));
}

/// Activities of one type. Exports of `activities_of` include this filter automatically.
[[nodiscard]] inline filter<detail::any_row, activities_t> activity_type_is(activity_type type) {
    return filter<detail::any_row, activities_t>(
        (where_attribute<"Type", activity_type> == type).nodes());
}

/// The subject returned by `status`; compare it with `==` and `!=`.
class condition_on_status {
public:
    /// For `status`.
    explicit condition_on_status(std::string of, bool connector = false)
        : of_(std::move(of)), connector_(connector) {}
    /// Compares the status.
    template <class Value>
    friend filter<detail::any_row> operator==(condition_on_status const& c, Value const& v) {
        detail::filter_node node{detail::filter_node_kind::status};
        node.left = c.of_;
        static_assert(detail::compared_status<Value, std::same_as<Value, member_status>>::checked);
        if constexpr (std::same_as<Value, member_status>) {
            node.value = boost::describe::enum_to_string(v, "");
            if (c.connector_ && v != member_status::active && v != member_status::pending)
                node.wrong = "a cloud connector has only the statuses active and pending";
            if (node.value.empty())
                node.wrong = "it is not a status";
        }
        return filter<detail::any_row>(std::move(node));
    }
    /// As above.
    template <class Value>
    friend filter<detail::any_row> operator!=(condition_on_status const& c, Value const& v) {
        return !(c == v);
    }

private:
    std::string of_;
    bool connector_;
};

/// Starts a condition on the status of records in an instance of an app's service, or in one
/// execution of it: `status(app_action(guid, 12345)) == member_status::pending`. Exports of
/// campaign responses require one. A filter can have one EXISTS or STATUS at most.
template <fixed_string Kind>
[[nodiscard]] condition_on_status status(service_instance<Kind> const& in) {
    return condition_on_status(in.statement());
}
/// As above, for a legacy cloud connector, whose records are `active` or `pending`.
[[nodiscard]] inline condition_on_status status(cloud_connector const& in) {
    return condition_on_status(in.statement(), true);
}

} // namespace eloqua::bulk
