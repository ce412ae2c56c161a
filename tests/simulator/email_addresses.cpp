// SPDX-License-Identifier: BSL-1.0
// E-mail addresses and phone numbers.
#include "service_fixture.hpp"
#include <string>

namespace {

using namespace simulator_tests;

char const unsubscribe[] =
    R"({"action":"setStatus","destination":"{{GlobalSubscribe}}","status":"unsubscribed"})";
char const bounce[] =
    R"({"action":"setStatus","destination":"{{GlobalSubscribe}}","status":"bounced"})";

std::string body(std::string const& actions) {
    return R"({"name":"e","identifierFieldName":"e",
        "fields":{"e":"{{EmailAddress.Field(EmailAddress)}}"},"syncActions":[)" +
           actions + "]}";
}

struct with_contacts : service {
    explicit with_contacts(simulator_options options = {}) : service(std::move(options)) {
        for (char const* each : {"ana@example.com", "bo@example.com"})
            eloqua.add_record("/contacts", {{"C_EmailAddress", each}});
    }
    /// Whether a contact is subscribed and bounced, by its address.
    std::string state(std::string const& email) {
        auto const ids = eloqua.find("/contacts", "C_EmailAddress", email);
        return ids.size() != 1 ? "no contact"
                               : eloqua.value("/contacts", ids[0], "Email.IsSubscribed") + ' ' +
                                     eloqua.value("/contacts", ids[0], "Email.IsBounced");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_email_addresses)

BOOST_FIXTURE_TEST_CASE(present_and_future_contacts_are_unsubscribed, with_contacts) {
    std::string const done = import(define("/emailAddresses/imports", body(unsubscribe)), R"([
        {"e":"ANA@example.com"},{"e":"later@example.com"},{"e":"soon@example.com"},
        {"e":"Later@example.com"},{"e":"no address"}])");
    BOOST_TEST(rejects_of(done) == "2:00011(e) 5:00002(e)");
    BOOST_TEST(log_of(done) == "00130:5 00137:0 00001:5 00002:1 00011:1 00003:3 00033:3 00035:0 "
                               "00140:3 00017:1 00101:0");
    BOOST_TEST(state("ana@example.com") == "False False");
    BOOST_TEST(state("bo@example.com") == "True False");
    eloqua.add_record("/contacts", {{"C_EmailAddress", "soon@example.com"}});
    import(define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"}})"),
           R"([{"e":"LATER@example.com"},{"e":"other@example.com"}])");
    BOOST_TEST(state("soon@example.com") == "False False");
    BOOST_TEST(state("later@example.com") == "False False");
    BOOST_TEST(state("other@example.com") == "True False");
}

BOOST_FIXTURE_TEST_CASE(a_contact_that_was_subscribed_again_stays_subscribed, with_contacts) {
    import(define("/emailAddresses/imports", body(unsubscribe)), R"([{"e":"ana@example.com"}])");
    std::string const again = R"({"name":"i","identifierFieldName":"e",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}","c":"{{Contact.Field(C_City)}}"})";
    import(define("/contacts/imports", again + R"(,"syncActions":[{"action":"setStatus",
        "destination":"{{GlobalSubscribe}}","status":"subscribed"}]})"),
           R"([{"e":"ana@example.com"}])");
    import(define("/contacts/imports", again + '}'), R"([{"e":"ana@example.com","c":"Gent"}])");
    BOOST_TEST(state("ana@example.com") == "True False");
}

BOOST_FIXTURE_TEST_CASE(bouncebacks_are_set, with_contacts) {
    std::string const definition = define("/emailAddresses/imports", body(bounce));
    std::string const done = import(definition, R"([{"e":"bo@example.com"}])");
    BOOST_TEST(log_of(done).find("00033:1 00035:0 00140:1 00016:1") != std::string::npos);
    BOOST_TEST(state("bo@example.com") == "True True");
    BOOST_TEST(log_of(import(definition, R"([{"e":"bo@example.com"}])"))
                   .find("00033:0 00035:1 00140:1 00016:1") != std::string::npos);
    BOOST_TEST(contacts_where("'{{Contact.Email.IsBounced}}' = 'True'",
                              "{{Contact.Field(C_EmailAddress)}}") == "bo@example.com");
}

BOOST_FIXTURE_TEST_CASE(only_two_things_can_be_done_to_an_address, with_contacts) {
    struct row {
        std::string actions;
        char const* constraint;
    };
    row const rows[] = {
        {"", "Must contain at least one action."},
        {std::string(unsubscribe) + ',' + bounce,
         "Must not unsubscribe and set the bounceback together."},
        {R"({"action":"setStatus","destination":"{{GlobalSubscribe}}","status":"subscribed"})",
         "Must be an action, destination and status that exist for the entity."},
        {R"({"action":"add","destination":"{{ContactList[101]}}"})",
         "Must be an action, destination and status that exist for the entity."},
        {R"({"action":"setStatus","destination":"{{EmailGroup[11]}}","status":"unsubscribed"})",
         "Must be an action, destination and status that exist for the entity."},
    };
    for (row const& each : rows) {
        answer const refused = post("/emailAddresses/imports", body(each.actions));
        BOOST_TEST(refused.status == 400);
        BOOST_TEST(refused.at("failures.0.constraint") == each.constraint, each.actions);
    }
    simulator_options options;
    options.email_address_imports_need_action = false;
    BOOST_TEST(service(options).post("/emailAddresses/imports", body("")).status == 201);
}

BOOST_AUTO_TEST_CASE(phone_numbers_are_kept) {
    std::string const plain = R"({"name":"p","identifierFieldName":"p",
        "fields":{"p":"{{PhoneNumber.Field(PhoneNumber)}}"})";
    std::string const acting = plain + R"(,"syncActions":[)" + unsubscribe + "]}";
    service s;
    std::string const done = s.import(s.define("/phoneNumbers/imports", plain + '}'),
                                      R"([{"p":"+32 2 1"},{"p":"+32 2 1"}])");
    BOOST_TEST(s.rejects_of(done) == "1:00026(p)");
    BOOST_TEST(s.log_of(done).find("00049:1") != std::string::npos);
    BOOST_TEST(s.eloqua.find("/phoneNumbers", "PhoneNumber", "+32 2 1").size() == 1u);
    BOOST_TEST(s.post("/phoneNumbers/imports", acting).status == 400);
    simulator_options options;
    options.phone_number_actions = true;
    BOOST_TEST(service(options).post("/phoneNumbers/imports", acting).status == 201);
}

BOOST_AUTO_TEST_SUITE_END()
