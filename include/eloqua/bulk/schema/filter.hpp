// SPDX-License-Identifier: BSL-1.0
/// \file
/// Typed filters: `where<&person::country> == "BE" && where<&person::updated> >= since`.
///
/// A filter stores members and values. It becomes the service's filter language (EEL) when a
/// definition is made, since only then the entity, and with it the statements, are known.
#pragma once

#include <eloqua/bulk/schema/bound_entity.hpp>
#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/utf8.hpp>

#include <algorithm>
#include <concepts>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

enum class filter_node_kind : unsigned char { comparison, text, both, either, negation };

struct filter_node {
    filter_node_kind kind;
    std::string member = {}; ///< key of the column
    std::string_view op = {};
    std::string value = {};
    bool writable = true; ///< whether the value had a text
};

template <class T>
struct compared_type {
    using type = T;
};
template <class T>
struct compared_type<std::optional<T>> : compared_type<T> {};
template <class T>
    requires std::convertible_to<T const&, std::string_view>
struct compared_type<T> {
    using type = std::string_view;
};

} // namespace detail

/// Whether a member of type `T` may be compared with a `V`: text with text, number with number of
/// the same kind, everything else with what converts to it without loss.
template <class V, class T>
concept comparable_with =
    (std::same_as<T, std::string_view> && std::convertible_to<V const&, std::string_view> &&
     !std::same_as<V, std::nullptr_t>) ||
    (std::same_as<T, bool> && std::same_as<V, bool>) ||
    (detail::integer<T> && detail::integer<V>) ||
    (std::floating_point<T> && (std::floating_point<V> || detail::integer<V>)) ||
    (!std::same_as<T, std::string_view> && !std::is_arithmetic_v<T> &&
     std::convertible_to<V const&, T>);

/// A condition on the members of `Row`. Filters on a base of a row apply to the row.
template <class Row>
class filter {
public:
    using row = Row;

    explicit filter(detail::filter_node node) { nodes_.push_back(std::move(node)); }
    template <class Base>
        requires(!std::same_as<Base, Row> && std::derived_from<Row, Base>)
    filter(filter<Base> f) : nodes_(std::move(f).release()) {}

    /// In prefix order.
    std::vector<detail::filter_node> const& nodes() const { return nodes_; }
    std::vector<detail::filter_node> release() && { return std::move(nodes_); }

    friend filter operator&&(filter a, filter b) {
        return join(detail::filter_node_kind::both, std::move(a), std::move(b));
    }
    friend filter operator||(filter a, filter b) {
        return join(detail::filter_node_kind::either, std::move(a), std::move(b));
    }
    friend filter operator!(filter a) {
        a.nodes_.insert(a.nodes_.begin(), detail::filter_node{detail::filter_node_kind::negation});
        return a;
    }

private:
    static filter join(detail::filter_node_kind kind, filter a, filter b) {
        filter joined(detail::filter_node{kind});
        joined.nodes_.insert(joined.nodes_.end(), std::make_move_iterator(a.nodes_.begin()),
                             std::make_move_iterator(a.nodes_.end()));
        joined.nodes_.insert(joined.nodes_.end(), std::make_move_iterator(b.nodes_.begin()),
                             std::make_move_iterator(b.nodes_.end()));
        return joined;
    }
    std::vector<detail::filter_node> nodes_;
};

/// A member in a condition; see `where`.
template <auto Member>
class condition_on {
    using pointer = detail::member_pointer<decltype(Member)>;

public:
    using row = typename pointer::row;
    using type = typename detail::compared_type<typename pointer::type>::type;

    template <comparable_with<type> V>
    friend filter<row> operator==(condition_on, V const& v) {
        return compare("=", v);
    }
    template <comparable_with<type> V>
    friend filter<row> operator!=(condition_on, V const& v) {
        return compare("!=", v);
    }
    template <comparable_with<type> V>
    friend filter<row> operator<(condition_on, V const& v) {
        return compare("<", v);
    }
    template <comparable_with<type> V>
    friend filter<row> operator<=(condition_on, V const& v) {
        return compare("<=", v);
    }
    template <comparable_with<type> V>
    friend filter<row> operator>(condition_on, V const& v) {
        return compare(">", v);
    }
    template <comparable_with<type> V>
    friend filter<row> operator>=(condition_on, V const& v) {
        return compare(">=", v);
    }

private:
    template <class V>
    static filter<row> compare(std::string_view op, V const& v) {
        constexpr std::size_t at = detail::column_index<row, Member>();
        detail::filter_node node{detail::filter_node_kind::comparison};
        node.member = key<at>();
        node.op = op;
        if constexpr (std::same_as<type, std::string_view>)
            node.value = std::string_view(v);
        else if constexpr (std::is_arithmetic_v<type>) // as given: no narrowing
            node.writable = value_traits<V>::write(v, node.value);
        else
            node.writable = value_traits<type>::write(type(v), node.value);
        return filter<row>(std::move(node));
    }
    template <std::size_t At>
    static consteval std::string_view key() {
        return []<template <class...> class List, class... Descriptors>(List<Descriptors...>) {
            static_assert(
                At < sizeof...(Descriptors),
                "eloqua: where<> names a member that BOOST_DESCRIBE_STRUCT does not list");
            std::string_view const names[] = {Descriptors::name...};
            return names[At];
        }(detail::row_members<row>{});
    }
};

