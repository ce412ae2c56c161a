// SPDX-License-Identifier: BSL-1.0
// Responses compressed with gzip, over every transport: the results equal those of plain ones.
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/detail/gzip.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "ways.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bulk = eloqua::bulk;
using bulk::verb;
using bulk::simulation::gzip;

namespace {

struct row {
    std::string email;
    std::int64_t id = 0;
    using eloqua_fields =
        bulk::fields<bulk::field<&row::email, "C_EmailAddress">, bulk::attribute<&row::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(row, (), (email, id))

bulk::basic_credentials const me{"Company", "user", "secret"};
constexpr char const* one_sync =
    R"({"items":[{"syncedInstanceUri":"/contacts/exports/5","uri":"/syncs/6"}],"hasMore":false})";

bulk::client_options at_base() {
    bulk::client_options options;
    options.base_url = "https://secure.p01.eloqua.com/API/Bulk/2.0";
    options.seed = 1;
    return options;
}

bulk::scripted_transport::step list(bulk::scripted_transport& script, int status, std::string body,
                                    std::string coding = "gzip") {
    auto step = script.expect(verb::get, "/API/Bulk/2.0/syncs");
    step.answers(status, std::move(body)).with("Content-Encoding", std::move(coding));
    return step;
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(compressed_answers)

BOOST_AUTO_TEST_CASE(gzip_is_requested_unless_turned_off) {
    for (bool wanted : {true, false}) {
        bulk::scripted_transport script;
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, one_sync);
        auto options = at_base();
        options.accept_gzip = wanted;
        BOOST_TEST(bulk::client(script, me, options).syncs().list().page().get().has_value());
        auto const sent = script.requests().at(0).fields.find("Accept-Encoding");
        BOOST_TEST((sent == (wanted ? std::optional<std::string_view>("gzip") : std::nullopt)));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(documents, Way, ways::all) {
    bulk::scripted_transport script;
    for (std::size_t piece : {1u, 10u, 4096u})
        list(script, 200, gzip(one_sync)).in_pieces_of(piece);
    list(script, 200, gzip(one_sync), "X-GZip");
    list(script, 200, one_sync, "identity");
    Way way;
    auto client = way.make(script, me, at_base());
    for (int i = 0; i != 5; ++i)
        BOOST_TEST(way.run(client.syncs().list().page()).value().items.at(0).uri.value() ==
                   "/syncs/6");
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(compressed_error_bodies_are_read) {
    bulk::scripted_transport script;
    list(script, 400, gzip(R"({"failures":[{"field":"q","constraint":"Must be short."}]})"));
    list(script, 400, "not gzip at all");
    list(script, 400, "\x1b\x2a", "br");
    list(script, 400, gzip(std::string(3'000'000, 'x'))); // more than error messages need
    bulk::client client(script, me, at_base());
    BOOST_TEST(has(client.syncs().list().page().get().error().message(), "Must be short."));
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(client.syncs().list().page().get().error().info.status == 400);
}

BOOST_AUTO_TEST_CASE(a_coding_that_was_not_requested) {
    bulk::scripted_transport script;
    list(script, 200, "\x1b\x2a", "br\n");
    list(script, 200, one_sync, "identity");
    bulk::client client(script, me, at_base());
    auto const came = client.syncs().list().page().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::malformed_response));
    BOOST_TEST(has(came.error().message(), "Content-Encoding 'br '"));
    BOOST_TEST(has(came.error().message(), "GET https://secure.p01.eloqua.com/API/Bulk/2.0/syncs"));
    BOOST_TEST(client.syncs().list().page().get().has_value());
}

BOOST_AUTO_TEST_CASE(several_codings_are_one_list) {
    std::string const once = gzip(one_sync), twice = gzip(once);
    bulk::scripted_transport script;
    for (auto const& [coding, body] :
         {std::pair("gzip,", once), std::pair(" , gzip ,, identity", once),
          std::pair("", std::string(one_sync)),
          std::pair("identity, IDENTITY,", std::string(one_sync)),
          std::pair("GZip, x-gzip", twice)})
        list(script, 200, body, coding).in_pieces_of(7);
    list(script, 200, twice).with("content-encoding", "gzip").in_pieces_of(1);
    list(script, 200, once, "identity").with("Content-Encoding", "gzip");
    list(script, 200, twice, "gzip, gzip").cut_after(20);
    list(script, 200, gzip(once + std::string(9, '\0')) + "\r\n", "gzip, gzip");
    bulk::client client(script, me, at_base());
    for (int i = 0; i != 8; ++i)
        BOOST_TEST(client.syncs().list().page().get().value().items.size() == 1u);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(unsupported_codings_are_named) {
    for (char const* coding :
         {"none", "utf-8", "deflate", "gzip, br", "gzip, gzip, gzip", "gz ip"}) {
        bulk::scripted_transport script;
        list(script, 200, gzip(one_sync), coding);
        auto const came = bulk::client(script, me, at_base()).syncs().list().page().get();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::malformed_response));
        BOOST_TEST(has(came.error().message(), "Content-Encoding '" + std::string(coding) + "'"));
        BOOST_TEST(came.error().info.attempts == 1u);
    }
}

BOOST_AUTO_TEST_CASE(damaged_bodies_are_not_requested_again) {
    std::string damaged = gzip(one_sync);
    damaged[damaged.size() - 6] ^= 1; // in the checksum
    std::string const cut = gzip(one_sync).substr(0, 30);
    for (std::string const& body : {damaged, cut}) {
        bulk::scripted_transport script;
        list(script, 200, body);
        auto const came = bulk::client(script, me, at_base()).syncs().list().page().get();
        BOOST_TEST((came.error().code == bulk::errc::malformed_response));
        BOOST_TEST(came.error().info.attempts == 1u);
        BOOST_TEST(script.unexpected().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_broken_connection_is_retried) {
    std::string const body = gzip(one_sync);
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
        bulk::scripted_transport script;
        list(script, 200, body).cut_after(cut);
        list(script, 200, body);
        auto const came = bulk::client(script, me, at_base()).syncs().list().page().get();
        BOOST_TEST(came.value().items.size() == 1u);
        BOOST_TEST(script.finished());
    }
}

BOOST_AUTO_TEST_CASE(limits_hold_after_inflating) {
    auto options = at_base();
    options.document_bytes = 100'000;
    bulk::scripted_transport script;
    list(script, 200, gzip('"' + std::string(200'000, 'x') + '"'));
    list(script, 200, gzip('"' + std::string(90'000'000, 'x') + '"'));
    auto const too_long = bulk::client(script, me, options).syncs().list().page().get();
    BOOST_TEST((too_long.error().code == bulk::errc::response_too_large));
    options.document_bytes = 1'000'000'000;
    auto const bomb = bulk::client(script, me, options).syncs().list().page().get();
    BOOST_TEST((bomb.error().code == bulk::errc::response_too_large));
    BOOST_TEST(has(bomb.error().message(), "500 times"));
    BOOST_TEST(has(bomb.error().message(), "/syncs"));
}

BOOST_AUTO_TEST_CASE(one_page_of_rows) {
    bulk::scripted_transport script;
    std::string const target = "/API/Bulk/2.0/syncs/6/data*";
    std::string const body = gzip(R"({"items":[{"email":"a","id":"7"}],"totalResults":1})");
    script.expect(verb::get, target)
        .answers(200, body)
        .with("Content-Encoding", "gzip")
        .cut_after(9);
    script.expect(verb::get, target).answers(200, body).with("Content-Encoding", "gzip");
    script.expect(verb::get, target)
        .answers(200, body.substr(0, 40))
        .with("Content-Encoding", "gzip");
    bulk::client client(script, me, at_base());
    auto const page = client.syncs().data<row>(6).get().value();
    BOOST_TEST(page.items.at(0).id == 7);
    auto const cut = client.syncs().data<row>(6).get();
    BOOST_TEST((cut.error().code == bulk::errc::malformed_response));
    BOOST_TEST(has(cut.error().message(), "ends too early"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_simulator_that_compresses, Way, ways::all) {
    for (bool compresses : {true, false}) {
        bulk::simulator_options service;
        service.gzip = compresses;
        bulk::simulator eloqua(service);
        eloqua.generate_contacts(3'000);
        Way way;
        auto client = way.make(eloqua, me);
        std::int64_t sum = 0;
        auto source = client.template export_rows<row>(bulk::contacts);
        BOOST_TEST(way.run(source.for_each([&](row const& r) { sum += r.id; })).value() == 3'000);
        BOOST_TEST(sum > 3'000);
        BOOST_TEST(source.receipt().bytes > 3'000u * 30);
        auto const report =
            way.run(client.import_rows(bulk::contacts, bulk::identified_by<&row::email>,
                                       std::vector<row>{{"n@example.com"}, {"-"}}));
        BOOST_TEST(report.value().created == 1);
        BOOST_TEST(report.value().rejected == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_simulator_compresses_on_request) {
    bulk::simulator_options service;
    service.gzip = true;
    bulk::simulator eloqua(service);
    bulk::request q(verb::get, {"https", "secure.p03.eloqua.com", 443}, "/API/Bulk/2.0/syncs");
    BOOST_TEST(!eloqua.handle(q).fields.find("Content-Encoding"));
    q.fields.set("Accept-Encoding", "gzip");
    BOOST_TEST(eloqua.handle(q).fields.find("Content-Encoding").value() == "gzip");
    BOOST_TEST(eloqua.handle(q).body.starts_with("\x1f\x8b"));
    eloqua.intercept([](bulk::request const&) { return bulk::response(200, "as it is"); });
    BOOST_TEST(eloqua.handle(q).body == "as it is");
}

BOOST_AUTO_TEST_SUITE_END()
