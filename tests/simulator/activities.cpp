// SPDX-License-Identifier: BSL-1.0
// Activities: fields by type, exports by type and time, imports of external ones.
#include "service_fixture.hpp"
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

using namespace simulator_tests;
using bulk::activity_type;

struct with_activities : service {
    explicit with_activities(simulator_options options = {}) : service(std::move(options)) {
        ana = eloqua.add_record("/contacts",
                                {{"C_EmailAddress", "ana@example.com"}, {"C_FirstName", "Ana"}});
        spring = eloqua.add_record("/campaigns",
                                   {{"CampaignName", "Spring"}, {"CRMCampaignId", "crm7"}});
        using namespace std::chrono;
        eloqua.add_activity(activity_type::EmailOpen, ana,
                            {{"AssetName", "June"}, {"CampaignId", std::to_string(spring)}},
                            sys_days(2025y / 6 / 1) + 10h);
        eloqua.add_activity(activity_type::EmailOpen, 0, {{"AssetName", "July"}},
                            sys_days(2025y / 7 / 1));
        eloqua.add_activity(activity_type::Bounceback, ana, {{"SmtpErrorCode", "550"}},
                            sys_days(2025y / 6 / 2));
    }
    std::int64_t ana = 0, spring = 0;

    answer make_export(std::string const& filter, std::string const& statement) {
        boost::json::object const definition{
            {"name", "a"}, {"fields", {{"x", statement}}}, {"filter", filter}};
        return post("/activities/exports", boost::json::serialize(definition));
    }
    /// One column of the activities that pass, or the error.
    std::string where(std::string const& filter, std::string const& statement) {
        answer const made = make_export(filter, statement);
        return made.status == 201
                   ? column(sync(made.at("uri")), "x")
                   : made.at("failures.0.field") + ": " + made.at("failures.0.constraint");
    }
    std::string external_import(std::string const& members = "") {
        return define("/activities/imports", R"({"name":"i","fields":{
            "e":"{{Activity.Contact.Field(C_EmailAddress)}}","type":"{{Activity.Type}}",
            "at":"{{Activity.CreatedAt}}","kind":"{{Activity.Asset.Type}}",
            "asset":"{{Activity.Asset.Name}}","campaign":"{{Activity.Campaign.Id}}"})" +
                                                 members + '}');
    }
};

char const opens[] = "'{{Activity.Type}}' = 'EmailOpen'";

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_activities)

BOOST_FIXTURE_TEST_CASE(exports_select_a_type_and_a_time, with_activities) {
    BOOST_TEST(where(opens, "{{Activity.Asset.Name}}") == "June,July");
    BOOST_TEST(where(std::string(opens) + " AND '{{Activity.CreatedAt}}' < '2025-06-30'",
                     "{{Activity.Asset.Name}}") == "June");
    BOOST_TEST(where(opens, "{{Activity.Type}}") == "EmailOpen,EmailOpen");
    BOOST_TEST(where(opens, "{{Activity.CreatedAt}}") ==
               "2025-06-01 10:00:00.000,2025-07-01 00:00:00.000");
    BOOST_TEST(where("'{{Activity.Type}}' = 'Bounceback'", "{{Activity.Field(SmtpErrorCode)}}") ==
               "550");
    BOOST_TEST(where("'{{Activity.Type}}' = 'FormSubmit'", "{{Activity.Id}}") == "");
}

BOOST_FIXTURE_TEST_CASE(values_of_the_contact_and_campaign_are_reached, with_activities) {
    BOOST_TEST(where(opens, "{{Activity.Contact.Id}}") == std::to_string(ana) + ",");
    BOOST_TEST(where(opens, "{{Activity.Contact.Field(C_FirstName)}}") == "Ana,");
    BOOST_TEST(where(opens, "{{Activity.Campaign.Id}}") == std::to_string(spring) + ",");
    BOOST_TEST(where(opens, "{{Activity.Campaign.Field(CampaignName)}}") == "Spring,");
    BOOST_TEST(where(opens, "{{Activity.Campaign.Field(CRMCampaignId)}}") == "crm7,");
}

