// SPDX-License-Identifier: BSL-1.0
/// \file
/// The rules for definitions of exports, imports and sync actions.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/eel.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>

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

/// Whether a statement is a contact's time of creation or last change, under either of its names.
inline bool is_system_time(store const& s, table const& of, std::string_view statement) {
    auto const named = s.resolve(of, statement);
    return named && named->of == column::owner::self &&
           (named->from == column::source::created_at || named->from == column::source::updated_at);
}

/// Whether a filter has a contact segment together with more than two comparisons of system times,
/// any other condition, or an operator other than AND.
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

/// An export definition with resolved statements and filter.
struct checked_export {
    std::vector<exported_rows::named_column> columns;
    std::optional<record_filter> filter;
    related_records related;
    std::int64_t most = INT64_MAX; ///< rows
    bool outdated = false; ///< accepted before the rule that its filter breaks was introduced
};

/// The additional rules for exports of activities.
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

/// Checks everything except the document's types, which `read` has checked.
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

inline constexpr std::size_t no_column = SIZE_MAX;

/// How rows are linked to contacts or accounts.
struct row_linkage {
    column field;                   ///< of the contact or account
    std::size_t source = no_column; ///< column that is compared with it
    bool accounts = false;
    bool case_sensitive = false;
    bool several = false; ///< all matches instead of one
};

/// An import definition with resolved statements.
struct checked_import {
    struct named_column {
        std::string key;
        column into;
        update_rule rule = update_rule::always;
    };
    std::vector<named_column> columns;
    std::size_t identifier = no_column; ///< for imports of links: the opportunity's column
    bool identifier_ignored = false;    ///< one was named without effect
    bool identifier_case_sensitive = false;
    bool blanks_make_records = false; ///< rows without a value of the identifier create records
    std::optional<row_linkage> link;

    std::size_t named(std::string_view key) const {
        auto const found = std::ranges::find(columns, key, &named_column::key);
        return found == columns.end() ? no_column
                                      : static_cast<std::size_t>(found - columns.begin());
    }
};

/// Checks one import definition; use `check_import`.
class import_checks {
public:
    import_checks(definition_checks& checks, any_import_definition const& d, store const& s,
                  table const& of, simulator_options const& options)
        : checks_(checks), d_(d), store_(s), of_(of), options_(options) {}

