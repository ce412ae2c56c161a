// SPDX-License-Identifier: BSL-1.0
/// \file
/// Definitions of exports, imports and sync actions, with the properties that a caller sets. The
/// service stores them as `stored<...>`. Each entity names its own types, see `entity.hpp`.
#pragma once

#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/time.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// The kinds of sync actions.
enum class sync_action_kind { add, remove, setStatus };
BOOST_DESCRIBE_ENUM(sync_action_kind, add, remove, setStatus)

/// Statuses that sync actions set and filters compare.
enum class member_status {
    bounced,
    subscribed,
    unsubscribed,
    active,
    complete,
    pending,
    errored,
    yes,
    no,
    invalid,
    permission
};
BOOST_DESCRIBE_ENUM(member_status, bounced, subscribed, unsubscribed, active, complete, pending,
                    errored, yes, no, invalid, permission)

/// An action that a sync applies to the records of its rows. `sync_actions.hpp` creates the valid
/// ones.
struct sync_action {
    open_enum<sync_action_kind> action; ///< what is done
    std::string destination;            ///< statement of the target, "{{ContactList[123]}}"
    std::optional<open_enum<member_status>> status; ///< the status to set; for `setStatus` only
    std::optional<bool> updateAll; ///< sets the status of all records of an execution
};
BOOST_DESCRIBE_STRUCT(sync_action, (), (action, destination, status, updateAll))

/// An export of activities; the common part of all exports.
struct activity_export_definition {
    std::string name;                       ///< at most 100 characters
    string_map fields;                      ///< column to statement, at most 250
    std::optional<std::string> filter;      ///< at most 1,000 characters; see `render_filter`
    std::optional<std::int64_t> maxRecords; ///< maximum number of rows
    /// System values: in UTC, or as the service's default.
    std::optional<bool> areSystemTimestampsInUTC;
    std::optional<duration> autoDeleteDuration;    ///< of the definition; at least 1 hour
    std::optional<duration> dataRetentionDuration; ///< of the rows; 1 hour to 14 days
    /// Statement of the contact field with that id.
    std::optional<std::string> crmAccountIdField;
    std::optional<std::string> productIdField;    ///< statement of the campaign field with that id
    std::optional<std::int64_t> externalSystemId; ///< required if CRM fields are exported
};
BOOST_DESCRIBE_STRUCT(activity_export_definition, (),
                      (name, fields, filter, maxRecords, areSystemTimestampsInUTC,
                       autoDeleteDuration, dataRetentionDuration, crmAccountIdField, productIdField,
                       externalSystemId))

/// An export of other entities.
struct export_definition : activity_export_definition {
    std::optional<std::vector<sync_action>> syncActions; ///< at most 10
};
BOOST_DESCRIBE_STRUCT(export_definition, (activity_export_definition), (syncActions))

/// When an import overwrites a stored value.
enum class update_rule {
    always,           ///< always, even with a blank value
    ifNewIsNotNull,   ///< if the new value is not blank
    ifExistingIsNull, ///< if the stored value is blank
    useFieldRule,     ///< according to the rule of the field in Eloqua
};
BOOST_DESCRIBE_ENUM(update_rule, always, ifNewIsNotNull, ifExistingIsNull, useFieldRule)

/// Which rows an import accepts.
enum class import_rule { createAndUpdate, updateOnly, createOnly };
BOOST_DESCRIBE_ENUM(import_rule, createAndUpdate, updateOnly, createOnly)

