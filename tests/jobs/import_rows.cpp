// SPDX-License-Identifier: BSL-1.0
// Imports: all limits are kept, and each reject names the caller's row.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <limits>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using bulk::verb;

namespace {

struct contact {
    std::string email;
    std::optional<std::string> country;
    std::optional<std::chrono::sys_seconds> updated;

    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::country, "C_Country">,
                                       bulk::attribute<&contact::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, country, updated))

struct score {
    std::string email;
    double points = 0;
    using eloqua_fields = bulk::fields<bulk::field<&score::email, "C_EmailAddress">,
                                       bulk::field<&score::points, "C_Lead_Weight1">>;
};
BOOST_DESCRIBE_STRUCT(score, (), (email, points))

struct contact_view {
    std::string_view email;
    using eloqua_fields = bulk::fields<bulk::field<&contact_view::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact_view, (), (email))

struct company {
    std::string name;
    using eloqua_fields = bulk::fields<bulk::field<&company::name, "M_CompanyName">>;
};
BOOST_DESCRIBE_STRUCT(company, (), (name))

struct card {
    std::string serial;
    using eloqua_fields =
        bulk::fields<bulk::statement<&card::serial, "{{CustomObject[172].Field[976]}}">>;
};
BOOST_DESCRIBE_STRUCT(card, (), (serial))

bulk::basic_credentials const me{"Company", "user", "secret"};

std::vector<contact> people(int n) {
    std::vector<contact> out;
    for (int i = 0; i != n; ++i)
        out.push_back({"person" + std::to_string(i) + "@example.com",
                       i % 2 ? std::optional<std::string>("BE") : std::nullopt,
                       {}});
    return out;
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// Records the requests, and lets the service respond.
struct recorder {
    std::vector<std::pair<std::string, std::string>> seen; ///< line, body
    bulk::simulator_intercept listen() {
        return [this](bulk::request const& q) -> std::optional<bulk::response> {
            seen.emplace_back(std::string(to_string(q.method)) + " " + q.target, q.body);
            return std::nullopt;
        };
    }
    std::size_t count(std::string_view part) const {
        std::size_t n = 0;
        for (auto const& each : seen)
            n += each.first.find(part) != std::string::npos;
        return n;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(import_rows)

BOOST_AUTO_TEST_CASE(new_rows_are_created_and_known_ones_updated) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    std::vector<contact> rows = people(10);
    auto const first =
        client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows)
            .get()
            .value();
    BOOST_TEST(first.created == 10);
    rows.push_back({"late@example.com", "SE", {}});
    rows[0].country = "DE";
    auto const second =
        client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows)
            .get()
            .value();
    BOOST_TEST(second.created == 1);
    BOOST_TEST(second.updated == 10);
    BOOST_TEST(second.rows == 11);
    BOOST_TEST(second.rejects.empty());
    second.require_balanced();
    BOOST_TEST(eloqua.count("/contacts") == 11u);
    auto const id = eloqua.find("/contacts", "C_EmailAddress", "person0@example.com");
    BOOST_TEST(eloqua.value("/contacts", id.at(0), "C_Country") == "DE");
}

BOOST_AUTO_TEST_CASE(an_empty_optional_erases_nothing_by_default) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    std::vector<contact> rows{{"a@example.com", "BE", {}}};
    auto const by = bulk::identified_by<&contact::email>;
    BOOST_TEST(client.import_rows(bulk::contacts, by, rows).get().has_value());
    rows[0].country.reset();
    BOOST_TEST(client.import_rows(bulk::contacts, by, rows).get().has_value());
    auto const id = eloqua.find("/contacts", "C_EmailAddress", "a@example.com").at(0);
    BOOST_TEST(eloqua.value("/contacts", id, "C_Country") == "BE");
    bulk::import_options overwrite;
    overwrite.update = bulk::update_rule::always;
    BOOST_TEST(client.import_rows(bulk::contacts, by, rows, overwrite).get().has_value());
    BOOST_TEST(eloqua.value("/contacts", id, "C_Country") == "");
}

