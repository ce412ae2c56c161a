// SPDX-License-Identifier: BSL-1.0
/// \file
/// An export over a session: definition, sync, pages, proof, cleaning up.
#pragma once

#include <eloqua/bulk/client/definition_checks.hpp>
#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/codec/row_decoder.hpp>
#include <eloqua/bulk/codec/rows_format.hpp>
#include <eloqua/bulk/jobs/export_job.hpp>
#include <eloqua/bulk/jobs/page_requests.hpp>
#include <eloqua/bulk/jobs/sync_run.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace eloqua::bulk {

/// An export over a session.
template <class Session>
class export_run final : public export_job {
public:
    export_run(Session& s, row_plan plan, std::vector<detail::filter_node> filter,
               export_options options)
        : session_(s), plan_(std::move(plan)), filter_(std::move(filter)),
          options_(std::move(options)), decoder_(plan_.codecs, options_.rows),
          requests_(session_, media_type(options_.rows), options_.page_rows, options_.read_ahead) {}

    [[nodiscard]] flow<result<bool>> pull(row_sink& sink) override;

private:
    [[nodiscard]] flow<result<void>> begin();
    [[nodiscard]] flow<result<void>> open_page();
    [[nodiscard]] result<bool> check_page();
    [[nodiscard]] flow<result<void>> remove_definition();
    [[nodiscard]] flow<result<bool>> give_up(failure why);
    failure at_page(failure f) const {
        f.info.request = requests_.line();
        f.info.detail += (f.info.detail.empty() ? "" : "; ") + this->receipt_.sync + " of " +
                         this->receipt_.definition;
        return f;
    }

    Session& session_;
    row_plan plan_;
    std::vector<detail::filter_node> filter_;
    export_options options_;
    row_decoder decoder_;
    std::optional<sync_run> run_; ///< once it was started
    id sync_id_ = 0;
    std::optional<failure> broken_; ///< an error that repeating cannot mend

    page_requests<Session> requests_;
    bool page_open_ = false;      ///< the head of the page under way has come
    std::int64_t page_begin_ = 0; ///< number of its first row
    unsigned pages_ = 0;          ///< whole ones
    std::optional<clock::time_point> transfer_begin_;
};

template <class Session>
flow<result<void>> export_run<Session>::begin() {
    if (options_.page_rows < 1 || options_.page_rows > limits::rows_per_page ||
        options_.batch_rows < 1)
        co_return failure(errc::invalid_argument,
                          "page_rows is " + std::to_string(options_.page_rows) + "; 1 to " +
                              std::to_string(limits::rows_per_page) +
                              " are allowed; batch_rows is " + std::to_string(options_.batch_rows) +
                              "; at least 1");
    if (this->receipt_.definition.empty()) {
        result<std::string> text =
            render_filter(filter_, plan_.columns, plan_.statement_root, plan_.export_condition);
        if (!text)
            co_return text.error();
        export_definition wanted;
        for (column_info const& each : plan_.columns)
            wanted.fields.emplace_back(each.key,
                                       render_statement(plan_.statement_root, each.statement));
        if (!text->empty())
            wanted.filter = std::move(*text);
        wanted.name = session_.unique_name(options_.name);
        wanted.dataRetentionDuration = options_.data_retention;
        wanted.autoDeleteDuration = options_.auto_delete;
        wanted.areSystemTimestampsInUTC = options_.system_timestamps_in_utc;
        wanted.maxRecords = options_.max_records;
        result<void> const fits = check_durations(wanted);
        if (!fits)
            co_return fits.error();
        std::string const body = write_document(wanted);
        result<std::string> path = path_of<endpoints::create_export>(plan_.base_path);
        if (!path)
            co_return path.error();
        call const create = call::of<endpoints::create_export>(std::move(*path), body);
        result<answer> const got = co_await detail::fetch(session_, create);
        result<stored<export_definition>> const made = read_answer<endpoints::create_export>(got);
        if (!made)
            co_return made.error();
        this->receipt_.definition = made->uri.value_or("");
    }
    if (!run_) {
        result<sync> started = co_await detail::start_sync(session_, this->receipt_.definition);
        if (!started) {
            // A second sync beside one that may be running would lose data: another definition, if
            // it is tried again, and this one is left to delete itself.
            if (detail::may_have_run(started.error()))
                this->receipt_.definition.clear();
            co_return started.error();
        }
        run_.emplace();
        run_->sync = std::move(*started);
    }
    result<void> const ended = co_await detail::watch_sync(session_, *run_);
    if (!ended) {
        failure why = ended.error();
        if (run_->sync.failed() && why.code == make_error_code(elq::temporary_error)) {
            run_.reset(); // the service asks for a new one, later
        } else if (why.code == make_error_code(errc::sync_failed)) {
            broken_ = why;
            (void)co_await remove_definition();
        }
        co_return why;
    }
    sync_id_ = run_->sync_id;
    this->receipt_.sync = run_->sync.uri.value_or("");
    this->receipt_.logged = run_->logged(elq::members_exported);
    this->receipt_.warnings = run_->warnings();
    auto between = [](std::optional<timestamp> a, std::optional<timestamp> b) {
        return a && b ? std::chrono::duration_cast<std::chrono::milliseconds>(*b - *a)
                      : std::chrono::milliseconds();
    };
    this->receipt_.queued = between(run_->sync.createdAt, run_->sync.syncStartedAt);
    this->receipt_.processed = between(run_->sync.syncStartedAt, run_->sync.syncEndedAt);
    co_return result<void>();
}

