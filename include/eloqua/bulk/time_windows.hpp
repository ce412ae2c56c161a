// SPDX-License-Identifier: BSL-1.0
/// \file
/// Windows of time: half-open ranges, and consecutive ranges that share no time.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/time.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/describe/enum.hpp>

#include <algorithm>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// The time zone in which the service reads times in filters. The service's documentation does not
/// say which one it is.
enum class filter_zone : unsigned char { unknown, utc, us_eastern };
BOOST_DESCRIBE_ENUM(filter_zone, unknown, utc, us_eastern)

/// The times from `from` to before `to`, in UTC.
struct time_window {
    std::chrono::sys_seconds from; ///< included
    std::chrono::sys_seconds to;   ///< not included

    /// In seconds.
    std::chrono::seconds length() const { return to - from; }
    /// Whether the window contains a time; it contains its start, but not its end.
    bool contains(std::chrono::sys_seconds time) const { return from <= time && time < to; }
    /// "2025-06-01T00:00:00Z/2025-06-02T00:00:00Z".
    std::string text() const {
        std::string out;
        if (append_time(out, from, 'T')) {
            out += "Z/";
            if (append_time(out, to, 'T'))
                out += 'Z';
        }
        return out;
    }
    /// Parses the output of `text`, and other times that `parse_time` accepts, on both sides of a
    /// slash. Error: `errc::invalid_argument` for other text, and for a window that does not begin
    /// before it ends, or is not in the years 1000 to 9998.
    static result<time_window> parse(std::string_view text) {
        std::size_t const slash = text.find('/');
        if (slash != text.npos) {
            auto const from = parse_time<std::chrono::seconds>(text.substr(0, slash));
            auto const to = parse_time<std::chrono::seconds>(text.substr(slash + 1));
            if (from && to) {
                time_window const made{*from, *to};
                result<void> const fine = made.check();
                return fine ? result<time_window>(made) : fine.error();
            }
        }
        return failure(errc::invalid_argument,
                       "\"" + detail::shown(text) + "\" is not a window of time",
                       "write it as 2025-06-01T00:00:00Z/2025-06-02T00:00:00Z");
    }
    /// Error: `errc::invalid_argument` for a window that does not begin before it ends, or is not
    /// in the years 1000 to 9998.
    result<void> check() const {
        using namespace std::chrono;
        bool const in_range =
            from >= sys_days(year(1000) / 1 / 1) && to <= sys_days(year(9998) / 12 / 31);
        if (in_range && from < to)
            return {};
        return failure(errc::invalid_argument,
                       in_range ? "the window " + text() + " does not begin before it ends"
                                : "a window of time is not in the years 1000 to 9998");
    }
    /// Compares start and end.
    friend bool operator==(time_window const&, time_window const&) = default;
};

/// Consecutive windows of time, computed when they are read. Each begins where the one before it
/// ends, so that every time from the first to the last belongs to exactly one.
class time_windows {
public:
    /// Windows of the length `step`; the last one may be shorter. Throws `error` with
    /// `errc::invalid_argument` if a window does not begin before it ends, is not in the years
    /// 1000 to 9998, or if the step is less than a second.
    time_windows(std::chrono::sys_seconds from, std::chrono::sys_seconds to,
                 std::chrono::seconds step)
        : time_windows(made(time_window{from, to}, step, 0).value()) {}
    /// One window. Throws as above.
    explicit time_windows(time_window whole)
        : time_windows(whole.from, whole.to, std::max(whole.length(), std::chrono::seconds(1))) {}
    /// `count` windows whose lengths differ by at most a second. Throws as above, and if there are
    /// more windows than seconds.
    static time_windows split(time_window whole, std::int64_t count) {
        return made(whole, std::chrono::seconds(0), count).value();
    }

    /// Number of windows.
    std::size_t size() const { return static_cast<std::size_t>(count_); }
    /// From the start of the first window to the end of the last one.
    time_window whole() const { return whole_; }
    /// The window with this number, from 0 to below `size()`.
    time_window operator[](std::size_t number) const {
        auto const n = static_cast<std::int64_t>(number);
        return {bound(n), bound(n + 1)};
    }
    /// The number of the window that contains a time of the whole.
    std::size_t index_of(std::chrono::sys_seconds time) const {
        std::int64_t low = 0, high = count_; // the bound of `low` is not after it
        while (high - low > 1) {
            std::int64_t const middle = low + (high - low) / 2;
            (bound(middle) <= time ? low : high) = middle;
        }
        return static_cast<std::size_t>(low);
    }

