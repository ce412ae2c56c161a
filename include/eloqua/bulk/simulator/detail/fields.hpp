// SPDX-License-Identifier: BSL-1.0
/// \file
/// The fields that every instance has, and a parser for the statements that name them.
///
/// The fields of activities, and which activity types have them, follow the documentation and
/// published exports. Those of text messages are unknown: here they are the fields that all
/// activities with a contact and an asset have.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/list.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// One segment of a statement: `Id`, `Field(C_City)`, `CustomObject[172]`.
struct segment {
    std::string_view name;
    std::string_view text;                   ///< in parentheses
    std::optional<std::int64_t> number = {}; ///< in brackets

    bool plain() const { return text.empty() && !number; }
    bool is(std::string_view n) const { return plain() && name == n; }
};

/// Parses `{{a.b(c).d[1]}}`. Empty for any other text. The segments are views of `statement`.
inline std::optional<std::vector<segment>> parse_statement(std::string_view statement) {
    if (!statement.starts_with("{{") || !statement.ends_with("}}") || statement.size() < 5)
        return std::nullopt;
    statement = statement.substr(2, statement.size() - 4);
    auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    auto word = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    std::vector<segment> path;
    for (;;) {
        segment next;
        std::size_t n = 0;
        while (n != statement.size() && word(statement[n]))
            ++n;
        next.name = statement.substr(0, n);
        if (n == 0 || !letter(statement[0]))
            return std::nullopt;
        statement.remove_prefix(n);
        if (!statement.empty() && (statement[0] == '(' || statement[0] == '[')) {
            bool const named = statement[0] == '(';
            std::size_t const close = statement.find(named ? ')' : ']');
            if (close == statement.npos || close == 1)
                return std::nullopt;
            std::string_view const inside = statement.substr(1, close - 1);
            if (named) {
                next.text = inside;
            } else {
                std::int64_t number = 0;
                if (!read_integer(inside, number) || number <= 0)
                    return std::nullopt;
                next.number = number;
            }
            statement.remove_prefix(close + 1);
        }
        path.push_back(next);
        if (statement.empty())
            return path;
        if (statement[0] != '.')
            return std::nullopt;
        statement.remove_prefix(1);
    }
}

/// A set of activity types: one bit for each type's number.
using activity_types = std::uint32_t;
inline constexpr activity_types all_activity_types =
    (1u << boost::mp11::mp_size<boost::describe::describe_enumerators<activity_type>>::value) - 1;
constexpr activity_types only(activity_type type) {
    return 1u << static_cast<unsigned>(type);
}

/// The source of a value in an export, import or filter.
struct column {
    enum class source : unsigned char {
        stored,
        id,
        external_id,
        created_at,
        updated_at,
        is_subscribed,
        is_bounced,
        email_format
    };
    /// The record that has the value.
    enum class owner : unsigned char { self, account, contact, campaign };
    /// Where its statement is valid.
    enum class use : unsigned char {
        any,
        linked_users, ///< in imports with `linkUsers`
        app_exports   ///< in exports filtered by the STATUS of an app's execution
    };

    source from = source::stored;
    owner of = owner::self;
    use where = use::any;
    std::size_t field = 0; ///< index in its table
    data_type type = data_type::string;
    bool read_only = true;
    bool unique = false;
    bool required = false;
    bool large_text = false;
    activity_types types = all_activity_types; ///< that have it
};

/// Converts a value to one of a type, or to a blank.
using value_fitting = void (*)(std::string&);

/// A field of a table, or another value with a statement.
struct table_field {
    field_definition definition;
    std::int64_t number = 0; ///< its id
    column::source from = column::source::stored;
    column::owner of = column::owner::self;
    column::use where = column::use::any;
    update_rule rule = update_rule::always; ///< the effect of `useFieldRule` on it
    bool listed = true;                     ///< false: not a field that the service lists
    bool large_text = false;
    activity_types types = all_activity_types; ///< for activities: types that have it
    /// Converts a population's value for it to its type. Null: no conversion needed.
    value_fitting fit = nullptr;

    column as_column(std::size_t index) const {
        column made;
        made.from = from;
        made.of = of;
        made.where = where;
        made.field = index;
        made.type = definition.dataType->known().value_or(data_type::string);
        made.read_only = definition.hasReadOnlyConstraint.value_or(false);
        made.unique = definition.hasUniquenessConstraint.value_or(false);
        made.required = definition.hasNotNullConstraint.value_or(false);
        made.large_text = large_text;
        made.types = types;
        return made;
    }
};

