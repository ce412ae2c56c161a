// SPDX-License-Identifier: BSL-1.0
/// \file
/// Syncs, their logs and rejects, and Eloqua's ELQ codes, which both contain.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

/// Statuses of syncs. `errored` is how one page of the documentation spells `error`.
enum class sync_status { pending, active, success, warning, error, errored };
BOOST_DESCRIBE_ENUM(sync_status, pending, active, success, warning, error, errored)

/// The properties of a sync that a caller sets.
struct sync_definition {
    std::string syncedInstanceUri; ///< `uri` of the definition
    /// Called when the sync ends, possibly before the response to the sync's creation.
    std::optional<std::string> callbackUrl;
};
BOOST_DESCRIBE_STRUCT(sync_definition, (), (syncedInstanceUri, callbackUrl))

/// A sync as the service describes it.
struct sync : sync_definition {
    std::optional<open_enum<sync_status>> status; ///< its state
    std::optional<timestamp> syncStartedAt;       ///< when it began to run
    std::optional<timestamp> syncEndedAt;         ///< when it ended
    std::optional<timestamp> createdAt;           ///< when it was requested
    std::optional<std::string> createdBy;         ///< login name of a user
    std::optional<std::string> uri;               ///< "/syncs/12"; `id_of` returns its number

    /// @{
    /// Whether it has ended in this way; a sync with warnings has succeeded.
    bool failed() const { return status == sync_status::error || status == sync_status::errored; }
    bool succeeded() const {
        return status == sync_status::success || status == sync_status::warning;
    }
    /// @}
    /// Whether the service has finished it: by its status, or, if that is unknown, by its end
    /// time.
    bool finished() const {
        bool const known = status && status->known();
        return failed() || succeeded() || (!known && syncEndedAt);
    }
};
BOOST_DESCRIBE_STRUCT(sync, (sync_definition),
                      (status, syncStartedAt, syncEndedAt, createdAt, createdBy, uri))

/// Severities of log entries and ELQ codes.
enum class severity { information, warning, error };
BOOST_DESCRIBE_ENUM(severity, information, warning, error)

/// An entry of a sync's log.
struct sync_log {
    std::optional<std::string> syncUri;                ///< uri of the sync
    std::optional<std::int64_t> count;                 ///< number of rows that it is about
    std::optional<open_enum<bulk::severity>> severity; ///< how bad it is
    std::optional<std::string> statusCode;             ///< "ELQ-00102"; see `parse_elq`
    std::optional<std::string> message;                ///< in the service's words
    std::optional<timestamp> createdAt;                ///< time of the entry
};
BOOST_DESCRIBE_STRUCT(sync_log, (), (syncUri, count, severity, statusCode, message, createdAt))

/// A row that a sync rejected.
struct sync_reject {
    string_map fieldValues;                  ///< the pushed row
    std::vector<std::string> invalidFields;  ///< columns
    std::optional<std::string> message;      ///< why, in the service's words
    std::optional<std::string> statusCode;   ///< "ELQ-00026"; see `parse_elq`
    std::optional<std::int64_t> recordIndex; ///< counts the pushed rows from 1
};
BOOST_DESCRIBE_STRUCT(sync_reject, (),
                      (fieldValues, invalidFields, message, statusCode, recordIndex))

/// An ELQ code; the value is its number. `elq_codes` explains them. Codes without an enumerator
/// are also valid.
enum class elq : int {
    records_processed = 1,
    invalid_email_address = 2,
    remaining_after_duplicates = 3,
    contacts_created = 4,
    accounts_created = 5,
    custom_object_data_created = 7,
    duplicate_email_address = 11,
    custom_object_data_updated = 12,
    contacts_deleted = 13,
    accounts_deleted = 14,
    contacts_bounced = 16,
    contacts_unsubscribed = 17,
    contacts_updated = 22,
    accounts_updated = 23,
    custom_object_data_linked = 25,
    duplicate_identifier = 26,
    malformed_record = 32,
    email_addresses_created = 33,
    unmatched_record = 34,
    email_addresses_updated = 35,
    invalid_opportunity_stage = 39,
    rejected_fields_only = 40,
    contact_already_exists = 48,
    new_records = 49,
    campaign_not_found = 55,
    empty_record = 59,
    records_rejected = 60,
    missing_fields = 61,
    duplicate_account_linkage = 62,
    custom_object_data_deleted = 67,
    assets_created = 68,
    activities_created = 69,
    activity_type_not_found = 70,
    seen_after_imports = 71,
    asset_type_not_found = 72,
    event_data_created = 77,
    event_data_linked = 78,
    event_data_updated = 79,
    event_data_deleted = 80,
    event_data_rejected = 81,
    program_members_added = 82,
    opportunity_does_not_exist = 84,
    contact_does_not_exist = 85,
    sync_processed = 101,
    members_exported = 102,
    export_snapshot = 103,
    file_converted = 104,
    error_processing_file = 105,
    converted = 106,
    error_processing = 107,
    file_not_converted = 109,
    unlocking_file = 110,
    field_ignored = 111,
    identifier_not_a_field = 112,
    account_list_members_added = 114,
    email_group_members_subscribed = 115,
    email_group_members_unsubscribed = 116,
    account_list_members_removed = 117,
    contact_list_members_removed = 118,
    contact_list_members_added = 119,
    connector_status_set = 120,
    field_missing = 121,
    definition_invalid = 122,
    identifier_ignored = 123,
    no_data = 124,
    constraint_failed = 125,
    no_fields = 126,
    no_mapped_fields = 127,
    service_status_set = 128,
    staging_initialised = 129,
    records_staged = 130,
    staging_deleted = 131,
    campaign_not_active = 132,
    file_not_locked = 133,
    file_locked = 134,
    multiple_match_limit = 135,
    storage_limit = 136,
    ready_for_processing = 137,
    contacts_subscribed = 138,
    error_staging_actions = 139,
    records_staged_for_actions = 140,
    error_exporting = 141,
    error_exporting_retrying = 142,
    definition_deleted = 143,
    records_with_rejected_fields = 144,
    retried_automatically = 145,
    temporary_error = 146,
};

