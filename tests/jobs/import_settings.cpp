// SPDX-License-Identifier: BSL-1.0
// An interrupted import that is run again with other settings: it is refused, so that no row is
// imported in another way than the caller says.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_journal.hpp"
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

struct contact {
    std::string email;
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::city, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, city))

/// The same column, with another field.
struct mover {
    std::string email;
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&mover::email, "C_EmailAddress">,
                                       bulk::field<&mover::city, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(mover, (), (email, city))

struct warranty {
    std::string serial;
    std::string email;
    using eloqua_fields =
        bulk::fields<bulk::statement<&warranty::serial, "{{CustomObject[501].Field[5001]}}">,
                     bulk::statement<&warranty::email, "{{CustomObject[501].Field[5002]}}">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (serial, email))

struct crash {};

bulk::basic_credentials const me{"Company", "user", "secret"};
auto const by_email = bulk::identified_by<&contact::email>;

template <class Row = contact>
std::vector<Row> people() {
    std::vector<Row> out;
    for (int i = 0; i != 11; ++i)
        out.push_back({"p" + std::to_string(i) + "@example.com", "City " + std::to_string(i)});
    return out;
}

/// An instance, and an import that was interrupted when it was to start its second sync.
struct instance {
    instance() {
        eloqua.add_contact_list(912, "twelve");
        eloqua.add_contact_list(913, "thirteen");
        options.request_bytes = 130; // two rows
        options.requests_per_sync = 2;
        options.journal = journal;
    }
    template <class Row = contact, class By = decltype(by_email), class... Settings>
    bulk::result<bulk::import_report<Row>> run(By by, bulk::import_options const& how,
                                               Settings const&... settings) {
        return bulk::client(eloqua, me)
            .import_rows(bulk::contacts, by, people<Row>(), how, settings...)
            .get();
    }
    /// Interrupts it at the `nth` request of this kind, which is not carried out, unless it creates
    /// the definition.
    template <class F>
    void interrupt(F import, char const* kind = "/syncs", int nth = 2) {
        eloqua.intercept([=, this, n = 0](bulk::request const& q) mutable {
            if (q.method == bulk::verb::post && q.target.ends_with(kind) && ++n == nth) {
                if (q.target.ends_with("/imports"))
                    (void)eloqua.handle(q);
                throw crash();
            }
            return std::optional<bulk::response>();
        });
        BOOST_CHECK_THROW((void)import(), crash);
        eloqua.intercept({});
    }
    std::size_t sent() {
        return eloqua.requests("POST /contacts/imports") + eloqua.requests("POST /syncs") +
               eloqua.requests("DELETE /contacts/imports/{id}");
    }
    std::size_t in_list(int which) {
        return eloqua.members("/contacts", "{{ContactList[" + std::to_string(which) + "]}}").size();
    }

    bulk::simulator eloqua;
    std::shared_ptr<memory_journal> journal = std::make_shared<memory_journal>();
    bulk::import_options options;
};

/// Checks that it is refused with a message that has each of these texts.
template <class Row>
void check_refused(bulk::result<bulk::import_report<Row>> const& came,
                   std::vector<std::string> const& texts) {
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::journal_failed), came.error().message());
    for (std::string const& each : texts)
        BOOST_TEST((came.error().message().find(each) != std::string::npos),
                   came.error().message() << " lacks " << each);
}

} // namespace

BOOST_AUTO_TEST_SUITE(import_settings)

