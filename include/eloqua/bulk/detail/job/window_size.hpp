// SPDX-License-Identifier: BSL-1.0
/// \file
/// Windows whose export has too many rows: how that is detected before a row is delivered, and by
/// what they are replaced.
#pragma once

#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/job/window_rows.hpp>
#include <eloqua/bulk/detail/job/windowed_export.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/time_windows.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace eloqua::bulk::detail {

/// Whether the export of the current window has at least this many rows.
inline flow<result<bool>> windowed_export::reaches(std::int64_t rows, row_sink& sink) {
    export_receipt const& inner = current_->job->receipt();
    if (inner.logged)
        co_return *inner.logged >= rows;
    // The log does not say: the first page may, and otherwise the row with that number does.
    zone_probe probe(reader_, sink_->judge(), zone(), sink);
    result<page_envelope> page = co_await read_some(0, 1, probe);
    if (!page)
        co_return page.error();
    if (page->totalResults)
        co_return *page->totalResults >= rows;
    page = co_await read_some(rows - 1, 1, probe);
    if (!page)
        co_return page.error();
    co_return probe.rows() != 0;
}

/// Reads rows of the current sync that are not delivered.
inline flow<result<page_envelope>> windowed_export::read_some(std::int64_t first,
                                                              std::int64_t limit, row_sink& sink) {
    result<id> const sync = id_of(current_->job->receipt().sync);
    if (!sync)
        co_return sync.error();
    rows_query wanted;
    wanted.limit = limit;
    wanted.offset = first;
    endpoint_call const ask = endpoint_call::of<endpoints::read_sync_data>(
        *path_of<endpoints::read_sync_data>(std::string(), *sync) + *to_query_string(wanted));
    result<page_envelope> page = co_await engine_.read_page(ask, plan_.codecs, sink);
    if (page)
        co_return std::move(*page);
    failure why = page.error();
    if (why.code == error_code(404, http_category()) ||
        why.code == error_code(410, http_category()))
        why.code = make_error_code(errc::sync_gone);
    co_return why;
}

/// Looks at rows of an export that is not delivered, until one shows the zone.
inline flow<result<void>> windowed_export::look(row_sink& sink) {
    constexpr std::int64_t samples = 10, each = 1'000;
    std::int64_t const rows =
        std::max(current_->job->receipt().logged.value_or(plan_.export_rows.value_or(each)), each);
    // The first and the last rows first: rows are often in the order of their times.
    for (std::int64_t i = 0; i != samples && zone() == filter_zone::unknown; ++i) {
        std::int64_t const place = i == 0 ? 0 : i == 1 ? samples - 1 : i - 1;
        std::int64_t const first = (rows - each) / (samples - 1) * place;
        zone_probe probe(reader_, sink_->judge(), zone(), sink);
        result<page_envelope> const seen =
            co_await read_some(place == samples - 1 ? rows - each : first, each, probe);
        // A page that is wrong shows nothing; that is reported when its rows are to be delivered.
        if (!seen && seen.error().code.category() != library_category())
            co_return seen.error();
    }
    co_return result<void>();
}

/// Replaces the current window, whose export has too many rows, by one with a tighter filter, or by
/// its first half. `cut_off`: the service may have left out rows.
inline flow<result<void>> windowed_export::shrink(row_sink& sink, bool cut_off) {
    if (zone() == filter_zone::unknown) {
        result<void> const seen = co_await look(sink);
        if (!seen)
            co_return seen;
    }
    time_window window = current_->window;
    bool const learned = zone() != current_->assumed.zone;
    // What the filter asks for beyond the window may be most of the rows: then halves have as many.
    std::chrono::seconds const more =
        literals_of(window, current_->assumed).length() - window.length();
    bool const helps = cut_off || window.length() > more;
    bool const exact = zone() == filter_zone::us_eastern && !current_->assumed.exact;
    if (learned || exact) {
        exact_ = exact_ || (exact && !learned);
    } else if (auto const middle = middle_of(window, reader_.column.unit); middle && helps) {
        window.to = *middle;
        ++progress().totals.halved;
    } else if (cut_off) {
        failure why(errc::window_too_full,
                    "the smallest window, " + window.text() + ", has at least " +
                        std::to_string(*plan_.export_rows) +
                        " rows, the limit at which the service cuts off such exports" +
                        (zone() == filter_zone::unknown
                             ? "; its filter asks for five hours more, since no row shows in which "
                               "zone the service reads times"
                             : "; its filter asks for a second more on both sides"),
                    "select fewer rows by another condition of the filter");
        broken_ = std::move(why);
        co_return *broken_;
    } else {
        step_ = step::ahead; // it is only larger than the caller wishes
        co_return result<void>();
    }
    past_.push_back(receipt_.definition);
    take(slot_for(window));
    co_return result<void>();
}

} // namespace eloqua::bulk::detail
