// SPDX-License-Identifier: BSL-1.0
/// \file
/// The API's documents as described structs. Members are spelled as on the wire; what the service
/// may leave out, and what only the service sets, is `optional`.
#pragma once

#include <eloqua/bulk/schema/open_enum.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// Times of resources: UTC, ISO 8601 with seven fractional digits on the wire.
using timestamp =
    std::chrono::sys_time<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>;

/// An ISO 8601 duration on the wire: "PT6H", "P7D".
using duration = std::chrono::seconds;

/// Name and text in order: a JSON object whose keys the caller chooses.
using string_map = std::vector<std::pair<std::string, std::string>>;

enum class sync_action_kind { add, remove, setStatus };
BOOST_DESCRIBE_ENUM(sync_action_kind, add, remove, setStatus)

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

struct sync_action {
    open_enum<sync_action_kind> action;
    std::string destination; ///< statement of the target, "{{ContactList[123]}}"
    std::optional<open_enum<member_status>> status;
    std::optional<bool> updateAll;
};
BOOST_DESCRIBE_STRUCT(sync_action, (), (action, destination, status, updateAll))

/// What the service adds to a resource.
struct audit {
    std::optional<std::string> uri;
    std::optional<std::string> createdBy;
    std::optional<timestamp> createdAt;
    std::optional<std::string> updatedBy;
    std::optional<timestamp> updatedAt;
};
BOOST_DESCRIBE_STRUCT(audit, (), (uri, createdBy, createdAt, updatedBy, updatedAt))

struct export_definition : audit {
    std::string name;                  ///< at most 100 characters
    string_map fields;                 ///< column to statement, at most 250
    std::optional<std::string> filter; ///< at most 1,000 characters
    std::optional<std::int64_t> maxRecords;
    std::optional<bool> areSystemTimestampsInUTC;
    std::optional<duration> autoDeleteDuration;          ///< of the definition; at least one hour
    std::optional<duration> dataRetentionDuration;       ///< of the data; 1 hour to 14 days
    std::optional<std::vector<sync_action>> syncActions; ///< at most 10
    std::optional<std::string> crmAccountIdField;
    std::optional<std::string> productIdField;
    std::optional<std::int64_t> externalSystemId;
    std::optional<std::int64_t> kbUsed; ///< set by the service
};
BOOST_DESCRIBE_STRUCT(export_definition, (audit),
                      (name, fields, filter, maxRecords, areSystemTimestampsInUTC,
                       autoDeleteDuration, dataRetentionDuration, syncActions, crmAccountIdField,
                       productIdField, externalSystemId, kbUsed))

/// When a stored value is overwritten.
enum class update_rule {
    always,           ///< always, by a blank value too
    ifNewIsNotNull,   ///< if the new value is not blank
    ifExistingIsNull, ///< if the stored value is blank
    useFieldRule,     ///< by the rule of the field in Eloqua
};
BOOST_DESCRIBE_ENUM(update_rule, always, ifNewIsNotNull, ifExistingIsNull, useFieldRule)

/// Which rows an import takes (contacts and accounts, since release 26B).
enum class import_rule { createAndUpdate, updateOnly, createOnly };
BOOST_DESCRIBE_ENUM(import_rule, createAndUpdate, updateOnly, createOnly)

struct import_definition : audit {
    std::string name;                ///< at most 100 characters
    string_map fields;               ///< column to statement, at most 100
    std::string identifierFieldName; ///< a column: what rows are matched by
    std::optional<bool> isSyncTriggeredOnImport;
    std::optional<bool> isUpdatingMultipleMatchedRecords;
    std::optional<open_enum<update_rule>> updateRule;
    std::optional<std::vector<std::pair<std::string, open_enum<update_rule>>>> updateRuleByField;
    std::optional<open_enum<import_rule>> importRule;
    std::optional<std::string> importPriorityUri;
    std::optional<duration> autoDeleteDuration;    ///< of the definition; at least one hour
    std::optional<duration> dataRetentionDuration; ///< of staged rows; 1 hour to 14 days
    std::optional<bool> nullIdentifierFieldName;
    std::optional<std::vector<sync_action>> syncActions; ///< at most 10
    std::optional<std::int64_t> externalSystemId;
    std::optional<std::int64_t> kbUsed; ///< set by the service
    // accounts
    std::optional<bool> linkUsers;
    // custom objects
    std::optional<bool> mapDataCards;
    std::optional<std::string> mapDataCardsEntityType; ///< "Contact" or "Company"
    std::optional<std::string> mapDataCardsEntityField;
    std::optional<std::string> mapDataCardsSourceField;
    std::optional<bool> mapDataCardsCaseSensitiveMatch;
};
BOOST_DESCRIBE_STRUCT(import_definition, (audit),
                      (name, fields, identifierFieldName, isSyncTriggeredOnImport,
                       isUpdatingMultipleMatchedRecords, updateRule, updateRuleByField, importRule,
                       importPriorityUri, autoDeleteDuration, dataRetentionDuration,
                       nullIdentifierFieldName, syncActions, externalSystemId, kbUsed, linkUsers,
                       mapDataCards, mapDataCardsEntityType, mapDataCardsEntityField,
                       mapDataCardsSourceField, mapDataCardsCaseSensitiveMatch))

