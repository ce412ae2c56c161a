// SPDX-License-Identifier: BSL-1.0
/// \file
/// The rows of one sync of an import: the definition in which they are staged, the syncs that apply
/// them, and the comparison of the service's counts with ours.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/job/create_or_find.hpp>
#include <eloqua/bulk/detail/job/definition_checks.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/import_replay.hpp>
#include <eloqua/bulk/detail/job/import_settings.hpp>
#include <eloqua/bulk/detail/job/ledger.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/sync_run.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// The definition that holds all rows that were sent but not synced yet. It may have to be replaced
/// by another one.
template <class Session>
class staging_area {
public:
    /// `s`, `plan`, `options` and `totals` must outlive the object. `settings`: what the definition
    /// contains in addition to them.
    staging_area(Session& s, row_plan const& plan, import_options const& options,
                 import_totals& totals, any_import_definition settings)
        : session_(s), plan_(plan), options_(options), totals_(totals),
          wanted_(std::move(settings)) {}

    /// Completes the definition except for its name. Error: `errc::invalid_argument`.
    [[nodiscard]] result<void> prepare(std::string_view identifier_key) {
        if (options_.request_bytes < 2 || options_.request_bytes > limits::request_bytes ||
            options_.requests_per_sync < 1 ||
            options_.requests_per_sync > limits::requests_per_sync)
            return failure(errc::invalid_argument,
                           "request_bytes is " + std::to_string(options_.request_bytes) +
                               "; 2 to " + std::to_string(limits::request_bytes) +
                               " are allowed; requests_per_sync is " +
                               std::to_string(options_.requests_per_sync) + "; 1 to " +
                               std::to_string(limits::requests_per_sync));
        for (column_info const& each : plan_.columns)
            if (each.importable)
                wanted_.fields.emplace_back(each.key,
                                            render_statement(plan_.statement_root, each.statement));
        if (!wanted_.linkOpportunitiesMatchFieldName) // links are matched by that column
            wanted_.identifierFieldName = identifier_key;
        wanted_.isSyncTriggeredOnImport = false;
        wanted_.isUpdatingMultipleMatchedRecords = options_.update_multiple_matches;
        wanted_.updateRule = open_enum<update_rule>(options_.update);
        if (options_.rule)
            wanted_.importRule = open_enum<import_rule>(*options_.rule);
        wanted_.importPriorityUri = options_.priority_uri;
        wanted_.dataRetentionDuration = options_.data_retention;
        wanted_.autoDeleteDuration = options_.auto_delete;
        return check_durations(wanted_);
    }

    /// Call it after `prepare`: what the journal keeps of the definition.
    std::string settings() const {
        return detail::text_of_settings(plan_.base_path ? *plan_.base_path : std::string(),
                                        wanted_);
    }

    /// Creates a definition and records it in the journal.
    [[nodiscard]] flow<result<void>> make() {
        wanted_.name = session_.unique_name(options_.name);
        result<void> const noted = note(journal_records::name_record(wanted_.name));
        if (!noted)
            co_return noted;
        result<made_definition> made =
            co_await detail::make_definition<endpoints::create_import, endpoints::list_imports>(
                session_, path_of<endpoints::create_import>(plan_.base_path),
                write_document(wanted_), wanted_.name);
        if (!made) {
            if (detail::may_have_made(made.error())) {
                made_definition lost;
                lost.name = wanted_.name;
                lost.may_be_doubled = true;
                left_behind_.push_back(std::move(lost));
            }
            co_return made.error();
        }
        use(std::move(*made));
        if (!definition_.warning.empty())
            totals_.warnings.push_back(definition_.warning);
        totals_.definition = definition_.uri;
        totals_.definition_deleted = false;
        co_return note(journal_records::definition_record(definition_.uri));
    }
    bool exists() const { return id_ != 0; }
    made_definition const& definition() const { return definition_; }
    /// Uses the definition of the import that is resumed. Does not check that it exists.
    void take_over(journal_records const& before) {
        made_definition there;
        there.uri = before.definition;
        there.name = before.name;
        there.may_be_doubled = there.uri.empty() && !there.name.empty();
        use(std::move(there));
    }
    /// Searches for the definition that the interrupted import was creating, and abandons it if it
    /// is not found.
    [[nodiscard]] flow<result<void>> find() {
        result<made_definition> found =
            co_await detail::look_for_definition<endpoints::list_imports>(
                session_, path_of<endpoints::list_imports>(plan_.base_path), definition_.name);
        if (!found)
            co_return found.error();
        if (found->uri.empty()) {
            leave();
            co_return result<void>();
        }
        use(std::move(*found));
        totals_.definition = definition_.uri;
        co_return note(journal_records::definition_record(definition_.uri));
    }
    /// Abandons the current definition. It is deleted at the end, or, if a sync of it may be
    /// running, by the service when it expires.
    void leave() {
        if (!std::exchange(may_be_syncing_, false))
            left_behind_.push_back(definition_);
        definition_ = made_definition();
        id_ = 0;
        clear();
    }
    /// Deletes the current definition and the abandoned ones.
    [[nodiscard]] flow<result<void>> remove() {
        leave();
        result<void> all;
        for (std::size_t i = 0; i != left_behind_.size(); ++i) {
            result<void> const gone = co_await detail::remove_definitions<endpoints::delete_import,
                                                                          endpoints::list_imports>(
                session_, plan_.base_path, left_behind_[i]);
            if (!gone)
                all = gone;
        }
        left_behind_.clear();
        co_return all;
    }

