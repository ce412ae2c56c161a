// SPDX-License-Identifier: BSL-1.0
/// \file
/// An export over a session: definition, sync, pages, verification, cleanup.
#pragma once

#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/codec/row_decoder.hpp>
#include <eloqua/bulk/detail/http/instance.hpp>
#include <eloqua/bulk/detail/job/check_fields.hpp>
#include <eloqua/bulk/detail/job/create_or_find.hpp>
#include <eloqua/bulk/detail/job/definition_checks.hpp>
#include <eloqua/bulk/detail/job/duplicate_filter.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/export_definition.hpp>
#include <eloqua/bulk/detail/job/export_pages.hpp>
#include <eloqua/bulk/detail/job/row_progress.hpp>
#include <eloqua/bulk/detail/job/system_values.hpp>
#include <eloqua/bulk/detail/row/filter_text.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/sync_run.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// An export over a session.
template <class Session>
class export_run final : public export_job {
public:
    export_run(Session& s, row_plan plan, std::vector<filter_node> filter, export_options options)
        : session_(s), plan_(std::move(plan)), filter_(std::move(filter)),
          options_(std::move(options)),
          decoder_(plan_.codecs, options_.rows, s.options.row_values, options_.broken_texts),
          gate_(plan_.codecs, s.options.row_values), from_(options_.resume_from),
          requests_(session_, media_type(options_.rows), options_.page_rows, options_.read_ahead) {
        proof_.cut_off = plan_.export_rows;
        decoder_.name_rows_by(detail::naming_column(plan_.columns));
        if (from_) {
            filter_.clear(); // the definition has its own
            this->checkpoint_ = *from_;
        } else {
            this->checkpoint_.columns = detail::fingerprint_of(plan_);
        }
    }

    [[nodiscard]] flow<result<bool>> prepare() override;
    [[nodiscard]] flow<result<bool>> pull(row_sink& sink) override;
    [[nodiscard]] flow<result<void>> begin() override;
    [[nodiscard]] flow<result<void>> conclude() override;
    [[nodiscard]] flow<result<void>> remove_definition() override;
    flow<result<void>> remove_past_definitions() override { co_return result<void>(); }
    void require_unique(std::size_t column) override {
        gate_.unique_by(column);
        decoder_.name_rows_by(column);
    }
    void has_come(void const* row) override { gate_.has_come(row); }

private:
    [[nodiscard]] flow<result<bool>> pull_piece(row_sink& sink);
    [[nodiscard]] flow<result<bool>> prepare_one();
    [[nodiscard]] flow<result<void>> choose();
    [[nodiscard]] flow<result<void>> make();
    [[nodiscard]] flow<result<void>> start();
    [[nodiscard]] flow<result<void>> find_again();
    [[nodiscard]] flow<result<void>> find_definition();
    /// Resumes at row `first`. Rows that were delivered before are not delivered again.
    void rewind(std::int64_t first) {
        export_checkpoint const& mark = this->checkpoint_;
        position_ = first;
        gate_.skip(mark.rows - first, first == mark.known_row
                                          ? std::optional<std::uint64_t>(mark.known_hash)
                                          : std::nullopt);
    }
    /// Abandons the current page. Resumes at its last delivered row, which must then be unchanged.
    /// Returns the number of new rows.
    std::int64_t leave_page() {
        page_open_ = false;
        export_checkpoint const& mark = this->checkpoint_;
        std::int64_t const fresh = mark.rows - rows_before_page_;
        if (fresh == 0)
            rewind(page_begin_);
        else
            rewind(mark.known_row >= page_begin_ ? mark.known_row : mark.rows);
        return fresh;
    }
    void count_rows(row_sink const& sink);
    std::optional<std::int64_t> const& total() const {
        return this->receipt_.total_results ? this->receipt_.total_results : this->receipt_.logged;
    }
    [[nodiscard]] flow<result<void>> open_page();
    [[nodiscard]] result<bool> check_page() {
        result<bool> const more =
            proof_.take(decoder_.envelope(), page_begin_, decoder_.rows(), requests_.asked());
        if (!this->receipt_.total_results && proof_.total)
            gate_.expect(*proof_.total);
        this->receipt_.total_results = proof_.total;
        return more;
    }
    /// Adds warnings about odd rows, once all rows have arrived.
    void note_rows() {
        row_notes const& notes = decoder_.notes();
        if (notes.blank_rows != 0)
            this->receipt_.warnings.push_back(
                std::to_string(notes.blank_rows) +
                " rows were received without any value, as empty objects");
        if (std::string const missing = decoder_.missing_columns(); !missing.empty())
            this->receipt_.warnings.push_back("no row has " + missing + ": treated as blank");
        for (std::size_t i = 0; i != notes.replaced.size(); ++i)
            if (notes.replaced[i] != 0)
                this->receipt_.replaced_texts[std::string(plan_.codecs[i].key)] = notes.replaced[i];
    }
    /// If pages do not state which rows they have, only this detects a page that is sent twice.
    void look_for_repeated_page() {
        echoes_ = echoes_ ||
                  (decoder_.envelope().offset.has_value() && !session_.options.ignore_offset_echo);
        constexpr unsigned most = 10; // that are reported
        if (!echoes_ && decoder_.rows() != 0 && print_ == last_print_ && ++repeated_ <= most)
            this->receipt_.warnings.push_back(
                "the page at offset " + std::to_string(page_begin_) +
                " equals the previous page and does not state its offset");
        last_print_ = print_;
    }
    [[nodiscard]] flow<result<bool>> cancel_pages(failure why);
    /// If a sync or its rows are not found: they have expired or never existed.
    failure gone(failure f) const {
        if (f.code == error_code(404, http_category()) ||
            f.code == error_code(410, http_category())) {
            f.code = make_error_code(errc::sync_gone);
            std::string const what = !syncs_.empty() ? syncs_.back() : definition_.uri;
            f.info.detail = what + ": its rows have expired, or it belongs to another instance";
            f.info.advice = "start a new export";
        }
        return f;
    }
    failure at_page(failure f) const {
        f.info.request = requests_.line();
        requests_.hide_secrets_in(f);
        f.info.detail += (f.info.detail.empty() ? "" : "; ") + this->receipt_.sync + " of " +
                         this->receipt_.definition;
        return f;
    }

