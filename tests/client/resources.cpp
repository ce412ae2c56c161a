// SPDX-License-Identifier: BSL-1.0
// Every function of the resources against the simulated service, for each entity.
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "ways.hpp"
#include <chrono>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

struct contact {
    std::string email;
    int number = 0;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, number))

struct keyed {
    std::string key;
};
BOOST_DESCRIBE_STRUCT(keyed, (), (key))

bulk::basic_credentials const me{"Company", "user", "secret"};

bulk::simulator service_with_custom_object() {
    bulk::simulator eloqua;
    bulk::field_definition serial;
    serial.name = "Serial";
    serial.internalName = "Serial1";
    serial.uri = "/customObjects/172/fields/976";
    eloqua.add_custom_object(172, "Warranty", {bulk::simulated_field(serial)});
    return eloqua;
}

template <class E>
void definitions_of(E of, std::string const& statement) {
    using import_definition = bulk::import_definition_t<E>;
    bulk::simulator eloqua = service_with_custom_object();
    ways::blocking way;
    auto client = way.make(eloqua, me);

    bulk::export_definition out;
    out.name = "Everybody";
    out.fields = {{"key", statement}};
    out.dataRetentionDuration = std::chrono::hours(12);
    bulk::stored<bulk::export_definition> const made =
        way.run(client.exports(of).create(out)).value();
    bulk::id const export_id = bulk::id_of(made).value();
    BOOST_TEST(made.name == "Everybody");
    BOOST_TEST(made.createdBy.value() == "user");
    BOOST_TEST(way.run(client.exports(of).read(export_id)).value().fields[0].second == statement);
    out.name = "Everybody else";
    BOOST_TEST(way.run(client.exports(of).replace(export_id, out)).value().name == out.name);
    bulk::list_query one;
    one.limit = 1;
    auto const listed = way.run(client.exports(of).list(one).page()).value();
    BOOST_TEST(listed.items.size() == 1);
    BOOST_TEST(listed.totalResults.value() == 1);
    BOOST_TEST(way.run(client.exports(of).remove_data(export_id)).has_value());
    BOOST_TEST(way.run(client.exports(of).remove(export_id)).has_value());
    auto const gone = way.run(client.exports(of).read(export_id));
    BOOST_TEST_REQUIRE(gone.has_error());
    BOOST_TEST(gone.error().info.status == 404);

    import_definition in;
    in.name = "New ones";
    in.fields = {{"key", statement}};
    in.identifierFieldName = "key";
    in.updateRule = bulk::open_enum(bulk::update_rule::ifNewIsNotNull);
    bulk::stored<import_definition> const staged = way.run(client.imports(of).create(in)).value();
    bulk::id const import_id = bulk::id_of(staged).value();
    BOOST_TEST((staged.updateRule == bulk::update_rule::ifNewIsNotNull));
    BOOST_TEST(way.run(client.imports(of).read(import_id)).value().identifierFieldName.value() ==
               "key");
    BOOST_TEST(way.run(client.imports(of).list().page()).value().items.size() == 1);
    BOOST_TEST(way.run(client.imports(of).replace(import_id, in)).has_value());
    BOOST_TEST(!way.run(client.imports(of).push(import_id, R"([{"key":"x@example.com"}])"))
                    .value()
                    .has_value());
    BOOST_TEST(way.run(client.imports(of).remove_data(import_id)).has_value());
    BOOST_TEST(way.run(client.imports(of).push(import_id, "key\ny@example.com\n", "text/csv"))
                   .has_value());
    BOOST_TEST(way.run(client.imports(of).remove_data(import_id)).has_value());
    std::vector<keyed> rows{{"y@example.com"}};
    BOOST_TEST(way.run(client.imports(of).push(import_id, rows)).has_value());
    BOOST_TEST(way.run(client.imports(of).remove_data(import_id)).has_value());
    BOOST_TEST(
        way.run(client.imports(of).push(import_id, rows, bulk::rows_format::csv)).has_value());
    rows.push_back({"\xFF"});
    auto const refused = way.run(client.imports(of).push(import_id, rows));
    BOOST_TEST((refused.error().code == bulk::errc::invalid_row));
    BOOST_TEST(refused.error().message().find("row 1: member 'key'") != std::string::npos);
    rows.back().key.assign(bulk::limits::request_bytes, 'x');
    BOOST_TEST((way.run(client.imports(of).push(import_id, rows)).error().code ==
                bulk::errc::request_too_large));

    bulk::sync_definition start;
    start.syncedInstanceUri = staged.uri.value();
    bulk::sync const begun = way.run(client.syncs().create(start)).value();
    bulk::id const sync_id = bulk::id_of(begun).value();
    BOOST_TEST((begun.status == bulk::sync_status::pending));
    eloqua.advance(std::chrono::minutes(1));
    BOOST_TEST(way.run(client.syncs().read(sync_id)).value().finished());
    BOOST_TEST(way.run(client.syncs().list().page()).value().items.size() == 1);
    BOOST_TEST(!way.run(client.syncs().logs(sync_id).page()).value().items.empty());
    BOOST_TEST(way.run(client.syncs().rejects(sync_id).page()).value().items.empty());
    BOOST_TEST(eloqua.count(of.base_path().value()) == 1);
    BOOST_TEST(way.run(client.imports(of).remove(import_id)).has_value());

    auto const fields = way.run(client.fields(of).list().page()).value();
    BOOST_TEST_REQUIRE(!fields.items.empty());
    bulk::id const field_id = bulk::id_of(fields.items[0]).value();
    BOOST_TEST(way.run(client.fields(of).read(field_id)).value().name == fields.items[0].name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(resources)

BOOST_AUTO_TEST_CASE(contacts) {
    definitions_of(bulk::contacts, "{{Contact.Field(C_EmailAddress)}}");
}
BOOST_AUTO_TEST_CASE(accounts) {
    definitions_of(bulk::accounts, "{{Account.Field(M_CompanyName)}}");
}
BOOST_AUTO_TEST_CASE(custom_objects) {
    definitions_of(bulk::custom_object{172}, "{{CustomObject[172].Field[976]}}");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_page_of_rows, Way, ways::all) {
    bulk::simulator eloqua;
    eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}});
    eloqua.add_record("/contacts", {{"C_EmailAddress", "b@example.com"}});
    eloqua.add_record("/contacts", {{"C_EmailAddress", "c@example.com"}});
    Way way;
    auto client = way.make(eloqua, me);
    bulk::export_definition out;
    out.name = "e";
    out.fields = {{"email", "{{Contact.Field(C_EmailAddress)}}"}, {"number", "{{Contact.Id}}"}};
    bulk::sync_definition start;
    start.syncedInstanceUri =
        way.run(client.exports(bulk::contacts).create(out)).value().uri.value();
    bulk::sync_run const run = way.run(client.run_sync(start.syncedInstanceUri)).value();
    BOOST_TEST((run.sync.status == bulk::sync_status::success));
    BOOST_TEST(run.logged(bulk::elq::members_exported).value() == 3);

    bulk::rows_query middle;
    middle.limit = 1;
    middle.offset = 1;
    auto const page = way.run(client.syncs().template data<contact>(run.sync_id, middle)).value();
    BOOST_TEST_REQUIRE(page.items.size() == 1);
    BOOST_TEST(page.items[0].email == "b@example.com");
    BOOST_TEST(page.items[0].number > 0);
    BOOST_TEST(page.totalResults.value() == 3);
    BOOST_TEST(page.hasMore);

    BOOST_TEST(way.run(client.syncs().remove_data(run.sync_id)).has_value());
    auto const gone = way.run(client.syncs().template data<contact>(run.sync_id));
    BOOST_TEST_REQUIRE(gone.has_error());
    BOOST_TEST(gone.error().info.status == 404);
}