    /// Sends a request. `look`: if its response is lost, search for a sync that the service may
    /// have started itself, even if it never did before. `allowed`: by the governor, if the service
    /// starts syncs itself; must outlive the flow.
    [[nodiscard]] flow<result<void>> stage(std::string_view body, bool look, admission& allowed) {
        allowed.sending();
        result<void> const sent = co_await send(body, look);
        // A search that failed leaves it unknown whether a sync was started: that counts.
        if (session_.options.governor && !may_be_syncing_) {
            std::optional<failure> why;
            if (!sent)
                why = sent.error();
            std::optional<std::string> begun;
            if (sent && started_)
                begun = started_->uri;
            (void)co_await detail::settle_push(session_, allowed, definition_.uri, std::move(why),
                                               std::move(begun));
        }
        co_return sent;
    }

private:
    [[nodiscard]] flow<result<void>> send(std::string_view body, bool look) {
        endpoint_call data = endpoint_call::of<endpoints::push_import_data>(
            *path_of<endpoints::push_import_data>(plan_.base_path, id_), body);
        data.content_type = media_type(options_.rows);
        result<response_body> const got = co_await detail::fetch(session_, data);
        bool const lost = !got && (starts_syncs_ || look) && detail::may_have_made(got.error());
        if (!got && !lost)
            co_return got.error();
        result<std::optional<sync>> pushed = parse_response<endpoints::push_import_data>(got, data);
        if (pushed && *pushed && id_of(**pushed))
            started_ = **pushed;
        else if (!pushed || *pushed) {
            // The rows are staged, but the response does not clearly say whether a sync has
            // started. If each push starts a sync, that sync shows whether the rows arrived.
            may_be_syncing_ = true;
            result<std::vector<sync>> found =
                co_await detail::look_for_syncs(session_, definition_.uri, totals_.syncs, 1);
            if (look && lost && found && found->empty()) // a list may lag
                found = co_await detail::look_for_syncs(session_, definition_.uri, totals_.syncs,
                                                        session_.options.retry.search_attempts);
            if (!found)
                co_return found.error();
            may_be_syncing_ = false;
            if (!found->empty())
                started_ = found->front();
            else if (lost)
                co_return got.error();
        }
        starts_syncs_ = starts_syncs_ || started_;
        bytes_ += body.size();
        ++requests_;
        totals_.bytes += body.size();
        ++totals_.requests;
        co_return result<void>();
    }

public:
    /// Whether the definition no longer exists, which makes the service refuse a sync with this
    /// failure.
    [[nodiscard]] flow<bool> has_vanished(failure why) {
        if (why.code != error_code(400, http_category()))
            co_return why.code == error_code(404, http_category());
        endpoint_call const ask = endpoint_call::of<endpoints::read_import>(
            *path_of<endpoints::read_import>(plan_.base_path, id_));
        result<response_body> const there = co_await detail::fetch(session_, ask);
        co_return !there && there.error().code == error_code(404, http_category());
    }
    /// The sync of all staged rows that the service started itself at the last push.
    std::optional<sync> const& started() const { return started_; }
    /// Whether the service starts syncs itself, as far as known.
    bool starts_syncs() const { return starts_syncs_; }
    /// Whether the service may have started a sync that could not be searched for.
    bool may_be_syncing() const { return may_be_syncing_; }
    std::size_t requests() const { return requests_; }
    std::size_t bytes() const { return bytes_; }
    /// All staged rows are synced.
    void clear() {
        requests_ = bytes_ = 0;
        started_.reset();
    }

