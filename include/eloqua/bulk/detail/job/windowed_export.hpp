// SPDX-License-Identifier: BSL-1.0
/// \file
/// An export by windows of time: one inner export after another.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/instance.hpp>
#include <eloqua/bulk/detail/job/duplicate_filter.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/window_rows.hpp>
#include <eloqua/bulk/detail/row/filter_text.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// An export by windows. Each window has an inner export, which drops nothing: it verifies all rows
/// that the service sends, and its checkpoint counts them. `engine` must outlive it.
class windowed_export final : public export_job {
public:
    windowed_export(engine& e, row_plan plan, std::vector<filter_node> filter,
                    export_options options, row_values values)
        : engine_(e), plan_(std::move(plan)), filter_(std::move(filter)),
          options_(std::move(options)), from_(std::exchange(options_.resume_from, std::nullopt)),
          gate_(plan_.codecs, values) {
        reader_.values = values;
        if (from_)
            checkpoint_ = *from_;
        else
            checkpoint_.columns = fingerprint_of(plan_);
    }

    [[nodiscard]] flow<result<bool>> prepare() override {
        if (broken_)
            co_return *broken_;
        result<void> const opened = co_await open();
        if (!opened)
            co_return opened.error();
        if (step_ == step::ended)
            co_return advance();
        if (step_ != step::start)
            co_return false;
        result<bool> const more = co_await current_->job->prepare();
        note_names();
        if (more)
            co_return *more;
        if (starts_anew(more.error()))
            co_return true;
        co_return more.error();
    }
    [[nodiscard]] flow<result<void>> begin() override {
        if (broken_)
            co_return *broken_;
        result<void> const opened = co_await open();
        if (!opened)
            co_return opened;
        co_return co_await current_->job->begin();
    }
    [[nodiscard]] flow<result<bool>> pull(row_sink& sink) override {
        try {
            co_return co_await pull_step(sink);
        } catch (std::bad_alloc const&) {
        }
        co_return out_of_memory();
    }
    [[nodiscard]] flow<result<void>> conclude() override {
        if (finished_ && !options_.keep_definition && !receipt_.definition_deleted)
            (void)co_await remove_definition();
        co_return result<void>();
    }
    [[nodiscard]] flow<result<void>> remove_definition() override {
        removable_ = past_removed_ + past_.size();
        result<void> all = co_await remove_past();
        if (current_ && !removed_) {
            result<void> const gone = co_await current_->job->remove_definition();
            removed_ = gone.has_value();
            if (!gone)
                all = gone;
        }
        receipt_.definition_deleted = all.has_value() && past_.empty();
        co_return all;
    }
    [[nodiscard]] flow<result<void>> remove_past_definitions() override {
        removable_ = past_removed_ + past_.size();
        if (step_ == step::rows) // another request would interrupt the page
            co_return result<void>();
        co_return co_await remove_past();
    }
    [[nodiscard]] std::size_t past_definitions() const override {
        return options_.keep_definition ? 0 : past_removed_ + past_.size();
    }
    void allow_removal(std::size_t oldest) override { removable_ = std::max(removable_, oldest); }

    void require_unique(std::size_t column) override { gate_.unique_by(column); }
    void has_come(void const* row) override { gate_.has_come(row); }

private:
    /// A window with its export.
    struct slot {
        time_window window;
        assumed_zone assumed;
        std::unique_ptr<export_job> job;
        bool resumed = false; ///< begun before its turn, or by an earlier process
    };
    enum class step : unsigned char {
        start, ///< the sync has not ended yet, or has too many rows
        ahead, ///< the next windows are to be prepared
        rows,  ///< rows are being read
        ended, ///< all rows of the window have come
    };

    [[nodiscard]] flow<result<void>> open();
    [[nodiscard]] flow<result<void>> remove_past();
    [[nodiscard]] flow<result<bool>> pull_step(row_sink& sink);
    [[nodiscard]] flow<result<void>> start(row_sink& sink);
    [[nodiscard]] flow<result<bool>> reaches(std::int64_t rows, row_sink& sink);
    [[nodiscard]] flow<result<void>> shrink(row_sink& sink, bool cut_off);
    [[nodiscard]] flow<result<void>> look(row_sink& sink);
    [[nodiscard]] flow<result<page_envelope>> read_some(std::int64_t first, std::int64_t limit,
                                                        row_sink& sink);
    [[nodiscard]] flow<result<void>> prepare_ahead();
    [[nodiscard]] flow<result<bool>> pull_rows(row_sink& sink);
    [[nodiscard]] result<void> check();