/// `errored` is how one page of the documentation spells `error`.
enum class sync_status { pending, active, success, warning, error, errored };
BOOST_DESCRIBE_ENUM(sync_status, pending, active, success, warning, error, errored)

struct sync {
    std::string syncedInstanceUri; ///< `uri` of the definition
    std::optional<std::string> callbackUrl;
    std::optional<open_enum<sync_status>> status;
    std::optional<timestamp> syncStartedAt;
    std::optional<timestamp> syncEndedAt;
    std::optional<timestamp> createdAt;
    std::optional<std::string> createdBy;
    std::optional<std::string> uri;

    bool failed() const { return status == sync_status::error || status == sync_status::errored; }
    /// Whether the service is done with it.
    bool finished() const {
        return failed() || status == sync_status::success || status == sync_status::warning;
    }
};
BOOST_DESCRIBE_STRUCT(sync, (),
                      (syncedInstanceUri, callbackUrl, status, syncStartedAt, syncEndedAt,
                       createdAt, createdBy, uri))

enum class severity { information, warning, error };
BOOST_DESCRIBE_ENUM(severity, information, warning, error)

struct sync_log {
    std::optional<std::string> syncUri;
    std::optional<std::int64_t> count;
    std::optional<open_enum<bulk::severity>> severity;
    std::optional<std::string> statusCode; ///< "ELQ-00102"
    std::optional<std::string> message;
    std::optional<timestamp> createdAt;
};
BOOST_DESCRIBE_STRUCT(sync_log, (), (syncUri, count, severity, statusCode, message, createdAt))

struct sync_reject {
    string_map fieldValues;                 ///< the pushed row
    std::vector<std::string> invalidFields; ///< columns
    std::optional<std::string> message;
    std::optional<std::string> statusCode;   ///< "ELQ-00026"
    std::optional<std::int64_t> recordIndex; ///< counts from 1 over the pushed rows
};
BOOST_DESCRIBE_STRUCT(sync_reject, (),
                      (fieldValues, invalidFields, message, statusCode, recordIndex))

enum class data_type { string, number, date, boolean, emailAddress };
BOOST_DESCRIBE_ENUM(data_type, string, number, date, boolean, emailAddress)

/// One field of an entity. System values such as `{{Contact.Id}}` are not listed as fields.
struct field_definition : audit {
    std::string name; ///< as people see it
    std::optional<std::string> internalName;
    std::optional<open_enum<data_type>> dataType;
    std::optional<bool> hasReadOnlyConstraint;
    std::optional<bool> hasNotNullConstraint;
    std::optional<bool> hasUniquenessConstraint;
    std::optional<std::string> defaultValue;
    std::optional<std::string> statement;
};
BOOST_DESCRIBE_STRUCT(field_definition, (audit),
                      (name, internalName, dataType, hasReadOnlyConstraint, hasNotNullConstraint,
                       hasUniquenessConstraint, defaultValue, statement))

/// One page of a list. `items` may be missing on the wire; `count` is not to be trusted.
template <class T>
struct page {
    std::vector<T> items;
    std::optional<std::int64_t> totalResults;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> count;
    bool hasMore = false;
    BOOST_DESCRIBE_CLASS(page, (), (items, totalResults, limit, offset, count, hasMore), (), ())
};

/// The answer of `GET /id` at the login host, as far as it is needed.
struct login_rest_urls {
    std::string bulk; ///< holds the text "{version}"
};
BOOST_DESCRIBE_STRUCT(login_rest_urls, (), (bulk))
struct login_api_urls {
    login_rest_urls rest;
};
BOOST_DESCRIBE_STRUCT(login_api_urls, (), (rest))
struct login_urls {
    std::string base;
    login_api_urls apis;
};
BOOST_DESCRIBE_STRUCT(login_urls, (), (base, apis))
struct login_site {
    std::int64_t id = 0;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(login_site, (), (id, name))
struct login_user {
    std::int64_t id = 0;
    std::string username;
    std::optional<std::string> displayName;
    std::optional<std::string> firstName;
    std::optional<std::string> lastName;
    std::optional<std::string> emailAddress;
};
BOOST_DESCRIBE_STRUCT(login_user, (),
                      (id, username, displayName, firstName, lastName, emailAddress))
struct login_response {
    login_site site;
    login_user user;
    login_urls urls;
};
BOOST_DESCRIBE_STRUCT(login_response, (), (site, user, urls))

} // namespace eloqua::bulk
