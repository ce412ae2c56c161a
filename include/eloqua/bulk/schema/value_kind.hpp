// SPDX-License-Identifier: BSL-1.0
/// \file
/// What kind of values a type is for, to be compared with what a field holds.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/time.hpp>
#include <eloqua/bulk/schema/wrapped_value.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace eloqua::bulk {

template <class T>
struct value_traits;

enum class value_kind : unsigned char {
    any, ///< texts of whatever meaning: members of records, described enums, types of one's own
    text,
    number,
    boolean,
    time,
};

namespace detail {

template <class T>
inline constexpr bool is_optional_value = false;
template <class T>
inline constexpr bool is_optional_value<std::optional<T>> = true;

template <class T>
consteval value_kind kind_of_value() {
    if constexpr (is_optional_value<T>)
        return kind_of_value<typename T::value_type>();
    else if constexpr (requires {
                           { value_traits<T>::kind } -> std::convertible_to<value_kind>;
                       })
        return value_traits<T>::kind;
    else if constexpr (wrapped<T>)
        return kind_of_value<wrapped_type<T>>();
    else if constexpr (std::same_as<T, bool>)
        return value_kind::boolean;
    else if constexpr (std::is_arithmetic_v<T>)
        return value_kind::number;
    else if constexpr (std::convertible_to<T const&, std::string_view>)
        return value_kind::text;
    else if constexpr (std::same_as<T, std::chrono::year_month_day> ||
                       requires { [](std::chrono::sys_time<typename T::duration>) {}(T()); })
        return value_kind::time;
    else
        return value_kind::any;
}

} // namespace detail

/// The kind of a member's type; of an `std::optional`, that of what it holds; of a
/// strong typedef, that of its member. A type of one's own
/// is of the kind that `value_traits<T>::kind` says, or else of any.
template <class T>
inline constexpr value_kind value_kind_of = detail::kind_of_value<T>();

/// Whether values of this kind, as an import writes them, are values of such a field. A text may
/// hold anything, so it does not fit a field of numbers, dates or booleans.
constexpr bool fits_when_written(value_kind kind, data_type field) {
    switch (field) {
    case data_type::string:
        return true;
    case data_type::emailAddress:
        return kind == value_kind::any || kind == value_kind::text;
    case data_type::number:
        return kind == value_kind::any || kind == value_kind::number;
    case data_type::date:
        return kind == value_kind::any || kind == value_kind::time;
    case data_type::boolean:
        return kind == value_kind::any || kind == value_kind::boolean || kind == value_kind::number;
    }
    return true;
}
/// Whether each value of such a field can be read as this kind. A text takes all.
constexpr bool fits_when_read(value_kind kind, data_type field) {
    if (kind == value_kind::any || kind == value_kind::text)
        return true;
    switch (field) {
    case data_type::string:
    case data_type::emailAddress:
        return false;
    case data_type::number:
        return kind == value_kind::number;
    case data_type::date:
        return kind == value_kind::time;
    case data_type::boolean:
        return kind == value_kind::boolean;
    }
    return true;
}

} // namespace eloqua::bulk
