// SPDX-License-Identifier: BSL-1.0
// Sync actions by name: how they are sent, and which rows they apply to.
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/sync_actions.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

std::string const guid = "7BE704D3-AF60-4775-AD41-6E8D0A5AB212";

template <class E, class Action>
constexpr bool takes = requires(E const& of, bulk::record_identifier<E> by, Action const& action) {
    bulk::define_sync_action(of, "x", by, action);
};
using on_contacts = decltype(bulk::add_to(bulk::contact_list(1)));
using on_accounts = decltype(bulk::add_to(bulk::account_list(1)));
using on_addresses = decltype(bulk::mark_bounced());
using of_app = decltype(bulk::set_complete(bulk::app_feeder(guid)));

static_assert(takes<bulk::contacts_t, on_contacts> && !takes<bulk::contacts_t, on_accounts>);
static_assert(takes<bulk::accounts_t, on_accounts> && !takes<bulk::accounts_t, on_contacts>);
static_assert(!takes<bulk::contacts_t, on_addresses>);
static_assert(takes<bulk::custom_object, of_app> && !takes<bulk::accounts_t, of_app>);
static_assert(takes<bulk::contacts_t, decltype(bulk::unsubscribe_globally())>);
static_assert(!takes<bulk::custom_object, on_contacts>);
// A contact is not an account, whichever field identifies it.
template <class E, class By>
constexpr bool identifies = requires(E const& of, By by) {
    bulk::define_sync_action(of, "x", by, bulk::unsubscribe_globally());
};
static_assert(identifies<bulk::contacts_t, bulk::record_identifier<bulk::contacts_t>>);
static_assert(!identifies<bulk::contacts_t, bulk::record_identifier<bulk::accounts_t>>);

// In the definitions of exports and imports too; only one of them sets an address's bounceback.
template <class E, class... Actions>
constexpr bool has_actions =
    requires(E const& of, Actions const&... each) { bulk::actions_for(of, each...); };
using unsubscribes = decltype(bulk::unsubscribe_globally());
static_assert(has_actions<bulk::email_addresses_t, unsubscribes>);
static_assert(has_actions<bulk::email_addresses_t, on_addresses>);
static_assert(!has_actions<bulk::email_addresses_t, on_addresses, unsubscribes>);
static_assert(has_actions<bulk::contacts_t, on_contacts, unsubscribes>);
static_assert(!has_actions<bulk::contacts_t, on_contacts, on_accounts>);
static_assert(!has_actions<bulk::activities_t, on_contacts> && !has_actions<bulk::contacts_t>);

// Settings of imports of rows.
static_assert(bulk::importable_by_rows<bulk::contacts_t, on_contacts, unsubscribes>);
static_assert(!bulk::importable_by_rows<bulk::accounts_t, on_contacts>);
static_assert(bulk::importable_by_rows<bulk::accounts_t, bulk::user_linkage, on_accounts>);
static_assert(!bulk::importable_by_rows<bulk::contacts_t, bulk::user_linkage>);
static_assert(bulk::importable_by_rows<bulk::custom_object, bulk::data_card_mapping, of_app>);
static_assert(bulk::importable_by_rows<bulk::event, bulk::data_card_mapping>);
static_assert(!bulk::importable_by_rows<bulk::event, of_app>);
static_assert(bulk::importable_by_rows<bulk::campaign_responses_t, bulk::app_service>);
static_assert(bulk::importable_by_rows<bulk::opportunities_t, bulk::identifier_matching>);
static_assert(!bulk::importable_by_rows<bulk::opportunity_contacts_t>);
static_assert(bulk::importable_by_rows<bulk::opportunity_contacts_t, bulk::opportunity_linkage>);
static_assert(!bulk::importable_by_rows<bulk::email_addresses_t, on_addresses, unsubscribes>);
static_assert(!bulk::importable_by_rows<bulk::campaigns_t>);
// An entity whose imports have no settings of their own accepts none.
static_assert(!bulk::importable_by_rows<bulk::activities_t, bulk::activity_import_definition>);

} // namespace

BOOST_AUTO_TEST_SUITE(actions)

