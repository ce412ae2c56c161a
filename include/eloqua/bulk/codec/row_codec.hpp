// SPDX-License-Identifier: BSL-1.0
/// \file
/// A row type as the decoder and the encoder know it: a table of functions. Both are compiled once,
/// whatever the number of row types.
#pragma once

#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/value.hpp>

#include <array>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// How one column of an unknown row type is read and written.
struct column_codec {
    std::string_view key;
    bool (*assign)(void* row, std::string_view text); ///< see `value_traits::parse`
    bool (*write)(void const* row, std::string& out); ///< see `value_traits::write`
};

namespace detail {

template <class Row, class Descriptor>
bool assign_member(void* row, std::string_view text) {
    auto& member = static_cast<Row*>(row)->*Descriptor::pointer;
    return value_traits<member_type<Row, Descriptor>>::parse(text, member);
}

template <class Row, class Descriptor>
bool write_member(void const* row, std::string& out) {
    auto const& member = static_cast<Row const*>(row)->*Descriptor::pointer;
    return value_traits<member_type<Row, Descriptor>>::write(member, out);
}

template <class Row, class Members>
struct codec_table;
template <class Row, template <class...> class List, class... Descriptors>
struct codec_table<Row, List<Descriptors...>> {
    static constexpr std::array<column_codec, sizeof...(Descriptors)> value{column_codec{
        Descriptors::name, &assign_member<Row, Descriptors>, &write_member<Row, Descriptors>}...};
};

} // namespace detail

/// The codec table of a row type, in the order of its described members.
template <described Row>
inline constexpr auto const& row_codec = detail::codec_table<Row, detail::row_members<Row>>::value;

/// Whether rows of this type hold views of the text they were read from. Such rows are valid only
/// inside a callback.
template <described Row>
inline constexpr bool is_view_row =
    []<template <class...> class List, class... Descriptors>(List<Descriptors...>) {
        return (is_view_value<detail::member_type<Row, Descriptors>> || ... || false);
    }(detail::row_members<Row>{});

} // namespace eloqua::bulk
