// SPDX-License-Identifier: BSL-1.0
/// \file
/// Values of rows: conversion between text and C++ types, strong typedefs, and the kinds of values
/// that are compared with the types of fields.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/time.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <version>

#if !defined(__cpp_lib_to_chars)
#include <locale>
#include <sstream>
#endif

namespace eloqua::bulk {

/// The format of rows in requests and responses.
enum class rows_format : unsigned char {
    json, ///< pages state the number of rows, and whether more follow
    csv,  ///< about half as many bytes; pages contain only rows
};

/// How an export treats text that is not UTF-8 (RFC 3629) or contains half of a surrogate pair.
enum class broken_text : unsigned char {
    refused,  ///< the export fails, with an error that names row and column
    replaced, ///< U+FFFD replaces the broken part; the receipt counts such values by column
};

/// The Content-Type of rows in this format.
constexpr std::string_view media_type(rows_format f) {
    return f == rows_format::csv ? "text/csv" : "application/json";
}

/// Converts a type through its data member `Member`. That member's type decides everything: text,
/// range, the meaning of blanks, whether it holds a view.
template <auto Member>
struct wrapping {
    static constexpr auto member = Member; ///< the member with the value
};

/// Customisation point for types that wrap one value. Derive a specialisation from `wrapping`:
///
///     template <> struct eloqua::bulk::wrapped_value<email_address>
///         : eloqua::bulk::wrapping<&email_address::text> {};
///
/// or name it `eloqua_value` inside the class, after the member, which may then be private:
///
///     class email_address {
///         std::string text_;
///     public:
///         using eloqua_value = eloqua::bulk::wrapping<&email_address::text_>;
///     };
///
/// The value is assigned directly to the member, without the checks of a constructor. A type that
/// validates its text specialises `value_traits`.
template <class T>
struct wrapped_value {};
template <class T>
    requires requires { typename T::eloqua_value; }
struct wrapped_value<T> : T::eloqua_value {};

namespace detail {

template <class T>
concept wrapped = requires(T& value) { value.*wrapped_value<T>::member; };

template <wrapped T>
using wrapped_type = std::remove_cvref_t<decltype(std::declval<T&>().*wrapped_value<T>::member)>;

} // namespace detail

/// Conversion of a type from and to text. Specialise it for your own types:
///
/// - `static bool parse(std::string_view text, T& into)`: false if the text is not a valid value.
///   Blank text is passed as "". `into` may hold the value of an earlier row, so that it must be
///   assigned for every valid text, also for "". A type that keeps the view must be a view itself.
/// - `static bool write(T const& value, std::string& out)`: appends; false if the value has no
///   text.
///
/// An empty `std::optional<T>` is blank, for every `T`. For a type that only wraps another value,
/// `wrapped_value` is enough.
template <class T>
struct value_traits;

/// Text, unchanged.
template <>
struct value_traits<std::string> {
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, std::string& into) {
        into.assign(text);
        return true;
    }
    static bool write(std::string_view value, std::string& out) {
        out += value;
        return true;
    }
    /// @}
};

/// Valid only as long as the row, see `row_source::for_each`.
template <>
struct value_traits<std::string_view> : value_traits<std::string> {
    /// See `value_traits`.
    static bool parse(std::string_view text, std::string_view& into) {
        into = text;
        return true;
    }
};

/// Text, unchanged.
template <>
struct value_traits<std::pmr::string> : value_traits<std::string> {
    /// See `value_traits`.
    static bool parse(std::string_view text, std::pmr::string& into) {
        into.assign(text);
        return true;
    }
};

/// Written as "true" and "false"; parsed in any letter case, also from 1, 0, yes, no, since the
/// service's spelling of booleans in rows is not documented.
template <>
struct value_traits<bool> {
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, bool& into) {
        if (text == "true" || text == "false") {
            into = text.size() == 4;
            return true;
        }
        into = detail::iequals(text, "true") || text == "1" || detail::iequals(text, "yes");
        return into || detail::iequals(text, "false") || text == "0" || detail::iequals(text, "no");
    }
    static bool write(bool value, std::string& out) {
        out += value ? std::string_view("true") : std::string_view("false");
        return true;
    }
    /// @}
};

