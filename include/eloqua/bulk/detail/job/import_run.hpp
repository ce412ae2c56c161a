// SPDX-License-Identifier: BSL-1.0
/// \file
/// An import over a session: definition, requests, syncs, rejects, counts, cleanup.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/codec/hash.hpp>
#include <eloqua/bulk/detail/codec/row_encoder.hpp>
#include <eloqua/bulk/detail/http/instance.hpp>
#include <eloqua/bulk/detail/job/check_fields.hpp>
#include <eloqua/bulk/detail/job/create_or_find.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/import_batch.hpp>
#include <eloqua/bulk/detail/job/import_proof.hpp>
#include <eloqua/bulk/detail/job/import_rejects.hpp>
#include <eloqua/bulk/detail/job/import_replay.hpp>
#include <eloqua/bulk/detail/job/ledger.hpp>
#include <eloqua/bulk/import.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// An import over a session.
template <class Session>
class import_run {
public:
    import_run(Session& s, row_plan plan, std::size_t identifier, import_options options,
               any_import_definition settings, reject_listener& rejects)
        : session_(s), rejects_(rejects), plan_(std::move(plan)), options_(std::move(options)),
          ledger_(settings.isIdentifierFieldCaseSensitive.value_or(false)),
          makes_several_links_(settings.linkOpportunitiesMultipleSourceMatches.value_or(false)),
          area_(session_, plan_, options_, totals_, std::move(settings)),
          encoder_(plan_.codecs, plan_.columns, options_.rows, options_.request_bytes),
          identifier_(plan_.codecs[identifier]), identifier_column_(identifier) {
        makes_records_of_blanks_ = detail::makes_records_of_blanks(plan_, identifier);
        encoder_.write_for_service(options_.finer_times);
        scratch_.times = fine_times::cut_off; // for an identifier that was written
    }

    /// The result of offering a row.
    enum class append_result { taken, full, refused };
    /// The state of the job after rows were sent.
    enum class step {
        go_on,
        again, ///< rows from number `synced_rows()` on must be offered again
    };

    /// Appends a row to the current request. `full`: call `push`, then append it again. `refused`:
    /// `refusal` says why.
    append_result append(void const* row);
    failure refusal() const { return of_rows(refusal_); }
    /// Call before `begin` if rows cannot be offered again. Requests are then kept until they are
    /// synced; a sync starts when they reach `import_options::replay_bytes`.
    void keep_requests() { keeps_requests_ = true; }
    /// Checks the options and creates the definition.
    [[nodiscard]] flow<result<void>> begin();
    /// Sends the current request, and runs a sync if enough is staged.
    [[nodiscard]] flow<result<step>> push();
    /// Sends and syncs the remaining rows. After `step::again`, more rows follow.
    [[nodiscard]] flow<result<step>> finish();
    /// Number of offered rows, without those that must be offered again.
    std::size_t rows() const { return ledger_.first_row() + ledger_.rows(); }
    /// How many of them are synced.
    std::size_t synced_rows() const { return ledger_.first_row(); }
    /// Deletes the definition and its staged rows, unless a sync of it may be running.
    [[nodiscard]] flow<result<void>> remove_definition();
    import_totals const& so_far() const { return totals_; }

private:
    using group = journal_records::group;

