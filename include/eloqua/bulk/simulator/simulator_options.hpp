// SPDX-License-Identifier: BSL-1.0
/// \file
/// Options of a simulated Eloqua.
#pragma once

#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace eloqua::bulk {

/// Responds to a request in place of the service, or returns nothing to let the service respond.
using simulator_intercept = std::function<std::optional<response>(request const&)>;

/// For which fields of new records imports use the field's default value.
enum class default_value_use {
    never,
    not_given,          ///< if the row has no usable value for the field
    not_given_or_blank, ///< also if the row's value is blank
};

/// What the service does with a sync that breaks a rule of use.
enum class rule_response {
    ignore, ///< carries it out as usual
    delay,  ///< carries it out later, see `simulator_options::rule_delay`
    refuse, ///< refuses to create it, with 429
    fail,   ///< creates it, and it fails with ELQ-00107
};

/// In which zone filters read times that they compare with the service's own times.
enum class literal_zone {
    as_exported, ///< in that of the exported times
    utc,
    us_eastern, ///< a local time that is ambiguous is daylight saving time
    /// As above, but a local time that is ambiguous is standard time, and one that does not exist
    /// is daylight saving time.
    us_eastern_standard,
};

/// Options of a `simulator`. "Unknown" marks behaviour of the real service that nobody has
/// documented. The default is then a guess, and the option lets you test a client against the
/// alternative.
struct simulator_options {
    // Users and addresses.

    std::string company = "Company"; ///< of the credentials; also the name of the site
    std::int64_t site = 4211;        ///< number of the site, as the login service returns it
    /// @{
    /// Of the credentials that are accepted.
    std::string user = "user";
    std::string password = "secret";
    /// @}
    /// Origin returned by `/id` for a request to login.eloqua.com. For any other host, `/id`
    /// returns the origin of the request, where a listener can be reached.
    std::string pod = "https://secure.p03.eloqua.com";

    /// Whether to start with one of each object that the API lists: contact list 101, segment 201,
    /// filter 301, account list 401, e-mail group 11, scoring model 1, import priority 1, custom
    /// object 501 and event 601; and with
    /// {{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}} for contacts,
    /// campaign responses and the custom object. They have no members and no records.
    bool samples = true;

    // OAuth. Register applications with `simulator::add_application`.

    /// How long an access token is accepted.
    std::chrono::seconds access_token_life = std::chrono::hours(8);
    /// Unless it is used earlier.
    std::chrono::seconds refresh_token_life = std::chrono::days(365);
    std::chrono::seconds authorization_code_life = std::chrono::minutes(10); ///< unknown
    /// Whether using a refresh token immediately invalidates the access token that came with it,
    /// as was the case before release 26B.
    bool refresh_ends_access_token = false;
    /// False: users refuse consent at the authorization endpoint.
    bool user_consents = true;
    /// False: responses to refreshes contain no refresh token, and the used one stays valid. The
    /// documented service does not do so.
    bool rotates_refresh_tokens = true;
    std::string token_type = "bearer"; ///< its letter case is unknown
    /// Status of refusals by the token endpoint, except for `invalid_client`, which is 401.
    /// Unknown.
    int token_refusal_status = 400;

    // Time.

    /// True: time advances only by `simulator::wait` and `simulator::advance`. False: uses the
    /// machine's clock, for a simulator behind a listener.
    bool simulated_clock = true;
    /// The time at the start. Empty: 2025-06-02 09:00 UTC on the simulated clock, otherwise the
    /// machine's time.
    std::optional<timestamp> start_time;
    std::chrono::nanoseconds sync_pending = std::chrono::seconds(1); ///< before a sync starts
    std::chrono::nanoseconds sync_active = std::chrono::seconds(2);  ///< from start to end
    std::chrono::nanoseconds sync_active_per_row{0}; ///< additional time for each row

    // Syncs and definitions.

