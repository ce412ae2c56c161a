// SPDX-License-Identifier: BSL-1.0
/// \file
/// An export from definition to proven end, for rows of any type.
#pragma once

#include <eloqua/bulk/client/exchange.hpp>
#include <eloqua/bulk/codec/row_decoder.hpp>
#include <eloqua/bulk/jobs/receipt.hpp>
#include <eloqua/bulk/jobs/sync_run.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace eloqua::bulk {

/// How an export is done.
struct export_options {
    std::string name =
        "eloqua-bulk export"; ///< begins the definition's name; at most 80 characters
    duration data_retention = std::chrono::hours(24); ///< of the rows on the server; 1 h to 14 days
    duration auto_delete = std::chrono::hours(72); ///< of the definition, should it be left behind
    bool system_timestamps_in_utc = true;
    std::optional<std::int64_t> max_records;
    std::int64_t page_rows = limits::rows_per_page; ///< rows a request, 1 to 50,000
    std::size_t batch_rows = 1'000;                 ///< rows that `row_source::next` gathers
    bool keep_definition = false;
};

/// The part of `row_source` that does not depend on the row's type. Each `pull` is a flow of its
/// own; the page under way stays open in between, on slot 0 of leases that outlive the flows.
class export_job {
public:
    /// `definition` is an error if the export cannot even be described.
    export_job(session& s, std::span<column_codec const> columns, result<std::string> base_path,
               result<export_definition> definition, export_options options)
        : session_(s), base_path_(std::move(base_path)), definition_(std::move(definition)),
          options_(std::move(options)), decoder_(columns) {}

    /// Decodes the next piece of a page, after making definition and sync if it is the first; rows
    /// go to `sink`. False at the end, which is proven then. After an error that may pass, the next
    /// pull goes on behind the last row that came.
    [[nodiscard]] flow<result<bool>> pull(row_sink& sink);

    bool finished() const { return finished_; }
    std::int64_t rows() const { return receipt_.rows; }
    export_receipt const& receipt() const { return receipt_; }

private:
    [[nodiscard]] flow<result<void>> begin();
    [[nodiscard]] flow<result<void>> open_page();
    [[nodiscard]] result<bool> check_page();
    [[nodiscard]] flow<result<void>> remove_definition();
    failure at_page(failure f) const {
        f.info.request = page_ ? page_->line() : std::string();
        f.info.detail +=
            (f.info.detail.empty() ? "" : "; ") + receipt_.sync + " of " + receipt_.definition;
        return f;
    }

    session& session_;
    result<std::string> base_path_;
    result<export_definition> definition_;
    export_options options_;
    row_decoder decoder_;
    id sync_id_ = 0;
    bool finished_ = false;
    std::optional<failure> broken_; ///< an error that repeating cannot mend

    call page_call_;
    std::optional<exchange> page_; ///< the page under way
    bool page_open_ = false;       ///< its head has come
    std::int64_t page_begin_ = 0;  ///< number of its first row
    std::optional<clock::time_point> transfer_begin_;
    export_receipt receipt_;
};

inline flow<result<void>> export_job::begin() {
    if (!definition_)
        co_return definition_.error();
    if (options_.page_rows < 1 || options_.page_rows > limits::rows_per_page)
        co_return failure(errc::invalid_argument,
                          "page_rows is " + std::to_string(options_.page_rows) + "; 1 to " +
                              std::to_string(limits::rows_per_page) + " are allowed");
    if (receipt_.definition.empty()) {
        definition_->name = session_.unique_name(options_.name);
        definition_->dataRetentionDuration = options_.data_retention;
        definition_->autoDeleteDuration = options_.auto_delete;
        definition_->areSystemTimestampsInUTC = options_.system_timestamps_in_utc;
        definition_->maxRecords = options_.max_records;
        std::string const body = write_document(*definition_);
        result<std::string> path = path_of<endpoints::create_export>(base_path_);
        result<export_definition> const made =
            co_await perform<endpoints::create_export>(session_, 0, std::move(path), body);
        if (!made)
            co_return made.error();
        receipt_.definition = made->uri.value_or("");
    }
    result<sync_run> const run = co_await detail::run_sync(session_, receipt_.definition);
    if (!run) {
        failure why = run.error();
        if (why.code == make_error_code(errc::sync_failed))
            (void)co_await remove_definition();
        co_return why;
    }
    sync_id_ = run->sync_id;
    receipt_.sync = run->sync.uri.value_or("");
    receipt_.logged = run->logged(elq::members_exported);
    auto between = [](std::optional<timestamp> a, std::optional<timestamp> b) {
        return a && b ? std::chrono::duration_cast<std::chrono::milliseconds>(*b - *a)
                      : std::chrono::milliseconds();
    };
    receipt_.queued = between(run->sync.createdAt, run->sync.syncStartedAt);
    receipt_.processed = between(run->sync.syncStartedAt, run->sync.syncEndedAt);
    co_return result<void>();
}