    [[nodiscard]] flow<result<step>> start_over(failure why);
    [[nodiscard]] flow<result<void>> stage(std::string_view body);
    [[nodiscard]] flow<result<step>> sync_staged();
    [[nodiscard]] flow<result<step>> run_group(group begun, std::optional<sync> started,
                                               bool may_be_doubled);
    [[nodiscard]] flow<result<void>> settle(group begun, sync_run run);
    [[nodiscard]] failure unknown_outcome(failure why, std::size_t rows);
    [[nodiscard]] flow<result<void>> restore();
    [[nodiscard]] flow<result<step>> replay();
    /// Halved for each abandoned definition, since all its requests have to arrive.
    std::size_t requests_per_sync() const {
        return std::max<std::size_t>(1, options_.requests_per_sync >> std::min(abandoned_, 9u));
    }
    /// The rows of the first `n` requests that are not synced.
    group first_requests(std::size_t n) const {
        group all;
        all.requests = ledger_.requests();
        all.requests.resize(n);
        all.fingerprint = ledger_.fingerprint(n);
        all.definition = area_.definition().uri;
        all.once = must_be_once(all.rows());
        return all;
    }
    /// Whether the first `n` rows that are not synced would create duplicates if pushed twice.
    bool must_be_once(std::size_t n) const {
        return makes_records_of_blanks_ && ledger_.has_blank_rows(n);
    }
    /// Hash of the values that are sent for a row, for the journal; 0 without a journal.
    std::uint64_t hash_of_sent(void const* row) {
        if (!options_.journal)
            return 0;
        stable_hash all;
        for (std::size_t i = 0; i != plan_.codecs.size(); ++i)
            if (plan_.columns[i].importable) {
                std::string_view const text = plan_.codecs[i].text(row, i, scratch_);
                all.add(text.data() ? text : std::string_view("\xfe")); // not valid in UTF-8
            }
        return all.value();
    }
    /// Does not count rows again that are offered again.
    void count_times(std::size_t row, std::size_t cut) {
        if (row < next_counted_)
            return;
        next_counted_ = row + 1;
        totals_.times_cut += static_cast<std::int64_t>(cut);
    }
    std::uint64_t fingerprint() const { return detail::fingerprint_of(plan_, identifier_.key); }
    sent_rows sent_in(group const& of) const {
        return {static_cast<std::int64_t>(of.rows()),
                detail::codes_of(plan_.statement_root),
                !options_.update_multiple_matches && !makes_several_links_,
                !options_.rule || *options_.rule == import_rule::createAndUpdate,
                of.syncs.size() == 1,
                must_be_once(of.rows())};
    }
    failure of_rows(failure f) const {
        return detail::of_rows(std::move(f), ledger_, totals_.syncs);
    }

    Session& session_;
    reject_listener& rejects_;
    row_plan plan_;
    import_options options_;
    import_totals totals_;
    ledger ledger_;
    bool makes_several_links_;
    bool makes_records_of_blanks_ = false; ///< rows with a blank identifier create records
    staging_area<Session> area_;
    row_encoder encoder_; ///< holds the current request
    column_codec identifier_;
    std::size_t identifier_column_;
    bool sync_under_way_ = false; ///< or may be
    bool contradicted_ = false;   ///< the staged rows are kept for inspection
    unsigned abandoned_ = 0;      ///< definitions abandoned since the last sync
    bool keeps_requests_ = false;
    std::deque<std::string> sent_; ///< requests that are not synced, if they are kept
    replay_queue history_;         ///< its rows are offered first
    bool syncs_known_ = false;     ///< one of them was found
    failure refusal_;
    text_scratch scratch_;
    std::size_t next_counted_ = 0; ///< by `count_times`
};

template <class Session>
typename import_run<Session>::append_result import_run<Session>::append(void const* row) {
    if (!history_.empty()) { // its rows are not sent
        std::uint64_t const sent = hash_of_sent(row);
        std::string_view const text = identifier_.text(row, identifier_column_, scratch_);
        std::size_t const number = rows();
        bool const added = history_.add(ledger_, text.data() ? text : std::string_view(), sent);
        if (added && options_.finer_times == finer_part::cut_off)
            count_times(number, encoder_.times_cut(row));
        return added ? append_result::taken : append_result::full;
    }
    if (history_.complete()) {
        refusal_ = failure(errc::journal_failed,
                           "row " + std::to_string(ledger_.first_row()) +
                               ": the journal's import is complete and had fewer rows");
        return append_result::refused;
    }
    bool const first = encoder_.rows() == 0;
    row_encoder::fit const fit = encoder_.append(row);
    if (fit == row_encoder::fit::full)
        return append_result::full;
    if (fit != row_encoder::fit::taken) {
        refusal_ = encoder_.refusal(fit, rows());
        return append_result::refused;
    }
    if (encoder_.times_cut() != 0)
        count_times(rows(), encoder_.times_cut());
    if (first)
        ledger_.begin_request();
    std::uint64_t const sent = hash_of_sent(row);
    // Its identifier was encoded just now.
    ledger_.add(identifier_.text(row, identifier_column_, scratch_), sent);
    return append_result::taken;
}

