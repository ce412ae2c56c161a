// SPDX-License-Identifier: BSL-1.0
/// \file
/// How a simulated Eloqua behaves.
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

/// Answers a request in place of the service, or leaves it to it by returning nothing.
using simulator_intercept = std::function<std::optional<response>(request const&)>;

/// To which fields of new records imports give the default values that the fields have.
enum class default_value_use {
    never,
    not_given,          ///< if the row has no value for the field that could be stored
    not_given_or_blank, ///< also if it has a blank one
};

/// Options of a `simulator`. "Unknown" marks what nobody has documented of the real service; the
/// default is then a guess, and the option there to test a client against the other answer.
struct simulator_options {
    // Who may ask, and who answers.

    std::string company = "Company"; ///< of the credentials; the name of the site too
    std::int64_t site = 4211;        ///< number of the site, as the login service tells it
    std::string user = "user";
    std::string password = "secret";
    /// Origin named by `/id` if it was asked at login.eloqua.com. Asked anywhere else, `/id` names
    /// the origin it was asked at, which is where a listener can be reached.
    std::string pod = "https://secure.p03.eloqua.com";

    /// Begins with one of each thing that the API lists: contact list 101, segment 201, filter 301,
    /// account list 401, e-mail group 11, scoring model 1, import priority 1, custom object 501 and
    /// event 601; and with {{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}}
    /// for contacts, campaign responses and the custom object. They have no members and no records.
    /// False: with none.
    bool samples = true;

    // OAuth. The applications are named by `simulator::add_application`.

    std::chrono::seconds access_token_life = std::chrono::hours(8);
    std::chrono::seconds refresh_token_life = std::chrono::days(365); ///< unless it is used before
    std::chrono::seconds authorization_code_life = std::chrono::minutes(10); ///< unknown
    /// Whether using a refresh token ends the access token that came with it at once: so it was
    /// before release 26B.
    bool refresh_ends_access_token = false;
    /// False: whoever is asked at the authorization endpoint says no.
    bool user_consents = true;
    /// False: answers to refreshes name no refresh token, and the one used stays good. The
    /// documented service does not behave so.
    bool rotates_refresh_tokens = true;
    std::string token_type = "bearer"; ///< its letter case is unknown
    /// Status of refusals of the token endpoint, but for `invalid_client`, which is 401. Unknown.
    int token_refusal_status = 400;

    // Time.

    /// True: time stands still but for `simulator::wait` and `simulator::advance`. False: the
    /// machine's clock, for a simulator behind a listener.
    bool simulated_clock = true;
    /// Time of day at the start. Empty: 2025-06-02 09:00 UTC on the simulated clock, else the
    /// machine's.
    std::optional<timestamp> start_time;
    std::chrono::nanoseconds sync_pending = std::chrono::seconds(1); ///< before a sync starts
    std::chrono::nanoseconds sync_active = std::chrono::seconds(2);  ///< from start to end
    std::chrono::nanoseconds sync_active_per_row{0};                 ///< added for each row

    // Syncs and definitions.

    /// A second sync of a definition while one is pending or active: false refuses it with 409.
    /// Unknown; the documentation only advises against it.
    bool allow_concurrent_syncs = true;
    /// Whether deleting an export definition makes the data of its syncs unreadable (404).
    /// Unknown; the documentation advises against deleting before everything is fetched.
    bool data_goes_with_definition = true;
    /// Whether the data of an export definition that was never synced is a page without rows,
    /// rather than a 404. Unknown.
    bool unsynced_exports_have_data = true;
    /// Status that answers the reading of another user's data. That it is refused is documented,
    /// how is unknown.
    int foreign_data_status = 403;
    /// Status that answers the reading of a sync's data before its end. Unknown.
    int unfinished_data_status = 409;
    /// Whether a limit or offset out of range, or a `totalResults` that is neither true nor false,
    /// is refused with 400, rather than passed over. Unknown.
    bool refuses_bad_paging = true;
    /// Whether lists take a limit of 1,001 to 50,000, and answer with at most 1,000 items and that
    /// `limit`; false: it is out of range. Unknown: one description of the service allows 1,000 for
    /// lists, the other one 50,000 everywhere.
    bool lowers_list_limits = true;
    /// How a sync of an import or of sync actions ends for which nothing was staged; its log says
    /// so with the same severity. Unknown.
    sync_status nothing_staged_status = sync_status::warning;
    /// Severity of the log entry for a column of the definition that a request of rows lacks
    /// (ELQ-00121). A sync ends by the worst severity in its log, so `information` lets one end in
    /// `success` that has nothing worse. Unknown. A column that the definition lacks (ELQ-00111) is
    /// a warning, as recorded syncs show.
    severity missing_column_severity = severity::warning;
    /// Default of `areSystemTimestampsInUTC`. The documentation gives one, but not everywhere.
    bool timestamps_in_utc = true;
    /// Default of `isSyncTriggeredOnImport`. Documented both ways; captured answers say false.
    bool sync_triggered_on_import = false;

