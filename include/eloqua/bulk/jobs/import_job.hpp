// SPDX-License-Identifier: BSL-1.0
/// \file
/// An import from definition to report, for rows of any type.
#pragma once

#include <eloqua/bulk/codec/row_encoder.hpp>
#include <eloqua/bulk/jobs/import_report.hpp>
#include <eloqua/bulk/jobs/ledger.hpp>
#include <eloqua/bulk/jobs/sync_run.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace eloqua::bulk {

/// How an import is done.
struct import_options {
    std::string name =
        "eloqua-bulk import"; ///< begins the definition's name; at most 80 characters
    /// Blank values leave stored ones alone. The service's own default, `always`, would let an
    /// empty `optional` wipe what is stored.
    update_rule update = update_rule::ifNewIsNotNull;
    std::optional<import_rule> rule; ///< contacts and accounts; empty: create and update
    bool update_multiple_matches = false;
    duration data_retention = std::chrono::hours(7 * 24); ///< of staged rows; 1 h to 14 days
    duration auto_delete = std::chrono::hours(72); ///< of the definition, should it be left behind
    std::vector<sync_action> sync_actions;         ///< at most 10, done to the accepted rows
    std::optional<std::string> priority_uri;       ///< an `/imports/priorities/{id}`
    std::size_t request_bytes = limits::request_bytes; ///< a request stays below; at most 32 MB
    std::size_t requests_per_sync = limits::requests_per_sync; ///< at most 500
    std::size_t sync_bytes = limits::staged_bytes; ///< a sync begins when so much is staged
    std::size_t rejects_kept = 100'000;            ///< in the report; the others are counted
};

/// The part of an import that does not depend on the row's type.
class import_job {
public:
    import_job(session& s, std::span<column_codec const> codecs,
               std::span<column_info const> columns, std::size_t identifier,
               result<std::string> base_path, import_definition definition, import_options options)
        : session_(s), encoder_(codecs, columns), identifier_(codecs[identifier]),
          base_path_(std::move(base_path)), definition_(std::move(definition)),
          options_(std::move(options)) {}

    /// What becomes of a row that was offered.
    enum class room { taken, full, refused };

    /// Appends a row to the request being filled. `full`: `push` first, then offer it again.
    /// `refused`: `refusal` says why.
    room offer(void const* row);
    failure const& refusal() const { return refusal_; }

    /// Checks the options and makes the definition.
    [[nodiscard]] flow<result<void>> begin();
    /// Sends the request being filled, and runs a sync if enough is staged.
    [[nodiscard]] flow<result<void>> push();
    /// Sends what is left, and syncs it.
    [[nodiscard]] flow<result<void>> finish();
    /// Removes the definition, and with it what is staged.
    [[nodiscard]] flow<result<void>> remove_definition();

    /// Told of each reject: the service's words, and the rows in question.
    std::function<void(sync_reject const&, std::vector<std::size_t>, bool row_taken)> on_reject;

    struct totals {
        std::int64_t rows = 0, created = 0, updated = 0, rejected = 0, partly_taken = 0;
        std::map<std::string, std::int64_t> counts;
        std::vector<std::string> syncs, disagreements;
        std::string definition;
        bool definition_deleted = false;
        std::uint64_t bytes = 0;
        unsigned requests = 0;
    };
    totals const& so_far() const { return totals_; }

private:
    [[nodiscard]] flow<result<void>> sync_staged();
    [[nodiscard]] flow<result<void>> read_rejects(id sync_id, std::int64_t& rejected);
    void account(sync_run const& run, std::int64_t rejected);
    failure of_rows(failure f) const {
        std::size_t const first = ledger_.first_row();
        f.info.detail += (f.info.detail.empty() ? "" : "; ") + std::string("rows ") +
                         std::to_string(first) + " to " + std::to_string(first + ledger_.rows()) +
                         " (exclusive) were staged or under way; " + std::to_string(first) +
                         " rows before them are synced";
        return f;
    }

    session& session_;
    row_encoder encoder_;
    column_codec identifier_;
    result<std::string> base_path_;
    import_definition definition_;
    import_options options_;
    id definition_id_ = 0;