    /// "2025-06-01T00:00:00Z/2025-06-02T00:00:00Z/3600" for windows of an hour;
    /// "2025-06-01T00:00:00Z/2025-06-02T00:00:00Z/of7" for seven equal windows.
    std::string text() const {
        bool const split = step_ == std::chrono::seconds(0);
        return whole_.text() + (split ? "/of" : "/") +
               std::to_string(split ? count_ : step_.count());
    }
    /// Parses the output of `text`. Error: `errc::invalid_argument`.
    static result<time_windows> parse(std::string_view text) {
        std::size_t const slash = text.rfind('/');
        std::string_view last = slash == text.npos ? std::string_view() : text.substr(slash + 1);
        bool const split = last.starts_with("of");
        last.remove_prefix(split ? 2 : 0);
        std::int64_t number = 0;
        if (!detail::read_whole(last, number, 10))
            return failure(errc::invalid_argument,
                           "\"" + detail::shown(text) + "\" does not say what its windows are");
        result<time_window> const whole = time_window::parse(text.substr(0, slash));
        if (!whole)
            return whole.error();
        return made(*whole, std::chrono::seconds(split ? 0 : number), split ? number : 0);
    }
    /// Whether both have the same windows, split in the same way.
    friend bool operator==(time_windows const&, time_windows const&) = default;

    /// Yields the windows in order.
    class iterator {
    public:
        /// @{
        /// As the standard library requires.
        using iterator_concept = std::forward_iterator_tag;
        using iterator_category = std::input_iterator_tag;
        using value_type = time_window;
        using difference_type = std::ptrdiff_t;
        using reference = time_window;
        using pointer = void;
        /// @}

        iterator() = default;
        /// Use `begin` and `end`.
        iterator(time_windows const& of, std::size_t at) : of_(&of), at_(at) {}
        /// @{
        /// A forward iterator that returns windows by value.
        time_window operator*() const { return (*of_)[at_]; }
        iterator& operator++() {
            ++at_;
            return *this;
        }
        iterator operator++(int) {
            iterator const before = *this;
            ++at_;
            return before;
        }
        friend bool operator==(iterator const&, iterator const&) = default;
        /// @}

    private:
        time_windows const* of_ = nullptr;
        std::size_t at_ = 0;
    };
    /// The windows must outlive the iterators.
    iterator begin() const { return {*this, 0}; }
    /// The end of the windows.
    iterator end() const { return {*this, size()}; }

private:
    time_windows(time_window whole, std::chrono::seconds step, std::int64_t count)
        : whole_(whole), step_(step), count_(count) {}

    /// Windows of the length `step`, or `count` equal ones if that is zero.
    static result<time_windows> made(time_window whole, std::chrono::seconds step,
                                     std::int64_t count) {
        result<void> const fine = whole.check();
        if (!fine)
            return fine.error();
        std::int64_t const length = whole.length().count();
        if (count == 0 ? step.count() < 1 : count < 1 || count > length)
            return failure(errc::invalid_argument,
                           count == 0
                               ? "windows of " + std::to_string(step.count()) +
                                     " s; they need at least a second each"
                               : std::to_string(count) + " windows in " + std::to_string(length) +
                                     " s; they need at least a second each");
        if (count == 0)
            count = (length - 1) / std::min<std::int64_t>(step.count(), length) + 1;
        return time_windows(whole, step, count);
    }
    /// Where the window with this number begins.
    std::chrono::sys_seconds bound(std::int64_t n) const {
        if (n >= count_)
            return whole_.to;
        if (step_ != std::chrono::seconds(0))
            return whole_.from + step_ * n;
        // Split so that no product overflows.
        std::int64_t const each = whole_.length().count() / count_;
        std::int64_t const rest = whole_.length().count() % count_;
        return whole_.from + std::chrono::seconds(each * n + std::min(n, rest));
    }

    time_window whole_;
    std::chrono::seconds step_; ///< 0: equal windows
    std::int64_t count_;
};

} // namespace eloqua::bulk
