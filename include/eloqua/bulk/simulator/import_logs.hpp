// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the logs of syncs say of rows and records.
#pragma once

#include <eloqua/bulk/schema/status_codes.hpp>
#include <eloqua/bulk/simulator/definition_rules.hpp>
#include <eloqua/bulk/simulator/import_pass.hpp>
#include <eloqua/bulk/simulator/member_actions.hpp>
#include <eloqua/bulk/simulator/table.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// What a log says of the rows that were refused with a code.
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

/// What the log of an import says of its rows.
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

} // namespace eloqua::bulk::simulation
