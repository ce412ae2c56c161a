// SPDX-License-Identifier: BSL-1.0
/// \file
/// Exports by windows of time: which member or column holds the time, and what a receipt says of
/// the windows.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/time_windows.hpp>
#include <eloqua/bulk/value.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// What an export by windows did.
struct window_totals {
    std::int64_t exported = 0; ///< windows whose rows were delivered, halves counted separately
    std::int64_t halved = 0;   ///< windows that had too many rows for one export
    std::int64_t empty = 0;    ///< windows without rows; included in `exported`
    /// Rows that the service sent and that were dropped, since their time is outside of the window.
    /// Filters ask for more than the window, see `export_windows`.
    std::int64_t outside = 0;
    /// In which zone the service reads times in filters, as its rows show.
    filter_zone zone = filter_zone::unknown;

    /// Compares all members.
    friend bool operator==(window_totals const&, window_totals const&) = default;
};
BOOST_DESCRIBE_STRUCT(window_totals, (), (exported, halved, empty, outside, zone))

namespace detail {

template <class T>
inline constexpr std::chrono::seconds unit_of_time{1};
template <class Duration>
    requires(Duration::period::den == 1)
inline constexpr std::chrono::seconds unit_of_time<std::chrono::sys_time<Duration>>{
    Duration::period::num};
template <>
inline constexpr std::chrono::seconds unit_of_time<std::chrono::year_month_day>{86'400};
template <class T>
inline constexpr std::chrono::seconds unit_of_time<std::optional<T>> = unit_of_time<T>;
template <wrapped T>
inline constexpr std::chrono::seconds unit_of_time<T> = unit_of_time<wrapped_type<T>>;

/// The time that a member holds, rounded down to seconds; empty if it is blank.
template <class T>
std::optional<std::chrono::sys_seconds> seconds_of(T const& value) {
    if constexpr (is_optional_value<T>)
        return value ? seconds_of(*value) : std::nullopt;
    else if constexpr (wrapped<T>)
        return seconds_of(value.*wrapped_value<T>::member);
    else if constexpr (is_time_value<T>)
        return std::chrono::floor<std::chrono::seconds>(value);
    else if constexpr (std::same_as<T, std::chrono::year_month_day>)
        return value.ok() ? std::optional<std::chrono::sys_seconds>(std::chrono::sys_days(value))
                          : std::nullopt;
    else
        return std::nullopt;
}
template <class T>
std::optional<std::chrono::sys_seconds> seconds_at(void const* place) {
    return seconds_of(*static_cast<T const*>(place));
}

template <class T>
concept readable_time = requires {
    requires value_kind_of<T> == value_kind::time;
    requires is_time_value<T> || std::same_as<T, std::chrono::year_month_day> ||
                 is_optional_value<T> || wrapped<T>;
};

/// The column of an export that holds a time.
struct time_column {
    std::string key;
    std::chrono::seconds unit{1}; ///< times are multiples of it
    /// Reads the time at the place of a member of this type; null: the text is parsed.
    std::optional<std::chrono::sys_seconds> (*read)(void const* place) = nullptr;
    /// Recognizes members of the type that `read` reads.
    decltype(column_codec::text_at) text_at = nullptr;

    /// The time of a row, rounded down to seconds; empty if it is blank or not a time.
    std::optional<std::chrono::sys_seconds> of(column_codec const& codec, void const* row,
                                               std::size_t column, text_scratch& scratch) const {
        if (read && codec.text_at == text_at)
            return read(static_cast<std::byte const*>(codec.place(row)) + codec.index);
        std::string_view const text = codec.text(row, column, scratch);
        return text.empty() ? std::nullopt : parse_time<std::chrono::seconds>(text);
    }
};

template <auto Member, bool Described, bool Time>
struct time_member : compile_time_check {
    static_assert(Described, "eloqua: the time of rows is a member that BOOST_DESCRIBE_STRUCT "
                             "does not list");
    static_assert(!Described || Time, "eloqua: the time of rows must be a member that holds a time "
                                      "or a date");
};

/// The column of a member. A member that is not a time is a compile error with a message.
template <auto Member>
time_column time_column_of() {
    using row = typename member_pointer<decltype(Member)>::row;
    using type = typename member_pointer<decltype(Member)>::type;
    if constexpr (described<row>) {
        using members = member_list<row_members<row>>;
        constexpr std::size_t at = column_index<row, Member>();
        constexpr bool listed = at != members::size;
        static_assert(time_member<Member, listed, readable_time<type>>::checked);
        if constexpr (listed && readable_time<type>)
            return {std::string(members::names[at]), unit_of_time<type>, &seconds_at<type>,
                    &text_of_value<type>};
    } else {
        static_assert(time_member<Member, false, true>::checked);
    }
    return {};
}

} // namespace detail

/// The windows of an export, and the column with the time that decides to which of them a row
/// belongs. Created by `export_windows`.
struct window_plan {
    time_windows windows;       ///< consecutive, in the order of their export
    detail::time_column column; ///< the column with the time
};

/// Exports by windows of time, for `export_options::windows`. The member must be a time or a date
/// of the exported row:
///
///     options.windows = bulk::export_windows<&opened::at>(bulk::time_windows(from, to, day));
///
/// Each window is an export of its own, one after another, with a definition, a sync and a proof of
/// completeness. Rows come in the order of the windows. A row belongs to the one window that
/// contains its exported time, so that no row is lost or comes twice at a boundary.
///
/// A window that the service cuts off (see `limits::rows_per_activity_export`) or that has more
/// rows than `export_options::window_rows` is halved before any of its rows is delivered.
///
/// It is not documented whether the service reads times in filters as UTC or as US Eastern time.
/// Until a row shows which, filters ask for five hours more than the window, then for at most one.
/// Rows outside of the window are dropped and counted. A row that neither reading can select is an
/// error. A row that was changed after its sync began may have a later time; it is dropped, and
/// belongs to the window of that time.
///
/// Errors in addition to those of an export: `errc::window_too_full` for a window of one second
/// (for dates: one day) that is cut off; `errc::rows_not_requested` for a row that the filter
/// excludes; `errc::invalid_value` for a row with a blank time, which belongs to no window;
/// `errc::invalid_argument` for windows that are not whole days if the member is a date, and
/// together with `max_records`, `sync_actions` or Eastern times.
template <auto Member>
[[nodiscard]] window_plan export_windows(time_windows windows) {
    return {std::move(windows), detail::time_column_of<Member>()};
}

/// As above, for the column of records with this key. Texts are parsed by `parse_time`; other text
/// is an error like a blank.
[[nodiscard]] inline window_plan export_windows(std::string key, time_windows windows) {
    detail::time_column column;
    column.key = std::move(key);
    return {std::move(windows), std::move(column)};
}

} // namespace eloqua::bulk