    std::string buffer_; ///< the request being filled
    std::string text_;
    ledger ledger_;
    std::size_t staged_bytes_ = 0;
    std::size_t staged_requests_ = 0;
    failure refusal_;
    totals totals_;
};

inline import_job::room import_job::offer(void const* row) {
    std::size_t const before = buffer_.size();
    std::size_t const number = ledger_.first_row() + ledger_.rows();
    buffer_ += before == 0 ? '[' : ',';
    if (auto const wrong = encoder_.append(row, buffer_)) {
        buffer_.resize(before);
        refusal_ = failure(errc::invalid_row,
                           "row " + std::to_string(number) + ": member '" + std::string(*wrong) +
                               "' has no valid text (UTF-8, a finite number, a time of the years 0 "
                               "to 9999)");
        return room::refused;
    }
    if (buffer_.size() + 1 >= options_.request_bytes) { // with its closing bracket
        std::size_t const size = buffer_.size() - before;
        buffer_.resize(before);
        if (before != 0)
            return room::full;
        refusal_ = failure(errc::row_too_large,
                           "row " + std::to_string(number) + " takes " + std::to_string(size) +
                               " bytes; a request holds " + std::to_string(options_.request_bytes));
        return room::refused;
    }
    if (before == 0)
        ledger_.begin_request();
    text_.clear();
    (void)identifier_.write(row, text_); // it was written just now
    ledger_.add(text_);
    return room::taken;
}

inline flow<result<void>> import_job::begin() {
    if (options_.request_bytes < 2 || options_.request_bytes > limits::request_bytes ||
        options_.requests_per_sync < 1 || options_.requests_per_sync > limits::requests_per_sync)
        co_return failure(errc::invalid_argument,
                          "request_bytes or requests_per_sync exceed the service's limits");
    definition_.name = session_.unique_name(options_.name);
    definition_.isSyncTriggeredOnImport = false;
    definition_.isUpdatingMultipleMatchedRecords = options_.update_multiple_matches;
    definition_.updateRule = open_enum<update_rule>(options_.update);
    if (options_.rule)
        definition_.importRule = open_enum<import_rule>(*options_.rule);
    definition_.importPriorityUri = options_.priority_uri;
    definition_.dataRetentionDuration = options_.data_retention;
    definition_.autoDeleteDuration = options_.auto_delete;
    if (!options_.sync_actions.empty())
        definition_.syncActions = options_.sync_actions;
    std::string const body = write_document(definition_);
    result<std::string> path = path_of<endpoints::create_import>(base_path_);
    result<import_definition> const made =
        co_await perform<endpoints::create_import>(session_, 0, std::move(path), body);
    if (!made)
        co_return made.error();
    totals_.definition = made->uri.value_or("");
    result<id> const which = id_of(totals_.definition);
    if (!which)
        co_return which.error();
    definition_id_ = *which;
    co_return result<void>();
}

inline flow<result<void>> import_job::push() {
    if (buffer_.empty())
        co_return result<void>();
    buffer_ += ']';
    result<std::string> path = path_of<endpoints::push_import_data>(base_path_, definition_id_);
    result<std::optional<sync>> const pushed =
        co_await perform<endpoints::push_import_data>(session_, 0, std::move(path), buffer_);
    if (!pushed)
        co_return of_rows(pushed.error());
    totals_.bytes += buffer_.size();
    ++totals_.requests;
    staged_bytes_ += buffer_.size();
    ++staged_requests_;
    buffer_.clear();
    session_.tell(&observer::on_rows,
                  static_cast<std::int64_t>(ledger_.first_row() + ledger_.rows()), std::int64_t(0));
    if (staged_requests_ >= options_.requests_per_sync || staged_bytes_ >= options_.sync_bytes)
        co_return co_await sync_staged();
    co_return result<void>();
}

inline flow<result<void>> import_job::finish() {
    result<void> const pushed = co_await push();
    if (!pushed || staged_requests_ == 0)
        co_return pushed;
    co_return co_await sync_staged();
}

