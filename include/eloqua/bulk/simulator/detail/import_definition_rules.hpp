// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the service accepts as a definition of an import, entity by entity.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/export_rules.hpp>
#include <eloqua/bulk/simulator/detail/statements.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

inline constexpr std::size_t no_column = SIZE_MAX;

/// How rows are linked to contacts or accounts.
struct row_linkage {
    column field;                   ///< of the contact or account
    std::size_t source = no_column; ///< column that is compared with it
    bool accounts = false;
    bool case_sensitive = false;
    bool several = false; ///< all that match, not one only
};

/// An import definition whose statements are resolved.
struct checked_import {
    struct named_column {
        std::string key;
        column into;
        update_rule rule = update_rule::always;
    };
    std::vector<named_column> columns;
    std::size_t identifier = no_column; ///< of an import of links: the opportunity's column
    bool identifier_ignored = false;    ///< one was named in vain
    bool identifier_case_sensitive = false;
    bool blanks_make_records = false; ///< rows without a value of the identifier do
    std::optional<row_linkage> link;

    std::size_t named(std::string_view key) const {
        auto const found = std::ranges::find(columns, key, &named_column::key);
        return found == columns.end() ? no_column
                                      : static_cast<std::size_t>(found - columns.begin());
    }
};

/// Checks one import definition; `check_import` is what to call.
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
    /// Whether a row can name a linked record in place of a value of its own.
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
    /// A column of the definition that a property names.
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

/// Checks all but the document's shape, which `read` has checked, and `importPriorityUri`.
inline checked_import check_import(definition_checks& checks, any_import_definition const& d,
                                   store const& s, table const& of,
                                   simulator_options const& options) {
    return import_checks(checks, d, s, of, options).run();
}

} // namespace eloqua::bulk::simulation