    window_progress& progress() { return *checkpoint_.windows; }
    filter_zone& zone() { return progress().totals.zone; }
    /// The planned window that contains the start of this one or of a part.
    time_window planned(time_window part) const {
        time_windows const& all = checkpoint_.windows->windows;
        return all[all.index_of(part.from)];
    }
    /// The window after this one, or after a part of one.
    std::optional<time_window> after(time_window part) const {
        time_window const whole = planned(part);
        if (part.to < whole.to)
            return part_from(whole, part.to, reader_.column.unit);
        time_windows const& all = checkpoint_.windows->windows;
        std::size_t const next = all.index_of(part.from) + 1;
        return next < all.size() ? std::optional<time_window>(all[next]) : std::nullopt;
    }
    slot slot_for(time_window window) const;
    void take(slot next);
    /// Takes the next window. False after the last one.
    bool advance();
    void finish_window();
    /// Whether no row of the window was read or delivered. A checkpoint in the middle of the first
    /// batch has read no row, but may have delivered some.
    bool is_untouched() const {
        window_progress const& p = *checkpoint_.windows;
        return p.read == 0 && checkpoint_.rows == p.earlier;
    }
    /// If nothing of the window has come yet, and what was begun earlier is of no use: begins it
    /// again.
    bool starts_anew(failure const& why) {
        bool const useless = why.code == make_error_code(errc::sync_gone) ||
                             why.code == make_error_code(errc::sync_failed);
        bool const later = why.code == make_error_code(elq::temporary_error);
        if ((!useless && !later) || !current_->resumed || !is_untouched())
            return false;
        if (useless) {
            if (!receipt_.definition.empty())
                past_.push_back(receipt_.definition);
            take(slot_for(current_->window));
        } else { // its job starts another sync, which is to be noted first
            current_->resumed = false;
            at_new_window_ = true;
            note_names();
        }
        return true;
    }
    /// Copies what the current export has created to the checkpoint.
    void note_names() {
        export_checkpoint const& inner = current_->job->checkpoint();
        checkpoint_.definition = inner.definition;
        checkpoint_.sync = inner.sync;
        checkpoint_.name = inner.name;
        if (!inner.instance.empty())
            checkpoint_.instance = inner.instance;
        receipt_.sync = inner.sync;
        receipt_.definition = inner.definition;
    }
    failure in_window(failure why) const {
        why.info.detail += (why.info.detail.empty() ? "" : "; ") + std::string("window ") +
                           current_->window.text() + ", " + receipt_.sync + " of " +
                           receipt_.definition;
        return why;
    }
    void warn(std::string const& text) {
        constexpr std::size_t most = 1'000;
        std::vector<std::string>& all = receipt_.warnings;
        if (all.size() < most && std::ranges::find(all, text) == all.end())
            all.push_back(text);
    }

    engine& engine_;
    row_plan plan_;
    std::vector<filter_node> filter_; ///< the caller's
    export_options options_;
    std::optional<export_checkpoint> from_; ///< until the first window is open
    duplicate_filter gate_;
    window_row_reader reader_;
    bool exact_ = false; ///< filters assume the present rules of Eastern time
    std::optional<slot> current_;
    std::optional<window_sink> sink_; ///< of the current window
    std::deque<slot> ahead_;
    step step_ = step::start;
    std::deque<std::string> past_; ///< uris of definitions of earlier windows, oldest first
    std::size_t past_removed_ = 0; ///< how many there were before these, deleted
    std::size_t removable_ = 0;    ///< how many of all of them no stored checkpoint needs
    bool removed_ = false;         ///< the definition of the last window
    bool totals_known_ = true, logs_known_ = true;
    std::optional<failure> broken_; ///< an error that a retry cannot fix
};