namespace detail {

template <class T, class... Others>
concept one_of = (std::same_as<T, Others> || ...);

template <class T>
concept integer = std::integral<T> && !one_of<T, bool, char, wchar_t, char8_t, char16_t, char32_t>;

template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <class T>
bool parse_number(std::string_view text, T& into) {
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-')
        text.remove_prefix(1);
#if !defined(__cpp_lib_to_chars) // libc++ before 20 has std::from_chars for whole numbers only
    if constexpr (std::floating_point<T>) {
        std::istringstream from{std::string(text)};
        from.imbue(std::locale::classic());
        return text.find_first_not_of("0123456789.+-eE") == text.npos && from >> into &&
               from.peek() == std::istringstream::traits_type::eof();
    } else
#endif
    {
        auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
        return ec == std::errc() && end == text.data() + text.size() && !text.empty();
    }
}

/// Like `parse_number`, optimised for common texts: a few digits, which fit any type.
template <class T>
bool parse_digits(std::string_view text, T& into) {
    constexpr std::size_t most = std::numeric_limits<T>::digits10;
    if (text.empty() || text.size() > most)
        return false;
    std::uint64_t number = 0;
    for (char const c : text) {
        unsigned const digit = static_cast<unsigned char>(c) - unsigned('0');
        if (digit > 9)
            return false;
        number = number * 10 + digit;
    }
    into = static_cast<T>(number);
    return true;
}

template <class T>
void write_number(T value, std::string& out) {
    char digits[64];
    auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

} // namespace detail

/// Decimal. Text that does not fit the type is refused, such as "256" for 8 bits, "-1" for an
/// unsigned type, or "12.5". "12.0" and "12.000" are accepted as whole numbers, since the
/// service's numeric fields have decimals.
template <detail::integer T>
struct value_traits<T> {
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, T& into) {
        if (detail::parse_digits(text, into))
            return true;
        std::size_t const point = text.find('.');
        if (point != text.npos) {
            if (text.find_first_not_of('0', point + 1) != text.npos || point == 0)
                return false;
            text = text.substr(0, point);
        }
        return detail::parse_number(text, into);
    }
    static bool write(T value, std::string& out) {
        detail::write_number(value, out);
        return true;
    }
    /// @}
};

/// Decimal, in the shortest form that parses back to the same value, without an exponent, whose
/// meaning to the service is not documented; parsed as the nearest number of the type. Infinity
/// and NaN are refused in both directions, as are numbers out of the type's range. How many digits
/// a field of the service keeps is not documented.
template <std::floating_point T>
struct value_traits<T> {
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, T& into) {
        return detail::parse_number(text, into) && std::isfinite(into);
    }
    static bool write(T value, std::string& out) {
        if (!std::isfinite(value))
            return false;
        constexpr std::size_t longest = std::size_t{std::numeric_limits<T>::max_exponent10} +
                                        std::size_t{std::numeric_limits<T>::max_digits10} + 64;
        char digits[longest];
        out.append(digits,
                   std::to_chars(digits, digits + longest, value, std::chars_format::fixed).ptr);
        return true;
    }
    /// @}
};

/// UTC, see `parse_time` and `append_time`. The customer's own fields have no zone and are taken
/// as UTC. The service stores milliseconds: see `import_options::finer_times`. A time finer than
/// `Duration` is refused, so that nothing is lost: "2025-06-01 10:00:01.250" for seconds, or any
/// time but midnight for days. A time out of range is refused as well: nanoseconds in 64 bits hold
/// only the years 1678 to 2261.
template <detail::clock_duration Duration>
struct value_traits<std::chrono::sys_time<Duration>> {
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, std::chrono::sys_time<Duration>& into) {
        auto const time = parse_time<Duration>(text, finer_part::refused);
        if (time)
            into = *time;
        return time.has_value();
    }
    static bool write(std::chrono::sys_time<Duration> value, std::string& out) {
        return append_time(out, value);
    }
    /// @}
};

/// "2025-06-01". Times other than midnight are refused, so that nothing is lost.
template <>
struct value_traits<std::chrono::year_month_day> {
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, std::chrono::year_month_day& into) {
        auto const time = parse_time<std::chrono::days>(text, finer_part::refused);
        if (time)
            into = *time;
        return time.has_value();
    }
    static bool write(std::chrono::year_month_day value, std::string& out) {
        std::string text;
        if (!value.ok() ||
            !append_time(text, std::chrono::sys_seconds(std::chrono::sys_days(value))))
            return false;
        out.append(text, 0, 10);
        return true;
    }
    /// @}
};

/// Customisation point: whether a described enum is written as a number. By default, it is written
/// by name.
///
///     template <> inline constexpr bool eloqua::bulk::enum_as_number<stage> = true;
template <class E>
inline constexpr bool enum_as_number = false;

/// By the enumerator's name or number, see `enum_as_number`; both are parsed. A value without a
/// described enumerator is refused in both directions.
template <detail::described_enum E>
struct value_traits<E> {
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, E& into) {
        if (text.find('\0') == text.npos && // it would end the name
            boost::describe::enum_from_string(std::string(text).c_str(), into))
            return true;
        number n{};
        if (!value_traits<number>::parse(text, n))
            return false;
        bool found = false;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto const& each) {
            if (static_cast<number>(each.value) == n) {
                into = each.value;
                found = true;
            }
        });
        return found;
    }
    static bool write(E value, std::string& out) {
        char const* const name = boost::describe::enum_to_string(value, nullptr);
        if (!name)
            return false;
        if constexpr (enum_as_number<E>)
            detail::write_number(static_cast<number>(value), out);
        else
            out += name;
        return true;
    }
    /// @}