    Session& session_;
    row_plan plan_;
    std::vector<filter_node> filter_;
    export_options options_;
    row_decoder decoder_;
    duplicate_filter gate_;
    row_count_check proof_;
    std::optional<export_checkpoint> from_; ///< until it was found
    text_scratch scratch_;
    detail::row_progress<Session> progress_{session_};
    made_definition definition_;
    std::string body_;               ///< the definition's
    bool may_be_made_ = false;       ///< a definition may exist whose uri is unknown
    bool may_be_syncing_ = false;    ///< a sync may exist that is unknown
    std::vector<std::string> syncs_; ///< uris of those that were started
    std::optional<sync_run> run_;    ///< set once it was started
    id sync_id_ = 0;
    std::optional<failure> broken_; ///< an error that a retry cannot fix

    page_requests<Session> requests_;
    bool page_open_ = false; ///< the head of the current page has arrived
    bool echoes_ = false;    ///< pages state where they begin
    page_print print_, last_print_;
    unsigned repeated_ = 0;             ///< pages equal to the previous one
    std::int64_t page_begin_ = 0;       ///< number of its first row
    std::int64_t rows_before_page_ = 0; ///< delivered before it
    std::int64_t position_ = 0;         ///< number of the first row of the next page
    unsigned pages_ = 0;                ///< complete pages
    std::optional<clock::time_point> transfer_begin_;
};

template <class Session>
flow<result<void>> export_run<Session>::begin() {
    for (result<bool> more = sync_id_ == 0; *more;) {
        more = co_await prepare_one();
        if (!more)
            co_return more.error();
    }
    if (sync_id_ != 0)
        co_return result<void>();
    result<void> const ended = co_await detail::watch_sync(session_, *run_);
    if (!ended) {
        failure why = gone(ended.error());
        if (run_->sync.failed() && why.code == make_error_code(elq::temporary_error)) {
            run_.reset(); // the service asks to start a new one later
            this->checkpoint_.sync.clear();
        } else if (why.code == make_error_code(errc::sync_failed)) {
            broken_ = why;
            if (!options_.keep_definition)
                (void)co_await remove_definition();
        }
        co_return why;
    }
    sync_id_ = run_->sync_id;
    this->receipt_.sync = run_->sync.uri.value_or("");
    this->receipt_.logged = proof_.logged = run_->logged(elq::members_exported);
    std::ranges::copy(run_->warnings(session_.options.row_values),
                      std::back_inserter(this->receipt_.warnings));
    auto between = [](std::optional<timestamp> a, std::optional<timestamp> b) {
        return a && b ? std::chrono::duration_cast<std::chrono::milliseconds>(*b - *a)
                      : std::chrono::milliseconds();
    };
    this->receipt_.started = run_->sync.createdAt;
    this->receipt_.queued = between(run_->sync.createdAt, run_->sync.syncStartedAt);
    this->receipt_.processed = between(run_->sync.syncStartedAt, run_->sync.syncEndedAt);
    co_return result<void>();
}