BOOST_AUTO_TEST_CASE(the_definition_has_all_settings_and_is_deleted_at_the_end) {
    bulk::simulator eloqua;
    recorder seen;
    eloqua.intercept(seen.listen());
    bulk::client client(eloqua, me);
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people(1))
            .get()
            .value();
    BOOST_TEST(report.definition_deleted);
    std::string definition;
    for (auto const& [line, body] : seen.seen)
        if (line == "POST /API/Bulk/2.0/contacts/imports")
            definition = body;
    BOOST_TEST(has(definition, R"("updateRule":"ifNewIsNotNull")"));
    BOOST_TEST(has(definition, R"("isSyncTriggeredOnImport":false)"));
    BOOST_TEST(has(definition, R"("dataRetentionDuration":"P7D")"));
    BOOST_TEST(has(definition, R"("autoDeleteDuration":"P3D")"));
    BOOST_TEST(has(definition, R"("identifierFieldName":"email")"));
    BOOST_TEST(!has(definition, "UpdatedAt")); // a system value is not imported
    BOOST_TEST(seen.count("DELETE /API/Bulk/2.0/contacts/imports/1") == 1u);
}

BOOST_AUTO_TEST_CASE(requests_and_syncs_stay_within_their_limits) {
    struct limits_case {
        std::size_t request_bytes, requests_per_sync, sync_bytes;
    };
    for (limits_case const& l : {limits_case{200, 500, 1'000'000}, limits_case{200, 3, 1'000'000},
                                 limits_case{1'000, 500, 2'500}, limits_case{60, 1, 10},
                                 limits_case{1'000'000, 500, 100'000'000}}) {
        bulk::simulator_options small;
        small.requests_per_sync = l.requests_per_sync;
        bulk::simulator eloqua(small);
        recorder seen;
        eloqua.intercept(seen.listen());
        bulk::client client(eloqua, me);
        bulk::import_options o;
        o.request_bytes = l.request_bytes;
        o.requests_per_sync = l.requests_per_sync;
        o.sync_bytes = l.sync_bytes;
        std::vector<contact> const rows = people(100);
        auto const report =
            client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows, o)
                .get()
                .value();
        BOOST_TEST(report.rows == 100);
        BOOST_TEST(report.created == 100);
        BOOST_TEST(report.disagreements.empty());
        std::size_t staged = 0, requests = 0;
        for (auto const& [line, body] : seen.seen) {
            if (line.find("/data") != std::string::npos) {
                BOOST_TEST(body.size() < l.request_bytes);
                staged += body.size();
                ++requests;
            } else if (line == "POST /API/Bulk/2.0/syncs") {
                BOOST_TEST(requests <= l.requests_per_sync);
                BOOST_TEST(staged < l.sync_bytes + l.request_bytes);
                staged = requests = 0;
            }
        }
        BOOST_TEST(eloqua.count("/contacts") == 100u);
    }
}

BOOST_AUTO_TEST_CASE(every_reject_names_its_row_across_requests_and_syncs) {
    for (bool per_request : {false, true}) {
        bulk::simulator_options o;
        o.record_index_per_request = per_request;
        bulk::simulator eloqua(o);
        bulk::client client(eloqua, me);
        std::vector<contact> rows = people(1'000);
        std::set<std::size_t> bad;
        for (std::size_t i = 13; i < rows.size(); i += 37) {
            rows[i].email = "no address " + std::to_string(i);
            bad.insert(i);
        }
        bulk::import_options small;
        small.request_bytes = 2'000;
        small.requests_per_sync = 4;
        auto const report =
            client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows, small)
                .get()
                .value();
        BOOST_TEST(report.syncs.size() > 3u);
        BOOST_TEST(report.rejected == static_cast<std::int64_t>(bad.size()));
        std::set<std::size_t> named;
        for (auto const& each : report.rejects) {
            BOOST_TEST_REQUIRE(each.row_index < rows.size());
            named.insert(each.row_index);
            BOOST_TEST((each.reason == bulk::elq::invalid_email_address));
            BOOST_TEST(each.message == "Invalid email address.");
            BOOST_TEST(each.row.value().email == rows[each.row_index].email);
            BOOST_TEST(!each.row_taken);
        }
        BOOST_TEST((named == bad));
        report.require_balanced();
    }
}