inline flow<result<void>> import_job::sync_staged() {
    result<sync_run> const run = co_await detail::run_sync(session_, totals_.definition);
    if (!run) {
        failure why = of_rows(run.error());
        why.info.advice += "; what of these rows was applied is unknown";
        co_return why;
    }
    totals_.syncs.push_back(run->sync.uri.value_or(""));
    std::int64_t rejected = 0;
    result<void> const read = co_await read_rejects(run->sync_id, rejected);
    if (!read)
        co_return read;
    account(*run, rejected);
    ledger_.begin_sync(ledger_.first_row() + ledger_.rows());
    staged_bytes_ = 0;
    staged_requests_ = 0;
    co_return result<void>();
}

inline flow<result<void>> import_job::read_rejects(id sync_id, std::int64_t& rejected) {
    result<std::string> const path = path_of<endpoints::list_sync_rejects>(std::string(), sync_id);
    list_query wanted;
    wanted.limit = limits::items_per_list;
    wanted.offset = 0;
    for (;;) {
        result<std::string> at = *path + *to_query_string(wanted);
        result<page<sync_reject>> const part =
            co_await perform<endpoints::list_sync_rejects>(session_, 0, std::move(at));
        if (!part)
            co_return part.error();
        for (sync_reject const& each : part->items) {
            std::string_view identifier;
            bool identifier_invalid = false;
            for (auto const& value : each.fieldValues)
                if (value.first == identifier_.key)
                    identifier = value.second;
            for (std::string const& column : each.invalidFields)
                identifier_invalid = identifier_invalid || column == identifier_.key;
            // Known from captures only: this code means that the row was taken.
            bool const taken =
                parse_elq(each.statusCode.value_or("")) == elq::rejected_fields_only &&
                !identifier_invalid;
            ++(taken ? totals_.partly_taken : totals_.rejected);
            rejected += !taken;
            on_reject(each, ledger_.find(each.recordIndex.value_or(0), identifier), taken);
        }
        wanted.offset = *wanted.offset + static_cast<std::int64_t>(part->items.size());
        if (!part->hasMore)
            co_return result<void>();
        if (part->items.empty()) {
            failure why(errc::rows_missing,
                        "rejects after the first " + std::to_string(*wanted.offset));
            why.info.request = "GET " + *path;
            co_return why;
        }
    }
}

inline void import_job::account(sync_run const& run, std::int64_t rejected) {
    for (sync_log const& each : run.logs)
        if (each.statusCode)
            totals_.counts[*each.statusCode] += each.count.value_or(0);
    auto sum = [&](std::initializer_list<elq> codes) {
        std::int64_t total = 0;
        for (elq code : codes)
            total += run.logged(code).value_or(0);
        return total;
    };
    auto const sent = static_cast<std::int64_t>(ledger_.rows());
    std::int64_t const created =
        sum({elq::contacts_created, elq::accounts_created, elq::custom_object_data_created});
    std::int64_t const updated =
        sum({elq::contacts_updated, elq::accounts_updated, elq::custom_object_data_updated});
    totals_.rows += sent;
    totals_.created += created;
    totals_.updated += updated;
    auto compare = [&](std::string const& what, std::int64_t theirs, std::int64_t ours) {
        if (theirs != ours)
            totals_.disagreements.push_back(totals_.syncs.back() + ": " + what + " " +
                                            std::to_string(theirs) + ", sent " +
                                            std::to_string(ours));
    };
    if (auto const staged = run.logged(elq::records_staged))
        compare("staged (ELQ-00130)", *staged, sent);
    if (auto const processed = run.logged(elq::records_processed))
        compare("processed (ELQ-00001)", *processed, sent);
    compare("created + updated + rejected", created + updated + rejected, sent);
}

inline flow<result<void>> import_job::remove_definition() {
    if (definition_id_ == 0)
        co_return result<void>();
    result<std::string> path = path_of<endpoints::delete_import>(base_path_, definition_id_);
    result<void> const gone =
        co_await perform<endpoints::delete_import>(session_, 0, std::move(path));
    totals_.definition_deleted = gone.has_value();
    co_return gone;
}

} // namespace eloqua::bulk