/// Makes the enumerator an error code.
inline error_code make_error_code(elq code) noexcept {
    return error_code(static_cast<int>(code), elq_category());
}

/// The meaning of a code.
struct elq_meaning {
    elq code; ///< the code
    /// Usual severity. It is not documented: this is what was seen in logs, or else fits the text.
    /// A log entry has its own severity.
    bulk::severity severity;
    std::string_view text; ///< in the library's words
};

/// All documented codes, and two that were only observed (40 and 71), by number.
inline constexpr auto elq_codes = std::to_array<elq_meaning>({
    {elq::records_processed, severity::information, "records processed, in all"},
    {elq::invalid_email_address, severity::warning, "invalid e-mail addresses"},
    {elq::remaining_after_duplicates, severity::information,
     "records left after duplicates were rejected"},
    {elq::contacts_created, severity::information, "contacts created"},
    {elq::accounts_created, severity::information, "accounts created"},
    {elq::custom_object_data_created, severity::information, "records of a custom object created"},
    {elq::duplicate_email_address, severity::warning, "duplicate e-mail addresses"},
    {elq::custom_object_data_updated, severity::information, "records of a custom object updated"},
    {elq::contacts_deleted, severity::information, "contacts deleted"},
    {elq::accounts_deleted, severity::information, "accounts deleted"},
    {elq::contacts_bounced, severity::information, "contacts marked as bounced"},
    {elq::contacts_unsubscribed, severity::information, "contacts marked as unsubscribed"},
    {elq::contacts_updated, severity::information, "contacts updated"},
    {elq::accounts_updated, severity::information, "accounts updated"},
    {elq::custom_object_data_linked, severity::information, "records of a custom object linked"},
    {elq::duplicate_identifier, severity::warning, "duplicate identifiers"},
    {elq::malformed_record, severity::warning, "malformed records"},
    {elq::email_addresses_created, severity::information, "e-mail addresses created"},
    {elq::unmatched_record, severity::warning, "records without a match"},
    {elq::email_addresses_updated, severity::information, "e-mail addresses updated"},
    {elq::invalid_opportunity_stage, severity::warning, "invalid stages of opportunities"},
    {elq::rejected_fields_only, severity::warning,
     "rows taken without the fields in invalidFields"},
    {elq::contact_already_exists, severity::warning, "contacts that exist already"},
    {elq::new_records, severity::information, "new records, in all"},
    {elq::campaign_not_found, severity::warning, "campaigns that do not exist"},
    {elq::empty_record, severity::warning, "empty records"},
    {elq::records_rejected, severity::warning, "records rejected, in all"},
    {elq::missing_fields, severity::warning, "records without mandatory fields"},
    {elq::duplicate_account_linkage, severity::warning, "duplicate links to accounts"},
    {elq::custom_object_data_deleted, severity::information, "records of a custom object deleted"},
    {elq::assets_created, severity::information, "assets created"},
    {elq::activities_created, severity::information, "activities created"},
    {elq::activity_type_not_found, severity::warning, "types of activities that do not exist"},
    {elq::seen_after_imports, severity::information,
     "unknown; seen at the end of imports of contacts"},
    {elq::asset_type_not_found, severity::warning, "types of assets that do not exist"},
    {elq::event_data_created, severity::information, "registrants of an event created"},
    {elq::event_data_linked, severity::information, "registrants of an event linked"},
    {elq::event_data_updated, severity::information, "registrants of an event updated"},
    {elq::event_data_deleted, severity::information, "registrants of an event deleted"},
    {elq::event_data_rejected, severity::warning, "registrants of an event rejected"},
    {elq::program_members_added, severity::information,
     "members added to a step of a program canvas"},
    {elq::opportunity_does_not_exist, severity::warning, "opportunities that do not exist"},
    {elq::contact_does_not_exist, severity::warning, "contacts that do not exist"},
    {elq::sync_processed, severity::information,
     "the sync has ended; the message states its status"},
    {elq::members_exported, severity::information, "rows exported"},
    {elq::export_snapshot, severity::information, "snapshot of the members to export"},
    {elq::file_converted, severity::information, "a file was converted"},
    {elq::error_processing_file, severity::error,
     "a staged file could not be processed: delete the staged rows, then push and sync them again"},
    {elq::converted, severity::information, "exported rows were stored"},
    {elq::error_processing, severity::error,
     "the rows could not be processed: delete the staged rows, then push and sync them again"},
    {elq::file_not_converted, severity::error,
     "a file cannot be converted; it stays locked and is not processed"},
    {elq::unlocking_file, severity::warning, "a file is being unlocked"},
    {elq::field_ignored, severity::warning,
     "a column that the definition does not have was ignored"},
    {elq::identifier_not_a_field, severity::error, "identifierFieldName is not one of the fields"},
    {elq::account_list_members_added, severity::information, "members added to a list of accounts"},
    {elq::email_group_members_subscribed, severity::information,
     "members subscribed to an e-mail group"},
    {elq::email_group_members_unsubscribed, severity::information,
     "members unsubscribed from an e-mail group"},
    {elq::account_list_members_removed, severity::information,
     "members removed from a list of accounts"},
    {elq::contact_list_members_removed, severity::information,
     "members removed from a list of contacts"},
    {elq::contact_list_members_added, severity::information, "members added to a list of contacts"},
    {elq::connector_status_set, severity::information,
     "status of members set in a cloud connector"},
    {elq::field_missing, severity::warning, "a column of the definition is not in a file"},
    {elq::definition_invalid, severity::error, "the definition is no longer valid; make a new one"},
    {elq::identifier_ignored, severity::warning,
     "identifierFieldName is ignored, since activities are never updated"},
    {elq::no_data, severity::warning, "nothing was staged"},
    {elq::constraint_failed, severity::warning, "a constraint failed"},
    {elq::no_fields, severity::error, "a file has no columns"},
    {elq::no_mapped_fields, severity::error, "a file has no column of the definition"},
    {elq::service_status_set, severity::information,
     "status of members set in an app's service instance"},
    {elq::staging_initialised, severity::information, "internal staging was initialised"},
    {elq::records_staged, severity::information, "records staged for import"},
    {elq::staging_deleted, severity::information, "internal staging was deleted"},
    {elq::campaign_not_active, severity::warning, "campaigns that are not active"},
    {elq::file_not_locked, severity::error, "a file could not be locked"},
    {elq::file_locked, severity::information, "a file was locked"},
    {elq::multiple_match_limit, severity::warning, "more records match a row than may be updated"},
    {elq::storage_limit, severity::error, "the staging area is full"},
    {elq::ready_for_processing, severity::information, "the rows are ready for processing"},
    {elq::contacts_subscribed, severity::information, "contacts marked as subscribed"},
    {elq::error_staging_actions, severity::error,
     "rows could not be staged for sync actions: delete the staged rows, then push and sync them "
     "again"},
    {elq::records_staged_for_actions, severity::information, "records staged for sync actions"},
    {elq::error_exporting, severity::error, "members could not be exported"},
    {elq::error_exporting_retrying, severity::warning,
     "members could not be exported; the service tries again"},
    {elq::definition_deleted, severity::error, "the definition was deleted before the sync ended"},
    {elq::records_with_rejected_fields, severity::warning,
     "records taken without some of their fields"},
    {elq::retried_automatically, severity::warning,
     "the sync failed; the service tries again by itself"},
    {elq::temporary_error, severity::error,
     "failed because of a temporary error: run the sync again after an hour"},
});

/// The meaning of a code; null if it is not documented.
[[nodiscard]] constexpr elq_meaning const* meaning_of(elq code) {
    for (elq_meaning const& each : elq_codes)
        if (each.code == code)
            return &each;
    return nullptr;
}

/// Parses "ELQ-00102". Empty for any other text.
[[nodiscard]] inline std::optional<elq> parse_elq(std::string_view text) {
    int number = 0;
    if (!text.starts_with("ELQ-") || text.size() == 4)
        return std::nullopt;
    text.remove_prefix(4);
    if (!detail::read_whole(text, number) || number <= 0)
        return std::nullopt;
    return static_cast<elq>(number);
}

namespace detail {

/// The service's message about rows, or the meaning of its code.
inline std::string words_of(std::string_view code, std::optional<std::string> const& said,
                            row_values how) {
    if (said && how == row_values::shown)
        return shown(*said);
    std::optional<elq> const known = parse_elq(code);
    elq_meaning const* const meaning = known ? meaning_of(*known) : nullptr;
    return std::string(meaning ? meaning->text : "");
}

} // namespace detail

} // namespace eloqua::bulk

/// \cond
template <>
struct boost::system::is_error_code_enum<eloqua::bulk::elq> : std::true_type {};
/// \endcond
