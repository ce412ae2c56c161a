// SPDX-License-Identifier: BSL-1.0
/// \file
/// The operators of conditions, for whatever a condition is on: a member, a field by its name, a
/// column of records.
#pragma once

#include <eloqua/bulk/schema/filter.hpp>
#include <eloqua/bulk/schema/filter_checks.hpp>
#include <eloqua/bulk/schema/value.hpp>
#include <eloqua/bulk/schema/value_kind.hpp>
#include <eloqua/bulk/schema/wrapped_value.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

inline constexpr std::string_view without_text =
    "its value is not a finite number, an enumerator, or a date of the years 0 to 9999";

/// Gives the node what a value of type `T` is compared with.
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
    } else if constexpr (std::is_arithmetic_v<T>) { // as given: no narrowing
        written = value_traits<V>::write(v, node.value);
    } else if constexpr (is_time_value<V>) { // as given: a conversion might overflow
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

/// Whether a window ends before it begins. Only the service knows the order of its texts.
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

/// Appends a text as a pattern of LIKE that no other text fits.
inline void append_plain(std::string& pattern, std::string_view text) {
    for (char const c : text) {
        bool const wild = c == '%' || c == '_' || c == '[';
        pattern += wild ? "[" : "";
        pattern += c;
        pattern += wild ? "]" : "";
    }
}

} // namespace detail

/// What a condition is on; `where`, `where_field`, `where_attribute`, `where_statement` and
/// `where_column` make it. Compares with `==`, `!=`, `<`, `<=`, `>`, `>=` and what is below; the
/// value type decides what with, see `comparable_with`. What does not fit does not compile.
///
/// As far as is documented, or known of SQL Server: texts compare without regard to case; a blank
/// value differs from every number and time, and is neither before nor after one. Times are written
/// in UTC, which the service takes them for; where `export_options::system_timestamps_in_utc` says
/// otherwise, an export refuses to compare them with the service's own times.
///
/// Values that cannot be written down make the export fail with `errc::invalid_filter`: texts with
/// `'`, control characters, `{{` or `}}`, or invalid UTF-8, numbers that are not finite, times that
/// are finer than milliseconds.
template <class Subject>
class condition_on {
    using type = typename Subject::type;
    static constexpr bool takes_patterns = detail::pattern_of_text<
        Subject, type,
        detail::one_of<detail::plain_type_t<type>, std::string_view, detail::any_value>>::checked;

public:
    using filter_type = filter<typename Subject::row, typename Subject::restriction>;
    using value_type = type; ///< what `comparable_with` asks about

    constexpr condition_on() = default;
    constexpr explicit condition_on(Subject on) : on_(std::move(on)) {}

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

    /// Fits a pattern of SQL Server's LIKE: `%` is any text, `_` one character, `[a-c]` one of
    /// these, `[^a-c]` one of all others. Texts only, as the three below.
    [[nodiscard]] filter_type like(std::string_view pattern) const {
        static_assert(takes_patterns);
        return fits(std::string(pattern));
    }
    /// Wildcards in the text stand for themselves.
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

    [[nodiscard]] filter_type is_blank() const {
        detail::filter_node node = on_.node();
        node.op = "=";
        return filter_type(std::move(node));
    }

    /// Equals one of some values. Without any it is an error of the export: a list that is empty
    /// by mistake would fit no row, or all of them once it is negated.
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
    template <class V>
    [[nodiscard]] filter_type in(std::initializer_list<V> values) const {
        return in<std::initializer_list<V>>(values);
    }

    /// From `begin` on, before `end`: windows of time that follow each other share no row. An
    /// empty window is legal and fits no row; one that ends before it begins is an error of the
    /// export.
    template <class A, class B>
    [[nodiscard]] filter_type between(A const& begin, B const& end) const {
        filter_type from = compare_order(">=", begin);
        filter_type to = compare_order("<", end);
        std::vector<detail::filter_node> nodes = detail::join(
            detail::filter_node_kind::both, std::move(from).release(), std::move(to).release());
        if (detail::ends_early(begin, end))
            nodes.back().wrong = "its window ends before it begins";
        return filter_type(std::move(nodes));
    }

private:
    template <class V>
    filter_type compare(std::string_view op, V const& v) const {
        detail::filter_node node = on_.node();
        node.op = op;
        static_assert(detail::compared<Subject, type, V, comparable_with<V, type>>::checked);
        if constexpr (comparable_with<V, type>)
            detail::write_value<type>(node, v);
        return filter_type(std::move(node));
    }
    template <class V>
    filter_type compare_order(std::string_view op, V const& v) const {
        using compared = std::conditional_t<std::same_as<type, detail::any_value>, V, type>;
        static_assert(detail::ordered<Subject, compared, ordered_value<compared>>::checked);
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

} // namespace eloqua::bulk
