// SPDX-License-Identifier: BSL-1.0
/// \file
/// An import over a session: definition, requests, syncs, rejects, counts, cleaning up.
#pragma once

#include <eloqua/bulk/client/definition_checks.hpp>
#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/codec/row_encoder.hpp>
#include <eloqua/bulk/jobs/import_balance.hpp>
#include <eloqua/bulk/jobs/import_job.hpp>
#include <eloqua/bulk/jobs/ledger.hpp>
#include <eloqua/bulk/jobs/sync_run.hpp>
#include <eloqua/bulk/schema/definitions.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// An import over a session.
template <class Session>
class import_run final : public import_job {
public:
    import_run(Session& s, row_plan plan, std::size_t identifier, import_options options,
               any_import_definition settings)
        : session_(s), plan_(std::move(plan)), options_(std::move(options)),
          wanted_(std::move(settings)),
          encoder_(plan_.codecs, plan_.columns, options_.rows, options_.request_bytes),
          identifier_(plan_.codecs[identifier]), identifier_column_(identifier),
          ledger_(wanted_.isIdentifierFieldCaseSensitive.value_or(false)) {}

    room offer(void const* row) override;
    failure refusal() const override { return of_rows(refusal_); }
    [[nodiscard]] flow<result<void>> begin() override;
    [[nodiscard]] flow<result<void>> push() override;
    [[nodiscard]] flow<result<void>> finish() override;
    [[nodiscard]] flow<result<void>> remove_definition() override;

private:
    [[nodiscard]] flow<result<void>> sync_staged();
    [[nodiscard]] flow<result<void>> read_rejects(id sync_id, reject_tally& listed);
    /// The failure, and what has become of which rows.
    failure of_rows(failure f) const {
        std::size_t const first = ledger_.first_row();
        f.info.detail += (f.info.detail.empty() ? "rows " : "; rows ") + std::to_string(first) +
                         " to " + std::to_string(first + ledger_.rows()) +
                         " (exclusive) were staged or under way; " + std::to_string(first) +
                         " rows before them are synced";
        for (std::string const& each : totals_.syncs)
            f.info.detail +=
                (&each == &totals_.syncs.front() ? ", see the rejects of " : ", ") + each;
        return f;
    }

    Session& session_;
    row_plan plan_;
    import_options options_;
    any_import_definition wanted_;
    row_encoder encoder_; ///< holds the request being filled
    column_codec identifier_;
    std::size_t identifier_column_;
    id definition_id_ = 0;
    bool sync_under_way_ = false; ///< or may be

    failure refusal_;
    text_scratch scratch_;
    ledger ledger_;
    std::size_t staged_bytes_ = 0;
    std::size_t staged_requests_ = 0;
};

template <class Session>
import_job::room import_run<Session>::offer(void const* row) {
    std::size_t const number = ledger_.first_row() + ledger_.rows();
    bool const first = encoder_.rows() == 0;
    switch (encoder_.append(row)) {
    case row_encoder::fit::full:
        return room::full;
    case row_encoder::fit::refused:
        refusal_ = failure(errc::invalid_row,
                           "row " + std::to_string(number) + ": member '" +
                               std::string(encoder_.refused_key()) +
                               "' has no valid text (UTF-8, a finite number, a time of the years 0 "
                               "to 9999)");
        return room::refused;
    case row_encoder::fit::too_large:
        refusal_ = failure(errc::row_too_large, "row " + std::to_string(number) + " takes " +
                                                    std::to_string(encoder_.row_size()) +
                                                    " bytes; a request holds " +
                                                    std::to_string(options_.request_bytes));
        return room::refused;
    case row_encoder::fit::taken:
        break;
    }
    if (first)
        ledger_.begin_request();
    ledger_.add(identifier_.text(row, identifier_column_, scratch_)); // it was written just now
    return room::taken;
}

template <class Session>
flow<result<void>> import_run<Session>::begin() {
    if (options_.request_bytes < 2 || options_.request_bytes > limits::request_bytes ||
        options_.requests_per_sync < 1 || options_.requests_per_sync > limits::requests_per_sync)
        co_return failure(errc::invalid_argument,
                          "request_bytes or requests_per_sync exceed the service's limits");
    any_import_definition& wanted = wanted_;
    for (column_info const& each : plan_.columns)
        if (each.importable)
            wanted.fields.emplace_back(each.key,
                                       render_statement(plan_.statement_root, each.statement));
    if (!wanted.linkOpportunitiesMatchFieldName) // links are matched by that column
        wanted.identifierFieldName = identifier_.key;
    wanted.name = session_.unique_name(options_.name);
    wanted.isSyncTriggeredOnImport = false;
    wanted.isUpdatingMultipleMatchedRecords = options_.update_multiple_matches;
    wanted.updateRule = open_enum<update_rule>(options_.update);
    if (options_.rule)
        wanted.importRule = open_enum<import_rule>(*options_.rule);
    wanted.importPriorityUri = options_.priority_uri;
    wanted.dataRetentionDuration = options_.data_retention;
    wanted.autoDeleteDuration = options_.auto_delete;
    result<void> const fits = check_durations(wanted);
    if (!fits)
        co_return fits.error();
    std::string const body = write_document(wanted);
    result<std::string> path = path_of<endpoints::create_import>(plan_.base_path);
    if (!path)
        co_return path.error();
    call const create = call::of<endpoints::create_import>(std::move(*path), body);
    result<answer> const got = co_await detail::fetch(session_, create);
    result<stored<import_definition>> const made = read_answer<endpoints::create_import>(got);
    if (!made)
        co_return made.error();
    totals_.definition = made->uri.value_or("");
    result<id> const which = id_of(totals_.definition);
    if (!which)
        co_return which.error();
    definition_id_ = *which;
    co_return result<void>();
}

