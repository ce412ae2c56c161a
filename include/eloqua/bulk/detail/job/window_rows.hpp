// SPDX-License-Identifier: BSL-1.0
/// \file
/// The filters of an export by windows, what their rows show about the zone in which the service
/// reads them, and which of the rows belong to a window.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export_windows.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/time.hpp>
#include <eloqua/bulk/time_windows.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// What the filter of a window assumes about the service.
struct assumed_zone {
    filter_zone zone = filter_zone::unknown;
    /// Eastern time by the present rules. Otherwise every local time is taken as both standard and
    /// daylight saving time, so that a change of the law cannot hide rows.
    bool exact = false;
    friend bool operator==(assumed_zone const&, assumed_zone const&) = default;
};

/// The possible offsets of a local time of US Eastern time, by the rules since 2007: the hours to
/// add to get UTC. Two for other years and for times that are ambiguous or do not exist.
struct eastern_hours {
    std::chrono::hours least{4}, most{5};
};
inline eastern_hours hours_of_eastern(std::chrono::sys_seconds local) {
    using namespace std::chrono;
    year const y = year_month_day(floor<days>(local)).year();
    if (y < year(2007))
        return {};
    // At 02:00 the clock is set to 03:00, and in autumn back to 01:00.
    sys_seconds const begin = sys_days(y / March / Sunday[2]) + hours(2);
    sys_seconds const end = sys_days(y / November / Sunday[1]) + hours(2);
    if (local >= begin + hours(1) && local < end - hours(1))
        return {hours(4), hours(4)};
    if (local < begin || local >= end)
        return {hours(5), hours(5)};
    return {};
}

/// The literals of a window's filter: `low <= time < high`. A second more on both sides than
/// needed, since the service may round times when it exports them.
inline time_window literals_of(time_window window, assumed_zone assumed) {
    using namespace std::chrono;
    seconds const margin(1);
    sys_seconds const low = window.from - margin, high = window.to + margin;
    if (assumed.zone == filter_zone::utc)
        return {low, high};
    if (assumed.zone == filter_zone::unknown)
        return {low - hours(5), high};
    // The literal must not be read as a later time than `low`, nor as an earlier one than `high`.
    bool const summer = assumed.exact && hours_of_eastern(low - hours(4)).most == hours(4);
    bool const winter = assumed.exact && hours_of_eastern(high - hours(5)).least == hours(5);
    return {low - hours(summer ? 4 : 5), high - hours(winter ? 5 : 4)};
}

/// Decides which rows of one export belong to its window, and learns the zone.
class window_judge {
public:
    /// `unit`: exported times are multiples of it.
    window_judge(time_window window, assumed_zone assumed, std::chrono::seconds unit)
        : window_(window), unit_(unit) {
        using namespace std::chrono;
        time_window const literals = literals_of(window, assumed);
        eastern_hours low, high;
        if (assumed.exact) {
            low = hours_of_eastern(literals.from);
            high = hours_of_eastern(literals.to);
        }
        seconds const rounding(1);
        utc_ = {literals.from - rounding, literals.to + rounding};
        eastern_ = {literals.from + low.least - rounding, literals.to + high.most + rounding};
        last_ = literals.to;
    }
    /// When the sync was created, by the service's clock: rows may have been changed since. The
    /// clocks of the service's machines may differ.
    void started(std::optional<timestamp> at) {
        if (at)
            started_ = std::chrono::floor<std::chrono::seconds>(*at) - std::chrono::minutes(10);
    }

    enum class verdict : unsigned char { inside, outside, impossible };
    /// `zone`: what is known of the zone; the time may show more.
    verdict judge(std::chrono::sys_seconds time, filter_zone& zone) const {
        if (!selects(utc_, time) || !selects(eastern_, time)) {
            bool const utc = selects(utc_, time), eastern = selects(eastern_, time);
            bool const possible = zone == filter_zone::utc          ? utc
                                  : zone == filter_zone::us_eastern ? eastern
                                                                    : utc || eastern;
            // A row that was changed after it was selected has a later time than any filter allows.
            bool const changed = time >= last_ && (!started_ || time >= *started_);
            if (!possible && !changed)
                return verdict::impossible;
            if (zone == filter_zone::unknown && !changed)
                zone = utc ? filter_zone::utc : filter_zone::us_eastern;
        }
        return window_.contains(time) ? verdict::inside : verdict::outside;
    }

private:
    /// Whether a filter can select a row whose time is rounded down to this one.
    bool selects(time_window const& range, std::chrono::sys_seconds time) const {
        return time + unit_ > range.from && time < range.to;
    }

    time_window window_;
    std::chrono::seconds unit_;
    time_window utc_, eastern_; ///< times that a filter read in that zone can select
    std::chrono::sys_seconds last_;
    std::optional<std::chrono::sys_seconds> started_;
};

/// What all windows of an export share.
struct window_row_reader {
    time_column column;
    std::size_t at = 0; ///< index of the column
    column_codec const* codec = nullptr;
    row_values values = row_values::shown;
    text_scratch scratch = {};

    std::optional<std::chrono::sys_seconds> time(void const* row) {
        return column.of(*codec, row, at, scratch);
    }
    std::string shown_time(void const* row) {
        return shown_value(codec->text(row, at, scratch), values);
    }
};

/// Passes on the rows of a window, except those that were delivered before.
class window_sink final : public row_sink {
public:
    window_sink(window_row_reader& reader, window_judge judge, filter_zone& zone,
                std::int64_t delivered_before)
        : reader_(reader), judge_(std::move(judge)), zone_(zone), again_(delivered_before) {}