template <class Session>
flow<result<void>> import_run<Session>::begin() {
    result<void> const fits = area_.prepare(identifier_.key);
    if (!fits)
        co_return fits;
    if (options_.journal && !options_.journal->records().empty())
        co_return co_await restore();
    result<void> const known =
        co_await detail::check_import(session_, plan_, identifier_.key, options_, totals_.warnings);
    if (!known)
        co_return known;
    if (options_.journal) {
        result<std::string> const here = co_await detail::instance_of(session_);
        if (!here)
            co_return here.error();
        result<void> const noted =
            area_.note(journal_records::import_record(fingerprint(), *here, area_.settings()));
        if (!noted)
            co_return noted;
    }
    co_return co_await area_.make();
}

/// Restores the state from the journal. The rows of each group are offered again for the report.
template <class Session>
flow<result<void>> import_run<Session>::restore() {
    result<journal_records> const before = journal_records::read(options_.journal->records());
    if (!before)
        co_return before.error();
    std::string const changed = detail::differences_of_settings(before->settings, area_.settings());
    if (before->columns != fingerprint())
        co_return detail::of_another_import(changed);
    result<std::string> const here = co_await detail::instance_of(session_);
    if (!here)
        co_return here.error();
    if (detail::are_other_instances(before->instance, *here))
        co_return detail::of_another_instance(errc::journal_failed, "the journal", before->instance,
                                              *here);
    if (before->complete && !options_.allow_complete)
        co_return failure(errc::already_complete, "the journal belongs to a completed import",
                          "use a new journal for a new import; set allow_complete to get the "
                          "report of the completed one");
    if (!changed.empty())
        co_return detail::of_another_import(changed);
    totals_.was_complete = before->complete;
    history_ = replay_queue(*before);
    area_.take_over(*before);
    totals_.definition = before->definition;
    bool const unknown = !history_.empty() && history_.last().syncs.empty();
    if (unknown) {
        bool const once = history_.last().once;
        result<void> const looked = co_await detail::find_syncs(
            session_, area_, history_.last(), history_.syncs(),
            history_.last().pushed && !once ? 1u : session_.options.retry.search_attempts);
        if (!looked || (once && history_.last().syncs.empty()))
            co_return looked; // the failure names the rows once they are offered again
    }
    if (history_.complete() ||
        (!history_.empty() && !history_.last().applied && !history_.last().syncs.empty()))
        co_return result<void>(); // nothing can be staged
    if (!unknown && before->holds_nothing)
        co_return result<void>(); // equivalent to a new one
    if (!unknown && before->definition.empty() && !before->name.empty())
        co_return co_await area_.find();
    // What is staged is unknown. The logs of synced rows stay readable while the definition exists.
    if (!unknown) {
        area_.leave();
        co_return result<void>();
    }
    bool const pushed = history_.last().pushed;
    history_.drop_last();
    if (!pushed) // so that a sync that starts late finds nothing
        co_return co_await area_.remove();
    area_.leave();
    co_return result<void>();
}