    /// Answers the three operations that the contract declares although it calls them not valid:
    /// reading one field of campaigns, one field of campaign responses, and one import definition
    /// of phone numbers. False: 404. Unknown.
    bool answers_invalid_operations = true;

    // Filters.

    /// Takes statements without quotes on the left of a comparison, and keywords in any letter
    /// case. Both spellings of the statement are documented; other letter case is unknown.
    bool lenient_filters = true;
    /// Whether definitions of exports are taken as before release 19B, when filters could have any
    /// conditions beside a contact segment. A sync of such a definition ends in `error` with
    /// ELQ-00122, as is documented. False: they are refused when they are made or replaced.
    bool definitions_before_segment_rule = false;

    // Imports.

    /// Which of the rows with one identifier is taken: the last, or the first. Unknown.
    bool duplicates_keep_last = true;
    /// Whether pushed rows may have numbers, booleans and null; else such rows are malformed
    /// (ELQ-00032). Unknown; the contract asks for texts.
    bool takes_values_without_quotes = true;
    /// Whether times with more than three digits of fraction, in rows and filters, are cut to
    /// milliseconds; false: they are not times. Three digits are documented, the rest is unknown.
    bool cuts_fine_times = false;
    /// Whether times in rows and filters may be as the service writes those of its resources,
    /// "2025-06-02T09:00:00.000Z"; false: only in the documented forms, with a space and without a
    /// zone. Unknown.
    bool takes_iso_times = false;
    /// Whether identifiers of contacts, accounts and other records are compared without regard to
    /// letter case, where no property of the definition says. Unknown.
    bool identifiers_ignore_case = true;
    /// Whether imports of events take `{{Event[n].ExternalId}}`, as those of custom objects do.
    /// Unknown.
    bool event_imports_take_external_ids = true;
    /// Whether a row of a custom object whose id or external id is no record's makes one, with an
    /// id of its own, rather than being rejected with ELQ-00034. Unknown.
    bool other_ids_make_records = false;
    /// Whether the lists of the fields of custom objects hold their system values. They do by the
    /// documentation, which does not say in which form.
    bool custom_objects_list_system_values = true;
    /// Codes that reject a row of an `updateOnly` import which matches nothing, and of a
    /// `createOnly` import which matches something. Unknown; these fit by their words.
    elq not_updated_reject = elq::unmatched_record;
    elq not_created_reject = elq::contact_already_exists;
    /// Whether `recordIndex` starts anew with each request of rows. Unknown; by default it counts
    /// over all rows of the sync.
    bool record_index_per_request = false;
    /// When a new record gets the default value of a field. Unknown: that fields have such values
    /// is documented, what the API does with them is not.
    default_value_use default_values = default_value_use::not_given;
    /// Records that one row may update if several match; more reject the row with ELQ-00135. That
    /// there is such a limit is documented, its number is unknown.
    std::size_t multiple_match_limit = 1'000;
    /// Requests of rows that one sync takes; more fail it with ELQ-00107. How the service fails is
    /// unknown.
    std::size_t requests_per_sync = 500;
    /// Bytes of a request of rows; larger ones are answered 404.
    std::size_t request_bytes = 32'000'000;

    // Rules of entities.

