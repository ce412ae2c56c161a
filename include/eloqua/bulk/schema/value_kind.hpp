// SPDX-License-Identifier: BSL-1.0
/// \file
/// What kind of values a type is for, to be compared with what a field holds.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/time.hpp>
#include <eloqua/bulk/schema/wrapped_value.hpp>

#include <chrono>
#include <concepts>
#include <memory_resource>
#include <optional>
#include <string>
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
inline constexpr bool is_time_value = false;
template <class Duration>
inline constexpr bool is_time_value<std::chrono::sys_time<Duration>> = true;

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
    // Types of one's own may look like these, and mean other texts.
    else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view> ||
                       std::same_as<T, std::pmr::string>)
        return value_kind::text;
    else if constexpr (std::same_as<T, std::chrono::year_month_day> || is_time_value<T>)
        return value_kind::time;
    else
        return value_kind::any;
}

} // namespace detail

/// The kind of a member's type; of an `std::optional`, that of what it holds; of a strong typedef,
/// that of its member. A type of one's own is of the kind that `value_traits<T>::kind` says, or
/// else of any.
template <class T>
inline constexpr value_kind value_kind_of = detail::kind_of_value<T>();

/// How values of some kind go with a field.
enum class value_fit : unsigned char {
    fits,
    doubtful, ///< it depends on the values, or on what is not documented
    never,
};

/// Whether values of this kind, as an import writes them, are values of such a field. A text may
/// hold anything, so it does not fit a field of numbers or dates. How the service spells booleans
/// is not documented, nor that a field of numbers takes none: the checkboxes of contacts are such.
constexpr value_fit fit_when_written(value_kind kind, data_type field) {
    if (kind == value_kind::any)
        return value_fit::fits;
    switch (field) {
    case data_type::string:
        return value_fit::fits;
    case data_type::emailAddress:
        return kind == value_kind::text ? value_fit::fits : value_fit::never;
    case data_type::number:
        return kind == value_kind::number    ? value_fit::fits
               : kind == value_kind::boolean ? value_fit::doubtful
                                             : value_fit::never;
    case data_type::date:
        return kind == value_kind::time ? value_fit::fits : value_fit::never;
    case data_type::boolean:
        return kind == value_kind::time   ? value_fit::never
               : kind == value_kind::text ? value_fit::doubtful
                                          : value_fit::fits;
    }
    return value_fit::fits;
}
/// Whether the values of such a field can be read as this kind. A text takes all; texts may all be
/// numbers, say.
constexpr value_fit fit_when_read(value_kind kind, data_type field) {
    if (kind == value_kind::any || kind == value_kind::text)
        return value_fit::fits;
    switch (field) {
    case data_type::string:
        return value_fit::doubtful;
    case data_type::emailAddress:
        return value_fit::never;
    case data_type::number:
        return kind == value_kind::number    ? value_fit::fits
               : kind == value_kind::boolean ? value_fit::doubtful
                                             : value_fit::never;
    case data_type::date:
        return kind == value_kind::time ? value_fit::fits : value_fit::never;
    case data_type::boolean:
        return kind == value_kind::boolean  ? value_fit::fits
               : kind == value_kind::number ? value_fit::doubtful
                                            : value_fit::never;
    }
    return value_fit::fits;
}

} // namespace eloqua::bulk