template <class Session>
auto import_run<Session>::push() -> flow<result<step>> {
    if (!history_.empty())
        co_return co_await replay();
    if (encoder_.rows() == 0)
        co_return step::go_on;
    result<void> pushed;
    if (!area_.exists())
        pushed = co_await area_.make();
    if (pushed)
        pushed = co_await stage(encoder_.body());
    if (!pushed && pushed.error().code == error_code(413, http_category()) &&
        area_.requests() != 0) {
        // The staging area is full: sync the staged rows first.
        result<step> const synced = co_await sync_staged();
        if (!synced || *synced == step::again)
            co_return synced;
        pushed = result<void>();
        if (encoder_.rows() != 0)
            pushed = co_await stage(encoder_.body());
    }
    if (!pushed) {
        result<step> const again = co_await start_over(pushed.error());
        if (!again || *again == step::again)
            co_return again;
    } else if (keeps_requests_ && encoder_.rows() != 0) {
        sent_.emplace_back(encoder_.body());
    }
    encoder_.clear();
    std::size_t const most = keeps_requests_ ? std::min(options_.sync_bytes, options_.replay_bytes)
                                             : options_.sync_bytes;
    result<step> state = step::go_on;
    while (state && *state == step::go_on && area_.requests() != 0 &&
           (area_.started() || area_.requests() >= requests_per_sync() || area_.bytes() >= most))
        state = co_await sync_staged();
    co_return state;
}

/// What is staged is unknown or lost with its definition. Creates another definition and sends it
/// everything that the old one was to hold.
template <class Session>
auto import_run<Session>::start_over(failure why) -> flow<result<step>> {
    while (true) {
        bool const vanished = why.code == error_code(404, http_category()) ||
                              why.code == error_code(410, http_category());
        bool const once = area_.may_be_syncing() && must_be_once(ledger_.rows());
        if (once)
            co_return unknown_outcome(std::move(why), ledger_.rows());
        if ((!vanished && !detail::may_have_made(why)) ||
            abandoned_++ >= session_.options.retry.attempts)
            co_return of_rows(std::move(why));
        ++totals_.definitions_abandoned;
        session_.tell(&observer::on_retry, why, clock::duration::zero());
        if (options_.journal || area_.may_be_syncing())
            area_.leave(); // logs of earlier syncs may be read again
        else
            (void)co_await remove_definition(); // otherwise it expires by itself
        clock::duration const delay =
            backoff(session_.options.retry, abandoned_, session_.random());
        io_result const waited = co_await io_request::wait(delay);
        if (waited.ec)
            co_return of_rows(failure(waited.ec));
        result<void> made = co_await area_.make();
        if (!made)
            co_return of_rows(made.error());
        if (!keeps_requests_) {
            encoder_.clear();
            ledger_.begin_sync(ledger_.first_row());
            co_return step::again;
        }
        if (encoder_.rows() != 0) {
            sent_.emplace_back(encoder_.body());
            encoder_.clear();
        }
        while (made && area_.requests() != sent_.size()) {
            made = co_await stage(sent_[area_.requests()]);
            bool const full = !made && made.error().code == error_code(413, http_category());
            bool const enough = area_.started() || area_.requests() >= requests_per_sync();
            if (full ? area_.requests() == 0 : !made || !enough)
                continue;
            made = result<void>();
            result<step> const synced = co_await sync_staged();
            if (!synced)
                co_return synced;
        }
        if (made)
            co_return step::go_on;
        why = made.error();
    }
}

template <class Session>
auto import_run<Session>::finish() -> flow<result<step>> {
    while (!history_.empty()) {
        result<step> const replayed = co_await replay();
        if (!replayed)
            co_return replayed;
    }
    result<step> state = co_await push();
    while (state && *state == step::go_on && area_.requests() != 0)
        state = co_await sync_staged();
    if (state && *state == step::go_on && !history_.complete()) {
        result<void> const noted = area_.note(journal_records::complete_record());
        if (!noted)
            co_return noted.error();
    }
    co_return state;
}