    window_judge& judge() { return judge_; }
    void started(std::optional<timestamp> at) { judge_.started(at); }
    /// Sets the sink for the next rows, the first of which has the number `row`.
    void begin(row_sink& next, std::int64_t row) {
        next_ = &next;
        row_ = row;
    }
    /// Call it after the rows: takes back a row that was dropped.
    void end() {
        if (dropped_) {
            dropped_ = nullptr;
            next_->end_row(false);
        }
    }
    /// Rows that were passed on.
    std::int64_t passed() const { return passed_; }
    /// Rows that are outside of the window.
    std::int64_t outside() const { return outside_; }
    /// Rows of the window to come that were delivered before.
    std::int64_t again() const { return again_; }
    std::optional<failure> const& wrong() const { return wrong_; }

    void* begin_row() override {
        // The object of a dropped row is used again: until then, it is the last row.
        overwritten_ = overwritten_ || dropped_;
        at_ = dropped_ ? dropped_ : next_->begin_row();
        dropped_ = nullptr;
        return at_;
    }
    void end_row(bool complete) override {
        if (!complete)
            return next_->end_row(false);
        overwritten_ = false;
        if (!belongs()) {
            dropped_ = at_;
            ++row_;
            return;
        }
        next_->end_row(true);
        ++row_;
        ++passed_;
    }
    void const* last_row() const override {
        return dropped_ ? dropped_ : overwritten_ ? nullptr : next_->last_row();
    }

private:
    bool belongs() {
        if (wrong_)
            return false;
        std::optional<std::chrono::sys_seconds> const time = reader_.time(at_);
        if (!time) {
            wrong_ = failure(errc::invalid_value,
                             "row " + std::to_string(row_) + ": '" + reader_.column.key + "' is " +
                                 reader_.shown_time(at_) +
                                 ", which is not a time, so that the row belongs to no window",
                             "choose another column for the windows, or exclude such rows by the "
                             "filter");
            return false;
        }
        switch (judge_.judge(*time, zone_)) {
        case window_judge::verdict::impossible:
            wrong_ =
                failure(errc::rows_not_requested,
                        "row " + std::to_string(row_) + ": '" + reader_.column.key + "' is " +
                            reader_.shown_time(at_) + ", which the filter of the window excludes" +
                            (zone_ == filter_zone::unknown
                                 ? ""
                                 : std::string(", as earlier rows show that the service reads "
                                               "times in filters as ") +
                                       (zone_ == filter_zone::utc ? "UTC" : "US Eastern time")),
                        "the service does not apply the filter as expected, so that rows may "
                        "be missing; export without windows");
            return false;
        case window_judge::verdict::outside:
            ++outside_;
            return false;
        case window_judge::verdict::inside:
            break;
        }
        if (again_ == 0)
            return true;
        --again_;
        return false;
    }

    window_row_reader& reader_;
    window_judge judge_;
    filter_zone& zone_;
    row_sink* next_ = nullptr;
    void* at_ = nullptr;
    void* dropped_ = nullptr;  ///< the last row, if it was not passed on
    bool overwritten_ = false; ///< the last row was not passed on, and another has begun since
    std::int64_t row_ = 0;
    std::int64_t again_;
    std::int64_t passed_ = 0, outside_ = 0;
    std::optional<failure> wrong_;
};

/// Looks at rows without delivering them, to learn the zone.
class zone_probe final : public row_sink {
public:
    zone_probe(window_row_reader& reader, window_judge const& judge, filter_zone& zone,
               row_sink& lender)
        : reader_(reader), judge_(judge), zone_(zone), lender_(lender) {}

    /// How many rows came.
    std::int64_t rows() const { return rows_; }

    void restart() override { rows_ = 0; }
    void* begin_row() override { return at_ = lender_.begin_row(); }
    void end_row(bool complete) override {
        rows_ += complete;
        if (complete)
            if (std::optional<std::chrono::sys_seconds> const time = reader_.time(at_))
                (void)judge_.judge(*time, zone_);
        lender_.end_row(false);
    }

private:
    window_row_reader& reader_;
    window_judge const& judge_;
    filter_zone& zone_;
    row_sink& lender_; ///< its row is only borrowed
    void* at_ = nullptr;
    std::int64_t rows_ = 0;
};

/// A caller's filter and the literals of a window.
inline std::vector<filter_node> with_window(std::vector<filter_node> filter, std::string const& key,
                                            time_window literals) {
    auto const bound = [&](std::string_view op, std::chrono::sys_seconds at) {
        filter_node made{filter_node_kind::column};
        made.left = key;
        made.op = op;
        made.is_time = true;
        if (!append_time(made.value, at))
            made.wrong = without_text;
        return std::vector<filter_node>{std::move(made)};
    };
    return join(filter_node_kind::both, std::move(filter),
                join(filter_node_kind::both, bound(">=", literals.from), bound("<", literals.to)));
}

/// Where a window is halved: in the middle, at a multiple of `unit`. Empty if it cannot be halved.
inline std::optional<std::chrono::sys_seconds> middle_of(time_window window,
                                                         std::chrono::seconds unit) {
    std::int64_t const units = window.length() / unit;
    if (units < 2)
        return std::nullopt;
    return window.from + unit * (units / 2);
}
/// The largest part of a window that begins at `from`, when the window is halved again and again.
/// So the parts that remain after some were exported follow from where the last one ended.
inline time_window part_from(time_window window, std::chrono::sys_seconds from,
                             std::chrono::seconds unit) {
    while (window.from != from) {
        std::optional<std::chrono::sys_seconds> const middle = middle_of(window, unit);
        if (!middle) // not a part of this window
            return {from, window.to};
        (*middle <= from ? window.from : window.to) = *middle;
    }
    return window;
}

} // namespace eloqua::bulk::detail