/// A field with everything that the service reports. `base_path` is for example "/contacts";
/// `statement` is the whole statement.
inline table_field make_field(std::string_view base_path, std::int64_t number, std::string name,
                              std::string internal_name, data_type type, std::string statement) {
    table_field made;
    made.number = number;
    field_definition& d = made.definition;
    d.name = std::move(name);
    d.internalName = std::move(internal_name);
    d.dataType = type;
    d.hasReadOnlyConstraint = d.hasNotNullConstraint = d.hasUniquenessConstraint = false;
    d.statement = std::move(statement);
    d.uri = std::string(base_path) + "/fields/" + std::to_string(number);
    return made;
}

/// Creates fields of one entity, with ids from `first`.
class field_list {
public:
    field_list(std::string_view base_path, std::string_view root, std::int64_t first)
        : path_(base_path), root_(root), next_(first) {}

    /// Continues with ids from here.
    field_list& from(std::int64_t number) {
        next_ = number;
        return *this;
    }
    /// `{{Root.Field(internal_name)}}`
    table_field& add(std::string name, std::string internal_name,
                     data_type type = data_type::string) {
        std::string path = "Field(" + internal_name + ")";
        return add_at(std::move(path), std::move(name), std::move(internal_name), type);
    }
    /// `{{Root.path}}`
    table_field& add_at(std::string path, std::string name, std::string internal_name,
                        data_type type = data_type::string) {
        fields_.push_back(make_field(path_, next_++, std::move(name), std::move(internal_name),
                                     type, "{{" + std::string(root_) + '.' + path + "}}"));
        return fields_.back();
    }
    void add_computed(std::string name, std::string internal_name, data_type type,
                      column::source from) {
        read_only(add(std::move(name), std::move(internal_name), type)).from = from;
    }
    /// A value that has a statement but is not a field: `{{Root.path}}`. Its internal name, for
    /// those who set it, is the path.
    table_field& add_value(std::string path, data_type type,
                           column::source from = column::source::stored) {
        fields_.push_back(
            make_field(path_, 0, path, path, type, "{{" + std::string(root_) + '.' + path + "}}"));
        fields_.back().listed = false;
        fields_.back().from = from;
        return read_only(fields_.back());
    }
    static table_field& read_only(table_field& f) {
        f.definition.hasReadOnlyConstraint = true;
        return f;
    }
    static table_field& required(table_field& f) {
        f.definition.hasNotNullConstraint = true;
        return f;
    }
    std::vector<table_field> take() { return std::move(fields_); }
    /// As above, with the dates of fields that were created with the instance.
    std::vector<table_field> take_dated() {
        for (table_field& each : fields_)
            each.definition.createdAt = each.definition.updatedAt =
                timestamp(std::chrono::sys_days(std::chrono::year(1900) / 1 / 1)) +
                std::chrono::hours(5);
        return take();
    }

private:
    std::string_view path_, root_;
    std::int64_t next_;
    std::vector<table_field> fields_;
};

inline void add_system_values(field_list& list) {
    list.add_value("Id", data_type::number, column::source::id);
    list.add_value("CreatedAt", data_type::date, column::source::created_at);
    list.add_value("UpdatedAt", data_type::date, column::source::updated_at);
}