inline flow<result<void>> export_job::open_page() {
    if (!page_) {
        rows_query wanted;
        wanted.limit = options_.page_rows;
        wanted.offset = receipt_.rows;
        result<std::string> path = path_of<endpoints::read_sync_data>(std::string(), sync_id_);
        page_call_ = call::of<endpoints::read_sync_data>(*path + *to_query_string(wanted));
        page_.emplace(session_, slot(0), page_call_);
    }
    unsigned const before = page_->attempts();
    result<head> const opened = co_await page_->open();
    receipt_.requests += page_->attempts() - before;
    receipt_.retries += page_->attempts() - 1;
    if (!opened) {
        page_.reset();
        co_return opened.error();
    }
    page_open_ = true;
    page_begin_ = receipt_.rows;
    decoder_.begin_page(page_begin_);
    co_return result<void>();
}

/// Whether there are more pages, or why the page cannot be right.
inline result<bool> export_job::check_page() {
    page_envelope const& said = decoder_.envelope();
    std::int64_t const got = decoder_.rows();
    auto numbers = [&] {
        return "page at offset " + std::to_string(page_begin_) + " has " + std::to_string(got) +
               " rows" +
               (said.totalResults ? ", totalResults " + std::to_string(*said.totalResults) : "") +
               (said.hasMore ? std::string(", hasMore ") + (*said.hasMore ? "true" : "false") : "");
    };
    if (said.totalResults) {
        if (receipt_.total_results && *receipt_.total_results != *said.totalResults)
            return failure(errc::total_changed, numbers() + ", before it was " +
                                                    std::to_string(*receipt_.total_results));
        receipt_.total_results = said.totalResults;
    }
    std::optional<std::int64_t> const& total = receipt_.total_results;
    std::int64_t const end = page_begin_ + got;
    bool const more = said.hasMore.value_or(total ? end < *total : got == options_.page_rows);
    if (got == 0 && (more || (total && end < *total)))
        return failure(errc::rows_missing, numbers());
    std::int64_t full = options_.page_rows;
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
    if (receipt_.logged && end != *receipt_.logged)
        return failure(errc::count_mismatch, std::to_string(end) +
                                                 " rows came, the sync's log states " +
                                                 std::to_string(*receipt_.logged));
    return false;
}

inline flow<result<void>> export_job::remove_definition() {
    result<id> const which = id_of(receipt_.definition);
    if (!which)
        co_return which.error();
    result<std::string> path = path_of<endpoints::delete_export>(base_path_, *which);
    result<void> const gone =
        co_await perform<endpoints::delete_export>(session_, 0, std::move(path));
    receipt_.definition_deleted = gone.has_value();
    co_return gone;
}

inline flow<result<bool>> export_job::pull(row_sink& sink) {
    if (broken_)
        co_return *broken_;
    if (finished_)
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
            co_return opened.error();
    }
    outcome const got = co_await wish::read_some(0, decoder_.prepare());
    if (got.ec) {
        // What has come is good; the rest is asked for anew, behind it.
        page_open_ = false;
        result<void> const again = co_await page_->again(got.ec);
        ++receipt_.retries;
        page_.reset();
        if (!again)
            co_return again.error();
        co_return true;
    }
    receipt_.bytes += got.n;
    result<void> decoded;
    std::exception_ptr thrown; // by the sink: the row it came from was not handed out
    try {
        decoded = got.n ? decoder_.commit(got.n, sink) : decoder_.finish();
    } catch (...) {
        thrown = std::current_exception();
    }
    receipt_.rows = page_begin_ + decoder_.rows();
    if (thrown) {
        page_open_ = false;
        page_.reset();
        co_await wish::drop(0);
        std::rethrow_exception(thrown);
    }
    if (!decoded) {
        broken_ = at_page(decoded.error());
        co_await wish::drop(0);
        co_return *broken_;
    }
    if (got.n != 0)
        co_return true;

    page_open_ = false;
    result<bool> const more = check_page();
    if (!more) {
        broken_ = at_page(more.error());
        co_return *broken_;
    }
    page_.reset();
    session_.tell(&observer::on_rows, receipt_.rows,
                  receipt_.total_results.value_or(receipt_.logged.value_or(0)));
    if (*more)
        co_return true;
    receipt_.transferred =
        std::chrono::duration_cast<std::chrono::milliseconds>(got.now - *transfer_begin_);
    finished_ = true;
    if (!options_.keep_definition)
        (void)co_await remove_definition(); // if it fails, the receipt says so
    co_return false;
}

} // namespace eloqua::bulk