/// Checks what can be checked without a request.
inline result<void> windowed_export::check() {
    std::string wrong, advice;
    if (!options_.system_timestamps_in_utc) {
        wrong = "windows of time need times in UTC";
        advice = "set system_timestamps_in_utc to true";
    } else if (options_.max_records || !options_.sync_actions.empty()) {
        wrong = options_.max_records ? "max_records" : "sync_actions";
        wrong += " cannot be combined with windows, whose exports may have more rows than they "
                 "deliver";
        advice = "leave it empty, or export without windows";
    } else if (options_.window_rows && *options_.window_rows < 1) {
        wrong = "window_rows is " + std::to_string(*options_.window_rows) + "; at least 1";
    }
    if (!wrong.empty())
        return failure(errc::invalid_argument, wrong, advice);
    if (from_ && !from_->windows)
        return failure(errc::invalid_checkpoint, "it belongs to an export without windows of time",
                       "resume without windows, or start a new export");
    if (from_ && from_->columns != fingerprint_of(plan_))
        return failure(errc::invalid_checkpoint, "it belongs to rows with other columns");
    bool const given =
        options_.windows && (!from_ || options_.windows->column.key == from_->windows->column);
    if (given)
        reader_.column = options_.windows->column;
    else
        reader_.column.key = from_->windows->column;
    auto const found = std::ranges::find(plan_.columns, reader_.column.key, &column_info::key);
    if (found == plan_.columns.end())
        return failure(errc::invalid_argument, "the windows of time are by '" +
                                                   shown(reader_.column.key) +
                                                   "', which is not a column of the exported row");
    reader_.at = static_cast<std::size_t>(found - plan_.columns.begin());
    reader_.codec = &plan_.codecs[reader_.at];
    time_windows const windows = from_ ? from_->windows->windows : options_.windows->windows;
    // There may be too many windows to look at each. Lengths differ by at most a second, and only
    // of the last window by more.
    for (time_window const& each : {windows[0], windows[windows.size() - 1]}) {
        std::int64_t const unit = reader_.column.unit.count();
        if (each.from.time_since_epoch().count() % unit != 0 ||
            each.to.time_since_epoch().count() % unit != 0)
            return failure(errc::invalid_argument,
                           "the window " + each.text() + " begins or ends within a unit of '" +
                               reader_.column.key + "', which has a resolution of " +
                               std::to_string(unit) + " s",
                           "choose windows of whole units");
    }
    result<std::string> filter = render_filter(filter_, plan_.columns, plan_.statement_root,
                                               std::string(), plan_.contact_fields_in_filters);
    if (!filter)
        return filter.error();
    if (!from_) {
        time_window const first = windows[0];
        checkpoint_.windows = window_progress{
            windows,         reader_.column.key, first, 0, 0, 0, filter_zone::unknown, false,
            window_totals(), std::move(*filter)};
    } else if (*filter != from_->windows->filter) {
        filter_.clear();
        if (!from_->windows->filter.empty())
            filter_ = unchecked_filter(from_->windows->filter).nodes();
    }
    result<std::string> const shown_filter =
        render_filter(filter_, plan_.columns, plan_.statement_root, plan_.export_condition,
                      plan_.contact_fields_in_filters);
    if (shown_filter)
        receipt_.filter = *shown_filter;
    return {};
}

inline windowed_export::slot windowed_export::slot_for(time_window window) const {
    slot made;
    made.window = window;
    made.assumed = {checkpoint_.windows->totals.zone, exact_};
    export_options options = options_;
    options.windows.reset();
    options.keep_definition = true; // removed here, when its rows are stored
    made.job = engine_.make_export(
        plan_, with_window(filter_, reader_.column.key, literals_of(window, made.assumed)),
        std::move(options));
    return made;
}

/// Makes a window the current one.
inline void windowed_export::take(slot next) {
    window_progress& p = progress();
    p.current = next.window;
    p.asked = next.assumed.zone;
    p.exact = next.assumed.exact;
    p.read = p.known = 0;
    checkpoint_.known_row = -1;
    checkpoint_.known_hash = 0;
    current_ = std::move(next);
    sink_.emplace(reader_, window_judge(p.current, current_->assumed, reader_.column.unit), zone(),
                  0);
    step_ = step::start;
    at_new_window_ = true;
    removed_ = false;
    note_names();
}