    result<void> note(std::string const& record) const {
        return options_.journal ? options_.journal->append(record) : result<void>();
    }

private:
    void use(made_definition there) {
        may_be_syncing_ = false;
        definition_ = std::move(there);
        result<id> const which = id_of(definition_.uri);
        id_ = which ? *which : 0;
    }

    Session& session_;
    row_plan const& plan_;
    import_options const& options_;
    import_totals& totals_;
    any_import_definition wanted_;
    made_definition definition_;
    bulk::id id_ = 0;
    std::size_t requests_ = 0;
    std::size_t bytes_ = 0;
    std::optional<sync> started_;
    bool starts_syncs_ = false; ///< at pushes
    bool may_be_syncing_ = false;
    std::vector<made_definition> left_behind_;
};

/// The results of a group's syncs. A group has one sync, unless the response to its start was lost.
struct sync_batch {
    sync_run succeeded; ///< logs of the successful syncs
    std::optional<failure> failed;
    bool applied = false;   ///< one of them applied the rows
    bool under_way = false; ///< one of them has not ended
    bool refused = false;   ///< one of them ended in `error`

    /// Whether the logs say that this many rows were processed.
    bool accounts_for(std::size_t rows) const {
        return succeeded.logged(elq::records_processed) == static_cast<std::int64_t>(rows);
    }
};

/// The failure, with a text that says which rows are in which state.
inline failure of_rows(failure f, ledger const& rows, std::vector<std::string> const& syncs) {
    std::size_t const first = rows.first_row();
    f.info.detail += (f.info.detail.empty() ? "rows " : "; rows ") + std::to_string(first) +
                     " to " + std::to_string(first + rows.rows()) +
                     " (exclusive, counted from 0) were staged or were being synced; " +
                     std::to_string(first) + " rows before them are synced";
    for (std::string const& each : syncs)
        f.info.detail += (&each == &syncs.front() ? "; their rejects: " : ", ") + each;
    return f;
}

/// Whether the failure is the sync's own result, not a failure to read its status.
inline bool says_failed(failure const& f) {
    return f.code == make_error_code(errc::sync_failed) ||
           f.code == make_error_code(elq::temporary_error);
}
inline void advise(failure& f, std::string_view what) {
    f.info.advice.append(f.info.advice.empty() ? "" : "; ").append(what);
}

/// "3, 7 to 9": at most `most` ranges, and the number of all values.
inline std::string stretches(std::vector<std::size_t> const& numbers, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i != numbers.size(); ++i) {
        std::size_t const first = i;
        while (i + 1 != numbers.size() && numbers[i + 1] == numbers[i] + 1)
            ++i;
        if (most-- == 0)
            return text + " and others, " + std::to_string(numbers.size()) + " in all";
        text += (text.empty() ? "" : ", ") + std::to_string(numbers[first]);
        if (i != first)
            text += " to " + std::to_string(numbers[i]);
    }
    return text;
}

/// Adds the rows that have a blank identifier and may have created records. Without a journal,
/// which prevents duplicates, neither the error code nor the advice may then suggest a retry.
inline void tell_unknown_rows(failure& f, std::vector<std::size_t> const& rows,
                              bool keeps_journal) {
    bool const gone = f.code == make_error_code(errc::sync_gone);
    if (says_failed(f) || gone || (f.code == condition::try_later && !keeps_journal)) {
        f.info.detail.insert(0, f.code.message() + (f.info.detail.empty() ? "" : ": "));
        f.info.advice.clear();
        f.code = make_error_code(errc::outcome_unknown);
    }
    f.info.detail += "; rows with a blank identifier, which may or may not have created records: " +
                     stretches(rows, 100);
    advise(f, "check whether their records exist; pushing these rows again unchanged may create "
              "duplicates");
}

/// Adds syncs to a group and records them in the journal.
template <class Area>
result<void> add_syncs(journal_records::group& to, std::vector<sync> const& found,
                       Area const& area) {
    result<void> noted;
    for (std::size_t i = 0; noted && i != found.size(); ++i) {
        to.syncs.push_back(*found[i].uri);
        noted = area.note(journal_records::sync_record(to.syncs.back()));
    }
    return noted;
}