    checked_import run() {
        checks_.text("name", d_.name, limits::name_characters);
        checks_.fields(d_.fields, limits::import_fields);
        columns();
        rules();
        import_method const how = of_.rules().imports;
        if (how == import_method::create)
            out_.identifier_ignored = d_.identifierFieldName.has_value();
        else if (how == import_method::link)
            linkage();
        else
            identifier();
        if (of_.rules().data_cards && d_.mapDataCards.value_or(false))
            data_cards();
        of_entity();
        checks_.durations(d_.autoDeleteDuration, d_.dataRetentionDuration);
        checks_.sync_actions(d_.syncActions, of_, options_);
        return std::move(out_);
    }

private:
    /// Whether a row can name a linked record instead of its own value.
    bool names_linked(column const& c) const {
        return (of_.kind == table_kind::activities && c.of == column::owner::contact) ||
               (of_.kind == table_kind::opportunity_contacts && c.of != column::owner::self);
    }
    void columns() {
        for (auto const& [key, statement] : d_.fields) {
            auto const into = store_.resolve(of_, statement);
            bool const users = into && into->where == column::use::linked_users;
            if (!into || into->where == column::use::app_exports ||
                (users && !d_.linkUsers.value_or(false))) {
                checks_.refuse_value("fields", statement, "Must be a valid statement.");
                continue;
            }
            bool const names_record =
                (of_.kind == table_kind::campaign_responses && into->from == column::source::id) ||
                names_linked(*into);
            bool const closed =
                of_.kind == table_kind::event && into->from == column::source::external_id &&
                into->of == column::owner::self && !options_.event_imports_take_external_ids;
            if ((into->read_only && !names_record) || closed)
                checks_.refuse_value("fields", statement, "Must not be read only.");
            out_.columns.push_back({key, *into, update_rule::always});
        }
    }
    void rules() {
        update_rule const rule = checks_.rule("updateRule", d_.updateRule);
        for (auto& each : out_.columns)
            each.rule = rule;
        if (d_.updateRuleByField)
            for (auto const& [key, of_field] : *d_.updateRuleByField)
                if (std::size_t const at = out_.named(key); at != no_column)
                    out_.columns[at].rule = checks_.rule("updateRuleByField", of_field);
        for (auto& each : out_.columns)
            if (each.rule == update_rule::useFieldRule)
                each.rule = of_.rules().imports == import_method::upsert
                                ? of_.fields()[each.into.field].rule
                                : update_rule::always;
        if (!d_.importRule)
            return;
        if (!d_.importRule->known())
            checks_.refuse("importRule", "Must be one of createAndUpdate, updateOnly, createOnly.");
        else if (!of_.rules().import_rule && options_.refuse_undocumented_import_rule)
            checks_.refuse("importRule", "Must not be set for this entity.");
    }
    void identifier() {
        std::string const name = d_.identifierFieldName.value_or("");
        checks_.text("identifierFieldName", name, limits::identifier_characters);
        out_.identifier = out_.named(name);
        bool const told = of_.kind == table_kind::opportunities;
        out_.identifier_case_sensitive = told ? d_.isIdentifierFieldCaseSensitive.value_or(false)
                                              : !options_.identifiers_ignore_case;
        if (out_.identifier == no_column) {
            if (!name.empty() &&
                std::ranges::find(d_.fields, name, &string_map::value_type::first) ==
                    d_.fields.end())
                checks_.refuse("identifierFieldName", "Must be one of the fields.");
            return;
        }
        column const& by = out_.columns[out_.identifier].into;
        out_.blanks_make_records = of_.rules().makes_of_blanks && by.of == column::owner::self &&
                                   by.from != column::source::stored;
        if (by.type == data_type::date || by.type == data_type::boolean || by.large_text)
            checks_.refuse("identifierFieldName",
                           "Must not be a date, boolean or large text field.");
    }
    /// The definition's column that a property names.
    std::size_t column_of(std::string_view property, std::optional<std::string> const& key) {
        std::size_t const at = out_.named(key.value_or(""));
        if (at == no_column)
            checks_.refuse(property, "Must be one of the fields.");
        return at;
    }
    void data_cards() {
        row_linkage& link = out_.link.emplace();
        link.accounts = d_.mapDataCardsEntityType == data_card_entity::Company;
        if (!link.accounts && d_.mapDataCardsEntityType != data_card_entity::Contact)
            checks_.refuse("mapDataCardsEntityType", "Must be Contact or Company.");
        auto const field = store_.resolve(link.accounts ? store_.accounts() : store_.contacts(),
                                          d_.mapDataCardsEntityField.value_or(""));
        if (field && field->of == column::owner::self && field->where == column::use::any)
            link.field = *field;
        else
            checks_.refuse("mapDataCardsEntityField", "Must be a valid statement.");
        link.source = column_of("mapDataCardsSourceField", d_.mapDataCardsSourceField);
        link.case_sensitive = d_.mapDataCardsCaseSensitiveMatch.value_or(false);
    }
    void linkage() {
        row_linkage& link = out_.link.emplace();
        link.accounts = d_.linkOpportunitiesEntityType == linked_entity::Account;
        if (!link.accounts && d_.linkOpportunitiesEntityType != linked_entity::Contact)
            checks_.refuse("linkOpportunitiesEntityType", "Must be Contact or Account.");
        out_.identifier =
            column_of("linkOpportunitiesMatchFieldName", d_.linkOpportunitiesMatchFieldName);
        link.source = column_of("linkOpportunitiesSourceField", d_.linkOpportunitiesSourceField);
        out_.identifier_case_sensitive =
            d_.linkOpportunitiesCaseSensitiveMatchField.value_or(false);
        link.case_sensitive = d_.linkOpportunitiesCaseSensitiveSourceField.value_or(false);
        link.several = d_.linkOpportunitiesMultipleSourceMatches.value_or(false);
        if (out_.identifier != no_column &&
            out_.columns[out_.identifier].into.of != column::owner::self)
            checks_.refuse("linkOpportunitiesMatchFieldName", "Must be a field of opportunities.");
        if (link.source == no_column)
            return;
        link.field = out_.columns[link.source].into;
        if (link.field.of != (link.accounts ? column::owner::account : column::owner::contact))
            checks_.refuse("linkOpportunitiesSourceField",
                           "Must be a field of linkOpportunitiesEntityType.");
    }
    void of_entity() {
        auto const has = [&](auto test) { return std::ranges::any_of(out_.columns, test); };
        if (of_.kind == table_kind::accounts && d_.linkUsers.value_or(false) &&
            !has([](auto const& c) { return c.into.where == column::use::linked_users; }))
            checks_.refuse("linkUsers", "Must have a field of Account.User.");
        if (of_.kind == table_kind::campaign_responses && d_.serviceInstanceId &&
            !of_.services.has_guid(*d_.serviceInstanceId))
            checks_.refuse("serviceInstanceId",
                           "Must reference service instance within a workflow");
        if (of_.kind == table_kind::email_addresses && options_.email_address_imports_need_action &&
            (!d_.syncActions || d_.syncActions->empty()))
            checks_.refuse("syncActions", "Must contain at least one action.");
        if (of_.kind != table_kind::opportunities || !options_.opportunity_imports_need_all_fields)
            return;
        for (std::size_t i = 0; i != of_.fields().size(); ++i)
            if (of_.fields()[i].as_column(i).required &&
                !has([&](auto const& c) { return c.into.field == i; }))
                checks_.refuse("fields", "Must contain " + *of_.fields()[i].definition.statement);
    }

    definition_checks& checks_;
    any_import_definition const& d_;
    store const& store_;
    table const& of_;
    simulator_options const& options_;
    checked_import out_;
};

/// Checks everything except the document's types, which `read` has checked, and
/// `importPriorityUri`.
inline checked_import check_import(definition_checks& checks, any_import_definition const& d,
                                   store const& s, table const& of,
                                   simulator_options const& options) {
    return import_checks(checks, d, s, of, options).run();
}

/// The values that can identify records in a definition of sync actions; empty if the entity has
/// none.
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

/// Checks everything except the document's types, which `read` has checked. The result has one
/// column, for staging.
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

} // namespace eloqua::bulk::simulation