template <class Session>
flow<result<void>> import_run<Session>::push() {
    if (encoder_.rows() == 0)
        co_return result<void>();
    std::string_view const body = encoder_.body();
    call data = call::of<endpoints::push_import_data>(
        *path_of<endpoints::push_import_data>(plan_.base_path, definition_id_), body);
    data.content_type = media_type(options_.rows);
    result<answer> const pushed = co_await detail::fetch(session_, data);
    if (!pushed)
        co_return of_rows(pushed.error());
    totals_.bytes += body.size();
    ++totals_.requests;
    staged_bytes_ += body.size();
    ++staged_requests_;
    encoder_.clear();
    session_.tell(&observer::on_rows,
                  static_cast<std::int64_t>(ledger_.first_row() + ledger_.rows()), std::int64_t(0));
    if (staged_requests_ >= options_.requests_per_sync || staged_bytes_ >= options_.sync_bytes)
        co_return co_await sync_staged();
    co_return result<void>();
}

template <class Session>
flow<result<void>> import_run<Session>::finish() {
    result<void> const pushed = co_await push();
    if (!pushed || staged_requests_ == 0)
        co_return pushed;
    co_return co_await sync_staged();
}

template <class Session>
flow<result<void>> import_run<Session>::sync_staged() {
    result<sync> started = co_await detail::start_sync(session_, totals_.definition);
    if (!started) {
        sync_under_way_ = detail::may_have_run(started.error());
        co_return of_rows(started.error());
    }
    sync_run run;
    run.sync = std::move(*started);
    sync_under_way_ = true;
    result<void> const ended = co_await detail::watch_sync(session_, run);
    sync_under_way_ = !run.sync.finished();
    if (!ended) {
        failure why = of_rows(ended.error());
        bool const applied = run.sync.finished() && !run.sync.failed();
        why.info.advice += applied ? "; " + run.sync.uri.value_or("") + " has applied these rows"
                                   : "; what of these rows was applied is unknown";
        co_return why;
    }
    totals_.syncs.push_back(run.sync.uri.value_or(""));
    reject_tally listed;
    result<void> const read = co_await read_rejects(run.sync_id, listed);
    if (!read) {
        failure why = of_rows(read.error());
        why.info.advice +=
            "; " + totals_.syncs.back() + " has applied these rows; its rejects are unread";
        co_return why;
    }
    detail::account(totals_, run, static_cast<std::int64_t>(ledger_.rows()), listed,
                    !options_.update_multiple_matches);
    ledger_.begin_sync(ledger_.first_row() + ledger_.rows());
    staged_bytes_ = 0;
    staged_requests_ = 0;
    co_return result<void>();
}

template <class Session>
flow<result<void>> import_run<Session>::read_rejects(id sync_id, reject_tally& listed) {
    result<std::string> const path = path_of<endpoints::list_sync_rejects>(std::string(), sync_id);
    list_query wanted;
    wanted.limit = limits::items_per_list;
    wanted.offset = 0;
    for (;;) {
        call const ask = call::of<endpoints::list_sync_rejects>(*path + *to_query_string(wanted));
        result<answer> const got = co_await detail::fetch(session_, ask);
        result<page<sync_reject>> const part = read_answer<endpoints::list_sync_rejects>(got);
        if (!part)
            co_return part.error();
        for (sync_reject const& each : part->items) {
            std::optional<std::string_view> identifier;
            bool identifier_invalid = false;
            for (auto const& value : each.fieldValues)
                if (value.first == identifier_.key)
                    identifier = value.second;
            for (std::string const& column : each.invalidFields)
                identifier_invalid = identifier_invalid || column == identifier_.key;
            // Known from captures only: this code means that the row was taken.
            std::optional<elq> const code = parse_elq(each.statusCode.value_or(""));
            bool const taken = code == elq::rejected_fields_only && !identifier_invalid;
            ++(taken ? listed.partly_taken : listed.rejected);
            if (code && !taken)
                ++listed.by_code[*code];
            if (!on_reject(each, ledger_.find(each.recordIndex.value_or(0), identifier), taken))
                co_return failure(errc::invalid_argument, "the rejects were not wanted");
        }
        wanted.offset = *wanted.offset + static_cast<std::int64_t>(part->items.size());
        if (!part->hasMore)
            co_return result<void>();
        if (part->items.empty()) {
            failure why(errc::rows_missing,
                        "rejects after the first " + std::to_string(*wanted.offset));
            why.info.request = got->line;
            co_return why;
        }
    }
}

template <class Session>
flow<result<void>> import_run<Session>::remove_definition() {
    // Under a running sync it would make that sync fail.
    if (definition_id_ == 0 || sync_under_way_)
        co_return result<void>();
    call const remove = call::of<endpoints::delete_import>(
        *path_of<endpoints::delete_import>(plan_.base_path, definition_id_));
    result<answer> const gone = co_await detail::fetch(session_, remove);
    totals_.definition_deleted = gone.has_value();
    co_return read_answer<endpoints::delete_import>(gone);
}

} // namespace eloqua::bulk