BOOST_FIXTURE_TEST_CASE(exports_are_refused_by_the_rules, with_activities) {
    std::string const id = "{{Activity.Id}}";
    BOOST_TEST(where("'{{Activity.CreatedAt}}' > '2025-01-01'", id) ==
               "filter: Must select a type of activities.");
    BOOST_TEST(where("NOT '{{Activity.Type}}' = 'EmailOpen'", id) ==
               "filter: Must select a type of activities.");
    BOOST_TEST(where(opens + std::string(" AND '{{Activity.Contact.Field(C_City)}}' = 'Gent'"),
                     id) == "filter: Must not use fields of contacts.");
    BOOST_TEST(where("'{{Activity.Type}}' = 'SmsReply' AND "
                     "'{{Activity.Contact.Field(C_City)}}' = 'Gent'",
                     id) == "");
    BOOST_TEST(where(opens, "{{Activity.Field(SmtpErrorCode)}}") ==
               "fields: 'x' must be a field of the type of activities.");
    BOOST_TEST(where(opens, "{{Activity.Nothing}}") == "fields: Must be a valid statement.");
    BOOST_TEST(where("'{{Activity.Type}}' = 'EmailOpen' OR '{{Activity.Type}}' = 'Bounceback'",
                     "{{Activity.Field(SmtpErrorCode)}}") == ",,550");
}

BOOST_FIXTURE_TEST_CASE(an_export_has_ten_fields_of_contacts_at_most, with_activities) {
    boost::json::object fields;
    for (int i = 0; i != 10; ++i)
        fields["f" + std::to_string(i)] = "{{Activity.Contact.Field(C_City)}}";
    boost::json::object definition{{"name", "a"}, {"fields", fields}, {"filter", opens}};
    BOOST_TEST(post("/activities/exports", boost::json::serialize(definition)).status == 201);
    definition["fields"].as_object()["f10"] = "{{Activity.Contact.Field(C_City)}}";
    answer const refused = post("/activities/exports", boost::json::serialize(definition));
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.at("failures.0.constraint") ==
               "Must contain at most 10 fields of contacts.");
    answer const acting = post("/activities/exports",
                               R"({"name":"a","fields":{"x":"{{Activity.Id}}"},
        "filter":"'{{Activity.Type}}' = 'EmailOpen'",
        "syncActions":[{"action":"add","destination":"{{ContactList[101]}}"}]})");
    BOOST_TEST(acting.at("failures.0.field") == "syncActions");
}

BOOST_AUTO_TEST_CASE(undocumented_behaviour_of_exports_is_an_option) {
    simulator_options options;
    options.activity_exports_need_type = false;
    options.activity_exports_refuse_other_fields = false;
    with_activities s(options);
    BOOST_TEST(s.where("", "{{Activity.Type}}") == "EmailOpen,EmailOpen,Bounceback");
    BOOST_TEST(s.where(opens, "{{Activity.Field(SmtpErrorCode)}}") == ",");
}

BOOST_AUTO_TEST_CASE(an_export_is_cut_off_at_a_number_of_rows) {
    BOOST_TEST(simulator_options().activity_export_rows == 5'000'000);
    simulator_options options;
    options.activity_export_rows = 4;
    service s(options);
    s.eloqua.generate_activities({activity_type::PageView, 3});
    s.eloqua.generate_activities({activity_type::EmailSend, 6});
    std::string const of_type = R"({"name":"a","fields":{"x":"{{Activity.Id}}"},
        "filter":"'{{Activity.Type}}' = ')";
    std::string const many = s.sync(s.define("/activities/exports", of_type + R"(EmailSend'"})"));
    BOOST_TEST(s.column(many, "x") == "1004,1005,1006,1007");
    BOOST_TEST(s.log_of(many).find("00102:4") != std::string::npos);
    std::string const few = s.sync(s.define("/activities/exports", of_type + R"(PageView'"})"));
    BOOST_TEST(s.column(few, "x") == "1001,1002,1003");
}

