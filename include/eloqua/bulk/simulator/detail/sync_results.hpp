// SPDX-License-Identifier: BSL-1.0
/// \file
/// What syncs do with rows and records, and the resulting logs.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/detail/definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/import_pass.hpp>
#include <eloqua/bulk/simulator/detail/import_rules.hpp>
#include <eloqua/bulk/simulator/detail/member_actions.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// The log's text for rows that were rejected with a code.
inline std::string_view refusal_text(elq code) {
    static constexpr auto texts = std::to_array<std::pair<elq, std::string_view>>({
        {elq::invalid_email_address, "Invalid email addresses."},
        {elq::duplicate_email_address, "Duplicate email addresses."},
        {elq::duplicate_identifier, "Duplicate identifier."},
        {elq::malformed_record, "Malformed records."},
        {elq::unmatched_record, "Total unmatched records."},
        {elq::invalid_opportunity_stage, "Invalid opportunity stage."},
        {elq::rejected_fields_only, "Invalid field values."},
        {elq::contact_already_exists, "Contact already exists."},
        {elq::campaign_not_found, "Campaign not found."},
        {elq::empty_record, "Empty records."},
        {elq::missing_fields, "Rejected records (missing fields)."},
        {elq::duplicate_account_linkage, "Duplicate account linkage."},
        {elq::activity_type_not_found, "Activity type not found."},
        {elq::asset_type_not_found, "Asset type not found."},
        {elq::opportunity_does_not_exist, "Opportunity does not exist."},
        {elq::contact_does_not_exist, "Contact does not exist."},
        {elq::multiple_match_limit, "Multiple matched record limit exceeded."},
    });
    auto const found = std::ranges::find(texts, code, &std::pair<elq, std::string_view>::first);
    return found == texts.end() ? "Rejected records." : found->second;
}

/// The log entries for the rows of an import.
inline std::vector<log_line> import_logs(table const& of, checked_import const& d,
                                         std::optional<std::vector<sync_action>> const& actions,
                                         import_outcome const& done) {
    import_counts const& n = done.counts;
    std::vector<log_line> lines;
    auto const tell = [&](elq code, std::int64_t count, std::string text) {
        lines.push_back({code, severity::information, count, std::move(text)});
    };
    auto const warn = [&](elq code, std::int64_t count, std::string_view text) {
        lines.push_back({code, severity::warning, count, std::string(text)});
    };
    if (d.identifier_ignored)
        warn(elq::identifier_ignored, 0,
             "identifierFieldName is ignored, since activities are never updated.");
    tell(elq::records_processed, n.processed, "Total records processed.");
    std::int64_t refused = 0;
    for (auto const& [code, count] : n.refused) {
        warn(code, count, refusal_text(code));
        refused += count;
    }
    if (of.kind == table_kind::event && refused != 0)
        warn(elq::event_data_rejected, refused, "Event data rejected.");
    if (n.cut != 0)
        warn(elq::records_with_rejected_fields, n.cut, "Records with rejected fields.");
    tell(elq::remaining_after_duplicates, n.remaining,
         "Total records remaining after duplicates are rejected.");
    kind_rules const& rules = of.rules();
    std::string const things(rules.things);
    if (rules.created)
        tell(*rules.created, n.created,
             rules.created == elq::new_records ? "Total new records." : things + " created.");
    if (rules.updated)
        tell(*rules.updated, n.updated, things + " updated.");
    if (rules.linked && d.link)
        tell(*rules.linked, n.linked, things + " linked.");
    if (n.assets != 0)
        tell(elq::assets_created, n.assets, "Assets created.");
    if (actions && !actions->empty()) {
        tell(elq::records_staged_for_actions, n.created + n.updated,
             "Total records staged for sync actions.");
        for (log_line& each : action_logs(of, *actions, done.acted))
            lines.push_back(std::move(each));
    }
    return lines;
}

/// The work of one sync.
class sync_results {
public:
    sync_results(service_state& s, sync_job& j) : state_(s), job_(j) {}

