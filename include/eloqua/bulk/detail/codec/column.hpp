// SPDX-License-Identifier: BSL-1.0
/// \file
/// A row type as seen by the decoder and the encoder: a table of functions. Both are compiled once,
/// for any number of row types.
#pragma once

#include <eloqua/bulk/blanks.hpp>
#include <eloqua/bulk/bound_entity.hpp>
#include <eloqua/bulk/detail/codec/text.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/value.hpp>

#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk::detail {

/// What happens to the part of a time below a millisecond, the finest unit that the service stores.
enum class fine_times : unsigned char { kept, refused, cut_off };

/// Buffer and settings for writing the text of members that are not texts.
struct text_scratch {
    std::string text;
    char few[64] = {}; ///< for short texts
    fine_times times = fine_times::kept;
    std::size_t times_cut = 0; ///< a running count; not reset
};

/// Member types that are assigned without a function call.
enum class stored_as : unsigned char { other, string, view };

/// Reads and writes one column of a row type that is not known statically.
struct column_codec {
    std::string_view key;
    /// The place of the column's value in a row, without `index`; its offset is the same in all
    /// rows. For described rows it is the member; for rows with columns chosen at run time, the
    /// row itself.
    void const* (*place)(void const* row);
    /// Sets the value at a place from `text`; see `value_traits::parse`. `column` is this column's
    /// index in its table.
    bool (*assign_at)(void* place, std::size_t column, std::string_view text);
    /// The text of the value at a place.
    std::string_view (*text_at)(void const* place, std::size_t column, text_scratch& scratch);
    /// Whether 16 bytes from the start of the member's text are readable, however short it is.
    bool has_16_bytes;
    stored_as storage;
    value_kind kind;
    bool optional; ///< a blank is a valid value of the member's type
    /// Appends all members of a row at `out`, each after its lead; members without a lead are
    /// omitted. Returns the end, or null if a member has no valid text; `refused` is then its
    /// column. The same for all columns of a table; null if the row's type is not known.
    char* (*append_row)(row_bytes& to, column_lead const* leads, text_scratch& scratch,
                        void const* row, char* out, std::size_t& refused) = nullptr;
    /// Added to the place, in bytes: for rows that are arrays.
    std::ptrdiff_t index = 0;

    /// The offset of the column's value in a row.
    std::ptrdiff_t offset(void const* row) const {
        return static_cast<std::byte const*>(place(row)) - static_cast<std::byte const*>(row) +
               index;
    }
    /// Sets a row's member from `text`. `text_padding` bytes after the text must be readable;
    /// otherwise use `assign_text`.
    bool assign(void* row, std::size_t column, std::string_view text) const {
        return assign_at(static_cast<std::byte*>(row) + offset(row), column, text);
    }
    /// A member's text, which may be written to `scratch`; a null view if it has none. See
    /// `value_traits::write`.
    std::string_view text(void const* row, std::size_t column, text_scratch& scratch) const {
        return text_at(static_cast<std::byte const*>(place(row)) + index, column, scratch);
    }
};

inline void* at_offset(void* row, std::ptrdiff_t offset) {
    return static_cast<std::byte*>(row) + offset;
}

/// Assigns a text that need not be followed by readable bytes.
inline bool assign_text(column_codec const& codec, void* row, std::size_t column,
                        std::string_view text) {
    std::string padded(text);
    padded.append(text_padding, '\0');
    return codec.assign(row, column, std::string_view(padded).substr(0, text.size()));
}

/// Assigns a text to a string. One of the two is not short.
template <class Allocator>
[[gnu::noinline]] void assign_long(std::basic_string<char, std::char_traits<char>, Allocator>& into,
                                   std::string_view text) {
    if (into.capacity() != std::string().capacity()) {
        into.assign(text);
        return;
    }
    // In place, since moving a string would cost as much again.
    Allocator const allocator = into.get_allocator();
    std::destroy_at(&into); // has allocated nothing
    try {
        std::construct_at(&into, text.data(), text.size(), allocator);
    } catch (...) {
        std::construct_at(&into, allocator);
        throw;
    }
}

