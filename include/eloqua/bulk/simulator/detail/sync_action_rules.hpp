// SPDX-License-Identifier: BSL-1.0
/// \file
/// Definitions of sync actions: what the service accepts, and what their syncs do with rows.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/import_definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/import_pass.hpp>
#include <eloqua/bulk/simulator/detail/member_actions.hpp>
#include <eloqua/bulk/simulator/detail/record_matching.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace eloqua::bulk::simulation {

/// By what records can be named in a definition of sync actions; empty for an entity that has none.
inline std::vector<std::string> sync_action_identifiers(table const& of) {
    switch (of.kind) {
    case table_kind::contacts:
        return {"{{Contact.Id}}", "{{Contact.Field(C_EmailAddress)}}",
                "{{Contact.Field(ContactIDExt)}}"};
    case table_kind::accounts:
        return {"{{Account.Id}}", "{{Account.Field(M_CompanyName)}}",
                "{{Account.Field(CompanyIDExt)}}"};
    case table_kind::custom_object:
        return {"{{" + of.root + ".ExternalId}}", "{{" + of.root + ".Id}}"};
    default:
        return {};
    }
}

/// Checks all but the document's shape, which `read` has checked. The result has one column, for
/// staging.
inline checked_import check_sync_actions(definition_checks& checks, sync_action_definition const& d,
                                         store const& s, table const& of,
                                         simulator_options const& options) {
    checked_import result;
    checks.text("name", d.name, limits::name_characters);
    std::string const identifier = d.identifierFieldName.value_or("");
    checks.text("identifierFieldName", identifier, limits::identifier_characters);
    if (d.fields.size() != 1) {
        checks.refuse("fields", "Must contain exactly one field.");
    } else {
        auto const& [key, statement] = d.fields.front();
        auto const allowed = sync_action_identifiers(of);
        auto const by = s.resolve(of, statement);
        if (by && std::ranges::find(allowed, statement) != allowed.end()) {
            result.columns.push_back({key, *by, update_rule::always});
            result.identifier = 0;
        } else {
            checks.refuse_value("fields", statement, "Must be a valid statement.");
        }
        if (!identifier.empty() && key != identifier)
            checks.refuse("identifierFieldName", "Must be one of the fields.");
    }
    if (d.syncActions.empty())
        checks.refuse("syncActions", "Must contain at least one action.");
    checks.sync_actions(d.syncActions, of, options);
    checks.durations(d.autoDeleteDuration, {});
    return result;
}

/// Runs the actions on the records that the rows name. Naming one twice does no harm.
inline import_outcome run_sync_action_rows(store& s, table& of, checked_import const& d,
                                           std::vector<sync_action> const& actions,
                                           simulator_options const& options,
                                           std::vector<staged_request>& requests) {
    import_pass pass(d.columns, requests, options);
    pass.check_rows();
    pass.count_remaining();
    for (import_pass::row& each : pass.rows) {
        if (each.refused)
            continue;
        auto const found = records_named(of, d.columns[0].into, pass.value(each, 0));
        if (found.empty())
            pass.refuse(each, elq::unmatched_record, "Unmatched record.", {0});
        for (position const p : found)
            run_sync_actions(s, of, actions, p, pass.out.acted);
    }
    return pass.finish();
}

} // namespace eloqua::bulk::simulation