BOOST_AUTO_TEST_CASE(repeated_identifiers_are_resolved_by_number_or_listed) {
    bulk::simulator eloqua;
    std::vector<contact> rows = people(5);
    rows[1].email = rows[3].email;
    auto const report = bulk::client(eloqua, me)
                            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows)
                            .get()
                            .value();
    BOOST_TEST_REQUIRE(report.rejects.size() == 1u);
    BOOST_TEST(report.rejects[0].row_index == 1u);
    BOOST_TEST((report.rejects[0].reason == bulk::elq::duplicate_identifier));
    BOOST_TEST(has(report.warnings.at(0), "/syncs/1: ELQ-00026"));

    // If the service sends no number, only the identifier can find the row.
    eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target.find("/rejects") == std::string::npos)
            return std::nullopt;
        return bulk::response(
            200,
            R"({"items":[{"fieldValues":{"email":"person3@example.com"},"statusCode":"ELQ-00026"},
               {"fieldValues":{"email":"person0@example.com"},"statusCode":"ELQ-09999","recordIndex":4},
               {"fieldValues":{"email":"stranger@example.com"},"recordIndex":1}],"hasMore":false})");
    });
    auto const vague = bulk::client(eloqua, me)
                           .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows)
                           .get()
                           .value();
    BOOST_TEST_REQUIRE(vague.rejects.size() == 3u);
    auto const& several = vague.rejects[0];
    BOOST_TEST(several.row_index == several.unknown);
    BOOST_TEST(several.candidates == (std::vector<std::size_t>{1, 3}),
               boost::test_tools::per_element());
    BOOST_TEST(vague.rejects[1].row_index == 0u); // its number says row 3, its identifier row 0
    BOOST_TEST(static_cast<int>(vague.rejects[1].reason) == 9999);
    BOOST_TEST(vague.rejects[2].row_index == several.unknown);
    BOOST_TEST((vague.rejects[2].candidates == std::vector<std::size_t>{0})); // by its number
    BOOST_TEST(!vague.disagreements.empty());
    BOOST_CHECK_EXCEPTION(vague.require_balanced(), bulk::error, [](bulk::error const& e) {
        return e.get_failure().code == bulk::errc::unbalanced;
    });
}

BOOST_AUTO_TEST_CASE(a_row_imported_without_a_value_is_distinguished) {
    bulk::simulator eloqua;
    eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target.find("/rejects") == std::string::npos)
            return std::nullopt;
        return bulk::response(
            200,
            R"({"items":[{"fieldValues":{"email":"person1@example.com","country":"BE"},"recordIndex":2,
                "invalidFields":["country"],"statusCode":"ELQ-00040"}],"hasMore":false})");
    });
    auto const report =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people(3))
            .get()
            .value();
    BOOST_TEST_REQUIRE(report.rejects.size() == 1u);
    BOOST_TEST(report.rejects[0].row_taken);
    BOOST_TEST(report.rejects[0].row_index == 1u);
    BOOST_TEST(report.rejects[0].invalid_columns == std::vector<std::string>{"country"},
               boost::test_tools::per_element());
    BOOST_TEST(report.partly_taken == 1);
    BOOST_TEST(report.rejected == 0);
}