/// Opens the first window, or the one to resume.
inline flow<result<void>> windowed_export::open() {
    if (current_)
        co_return result<void>();
    result<void> const fine = check();
    if (!fine)
        co_return fine;
    if (!from_) {
        take(slot_for(progress().current));
        receipt_.windows = progress().totals;
        co_return result<void>();
    }
    result<void> const possible = from_->check();
    if (!possible)
        co_return possible;
    result<std::string> const here = co_await engine_.instance();
    if (!here)
        co_return here.error();
    if (are_other_instances(from_->instance, *here))
        co_return of_another_instance(errc::invalid_checkpoint, "it", from_->instance, *here);
    window_progress const was = *from_->windows;
    export_checkpoint at = *from_;
    at.windows.reset();
    at.rows = was.read;
    exact_ = was.exact;
    bool const begun = !at.name.empty() || !at.definition.empty() || !at.sync.empty();
    slot resumed;
    if (begun) {
        resumed.window = was.current;
        resumed.assumed = {was.asked, was.exact};
        export_options options = options_;
        options.windows.reset();
        options.keep_definition = true;
        options.resume_from = std::move(at);
        resumed.job = engine_.make_export(plan_, std::vector<filter_node>(), std::move(options));
        resumed.resumed = true;
    } else {
        resumed = slot_for(was.current);
    }
    export_checkpoint const before = checkpoint_;
    take(std::move(resumed));
    checkpoint_ = before;
    checkpoint_.instance = *here;
    sink_.emplace(reader_, window_judge(was.current, current_->assumed, reader_.column.unit),
                  zone(), was.known);
    receipt_.rows = checkpoint_.rows;
    receipt_.windows = was.totals;
    from_.reset();
    co_return result<void>();
}

/// Deletes the definitions of which nothing is needed any more.
inline flow<result<void>> windowed_export::remove_past() {
    while (past_removed_ < removable_) {
        result<id> const which = id_of(past_.front());
        if (which) {
            endpoint_call const remove = endpoint_call::of<endpoints::delete_export>(
                *path_of<endpoints::delete_export>(plan_.base_path, *which));
            result<response_body> const gone = co_await engine_.fetch(remove);
            if (!gone && gone.error().code != error_code(404, http_category()))
                co_return gone.error();
        }
        past_.pop_front();
        ++past_removed_;
    }
    co_return result<void>();
}

inline flow<result<bool>> windowed_export::pull_step(row_sink& sink) {
    if (broken_)
        co_return *broken_;
    if (finished_)
        co_return false;
    result<void> done = co_await open();
    if (!done)
        co_return done.error();
    at_new_window_ = false;
    switch (step_) {
    case step::start:
        if (past_removed_ < removable_)
            (void)co_await remove_past();
        done = co_await start(sink);
        break;
    case step::ahead:
        done = co_await prepare_ahead();
        break;
    case step::rows:
        co_return co_await pull_rows(sink);
    case step::ended:
        if (advance())
            co_return true;
        finished_ = true;
        co_return false;
    }
    if (!done && !starts_anew(done.error()))
        co_return done.error();
    co_return true;
}

/// Waits for the sync of the current window, and checks that it does not have too many rows.
inline flow<result<void>> windowed_export::start(row_sink& sink) {
    result<void> const begun = co_await current_->job->begin();
    note_names();
    if (!begun) {
        failure const why = in_window(begun.error());
        if (why.code == make_error_code(errc::sync_failed) && !current_->resumed) {
            broken_ = why;
            if (!options_.keep_definition)
                (void)co_await current_->job->remove_definition();
        }
        co_return why;
    }
    export_receipt const& inner = current_->job->receipt();
    sink_->started(inner.started);
    if (!receipt_.started)
        receipt_.started = inner.started;
    bool const fresh = is_untouched(); // otherwise it was checked before
    std::int64_t const cut_off = plan_.export_rows.value_or(0);
    bool too_many = false, cut = false;
    if (fresh && cut_off > 0) {
        result<bool> const full = co_await reaches(cut_off, sink);
        if (!full)
            co_return full.error();
        too_many = cut = *full;
    }
    if (fresh && options_.window_rows && !too_many) {
        result<bool> const full = co_await reaches(*options_.window_rows + 1, sink);
        if (!full)
            co_return full.error();
        too_many = *full;
    }
    if (too_many)
        co_return co_await shrink(sink, cut);
    step_ = step::ahead;
    co_return result<void>();
}

