// SPDX-License-Identifier: BSL-1.0
/// \file
/// Strong typedefs as values of rows: one line names the member that holds the value.
#pragma once

#include <type_traits>
#include <utility>

namespace eloqua::bulk {

/// Says that a type is read and written as its data member `Member`. That member's type decides all
/// else: texts, ranges, what blank means, whether it holds a view.
template <auto Member>
struct wrapping {
    static constexpr auto member = Member;
};

/// Customisation point for types that wrap one value. Derive a specialisation from `wrapping`:
///
///     template <> struct eloqua::bulk::wrapped_value<email_address>
///         : eloqua::bulk::wrapping<&email_address::text> {};
///
/// or name it `eloqua_value` inside the class, after the member, which may be private then:
///
///     class email_address {
///         std::string text_;
///     public:
///         using eloqua_value = eloqua::bulk::wrapping<&email_address::text_>;
///     };
///
/// The value is assigned to the member: what a constructor would refuse is not refused. A type that
/// checks its texts specialises `value_traits`.
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

} // namespace eloqua::bulk