template <class Session>
flow<result<bool>> export_run<Session>::prepare() {
    try {
        co_return co_await prepare_one();
    } catch (std::bad_alloc const&) {
    }
    co_return detail::out_of_memory();
}

template <class Session>
flow<result<bool>> export_run<Session>::prepare_one() {
    if (broken_)
        co_return *broken_;
    if (run_)
        co_return false;
    result<void> done = detail::check_options(plan_, options_);
    if (done && !options_.system_timestamps_in_utc)
        done = detail::check_eastern_times(plan_, filter_);
    if (!done)
        co_return done.error();
    if (from_) {
        done = co_await find_again();
        if (!done)
            co_return done.error();
        from_.reset();
        if (run_)
            co_return false;
    }
    if (!definition_.uri.empty())
        done = co_await start();
    else if (!definition_.name.empty())
        done = co_await make();
    else
        done = co_await choose();
    if (!done)
        co_return done.error();
    co_return true;
}

/// Chooses the definition and its unique name.
template <class Session>
flow<result<void>> export_run<Session>::choose() {
    if (options_.resume_from)
        co_return failure(errc::sync_gone,
                          "the sync to resume may have been started twice, and its filter is not "
                          "known, so no other one can be started",
                          "start a new export");
    result<std::string> text =
        render_filter(filter_, plan_.columns, plan_.statement_root, plan_.export_condition,
                      plan_.contact_fields_in_filters);
    if (!text)
        co_return text.error();
    result<void> const known =
        co_await detail::check_export(session_, plan_, filter_, options_, this->receipt_.warnings);
    if (!known)
        co_return known;
    this->receipt_.filter = *text;
    export_definition const wanted = detail::define_export(plan_, std::move(*text), options_,
                                                           session_.unique_name(options_.name));
    result<void> const fits = check_durations(wanted);
    if (!fits)
        co_return fits.error();
    result<std::string> here = co_await detail::instance_of(session_);
    if (!here)
        co_return here.error();
    body_ = write_document(wanted);
    this->checkpoint_.instance = std::move(*here);
    this->checkpoint_.name = definition_.name = wanted.name;
    co_return result<void>();
}

/// Creates the definition.
template <class Session>
flow<result<void>> export_run<Session>::make() {
    result<std::string> const path = path_of<endpoints::create_export>(plan_.base_path);
    result<made_definition> made = made_definition();
    if (may_be_made_)
        made = co_await detail::look_for_definition<endpoints::list_exports>(session_, path,
                                                                             definition_.name);
    if (made && made->uri.empty())
        made = co_await detail::make_definition<endpoints::create_export, endpoints::list_exports>(
            session_, path, body_, definition_.name);
    if (!made) {
        error_code const why = made.error().code;
        may_be_made_ = may_be_made_ || detail::may_have_made(made.error()) ||
                       why == boost::system::errc::operation_canceled;
        co_return made.error();
    }
    definition_ = std::move(*made);
    if (!definition_.warning.empty())
        this->receipt_.warnings.push_back(definition_.warning);
    this->receipt_.definition = this->checkpoint_.definition = definition_.uri;
    co_return result<void>();
}

/// Starts the sync, or finds the one that was started before the export was interrupted.
template <class Session>
flow<result<void>> export_run<Session>::start() {
    result<started_sync> started = detail::started_sync();
    result<std::vector<sync>> found = std::vector<sync>();
    if (may_be_syncing_)
        found = co_await detail::look_for_syncs(session_, definition_.uri, syncs_,
                                                session_.options.retry.search_attempts);
    if (!found)
        co_return found.error();
    if (found->empty()) {
        bool lost_answer = false;
        started =
            co_await detail::start_or_find_sync(session_, definition_.uri, syncs_, lost_answer);
    } else {
        started->sync = std::move(found->front());
    }
    if (!started) {
        failure why = started.error();
        if (may_be_syncing_ && why.code == error_code(400, http_category()))
            if (result<id> const which = id_of(definition_.uri)) {
                endpoint_call const ask = endpoint_call::of<endpoints::read_export>(
                    *path_of<endpoints::read_export>(plan_.base_path, *which));
                result<response_body> const there = co_await detail::fetch(session_, ask);
                if (!there)
                    why = there.error();
            }
        if (may_be_syncing_)
            co_return gone(std::move(why));
        may_be_syncing_ = why.code == boost::system::errc::operation_canceled &&
                          !why.info.unsent; // then a resumed export searches for it
        // A second sync of a definition whose sync may be running could lose data. A retry uses a
        // new definition; this one expires by itself.
        if (!may_be_syncing_ && detail::may_have_run(why)) {
            definition_ = made_definition();
            this->checkpoint_.name.clear();
            this->checkpoint_.definition.clear();
        }
        co_return why;
    }
    may_be_syncing_ = false;
    syncs_.push_back(started->sync.uri.value_or(""));
    run_.emplace();
    run_->sync = std::move(started->sync);
    run_->sync.syncedInstanceUri = definition_.uri;
    this->checkpoint_.sync = syncs_.back();
    if (session_.options.governor)
        (void)co_await detail::note_run(session_, run_->sync);
    co_return result<void>();
}

