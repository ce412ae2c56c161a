// SPDX-License-Identifier: BSL-1.0
// The part of glaze that decode_glaze.cpp uses. It lets checks compile that file without glaze, so
// that they notice when the library breaks it. Checks the types like glaze, but reads nothing.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace glz {

struct opts {
    bool error_on_unknown_keys = true;
};

struct error_ctx {
    bool failed = true;
    explicit operator bool() const noexcept { return failed; }
};

template <class T>
struct meta;

namespace stand_in {

template <class... Parts>
struct object_t {
    std::tuple<Parts...> parts;
};

template <auto Read, auto Write>
struct custom_t {};

template <class T, class... Parts>
constexpr bool complete(object_t<Parts...> const& object);

template <class T>
struct readable {
    static constexpr bool value = complete<T>(meta<T>::value);
};
template <>
struct readable<std::string> : std::true_type {};
template <class T>
struct readable<std::vector<T>> : readable<T> {};

/// How a part of an object is read: into a member, or by a function that receives its text.
template <class T, class Class, class Member>
constexpr bool fits(Member Class::*) {
    return std::derived_from<T, Class> && readable<Member>::value;
}
template <class T, auto Read, auto Write>
constexpr bool fits(custom_t<Read, Write>) {
    return std::invocable<decltype(Read), T&, std::string const&> &&
           std::invocable<decltype(Write), T&>;
}

/// Names and handlers alternate.
template <class T, class... Parts>
constexpr bool complete(object_t<Parts...> const& object) {
    static_assert(sizeof...(Parts) % 2 == 0, "a name without a handler");
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return ((std::convertible_to<std::tuple_element_t<2 * I, std::tuple<Parts...>>,
                                     std::string_view> &&
                 fits<T>(std::get<2 * I + 1>(object.parts))) &&
                ... && true);
    }(std::make_index_sequence<sizeof...(Parts) / 2>());
}

} // namespace stand_in

template <class... Parts>
constexpr auto object(Parts... parts) {
    return stand_in::object_t<Parts...>{{parts...}};
}

template <auto Read, auto Write>
inline constexpr stand_in::custom_t<Read, Write> custom{};

template <opts, class T>
[[nodiscard]] error_ctx read(T&, std::string_view) {
    static_assert(stand_in::readable<T>::value, "a member that glaze cannot read");
    return {};
}

} // namespace glz