/// The ids: those of the address, the names, the company and the display name (100001 to 100005)
/// are published with the internal names. Published contacts show that 100032 is the Eloqua contact
/// id, and which ids exist: eleven between the display name and the salutation, 100017, which would
/// be the fields from the address to the title. 100023, 100024, 100033 and 100047 match the order
/// in which others list the fields. The lead weight's is an example in the documentation. Those of
/// the salesperson, the last visit and the two dates are guesses.
inline std::vector<table_field> standard_contact_fields() {
    field_list list("/contacts", "Contact", 100'001);
    list.add("Email Address", "C_EmailAddress", data_type::emailAddress)
        .definition.hasUniquenessConstraint = true;
    list.add("First Name", "C_FirstName");
    list.add("Last Name", "C_LastName");
    list.add("Company", "C_Company");
    list.add("Email Display Name", "C_EmailDisplayName");
    list.add("Address 1", "C_Address1");
    list.add("Address 2", "C_Address2");
    list.add("Address 3", "C_Address3");
    list.add("City", "C_City");
    list.add("State or Province", "C_State_Prov");
    list.add("Zip or Postal Code", "C_Zip_Postal");
    list.add("Country", "C_Country");
    list.add("Business Phone", "C_BusPhone");
    list.add("Mobile Phone", "C_MobilePhone");
    list.add("Fax", "C_Fax");
    list.add("Title", "C_Title");
    list.from(100'018).add("Salesperson", "C_Salesperson");
    list.from(100'023).add("SFDC Contact ID", "C_SFDCContactID");
    list.add("SFDC Lead ID", "C_SFDCLeadID");
    list.from(100'033).add("SFDC Account ID", "C_SFDCAccountID");
    list.from(100'231).add("Lead Weight", "C_Lead_Weight1", data_type::number);
    list.from(100'047).add("Annual Revenue", "C_Annual_Revenue1", data_type::number);
    list.from(100'232).add("Last Visit", "C_Last_Visit", data_type::date);
    list.from(100'026).add_computed("Date Created", "C_DateCreated", data_type::date,
                                    column::source::created_at);
    list.add_computed("Date Modified", "C_DateModified", data_type::date,
                      column::source::updated_at);
    list.from(100'032).add_computed("Eloqua Contact ID", "ContactIDExt", data_type::string,
                                    column::source::external_id);
    add_system_values(list);
    list.add_value("Email.IsSubscribed", data_type::boolean, column::source::is_subscribed);
    list.add_value("Email.IsBounced", data_type::boolean, column::source::is_bounced);
    list.add_value("Email.Format", data_type::string, column::source::email_format);
    return list.take_dated();
}

/// The ids of the name, 100085, and of the country, 100088, are published; the others are guesses.
inline std::vector<table_field> standard_account_fields() {
    field_list list("/accounts", "Account", 100'085);
    list.add("Company Name", "M_CompanyName");
    list.from(100'089).add("Address 1", "M_Address1");
    list.add("Address 2", "M_Address2");
    list.add("City", "M_City");
    list.add("State or Province", "M_State_Prov");
    list.add("Zip or Postal Code", "M_Zip_Postal");
    list.from(100'088).add("Country", "M_Country");
    list.from(100'094).add("Business Phone", "M_BusPhone");
    list.add("SFDC Account ID", "M_SFDCAccountID");
    list.add("Employees", "M_Employees1", data_type::number);
    list.add_computed("Date Created", "M_DateCreated", data_type::date, column::source::created_at);
    list.add_computed("Date Modified", "M_DateModified", data_type::date,
                      column::source::updated_at);
    list.add_computed("Eloqua Company ID", "CompanyIDExt", data_type::string,
                      column::source::external_id);
    add_system_values(list);
    for (char const* const each :
         {"CRMOSCUserId", "CRMSfdcUserId", "CRMMSDUserId", "CRMSODUserId"}) {
        table_field& f = list.add_value("User.Field(" + std::string(each) + ")", data_type::string);
        f.definition.hasReadOnlyConstraint = false;
        f.where = column::use::linked_users;
    }
    return list.take_dated();
}

/// The values that records of an event have in addition to its own fields.
inline std::vector<table_field> standard_event_values(std::string_view path,
                                                      std::string_view root) {
    field_list list(path, root, 1);
    add_system_values(list);
    list.add_value("ExternalId", data_type::string, column::source::external_id)
        .definition.hasReadOnlyConstraint = false;
    return list.take();
}

/// As above, for a custom object. Its list of fields includes these values. Clients rely on the
/// statements and internal names; numbers, names and constraints are guesses.
inline std::vector<table_field> standard_object_values(std::string_view path,
                                                       std::string_view root) {
    field_list list(path, root, 100'101);
    list.add_at("Id", "Record ID", "Id", data_type::number).from = column::source::id;
    list.add_at("ExternalId", "External ID", "DataCardIDExt").from = column::source::external_id;
    field_list::read_only(list.add_at("CreatedAt", "Created At", "CreatedAt", data_type::date))
        .from = column::source::created_at;
    field_list::read_only(list.add_at("UpdatedAt", "Updated At", "UpdatedAt", data_type::date))
        .from = column::source::updated_at;
    return list.take();
}

/// The values of a lead-scoring model.
inline std::vector<table_field> lead_score_values(std::int64_t model) {
    field_list list("/contacts", "Contact", 1);
    std::string const path = "LeadScore.Model[" + std::to_string(model) + "].";
    list.add_value(path + "Rating", data_type::string);
    list.add_value(path + "ProfileScore", data_type::number);
    list.add_value(path + "EngagementScore", data_type::number);
    return list.take();
}

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

/// Fields with which an external activity is imported are writable, all others are read-only.
inline std::vector<table_field> standard_activity_fields() {
    namespace sets = activity_sets;
    using enum activity_type;
    using source = column::source;
    struct known {
        char const* internal;
        char const* name;
        data_type type;
        activity_types types;
        std::string_view path = {}; ///< empty: "Field(internal)"
        source from = source::stored;
        column::owner of = column::owner::self;
    };
    constexpr auto text = data_type::string, number = data_type::number, date = data_type::date;
    static constexpr known fields[] = {
        {"ActivityId", "Activity Id", number, all_activity_types, "Id", source::id},
        {"ActivityType", "Activity Type", text, all_activity_types, "Type"},
        {"ActivityDate", "Activity Date", date, all_activity_types, "CreatedAt",
         source::created_at},
        {"ExternalId", "External Id", text, all_activity_types, "ExternalId", source::external_id},
        {"ContactId", "Contact Id", number, all_activity_types, "Contact.Id", source::id,
         column::owner::contact},
        {"AssetType", "Asset Type", text, sets::asset, "Asset.Type"},
        {"AssetId", "Asset Id", number, sets::asset, "Asset.Id"},
        {"AssetName", "Asset Name", text, sets::asset, "Asset.Name"},
        {"CampaignId", "Campaign Id", number, sets::campaign, "Campaign.Id"},
        {"VisitorId", "Visitor Id", number, sets::visitor, "Visitor.Id"},
        {"VisitorExternalId", "Visitor External Id", text, sets::visitor, "Visitor.ExternalId"},
        {"CampaignResponseDate", "Campaign Response Date", date, sets::response,
         "CampaignResponse.CreatedAt"},
        {"CampaignResponseMemberStatus", "Campaign Response Member Status", text, sets::response,
         "CampaignResponse.Field(MemberStatus)"},
        {"EmailAddress", "Email Address", text, sets::email},
        {"EmailRecipientId", "Email Recipient Id", text, sets::email},
        {"SubjectLine", "Subject Line", text, sets::sent},
        {"EmailWebLink", "Email Web Link", text, sets::sent},
        {"EmailDeploymentId", "Email Deployment Id", number, sets::sent | only(Bounceback)},
        {"EmailSendType", "Email Send Type", text, sets::sent},
        {"EmailClickedThruLink", "Email Clicked Thru Link", text, only(EmailClickthrough)},
        {"IpAddress", "IP Address", text, sets::opened | sets::web},
        {"SmtpErrorCode", "SMTP Error Code", text, only(Bounceback)},
        {"SmtpStatusCode", "SMTP Status Code", text, only(Bounceback)},
        {"SmtpMessage", "SMTP Message", text, only(Bounceback)},
        {"RawData", "Raw Data", text, only(FormSubmit)},
        {"WebVisitId", "Web Visit Id", number, only(PageView)},
        {"Url", "Url", text, only(PageView)},
        {"ReferrerUrl", "Referrer Url", text, sets::web},
        {"IsWebTrackingOptedIn", "Is Web Tracking Opted In", text, only(PageView)},
        {"LinkedToContactDate", "Linked To Contact Date", date, sets::web},
        {"PageViewSavedId", "Page View Saved Id", number, only(PageView)},
        {"NumberOfPages", "Number Of Pages", number, only(WebVisit)},
        {"FirstPageViewUrl", "First Page View Url", text, only(WebVisit)},
        {"Duration", "Duration", text, only(WebVisit)},
        {"WebVisitSavedId", "Web Visit Saved Id", number, only(WebVisit)},
    };
    constexpr std::string_view writable[] = {"Type",       "CreatedAt",  "ExternalId",
                                             "Asset.Type", "Asset.Name", "Campaign.Id"};
    field_list list("/activities", "Activity", 1);
    for (known const& each : fields) {
        table_field& made = each.path.empty() ? list.add(each.name, each.internal, each.type)
                                              : list.add_at(std::string(each.path), each.name,
                                                            each.internal, each.type);
        made.definition.hasReadOnlyConstraint =
            std::ranges::find(writable, each.path) == std::end(writable);
        made.definition.uri = ""; // as in the service
        made.types = each.types;
        made.from = each.from;
        made.of = each.of;
    }
    return list.take();
}

/// As documented: ids from 38 on without times, and statements that do not follow the internal
/// names. Id, name, stage and amount are mandatory.
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

/// Ids of the two records that a link connects.
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