/// An import of external activities; the common part of all imports.
struct activity_import_definition {
    std::string name;  ///< at most 100 characters
    string_map fields; ///< column to statement, at most 100
    /// The column by which rows are matched. Ignored for activities, unused for linkages.
    std::optional<std::string> identifierFieldName;
    std::optional<bool> isSyncTriggeredOnImport; ///< whether a push of rows also starts a sync
    /// For contacts, must be false to change `C_EmailAddress`.
    std::optional<bool> isUpdatingMultipleMatchedRecords;
    std::optional<open_enum<update_rule>> updateRule; ///< how stored values are replaced
    /// Exceptions from `updateRule`, by column.
    std::optional<std::vector<std::pair<std::string, open_enum<update_rule>>>> updateRuleByField;
    /// Contacts and accounts only; since release 26B.
    std::optional<open_enum<import_rule>> importRule;
    std::optional<std::string> importPriorityUri;  ///< "/imports/priorities/1"
    std::optional<duration> autoDeleteDuration;    ///< of the definition; at least 1 hour
    std::optional<duration> dataRetentionDuration; ///< of staged rows; 1 hour to 14 days
    /// Whether to null the identifier field; not explained further.
    std::optional<bool> nullIdentifierFieldName;
    std::optional<std::int64_t> externalSystemId; ///< id of the external system
};
BOOST_DESCRIBE_STRUCT(activity_import_definition, (),
                      (name, fields, identifierFieldName, isSyncTriggeredOnImport,
                       isUpdatingMultipleMatchedRecords, updateRule, updateRuleByField, importRule,
                       importPriorityUri, autoDeleteDuration, dataRetentionDuration,
                       nullIdentifierFieldName, externalSystemId))

/// An import of contacts, e-mail addresses or phone numbers.
struct import_definition : activity_import_definition {
    std::optional<std::vector<sync_action>> syncActions; ///< at most 10
};
BOOST_DESCRIBE_STRUCT(import_definition, (activity_import_definition), (syncActions))

// Properties that only some entities' imports have. Pass them as settings when you import rows.

/// Links users of Eloqua to accounts by their id in a CRM system. The fields must then include one
/// of `{{Account.User.Field(X)}}`, where X is `CRMOSCUserId`, `CRMSfdcUserId`, `CRMMSDUserId` or
/// `CRMSODUserId`.
struct user_linkage {
    std::optional<bool> linkUsers; ///< whether to link them
};
BOOST_DESCRIBE_STRUCT(user_linkage, (), (linkUsers))

/// Entities to which imported records can be linked.
enum class data_card_entity { Contact, Company };
BOOST_DESCRIBE_ENUM(data_card_entity, Contact, Company)

/// Links imported records to contacts or accounts ("data cards").
struct data_card_mapping {
    std::optional<bool> mapDataCards; ///< if true, the others are required
    /// What the records are linked to.
    std::optional<open_enum<data_card_entity>> mapDataCardsEntityType;
    std::optional<std::string> mapDataCardsEntityField; ///< statement of the field to match
    std::optional<std::string> mapDataCardsSourceField; ///< column to match it with
    /// Whether letter case matters in that comparison.
    std::optional<bool> mapDataCardsCaseSensitiveMatch;
};
BOOST_DESCRIBE_STRUCT(data_card_mapping, (),
                      (mapDataCards, mapDataCardsEntityType, mapDataCardsEntityField,
                       mapDataCardsSourceField, mapDataCardsCaseSensitiveMatch))

/// The app's properties of an import of campaign responses.
struct app_service {
    std::optional<std::string> serviceInstanceId; ///< GUID of the app's service instance
};
BOOST_DESCRIBE_STRUCT(app_service, (), (serviceInstanceId))

/// How opportunities are matched.
struct identifier_matching {
    std::optional<bool> isIdentifierFieldCaseSensitive; ///< whether letter case matters
};
BOOST_DESCRIBE_STRUCT(identifier_matching, (), (isIdentifierFieldCaseSensitive))

/// Entities to which opportunities can be linked.
enum class linked_entity { Contact, Account };
BOOST_DESCRIBE_ENUM(linked_entity, Contact, Account)