/// Finds the definition and sync that the checkpoint names, if they were created.
template <class Session>
flow<result<void>> export_run<Session>::find_again() {
    result<void> const possible = from_->check();
    if (!possible)
        co_return possible.error();
    if (from_->columns != detail::fingerprint_of(plan_))
        co_return failure(errc::invalid_checkpoint, "it belongs to rows with other columns");
    if (from_->sync.empty() && from_->definition.empty() && from_->name.empty())
        co_return failure(errc::invalid_checkpoint, "it names neither a definition nor a sync",
                          "start a new export");
    result<std::string> const here = co_await detail::instance_of(session_);
    if (!here)
        co_return here.error();
    if (detail::are_other_instances(from_->instance, *here))
        co_return detail::of_another_instance(errc::invalid_checkpoint, "it", from_->instance,
                                              *here);
    definition_.name = from_->name;
    definition_.uri = from_->definition;
    if (from_->sync.empty() && definition_.uri.empty()) {
        result<void> const found = co_await find_definition();
        if (!found)
            co_return found;
    }
    this->receipt_.rows = from_->rows;
    this->receipt_.definition = this->checkpoint_.definition = definition_.uri;
    may_be_syncing_ = from_->sync.empty();
    if (may_be_syncing_)
        co_return result<void>();
    result<id> const which = id_of(from_->sync);
    if (!which)
        co_return failure(errc::invalid_checkpoint, "'" + from_->sync + "' is not a sync's uri",
                          "start a new export");
    if (syncs_.empty())
        syncs_.push_back(from_->sync);
    endpoint_call const ask = endpoint_call::of<endpoints::read_sync>(
        *path_of<endpoints::read_sync>(std::string(), *which));
    result<response_body> const got = co_await detail::fetch(session_, ask);
    result<sync> seen = parse_response<endpoints::read_sync>(got, ask);
    if (!seen)
        co_return gone(seen.error());
    if (!detail::names_path(seen->syncedInstanceUri, from_->definition))
        co_return failure(errc::sync_gone,
                          from_->sync + " is a sync of " + detail::shown(seen->syncedInstanceUri) +
                              ", not of " + from_->definition,
                          "the checkpoint belongs to another instance; start a new export");
    run_.emplace();
    run_->sync = std::move(*seen);
    run_->sync.uri = from_->sync;
    run_->sync.syncedInstanceUri = from_->definition;
    if (session_.options.governor)
        (void)co_await detail::note_run(session_, run_->sync);
    rewind(from_->known_row >= 0 ? from_->known_row : from_->rows);
    decoder_.count_from(from_->rows);
    co_return result<void>();
}

/// Finds the definition that was being created when the export was interrupted.
template <class Session>
flow<result<void>> export_run<Session>::find_definition() {
    result<made_definition> found = co_await detail::look_for_definition<endpoints::list_exports>(
        session_, path_of<endpoints::list_exports>(plan_.base_path), definition_.name);
    if (!found)
        co_return found.error();
    definition_ = std::move(*found);
    if (!definition_.uri.empty())
        co_return result<void>();
    co_return failure(errc::sync_gone, "the definition '" + definition_.name + "' does not exist",
                      "start a new export");
}

template <class Session>
flow<result<void>> export_run<Session>::open_page() {
    result<void> const opened = co_await requests_.open(sync_id_, position_, total());
    this->receipt_.requests = requests_.requests();
    this->receipt_.retries =
        this->receipt_.requests > pages_ ? this->receipt_.requests - pages_ - 1 : 0;
    if (!opened)
        co_return gone(opened.error());
    page_open_ = true;
    page_begin_ = position_;
    rows_before_page_ = this->checkpoint_.rows;
    asked_page asked{page_begin_, requests_.asked()};
    if (session_.options.ignore_offset_echo)
        asked.offset.reset();
    decoder_.begin_page(page_begin_, asked);
    print_ = detail::page_print();
    co_return result<void>();
}