BOOST_AUTO_TEST_CASE(a_number_that_fits_two_ways_lists_both) {
    bulk::simulator_options o;
    o.record_index_per_request = true;
    bulk::simulator eloqua(o);
    std::vector<contact> rows = people(4);
    rows[0].email = rows[2].email = "";
    bulk::import_options small;
    small.request_bytes = 100; // two rows per request
    auto const report =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows, small)
            .get()
            .value();
    BOOST_TEST_REQUIRE(report.requests == 2u);
    BOOST_TEST_REQUIRE(report.rejects.size() == 2u);
    for (auto const& each : report.rejects) {
        BOOST_TEST(each.row_index == each.unknown);
        BOOST_TEST(each.candidates == (std::vector<std::size_t>{0, 2}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(rows_of_views_are_imported_but_not_returned) {
    bulk::simulator eloqua;
    std::string const texts = "a@example.com no-address";
    std::vector<contact_view> const rows{{std::string_view(texts).substr(0, 13)},
                                         {std::string_view(texts).substr(14)}};
    auto const report =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact_view::email>, rows)
            .get()
            .value();
    BOOST_TEST(report.created == 1);
    BOOST_TEST_REQUIRE(report.rejects.size() == 1u);
    BOOST_TEST(report.rejects[0].row_index == 1u);
    BOOST_TEST(!report.rejects[0].row.has_value());
    BOOST_TEST(report.rejects[0].row_error == "the row's type holds views");
}

BOOST_AUTO_TEST_CASE(rejects_beyond_the_limit_are_counted) {
    bulk::simulator eloqua;
    std::vector<contact> rows = people(30);
    for (contact& each : rows)
        each.email = "no address";
    bulk::import_options o;
    o.rejects_kept = 10;
    auto const report =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows, o)
            .get()
            .value();
    BOOST_TEST(report.rejects.size() == 10u);
    BOOST_TEST(report.rejects_not_kept == 20);
    BOOST_TEST(report.rejected == 30);
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_named_and_not_sent) {
    bulk::simulator eloqua;
    recorder seen;
    eloqua.intercept(seen.listen());
    std::vector<contact> rows = people(3);
    rows[2].country = "B\xff";
    auto const came = bulk::client(eloqua, me)
                          .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows)
                          .get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::invalid_row));
    BOOST_TEST((came.error().code == bulk::condition::bad_data));
    BOOST_TEST(has(came.error().message(), "row 2: member 'country' has no valid text"));
    BOOST_TEST(seen.count("/data") == 0u);
    BOOST_TEST(seen.count("DELETE") == 1u); // nothing is left behind
}

BOOST_AUTO_TEST_CASE(a_number_that_cannot_be_written_is_named) {
    std::vector<score> const rows{{"a@example.com", 1.5},
                                  {"b@example.com", std::numeric_limits<double>::infinity()}};
    bulk::simulator eloqua;
    auto const came = bulk::client(eloqua, me)
                          .import_rows(bulk::contacts, bulk::identified_by<&score::email>, rows)
                          .get();
    BOOST_TEST(has(came.error().message(), "row 1: member 'points'"));
}

BOOST_AUTO_TEST_CASE(a_row_larger_than_a_request) {
    bulk::simulator eloqua;
    std::vector<contact> rows = people(3);
    rows[1].country = std::string(5'000, 'x');
    bulk::import_options o;
    o.request_bytes = 1'000;
    auto const came =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows, o)
            .get();
    BOOST_TEST((came.error().code == bulk::errc::row_too_large));
    BOOST_TEST(has(came.error().message(), "row 1 takes 50"));
    BOOST_TEST(has(came.error().message(),
                   "rows 0 to 1 (exclusive, counted from 0) were staged or were being synced"));
}