    /// Selects the rows of an export.
    void take_snapshot() {
        export_definition const& d = job_.exported;
        checked_export& plan = job_.export_plan;
        state_.assets.executed(d.filter.value_or(""), job_.starts);
        bool const utc = d.areSystemTimestampsInUTC.value_or(state_.options.timestamps_in_utc);
        exported_rows rows{snapshot(state_.tables, *job_.of, plan.related, utc, state_.options),
                           std::move(plan.columns),
                           0,
                           {},
                           false};
        if (plan.filter) {
            std::vector<position>& selected = rows.selected.emplace();
            for (std::size_t p = 0; p != rows.records.size(); ++p)
                if (static_cast<std::int64_t>(selected.size()) == plan.most)
                    break;
                else if (plan.filter->matches(rows.records, static_cast<position>(p)))
                    selected.push_back(static_cast<position>(p));
            selected.shrink_to_fit();
            rows.size = selected.size();
        } else {
            rows.size = static_cast<std::size_t>(
                std::min(plan.most, static_cast<std::int64_t>(rows.records.size())));
        }
        if (state_.options.shuffle_repeated_statements &&
            std::ranges::count(d.fields, "{{Activity.CreatedAt}}",
                               &string_map::value_type::second) > 1)
            for (std::size_t i = 1; i < rows.columns.size(); ++i)
                std::swap(rows.columns[i - 1].from, rows.columns[i].from);
        job_.rows = std::move(rows);
    }
    /// Does all the work and sets the status: the worst severity in the log.
    void conclude() {
        if (job_.fails_with == elq{} || job_.fails_late)
            work();
        if (job_.fails_with != elq{})
            log_failure();
        sync_status const result = by_log();
        if (result == sync_status::error)
            job_.rows.reset();
        job_.document.status = result;
        std::string name(job_.document.status->text());
        name[0] = static_cast<char>(name[0] - 32);
        log(elq::sync_processed, severity::information, 0,
            "Sync processed for sync " +
                (state_.options.untidy_logs ? "" : std::to_string(job_.id)) + ", resulting in " +
                name + " status.",
            job_.ends);
        if (state_.options.untidy_logs) {
            std::size_t const early = std::min<std::size_t>(2, job_.logs.size() - 1);
            std::rotate(job_.logs.begin() + static_cast<std::ptrdiff_t>(early), job_.logs.end() - 1,
                        job_.logs.end());
            log(elq::seen_after_imports, severity::information, 0, "", job_.ends);
        }
    }

private:
    /// Exports, imports or runs the actions.
    void work() {
        switch (job_.kind) {
        case definition_kind::exports:
            if (defined(state_.exports, "export"))
                end_export();
            break;
        case definition_kind::imports:
            if (defined(state_.imports, "import"))
                end_import();
            break;
        case definition_kind::sync_actions:
            if (defined(state_.sync_actions, "sync action"))
                end_sync_actions();
            break;
        }
    }
    sync_status by_log() const {
        sync_status worst = sync_status::success;
        for (sync_log const& each : job_.logs)
            if (each.severity == severity::error)
                return sync_status::error;
            else if (each.severity == severity::warning)
                worst = sync_status::warning;
        return worst;
    }
    /// Logs the error that a fault causes.
    void log_failure() {
        elq_meaning const* const known = meaning_of(job_.fails_with);
        std::string text(known ? known->text : "unknown error");
        text[0] = static_cast<char>(text[0] - 32);
        log(job_.fails_with, severity::error, 0, text + '.', job_.ends);
    }
    void log(elq code, severity how, std::int64_t count, std::string message, timestamp at) {
        sync_log entry;
        entry.syncUri = job_.document.uri;
        entry.count = count;
        entry.severity = how;
        entry.statusCode = make_error_code(code).message();
        if (!message.empty())
            entry.message = std::move(message);
        entry.createdAt = at;
        job_.logs.push_back(std::move(entry));
    }
    /// Logs what happened to rows, timed in the middle of the run.
    void log(std::vector<log_line> lines) {
        for (log_line& each : lines)
            log(each.code, each.severity, each.count, std::move(each.text),
                job_.starts + (job_.ends - job_.starts) / 2);
    }