    /// Rows of an export of activities; further ones are cut off.
    std::int64_t activity_export_rows = limits::rows_per_activity_export;
    /// Whether exports of activities must be filtered by type. Unknown; all published ones are.
    bool activity_exports_need_type = true;
    /// Whether exports of activities refuse fields that none of the types in their filter has.
    /// Unknown; if not, these fields are blank.
    bool activity_exports_refuse_other_fields = true;
    /// Names that imports of external activities and of their assets can have; others reject the
    /// row with ELQ-00070 and ELQ-00072. They are set up in each instance. All are exported as the
    /// type ExternalActivity; whether the real service names the type otherwise is unknown.
    std::vector<std::string> external_activity_types{"ExternalActivity", "Attended Event",
                                                     "Visited Booth", "Called"};
    std::vector<std::string> external_asset_types{"Event", "Tradeshow", "Webinar", "Call"};
    /// Stages of opportunities; others reject the row with ELQ-00039. They are set up in each
    /// instance.
    std::vector<std::string> opportunity_stages{"Prospecting", "Qualification", "Proposal",
                                                "Negotiation", "Closed Won",    "Closed Lost"};
    /// Whether an import of opportunities is refused if it lacks a mandatory field, rather than
    /// each of its rows with ELQ-00061. Unknown.
    bool opportunity_imports_need_all_fields = false;
    /// Whether an import of e-mail addresses is refused if it has no sync action. Unknown; they
    /// have no other use.
    bool email_address_imports_need_action = true;
    /// Whether imports of phone numbers take the sync actions of global subscription. What they do
    /// besides keeping the numbers is unknown.
    bool phone_number_actions = false;
    /// Whether `importRule` is refused where it is not documented, for all but contacts and
    /// accounts, rather than ignored. Unknown.
    bool refuse_undocumented_import_rule = false;
    /// Whether `nullIdentifierFieldName` blanks the identifier of the records that were matched by
    /// it, rather than nothing. Unknown.
    bool null_identifier_blanks_field = false;
    // The staging area.

    /// Its size in kB; 0 for no limit.
    std::int64_t staging_kb = 0;
    /// How it is told that the area is full. True: pushes of rows are answered 413, definitions of
    /// exports 412. False: they are taken, and the sync fails with ELQ-00136. All three are
    /// documented, which of them comes when is unknown. An export whose rows do not fit fails with
    /// ELQ-00136 in either case.
    bool quota_refuses_requests = true;

    // Callbacks.

    /// Called for the request that the service makes when a sync with a `callbackUrl` ends: a POST
    /// with the sync as JSON, which is a guess, as method and body are unknown. May ask the
    /// simulator in turn. The request's body is valid during the call only.
    std::function<void(request const&)> on_callback;
    /// Whether a sync that ends at once (all times of syncs are 0) calls back before its creation
    /// is answered. The documentation warns of that; by default it calls right after.
    bool callback_before_answer = false;

    // Pages of rows.

    /// Booleans in exported rows; their spelling is unknown. Imports take these two, and "true" and
    /// "false" in any letter case; filters take "yes", "no", "1" and "0" besides.
    std::string true_text = "True";
    std::string false_text = "False";
    /// Another order of the rows on each page, so that paging repeats some and misses others. The
    /// order is unknown but for being stable.
    bool shuffle_pages = false;

    /// Compresses answers for clients that take gzip. Unknown.
    bool gzip = false;

    // Oddities that were observed, off by default.

    bool count_always_zero = false; ///< `count` is 0 beside rows
    bool omit_empty_items = false;  ///< no `items` on a page without any
    /// Logs out of order, one without a message, and ELQ-00101 without the id of its sync.
    bool untidy_logs = false;
    /// Mapping `{{Activity.CreatedAt}}` twice in an export puts values under wrong columns. Other
    /// statements do no harm.
    bool shuffle_repeated_statements = false;

    /// Asked first about every request. What it answers is not changed, and gets no field besides
    /// its own.
    simulator_intercept intercept;
    /// What goes wrong. Without one, nothing does.
    std::optional<fault_plan> faults;
};

} // namespace eloqua::bulk