/// Which opportunities are linked to which contacts or accounts.
struct opportunity_linkage {
    std::optional<std::string> linkOpportunitiesMatchFieldName; ///< column: the opportunity
    std::optional<std::string> linkOpportunitiesSourceField;    ///< column: the contact or account
    /// What opportunities are linked to.
    std::optional<open_enum<linked_entity>> linkOpportunitiesEntityType;
    /// @{
    /// Whether letter case matters in the comparison of that field.
    std::optional<bool> linkOpportunitiesCaseSensitiveMatchField;
    std::optional<bool> linkOpportunitiesCaseSensitiveSourceField;
    /// @}
    /// Whether several records may match one value.
    std::optional<bool> linkOpportunitiesMultipleSourceMatches;
};
BOOST_DESCRIBE_STRUCT(opportunity_linkage, (),
                      (linkOpportunitiesMatchFieldName, linkOpportunitiesSourceField,
                       linkOpportunitiesEntityType, linkOpportunitiesCaseSensitiveMatchField,
                       linkOpportunitiesCaseSensitiveSourceField,
                       linkOpportunitiesMultipleSourceMatches))

/// An import of accounts.
struct account_import_definition : import_definition, user_linkage {};
BOOST_DESCRIBE_STRUCT(account_import_definition, (import_definition, user_linkage), ())

/// An import of custom objects. The contract has `parentId` and `id` in addition to the uri;
/// nothing needs them.
struct custom_object_import_definition : import_definition, data_card_mapping {
    /// @{
    /// In the contract, but unused.
    std::optional<std::int64_t> parentId;
    std::optional<std::int64_t> id;
    /// @}
};
BOOST_DESCRIBE_STRUCT(custom_object_import_definition, (import_definition, data_card_mapping),
                      (parentId, id))

/// An import of events. Sync actions do not exist for events.
struct event_import_definition : activity_import_definition, data_card_mapping {
    /// @{
    /// In the contract, but unused.
    std::optional<std::int64_t> parentId;
    std::optional<std::int64_t> id;
    /// @}
};
BOOST_DESCRIBE_STRUCT(event_import_definition, (activity_import_definition, data_card_mapping),
                      (parentId, id))

/// An import of campaign responses.
struct campaign_response_import_definition : activity_import_definition, app_service {
    std::optional<std::int64_t> id; ///< in the contract, but unused
};
BOOST_DESCRIBE_STRUCT(campaign_response_import_definition,
                      (activity_import_definition, app_service), (id))

/// An import of opportunities.
struct opportunity_import_definition : activity_import_definition, identifier_matching {};
BOOST_DESCRIBE_STRUCT(opportunity_import_definition,
                      (activity_import_definition, identifier_matching), ())

/// An import of links between opportunities and contacts or accounts.
struct opportunity_contact_import_definition : activity_import_definition, opportunity_linkage {};
BOOST_DESCRIBE_STRUCT(opportunity_contact_import_definition,
                      (activity_import_definition, opportunity_linkage), ())

/// An import definition with the properties of all entities, for code that handles all alike.
struct any_import_definition : import_definition,
                               user_linkage,
                               data_card_mapping,
                               app_service,
                               identifier_matching,
                               opportunity_linkage {};
BOOST_DESCRIBE_STRUCT(any_import_definition,
                      (import_definition, user_linkage, data_card_mapping, app_service,
                       identifier_matching, opportunity_linkage),
                      ())

/// Runs sync actions on records that one identifier selects. `define_sync_action` creates valid
/// definitions.
struct sync_action_definition {
    std::string name;                               ///< at most 100 characters
    string_map fields;                              ///< exactly one column
    std::optional<std::string> identifierFieldName; ///< that column
    std::vector<sync_action> syncActions;           ///< at most 10
    std::optional<bool> isSyncTriggeredOnImport;    ///< whether a push of rows also starts a sync
    std::optional<duration> autoDeleteDuration;     ///< of the definition; at least 1 hour
};
BOOST_DESCRIBE_STRUCT(sync_action_definition, (),
                      (name, fields, identifierFieldName, syncActions, isSyncTriggeredOnImport,
                       autoDeleteDuration))

} // namespace eloqua::bulk