    /// False: a second sync of a definition is refused with 409 while one is pending or active.
    /// Unknown; the documentation only advises against it.
    bool allow_concurrent_syncs = true;
    /// @{
    /// Maximum numbers of syncs within an hour. See `simulator::syncs_over_limit`.
    std::int64_t export_syncs_per_hour = limits::export_syncs_per_hour;
    std::int64_t import_syncs_per_hour = limits::import_syncs_per_hour;
    std::int64_t sync_action_syncs_per_hour = limits::sync_action_syncs_per_hour;
    /// @}
    /// What happens to syncs above these limits. According to the documentation they are slower,
    /// and Oracle may act. How much slower, and what Oracle does, is unknown.
    rule_response over_limit = rule_response::ignore;
    /// What happens to the sync of an activity export while another one is pending or active. See
    /// `simulator::overlapping_activity_exports`. Unknown: the documentation only says that
    /// activities are to be exported one after another.
    rule_response overlapping_activities = rule_response::ignore;
    /// Additional time before the start of a sync for `rule_response::delay`.
    std::chrono::seconds rule_delay = std::chrono::minutes(10);
    /// Whether deleting an export definition makes the data of its syncs unreadable (404).
    /// Unknown; the documentation advises against deleting before everything is fetched.
    bool data_goes_with_definition = true;
    /// Whether the data of an export definition that was never synced is an empty page, rather
    /// than a 404. Unknown.
    bool unsynced_exports_have_data = true;
    /// Status for reading another user's data. The refusal is documented, but not its status.
    int foreign_data_status = 403;
    /// Status for reading a sync's data before its end. Unknown.
    int unfinished_data_status = 409;
    /// Whether a limit or offset out of range, or a `totalResults` that is neither true nor false,
    /// is refused with 400, rather than ignored. Unknown.
    bool refuses_bad_paging = true;
    /// Whether lists accept a limit of 1,001 to 50,000, and respond with at most 1,000 items and
    /// that `limit`; false: it is out of range. Unknown: one description of the service allows
    /// 1,000 for lists, the other one 50,000 everywhere.
    bool lowers_list_limits = true;
    /// Status of a sync of an import or of sync actions for which nothing was staged. The severity
    /// in its log is the same. Unknown.
    sync_status nothing_staged_status = sync_status::warning;
    /// Severity of the log entry for a column of the definition that is missing in a request of
    /// rows (ELQ-00121). The worst severity in its log determines a sync's status, so with
    /// `information` a sync without other problems ends in `success`. Unknown. A column that is
    /// missing in the definition (ELQ-00111) is a warning, as recorded syncs show.
    severity missing_column_severity = severity::warning;
    /// Default of `areSystemTimestampsInUTC`. The documentation states it, but not everywhere.
    bool timestamps_in_utc = true;
    /// Default of `isSyncTriggeredOnImport`. The documentation contradicts itself; recorded
    /// responses say false.
    bool sync_triggered_on_import = false;

    /// Whether to support the three operations that the contract declares although it calls them
    /// not valid: reading one field of campaigns, one field of campaign responses, and one import
    /// definition of phone numbers. False: 404. Unknown.
    bool answers_invalid_operations = true;

    // Filters.

    /// Accepts statements without quotes on the left of a comparison, and keywords in any letter
    /// case. Both spellings of the statement are documented; other letter case is unknown.
    bool lenient_filters = true;
    /// Whether export definitions are accepted as before release 19B, when filters could have any
    /// conditions beside a contact segment. A sync of such a definition ends in `error` with
    /// ELQ-00122, as documented. False: they are refused when they are created or replaced.
    bool definitions_before_segment_rule = false;
    /// How filters of exports with UTC times read times. Unknown: the documentation says in which
    /// zone times are exported, but not in which zone filters are read.
    literal_zone filter_times = literal_zone::as_exported;

    // Imports.

    /// Which of several rows with the same identifier is used: the last, or the first. Unknown.
    bool duplicates_keep_last = true;
    /// Whether pushed rows may contain numbers, booleans and null; otherwise such rows are
    /// malformed (ELQ-00032). Unknown; the contract requires text.
    bool takes_values_without_quotes = true;
    /// Whether times with more than three fractional digits, in rows and filters, are truncated to
    /// milliseconds; false: they are not valid times. Three digits are documented, the rest is
    /// unknown.
    bool cuts_fine_times = false;
    /// Whether times in rows and filters may be in the format of the service's resources,
    /// "2025-06-02T09:00:00.000Z"; false: only in the documented formats, with a space and without
    /// a zone. Unknown.
    bool takes_iso_times = false;
    /// Whether identifiers of contacts, accounts and other records are compared without regard to
    /// letter case, unless a property of the definition decides. Unknown.
    bool identifiers_ignore_case = true;
    /// Whether imports of events accept `{{Event[n].ExternalId}}`, as those of custom objects do.
    /// Unknown.
    bool event_imports_take_external_ids = true;
    /// Whether a row of a custom object with an unknown id or external id creates a record, with a
    /// new id, rather than being rejected with ELQ-00034. Unknown.
    bool other_ids_make_records = false;
    /// Whether the field lists of custom objects contain their system values. They do according to
    /// the documentation, which does not say in which form.
    bool custom_objects_list_system_values = true;
    /// @{
    /// Codes for rows of an `updateOnly` import that match nothing, and of a `createOnly` import
    /// that match something. Unknown; these fit by their messages.
    elq not_updated_reject = elq::unmatched_record;
    elq not_created_reject = elq::contact_already_exists;
    /// @}
    /// Whether `recordIndex` starts again with each request of rows. Unknown; by default it counts
    /// over all rows of the sync.
    bool record_index_per_request = false;
    /// When a new record gets the default value of a field. Unknown: the documentation says that
    /// fields have such values, but not what the API does with them.
    default_value_use default_values = default_value_use::not_given;
    /// How many matching records one row may update; if more match, the row is rejected with
    /// ELQ-00135. The existence of a limit is documented, its value is unknown.
    std::size_t multiple_match_limit = 1'000;
    /// Maximum number of requests of rows per sync; more make it fail with ELQ-00107. How the
    /// service fails is unknown.
    std::size_t requests_per_sync = 500;
    /// Maximum size of a request of rows in bytes; larger ones get 404.
    std::size_t request_bytes = 32'000'000;

