// SPDX-License-Identifier: BSL-1.0
// Columns are compared with the fields of an instance before anything is created.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using bulk::field_problem;
using bulk::field_use;

namespace {
struct amount {
    long cents = 0;
};
} // namespace
template <>
struct bulk::value_traits<amount> {
    static constexpr bulk::value_kind kind = bulk::value_kind::number;
};

namespace {

using bulk::value_kind;
/// A strong typedef.
struct rank {
    int number;
    using eloqua_value = bulk::wrapping<&rank::number>;
};

static_assert(bulk::value_kind_of<std::string> == value_kind::text);
static_assert(bulk::value_kind_of<std::optional<std::string_view>> == value_kind::text);
static_assert(bulk::value_kind_of<std::optional<bool>> == value_kind::boolean);
static_assert(bulk::value_kind_of<std::uint8_t> == value_kind::number);
static_assert(bulk::value_kind_of<std::optional<double>> == value_kind::number);
static_assert(bulk::value_kind_of<std::chrono::year_month_day> == value_kind::time);
static_assert(bulk::value_kind_of<std::chrono::sys_days> == value_kind::time);
static_assert(bulk::value_kind_of<bulk::data_type> == value_kind::any); // an enum
static_assert(bulk::value_kind_of<std::optional<amount>> ==
              value_kind::number); // with its declared spelling
static_assert(bulk::value_kind_of<std::optional<rank>> ==
              value_kind::number); // with the spelling of its member

/// Texts and times of a user-defined type may mean anything.
struct code {
    std::string text;
    operator std::string_view() const { return text; }
};
struct moment {
    using duration = std::chrono::seconds;
    operator std::chrono::sys_seconds() const { return {}; }
};
static_assert(bulk::value_kind_of<std::pmr::string> == value_kind::text);
static_assert(bulk::value_kind_of<std::optional<code>> == value_kind::any);
static_assert(bulk::value_kind_of<moment> == value_kind::any);

/// A contact that can be imported and exported.
struct good {
    std::string email;
    std::optional<std::string> country;
    std::optional<double> weight;
    std::optional<std::chrono::sys_seconds> visited;
    std::optional<std::string> company; ///< a field of its account
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<
        bulk::field<&good::email, "C_EmailAddress">, bulk::field<&good::country, "C_Country">,
        bulk::field<&good::weight, "C_Lead_Weight1">, bulk::field<&good::visited, "C_Last_Visit">,
        bulk::statement<&good::company, "{{Contact.Account.Field(M_CompanyName)}}">,
        bulk::attribute<&good::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(good, (), (email, country, weight, visited, company, id))

/// A field that no instance has.
struct bad {
    std::string email, country, weight, visited, company, modified;
    double city = 0;
    bool title = false;
    std::optional<std::string> tier;
    using eloqua_fields = bulk::fields<
        bulk::field<&bad::email, "C_EmailAddress">, bulk::field<&bad::country, "C_Contry">,
        bulk::field<&bad::weight, "C_Lead_Weight1">, bulk::field<&bad::visited, "C_Last_Visit">,
        bulk::statement<&bad::company, "{{Contact.Account.Field(M_CompanName)}}">,
        bulk::field<&bad::modified, "C_DateModified">, bulk::field<&bad::city, "C_City">,
        bulk::field<&bad::title, "C_Last_Visit1">, bulk::field<&bad::tier, "C_Tier1">>;
};
BOOST_DESCRIBE_STRUCT(bad, (),
                      (email, country, weight, visited, company, modified, city, title, tier))

struct opened {
    std::string type, contact, country, asset, page;
    using eloqua_fields = bulk::fields<
        bulk::attribute<&opened::type, "Type">, bulk::attribute<&opened::contact, "Contact.Id">,
        bulk::attribute<&opened::country, "Contact.Field(C_Contry)">,
        bulk::attribute<&opened::asset, "Asset.Nam">, bulk::field<&opened::page, "WebVisitId">>;
};
BOOST_DESCRIBE_STRUCT(opened, (), (type, contact, country, asset, page))

struct deal {
    std::string id, name, stage;
    std::optional<double> amount;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&deal::id, "Id">, bulk::field<&deal::name, "OpportunityName">,
                     bulk::field<&deal::stage, "Stage">, bulk::field<&deal::amount, "Amount">>;
};
BOOST_DESCRIBE_STRUCT(deal, (), (id, name, stage, amount))

struct address {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&address::email, "EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(address, (), (email))

/// Like generated rows: members may be blank unless each record must have a value.
struct sale {
    std::string id;
    std::optional<std::string> name, stage;
    std::optional<double> amount;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&sale::id, "Id">, bulk::field<&sale::name, "Name">,
                     bulk::field<&sale::stage, "Stage">, bulk::field<&sale::amount, "Amount">>;
};
BOOST_DESCRIBE_STRUCT(sale, (), (id, name, stage, amount))

/// Identified by a member that may be blank; names in other letter cases than the service's.
struct odd {
    std::optional<std::string> tier;
    std::string country;
    bool ticked = false;
    using eloqua_fields =
        bulk::fields<bulk::field<&odd::tier, "C_Tier1">, bulk::field<&odd::country, "c_country">,
                     bulk::field<&odd::ticked, "C_Lead_Weight1">>;
};
BOOST_DESCRIBE_STRUCT(odd, (), (tier, country, ticked))

/// Found by its name.
struct fresh {
    std::string value;
    using eloqua_fields = bulk::fields<bulk::runtime_field<&fresh::value, "C_New1">>;
};
BOOST_DESCRIBE_STRUCT(fresh, (), (value))

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

struct instance {
    instance() {
        bulk::simulated_field tier("C_Tier1");
        tier.required = true;
        eloqua.add_field("/contacts", tier);
        eloqua.add_field("/contacts",
                         bulk::simulated_field("C_Last_Visit1", bulk::data_type::date));
    }
    std::uint64_t lists() const { return eloqua.requests("GET /contacts/fields"); }
    std::uint64_t definitions() const {
        return eloqua.requests("POST /contacts/imports") +
               eloqua.requests("POST /contacts/exports");
    }
    /// Sends this status in response to the request for this list.
    void refuse(std::string_view path, int status) {
        eloqua.intercept([=](bulk::request const& q) -> std::optional<bulk::response> {
            if (!has(q.target, path))
                return std::nullopt;
            return bulk::response(status, "");
        });
    }
    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
};

/// The findings, one line for each: the problem, the member, the jobs that it concerns, and whether
/// it is a warning.
std::vector<std::string> findings(bulk::field_report const& report) {
    static constexpr std::string_view names[] = {
        "unknown", "ambiguous", "type", "read only", "may be blank", "missing", "spelling"};
    std::vector<std::string> all;
    for (bulk::field_issue const& each : report.findings) {
        std::string text(names[static_cast<std::size_t>(each.problem)]);
        text += ' ' + each.member;
        text += !each.use ? "" : *each.use == field_use::exported ? " exported" : " imported";
        text += each.severity == bulk::field_severity::warning ? " ?" : "";
        all.push_back(std::move(text));
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(field_check)

BOOST_FIXTURE_TEST_CASE(every_finding_names_member_and_statement, instance) {
    bulk::field_report const all = client.check<bad>(bulk::contacts).get().value();
    std::vector<std::string> const wanted{"unknown country",
                                          "type weight imported",
                                          "type visited imported",
                                          "unknown company exported",
                                          "type modified imported",
                                          "read only modified imported",
                                          "type city exported ?",
                                          "type title",
                                          "may be blank tier imported ?"};
    BOOST_TEST(findings(all) == wanted, boost::test_tools::per_element());
    std::ostringstream text;
    text << all;
    for (std::string_view const line :
         {"'country' ({{Contact.Field(C_Contry)}}): Contact has no such field; is it C_Country "
          "(Country)?\n",
          "'company' ({{Contact.Account.Field(M_CompanName)}}): Account has no such field; is it "
          "M_CompanyName (Company Name)",
          "'weight' ({{Contact.Field(C_Lead_Weight1)}}): the field is of type number, the member "
          "holds a text, which might not be a valid value of that type\n",
          "'city' ({{Contact.Field(C_City)}}): the field is of type string, the member holds a "
          "number, which cannot hold every value of the field; ",
          "\nwarning: 'tier' ",
          "'modified' ({{Contact.Field(C_DateModified)}}): the field is read-only"})
        BOOST_TEST(has(text.str(), line), line << " is not in\n" << text.str());
    BOOST_TEST(all.unchecked.empty());
    BOOST_TEST(!all.ok());

    auto const of_exports = client.check<bad>(bulk::contacts, field_use::exported).get().value();
    std::vector<std::string> const to_read{"unknown country", "unknown company exported",
                                           "type city exported ?", "type title"};
    BOOST_TEST(findings(of_exports) == to_read, boost::test_tools::per_element());
    BOOST_TEST(lists() == 2u);
    BOOST_TEST(definitions() == 0u);
}

BOOST_FIXTURE_TEST_CASE(new_records_need_all_required_fields, instance) {
    auto const found = client.check<good>(bulk::contacts).get().value();
    BOOST_TEST_REQUIRE(found.findings.size() == 1u);
    BOOST_TEST(found.ok());
    std::string const line = "no column ({{Contact.Field(C_Tier1)}}): new records need a value in "
                             "C_Tier1";
    BOOST_TEST(has(found.findings[0].message(), line));
    BOOST_TEST(
        client.check<good>(bulk::contacts, field_use::exported).get().value().findings.empty());

    // Existing records are updated.
    eloqua.add_record("/contacts", {{"C_EmailAddress", "ana@example.com"}, {"C_Tier1", "1"}});
    std::vector<good> rows(1);
    rows[0].email = "ana@example.com";
    auto const by = bulk::identified_by<&good::email>;
    auto const report = client.import_rows(bulk::contacts, by, rows).get().value();
    BOOST_TEST(report.updated == 1);
    BOOST_TEST_REQUIRE(report.warnings.size() == 1u);
    BOOST_TEST(has(report.warnings[0], "fields might not fit: " + line));
    bulk::import_options how;
    how.rule = bulk::import_rule::updateOnly;
    BOOST_TEST(client.import_rows(bulk::contacts, by, rows, how).get().value().warnings.empty());
    BOOST_TEST(client.check<good>(bulk::contacts, by, how).get().value().findings.empty());
    how.rule = bulk::import_rule::createOnly;
    bulk::failure const why = client.import_rows(bulk::contacts, by, rows, how).get().error();
    BOOST_TEST((why.code == bulk::errc::fields_do_not_fit));
    BOOST_TEST(has(why.message(), line));
    BOOST_TEST(!client.check<good>(bulk::contacts, by, how).get().value().ok());
    bulk::record_columns const columns({bulk::field_column("email", "C_EmailAddress")});
    BOOST_TEST(client.check(bulk::contacts, columns, "email").get().value().ok());
    BOOST_TEST(!client.check(bulk::contacts, columns, "email", how).get().value().ok());

    // Opportunities need all of them each time. Their statements do not follow internal names.
    auto const deals = client.check<deal>(bulk::opportunities).get().value();
    std::vector<std::string> const wanted{"unknown name", "may be blank amount imported ?",
                                          "missing  imported"};
    BOOST_TEST(findings(deals) == wanted, boost::test_tools::per_element());
    BOOST_TEST(deals.findings[0].nearest.at(0) == "Name (Opportunity Name)");
    BOOST_TEST(deals.findings[2].statement == "{{Opportunity.Field(Name)}}");
    BOOST_TEST(has(deals.message(), "each row needs a value in Name"));
    std::vector<sale> const sales{{"O-1", "A sale", "Proposal", 2.5}};
    auto const sold =
        client.import_rows(bulk::opportunities, bulk::identified_by<&sale::id>, sales).get();
    BOOST_TEST(sold.value().created == 1);
    BOOST_TEST(sold.value().warnings.size() == 3u);
}

BOOST_FIXTURE_TEST_CASE(warnings_do_not_refuse_an_import, instance) {
    auto const by = bulk::identified_by<&odd::tier>;
    auto const found = client.check<odd>(bulk::contacts, by).get().value();
    std::vector<std::string> const wanted{"spelling country ?", "type ticked ?"};
    BOOST_TEST(findings(found) == wanted, boost::test_tools::per_element());
    BOOST_TEST(has(found.findings[0].message(), "spells it {{Contact.Field(C_Country)}}"));
    BOOST_TEST(has(found.findings[1].message(), "value_traits"));
    BOOST_TEST(has(found.findings[1].message(), "check_fields = false"));
    std::vector<odd> const none;
    // The service decides whether it cares.
    BOOST_TEST(client.import_rows(bulk::contacts, by, none).get().error().info.status == 400);
    BOOST_TEST(definitions() == 1u);
}

BOOST_FIXTURE_TEST_CASE(only_importable_fields_are_reported_as_missing, instance) {
    eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (!has(q.target, "/fields?"))
            return std::nullopt;
        return bulk::response(200, R"({"hasMore":false,"items":[
{"name":"Email","internalName":"C_EmailAddress","statement":"{{Contact.Field(C_EmailAddress)}}",
 "hasNotNullConstraint":true},
{"name":"Again","internalName":"C_EmailAddress","statement":"{{Contact.Field(C_EmailAddress)}}",
 "hasNotNullConstraint":true},
{"name":"Plan","internalName":"C_Plan","statement":"{{Contact.Field(C_Plan)}}",
 "hasNotNullConstraint":true},
{"name":"Plan","internalName":"C_Plan","statement":"{{Contact.Field(C_Plan)}}",
 "hasNotNullConstraint":true},
{"name":"Bounced","statement":"{{Contact.Email.IsBounced}}","hasNotNullConstraint":true},
{"name":"Unnamed","hasNotNullConstraint":true},
{"name":"Short","statement":"{{","hasNotNullConstraint":true}]})");
    });
    bulk::record_columns const columns({bulk::field_column("email", "C_EmailAddress")});
    auto const found = client.check(bulk::contacts, columns, "email").get().value();
    BOOST_TEST_REQUIRE(found.findings.size() == 1u);
    BOOST_TEST(found.findings[0].statement == "{{Contact.Field(C_Plan)}}");
    bulk::record_columns const type({bulk::attribute_column("type", "Type")});
    BOOST_TEST(
        client.check(bulk::activities, type, field_use::imported).get().value().findings.empty());
}

BOOST_FIXTURE_TEST_CASE(jobs_check_before_they_create_anything, instance) {
    std::vector<bad> const rows(1);
    auto const by = bulk::identified_by<&bad::email>;
    bulk::failure const why = client.import_rows(bulk::contacts, by, rows).get().error();
    BOOST_TEST((why.code == bulk::errc::fields_do_not_fit));
    BOOST_TEST((why.code == bulk::condition::bad_data));
    for (std::string_view const part :
         {"'country'", "C_Country (Country)",
          "; 'weight' ({{Contact.Field(C_Lead_Weight1)}}): the field is of type number, the member "
          "holds a text, which might not be a valid value of that type; 'visited'",
          "check_fields = false"})
        BOOST_TEST(has(why.message(), part));
    BOOST_TEST(!has(why.message(), "'city'"));    // which concerns exports
    BOOST_TEST(!has(why.message(), "'company'")); // which is not imported
    BOOST_TEST(!has(why.message(), "'tier'"));    // which may have values
    BOOST_TEST(eloqua.requests("GET /accounts/fields") == 0u);
    BOOST_TEST(!has(why.message(), "remains on the server"));

    bulk::export_options checked;
    checked.check_fields = true;
    auto source = client.export_rows<bad>(bulk::contacts, bulk::all_rows, checked);
    auto const refused = source.next().get();
    BOOST_TEST((refused.error().code == bulk::errc::fields_do_not_fit));
    BOOST_TEST(has(refused.error().message(), "'title'"));
    BOOST_TEST(!has(refused.error().message(), "'city'")); // its texts may be numbers
    BOOST_TEST(!has(refused.error().message(), "'modified'"));
    auto named = client.export_rows<good>(
        bulk::contacts, bulk::where_field<"C_Cuntry", std::string> == "BE", checked);
    bulk::failure const of_filter = named.next().get().error();
    BOOST_TEST((of_filter.code == bulk::errc::fields_do_not_fit));
    BOOST_TEST(has(of_filter.message(), "'C_Cuntry' ({{Contact.Field(C_Cuntry)}}): Contact has no "
                                        "such field; is it C_Country (Country)?"));
    BOOST_TEST(definitions() == 0u);
    BOOST_TEST(lists() == 3u); // a cached list never causes an error

    // Without the check, the service reports it in its own words.
    bulk::import_options unchecked;
    unchecked.check_fields = false;
    auto const sent = client.import_rows(bulk::contacts, by, rows, unchecked).get();
    BOOST_TEST(sent.error().info.status == 400);
    BOOST_TEST(client.export_rows<bad>(bulk::contacts).next().get().error().info.status == 400);
    BOOST_TEST(definitions() == 2u);
}

BOOST_FIXTURE_TEST_CASE(lists_are_read_once_until_forget_fields, instance) {
    bulk::import_options known_ones;
    known_ones.rule = bulk::import_rule::updateOnly;
    auto const by = bulk::identified_by<&good::email>;
    bulk::client const copy = client;
    for (bulk::client const& each : {client, copy, client})
        BOOST_TEST(each.import_rows(bulk::contacts, by, std::vector<good>(), known_ones)
                       .get()
                       .has_value());
    BOOST_TEST(lists() == 1u);
    BOOST_TEST(eloqua.requests("GET /accounts/fields") == 0u); // of no imported column
    BOOST_TEST(client.check<good>(bulk::contacts, field_use::exported).get().value().ok());
    BOOST_TEST(lists() == 1u);
    BOOST_TEST(eloqua.requests("GET /accounts/fields") == 1u);
    copy.forget_fields();
    BOOST_TEST(client.check<good>(bulk::contacts).get().value().ok());
    BOOST_TEST(lists() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_cached_list_does_not_refuse_a_newer_field, instance) {
    bulk::record_columns const columns(
        {bulk::field_column("email", "C_EmailAddress"), bulk::field_column("new", "C_New1")});
    std::vector<bulk::record> const none;
    auto import = [&] {
        return client.import_records(bulk::contacts, columns, "email", none).get();
    };
    BOOST_TEST((import().error().code == bulk::errc::fields_do_not_fit));
    BOOST_TEST(lists() == 1u);
    BOOST_TEST(client.resolve<fresh>(bulk::contacts).get().has_error());
    BOOST_TEST(lists() == 2u);
    eloqua.add_field("/contacts", bulk::simulated_field("C_New1"));
    BOOST_TEST(client.resolve<fresh>(bulk::contacts).get().has_value());
    BOOST_TEST(lists() == 3u);
    BOOST_TEST(import().has_value());
    BOOST_TEST(lists() == 3u);
    eloqua.add_field("/contacts", bulk::simulated_field("C_Newer1"));
    bulk::record_columns const more({bulk::field_column("newer", "C_Newer1")});
    BOOST_TEST(client.check(bulk::contacts, more, field_use::exported).get().value().ok());
    BOOST_TEST(lists() == 4u);
}

BOOST_FIXTURE_TEST_CASE(long_lists_are_read_to_their_end, instance) {
    for (int i = 0; i != 1'200; ++i)
        eloqua.add_field("/contacts", bulk::simulated_field("C_More" + std::to_string(i)));
    BOOST_TEST(client.check<good>(bulk::contacts, field_use::exported).get().value().ok());
    BOOST_TEST(lists() == 2u);
    bulk::record_columns const last({bulk::field_column("a", "C_More1199")});
    BOOST_TEST(client.check(bulk::contacts, last, field_use::exported).get().value().ok());
    BOOST_TEST(lists() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_hidden_list_does_not_stop_a_job, instance) {
    for (int const status : {403, 404}) {
        refuse("/fields?", status);
        std::vector<address> const rows{{"ana@example.com"}};
        bulk::field_report const seen = client.check<bad>(bulk::contacts).get().value();
        BOOST_TEST(seen.ok());
        BOOST_TEST(seen.unchecked.size() == 2u); // of accounts as well
        bulk::record_columns const columns({bulk::field_column("email", "C_EmailAddress")});
        bulk::record row(columns);
        row["email"] = "p" + std::to_string(status) + "@example.com";
        eloqua.add_record("/contacts", {{"C_EmailAddress", row["email"]}, {"C_Tier1", "1"}});
        auto const report =
            client.import_records(bulk::contacts, columns, "email", std::vector{row}).get().value();
        BOOST_TEST(report.updated == 1);
        BOOST_TEST_REQUIRE(report.warnings.size() == 1u);
        BOOST_TEST(has(report.warnings[0], "fields could not be checked: /contacts/fields"));
        BOOST_TEST(has(report.warnings[0], std::to_string(status)));
        bulk::export_options checked;
        checked.check_fields = true;
        auto source = client.export_records(bulk::contacts, columns, bulk::all_rows, checked);
        for (bulk::record const& each : source)
            BOOST_TEST(each.size() == 1u);
        BOOST_TEST(source.receipt().warnings.size() == 1u);
    }
    BOOST_TEST(client.resolve<address>(bulk::contacts).get().error().info.status == 404);

    // A malformed list counts as no list.
    auto const by = bulk::identified_by<&good::email>;
    std::vector<good> const none;
    for (auto const& [status, body] : std::vector<std::pair<int, std::string>>{
             {400, ""},
             {410, "gone"},
             {200, R"({"items":[{"name":"a"}],"totalResults":2,"hasMore":false})"},
             {200, R"({"items":[{"name":7}]})"},
             {200, "<html>"}}) {
        eloqua.intercept([=](bulk::request const& q) -> std::optional<bulk::response> {
            if (!has(q.target, "/contacts/fields?"))
                return std::nullopt;
            return bulk::response(status, body);
        });
        BOOST_TEST_CONTEXT(status << ' ' << body) {
            auto const went = client.import_rows(bulk::contacts, by, none).get().value();
            BOOST_TEST_REQUIRE(went.warnings.size() == 1u);
            BOOST_TEST(has(went.warnings[0], "fields could not be checked: /contacts/fields"));
            BOOST_TEST(client.check<good>(bulk::contacts).get().value().unchecked.size() == 1u);
            BOOST_TEST(client.resolve<fresh>(bulk::contacts).get().has_error());
        }
    }
    // An error that concerns other requests too fails the import, which creates nothing.
    auto const before = definitions();
    bulk::client_options once;
    once.retry.attempts = 1;
    bulk::client const hasty(eloqua, bulk::basic_credentials{"Company", "user", "secret"}, once);
    for (int const status : {401, 429, 500}) {
        refuse("/contacts/fields?", status);
        BOOST_TEST(hasty.import_rows(bulk::contacts, by, none).get().error().info.status == status);
    }
    BOOST_TEST(definitions() == before);
    eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (!has(q.target, "/contacts/fields?"))
            return std::nullopt;
        return bulk::response(200, R"({"items":[],"hasMore":false})");
    });
    auto const bare = client.check<good>(bulk::contacts).get().value();
    BOOST_TEST(bare.ok());
    BOOST_TEST(bare.unchecked.at(0) == "/contacts/fields lists no fields");
}

BOOST_FIXTURE_TEST_CASE(entities_without_a_list_are_not_checked, instance) {
    auto const found = client.check<address>(bulk::email_addresses).get().value();
    BOOST_TEST(found.ok());
    BOOST_TEST(found.unchecked.at(0) == "EmailAddress has no list of fields");
    std::vector<address> const rows{{"ana@example.com"}};
    auto const report =
        client
            .import_rows(bulk::email_addresses, bulk::identified_by<&address::email>, rows, {},
                         bulk::unsubscribe_globally())
            .get()
            .value();
    BOOST_TEST(report.warnings.empty());
}

BOOST_FIXTURE_TEST_CASE(activities_are_checked_by_their_type_and_contact, instance) {
    auto const opens = bulk::activities_of(bulk::activity_type::EmailOpen);
    auto const found = client.check<opened>(opens, field_use::exported).get().value();
    std::vector<std::string> const wanted{"unknown country", "unknown asset exported",
                                          "unknown page"};
    BOOST_TEST(findings(found) == wanted, boost::test_tools::per_element());
    BOOST_TEST(found.findings[0].nearest.at(0) == "C_Country (Country)");
    BOOST_TEST(found.findings[1].nearest.at(0) == "Asset.Name (Asset Name)");
    auto const visits = bulk::activities_of(bulk::activity_type::PageView);
    auto const of_visits = client.check<opened>(visits, field_use::exported).get().value();
    BOOST_TEST(of_visits.findings.back().member == "asset"); // page is a field of theirs
    BOOST_TEST(eloqua.requests("GET /activities/fields") == 2u);
    BOOST_TEST(lists() == 2u);
}

BOOST_FIXTURE_TEST_CASE(columns_of_records_are_checked_and_chosen_from_the_list, instance) {
    bulk::record_columns const misspelt(
        {bulk::field_column("a", "C_EmailAdress"), bulk::field_column("b", "C_Lead_Weight1"),
         bulk::attribute_column("c", "UpdatedAt"), bulk::field_column("d", "C_Tier1"),
         bulk::statement_column("e", "{{Account.Id}}")});
    auto const found = client.check(bulk::contacts, misspelt).get().value();
    std::vector<std::string> const wanted{"unknown a", "unknown e exported"};
    BOOST_TEST(findings(found) == wanted, boost::test_tools::per_element());
    BOOST_TEST(found.findings[0].nearest.at(0) == "C_EmailAddress (Email Address)");
    BOOST_TEST(has(found.findings[1].message(), "it is not a statement of Contact"));
    std::vector<bulk::record> const none;
    auto const refused = client.import_records(bulk::contacts, misspelt, "a", none).get();
    BOOST_TEST((refused.error().code == bulk::errc::fields_do_not_fit));
    BOOST_TEST(definitions() == 0u);

    std::vector<bulk::record_column> chosen;
    for (bulk::record_column const& each : client.columns(bulk::custom_object(501)).get().value())
        if (each.key != "Purchase_Date1")
            chosen.push_back(each);
    bulk::record_columns const columns(chosen);
    BOOST_TEST(columns[columns.index_of("Serial_Number1")].text ==
               "{{CustomObject[501].Field[5001]}}");
    bulk::record card(columns);
    card["Serial_Number1"] = "SN-7";
    auto const report =
        client
            .import_records(bulk::custom_object(501), columns, "Serial_Number1", std::vector{card})
            .get()
            .value();
    BOOST_TEST(report.created == 1);
    BOOST_TEST((client.columns(bulk::custom_object(0)).get().error().code ==
                bulk::errc::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()
