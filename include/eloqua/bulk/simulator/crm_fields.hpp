// SPDX-License-Identifier: BSL-1.0
/// \file
/// The fields of campaigns, their responses, opportunities, e-mail addresses and phone numbers.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/simulator/standard_fields.hpp>
#include <eloqua/bulk/simulator/statements.hpp>

#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// As the documentation shows them: numbered from 38 and without times, statements that do not
/// follow the internal names. Id, name, stage and amount are mandatory.
inline std::vector<table_field> standard_opportunity_fields() {
    field_list list("/opportunities", "Opportunity", 38);
    list.required(list.add_at("Id", "Opportunity ID", "RemoteOpportunityID"));
    list.required(list.add_at("Field(Name)", "Opportunity Name", "OpportunityName"));
    list.add_at("Field(AccountName)", "Account Name", "AccountName");
    list.add_at("CreatedAt", "Created Date", "CreatedDate", data_type::date);
    list.required(list.add_at("Field(Amount)", "Amount", "Amount", data_type::number));
    list.add_at("Field(CloseDate)", "Close Date", "CloseDate", data_type::date);
    list.add_at("Field(Currency)", "Currency", "Currency");
    list.add_at("Field(ForecastToCloseDate)", "Forecast to Close Date", "ForecastToCloseDate",
                data_type::date);
    list.required(list.add_at("Field(Stage)", "Stage", "OpportunityStageID"));
    list.add_at("Field(Territory)", "Territory", "Territory");
    list.add_at("Field(Owner)", "Owner", "Owner");
    list.add_at("Field(PrimaryCampaignId)", "Primary Campaign ID", "PrimaryCampaignId");
    return list.take();
}

/// Ids of the records that a link joins.
inline std::vector<table_field> opportunity_link_values() {
    field_list list("/opportunities/contacts", "Opportunity", 1);
    list.add_value("OpportunityId", data_type::number);
    list.add_value("ContactId", data_type::number);
    list.add_value("AccountId", data_type::number);
    return list.take();
}

inline std::vector<table_field> standard_campaign_fields() {
    field_list list("/campaigns", "Campaign", 1);
    list.add("Campaign Name", "CampaignName");
    list.add("CRM Campaign ID", "CRMCampaignId");
    list.add("Campaign Type", "CampaignType");
    list.add("Product", "Product");
    list.add("Region", "Region");
    list.add("Start Date", "StartDate", data_type::date);
    list.add("End Date", "EndDate", data_type::date);
    list.add("Budgeted Cost", "BudgetedCost", data_type::number);
    list.add("Actual Cost", "ActualCost", data_type::number);
    list.add("Is Active", "IsActive", data_type::boolean);
    std::vector<table_field> fields = list.take_dated();
    for (table_field& each : fields)
        field_list::read_only(each);
    field_list values("/campaigns", "Campaign", 1);
    add_system_values(values);
    for (table_field& each : values.take())
        fields.push_back(std::move(each));
    return fields;
}

inline std::vector<table_field> standard_campaign_response_fields() {
    field_list list("/campaignResponses", "CampaignResponse", 1);
    table_field& id =
        list.add_at("Id", "Campaign Response ID", "CampaignResponseId", data_type::number);
    id.from = column::source::id;
    list.add("Member Status", "MemberStatus");
    list.add("Integration Return Value", "IntegrationReturnValue");
    list.read_only(list.add_at("Campaign.Id", "Campaign ID", "CampaignId", data_type::number));
    return list.take_dated();
}

inline std::vector<table_field> standard_email_address_fields() {
    field_list list("/emailAddresses", "EmailAddress", 1);
    list.add("Email Address", "EmailAddress", data_type::emailAddress)
        .definition.hasUniquenessConstraint = true;
    return list.take();
}

inline std::vector<table_field> standard_phone_number_fields() {
    field_list list("/phoneNumbers", "PhoneNumber", 1);
    list.add("Phone Number", "PhoneNumber").definition.hasUniquenessConstraint = true;
    return list.take();
}

} // namespace eloqua::bulk::simulation