/// Counts rows that have arrived.
template <class Session>
void export_run<Session>::count_rows(row_sink const& sink) {
    position_ = gate_.wrong() ? gate_.row() : page_begin_ + decoder_.rows();
    export_checkpoint& mark = this->checkpoint_;
    if (position_ <= mark.rows)
        return;
    mark.rows = this->receipt_.rows = position_;
    void const* const last = sink.last_row();
    mark.known_row = last ? mark.rows - 1 : -1;
    mark.known_hash = last ? detail::hash_of_row(plan_.codecs, last, scratch_) : 0;
}

template <class Session>
flow<result<void>> export_run<Session>::conclude() {
    if (this->finished_ && !options_.keep_definition && !this->receipt_.definition_deleted)
        (void)co_await remove_definition();
    co_return result<void>();
}

template <class Session>
flow<result<void>> export_run<Session>::remove_definition() {
    if (page_open_)
        (void)leave_page();
    (void)co_await requests_.drop();
    result<void> const gone =
        co_await detail::remove_definitions<endpoints::delete_export, endpoints::list_exports>(
            session_, plan_.base_path, definition_);
    this->receipt_.definition_deleted = gone.has_value();
    co_return gone;
}

/// If memory runs out, the rows that arrived before are delivered; the rest can be requested again.
template <class Session>
flow<result<bool>> export_run<Session>::pull(row_sink& sink) {
    try {
        co_return co_await pull_piece(sink);
    } catch (std::bad_alloc const&) {
    }
    if (page_open_)
        (void)leave_page();
    co_return co_await cancel_pages(detail::out_of_memory());
}

template <class Session>
flow<result<bool>> export_run<Session>::pull_piece(row_sink& sink) {
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
        io_result const now = co_await io_request::time();
        transfer_begin_ = now.now;
    }
    if (!page_open_) {
        result<void> const opened = co_await open_page();
        if (!opened)
            co_return co_await cancel_pages(opened.error());
    }
    std::span<char> const piece = decoder_.prepare();
    result<std::size_t> const got = co_await requests_.read(piece);
    if (!got) {
        // The rows that arrived are good; the rest is requested again.
        std::int64_t const fresh = leave_page();
        if (got.error().code.category() == library_category()) // the response itself is wrong
            broken_ = at_page(got.error());
        result<void> const again = co_await requests_.retry_after_error(got.error(), fresh);
        if (!again && broken_)
            co_return co_await cancel_pages(*broken_);
        if (!again)
            co_return co_await cancel_pages(again.error());
        co_return true;
    }
    this->receipt_.bytes += *got;
    if (!echoes_)
        print_.add(piece.first(*got));
    result<void> decoded;
    std::exception_ptr thrown; // by the sink: the row it failed on was not delivered
    try {
        row_sink& next = gate_.before(sink, page_begin_ + decoder_.rows());
        decoded = *got                          ? decoder_.commit(*got, next)
                  : requests_.length_is_known() ? decoder_.finish_whole(next)
                                                : decoder_.finish();
    } catch (...) {
        thrown = std::current_exception();
    }
    count_rows(sink);
    if (thrown) {
        (void)leave_page();
        (void)co_await requests_.drop();
        std::rethrow_exception(thrown);
    }
    if (decoded && gate_.wrong())
        decoded = *gate_.wrong();
    if (!decoded) {
        broken_ = at_page(decoded.error());
        co_return co_await cancel_pages(*broken_);
    }
    if (progress_.watched()) {
        io_result const now = co_await io_request::time();
        progress_.moved(this->receipt_.rows, total().value_or(0), now.now);
    }
    if (*got != 0)
        co_return true;

    page_open_ = false;
    look_for_repeated_page();
    result<bool> more = check_page();
    if (more && !*more) {
        result<void> const columns = decoder_.check_columns();
        if (!columns)
            more = columns.error();
    }
    if (!more) {
        broken_ = at_page(more.error());
        co_return co_await cancel_pages(*broken_);
    }
    (void)co_await requests_.close(position_, decoder_.envelope().limit);
    ++pages_;
    if (*more)
        co_return true;
    (void)co_await requests_.drop();
    io_result const now = co_await io_request::time();
    this->receipt_.transferred =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.now - *transfer_begin_);
    note_rows();
    this->finished_ = true;
    progress_.ended(this->receipt_.rows);
    co_return false;
}

/// Cancels outstanding requests before reporting a failure.
template <class Session>
flow<result<bool>> export_run<Session>::cancel_pages(failure why) {
    (void)co_await requests_.drop();
    co_return why;
}

} // namespace eloqua::bulk::detail