BOOST_AUTO_TEST_CASE(limits_above_the_service_s_are_refused) {
    bulk::simulator eloqua;
    bulk::import_options o;
    o.requests_per_sync = 501;
    auto const came =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people(1), o)
            .get();
    BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(any_input_range_is_accepted) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    auto const by = bulk::identified_by<&contact::email>;
    auto generated = std::views::iota(0, 20) | std::views::transform([](int i) {
                         return contact{"g" + std::to_string(i) + "@example.com", {}, {}};
                     });
    BOOST_TEST(client.import_rows(bulk::contacts, by, generated).get().value().created == 20);

    std::istringstream words("x@example.com y@example.com z@example.com");
    auto single_pass =
        std::views::istream<std::string>(words) |
        std::views::transform([](std::string const& s) { return contact{s, {}, {}}; });
    BOOST_TEST(
        client.import_rows(bulk::contacts, by, std::move(single_pass)).get().value().created == 3);

    auto const none = client.import_rows(bulk::contacts, by, std::vector<contact>()).get().value();
    BOOST_TEST(none.rows == 0);
    BOOST_TEST(none.syncs.empty());
    BOOST_TEST(none.definition_deleted);
}

BOOST_AUTO_TEST_CASE(a_sync_that_fails_says_which_rows_are_uncertain) {
    bulk::simulator eloqua;
    int syncs = 0;
    eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.method == verb::post && q.target.ends_with("/syncs") && ++syncs == 2)
            return bulk::response(
                201,
                R"({"syncedInstanceUri":"/contacts/imports/1","status":"error","uri":"/syncs/999"})");
        if (q.target.find("/syncs/999/logs") != std::string::npos)
            return bulk::response(
                200,
                R"({"items":[{"severity":"error","statusCode":"ELQ-00107","message":"Broken."}],"hasMore":false})");
        return std::nullopt;
    });
    bulk::import_options o;
    o.request_bytes = 500;
    o.requests_per_sync = 1;
    auto const came =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people(40), o)
            .get();
    BOOST_TEST((came.error().code == bulk::errc::sync_failed));
    BOOST_TEST(has(came.error().message(), "ELQ-00107 Broken."));
    BOOST_TEST(has(came.error().message(), "rows before them are synced"));
    BOOST_TEST(has(came.error().message(), "it is unknown which of these rows were applied"));
}

BOOST_AUTO_TEST_CASE(a_definition_is_not_deleted_under_a_sync_that_may_be_running) {
    bulk::simulator_options slow;
    slow.sync_active = std::chrono::hours(24);
    bulk::simulator eloqua(slow);
    bulk::client_options o;
    o.polling.deadline = std::chrono::hours(1);
    auto const came =
        bulk::client(eloqua, me, o)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people(2))
            .get();
    BOOST_TEST((came.error().code == bulk::errc::deadline_exceeded));
    BOOST_TEST(has(came.error().message(), "/syncs/1 is still active"));
    BOOST_TEST(has(came.error().message(), "/contacts/imports/1 remains on the server"));
    BOOST_TEST(eloqua.requests("DELETE /contacts/imports/{id}") == 0);
    eloqua.advance(std::chrono::hours(48));
    BOOST_TEST(eloqua.count("/contacts") == 2u);
}

BOOST_AUTO_TEST_CASE(a_round_trip_of_accounts_and_custom_objects) {
    bulk::simulator eloqua;
    eloqua.add_custom_object(172, "Warranty",
                             {bulk::simulated_field("Serial1", bulk::data_type::string, 976)});
    bulk::client client(eloqua, me);
    std::vector<company> const companies{{"Acme"}, {"Bolt"}};
    BOOST_TEST(client.import_rows(bulk::accounts, bulk::identified_by<&company::name>, companies)
                   .get()
                   .value()
                   .created == 2);
    BOOST_TEST(client.export_rows<company>(bulk::accounts).next().get().value().size() == 2u);
    std::vector<card> const cards{{"SN-1"}, {"SN-2"}, {"SN-3"}};
    bulk::custom_object const warranty{172};
    BOOST_TEST(client.import_rows(warranty, bulk::identified_by<&card::serial>, cards)
                   .get()
                   .value()
                   .created == 3);
    auto some = client.export_rows<card>(warranty, bulk::where<&card::serial> != "SN-2");
    BOOST_TEST(some.next().get().value().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