/// Polls the syncs of a group until they end. `started`: the first of them, if known; `known`: uris
/// of earlier syncs. If there may be other syncs of the same definition, searches for them and adds
/// them to the group.
/// Errors: `errc::journal_failed`, and those of the search. The result says how each sync ended.
template <class Session>
flow<result<sync_batch>> watch_group(Session& s, staging_area<Session> const& area,
                                     journal_records::group& begun, std::optional<sync> started,
                                     std::vector<std::string> known, bool may_be_doubled) {
    sync_batch out;
    for (std::size_t i = 0; i != begun.syncs.size(); ++i) {
        sync_run run;
        if (i == 0 && started)
            run.sync = *started;
        run.sync.uri = begun.syncs[i];
        run.sync.syncedInstanceUri = begun.definition;
        result<void> const ended = co_await watch_sync(s, run);
        out.under_way = !run.sync.finished();
        out.refused = out.refused || (!ended && says_failed(ended.error()));
        if (ended) {
            out.applied = true;
            std::ranges::move(run.logs, std::back_inserter(out.succeeded.logs));
        } else if (!out.failed) {
            out.failed = ended.error();
            advise(*out.failed, run.sync.succeeded()
                                    ? begun.syncs[i] + " has applied these rows"
                                    : "it is unknown which of these rows were applied");
        }
        if (out.under_way)
            break;
        if (!may_be_doubled || i != 0)
            continue;
        known.insert(known.end(), begun.syncs.begin(), begun.syncs.end());
        result<std::vector<sync>> const others = co_await syncs_of(s, area.definition().uri, known);
        if (!others) // one of them may be running
            co_return others.error();
        result<void> const noted = add_syncs(begun, *others, area);
        if (!noted)
            co_return noted.error();
    }
    co_return out;
}

/// Checks that the syncs of a group match the journal. `known`: other syncs were found; then the
/// sync of applied rows may have expired. Error: `errc::sync_gone`.
template <class Session>
flow<result<void>> check_syncs(Session& s, journal_records::group begun, bool known) {
    for (std::size_t i = 0; i != begun.syncs.size(); ++i) {
        result<id> const which = id_of(begun.syncs[i]);
        if (!which)
            co_return which.error();
        endpoint_call const ask = endpoint_call::of<endpoints::read_sync>(
            *path_of<endpoints::read_sync>(std::string(), *which));
        result<response_body> const got = co_await fetch(s, ask);
        result<sync> const seen = parse_response<endpoints::read_sync>(got, ask);
        if (seen && names_path(seen->syncedInstanceUri, begun.definition))
            continue;
        if (!seen && seen.error().code != error_code(404, http_category()))
            co_return seen.error();
        if (!seen && known && begun.applied)
            continue;
        failure why(
            errc::sync_gone,
            begun.syncs[i] + " of " + begun.definition +
                " was not found: it has expired, or the journal belongs to another instance");
        why.info.advice = "these rows may already be applied; to import all rows again, start over "
                          "with a new journal";
        if (got)
            why.info.request = got->line;
        co_return why;
    }
    co_return result<void>();
}

/// The logs of syncs that have ended, if they still exist.
template <class Session>
flow<result<sync_run>> read_group_logs(Session& s, std::vector<std::string> uris) {
    sync_run all;
    for (std::size_t i = 0; i != uris.size(); ++i)
        if (result<id> const which = id_of(uris[i])) {
            result<std::vector<sync_log>> logs = co_await read_logs(s, *which);
            if (!logs && logs.error().code != error_code(404, http_category()))
                co_return logs.error();
            if (logs)
                std::ranges::move(*logs, std::back_inserter(all.logs));
        }
    co_return all;
}

/// Searches for the syncs of a group for which it is unknown whether one was started.
template <class Session>
flow<result<void>> find_syncs(Session& s, staging_area<Session> const& area,
                              journal_records::group& begun, std::vector<std::string> known,
                              unsigned attempts) {
    result<std::vector<sync>> const found =
        co_await look_for_syncs(s, area.definition().uri, std::move(known), attempts);
    if (!found)
        co_return found.error();
    co_return add_syncs(begun, *found, area);
}

/// The rejects of one sync, counted while they are listed.
struct reject_tally {
    std::int64_t rejected = 0;           ///< rows not accepted
    std::int64_t partly_taken = 0;       ///< rows accepted without some values
    std::map<elq, std::int64_t> by_code; ///< rows not accepted
    std::string warning;                 ///< about the list
};

