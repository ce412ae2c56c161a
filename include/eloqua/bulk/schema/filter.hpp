// SPDX-License-Identifier: BSL-1.0
/// \file
/// Filters: conditions of which rows an export has, joined by `&&`, `||` and `!`. `where.hpp` makes
/// them.
///
/// A filter stores nodes. It becomes the service's filter language (EEL) when a definition is made,
/// see `filter_text.hpp`, since only then the entity, and with it the statements, are known. Its
/// type says no more than for which rows and entities it can be used, and whether beside a segment.
#pragma once

#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/filter_checks.hpp>

#include <concepts>
#include <cstddef>
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
    statement, ///< a statement by itself, compared with a value
    exists,
    status,
    text, ///< the caller's own
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
    std::string_view wrong = {}; ///< why it cannot be written down, if it cannot
    std::size_t children = 0;    ///< of `both` and `either`: at least two, none of the same kind
    bool is_time = false;        ///< the value is one, in UTC
};

/// Nodes in prefix order, under a node that joins them.
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

/// A condition on rows of type `Row` in exports of `Entity`. `any_row`: it names no member;
/// `any_entity`: nothing in it is of one entity alone; `with_contact_fields`: it names fields of
/// contacts, which filters of activities cannot have. `with_segment` and `without_segment` keep
/// contact segments and fields apart that no filter has together: see `exists`.
///
/// Filters of two rows are joined if one row is a base of the other, those of two entities are not.
/// What fits more rows or entities converts to what fits fewer, and to what tells nothing of
/// segments: they are checked again when the filter is written down.
template <class Row, class Entity = any_entity>
class filter {
public:
    using row = Row;
    using restriction = Entity;

    explicit filter(detail::filter_node node) { nodes_.push_back(std::move(node)); }
    /// In prefix order.
    explicit filter(std::vector<detail::filter_node> nodes) : nodes_(std::move(nodes)) {}
    template <class R, class E>
        requires(!std::same_as<filter<R, E>, filter> &&
                 std::same_as<detail::narrower_row<R, Row>, Row> &&
                 detail::restricts_more<E, Entity>)
    filter(filter<R, E> f) : nodes_(std::move(f).release()) {}
    /// A variable of `auto` takes what it would if its type told nothing of segments.
    template <class R, class E>
        requires(!detail::restricts_more<E, Entity> &&
                 detail::segments_of<Entity> == detail::segment_use::excluded &&
                 std::convertible_to<filter<R, E>, filter<Row, detail::restricted_entity<Entity>>>)
    filter& operator=(filter<R, E> f) {
        nodes_ = std::move(f).release();
        return *this;
    }

    /// In prefix order.
    std::vector<detail::filter_node> const& nodes() const { return nodes_; }
    std::vector<detail::filter_node> release() && { return std::move(nodes_); }

private:
    std::vector<detail::filter_node> nodes_;
};

namespace detail {

template <class R1, class E1, class R2, class E2>
using joined_filter =
    filter<first_known<narrower_row<R1, R2>, R1>, first_known<narrower_entity<E1, E2>, E1>>;

} // namespace detail

/// Whether two filters can be joined, by AND if one holds a contact segment.
template <class A, class B>
concept combinable =
    !std::is_void_v<detail::narrower_row<typename A::row, typename B::row>> &&
    !std::is_void_v<detail::narrower_entity<typename A::restriction, typename B::restriction>>;

template <class R1, class E1, class R2, class E2>
[[nodiscard]] detail::joined_filter<R1, E1, R2, E2> operator&&(filter<R1, E1> a, filter<R2, E2> b) {
    static_assert(detail::joined_filters_fit<R1, E1, R2, E2>);
    static_assert(detail::segments_fit<E1, E2>);
    return detail::joined_filter<R1, E1, R2, E2>(detail::join(
        detail::filter_node_kind::both, std::move(a).release(), std::move(b).release()));
}
template <class R1, class E1, class R2, class E2>
[[nodiscard]] detail::joined_filter<R1, E1, R2, E2> operator||(filter<R1, E1> a, filter<R2, E2> b) {
    static_assert(detail::joined_filters_fit<R1, E1, R2, E2>);
    static_assert(detail::has_no_segment<E1> && detail::has_no_segment<E2>);
    return detail::joined_filter<R1, E1, R2, E2>(detail::join(
        detail::filter_node_kind::either, std::move(a).release(), std::move(b).release()));
}
template <class Row, class Entity>
[[nodiscard]] filter<Row, Entity> operator!(filter<Row, Entity> a) {
    static_assert(detail::has_no_segment<Entity>);
    std::vector<detail::filter_node> nodes = std::move(a).release();
    if (!nodes.empty())
        nodes.insert(nodes.begin(), detail::filter_node{detail::filter_node_kind::negation});
    return filter<Row, Entity>(std::move(nodes));
}

namespace detail {

/// The filter as one of exports of `Row` of `E`; one that they cannot have is refused, with a
/// message.
template <class Row, class E, class FilterRow, class FilterEntity>
filter<Row, E> filter_for(filter<FilterRow, FilterEntity> f) {
    static_assert(filter_fits<FilterRow, FilterEntity, Row, E>);
    return filter<Row, E>(std::move(f).release());
}

} // namespace detail

/// A filter in the service's own words, sent as it is. Nothing checks it here but its length, that
/// it is UTF-8, and that it is not blank.
template <class Row = any_row>
[[nodiscard]] filter<Row> unchecked_filter(std::string text) {
    detail::filter_node node{detail::filter_node_kind::text};
    node.value = std::move(text);
    return filter<Row>(std::move(node));
}

} // namespace eloqua::bulk
