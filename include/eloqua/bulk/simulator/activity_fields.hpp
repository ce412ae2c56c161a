// SPDX-License-Identifier: BSL-1.0
/// \file
/// The fields of activities and which types of activities have them, as the documentation and
/// published exports show. Those of text messages are unknown: here they are the ones that all
/// activities with a contact and an asset have.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/simulator/standard_fields.hpp>
#include <eloqua/bulk/simulator/statements.hpp>

#include <string_view>
#include <vector>

namespace eloqua::bulk::simulation {

namespace activity_sets {
using enum activity_type;

inline constexpr activity_types sms = only(SmsSend) | only(SmsReply) | only(SmsClickthrough);
inline constexpr activity_types opened = only(EmailOpen) | only(EmailClickthrough);
inline constexpr activity_types sent = only(EmailSend) | opened;
inline constexpr activity_types subscriptions = only(Subscribe) | only(Unsubscribe);
inline constexpr activity_types web = only(PageView) | only(WebVisit);
inline constexpr activity_types email = sent | subscriptions | only(Bounceback);
inline constexpr activity_types visitor = opened | only(FormSubmit) | web;
inline constexpr activity_types asset = email | only(FormSubmit) | only(ExternalActivity) | sms;
inline constexpr activity_types campaign = asset | only(PageView);
inline constexpr activity_types response = sent | only(FormSubmit) | only(PageView);
} // namespace activity_sets

/// What an external activity is imported with can be written, all else is read only.
inline std::vector<table_field> standard_activity_fields() {
    namespace sets = activity_sets;
    using enum activity_type;
    using source = column::source;
    struct known {
        char const* path;
        char const* name;
        char const* internal;
        data_type type;
        activity_types types;
        source from = source::stored;
        column::owner of = column::owner::self;
    };
    constexpr auto text = data_type::string, number = data_type::number, date = data_type::date;
    static constexpr known fields[] = {
        {"Id", "Activity Id", "ActivityId", number, all_activity_types, source::id},
        {"Type", "Activity Type", "ActivityType", text, all_activity_types},
        {"CreatedAt", "Activity Date", "ActivityDate", date, all_activity_types,
         source::created_at},
        {"ExternalId", "External Id", "ExternalId", text, all_activity_types, source::external_id},
        {"Contact.Id", "Contact Id", "ContactId", number, all_activity_types, source::id,
         column::owner::contact},
        {"Asset.Type", "Asset Type", "AssetType", text, sets::asset},
        {"Asset.Id", "Asset Id", "AssetId", number, sets::asset},
        {"Asset.Name", "Asset Name", "AssetName", text, sets::asset},
        {"Campaign.Id", "Campaign Id", "CampaignId", number, sets::campaign},
        {"Visitor.Id", "Visitor Id", "VisitorId", number, sets::visitor},
        {"Visitor.ExternalId", "Visitor External Id", "VisitorExternalId", text, sets::visitor},
        {"CampaignResponse.CreatedAt", "Campaign Response Date", "CampaignResponseDate", date,
         sets::response},
        {"CampaignResponse.Field(MemberStatus)", "Campaign Response Member Status",
         "CampaignResponseMemberStatus", text, sets::response},
        {"Field(EmailAddress)", "Email Address", "EmailAddress", text, sets::email},
        {"Field(EmailRecipientId)", "Email Recipient Id", "EmailRecipientId", text, sets::email},
        {"Field(SubjectLine)", "Subject Line", "SubjectLine", text, sets::sent},
        {"Field(EmailWebLink)", "Email Web Link", "EmailWebLink", text, sets::sent},
        {"Field(EmailDeploymentId)", "Email Deployment Id", "EmailDeploymentId", number,
         sets::sent | only(Bounceback)},
        {"Field(EmailSendType)", "Email Send Type", "EmailSendType", text, sets::sent},
        {"Field(EmailClickedThruLink)", "Email Clicked Thru Link", "EmailClickedThruLink", text,
         only(EmailClickthrough)},
        {"Field(IpAddress)", "IP Address", "IpAddress", text, sets::opened | sets::web},
        {"Field(SmtpErrorCode)", "SMTP Error Code", "SmtpErrorCode", text, only(Bounceback)},
        {"Field(SmtpStatusCode)", "SMTP Status Code", "SmtpStatusCode", text, only(Bounceback)},
        {"Field(SmtpMessage)", "SMTP Message", "SmtpMessage", text, only(Bounceback)},
        {"Field(RawData)", "Raw Data", "RawData", text, only(FormSubmit)},
        {"Field(WebVisitId)", "Web Visit Id", "WebVisitId", number, only(PageView)},
        {"Field(Url)", "Url", "Url", text, only(PageView)},
        {"Field(ReferrerUrl)", "Referrer Url", "ReferrerUrl", text, sets::web},
        {"Field(IsWebTrackingOptedIn)", "Is Web Tracking Opted In", "IsWebTrackingOptedIn", text,
         only(PageView)},
        {"Field(LinkedToContactDate)", "Linked To Contact Date", "LinkedToContactDate", date,
         sets::web},
        {"Field(PageViewSavedId)", "Page View Saved Id", "PageViewSavedId", number, only(PageView)},
        {"Field(NumberOfPages)", "Number Of Pages", "NumberOfPages", number, only(WebVisit)},
        {"Field(FirstPageViewUrl)", "First Page View Url", "FirstPageViewUrl", text,
         only(WebVisit)},
        {"Field(Duration)", "Duration", "Duration", text, only(WebVisit)},
        {"Field(WebVisitSavedId)", "Web Visit Saved Id", "WebVisitSavedId", number, only(WebVisit)},
    };
    field_list list("/activities", "Activity", 1);
    for (known const& each : fields) {
        table_field& made = list.add_at(each.path, each.name, each.internal, each.type);
        std::string_view const path = each.path;
        made.definition.hasReadOnlyConstraint = path != "Type" && path != "CreatedAt" &&
                                                path != "ExternalId" && path != "Asset.Type" &&
                                                path != "Asset.Name" && path != "Campaign.Id";
        made.definition.uri = ""; // as the service shows it
        made.types = each.types;
        made.from = each.from;
        made.of = each.of;
    }
    return list.take();
}

} // namespace eloqua::bulk::simulation
