// SPDX-License-Identifier: BSL-1.0
/// \file
/// A row type as the decoder and the encoder know it: a table of functions. Both are compiled once,
/// whatever the number of row types.
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

/// What becomes of the part of a time below a millisecond, which is the finest that the service
/// holds, when it is written.
enum class fine_times : unsigned char { kept, refused, cut_off };

/// Where the text of a member is written that is not a text itself, and how.
struct text_scratch {
    std::string text;
    char few[64] = {}; ///< what is short
    fine_times times = fine_times::kept;
    std::size_t times_cut = 0; ///< counted, not reset
};

/// Types of members that are assigned to without a call.
enum class stored_as : unsigned char { other, string, view };

/// How one column of an unknown row type is read and written.
struct column_codec {
    std::string_view key;
    /// Where the column's value is in a row, as far from the row's begin in all rows: the member,
    /// or of rows whose columns are chosen when the program runs, the row.
    void const* (*place)(void const* row);
    /// Gives what is at a place the value of `text`; see `value_traits::parse`. `column` is this
    /// one's index in its table.
    bool (*assign_at)(void* place, std::size_t column, std::string_view text);
    /// The text of what is at a place.
    std::string_view (*text_at)(void const* place, std::size_t column, text_scratch& scratch);
    /// 16 bytes from the begin of the member's text on are readable, however short it is.
    bool has_16_bytes;
    stored_as storage;
    value_kind kind;
    bool optional; ///< a blank is a value of the member's type
    /// Appends all members of a row at `out`, each after its lead; those without one are left out.
    /// Gives the end; null if a member has no text, whose column is `refused` then. The same for
    /// all columns of a table; null where the row's type is not known.
    char* (*append_row)(row_bytes& to, column_lead const* leads, text_scratch& scratch,
                        void const* row, char* out, std::size_t& refused) = nullptr;

    /// How far a column's value is from a row's begin.
    std::ptrdiff_t offset(void const* row) const {
        return static_cast<std::byte const*>(place(row)) - static_cast<std::byte const*>(row);
    }
    /// Gives a row's member the value of `text`. `text_padding` bytes after the text must
    /// be readable: `assign_text` is for others.
    bool assign(void* row, std::size_t column, std::string_view text) const {
        return assign_at(static_cast<std::byte*>(row) + offset(row), column, text);
    }
    /// A member's text, which may be written to `scratch`; a null view if it has none. See
    /// `value_traits::write`.
    std::string_view text(void const* row, std::size_t column, text_scratch& scratch) const {
        return text_at(place(row), column, scratch);
    }
};

inline void* at_offset(void* row, std::ptrdiff_t offset) {
    return static_cast<std::byte*>(row) + offset;
}

/// Assigns a text that nothing need follow.
inline bool assign_text(column_codec const& codec, void* row, std::size_t column,
                        std::string_view text) {
    std::string padded(text);
    padded.append(text_padding, '\0');
    return codec.assign(row, column, std::string_view(padded).substr(0, text.size()));
}

/// A text to a string, either of which is not a short one.
template <class Allocator>
[[gnu::noinline]] void assign_long(std::basic_string<char, std::char_traits<char>, Allocator>& into,
                                   std::string_view text) {
    if (into.capacity() != std::string().capacity()) {
        into.assign(text);
        return;
    }
    // In place, since moving a string costs as much again.
    Allocator const allocator = into.get_allocator();
    std::destroy_at(&into); // has nothing allocated
    try {
        std::construct_at(&into, text.data(), text.size(), allocator);
    } catch (...) {
        std::construct_at(&into, allocator);
        throw;
    }
}

/// Text with padding after it, to a string. A short text is copied by its greatest possible size,
/// which compiles to a few moves instead of a call.
template <class Allocator>
[[gnu::always_inline]] inline void
assign_padded(std::basic_string<char, std::char_traits<char>, Allocator>& into,
              std::string_view text) {
    std::size_t const small = std::string().capacity();
    static_assert(sizeof(std::string) < text_padding); // hence less than it can be small
    if (text.size() > small || into.capacity() != small) {
        assign_long(into, text);
        return;
    }
    Allocator const allocator = into.get_allocator();
    std::destroy_at(&into); // has nothing allocated
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

/// What a blank, "true" or "false" says, by one comparison each: -1 blank, 0, 1; 2 if it is
/// another.
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
    } else if constexpr (field_value<T>) { // else the table of the row says so
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
/// What assigns to a member: one function for its type, unless the row says what a blank means.
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

/// Cuts a time to milliseconds if it is to be. False: it must not be written as it is.
template <class Duration>
bool admit_time(std::chrono::sys_time<Duration>& time, text_scratch& scratch) {
    if constexpr (clock_duration<Duration> && Duration::period::den > 1000) {
        using rep = typename Duration::rep;
        constexpr std::int64_t unit = Duration::period::den / 1000;
        auto const ticks = std::int64_t(time.time_since_epoch().count());
        std::int64_t rest = ticks % unit;
        if (scratch.times == fine_times::kept || rest == 0)
            return true;
        if (rest < 0) // down, as all that is cut off
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

// Where nothing is optimised, a row's members would be as many copies.
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

/// Whether rows of this type hold views of the text they were read from. Such rows are valid only
/// inside a callback.
template <class Row>
inline constexpr bool is_view_row = false;
template <described Row>
inline constexpr bool is_view_row<Row> =
    []<template <class...> class List, class... Descriptors>(List<Descriptors...>) {
        return (is_view_value<detail::member_type<Descriptors>> || ... || false);
    }(detail::row_members<Row>{});

} // namespace eloqua::bulk::detail