    /// Whether the definition still exists; otherwise logs that it does not.
    template <class Entries>
    bool defined(Entries const& entries, std::string const& kind) {
        if (entries.contains(job_.definition_id))
            return true;
        log(elq::definition_deleted, severity::error, 0,
            "Recovery failed: the " + kind + " definition " + std::to_string(job_.definition_id) +
                " was deleted before the sync ended.",
            job_.ends);
        return false;
    }
    void end_export() {
        auto const rows = static_cast<std::int64_t>(job_.rows->size);
        timestamp const at = job_.starts + (job_.ends - job_.starts) / 2;
        job_.rows_kb = exported_kb(job_.rows->size);
        if (over_quota(state_, job_.rows_kb * 1024))
            return storage_exceeded();
        if (job_.exported.syncActions) {
            action_counts acted;
            for (std::size_t i = 0; i != job_.rows->size; ++i)
                run_sync_actions(state_.tables, *job_.of, *job_.exported.syncActions,
                                 job_.rows->at(i), acted);
            log(action_logs(*job_.of, *job_.exported.syncActions, acted));
        }
        log(elq::members_exported, severity::information, rows,
            "Successfully exported members to csv file.", at);
        log(elq::staging_deleted, severity::information, 0,
            "Deleted internal staging for data transfer.", at);
        log(elq::converted, severity::information, 0,
            "Successfully converted csv file to sqlite, taking " + std::to_string(job_.rows_kb) +
                " kb.",
            at);
    }

    void storage_exceeded() {
        log(elq::storage_limit, severity::error, 0, "Staging area storage limit exceeded.",
            job_.starts);
    }
    /// Whether a sync of pushed rows ends before it processes any row.
    bool ends_early(char const* kind) {
        if (job_.over_quota) {
            storage_exceeded();
            return true;
        }
        if (job_.staged_rows() == 0) {
            sync_status const wanted = state_.options.nothing_staged_status;
            log(elq::no_data,
                wanted == sync_status::success   ? severity::information
                : wanted == sync_status::warning ? severity::warning
                                                 : severity::error,
                0, "No data available to process.", job_.starts);
            return true;
        }
        bool const too_many = job_.staged.size() > state_.options.requests_per_sync;
        if (too_many)
            log(elq::error_processing, severity::error, 0,
                std::string("There was an error processing the ") + kind + '.', job_.starts);
        return too_many;
    }
    void end_sync_actions() {
        if (ends_early("sync action"))
            return;
        log(elq::records_staged_for_actions, severity::information,
            static_cast<std::int64_t>(job_.staged_rows()), "Total records staged for sync actions.",
            job_.starts);
        if (!log_columns())
            return;
        import_outcome done = run_sync_action_rows(state_.tables, *job_.of, job_.import_plan,
                                                   job_.actions, state_.options, job_.staged);
        for (auto const& [code, count] : done.counts.refused)
            log({{code, severity::warning, count, std::string(refusal_text(code))}});
        log(action_logs(*job_.of, job_.actions, done.acted));
        job_.rejects = std::move(done.rejects);
    }
    void end_import() {
        if (ends_early("import"))
            return;
        auto const staged = static_cast<std::int64_t>(job_.staged_rows());
        log(elq::records_staged, severity::information, staged, "Total records staged for import.",
            job_.starts);
        log(elq::ready_for_processing, severity::information, 0,
            "Ready for data import processing.", job_.starts);
        if (!log_columns())
            return;
        import_outcome done = run_import(state_.tables, *job_.of, job_.import_plan, job_.imported,
                                         state_.options, job_.ends, job_.staged);
        log(import_logs(*job_.of, job_.import_plan, job_.imported.syncActions, done));
        job_.rejects = std::move(done.rejects);
    }
    /// Logs missing and unknown columns. Returns whether any request has a column to process.
    bool log_columns() {
        std::map<std::string, std::int64_t> ignored, missing;
        bool usable = false;
        for (std::size_t file = 0; file != job_.staged.size(); ++file) {
            staged_request const& each = job_.staged[file];
            if (each.rows.empty())
                continue;
            if (!each.mapped()) {
                bool const none = each.unknown.empty();
                log(none ? elq::no_fields : elq::no_mapped_fields, severity::error, 0,
                    std::string(none ? "No fields" : "No mapped fields") + " to process in file " +
                        std::to_string(file + 1) + ".",
                    job_.starts);
                continue;
            }
            usable = true;
            for (std::string const& name : each.unknown)
                ++ignored[name];
            for (std::size_t i = 0; i != each.seen.size(); ++i)
                if (!each.seen[i])
                    ++missing[job_.import_plan.columns[i].key];
        }
        for (auto const& [name, files] : ignored)
            log(elq::field_ignored, severity::warning, files,
                "Field " + name + " is not part of the import definition, and is ignored.",
                job_.starts);
        for (auto const& [name, files] : missing)
            log(elq::field_missing, state_.options.missing_column_severity, files,
                "Field " + name + " is part of the import definition, but not in the file.",
                job_.starts);
        return usable;
    }

    service_state& state_;
    sync_job& job_;
};

} // namespace eloqua::bulk::simulation