/// Starts the syncs of the next windows. A row that is changed moves to the window of that moment.
/// The sync of that window must then select it, so it must not start before those of all earlier
/// windows, one of which may begin again. No row moves to a window that has ended; the hour is for
/// changes that the service records late, and for clocks that differ.
inline flow<result<void>> windowed_export::prepare_ahead() {
    step_ = step::rows;
    std::size_t const most = plan_.export_rows ? 0 : options_.windows_ahead;
    std::optional<timestamp> const now = current_->job->receipt().started; // by the service's clock
    time_window last = current_->window;
    for (std::size_t i = 0; i != most; ++i) {
        std::optional<time_window> const next = after(last);
        if (!next || !now || next->to + std::chrono::hours(1) > *now)
            break;
        last = *next;
        if (i == ahead_.size() || ahead_[i].window != last)
            ahead_.insert(ahead_.begin() + static_cast<std::ptrdiff_t>(i), slot_for(last));
        // An error is reported when the window is the current one, and its preparation is repeated.
        for (result<bool> more = true; more && *more;)
            more = co_await ahead_[i].job->prepare();
    }
    co_return result<void>();
}

inline flow<result<bool>> windowed_export::pull_rows(row_sink& sink) {
    export_job& job = *current_->job;
    window_progress& p = progress();
    std::int64_t const passed = sink_->passed(), outside = sink_->outside();
    row_sink& next = gate_.before(sink, checkpoint_.rows);
    sink_->begin(next, job.rows());
    result<bool> more = true;
    std::exception_ptr thrown; // by the caller's sink: the row it failed on was not delivered
    try {
        more = co_await job.pull(*sink_);
    } catch (...) {
        thrown = std::current_exception();
    }
    sink_->end();
    std::int64_t const delivered =
        gate_.wrong() ? gate_.row() - checkpoint_.rows : sink_->passed() - passed;
    checkpoint_.rows += delivered;
    receipt_.rows = checkpoint_.rows;
    p.totals.outside += sink_->outside() - outside;
    receipt_.windows = p.totals;
    std::optional<failure> const& wrong = gate_.wrong() ? gate_.wrong() : sink_->wrong();
    if (wrong) {
        p.known += delivered; // of rows after a position that stays where it was
        broken_ = in_window(*wrong);
        co_return *broken_;
    }
    export_checkpoint const& inner = job.checkpoint();
    p.read = inner.rows;
    p.known = sink_->again();
    if (inner.known_row >= 0) { // otherwise an earlier row is known
        checkpoint_.known_row = inner.known_row;
        checkpoint_.known_hash = inner.known_hash;
    }
    if (thrown)
        std::rethrow_exception(thrown);
    if (!more && !starts_anew(more.error()))
        co_return more.error();
    if (more && !*more)
        finish_window();
    co_return true;
}

/// All rows of the current window have come.
inline void windowed_export::finish_window() {
    step_ = step::ended;
    export_receipt const& inner = current_->job->receipt();
    auto const add = [](std::optional<std::int64_t>& to, bool& known,
                        std::optional<std::int64_t> more) {
        known = known && more;
        to = known ? std::optional<std::int64_t>(to.value_or(0) + *more) : std::nullopt;
    };
    add(receipt_.total_results, totals_known_, inner.total_results);
    add(receipt_.logged, logs_known_, inner.logged);
    receipt_.bytes += inner.bytes;
    receipt_.requests += inner.requests;
    receipt_.retries += inner.retries;
    receipt_.queued += inner.queued;
    receipt_.processed += inner.processed;
    receipt_.transferred += inner.transferred;
    for (std::string const& each : inner.warnings)
        warn(each);
    for (auto const& [column, count] : inner.replaced_texts)
        receipt_.replaced_texts[column] += count;
    window_totals totals = progress().totals;
    ++totals.exported;
    totals.empty += checkpoint_.rows == progress().earlier;
    receipt_.windows = totals;
}

inline bool windowed_export::advance() {
    std::optional<time_window> const next = after(current_->window);
    if (!next)
        return false;
    progress().totals = *receipt_.windows; // with this window
    progress().earlier = checkpoint_.rows;
    past_.push_back(receipt_.definition);
    if (!ahead_.empty() && ahead_.front().window == *next) {
        slot prepared = std::move(ahead_.front());
        ahead_.pop_front();
        prepared.resumed = true; // its rows may have expired since
        take(std::move(prepared));
    } else {
        take(slot_for(*next));
    }
    return true;
}

} // namespace eloqua::bulk::detail

#include <eloqua/bulk/detail/job/window_size.hpp>
