// SPDX-License-Identifier: BSL-1.0
/// \file
/// A row type as the decoder and the encoder know it: a table of functions. Both are compiled once,
/// whatever the number of row types.
#pragma once

#include <eloqua/bulk/codec/text_scan.hpp>
#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/value.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

/// What a member says.
struct member_text {
    std::string_view text;
    bool in_string; ///< it is all of a `std::basic_string`
};

/// How one column of an unknown row type is read and written.
struct column_codec {
    std::string_view key;
    /// Gives the member of column `column` (this one's index in its table) the value of `text`; see
    /// `value_traits::parse`. `detail::text_padding` bytes behind the text must be readable:
    /// `assign_text` is for others.
    bool (*assign)(void* row, std::size_t column, std::string_view text);
    /// The member's text, which may be written to `scratch`; see `value_traits::write`.
    bool (*text)(void const* row, std::size_t column, std::string& scratch, member_text& text);
};

/// Assigns a text that nothing need follow.
inline bool assign_text(column_codec const& codec, void* row, std::size_t column,
                        std::string_view text) {
    std::string padded(text);
    padded.append(detail::text_padding, '\0');
    return codec.assign(row, column, std::string_view(padded).substr(0, text.size()));
}

namespace detail {

/// Text with padding behind it, to a string. A short text is copied by its greatest possible size,
/// which compiles to a few moves instead of a call.
template <class Allocator>
[[gnu::flatten]] inline void
assign_padded(std::basic_string<char, std::char_traits<char>, Allocator>& into,
              std::string_view text) {
    using type = std::basic_string<char, std::char_traits<char>, Allocator>;
    std::size_t const small = std::string().capacity();
    static_assert(sizeof(std::string) < text_padding); // hence less than it can be small
    if (text.size() <= small) {
        into = type(text.data(), small, into.get_allocator()); // which keeps what is allocated
        into.resize(text.size());
    } else if (into.capacity() <= small) {
        into = type(text.data(), text.size(), into.get_allocator());
    } else {
        into.assign(text);
    }
}

template <class T>
inline constexpr bool is_text_value = false;
template <class Allocator>
inline constexpr bool is_text_value<std::basic_string<char, std::char_traits<char>, Allocator>> =
    true;

template <class T>
inline constexpr bool is_optional_text = false;
template <class T>
inline constexpr bool is_optional_text<std::optional<T>> = is_text_value<T>;

template <class Row, class Descriptor>
bool assign_member(void* row, std::size_t, std::string_view text) {
    using type = member_type<Row, Descriptor>;
    auto& member = static_cast<Row*>(row)->*Descriptor::pointer;
    if constexpr (is_text_value<type>) {
        assign_padded(member, text);
        return true;
    } else if constexpr (is_optional_text<type>) {
        if (text.empty())
            member.reset();
        else
            assign_padded(member ? *member : member.emplace(), text);
        return true;
    } else {
        return value_traits<type>::parse(text, member);
    }
}

template <class Row, class Descriptor>
bool text_of_member(void const* row, std::size_t, std::string& scratch, member_text& text) {
    using type = member_type<Row, Descriptor>;
    auto const& member = static_cast<Row const*>(row)->*Descriptor::pointer;
    if constexpr (is_text_value<type> || std::is_same_v<type, std::string_view>) {
        text = {member, is_text_value<type>};
        return true;
    } else {
        scratch.clear();
        bool const fine = value_traits<type>::write(member, scratch);
        text = {scratch, true};
        return fine;
    }
}

/// Assigns to no column.
inline bool ignore_text(void*, std::size_t, std::string_view) {
    return true;
}

template <class Row, class Members>
struct codec_table;
template <class Row, template <class...> class List, class... Descriptors>
struct codec_table<Row, List<Descriptors...>> {
    static constexpr std::array<column_codec, sizeof...(Descriptors)> value{column_codec{
        Descriptors::name, &assign_member<Row, Descriptors>, &text_of_member<Row, Descriptors>}...};
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
