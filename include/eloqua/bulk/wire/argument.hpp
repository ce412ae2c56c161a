// SPDX-License-Identifier: BSL-1.0
/// \file
/// How operations take what users write with braces.
#pragma once

#include <eloqua/bulk/wire/blocking.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

namespace detail {

/// g++ before 13 copies the bytes of an object that a brace or a capture makes inside a `co_await`
/// expression, and destroys both.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
inline constexpr bool co_await_doubles_temporaries = true;
#else
inline constexpr bool co_await_doubles_temporaries = false;
#endif

template <class Transport>
inline constexpr bool needs_named_arguments =
    co_await_doubles_temporaries && !blocking_transport<Transport>;

template <bool Named>
struct named_argument {
    static_assert(Named, "eloqua: g++ before 13 breaks objects made by braces inside co_await: "
                         "give the object a name, and pass that");
    static constexpr bool checked = true;
};
template <bool Safe>
struct named_function {
    static_assert(Safe, "eloqua: g++ before 13 breaks lambdas with captures inside co_await: "
                        "give the lambda a name, and pass that");
    static constexpr bool checked = true;
};

template <class T, class Given>
concept is_given = std::same_as<std::remove_cvref_t<Given>, T>;

} // namespace detail

/// What takes a `T` only from a variable, so that no brace stands in the user's expression. Made of
/// nothing, it is a `T()`. See `detail::argument`.
template <class T>
class pass_a_named {
public:
    pass_a_named() {}
    template <class Given>
        requires detail::is_given<T, Given>
    pass_a_named(Given&& given) : value_(std::forward<Given>(given)) {
        static_assert(detail::named_argument<std::is_lvalue_reference_v<Given>>::checked);
    }
    operator T const&() const { return value_; }

private:
    T value_{};
};

namespace detail {

/// The parameter for a `T` of an operation over a transport: `T`, but where the operation may be
/// awaited and the compiler breaks braces there.
template <class T, class Transport>
using argument =
    std::conditional_t<needs_named_arguments<Transport> && !std::is_trivially_copyable_v<T>,
                       pass_a_named<T>, T>;

/// Whether a function given as `F&&` to an operation over a transport is safe in `co_await`.
template <class F, class Transport>
inline constexpr bool is_safe_function =
    !needs_named_arguments<Transport> || std::is_lvalue_reference_v<F> ||
    std::is_trivially_copyable_v<F>;

} // namespace detail

} // namespace eloqua::bulk