    // Rules of entities.

    /// Maximum number of rows of an activity export; the rest is cut off.
    std::int64_t activity_export_rows = limits::rows_per_activity_export;
    /// Whether exports of activities require a filter by type. Unknown; all published examples
    /// have one.
    bool activity_exports_need_type = true;
    /// Whether exports of activities refuse fields that none of the types in their filter has.
    /// Unknown; if not, these fields are blank.
    bool activity_exports_refuse_other_fields = true;
    /// @{
    /// Names that imports of external activities and of their assets can use; others reject the
    /// row with ELQ-00070 and ELQ-00072. They are configured in each instance. All are exported
    /// with the type ExternalActivity; whether the real service uses another name is unknown.
    std::vector<std::string> external_activity_types{"ExternalActivity", "Attended Event",
                                                     "Visited Booth", "Called"};
    std::vector<std::string> external_asset_types{"Event", "Tradeshow", "Webinar", "Call"};
    /// @}
    /// Stages of opportunities; others reject the row with ELQ-00039. They are configured in each
    /// instance.
    std::vector<std::string> opportunity_stages{"Prospecting", "Qualification", "Proposal",
                                                "Negotiation", "Closed Won",    "Closed Lost"};
    /// Whether an import of opportunities without a mandatory field is refused, rather than each
    /// of its rows with ELQ-00061. Unknown.
    bool opportunity_imports_need_all_fields = false;
    /// Whether an import of e-mail addresses without a sync action is refused. Unknown; they have
    /// no other use.
    bool email_address_imports_need_action = true;
    /// Whether imports of phone numbers accept the sync actions of global subscription. What they
    /// do besides storing the numbers is unknown.
    bool phone_number_actions = false;
    /// Whether `importRule` is refused where it is not documented, for everything but contacts and
    /// accounts, rather than ignored. Unknown.
    bool refuse_undocumented_import_rule = false;
    /// Whether `nullIdentifierFieldName` clears the identifier of the records that it matched,
    /// rather than nothing. Unknown.
    bool null_identifier_blanks_field = false;
    // The staging area.

    /// Its size in kB; 0: unlimited.
    std::int64_t staging_kb = 0;
    /// How the service reports that the area is full. True: pushes of rows get 413, export
    /// definitions 412. False: they are accepted, and the sync fails with ELQ-00136. All three are
    /// documented, but not when each of them occurs. An export whose rows do not fit fails with
    /// ELQ-00136 in either case.
    bool quota_refuses_requests = true;

    // Callbacks.

    /// Called for the request that the service sends when a sync with a `callbackUrl` ends: a POST
    /// with the sync as JSON. That is a guess, as method and body are unknown. May send requests
    /// to the simulator. The request's body is valid only during the call.
    std::function<void(request const&)> on_callback;
    /// Whether a sync that ends at once (all times of syncs are 0) calls back before the response
    /// to its creation. The documentation warns of that; by default it calls immediately after.
    bool callback_before_answer = false;

    // Pages of rows.

    /// @{
    /// Booleans in exported rows; their spelling is unknown. Imports accept these two, and "true"
    /// and "false" in any letter case; filters also accept "yes", "no", "1" and "0".
    std::string true_text = "True";
    std::string false_text = "False";
    /// @}
    /// Uses a different order of rows for each page, so that paging repeats some and misses
    /// others. The real order is unknown, except that it is stable.
    bool shuffle_pages = false;

    /// Compresses responses for clients that accept gzip. Unknown.
    bool gzip = false;

    // Observed oddities, off by default.

    bool count_always_zero = false; ///< `count` is 0 although there are rows
    bool omit_empty_items = false;  ///< no `items` on an empty page
    /// Logs out of order, one without a message, and ELQ-00101 without the id of its sync.
    bool untidy_logs = false;
    /// Mapping `{{Activity.CreatedAt}}` twice in an export puts values into wrong columns. Other
    /// statements are not affected.
    bool shuffle_repeated_statements = false;

    /// Called first for every request. Its response is not changed, and gets no additional header
    /// fields.
    simulator_intercept intercept;
    /// The fault plan. Empty: no faults.
    std::optional<fault_plan> faults;
};

} // namespace eloqua::bulk