/// Sends a request. The service may start a sync of it.
template <class Session>
flow<result<void>> import_run<Session>::stage(std::string_view body) {
    result<admission> allowed = admission();
    if (session_.options.governor && area_.starts_syncs())
        allowed = co_await detail::admit(session_, area_.definition().uri);
    if (!allowed)
        co_return allowed.error();
    if (options_.journal) {
        group sent = first_requests(area_.requests() + 1);
        sent.once = sent.once && area_.starts_syncs();
        result<void> const noted = area_.note(journal_records::push_record(sent));
        if (!noted)
            co_return noted;
    }
    bool const look = must_be_once(ledger_.rows());
    co_return co_await area_.stage(body, look, *allowed);
}

/// Syncs the rows of the requests that were sent.
template <class Session>
auto import_run<Session>::sync_staged() -> flow<result<step>> {
    // Before anything is recorded: after an interruption of the wait, nothing has to be found.
    result<admission> allowed = admission();
    if (session_.options.governor && !area_.started())
        allowed = co_await detail::admit(session_, area_.definition().uri);
    if (!allowed)
        co_return of_rows(allowed.error());
    group begun = first_requests(area_.requests()); // without requests that are not sent yet
    result<void> noted = area_.note(journal_records::group_record(begun));
    if (!noted)
        co_return of_rows(noted.error());
    result<started_sync> started = detail::started_sync();
    bool lost = false;
    if (area_.started())
        started->sync = *area_.started();
    else
        started = co_await detail::start_or_find_sync(session_, area_.definition().uri,
                                                      totals_.syncs, lost, &*allowed);
    if (!started) {
        failure const why = started.error();
        bool const vanished = co_await area_.has_vanished(why);
        if (begun.once && (lost || detail::may_have_started(why))) {
            sync_under_way_ = !vanished;
            co_return unknown_outcome(why, begun.rows());
        }
        if (begun.once && !vanished) { // refused, so the next run may push these rows
            noted = area_.note(journal_records::failed_record());
            co_return of_rows(noted ? why : noted.error());
        }
        if (vanished) {
            result<step> const again =
                co_await start_over(failure(error_code(404, http_category()), why.info));
            co_return again;
        }
        sync_under_way_ = detail::may_have_run(why);
        co_return of_rows(why);
    }
    begun.syncs.push_back(started->sync.uri.value_or(""));
    noted = area_.note(journal_records::sync_record(begun.syncs.front()));
    if (!noted) {
        sync_under_way_ = true;
        co_return unknown_outcome(noted.error(), begun.rows());
    }
    co_return co_await run_group(std::move(begun), started->sync, started->may_be_doubled);
}

template <class Session>
auto import_run<Session>::run_group(group begun, std::optional<sync> started, bool may_be_doubled)
    -> flow<result<step>> {
    sync_under_way_ = true;
    result<sync_batch> came = co_await detail::watch_group(
        session_, area_, begun, std::move(started), totals_.syncs, may_be_doubled);
    if (!came)
        co_return unknown_outcome(came.error(), begun.rows());
    sync_under_way_ = came->under_way;
    bool const once = must_be_once(begun.rows());
    if (came->failed && (!came->applied || came->under_way || once)) {
        result<void> noted;
        if (came->refused && !came->applied && !came->under_way && !once)
            noted = area_.note(journal_records::failed_record());
        co_return unknown_outcome(noted ? *came->failed : noted.error(), begun.rows());
    }
    if (came->failed) {
        // Another sync of the same rows succeeded. Its logs show whether it applied them.
        if (!came->accounts_for(begun.rows()))
            co_return unknown_outcome(*came->failed, begun.rows());
        totals_.warnings.push_back(came->failed->message());
    }
    result<sync_run> logged = co_await detail::await_account(
        session_, begun.syncs, std::move(came->succeeded), sent_in(begun));
    if (!logged)
        co_return unknown_outcome(logged.error(), begun.rows());
    result<void> const settled = co_await settle(begun, std::move(*logged));
    if (!settled)
        co_return settled.error();
    result<void> const noted = area_.note(journal_records::applied_record());
    if (!noted)
        co_return of_rows(noted.error());
    co_return step::go_on;
}