/// Begins a condition: `where<&person::country> == "BE"`. Compares with `==`, `!=`, `<`, `<=`, `>`
/// and `>=`; conditions combine with `&&`, `||` and `!`. A wrong type does not compile.
template <auto Member>
inline constexpr condition_on<Member> where{};

/// A filter in the service's own words, sent as it is. Nothing checks it here but its length.
template <class Row>
[[nodiscard]] filter<Row> unchecked_filter(std::string text) {
    detail::filter_node node{detail::filter_node_kind::text};
    node.value = std::move(text);
    return filter<Row>(std::move(node));
}

namespace detail {

/// Appends a literal in quotes: the one place that quotes. False if the service has no way to
/// write the text down: no escape for quotes is documented, and braces would begin a statement.
inline bool append_quoted(std::string& out, std::string_view text) {
    for (char c : text)
        if (c == '\'' || static_cast<unsigned char>(c) < 0x20)
            return false;
    if (text.find("{{") != text.npos || text.find("}}") != text.npos || !is_valid_utf8(text))
        return false;
    out += '\'';
    out += text;
    out += '\'';
    return true;
}

struct filter_renderer {
    std::vector<filter_node> const& nodes;
    std::span<column_info const> columns;
    std::string const& root;
    std::string out = {};
    std::string wrong = {};
    std::size_t at = 0;

    /// Parentheses stand where AND holds OR, and where NOT holds either, or another NOT: the
    /// service's grammar has one before a condition.
    void render(int outer) {
        filter_node const& node = nodes[at++];
        switch (node.kind) {
        case filter_node_kind::comparison:
            comparison(node);
            return;
        case filter_node_kind::text:
            // Whatever precedence it has inside must not meet ours.
            out += outer == 0 ? node.value : "(" + node.value + ")";
            return;
        case filter_node_kind::negation:
            out += outer > 3 ? "(NOT " : "NOT ";
            render(4);
            out += outer > 3 ? ")" : "";
            return;
        case filter_node_kind::both:
        case filter_node_kind::either:
            break;
        }
        int const precedence = node.kind == filter_node_kind::either ? 1 : 2;
        bool const wrap = precedence < outer;
        out += wrap ? "(" : "";
        render(precedence);
        out += precedence == 1 ? " OR " : " AND ";
        render(precedence);
        out += wrap ? ")" : "";
    }

    void comparison(filter_node const& node) {
        for (column_info const& each : columns)
            if (each.key == node.member) {
                ((out += '\'') += render_statement(root, each.statement)) += "' ";
                (out += node.op) += ' ';
                if (!node.writable || !append_quoted(out, node.value))
                    wrong = "'" + node.member +
                            "' is compared with a value that the filter language cannot express "
                            "(quotes, control characters, double braces, invalid UTF-8, not a "
                            "finite number)";
                return;
            }
        wrong = "'" + node.member + "' is no column of the exported row";
    }
};

} // namespace detail

/// A filter's nodes in the service's language, for the columns of a row type and an entity's
/// `statement_root`, behind a condition that holds as well (empty for none). Empty for neither.
/// Errors: `errc::invalid_filter` for a value that has no literal, a member that the exported row
/// lacks, more than 1,000 characters.
[[nodiscard]] inline result<std::string>
render_filter(std::vector<detail::filter_node> const& nodes, std::span<column_info const> columns,
              std::string const& root, std::string condition = {}) {
    detail::filter_renderer renderer{nodes, columns, root, std::move(condition)};
    bool const alone = renderer.out.empty();
    if (!nodes.empty()) {
        renderer.out += alone ? "" : " AND ";
        renderer.render(alone ? 0 : 2);
    }
    if (!renderer.wrong.empty())
        return failure(errc::invalid_filter, std::move(renderer.wrong));
    auto const characters = static_cast<std::size_t>(std::ranges::count_if(
        renderer.out, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (characters > limits::filter_characters)
        return failure(errc::invalid_filter,
                       "it has " + std::to_string(characters) + " characters; at most " +
                           std::to_string(limits::filter_characters) + " are allowed");
    return std::move(renderer.out);
}

/// The filter as it would be sent for rows of its type.
template <class Row, entity E>
[[nodiscard]] result<std::string> render_filter(filter<Row> const& f, E const& of) {
    return render_filter(f.nodes(), columns_for<Row>(of), of.statement_root(),
                         export_condition_of(of));
}

} // namespace eloqua::bulk