private:
    using number = std::conditional_t<std::is_signed_v<std::underlying_type_t<E>>, std::int64_t,
                                      std::uint64_t>;
};

/// Types allowed for members of a row.
template <class T>
concept field_value = requires(std::string_view text, T& into, T const& value, std::string& out) {
    { value_traits<T>::parse(text, into) } -> std::same_as<bool>;
    { value_traits<T>::write(value, out) } -> std::same_as<bool>;
};

/// Like the member that `wrapped_value` names.
template <detail::wrapped T>
    requires field_value<detail::wrapped_type<T>>
struct value_traits<T> {
    using value_type = detail::wrapped_type<T>; ///< the type of the wrapped value
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, T& into) {
        return value_traits<value_type>::parse(text, into.*wrapped_value<T>::member);
    }
    static bool write(T const& value, std::string& out) {
        return value_traits<value_type>::write(value.*wrapped_value<T>::member, out);
    }
    /// @}
};

/// A blank is the empty `optional`.
template <field_value T>
struct value_traits<std::optional<T>> {
    /// @{
    /// See `value_traits`.
    static bool parse(std::string_view text, std::optional<T>& into) {
        if (text.empty()) {
            into.reset();
            return true;
        }
        return value_traits<T>::parse(text, into ? *into : into.emplace());
    }
    static bool write(std::optional<T> const& value, std::string& out) {
        return !value || value_traits<T>::write(*value, out);
    }
    /// @}
};

/// @{
/// Whether a type keeps views of the parsed text.
template <class T>
inline constexpr bool is_view_value = std::same_as<T, std::string_view>;
template <class T>
inline constexpr bool is_view_value<std::optional<T>> = is_view_value<T>;
template <detail::wrapped T>
inline constexpr bool is_view_value<T> = is_view_value<detail::wrapped_type<T>>;
/// @}

/// @{
/// Whether blank is an ordinary value of a type: text, or an `optional`.
template <class T>
inline constexpr bool holds_blank =
    detail::one_of<T, std::string, std::string_view, std::pmr::string>;
template <class T>
inline constexpr bool holds_blank<std::optional<T>> = true;
template <detail::wrapped T>
inline constexpr bool holds_blank<T> = holds_blank<detail::wrapped_type<T>>;
/// @}

/// Kinds of values, by meaning.
enum class value_kind : unsigned char {
    any, ///< text of any meaning: members of records, described enums, user-defined types
    text,
    number,
    boolean,
    time,
};

namespace detail {

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
    // User-defined types may look like these, but mean other text.
    else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view> ||
                       std::same_as<T, std::pmr::string>)
        return value_kind::text;
    else if constexpr (std::same_as<T, std::chrono::year_month_day> || is_time_value<T>)
        return value_kind::time;
    else
        return value_kind::any;
}

} // namespace detail

/// The kind of a member's type; for an `std::optional` or a strong typedef, that of the type it
/// holds. A user-defined type has the kind in `value_traits<T>::kind`, or else any.
template <class T>
inline constexpr value_kind value_kind_of = detail::kind_of_value<T>();

/// How well values of a kind fit a field.
enum class value_fit : unsigned char {
    fits,
    doubtful, ///< depends on the values, or is not documented
    never,
};

/// Whether values of this kind, as an import writes them, fit such a field. Text may contain
/// anything, so it does not fit a number or date field. It is not documented how the service spells
/// booleans, nor that number fields refuse them: checkboxes of contacts are number fields.
constexpr value_fit fit_when_written(value_kind kind, data_type field) {
    using enum value_fit;
    constexpr value_fit by_kind_and_type[5][5] = {
        // string, number, date, boolean, emailAddress
        {fits, fits, fits, fits, fits},       // any
        {fits, never, never, doubtful, fits}, // text
        {fits, fits, never, fits, never},     // number
        {fits, doubtful, never, fits, never}, // boolean
        {fits, never, fits, never, never},    // time
    };
    return by_kind_and_type[static_cast<std::size_t>(kind)][static_cast<std::size_t>(field)];
}
/// Whether the values of such a field can be parsed as this kind. Text accepts all; the values of
/// a text field may all happen to be numbers, for example.
constexpr value_fit fit_when_read(value_kind kind, data_type field) {
    using enum value_fit;
    constexpr value_fit by_kind_and_type[5][5] = {
        // string, number, date, boolean, emailAddress
        {fits, fits, fits, fits, fits},           // any
        {fits, fits, fits, fits, fits},           // text
        {doubtful, fits, never, doubtful, never}, // number
        {doubtful, doubtful, never, fits, never}, // boolean
        {doubtful, never, fits, never, never},    // time
    };
    return by_kind_and_type[static_cast<std::size_t>(kind)][static_cast<std::size_t>(field)];
}

} // namespace eloqua::bulk
