// SPDX-License-Identifier: BSL-1.0
// Rows of generated headers are imported and exported again.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

#include "accounts.hpp"
#include "activities_Bounceback.hpp"
#include "activities_EmailClickthrough.hpp"
#include "activities_EmailOpen.hpp"
#include "activities_EmailSend.hpp"
#include "activities_ExternalActivity.hpp"
#include "activities_FormSubmit.hpp"
#include "activities_PageView.hpp"
#include "activities_SmsClickthrough.hpp"
#include "activities_SmsReply.hpp"
#include "activities_SmsSend.hpp"
#include "activities_Subscribe.hpp"
#include "activities_Unsubscribe.hpp"
#include "activities_WebVisit.hpp"
#include "contacts.hpp"
#include "event.hpp"
#include "odd_names.hpp"
#include "odd_objects.hpp"
#include "opportunities.hpp"
#include "sixty.hpp"
#include "widest.hpp"
#include "writable_accounts.hpp"
#include "writable_contacts.hpp"
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;

namespace {

template <class Row, class F>
void for_each_member(Row& row, F f) {
    using members = boost::describe::describe_members<
        std::remove_const_t<Row>, boost::describe::mod_public | boost::describe::mod_inherited>;
    std::size_t at = 0;
    boost::mp11::mp_for_each<members>([&](auto const& each) { f(row.*each.pointer, at++); });
}

/// A value that no other row or column has. Texts are e-mail addresses, since some columns require
/// one.
void fill(std::string& value, std::size_t row, std::size_t column) {
    value = "c" + std::to_string(column) + "@r" + std::to_string(row) + ".example.com";
}
void fill(double& value, std::size_t row, std::size_t column) {
    value = static_cast<double>(row * 1'000 + column) + 0.25;
}
/// A value that a double cannot hold.
void fill(std::int64_t& value, std::size_t row, std::size_t column) {
    value = 9'007'199'254'740'993 + static_cast<std::int64_t>(row * 1'000 + column);
}
void fill(bool& value, std::size_t row, std::size_t) {
    value = row % 2 == 0;
}
void fill(std::chrono::sys_time<std::chrono::milliseconds>& value, std::size_t row,
          std::size_t column) {
    value = std::chrono::sys_days(2024y / 2 / 29) + std::chrono::hours(row) +
            std::chrono::seconds(column);
}
/// One column in seven is blank, a different one in each row, after the columns that may identify
/// it.
template <class T>
void fill(std::optional<T>& value, std::size_t row, std::size_t column) {
    if (column > 4 && (row + column) % 7 == 0)
        value.reset();
    else
        fill(value.emplace(), row, column);
}

template <class Row>
std::vector<Row> made_rows() {
    std::vector<Row> rows(8);
    for (std::size_t row = 0; row != rows.size(); ++row)
        for_each_member(rows[row],
                        [&](auto& value, std::size_t column) { fill(value, row, column); });
    return rows;
}

/// As the simulated service writes it: whole seconds without a fraction.
template <class T>
std::string text_of(T const& value) {
    std::string text;
    BOOST_TEST(bulk::value_traits<T>::write(value, text));
    if (text.ends_with(".000"))
        text.resize(text.size() - 4);
    return text;
}

/// Whether the service sets the value of this custom object statement itself.
bool is_system_value(std::string_view statement) {
    return statement.starts_with("{{CustomObject[") && statement.find(".Field") == statement.npos;
}
/// The members that an import writes, by statement.
template <class E, class Row>
std::map<std::string, std::string> written_values(E of, Row const& row) {
    std::map<std::string, std::string> all;
    auto const& columns = bulk::detail::columns_of<Row, E>;
    for_each_member(row, [&](auto const& value, std::size_t at) {
        std::string statement = bulk::render_statement(of.statement_root(), columns[at].statement);
        if (!is_system_value(statement))
            all[std::move(statement)] = text_of(value);
    });
    return all;
}

struct instance {
    instance() { odd_objects::add_to(eloqua); }

