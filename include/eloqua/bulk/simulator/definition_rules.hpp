// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the service accepts as a definition.
#pragma once

#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/definitions.hpp>
#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/schema/duration.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/schema/sync_action.hpp>
#include <eloqua/bulk/simulator/eel.hpp>
#include <eloqua/bulk/simulator/eel_match.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/snapshot.hpp>
#include <eloqua/bulk/simulator/store.hpp>

#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

using failures = std::vector<validation_failure>;

/// An import definition with the properties of every entity.
struct received_import : import_definition, data_card_mapping, opportunity_linkage {
    std::optional<bool> linkUsers;
    std::optional<std::string> serviceInstanceId;
    std::optional<bool> isIdentifierFieldCaseSensitive;
};
BOOST_DESCRIBE_STRUCT(received_import, (import_definition, data_card_mapping, opportunity_linkage),
                      (linkUsers, serviceInstanceId, isIdentifierFieldCaseSensitive))

/// An export definition whose statements and filter are resolved.
struct checked_export {
    std::vector<exported_rows::named_column> columns;
    std::optional<record_filter> filter;
    bool related = false; ///< reads linked records
};

/// An import definition whose statements are resolved.
struct checked_import {
    struct named_column {
        std::string key;
        column into;
        update_rule rule = update_rule::always;
    };
    std::vector<named_column> columns;
    std::size_t identifier = 0; ///< number of a column
    /// The field of contacts or accounts by which records of a custom object are linked.
    std::optional<column> link_field;
    std::size_t link_source = 0; ///< number of a column
    bool link_to_accounts = false;
};

/// Characters, not bytes.
inline std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Collects what is wrong with one definition; knows what was sent.
class definition_checks {
public:
    explicit definition_checks(boost::json::object const& sent) : sent_(sent) {}

    void refuse(std::string_view field, std::string constraint) {
        boost::json::value const* const value = sent_.if_contains(field);
        found.push_back({std::string(field), value ? boost::json::serialize(*value) : "",
                         std::move(constraint)});
    }
    void refuse_value(std::string_view field, std::string_view value, std::string constraint) {
        found.push_back({std::string(field), boost::json::serialize(boost::json::string(value)),
                         std::move(constraint)});
    }
    /// Reads the document; members that must be there but are not are left blank, to be found by
    /// the checks of their contents. After a failure the document is of no use.
    template <class Definition>
    Definition read() {
        boost::json::object filled = sent_;
        filled.emplace("name", "");
        filled.emplace("fields", boost::json::object());
        Definition d;
        if (auto const wrong = detail::json_codec<Definition>::read(std::move(filled), d))
            refuse(std::string_view(wrong->path).substr(0, wrong->path.find_first_of(".[")),
                   wrong->what);
        return d;
    }
    void text(std::string_view field, std::string_view value, std::size_t most) {
        if (value.empty() || characters(value) > most)
            refuse(field, "Must be a string value, at least 1 character and at most " +
                              std::to_string(most) + " characters long.");
    }
    void durations(std::optional<duration> auto_delete, std::optional<duration> retention) {
        if (auto_delete &&
            (!auto_delete->known() || *auto_delete->known() < limits::auto_delete_min))
            refuse("autoDeleteDuration", "Must be at least PT1H.");
        if (retention && (!retention->known() || *retention->known() < limits::retention_min ||
                          *retention->known() > limits::retention_max))
            refuse("dataRetentionDuration", "Must be between PT1H and P14D.");
    }
    void fields(string_map const& fields, std::size_t most) {
        if (fields.empty())
            refuse("fields", "Must contain at least one field.");
        if (fields.size() > most)
            refuse("fields", "Must contain at most " + std::to_string(most) + " fields.");
        for (auto const& each : fields)
            if (each.first.empty())
                refuse("fields", "Field names must not be empty.");
    }
    void sync_actions(std::optional<std::vector<sync_action>> const& actions, table const& of) {
        if (!actions)
            return;
        if (actions->size() > limits::sync_actions)
            refuse("syncActions",
                   "Must contain at most " + std::to_string(limits::sync_actions) + " actions.");
        for (sync_action const& each : *actions) {
            bool const sets = each.action == sync_action_kind::setStatus;
            bool const subscription = each.destination == "{{GlobalSubscribe}}" &&
                                      of.kind == table_kind::contacts && sets;
            if (!each.action.known() || (sets && (!each.status || !each.status->known())))
                refuse("syncActions", "Must have a valid action and status.");
            else if (!subscription && (sets || !of.containers.contains(each.destination)))
                refuse("syncActions", "Must reference an existing object: " + each.destination);
        }
    }
    /// The rule, or `always` if it is not set or, with a failure, not one.
    update_rule rule(std::string_view field, std::optional<open_enum<update_rule>> const& sent) {
        if (sent && !sent->known())
            refuse(field, "Must be one of always, ifNewIsNotNull, ifExistingIsNull, useFieldRule.");
        return sent ? sent->known().value_or(update_rule::always) : update_rule::always;
    }