BOOST_AUTO_TEST_CASE(millions_of_activities_cost_nothing) {
    service s;
    s.eloqua.generate_contacts(1'000);
    bulk::activity_series series{activity_type::EmailClickthrough, 3'000'000};
    s.eloqua.generate_activities(series);
    series.type = activity_type::PageView;
    series.count = 2'000'000;
    s.eloqua.generate_activities(series);
    BOOST_TEST(s.eloqua.count("/activities") == 5'000'000u);
    BOOST_TEST(s.eloqua.value("/activities", 3'001'000, "ActivityType") == "EmailClickthrough");
    BOOST_TEST(s.eloqua.value("/activities", 3'001'001, "ActivityType") == "PageView");
    BOOST_TEST(s.eloqua.value("/activities", 3'001'001, "ActivityDate") ==
               "2025-01-01 00:00:00.000");
    BOOST_TEST(s.eloqua.value("/activities", 5'001'000, "ActivityDate") ==
               "2025-01-24 03:33:19.000");
    BOOST_TEST(s.eloqua.value("/activities", 5'001'000, "SubjectLine") == "");
    std::int64_t const contact = std::stoll(s.eloqua.value("/activities", 1'234, "ContactId"));
    BOOST_TEST(s.eloqua.value("/activities", 1'234, "EmailAddress") ==
               s.eloqua.value("/contacts", contact, "C_EmailAddress"));
    s.eloqua.add_activity(activity_type::WebVisit, contact);
    BOOST_TEST(s.eloqua.value("/activities", 5'001'001, "ActivityType") == "WebVisit");
    BOOST_CHECK_THROW(s.eloqua.generate_activities(series), std::logic_error);
    BOOST_CHECK_THROW(s.eloqua.add_activity(activity_type::WebVisit, 5), std::out_of_range);
    BOOST_CHECK_THROW(s.eloqua.add_activity(activity_type::WebVisit, 0, {{"no", "x"}}),
                      std::invalid_argument);
}

BOOST_FIXTURE_TEST_CASE(fields_are_listed_by_type, with_activities) {
    answer const all = get("/activities/fields");
    answer const sent = get("/activities/fields?activityType=EmailSend");
    answer const clicked = get("/activities/fields?activityType=EmailClickthrough");
    BOOST_TEST(all.items() == 35u);
    BOOST_TEST(sent.items() == 17u);
    BOOST_TEST(clicked.items() == 21u);
    BOOST_TEST(get("/activities/fields?activityType=Nothing").items() == 0u);
    BOOST_TEST(all.at("items.0.statement") == "{{Activity.Id}}");
    BOOST_TEST(all.at("items.0.uri") == "");
    BOOST_TEST(all.at("items.0.hasReadOnlyConstraint") == "true");
    BOOST_TEST(all.at("items.1.hasReadOnlyConstraint") == "false");
    BOOST_TEST(sent.body.find("IpAddress") == std::string::npos);
    BOOST_TEST(clicked.body.find("{{Activity.Field(EmailClickedThruLink)}}") != std::string::npos);
    std::string types;
    for (std::size_t i = 0; i != all.items(); ++i)
        if (all.at("items." + std::to_string(i) + ".internalName") == "EmailClickedThruLink")
            types = all.at("items." + std::to_string(i) + ".activityTypes");
    BOOST_TEST(types == R"(["EmailClickthrough"])");
    for (std::size_t i = 0; i != clicked.items(); ++i) {
        std::string const statement = clicked.at("items." + std::to_string(i) + ".statement");
        BOOST_TEST(make_export("'{{Activity.Type}}' = 'EmailClickthrough'", statement).status ==
                       201,
                   statement);
    }
}

BOOST_FIXTURE_TEST_CASE(imports_create_external_activities, with_activities) {
    std::string const definition = external_import(R"(,"identifierFieldName":"e")");
    std::string const row =
        R"([{"e":"ANA@example.com","type":"Attended Event","at":"2025-05-01 12:00:00",
             "kind":"Event","asset":"Fair","campaign":")" +
        std::to_string(spring) + "\"}]";
    std::string const done = import(definition, row);
    BOOST_TEST(get(done).at("status") == "warning"); // for the identifier
    BOOST_TEST(log_of(done) == "00130:1 00137:0 00123:0 00001:1 00003:1 00069:1 00068:1 00101:0");
    BOOST_TEST(log_of(import(definition, row)) ==
               "00130:1 00137:0 00123:0 00001:1 00003:1 00069:1 00101:0");
    char const external[] = "'{{Activity.Type}}' = 'ExternalActivity'";
    BOOST_TEST(where(external, "{{Activity.Asset.Name}}") == "Fair,Fair");
    BOOST_TEST(where(external, "{{Activity.CreatedAt}}").substr(0, 19) == "2025-05-01 12:00:00");
    BOOST_TEST(where(external, "{{Activity.Contact.Field(C_FirstName)}}") == "Ana,Ana");
    BOOST_TEST(where(external, "{{Activity.Campaign.Field(CampaignName)}}") == "Spring,Spring");
}

BOOST_FIXTURE_TEST_CASE(rows_that_fit_nothing_are_refused, with_activities) {
    struct row {
        char const* what;
        char const* rows;
        char const* rejects;
    };
    static row const rows[] = {
        {"good", R"([{"e":"ana@example.com","type":"Called","kind":"Call","asset":"x"}])", ""},
        {"the same twice", R"([{"e":"ana@example.com","type":"Called"},
                               {"e":"ana@example.com","type":"Called"}])",
         ""},
        {"no such type", R"([{"e":"ana@example.com","type":"Danced"}])", "1:00070(type)"},
        {"no such asset", R"([{"e":"ana@example.com","type":"Called","kind":"Tree"}])",
         "1:00072(kind)"},
        {"no such campaign", R"([{"e":"ana@example.com","type":"Called","campaign":"77"}])",
         "1:00055(campaign)"},
        {"no such contact", R"([{"e":"bo@example.com","type":"Called"}])", "1:00085(e)"},
        {"no contact", R"([{"e":"","type":"Called"}])", "1:00061(e)"},
        {"no type", R"([{"e":"ana@example.com","asset":"x"}])", "1:00061(type)"},
        {"no address", R"([{"e":"ana","type":"Called"}])", "1:00002(e)"},
        {"no date", R"([{"e":"ana@example.com","type":"Called","at":"soon"}])", "1:00040(at)"},
    };
    std::string const definition = external_import();
    for (row const& each : rows)
        BOOST_TEST(rejects_of(import(definition, each.rows)) == each.rejects, each.what);
}

BOOST_FIXTURE_TEST_CASE(what_describes_an_activity_cannot_be_imported, with_activities) {
    for (char const* statement :
         {"{{Activity.Id}}", "{{Activity.Asset.Id}}", "{{Activity.Field(IpAddress)}}",
          "{{Activity.Visitor.Id}}", "{{Activity.Campaign.Field(CampaignName)}}"}) {
        boost::json::object const definition{{"name", "i"}, {"fields", {{"x", statement}}}};
        answer const refused = post("/activities/imports", boost::json::serialize(definition));
        BOOST_TEST(refused.at("failures.0.constraint") == "Must not be read only.", statement);
    }
}

BOOST_FIXTURE_TEST_CASE(every_type_has_the_documented_statements, with_activities) {
    std::string const of_all = "Id Type CreatedAt ExternalId Contact.Id ";
    std::string const asset = "Asset.Type Asset.Id Asset.Name Campaign.Id ";
    std::string const email = "Field(EmailAddress) Field(EmailRecipientId) ";
    std::string const sent = asset + email +
                             "Field(SubjectLine) Field(EmailWebLink) "
                             "Field(EmailDeploymentId) Field(EmailSendType) ";
    std::string const response = "CampaignResponse.CreatedAt CampaignResponse.Field(MemberStatus) ";
    std::string const visitor = "Visitor.Id Visitor.ExternalId ";
    std::string const open = sent + response + visitor + "Field(IpAddress) ";
    std::string const web = visitor + "Field(IpAddress) Field(ReferrerUrl) "
                                      "Field(LinkedToContactDate) ";
    struct row {
        char const* type;
        std::string statements; ///< that are listed and that exports accept
        std::string more = "";  ///< that exports also accept
    };
    row const rows[] = {
        {"EmailSend", sent + response},
        {"EmailOpen", open},
        {"EmailClickthrough", open + "Field(EmailClickedThruLink) "},
        {"Subscribe", asset + email},
        {"Unsubscribe", asset + email},
        {"Bounceback",
         asset + email +
             "Field(EmailDeploymentId) Field(SmtpErrorCode) Field(SmtpStatusCode) "
             "Field(SmtpMessage) ",
         "Campaign.Field(CRMCampaignId) Campaign.Field(CampaignName) "},
        {"FormSubmit", asset + response + visitor + "Field(RawData) "},
        {"PageView", web + response +
                         "Campaign.Id Field(WebVisitId) Field(Url) Field(IsWebTrackingOptedIn) "
                         "Field(PageViewSavedId) "},
        {"WebVisit", web + "Field(NumberOfPages) Field(FirstPageViewUrl) Field(Duration) "
                           "Field(WebVisitSavedId) "},
        {"ExternalActivity", asset, "Contact.Field(C_EmailAddress) "},
    };
    auto const split = [](std::string const& text) {
        std::set<std::string> parts;
        std::istringstream in(text);
        for (std::string part; in >> part;)
            parts.insert("{{Activity." + part + "}}");
        return parts;
    };
    auto const joined = [](std::set<std::string> const& parts) {
        std::string text;
        for (std::string const& each : parts)
            text += each + ' ';
        return text;
    };
    for (row const& each : rows) {
        std::string const type = each.type;
        answer const fields = get("/activities/fields?activityType=" + type);
        std::set<std::string> listed;
        for (std::size_t i = 0; i != fields.items(); ++i)
            listed.insert(fields.at("items." + std::to_string(i) + ".statement"));
        BOOST_TEST(joined(listed) == joined(split(of_all + each.statements)), type);
        for (std::string const& statement : split(of_all + each.statements + each.more))
            BOOST_TEST(make_export("'{{Activity.Type}}' = '" + type + "'", statement).status == 201,
                       type << statement);
    }
}

BOOST_FIXTURE_TEST_CASE(there_are_thirteen_types, with_activities) {
    BOOST_TEST(get("/activities/fields").at("items.0.activityTypes") ==
               R"(["EmailSend","EmailOpen","EmailClickthrough","Subscribe","Unsubscribe",)"
               R"("Bounceback","FormSubmit","PageView","WebVisit","ExternalActivity","SmsSend",)"
               R"("SmsReply","SmsClickthrough"])");
    for (char const* type : {"SmsSend", "SmsReply", "SmsClickthrough"})
        BOOST_TEST(get("/activities/fields?activityType=" + std::string(type)).items() > 4u, type);
}

BOOST_FIXTURE_TEST_CASE(external_ids_are_unique, with_activities) {
    std::set<std::string> ids;
    for (char const* type : {"EmailOpen", "Bounceback"}) {
        std::istringstream in(
            where("'{{Activity.Type}}' = '" + std::string(type) + "'", "{{Activity.ExternalId}}"));
        for (std::string id; std::getline(in, id, ',');)
            BOOST_TEST((!id.empty() && ids.insert(id).second), id);
    }
    BOOST_TEST(ids.size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