    template <auto Identifier, class Row, class E>
    void imports(E of, std::vector<Row> const& rows) {
        auto const report = client.import_rows(of, bulk::identified_by<Identifier>, rows).get();
        BOOST_TEST_REQUIRE(report.has_value(), report.error().message());
        BOOST_TEST(report->created == static_cast<std::int64_t>(rows.size()));
        BOOST_TEST(report->rejects.empty());
        BOOST_TEST(report->disagreements.empty());
    }
    template <class Row, class E>
    std::vector<Row> exported(E of) {
        auto came = client.export_rows<Row>(of).next().get();
        BOOST_TEST_REQUIRE(came.has_value(), came.error().message());
        return std::move(*came);
    }
    template <auto Identifier, class Row, class E>
    void round_trip(E of) {
        std::vector<Row> const rows = made_rows<Row>();
        imports<Identifier>(of, rows);
        check_stored(of, rows.front());
        std::vector<Row> const came = exported<Row>(of);
        BOOST_TEST_REQUIRE(came.size() == rows.size());
        for (std::size_t i = 0; i != rows.size(); ++i)
            BOOST_TEST((written_values(of, came[i]) == written_values(of, rows[i])));
    }
    /// Whether the first record has the row's values in the writable fields of the list.
    template <class Row, class E>
    void check_stored(E of, Row const& row) {
        std::map<std::string, std::string> values = written_values(of, row);
        std::string const path = of.base_path().value();
        for (auto const& each : fields(of)) {
            std::string const statement = each.statement.value();
            if (each.hasReadOnlyConstraint.value_or(false) || is_system_value(statement))
                continue;
            std::string text = values[statement];
            if (text == "true")
                text = "True";
            BOOST_TEST(eloqua.value(path, 1001, each.internalName.value()) == text, statement);
            values.erase(statement);
        }
        BOOST_TEST(values.empty());
    }
    template <class E>
    auto fields(E of) {
        return client.fields(of).list().all().get().value();
    }

    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
};

/// A record with a different text in each field that can be stored, and the expected exported row.
template <class E>
void add_record(instance& in, E of, bulk::string_map& values,
                std::map<std::string, std::string>& by_statement) {
    for (auto const& each : in.fields(of)) {
        std::string const number = std::to_string(values.size() + 100);
        std::string const text = each.dataType == bulk::data_type::date
                                     ? "2026-03-04 05:06:0" + number.substr(2)
                                 : each.dataType == bulk::data_type::number ? number
                                                                            : "text " + number;
        values.emplace_back(*each.internalName, text);
        by_statement[*each.statement] = text;
    }
}

template <class Row>
struct activities_of_type : instance {
    explicit activities_of_type(bulk::activity_type type) {
        bulk::activities_t const of = bulk::activities_of(type);
        std::int64_t const contact =
            eloqua.add_record("/contacts", {{"C_EmailAddress", "ana@example.com"}});
        bulk::string_map values;
        std::map<std::string, std::string> expected;
        add_record(*this, of, values, expected);
        std::int64_t const made = eloqua.add_activity(
            type, contact, values, std::chrono::sys_days(2026y / 1 / 2) + 3h + 4min + 5s);
        expected["{{Activity.Id}}"] = std::to_string(made);
        expected["{{Activity.Type}}"] = boost::describe::enum_to_string(type, "");
        expected["{{Activity.CreatedAt}}"] = "2026-01-02 03:04:05";
        expected["{{Activity.Contact.Id}}"] = std::to_string(contact);
        expected["{{Activity.ExternalId}}"] = eloqua.value("/activities", made, "ExternalId");

        auto const& columns = bulk::detail::columns_of<Row, bulk::activities_t>;
        BOOST_TEST(columns.size() == expected.size());
        auto const rows = exported<Row>(of);
        BOOST_TEST_REQUIRE(rows.size() == 1u);
        for_each_member(rows[0], [&](auto const& value, std::size_t at) {
            std::string const statement = bulk::render_statement("Activity", columns[at].statement);
            BOOST_TEST(text_of(value) == expected.at(statement), statement);
        });
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(written_rows)

BOOST_FIXTURE_TEST_CASE(contacts, instance) {
    round_trip<&writable_contact::email_address, writable_contact>(bulk::contacts);
    auto const all = exported<contact>(bulk::contacts);
    BOOST_TEST_REQUIRE(all.size() == 8u);
    BOOST_TEST(all[3].email_address == "c0@r3.example.com");
    BOOST_TEST(all[3].lead_weight1.value() == 3'020.25);
    BOOST_TEST((all[3].date_created.value() >= std::chrono::sys_days(2025y / 6 / 2)));
    BOOST_TEST(!all[3].contact_id_ext.value().empty());
}

BOOST_FIXTURE_TEST_CASE(accounts_in_namespaces, instance) {
    using row = acme::writable_rows::account;
    round_trip<&row::company_name, row>(bulk::accounts);
    auto const all = exported<acme::rows::account>(bulk::accounts);
    BOOST_TEST_REQUIRE(all.size() == 8u);
    BOOST_TEST(all[2].company_name.value() == "c0@r2.example.com");
    BOOST_TEST(!all[2].company_id_ext.value().empty());
}

BOOST_AUTO_TEST_CASE(activities_of_each_type) {
    using enum bulk::activity_type;
    activities_of_type<email_send>{EmailSend};
    activities_of_type<email_open>{EmailOpen};
    activities_of_type<email_clickthrough>{EmailClickthrough};
    activities_of_type<subscribe>{Subscribe};
    activities_of_type<unsubscribe>{Unsubscribe};
    activities_of_type<bounceback>{Bounceback};
    activities_of_type<form_submit>{FormSubmit};
    activities_of_type<page_view>{PageView};
    activities_of_type<web_visit>{WebVisit};
    activities_of_type<external_activity>{ExternalActivity};
    activities_of_type<sms_send>{SmsSend};
    activities_of_type<sms_reply>{SmsReply};
    activities_of_type<sms_clickthrough>{SmsClickthrough};
}

BOOST_FIXTURE_TEST_CASE(external_activities, instance) {
    external_activity row;
    row.contact_id = eloqua.add_record("/contacts", {{"C_EmailAddress", "ana@example.com"}});
    row.activity_type = "Attended Event";
    row.activity_date = std::chrono::sys_days(2026y / 3 / 4) + 5h;
    row.asset_type = "Event";
    row.asset_name = "Booth 7";
    imports<&external_activity::contact_id>(bulk::activities, std::vector{row});
    auto const came =
        exported<external_activity>(bulk::activities_of(bulk::activity_type::ExternalActivity));
    BOOST_TEST_REQUIRE(came.size() == 1u);
    // Values that the service sets.
    BOOST_TEST(came[0].activity_id.value() > 0);
    row.activity_id = came[0].activity_id;
    row.external_id = came[0].external_id;
    row.activity_type = "ExternalActivity";
    BOOST_TEST((came[0] == row));
}

BOOST_FIXTURE_TEST_CASE(odd_names, instance) {
    using row = odd_names_row;
    round_trip<&row::order_number1, row>(bulk::custom_object(odd_objects::odd));
    static_assert(std::is_same_v<decltype(row::field_2nd_address), std::string>); // not null
    static_assert(std::is_same_v<decltype(row::int_), std::optional<double>>);
    static_assert(std::is_same_v<decltype(row::and_), std::optional<bool>>);
    static_assert(std::is_same_v<decltype(row::groesse_3), std::optional<std::string>>);
    static_assert(std::is_same_v<decltype(row::customer_ids), std::optional<std::int64_t>>);
    static_assert(std::is_same_v<decltype(row::bulk_),
                                 std::optional<std::chrono::sys_time<std::chrono::milliseconds>>>);
}

BOOST_FIXTURE_TEST_CASE(registrants_of_an_event, instance) {
    round_trip<&trade_fair_row::email_address1, trade_fair_row>(bulk::event(601));
}

BOOST_FIXTURE_TEST_CASE(opportunities, instance) {
    opportunity row = made_rows<opportunity>().front();
    row.opportunity_stage_id = "Proposal";
    imports<&opportunity::remote_opportunity_id>(bulk::opportunities, std::vector{row});
    check_stored(bulk::opportunities, row);
}

BOOST_FIXTURE_TEST_CASE(members_of_two_bases, instance) {
    round_trip<&sixty::value1, sixty>(bulk::custom_object(odd_objects::sixty));
}

BOOST_FIXTURE_TEST_CASE(as_many_members_as_an_export_has, instance) {
    bulk::custom_object const of(odd_objects::widest);
    bulk::string_map values;
    std::map<std::string, std::string> expected;
    add_record(*this, of, values, expected);
    std::string const path = "/customObjects/" + std::to_string(of.id);
    std::erase_if(values, [](auto const& each) { return !each.first.starts_with("Value"); });
    std::int64_t const made = eloqua.add_record(path, values);
    for (std::string const name : {"Id", "ExternalId", "CreatedAt", "UpdatedAt"})
        expected["{{CustomObject[703]." + name + "}}"] =
            eloqua.value(path, made, name).substr(0, 19);
    auto const& columns = bulk::detail::columns_of<widest_row, bulk::custom_object>;
    BOOST_TEST(columns.size() == 250u);
    auto const rows = exported<widest_row>(of);
    BOOST_TEST_REQUIRE(rows.size() == 1u);
    for_each_member(rows[0], [&](auto const& value, std::size_t at) {
        BOOST_TEST(text_of(value) == expected.at(std::string(columns[at].statement.text)));
    });
}

BOOST_AUTO_TEST_SUITE_END()