template <class Session>
flow<result<void>> export_run<Session>::open_page() {
    std::optional<std::int64_t> const& total =
        this->receipt_.total_results ? this->receipt_.total_results : this->receipt_.logged;
    result<void> const opened = co_await requests_.open(sync_id_, this->receipt_.rows, total);
    this->receipt_.requests = requests_.requests();
    this->receipt_.retries =
        this->receipt_.requests > pages_ ? this->receipt_.requests - pages_ - 1 : 0;
    if (!opened)
        co_return opened.error();
    page_open_ = true;
    page_begin_ = this->receipt_.rows;
    decoder_.begin_page(page_begin_);
    co_return result<void>();
}

// Whether there are more pages, or why the page cannot be right.
template <class Session>
result<bool> export_run<Session>::check_page() {
    page_envelope const& said = decoder_.envelope();
    std::int64_t const got = decoder_.rows();
    auto numbers = [&] {
        return "page at offset " + std::to_string(page_begin_) + " has " + std::to_string(got) +
               " rows" +
               (said.totalResults ? ", totalResults " + std::to_string(*said.totalResults) : "") +
               (said.hasMore ? std::string(", hasMore ") + (*said.hasMore ? "true" : "false") : "");
    };
    if (said.totalResults) {
        if (this->receipt_.total_results && *this->receipt_.total_results != *said.totalResults)
            return failure(errc::total_changed, numbers() + ", before it was " +
                                                    std::to_string(*this->receipt_.total_results));
        this->receipt_.total_results = said.totalResults;
    }
    std::optional<std::int64_t> const& total = this->receipt_.total_results;
    std::int64_t const end = page_begin_ + got;
    bool const more = said.hasMore.value_or(total ? end < *total : got == requests_.asked());
    if (!said.has_items && !said.totalResults && this->receipt_.logged != 0)
        return failure(errc::malformed_response, "the page has no 'items'");
    if (got == 0 && (more || (total && end < *total)))
        return failure(errc::rows_missing, numbers());
    std::int64_t full = requests_.asked();
    if (said.limit && *said.limit > 0)
        full = std::min(full, *said.limit);
    if (total)
        full = std::min(full, *total - page_begin_);
    if ((more || total) && got < full)
        return failure(errc::short_page, numbers() + ", must have " + std::to_string(full));
    if (total && (end > *total || (more && end == *total)))
        return failure(errc::count_mismatch, numbers() + "; that is more than there are");
    if (more)
        return true;
    if (total && end != *total)
        return failure(errc::rows_missing, numbers() + "; no more are offered");
    if (this->receipt_.logged && end != *this->receipt_.logged)
        return failure(errc::count_mismatch, std::to_string(end) +
                                                 " rows came, the sync's log states " +
                                                 std::to_string(*this->receipt_.logged));
    if (end == plan_.export_rows)
        return failure(errc::rows_cut_off,
                       std::to_string(end) + " rows came, which is where such exports are cut off",
                       "export fewer rows at once, such as those of a shorter time");
    return false;
}

