// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the service accepts as a definition of an export.
///
/// What the service lets stand beside a contact segment in a filter, since release 19B.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/eel.hpp>
#include <eloqua/bulk/simulator/detail/eel_match.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/standard_fields.hpp>
#include <eloqua/bulk/simulator/detail/statements.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Whether a statement is the time of a contact's creation or last change, by either of its names.
inline bool is_system_time(store const& s, table const& of, std::string_view statement) {
    auto const named = s.resolve(of, statement);
    return named && named->of == column::owner::self &&
           (named->from == column::source::created_at || named->from == column::source::updated_at);
}

/// Whether a filter that asks for a contact segment has more than two comparisons of system times
/// beside it, anything else, or anything but AND.
inline bool breaks_segment_rule(eel_filter const& filter, store const& s, table const& of) {
    using kind = eel_node::kind;
    bool const has_segment = std::ranges::any_of(filter.nodes, [](eel_node const& each) {
        auto const container = parse_statement(each.left);
        return each.what == kind::exists && container && container->size() == 1 &&
               container->front().name == "ContactSegment";
    });
    if (!has_segment)
        return false;
    std::size_t times = 0;
    std::vector<std::size_t> joined{filter.root};
    while (!joined.empty()) {
        eel_node const& node = filter.nodes[joined.back()];
        joined.pop_back();
        if (node.what == kind::and_)
            joined.insert(joined.end(), {node.first, node.second});
        else if (node.what == kind::comparison && is_system_time(s, of, node.left))
            ++times;
        else if (node.what != kind::exists)
            return true;
    }
    return times > limits::conditions_beside_segment;
}

/// An export definition whose statements and filter are resolved.
struct checked_export {
    std::vector<exported_rows::named_column> columns;
    std::optional<record_filter> filter;
    related_records related;
    std::int64_t most = INT64_MAX; ///< rows
    bool outdated = false;         ///< taken before a rule that its filter breaks
};

/// What the service wants of exports of activities besides.
inline void check_activity_export(definition_checks& checks, checked_export& d,
                                  simulator_options const& options) {
    d.most = std::min(d.most, options.activity_export_rows);
    activity_types const types = d.filter ? d.filter->types() : all_activity_types;
    if (types == all_activity_types && options.activity_exports_need_type)
        checks.refuse("filter", "Must select a type of activities.");
    if (d.filter && d.filter->has_contact_fields() && (types & ~activity_sets::sms) != 0)
        checks.refuse("filter", "Must not use fields of contacts.");
    std::size_t of_contacts = 0;
    for (auto const& each : d.columns) {
        if (each.from.of == column::owner::contact && each.from.from != column::source::id)
            ++of_contacts;
        if (options.activity_exports_refuse_other_fields && types != 0 &&
            (types & each.from.types) == 0)
            checks.refuse("fields",
                          "'" + each.key + "' must be a field of the type of activities.");
    }
    if (of_contacts > limits::contact_fields_of_activity_export)
        checks.refuse("fields", "Must contain at most " +
                                    std::to_string(limits::contact_fields_of_activity_export) +
                                    " fields of contacts.");
}

/// Checks all but the document's shape, which `read` has checked.
inline checked_export check_export(definition_checks& checks, export_definition const& d,
                                   store const& s, table const& of,
                                   simulator_options const& options) {
    checked_export result;
    checks.text("name", d.name, limits::name_characters);
    checks.fields(d.fields, limits::export_fields);
    for (auto const& [key, statement] : d.fields) {
        auto const from = s.resolve(of, statement);
        if (!from) {
            checks.refuse_value("fields", statement, "Must be a valid statement.");
            continue;
        }
        result.columns.push_back({key, *from});
        result.related.add(*from);
    }
    if (d.filter && characters(*d.filter) > limits::filter_characters)
        checks.refuse("filter", "Must be at most " + std::to_string(limits::filter_characters) +
                                    " characters long.");
    else if (d.filter && d.filter->find_first_not_of(' ') != std::string::npos) {
        auto parsed = parse_eel(*d.filter, options.lenient_filters);
        bool const breaks_rule = parsed && breaks_segment_rule(*parsed, s, of);
        auto bound = parsed ? record_filter::bind(std::move(*parsed), s, of, options)
                            : bulk::result<record_filter>(parsed.error());
        if (bound) {
            result.related.add(bound->related());
            result.filter = std::move(*bound);
        } else {
            checks.refuse("filter", bound.error().info.detail);
        }
        if (bound && breaks_rule && options.definitions_before_segment_rule)
            result.outdated = true;
        else if (bound && breaks_rule)
            checks.refuse("filter",
                          "Must have no more beside a contact segment than two conditions "
                          "on UpdatedAt, CreatedAt, C_DateModified or C_DateCreated.");
    }
    for (std::size_t i = 0; i != result.columns.size(); ++i) {
        column::use const where = result.columns[i].from.where;
        bool const in_app = result.filter && result.filter->has_status();
        if (where == column::use::linked_users || (where == column::use::app_exports && !in_app))
            checks.refuse("fields", "'" + result.columns[i].key +
                                        "' must be a statement that is valid in this export.");
    }
    if (d.maxRecords && *d.maxRecords < 1)
        checks.refuse("maxRecords", "Must be at least 1.");
    result.most = d.maxRecords.value_or(INT64_MAX);
    if (of.kind == table_kind::activities)
        check_activity_export(checks, result, options);
    if (of.kind == table_kind::campaign_responses &&
        !(result.filter && result.filter->has_status()))
        checks.refuse("filter", "Must reference service instance within a workflow");
    for (auto const& [property, statement, kind] :
         {std::tuple("crmAccountIdField", d.crmAccountIdField, table_kind::contacts),
          std::tuple("productIdField", d.productIdField, table_kind::campaigns)})
        if (statement && !s.resolve(s.of(kind), *statement))
            checks.refuse(property, "Must be a valid statement.");
    checks.durations(d.autoDeleteDuration, d.dataRetentionDuration);
    checks.sync_actions(d.syncActions, of, options);
    return result;
}

} // namespace eloqua::bulk::simulation