BOOST_AUTO_TEST_CASE(actions_on_the_wire) {
    std::vector<bulk::sync_action> const made = {
        bulk::add_to(bulk::contact_list(123)),
        bulk::remove_from(bulk::contact_list(123)),
        bulk::add_to(bulk::account_list(7)),
        bulk::subscribe_to(bulk::email_group(11)),
        bulk::unsubscribe_from(bulk::email_group(11)),
        bulk::subscribe_globally(),
        bulk::set_status(bulk::app_action("7be704d3af604775ad416e8d0a5ab212", 12345),
                         bulk::app_action_status::complete),
        bulk::set_status(bulk::app_decision("7be704d3af604775ad416e8d0a5ab212", 12345),
                         bulk::app_decision_status::yes),
    };
    BOOST_TEST((boost::json::parse(bulk::write_document(made)) ==
                boost::json::parse(payload("sync_actions_examples.json"))));
}

BOOST_AUTO_TEST_CASE(other_actions) {
    auto text = [](bulk::sync_action const& a) { return bulk::write_document(a); };
    BOOST_TEST(text(bulk::remove_from(bulk::account_list(7))) ==
               R"({"action":"remove","destination":"{{AccountList[7]}}"})");
    BOOST_TEST(
        text(bulk::unsubscribe_globally()) ==
        R"({"action":"setStatus","destination":"{{GlobalSubscribe}}","status":"unsubscribed"})");
    BOOST_TEST(text(bulk::mark_bounced()) ==
               R"({"action":"setStatus","destination":"{{GlobalSubscribe}}","status":"bounced"})");
    BOOST_TEST(
        text(bulk::set_status(bulk::app_action(guid), bulk::app_action_status::errored, true)) ==
        R"({"action":"setStatus","destination":)"
        R"("{{ActionInstance(7BE704D3AF604775AD416E8D0A5AB212)}}","status":"errored",)"
        R"("updateAll":true})");
    BOOST_TEST(text(bulk::set_status(bulk::app_action(guid), bulk::app_action_status::pending))
                   .find(R"("status":"pending"})") != std::string::npos);
    BOOST_TEST(text(bulk::set_status(bulk::app_action(guid), bulk::app_action_status::active))
                   .find(R"("status":"active"})") != std::string::npos);
    BOOST_TEST(text(bulk::set_status(bulk::app_decision(guid, 3), bulk::app_decision_status::no))
                   .find(R"("status":"no"})") != std::string::npos);
    BOOST_TEST(
        text(bulk::set_status(bulk::app_decision(guid, 3), bulk::app_decision_status::errored))
            .find(R"("status":"errored"})") != std::string::npos);
    BOOST_TEST(text(bulk::set_complete(bulk::app_feeder(guid))).find("{{FeederInstance(") !=
               std::string::npos);
    BOOST_TEST(text(bulk::set_complete(bulk::app_content(guid))).find("{{ContentInstance(") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_definition_of_contacts) {
    bulk::sync_action_definition const made = bulk::define_sync_action(
        bulk::contacts, "Unsubscribe by address", bulk::contact_identifier::email_address,
        bulk::unsubscribe_globally());
    BOOST_TEST((boost::json::parse(bulk::write_document(made)) ==
                boost::json::parse(payload("contact_sync_action_definition_request.json"))));
}

BOOST_AUTO_TEST_CASE(a_definition_of_a_custom_object) {
    bulk::sync_action_definition const made = bulk::define_sync_action(
        bulk::custom_object(172), "Done", bulk::custom_object_identifier::external_id,
        bulk::set_status(bulk::app_action(guid, 5), bulk::app_action_status::complete));
    BOOST_TEST(made.fields.at(0).second == "{{CustomObject[172].ExternalId}}");
    BOOST_TEST(made.identifierFieldName.value() == "ExternalId");
}

BOOST_AUTO_TEST_CASE(ids_are_positive) {
    auto refused = [](bulk::error const& e) {
        return e.code() == bulk::errc::invalid_argument &&
               std::string(e.what()).find("ids are positive") != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(bulk::contact_list(0), bulk::error, refused);
    BOOST_CHECK_EXCEPTION(bulk::email_group(-3), bulk::error, refused);
    BOOST_CHECK_EXCEPTION(bulk::app_action(guid, 0), bulk::error, refused);
}

BOOST_DATA_TEST_CASE(a_guid_is_checked,
                     data::make({"", "7be704d3", "7be704d3af604775ad416e8d0a5ab21g",
                                 "7be704d3af604775ad416e8d0a5ab212)}}", "a'b",
                                 "7be704d3af604775ad416e8d0a5ab2120"}),
                     text) {
    BOOST_CHECK_THROW(bulk::app_action{text}, bulk::error);
}

BOOST_AUTO_TEST_SUITE_END()