template <class Session>
flow<result<void>> export_run<Session>::remove_definition() {
    result<id> const which = id_of(this->receipt_.definition);
    if (!which)
        co_return which.error();
    call const remove = call::of<endpoints::delete_export>(
        *path_of<endpoints::delete_export>(plan_.base_path, *which));
    result<answer> const gone = co_await detail::fetch(session_, remove);
    this->receipt_.definition_deleted = gone.has_value();
    co_return read_answer<endpoints::delete_export>(gone);
}

template <class Session>
flow<result<bool>> export_run<Session>::pull(row_sink& sink) {
    if (broken_)
        co_return *broken_;
    if (this->finished_)
        co_return false;
    if (sync_id_ == 0) {
        result<void> const begun = co_await begin();
        if (!begun)
            co_return begun.error();
    }
    if (!transfer_begin_) {
        outcome const now = co_await wish::time();
        transfer_begin_ = now.now;
    }
    if (!page_open_) {
        result<void> const opened = co_await open_page();
        if (!opened)
            co_return co_await give_up(opened.error());
    }
    result<std::size_t> const got = co_await requests_.read(decoder_.prepare());
    if (!got) {
        // What has come is good; the rest is asked for anew, behind it.
        page_open_ = false;
        if (got.error().code.category() == library_category()) // the answer itself is wrong
            broken_ = at_page(got.error());
        result<void> const again = co_await requests_.again(got.error(), decoder_.rows());
        if (!again && broken_)
            co_return co_await give_up(*broken_);
        if (!again)
            co_return co_await give_up(again.error());
        co_return true;
    }
    this->receipt_.bytes += *got;
    result<void> decoded;
    std::exception_ptr thrown; // by the sink: the row it came from was not handed out
    try {
        decoded = *got ? decoder_.commit(*got, sink) : decoder_.finish();
    } catch (...) {
        thrown = std::current_exception();
    }
    this->receipt_.rows = page_begin_ + decoder_.rows();
    if (thrown) {
        page_open_ = false;
        (void)co_await requests_.drop();
        std::rethrow_exception(thrown);
    }
    if (!decoded) {
        broken_ = at_page(decoded.error());
        co_return co_await give_up(*broken_);
    }
    if (*got != 0)
        co_return true;

    page_open_ = false;
    result<bool> const more = check_page();
    if (!more) {
        broken_ = at_page(more.error());
        co_return co_await give_up(*broken_);
    }
    (void)co_await requests_.close(this->receipt_.rows, decoder_.envelope().limit);
    ++pages_;
    session_.tell(&observer::on_rows, this->receipt_.rows,
                  this->receipt_.total_results.value_or(this->receipt_.logged.value_or(0)));
    if (*more)
        co_return true;
    (void)co_await requests_.drop();
    outcome const now = co_await wish::time();
    this->receipt_.transferred =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.now - *transfer_begin_);
    this->finished_ = true;
    if (!options_.keep_definition)
        (void)co_await remove_definition(); // if it fails, the receipt says so
    co_return false;
}

/// A failure that is told leaves nothing outstanding.
template <class Session>
flow<result<bool>> export_run<Session>::give_up(failure why) {
    (void)co_await requests_.drop();
    co_return why;
}

} // namespace eloqua::bulk