    failures found;

private:
    boost::json::object const& sent_;
};

/// Checks all but the documents' shape, which `read` has checked.
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
        result.related |= from->of != column::owner::self;
    }
    if (d.filter && characters(*d.filter) > limits::filter_characters)
        checks.refuse("filter", "Must be at most " + std::to_string(limits::filter_characters) +
                                    " characters long.");
    else if (d.filter && d.filter->find_first_not_of(' ') != std::string::npos) {
        auto parsed = parse_eel(*d.filter, options.lenient_filters);
        auto bound = parsed ? record_filter::bind(std::move(*parsed), s, of)
                            : bulk::result<record_filter>(parsed.error());
        if (bound) {
            result.related |= bound->related();
            result.filter = std::move(*bound);
        } else {
            checks.refuse("filter", bound.error().info.detail);
        }
    }
    if (d.maxRecords && *d.maxRecords < 1)
        checks.refuse("maxRecords", "Must be at least 1.");
    checks.durations(d.autoDeleteDuration, d.dataRetentionDuration);
    checks.sync_actions(d.syncActions, of);
    return result;
}

/// As `check_export`.
inline checked_import check_import(definition_checks& checks, received_import const& d,
                                   store const& s, table const& of) {
    checked_import result;
    checks.text("name", d.name, limits::name_characters);
    checks.fields(d.fields, limits::import_fields);
    update_rule const rule = checks.rule("updateRule", d.updateRule);
    for (auto const& [key, statement] : d.fields) {
        auto const into = s.resolve(of, statement);
        if (!into) {
            checks.refuse_value("fields", statement, "Must be a valid statement.");
            continue;
        }
        if (into->read_only)
            checks.refuse_value("fields", statement, "Must not be read only.");
        result.columns.push_back({key, *into, rule});
    }
    if (d.updateRuleByField)
        for (auto const& each : *d.updateRuleByField)
            for (auto& column : result.columns)
                if (column.key == each.first)
                    column.rule = checks.rule("updateRuleByField", each.second);
    for (auto& column : result.columns)
        if (column.rule == update_rule::useFieldRule)
            column.rule = column.into.from == column::source::stored
                              ? of.fields()[column.into.field].rule
                              : update_rule::always;

    auto const named = [&](std::string_view key) {
        return static_cast<std::size_t>(
            std::ranges::find(result.columns, key, &checked_import::named_column::key) -
            result.columns.begin());
    };
    std::string const identifier_name = d.identifierFieldName.value_or("");
    checks.text("identifierFieldName", identifier_name, limits::identifier_characters);
    result.identifier = named(identifier_name);
    if (result.identifier != result.columns.size()) {
        column const& identifier = result.columns[result.identifier].into;
        if (identifier.type == data_type::date || identifier.type == data_type::boolean ||
            identifier.from != column::source::stored)
            checks.refuse("identifierFieldName", "Must not be a date or boolean field.");
    } else if (!identifier_name.empty() &&
               std::ranges::find(d.fields, identifier_name, &string_map::value_type::first) ==
                   d.fields.end()) {
        checks.refuse("identifierFieldName", "Must be one of the fields.");
    }
    if (d.importRule && of.kind != table_kind::custom_object && !d.importRule->known())
        checks.refuse("importRule", "Must be one of createAndUpdate, updateOnly, createOnly.");
    if (d.importPriorityUri)
        checks.refuse("importPriorityUri", "Must reference an existing object.");
    checks.durations(d.autoDeleteDuration, d.dataRetentionDuration);
    checks.sync_actions(d.syncActions, of);
    if (of.kind == table_kind::custom_object && d.mapDataCards.value_or(false)) {
        result.link_to_accounts = d.mapDataCardsEntityType == "Company";
        if (!result.link_to_accounts && d.mapDataCardsEntityType != "Contact")
            checks.refuse("mapDataCardsEntityType", "Must be Contact or Company.");
        result.link_field = s.resolve(result.link_to_accounts ? s.accounts() : s.contacts(),
                                      d.mapDataCardsEntityField.value_or(""));
        if (!result.link_field || result.link_field->from != column::source::stored ||
            result.link_field->of != column::owner::self)
            checks.refuse("mapDataCardsEntityField", "Must be a valid statement.");
        result.link_source = named(d.mapDataCardsSourceField.value_or(""));
        if (result.link_source == result.columns.size())
            checks.refuse("mapDataCardsSourceField", "Must be one of the fields.");
    }
    return result;
}

} // namespace eloqua::bulk::simulation
