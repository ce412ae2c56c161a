// SPDX-License-Identifier: BSL-1.0
/// \file
/// The kinds of tables that the simulated service keeps, and in what they differ.
#pragma once

#include <eloqua/bulk/schema/status_codes.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace eloqua::bulk::simulation {

enum class table_kind : unsigned char {
    contacts,
    accounts,
    activities,
    custom_object,
    event,
    campaign_responses,
    campaigns,
    opportunities,
    opportunity_contacts,
    email_addresses,
    phone_numbers
};

/// What an import does with a row.
enum class import_method : unsigned char {
    none,
    upsert, ///< updates the records that match, else creates one
    create, ///< creates always
    update, ///< updates the records that match, refuses the row else
    link    ///< links the records that two columns name
};

/// Records of other tables whose values a record's statements reach, `{{Contact.Account.Id}}`.
struct relations {
    bool account = false, contact = false, campaign = false;
};

/// In what the tables of one kind differ from others.
struct kind_rules {
    table_kind kind;
    std::string_view path; ///< "/contacts"; with a slash at the end an id follows
    std::string_view root; ///< of its statements; an id in brackets follows if one does in the path
    import_method imports;
    std::string_view things; ///< as logs call them
    /// Codes of log entries; without one there is no entry.
    std::optional<elq> created, updated, linked;
    relations to;
    std::string_view external_id; ///< what these begin with; empty: there are none
    bool sync_actions = false;    ///< on the rows of its imports and exports
    bool import_rule = false;     ///< `importRule` is documented for it
    bool data_cards = false;      ///< `mapDataCards` is
    bool has_id = false;          ///< there is one table for each object: path and root name its id
    bool makes_of_blanks =
        false; ///< rows with a blank id or external id as identifier make records
};

/// By number of the kind. Where the documentation has no code for what was created ("Total new
/// records" then counts it) or updated, or no text of an external id, this is a guess.
inline constexpr auto kind_table = [] {
    using enum import_method;
    using kind = table_kind;
    constexpr std::nullopt_t no = std::nullopt;
    std::array<kind_rules, 11> all{{
        {kind::contacts, "/contacts", "Contact", upsert, "Contacts", elq::contacts_created,
         elq::contacts_updated, no, relations{.account = true, .campaign = true}, "CELOQ"},
        {kind::accounts, "/accounts", "Account", upsert, "Accounts", elq::accounts_created,
         elq::accounts_updated, no, relations{}, "AELOQ"},
        {kind::activities, "/activities", "Activity", create, "Activities", elq::activities_created,
         no, no, relations{.contact = true, .campaign = true}, "ACELOQ"},
        {kind::custom_object, "/customObjects/", "CustomObject", upsert, "CustomObject data",
         elq::custom_object_data_created, elq::custom_object_data_updated,
         elq::custom_object_data_linked, relations{.account = true, .contact = true}, "DCELOQ"},
        {kind::event, "/events/", "Event", upsert, "Event data", elq::event_data_created,
         elq::event_data_updated, elq::event_data_linked,
         relations{.account = true, .contact = true}, "ERELOQ"},
        {kind::campaign_responses, "/campaignResponses", "CampaignResponse", update,
         "Campaign responses", no, no, no, relations{.campaign = true}, ""},
        {kind::campaigns, "/campaigns", "Campaign", none, "Campaigns", no, no, no, relations{}, ""},
        {kind::opportunities, "/opportunities", "Opportunity", upsert, "Opportunities",
         elq::new_records, no, no, relations{}, ""},
        {kind::opportunity_contacts, "/opportunities/contacts", "Opportunity", link, "Links",
         elq::new_records, no, no, relations{.account = true, .contact = true}, ""},
        {kind::email_addresses, "/emailAddresses", "EmailAddress", upsert, "Email addresses",
         elq::email_addresses_created, elq::email_addresses_updated, no, relations{}, ""},
        {kind::phone_numbers, "/phoneNumbers", "PhoneNumber", upsert, "Phone numbers",
         elq::new_records, no, no, relations{}, ""},
    }};
    for (kind const each : {kind::contacts, kind::accounts, kind::custom_object,
                            kind::email_addresses, kind::phone_numbers})
        all[static_cast<std::size_t>(each)].sync_actions = true;
    for (kind const each : {kind::contacts, kind::accounts})
        all[static_cast<std::size_t>(each)].import_rule = true;
    for (kind const each : {kind::custom_object, kind::event}) {
        all[static_cast<std::size_t>(each)].data_cards = true;
        all[static_cast<std::size_t>(each)].has_id = true;
        all[static_cast<std::size_t>(each)].makes_of_blanks = true;
    }
    return all;
}();

constexpr kind_rules const& rules_of(table_kind kind) {
    return kind_table[static_cast<std::size_t>(kind)];
}

static_assert([] {
    for (std::size_t i = 0; i != kind_table.size(); ++i)
        if (static_cast<std::size_t>(kind_table[i].kind) != i)
            return false;
    return true;
}());

} // namespace eloqua::bulk::simulation