/// Codes with which the service rejects single rows. ELQ-00040 is not included: what its count in a
/// log means is unknown.
inline constexpr auto refusing_codes = std::to_array<elq>({
    elq::invalid_email_address,
    elq::duplicate_email_address,
    elq::duplicate_identifier,
    elq::malformed_record,
    elq::unmatched_record,
    elq::invalid_opportunity_stage,
    elq::contact_already_exists,
    elq::campaign_not_found,
    elq::empty_record,
    elq::missing_fields,
    elq::duplicate_account_linkage,
    elq::activity_type_not_found,
    elq::asset_type_not_found,
    elq::opportunity_does_not_exist,
    elq::contact_does_not_exist,
    elq::multiple_match_limit,
});

/// The codes with which a log counts the rows of an entity; empty if it does not count them.
struct counting_codes {
    std::optional<elq> created, updated;

    std::optional<std::int64_t> created_by(sync_run const& run) const {
        return created ? run.logged(*created) : std::nullopt;
    }
    std::optional<std::int64_t> updated_by(sync_run const& run) const {
        return updated ? run.logged(*updated) : std::nullopt;
    }
};
/// `root`: of the entity's statements.
inline counting_codes codes_of(std::string_view root) {
    root = root.substr(0, root.find('['));
    return root == "Contact"   ? counting_codes{elq::contacts_created, elq::contacts_updated}
           : root == "Account" ? counting_codes{elq::accounts_created, elq::accounts_updated}
           : root == "CustomObject"
               ? counting_codes{elq::custom_object_data_created, elq::custom_object_data_updated}
           : root == "Event" ? counting_codes{elq::event_data_created, elq::event_data_updated}
           : root == "EmailAddress"
               ? counting_codes{elq::email_addresses_created, elq::email_addresses_updated}
           : root == "Activity" ? counting_codes{elq::activities_created, std::nullopt}
                                : counting_codes{};
}

/// The rows of a group, and the conditions for comparing their counts.
struct sent_rows {
    std::int64_t count = 0;
    counting_codes codes;
    bool one_record_each = true; ///< no row can update several records
    bool all_told = true;        ///< rows neither created nor updated are listed as rejects
    bool one_sync = true;        ///< otherwise several logs count the same rows
    bool once = false;           ///< a row that is applied twice creates two records
};

/// Adds a sync, whose uri is the last in `totals`, and lists where its counts disagree with each
/// other or with ours. `values`: whether texts may show row values.
inline void account(import_totals& totals, sync_run const& run, sent_rows rows,
                    reject_tally const& listed, row_values values) {
    std::int64_t const sent = rows.count;
    std::string const& uri = totals.syncs.back();
    for (sync_log const& each : run.logs)
        if (each.statusCode)
            totals.counts[shown(*each.statusCode)] += each.count.value_or(0);
    for (std::string const& each : run.warnings(values))
        totals.warnings.push_back(uri + ": " + each);
    auto const created = rows.codes.created_by(run), updated = rows.codes.updated_by(run);
    totals.rows += sent;
    totals.rejected += listed.rejected;
    totals.partly_taken += listed.partly_taken;
    // For the other entities only the number of new records is known.
    totals.created += created ? *created : run.logged(elq::new_records).value_or(0);
    totals.updated += updated.value_or(0);

    auto compare = [&](std::string_view what, std::int64_t theirs, std::string_view counted,
                       std::int64_t ours) {
        if (theirs != ours)
            totals.disagreements.push_back(uri + ": " + std::string(what) + ' ' +
                                           std::to_string(theirs) + ", " + std::string(counted) +
                                           ' ' + std::to_string(ours));
    };
    auto compare_logged = [&](std::string_view what, elq code, std::string_view counted,
                              std::int64_t ours) {
        if (auto const theirs = run.logged(code))
            compare(std::string(what) + " (" + make_error_code(code).message() + ")", *theirs,
                    counted, ours);
    };
    compare_logged("staged", elq::records_staged, "sent", sent);
    compare_logged("processed", elq::records_processed, "sent", sent);
    if ((created || updated) && rows.one_record_each)
        compare("created + updated + rejected",
                created.value_or(0) + updated.value_or(0) + listed.rejected, "sent", sent);
    compare_logged("rejected", elq::records_rejected, "listed", listed.rejected);
    compare_logged("rejected", elq::event_data_rejected, "listed", listed.rejected);
    compare_logged("partly taken", elq::records_with_rejected_fields, "listed",
                   listed.partly_taken);
    for (elq const code : refusing_codes) {
        auto const found = listed.by_code.find(code);
        compare_logged("rejected", code, "listed",
                       found == listed.by_code.end() ? 0 : found->second);
    }
}

} // namespace eloqua::bulk::detail