/// The rows of a group are synced: reads the rejects and advances to the rows after it.
template <class Session>
flow<result<void>> import_run<Session>::settle(group begun, sync_run run) {
    reject_tally listed;
    for (std::string const& each : begun.syncs) {
        totals_.syncs.push_back(each);
        result<id> const which = id_of(each);
        result<void> read;
        if (which)
            read = co_await detail::read_rejects(session_, *which, identifier_.key,
                                                 detail::most_rejects(run, begun.rows()), ledger_,
                                                 rejects_, listed);
        if (!read && begun.applied && read.error().code == error_code(404, http_category())) {
            totals_.disagreements.push_back(each + ": its rejects have expired");
        } else if (!read) {
            detail::account(totals_, run, sent_in(begun), listed, session_.options.row_values);
            totals_.proof = import_proof::unproven;
            totals_.doubts.push_back(each + ": its rejects were not all read");
            failure why = unknown_outcome(read.error(), begun.rows());
            detail::advise(why, each + " has applied these rows; its rejects are unread");
            co_return why;
        }
    }
    if (!listed.warning.empty())
        totals_.warnings.push_back(totals_.syncs.back() + ": " + listed.warning);
    sent_rows const sent = sent_in(begun);
    detail::account(totals_, run, sent, listed, session_.options.row_values);
    result<void> const proven =
        detail::prove(totals_, detail::account_for(run, sent, listed.rejected), !begun.applied);
    contradicted_ = !proven;
    if (!proven)
        co_return unknown_outcome(proven.error(), begun.rows());
    if (begun.applied)
        totals_.resumed += static_cast<std::int64_t>(begun.rows());
    ledger_.forget_first(begun.rows());
    if (keeps_requests_ && !begun.applied)
        sent_.erase(sent_.begin(), sent_.begin() + static_cast<std::ptrdiff_t>(area_.requests()));
    area_.clear();
    abandoned_ = 0;
    co_return result<void>();
}

/// Processes the first group of the resumed import.
template <class Session>
auto import_run<Session>::replay() -> flow<result<step>> {
    result<group> const taken = history_.take(ledger_);
    if (!taken)
        co_return taken.error();
    group begun = *taken;
    if (begun.syncs.empty())
        co_return unknown_outcome(
            failure(errc::outcome_unknown,
                    "a sync of " + begun.definition + " may or may not have been started"),
            begun.rows());
    result<void> const there = co_await detail::check_syncs(session_, begun, syncs_known_);
    if (!there)
        co_return unknown_outcome(there.error(), begun.rows());
    syncs_known_ = true;
    if (!begun.applied)
        co_return co_await run_group(std::move(begun), std::nullopt, true);
    result<sync_run> logs = co_await detail::read_group_logs(session_, begun.syncs);
    if (!logs)
        co_return logs.error();
    result<void> const settled = co_await settle(std::move(begun), std::move(*logs));
    if (!settled)
        co_return settled.error();
    co_return step::go_on;
}

/// The failure of a sync of the first `rows` rows. If some of them would create records again, it
/// lists them and warns against repeating the import.
template <class Session>
failure import_run<Session>::unknown_outcome(failure why, std::size_t rows) {
    why = of_rows(std::move(why));
    if (!must_be_once(rows))
        return why;
    totals_.unknown_rows = ledger_.blank_rows(rows);
    detail::tell_unknown_rows(why, totals_.unknown_rows, options_.journal != nullptr);
    return why;
}

template <class Session>
flow<result<void>> import_run<Session>::remove_definition() {
    // Deleting it would make a running sync fail.
    if (sync_under_way_ || contradicted_ || area_.may_be_syncing())
        co_return result<void>();
    result<void> const gone = co_await area_.remove();
    totals_.definition_deleted = gone.has_value() && !totals_.definition.empty();
    co_return gone;
}

} // namespace eloqua::bulk::detail
