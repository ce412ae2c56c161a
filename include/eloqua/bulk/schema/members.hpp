// SPDX-License-Identifier: BSL-1.0
/// \file
/// The members of described structs, by their pointers.
#pragma once

#include <eloqua/bulk/schema/fixed_string.hpp>

#include <boost/describe/bases.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace eloqua::bulk {

/// A struct known to Boost.Describe.
template <class Row>
concept described = boost::describe::has_describe_members<Row>::value;

namespace detail {

/// Public members, those of described bases first.
template <class Row>
using row_members = boost::describe::describe_members<Row, boost::describe::mod_public |
                                                               boost::describe::mod_inherited>;
template <class Row>
using row_bases = boost::describe::describe_bases<Row, boost::describe::mod_public>;

template <class M>
struct member_pointer;
template <class Class, class T>
struct member_pointer<T Class::*> {
    using row = Class;
    using type = T;
};
template <class Descriptor>
using member_type = typename member_pointer<std::remove_cv_t<decltype(Descriptor::pointer)>>::type;

/// Tells members apart without comparing every one's type with every other's.
using member_id = char const*;
template <auto Member>
inline constexpr char member_tag{};
template <auto Member>
inline constexpr member_id id_of_member = &member_tag<Member>;

/// The members of a row type as arrays, in their order.
template <class Members>
struct member_list;
template <template <class...> class List, class... Descriptors>
struct member_list<List<Descriptors...>> {
    static constexpr std::size_t size = sizeof...(Descriptors);
    static constexpr std::array<member_id, size> ids{id_of_member<Descriptors::pointer>...};
    static constexpr std::array<std::string_view, size> names{Descriptors::name...};
};

/// Where one stands among them; `size` if nowhere.
constexpr std::size_t index_of_member(member_id const* ids, std::size_t size, member_id wanted) {
    for (std::size_t i = 0; i != size; ++i)
        if (ids[i] == wanted)
            return i;
    return size;
}

/// Index of the column that a member pointer names; the number of columns if it names none.
template <class Row, auto Member>
consteval std::size_t column_index() {
    using members = member_list<row_members<Row>>;
    return index_of_member(members::ids.data(), members::size, id_of_member<Member>);
}

/// A member's name, as a template argument.
template <class Descriptor>
consteval auto name_of() {
    return fixed_string<std::string_view(Descriptor::name).size() + 1>(Descriptor::name, 0);
}

/// A check of the member at an index.
template <template <class, fixed_string, bool> class Check, class Row, std::size_t At>
struct failed_check {
    using descriptor = boost::mp11::mp_at_c<row_members<Row>, At>;
    static constexpr bool checked = Check<Row, name_of<descriptor>(), false>::checked;
};

} // namespace detail

} // namespace eloqua::bulk