BOOST_AUTO_TEST_CASE(another_list_is_refused) {
    // The next run would send the rest to a new definition, all rows to a new one, or all to the
    // old one.
    std::pair<char const*, int> const moments[] = {{"/syncs", 2}, {"/data", 2}, {"/imports", 1}};
    for (auto const& [kind, nth] : moments) {
        instance in;
        auto const twelve = bulk::add_to(bulk::contact_list(912));
        auto const thirteen = bulk::add_to(bulk::contact_list(913));
        in.interrupt([&] { return in.run(by_email, in.options, twelve); }, kind, nth);
        std::size_t const before = in.sent();
        check_refused(in.run(by_email, in.options, thirteen),
                      {"the journal belongs to an import with other settings: 'syncActions' was "
                       R"([{"action":"add","destination":"{{ContactList[912]}}"}])"
                       " when it began, and is "
                       R"([{"action":"add","destination":"{{ContactList[913]}}"}])",
                       "pass the settings that it began with, or start over with a new journal"});
        check_refused(in.run(by_email, in.options), {", and is not set"});
        BOOST_TEST(in.sent() == before);
        BOOST_TEST(in.in_list(913) == 0u);

        auto const report = in.run(by_email, in.options, twelve);
        BOOST_TEST_REQUIRE(report.has_value());
        BOOST_TEST(report->rows == 11);
        BOOST_TEST(in.in_list(912) == 11u);
        BOOST_TEST(in.in_list(913) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(options_that_change_what_is_imported_are_refused) {
    struct change {
        std::function<void(bulk::import_options&)> make;
        std::string told;
    };
    change const changes[] = {
        {[](auto& o) { o.update = bulk::update_rule::always; },
         R"('updateRule' was "ifNewIsNotNull" when it began, and is "always")"},
        {[](auto& o) { o.rule = bulk::import_rule::createOnly; },
         R"('importRule' was not set when it began, and is "createOnly")"},
        {[](auto& o) { o.update_multiple_matches = true; },
         "'isUpdatingMultipleMatchedRecords' was false when it began, and is true"},
        {[](auto& o) { o.priority_uri = "/imports/priorities/1"; },
         R"('importPriorityUri' was not set when it began, and is "/imports/priorities/1")"},
    };
    instance in;
    in.interrupt([&] { return in.run(by_email, in.options); });
    std::size_t const before = in.sent();
    bulk::import_options all = in.options;
    for (change const& each : changes) {
        bulk::import_options other = in.options;
        each.make(other);
        each.make(all);
        check_refused(in.run(by_email, other), {each.told});
    }
    check_refused(in.run(by_email, all), {changes[0].told, "; " + changes[1].told});
    BOOST_TEST(in.sent() == before);
    BOOST_TEST(in.run(by_email, in.options).value().created == 11);
}

BOOST_AUTO_TEST_CASE(options_that_do_not_change_what_is_imported_may_differ) {
    instance in;
    in.interrupt([&] { return in.run(by_email, in.options); });
    bulk::import_options other = in.options;
    other.name = "another name";
    other.data_retention = std::chrono::hours(24);
    other.auto_delete = std::chrono::hours(24);
    other.rows = bulk::rows_format::csv;
    other.finer_times = bulk::finer_part::cut_off;
    other.request_bytes = 400;
    other.requests_per_sync = 7;
    other.check_fields = false;
    auto const report = in.run(by_email, other);
    BOOST_TEST_REQUIRE(report.has_value());
    BOOST_TEST(report->created == 11);
    BOOST_TEST(report->resumed == 4);
}

BOOST_AUTO_TEST_CASE(other_columns_are_refused_by_name) {
    instance in;
    in.interrupt([&] { return in.run(by_email, in.options); });
    check_refused(
        in.run<mover>(bulk::identified_by<&mover::email>, in.options),
        {R"(other settings: 'fields.city' was "{{Contact.Field(C_City)}}" when it began, )"
         R"(and is "{{Contact.Field(C_Country)}}")"});
    check_refused(in.run(bulk::identified_by<&contact::city>, in.options),
                  {R"('identifierFieldName' was "email" when it began, and is "city")"});
    BOOST_TEST(in.run(by_email, in.options).value().created == 11);
}

BOOST_AUTO_TEST_CASE(the_settings_of_one_entity_are_compared) {
    instance in;
    auto const import = [&](bulk::data_card_mapping const& cards) {
        return bulk::client(in.eloqua, me)
            .import_rows(bulk::custom_object(501), bulk::identified_by<&warranty::serial>,
                         people<warranty>(), in.options, cards)
            .get();
    };
    bulk::data_card_mapping cards;
    cards.mapDataCards = true;
    cards.mapDataCardsEntityType = bulk::data_card_entity::Contact;
    cards.mapDataCardsEntityField = "{{Contact.Field(C_EmailAddress)}}";
    cards.mapDataCardsSourceField = "email";
    in.interrupt([&] { return import(cards); });
    bulk::data_card_mapping other = cards;
    other.mapDataCardsCaseSensitiveMatch = true;
    check_refused(import(other),
                  {"'mapDataCardsCaseSensitiveMatch' was not set when it began, and is true"});
    BOOST_TEST(import(cards).value().rows == 11);
    // The journal of another entity says so.
    check_refused(in.run(by_email, in.options),
                  {R"('entity' was "/customObjects/501" when it began, and is "/contacts")"});
}

BOOST_AUTO_TEST_CASE(a_complete_import_with_other_settings_is_not_this_one) {
    instance in;
    in.run(by_email, in.options).value();
    bulk::import_options other = in.options;
    other.update = bulk::update_rule::always;
    BOOST_TEST((in.run(by_email, other).error().code == bulk::errc::already_complete));
    other.allow_complete = true;
    check_refused(in.run(by_email, other), {"'updateRule' was"});
    other.update = in.options.update;
    BOOST_TEST(in.run(by_email, other).value().was_complete);
}

BOOST_AUTO_TEST_CASE(damaged_settings_are_refused) {
    instance in;
    in.interrupt([&] { return in.run(by_email, in.options); });
    std::string const first = in.journal->records().front();
    std::size_t const json = first.find('{');
    BOOST_TEST_REQUIRE(json != first.npos);
    for (std::string const& each : {first.substr(0, json), first.substr(0, json) + "{\"entity\":",
                                    first.substr(0, json) + "[]", first.substr(0, json - 1)}) {
        bulk::import_options other = in.options;
        auto const damaged = std::make_shared<memory_journal>();
        damaged->append(each).value();
        damaged->append("name a").value();
        other.journal = damaged;
        check_refused(in.run(by_email, other), {});
    }
}

BOOST_AUTO_TEST_SUITE_END()