BOOST_AUTO_TEST_CASE(failures_of_a_definition_are_all_in_the_error) {
    bulk::client client(bulk::simulator(), me);
    auto const refused = client.exports(bulk::contacts).create(bulk::export_definition()).get();
    BOOST_TEST_REQUIRE(refused.has_error());
    bulk::failure const why = refused.error();
    BOOST_TEST(why.info.failures.size() == 2);
    BOOST_TEST((why.code == bulk::condition::bad_data));
    BOOST_TEST(why.message().find("POST https://secure.p03.eloqua.com/API/Bulk/2.0/contacts/"
                                  "exports -> 400") != std::string::npos);
    BOOST_TEST(why.message().find("name: Must be") != std::string::npos);
    BOOST_CHECK_EXCEPTION((void)refused.value(), bulk::error, [](bulk::error const& e) {
        return e.info().status == 400 && e.get_failure().info.failures.size() == 2;
    });
}

BOOST_AUTO_TEST_CASE(invalid_arguments_are_never_sent) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    auto refused = [](auto operation) {
        auto const came = std::move(operation).get();
        return came.has_error() && came.error().code == bulk::errc::invalid_argument;
    };
    bulk::list_query too_many;
    too_many.limit = 1'001;
    bulk::rows_query negative;
    negative.offset = -1;
    BOOST_TEST(refused(client.syncs().read(0)));
    BOOST_TEST(refused(client.syncs().list(too_many).page()));
    BOOST_TEST(refused(client.syncs().data<contact>(1, negative)));
    BOOST_TEST(refused(client.exports(bulk::contacts).remove(-1)));
    BOOST_TEST(refused(client.imports(bulk::custom_object{0}).list().page()));
    BOOST_TEST(eloqua.requests("GET /syncs") == 0);
    BOOST_TEST(eloqua.requests("GET /syncs/{id}") == 0);
}

BOOST_AUTO_TEST_CASE(a_body_over_32_mb_is_explained) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    bulk::import_definition in;
    in.name = "big";
    in.fields = {{"key", "{{Contact.Field(C_EmailAddress)}}"}};
    in.identifierFieldName = "key";
    auto const made = client.imports(bulk::contacts).create(in).get().value();
    std::string const body = R"([{"key":")" + std::string(32'000'000, 'x') + R"("}])";
    auto const refused = client.imports(bulk::contacts).push(bulk::id_of(made).value(), body).get();
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == bulk::errc::request_too_large));
    BOOST_TEST(refused.error().info.status == 404);
    BOOST_TEST(refused.error().message().find("32000012 bytes") != std::string::npos);
    BOOST_TEST(refused.error().message().find("push fewer rows") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_operation_outlives_its_client) {
    bulk::simulator eloqua;
    auto list = bulk::client(eloqua, me).syncs().list().page();
    BOOST_TEST(std::move(list).get().value().items.empty());
}

BOOST_AUTO_TEST_SUITE_END()
