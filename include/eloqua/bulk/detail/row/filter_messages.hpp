// SPDX-License-Identifier: BSL-1.0
/// \file
/// Compile-time checks of filters: which rows and entities a filter is for, and which values a
/// member can be compared with. Each check fails in a template whose name and arguments state the
/// condition and the types.
#pragma once

#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/value.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace eloqua::bulk {
struct export_options;
}

namespace eloqua::bulk::detail {

/// The row of a filter that names no member.
struct any_row {};
/// The entity of a filter that can be used for all entities.
struct any_entity {};
/// The entity of a filter with contact fields, for entities whose filters always allow them.
struct with_contact_fields {};
/// Contacts, for filters on the members of a contact segment: see `exists`.
struct with_segment {};
/// An entity, for filters on a field that cannot be combined with a contact segment.
template <class Entity = any_entity>
struct without_segment {};

/// How a restriction relates to contact segments.
enum class segment_use : unsigned char { untold, held, excluded };

template <class Restriction>
struct restricted_to {
    using entity = Restriction;
    static constexpr segment_use segments = segment_use::untold;
};
template <>
struct restricted_to<with_segment> {
    using entity = contacts_t;
    static constexpr segment_use segments = segment_use::held;
};
template <class E>
struct restricted_to<without_segment<E>> {
    using entity = E;
    static constexpr segment_use segments = segment_use::excluded;
};
/// The entity of a restriction, ignoring segments.
template <class Restriction>
using restricted_entity = typename restricted_to<Restriction>::entity;
template <class Restriction>
inline constexpr segment_use segments_of = restricted_to<Restriction>::segments;

/// The reverse: combines entity and segment use. Entities without segments ignore the latter.
template <class E, segment_use Segments>
using restriction_of = std::conditional_t<
    Segments == segment_use::held, with_segment,
    std::conditional_t<Segments == segment_use::excluded &&
                           (std::same_as<E, any_entity> || std::derived_from<E, contacts_t>),
                       without_segment<E>, E>>;

/// The type of a value that is compared as itself: text, or by `value_traits`.
struct any_value {};

template <class T>
struct compared_type {
    using type = T;
};
template <class T>
struct compared_type<std::optional<T>> : compared_type<T> {};
template <class T>
    requires(!wrapped<T> && std::convertible_to<T const&, std::string_view>)
struct compared_type<T> {
    using type = std::string_view;
};
/// A member's type without `optional`, and `std::string_view` for all texts. A strong typedef
/// stays, since its own values compare with it.
template <class T>
using compared_type_t = typename compared_type<T>::type;

template <class T>
struct plain_type : compared_type<T> {};
template <class T>
    requires wrapped<compared_type_t<T>>
struct plain_type<T> : plain_type<wrapped_type<compared_type_t<T>>> {};
/// As above; for strong typedefs the underlying type.
template <class T>
using plain_type_t = typename plain_type<T>::type;

template <class V>
concept text_value =
    std::convertible_to<V const&, std::string_view> && !std::same_as<V, std::nullptr_t>;

template <class Any, class A, class B>
consteval auto narrower() {
    if constexpr (std::same_as<A, B> || std::same_as<B, Any> || std::derived_from<A, B>)
        return std::type_identity<A>();
    else if constexpr (std::same_as<A, Any> || std::derived_from<B, A>)
        return std::type_identity<B>();
    else
        return std::type_identity<void>();
}

/// Whether all columns of a base are columns of a row. A column is missing if a member of the row
/// hides it, or if the row does not describe the base. A row keeps the order of its bases' columns.
template <class Row, class Base>
consteval bool has_columns_of() {
    if constexpr (!std::same_as<Row, Base> && described<Row> && described<Base>) {
        using of_base = member_list<row_members<Base>>;
        std::size_t found = 0;
        for (member_id const each : member_list<row_members<Row>>::ids)
            found += found != of_base::size && each == of_base::ids[found];
        return found == of_base::size;
    } else {
        return true;
    }
}

template <class A, class B>
consteval auto narrower_of_rows() {
    using row = typename decltype(narrower<any_row, A, B>())::type;
    if constexpr (std::is_void_v<row> || std::same_as<A, any_row> || std::same_as<B, any_row>)
        return std::type_identity<row>();
    else
        return std::type_identity<
            std::conditional_t<has_columns_of<row, A>() && has_columns_of<row, B>(), row, void>>();
}
/// The row type for which both filters can be used; void if no row type has the members of both.
template <class A, class B>
using narrower_row = typename decltype(narrower_of_rows<A, B>())::type;

/// Whether only columns that the derived row lacks prevent such a row.
template <class A, class B>
concept lacks_columns = std::is_void_v<narrower_row<A, B>> &&
                        !std::is_void_v<typename decltype(narrower<any_row, A, B>())::type>;

template <class A, class B>
consteval auto narrower_of_entities() {
    if constexpr (entity<A> && std::same_as<B, with_contact_fields>)
        return std::type_identity<std::conditional_t<takes_contact_fields<A>, A, void>>();
    else if constexpr (entity<B> && std::same_as<A, with_contact_fields>)
        return std::type_identity<std::conditional_t<takes_contact_fields<B>, B, void>>();
    else
        return narrower<any_entity, A, B>();
}

/// Whether one filter has a contact segment that cannot be combined with the other.
template <class A, class B>
inline constexpr bool meets_segment =
    (segments_of<A> == segment_use::held && segments_of<B> == segment_use::excluded) ||
    (segments_of<A> == segment_use::excluded && segments_of<B> == segment_use::held);

template <class A, class B>
consteval auto narrower_restriction() {
    using of =
        typename decltype(narrower_of_entities<restricted_entity<A>, restricted_entity<B>>())::type;
    if constexpr (std::is_void_v<of> || meets_segment<A, B>)
        return std::type_identity<void>();
    else
        return std::type_identity<restriction_of<of, std::max(segments_of<A>, segments_of<B>)>>();
}
/// As above, for restrictions to entities.
template <class A, class B>
using narrower_entity = typename decltype(narrower_restriction<A, B>())::type;

template <class T, class Otherwise>
using first_known = std::conditional_t<std::is_void_v<T>, Otherwise, T>;

/// Whether a filter on members of `FilterRow` can be used for rows of type `Row`.
template <class FilterRow, class Row>
concept filters_row = std::same_as<detail::narrower_row<FilterRow, Row>, Row>;
/// Whether a filter that is restricted to `Restriction` can be used in exports of `E`.
template <class Restriction, class E>
concept filters_entity =
    std::same_as<detail::narrower_entity<detail::restricted_entity<Restriction>, E>, E>;

/// Whether a filter with one restriction can be converted to another.
template <class From, class To>
concept restricts_more =
    filters_entity<From, restricted_entity<To>> &&
    (segments_of<To> == segment_use::untold || segments_of<To> == segments_of<From>);

template <class V, class T>
concept comparable_with_plain =
    (std::same_as<T, std::string_view> && text_value<V>) ||
    (std::same_as<T, bool> && std::same_as<V, bool>) || (integer<T> && integer<V>) ||
    (std::floating_point<T> && (std::floating_point<V> || integer<V>)) ||
    (!std::same_as<T, std::string_view> && !std::is_arithmetic_v<T> &&
     std::convertible_to<V const&, T>);

template <class V, class T>
inline constexpr bool comparable = comparable_with_plain<V, T>;
template <class V, wrapped T>
inline constexpr bool comparable<V, T> =
    std::same_as<V, T> ? comparable<wrapped_type<T>, compared_type_t<wrapped_type<T>>>
                       : comparable<V, compared_type_t<wrapped_type<T>>> &&
                             (!wrapped<V> || wrapped<compared_type_t<wrapped_type<T>>>);
template <class V>
inline constexpr bool comparable<V, any_value> =
    text_value<V> || (field_value<V> && std::same_as<V, compared_type_t<V>>);
template <wrapped V>
inline constexpr bool comparable<V, any_value> = comparable<V, V>;

/// Whether a member of type `T` may be compared with a `V`: text with text, number with number of
/// the same kind, a strong typedef with its own values and with its underlying type but not with
/// other strong typedefs, everything else with types that convert to it without loss.
template <class V, class T>
concept comparable_with = detail::comparable<V, T>;

/// Whether the service orders values of type `T` as C++ does. Enumerators and booleans are texts
/// there.
template <class T>
concept ordered_value =
    !std::same_as<detail::plain_type_t<T>, bool> && !std::is_enum_v<detail::plain_type_t<T>>;

template <class Row, auto Member, bool Described, bool Listed>
struct member_of_filter : compile_time_check {
    static_assert(Described, "eloqua: the row type of this filter is not described; list its "
                             "members with BOOST_DESCRIBE_STRUCT");
    static_assert(!Described || Listed, "eloqua: where<> names a member that BOOST_DESCRIBE_STRUCT "
                                        "does not list");
};

template <fixed_string Text, bool Spelled>
struct statement_of_filter : compile_time_check {
    static_assert(Spelled, "eloqua: this is not a statement; a field is written C_Country, an "
                           "attribute UpdatedAt, a whole statement {{Contact.Field(C_Country)}}");
};
template <fixed_string Text, class Type>
struct value_of_filter : compile_time_check {
    static_assert(field_value<Type>, "eloqua: a field cannot hold values of this type; use a text, "
                                     "number, time, described enum, or specialise "
                                     "bulk::value_traits");
};

template <class Condition, class Type, class Value, bool Comparable>
struct compared : compile_time_check {
    static_assert(Comparable, "eloqua: this is compared with a value of a type that it cannot "
                              "have; texts compare with texts, whole numbers with whole numbers, "
                              "times with times that are not finer, all else with its own type");
};

template <class Condition, class Type, bool Ordered>
struct ordered : compile_time_check {
    static_assert(Ordered, "eloqua: the service orders enumerators and booleans by their texts; "
                           "compare them with ==, != and in()");
};

template <class Condition, class Type, bool Text>
struct pattern_of_text : compile_time_check {
    static_assert(Text, "eloqua: like, starts_with, contains and ends_with are for texts, and this "
                        "is not one");
};

template <fixed_string Kind, bool OfFilters>
struct container_in_filter : compile_time_check {
    static_assert(OfFilters, "eloqua: EXISTS asks for members of contact lists, contact segments, "
                             "contact filters and account lists");
};

template <class Value, bool Status>
struct compared_status : compile_time_check {
    static_assert(Status, "eloqua: a status is compared with a bulk::member_status");
};

template <class RowA, class RowB, bool Related, bool Lacking>
struct rows_of_filter : compile_time_check {
    static_assert(Related || Lacking, "eloqua: these two filters are on the members of different "
                                      "rows, neither of which is a base of the other");
    static_assert(!Lacking, "eloqua: one of these two filters is on a base of the other's row, of "
                            "which that row hides a member, or which it does not describe; use "
                            "where_field");
};
template <class EntityA, class EntityB, bool Same>
struct entities_of_filter : compile_time_check {
    static_assert(Same, "eloqua: no export can have both of these filters; one is for one entity, "
                        "the other for another");
};

template <class EntityA, class EntityB, bool Fit>
struct beside_segment : compile_time_check {
    static_assert(Fit,
                  "eloqua: beside a contact segment the service takes conditions on UpdatedAt, "
                  "CreatedAt, C_DateModified and C_DateCreated alone; one of these two "
                  "filters asks for a segment, the other is on another field");
};
template <class Entity, bool Fits>
struct segment_in_or_or_not : compile_time_check {
    static_assert(Fits,
                  "eloqua: the service takes a contact segment neither in OR nor in NOT, only "
                  "joined by AND to at most two conditions on dates");
};

/// Rejects, with a message, filters that no export can combine.
template <class R1, class E1, class R2, class E2>
inline constexpr bool joined_filters_fit =
    rows_of_filter<R1, R2, !std::is_void_v<narrower_row<R1, R2>>, lacks_columns<R1, R2>>::checked &&
    entities_of_filter<
        restricted_entity<E1>, restricted_entity<E2>,
        !std::is_void_v<narrower_entity<restricted_entity<E1>, restricted_entity<E2>>>>::checked;
/// Rejects, with a message, conditions that cannot be joined by AND with a contact segment.
template <class E1, class E2>
inline constexpr bool segments_fit = beside_segment<E1, E2, !meets_segment<E1, E2>>::checked;
/// Rejects, with a message, a contact segment outside of AND.
template <class E>
inline constexpr bool has_no_segment =
    segment_in_or_or_not<E, segments_of<E> != segment_use::held>::checked;

template <class FilterRow, class Row, bool Fits, bool Lacking>
struct filter_of_row : compile_time_check {
    static_assert(
        Fits || Lacking,
        "eloqua: this filter is on the members of a row type other than the exported one");
    static_assert(!Lacking,
                  "eloqua: this filter is on a base of the exported row, but the row hides "
                  "a member of that base or does not list it in BOOST_DESCRIBE_STRUCT; use "
                  "where_field");
};
template <class FilterEntity, class Entity, bool Fits>
struct filter_of_entity : compile_time_check {
    static_assert(Fits || std::same_as<FilterEntity, with_contact_fields>,
                  "eloqua: this filter holds a list, segment, filter, type or statement of another "
                  "entity than the exported");
    static_assert(Fits || !std::same_as<FilterEntity, with_contact_fields>,
                  "eloqua: filters of the exported entity cannot have fields of contacts");
};

template <class Given, bool Options>
struct filter_of_export {
    static_assert(!Options, "eloqua: the filter comes before the options; without a filter, write "
                            "export_rows<Row>(entity, bulk::all_rows, options)");
    static_assert(Options, "eloqua: this is not a filter; make one by bulk::where, or write "
                           "bulk::all_rows");
    static constexpr bool checked = true;
};

/// Rejects, with a message, a filter that exports of `Row` from `E` cannot have.
template <class FilterRow, class FilterEntity, class Row, class E>
inline constexpr bool filter_fits =
    filter_of_row<FilterRow, Row, filters_row<FilterRow, Row>,
                  lacks_columns<FilterRow, Row>>::checked &&
    filter_of_entity<restricted_entity<FilterEntity>, E, filters_entity<FilterEntity, E>>::checked;

} // namespace eloqua::bulk::detail