/// Assigns a text with padding to a string. Copies a short text with a constant size, which
/// compiles to a few moves instead of a call.
template <class Allocator>
[[gnu::always_inline]] inline void
assign_padded(std::basic_string<char, std::char_traits<char>, Allocator>& into,
              std::string_view text) {
    std::size_t const small = std::string().capacity();
    static_assert(sizeof(std::string) < text_padding); // so padding covers any short string
    if (text.size() > small || into.capacity() != small) {
        assign_long(into, text);
        return;
    }
    Allocator const allocator = into.get_allocator();
    std::destroy_at(&into); // has allocated nothing
    std::construct_at(&into, text.data(), small, allocator);
    into.resize(text.size());
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

/// Recognizes a blank, "true" and "false" by one comparison each: -1 for a blank, 0, 1; 2 for any
/// other text.
inline int padded_bool(std::string_view text) {
    std::uint64_t bytes, yes, no;
    std::memcpy(&bytes, text.data(), 8);
    std::memcpy(&yes, "true\0\0\0", 8);
    std::memcpy(&no, "false\0\0", 8);
    if constexpr (std::endian::native == std::endian::little)
        bytes &= text.size() < 8 ? (std::uint64_t(1) << 8 * text.size()) - 1 : ~std::uint64_t(0);
    else
        bytes &= text.size() < 8 ? ~(~std::uint64_t(0) >> 8 * text.size()) : ~std::uint64_t(0);
    return text.empty()                       ? -1
           : bytes == yes && text.size() == 4 ? 1
           : bytes == no && text.size() == 5  ? 0
                                              : 2;
}

template <class T>
bool assign_value(void* place, std::size_t column, std::string_view text) {
    T& member = *static_cast<T*>(place);
    if constexpr (is_text_value<T>) {
        assign_padded(member, text);
        return true;
    } else if constexpr (is_optional_text<T>) {
        if (text.empty())
            member.reset();
        else
            assign_padded(member ? *member : member.emplace(), text);
        return true;
    } else if constexpr (std::is_same_v<T, std::optional<bool>>) {
        int const said = padded_bool(text);
        if (said == 2) [[unlikely]]
            return value_traits<T>::parse(text, member);
        member = said < 0 ? std::optional<bool>() : std::optional<bool>(said == 1);
        return true;
    } else if constexpr (wrapped<T>) {
        auto& inner = member.*wrapped_value<T>::member;
        return assign_value<std::remove_reference_t<decltype(inner)>>(&inner, column, text);
    } else if constexpr (field_value<T>) { // otherwise the table of the row reports it
        if constexpr (is_time_value<T>)
            if constexpr (has_fixed_time<typename T::duration>)
                if (parse_fixed_time(text, member)) [[likely]]
                    return true;
        return value_traits<T>::parse(text, member);
    } else {
        return false;
    }
}
template <class T, class Blank>
bool assign_or_default(void* place, std::size_t column, std::string_view text) {
    return text.empty() ? assign_blank<Blank>(*static_cast<T*>(place))
                        : assign_value<T>(place, column, text);
}
/// The function that assigns to a member: one per type, unless the row defines the meaning of a
/// blank.
template <class Row, class Descriptor>
consteval auto assign_of_member() {
    using type = member_type<Descriptor>;
    if constexpr (std::is_same_v<blanks_of<Row>, blanks<>>) {
        return &assign_value<type>;
    } else {
        using blank = typename meaning_of_blank<Row, Descriptor>::type;
        if constexpr (std::is_void_v<blank>)
            return &assign_value<type>;
        else
            return &assign_or_default<type, blank>;
    }
}

template <class Row, auto Member>
void const* place_of_member(void const* row) {
    return &(static_cast<Row const*>(row)->*Member);
}
inline void const* place_of_row(void const* row) {
    return row;
}
template <class T>
inline constexpr stored_as storage_of = std::is_same_v<T, std::string>        ? stored_as::string
                                        : std::is_same_v<T, std::string_view> ? stored_as::view
                                                                              : stored_as::other;

inline constexpr char true_text[16 + text_padding] = {'t', 'r', 'u', 'e'};
inline constexpr char false_text[16 + text_padding] = {'f', 'a', 'l', 's', 'e'};

/// Cuts a time to milliseconds if requested. False if the time must not be written.
template <class Duration>
bool admit_time(std::chrono::sys_time<Duration>& time, text_scratch& scratch) {
    if constexpr (clock_duration<Duration> && Duration::period::den > 1000) {
        using rep = typename Duration::rep;
        constexpr std::int64_t unit = Duration::period::den / 1000;
        auto const ticks = std::int64_t(time.time_since_epoch().count());
        std::int64_t rest = ticks % unit;
        if (scratch.times == fine_times::kept || rest == 0)
            return true;
        if (rest < 0) // round down, as all cut values
            rest += unit;
        if (scratch.times == fine_times::refused || ticks < std::numeric_limits<rep>::min() + rest)
            return false;
        time = std::chrono::sys_time<Duration>(Duration(static_cast<rep>(ticks - rest)));
        ++scratch.times_cut;
    }
    return true;
}

template <class T>
std::string_view text_of(T const& value, text_scratch& scratch) {
    if constexpr (is_text_value<T>) {
        return {value.data(), value.size()};
    } else if constexpr (std::is_same_v<T, std::string_view>) {
        return value.data() ? value : std::string_view(blank_text, 0);
    } else if constexpr (std::is_same_v<T, bool>) {
        return value ? std::string_view(true_text, 4) : std::string_view(false_text, 5);
    } else if constexpr (integer<T>) {
        auto const end = std::to_chars(scratch.few, scratch.few + sizeof scratch.few, value).ptr;
        return {scratch.few, static_cast<std::size_t>(end - scratch.few)};
    } else if constexpr (is_time_value<T>) {
        static_assert(sizeof scratch.few >= time_text_size);
        T time = value;
        std::size_t const size = admit_time(time, scratch) ? write_time(scratch.few, time) : 0;
        return size == 0 ? std::string_view() : std::string_view(scratch.few, size);
    } else if constexpr (wrapped<T>) {
        return text_of(value.*wrapped_value<T>::member, scratch);
    } else if constexpr (field_value<T>) {
        scratch.text.clear();
        return value_traits<T>::write(value, scratch.text) ? std::string_view(scratch.text)
                                                           : std::string_view();
    } else {
        return {};
    }
}
template <class T>
std::string_view text_of(std::optional<T> const& value, text_scratch& scratch) {
    return value ? text_of(*value, scratch) : std::string_view(blank_text, 0);
}

template <class T>
std::string_view text_of_value(void const* place, std::size_t, text_scratch& scratch) {
    return text_of(*static_cast<T const*>(place), scratch);
}

// Without optimization this would copy the code for each member.
#ifdef __OPTIMIZE__
#define ELOQUA_BULK_INLINE [[gnu::always_inline]] inline
#else
#define ELOQUA_BULK_INLINE inline
#endif

/// Appends the text of a member.
template <class T>
ELOQUA_BULK_INLINE char* append_member(row_bytes& to, char* out, T const& member,
                                       text_scratch& scratch) {
    if constexpr (std::is_same_v<T, std::string>) {
        return append_string(to, out, member);
    } else if constexpr (integer<T> && !std::is_same_v<T, bool>) {
        return std::to_chars(out, out + short_text, member).ptr;
    } else if constexpr (is_time_value<T>) {
        static_assert(short_text >= time_text_size);
        T time = member;
        std::size_t const size = admit_time(time, scratch) ? write_time(out, time) : 0;
        return size == 0 ? nullptr : out + size;
    } else {
        std::string_view const text = text_of(member, scratch);
        return text.data() ? append_text(to, out, text, strings_have_16_bytes && !is_view_value<T>)
                           : nullptr;
    }
}
template <class T>
ELOQUA_BULK_INLINE char* append_column(row_bytes& to, column_lead const& lead,
                                       text_scratch& scratch, T const& member, char* out) {
    if (lead.size() == 0) [[unlikely]]
        return out;
    return append_member(to, lead.copy_to(out), member, scratch);
}
template <class Row, auto... Members>
char* append_members(row_bytes& to, column_lead const* leads, text_scratch& scratch, void const* at,
                     char* out, std::size_t& refused) {
    Row const& row = *static_cast<Row const*>(at);
    std::size_t column = 0;
    if (!((out = append_column(to, leads[column++], scratch, row.*Members, out)) && ... && true))
        refused = column - 1;
    return out;
}

#undef ELOQUA_BULK_INLINE

/// Assigns to no column.
inline bool ignore_text(void*, std::size_t, std::string_view) {
    return true;
}

template <class T>
constexpr column_codec codec_of_member(std::string_view key, void const* (*place)(void const* row),
                                       decltype(column_codec::assign_at) assign_at,
                                       decltype(column_codec::append_row) append_row) {
    return {key,
            place,
            assign_at,
            &text_of_value<T>,
            strings_have_16_bytes && !is_view_value<T>,
            storage_of<T>,
            value_kind_of<T>,
            is_optional_value<T>,
            append_row};
}

template <class Row, class Members>
struct codec_table;
template <class Row, template <class...> class List, class... Descriptors>
struct codec_table<Row, List<Descriptors...>> {
    static_assert(types_fit<List<Descriptors...>> ||
                  types_of_members<Row, List<Descriptors...>>::checked);
    static_assert(check_of_blanks<Row>::checked);
    static constexpr auto append_row = &append_members<Row, Descriptors::pointer...>;
    static constexpr std::array<column_codec, sizeof...(Descriptors)> value{
        codec_of_member<member_type<Descriptors>>(
            Descriptors::name, &place_of_member<Row, Descriptors::pointer>,
            assign_of_member<Row, Descriptors>(), append_row)...};
};

/// The codec table of a row type, in the order of its described members.
template <described Row>
inline constexpr auto const& row_codec = detail::codec_table<Row, detail::row_members<Row>>::value;

/// Whether rows of this type contain views of the text they were read from. Such rows are valid
/// only inside a callback.
template <class Row>
inline constexpr bool is_view_row = false;
template <described Row>
inline constexpr bool is_view_row<Row> =
    []<template <class...> class List, class... Descriptors>(List<Descriptors...>) {
        return (is_view_value<detail::member_type<Descriptors>> || ... || false);
    }(detail::row_members<Row>{});

} // namespace eloqua::bulk::detail
