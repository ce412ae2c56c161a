// SPDX-License-Identifier: BSL-1.0
// The account of an import: each reject names its row, every count is compared, nothing is lost,
// and memory does not grow with the rows.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/detail/job/ledger.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "watched_simulator.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace json = boost::json;

namespace {

using indices = std::vector<std::size_t>;

struct contact {
    std::string email;
    std::optional<std::string> country;

    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, country))

struct score {
    std::string email;
    double points = 0;
    std::chrono::sys_seconds updated;
    using eloqua_fields = bulk::fields<bulk::field<&score::email, "C_EmailAddress">,
                                       bulk::field<&score::points, "C_Lead_Weight1">,
                                       bulk::attribute<&score::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(score, (), (email, points, updated))

bulk::basic_credentials const me{"Company", "user", "secret"};
auto const by_email = bulk::identified_by<&contact::email>;

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// Rows, one in a hundred of which has no address.
contact one_in_a_hundred(std::size_t i) {
    return {(i % 100 == 37 ? "no address " : "person@example.com.") + std::to_string(i), "BE"};
}
auto many(std::size_t n) {
    return std::views::iota(std::size_t(0), n) | std::views::transform(one_in_a_hundred);
}
std::vector<contact> without_address(std::size_t n) {
    std::vector<contact> out;
    for (std::size_t i = 0; i != n; ++i)
        out.push_back({"no address " + std::to_string(i), "BE"});
    return out;
}

/// Responses for paths with this end, in place of the service's.
void answer(bulk::simulator& eloqua, std::string ending, std::string body) {
    eloqua.intercept([=](bulk::request const& q) -> std::optional<bulk::response> {
        std::string const path(q.target.substr(0, q.target.find('?')));
        return path.ends_with(ending) ? std::optional(bulk::response(200, body)) : std::nullopt;
    });
}

indices rows_of(bulk::detail::ledger& l, std::int64_t number,
                std::optional<std::string_view> identifier) {
    bulk::detail::ledger::finding const found = l.find(number, identifier);
    BOOST_TEST((!found.certain || found.rows.size() == 1));
    return found.rows;
}
bool certain(bulk::detail::ledger& l, std::int64_t number,
             std::optional<std::string_view> identifier) {
    return l.find(number, identifier).certain;
}

/// Three requests of two rows each, after ten earlier rows of the caller.
bulk::detail::ledger six_rows(std::vector<std::string_view> const& identifiers,
                              bool case_sensitive = false) {
    bulk::detail::ledger l(case_sensitive);
    l.begin_sync(10);
    for (std::size_t i = 0; i != identifiers.size(); ++i) {
        if (i % 2 == 0)
            l.begin_request();
        l.add(identifiers[i]);
    }
    return l;
}

std::string const long_name = "a name of more than sixteen characters";

} // namespace

BOOST_AUTO_TEST_SUITE(ledger)

BOOST_AUTO_TEST_CASE(a_number_counts_within_the_sync_or_the_request) {
    bulk::detail::ledger l = six_rows({"a", "b", "c", "d", "e", "f"});
    BOOST_TEST((rows_of(l, 4, "d") == indices{13}));
    BOOST_TEST((rows_of(l, 2, "d") == indices{13}));
    BOOST_TEST((rows_of(l, 1, "e") == indices{14}));
    BOOST_TEST(certain(l, 1, "e"));
}

BOOST_AUTO_TEST_CASE(without_agreement_the_identifier_decides) {
    bulk::detail::ledger l = six_rows({"a", "b", "c", "d", "e", long_name});
    for (std::int64_t const number : {std::int64_t(0), std::int64_t(-1), std::int64_t(5),
                                      std::int64_t(7), std::numeric_limits<std::int64_t>::max()}) {
        BOOST_TEST((rows_of(l, number, long_name) == indices{15}));
        BOOST_TEST(certain(l, number, long_name));
    }
    bulk::detail::ledger none;
    BOOST_TEST(rows_of(none, 1, "a").empty());
    BOOST_TEST(rows_of(none, 0, std::nullopt).empty());
}

BOOST_AUTO_TEST_CASE(repeated_identifiers_are_resolved_by_number_or_listed) {
    bulk::detail::ledger l = six_rows({"a", "same", "c", "d", "same", "same"});
    BOOST_TEST((rows_of(l, 5, "same") == indices{14}));
    BOOST_TEST((rows_of(l, 1, "same") == indices{14}));     // of the third request
    BOOST_TEST((rows_of(l, 2, "same") == indices{11, 15})); // of the sync, or of the third request
    BOOST_TEST((rows_of(l, 0, "same") == indices{11, 14, 15}));
    BOOST_TEST((rows_of(l, 3, "same") == indices{11, 14, 15}));
    BOOST_TEST(!certain(l, 2, "same"));
    BOOST_TEST(!certain(l, 0, "same"));
    bulk::detail::ledger blank = six_rows(std::vector<std::string_view>(1'000, ""));
    BOOST_TEST(rows_of(blank, 0, "").size() == 100u);
    BOOST_TEST(rows_of(blank, 1, "").size() == 100u);
    BOOST_TEST((rows_of(blank, 1'000, "") == indices{1'009}));
}

BOOST_AUTO_TEST_CASE(case_and_blanks_are_ignored_by_default) {
    std::vector<std::string_view> const names{" Ana@Example.com", "@[`{", "Zo\xc3\x89 Z\xc3\xa9",
                                              "ana.maria.of@example.com\t"};
    bulk::detail::ledger l = six_rows(names);
    BOOST_TEST((rows_of(l, 1, "ana@example.COM ") == indices{10}));
    BOOST_TEST((rows_of(l, 0, "ANA@EXAMPLE.COM") == indices{10}));
    BOOST_TEST((rows_of(l, 0, "Ana.Maria.Of@Example.com") == indices{13}));
    BOOST_TEST((rows_of(l, 0, "zo\xc3\x89 z\xc3\xa9") == indices{12}));
    BOOST_TEST(rows_of(l, 0, "`{@[").empty());
    BOOST_TEST(
        rows_of(l, 0, "`[@{").empty()); // not letters, although they differ by one bit like letters
    bulk::detail::ledger strict = six_rows(names, true);
    BOOST_TEST((rows_of(strict, 1, "Ana@Example.com") == indices{10}));
    BOOST_TEST(rows_of(strict, 0, "ana@example.com").empty());
}

BOOST_AUTO_TEST_CASE(an_identifier_that_was_not_sent_leaves_the_rows_of_its_number) {
    bulk::detail::ledger l = six_rows({"Zo\xc3\xab@x.example", "b", "c", "d", "e", long_name});
    for (std::string const& respelt :
         {std::string("zo\xc3\x8b@x.example"), std::string("Zoe\xcc\x88@x.example"),
          std::string("Zo&euml;@x.example"), std::string("Zo\xc3\xab"), std::string(),
          std::string("stranger")}) {
        BOOST_TEST((rows_of(l, 1, respelt) == indices{10, 12, 14}), respelt);
        BOOST_TEST((rows_of(l, 6, respelt) == indices{15}));
        BOOST_TEST(!certain(l, 6, respelt));
        for (std::int64_t const number : {std::int64_t(0), std::int64_t(-1), std::int64_t(7),
                                          std::numeric_limits<std::int64_t>::max()})
            BOOST_TEST(rows_of(l, number, respelt).empty());
    }
}

BOOST_AUTO_TEST_CASE(a_number_without_an_identifier_names_candidates) {
    bulk::detail::ledger l = six_rows({"a", "", "c", "d", "e", "f"});
    BOOST_TEST((rows_of(l, 6, std::nullopt) == indices{15}));
    BOOST_TEST(!certain(l, 6, std::nullopt));
    BOOST_TEST((rows_of(l, 1, std::nullopt) == indices{10, 12, 14}));
    BOOST_TEST((rows_of(l, 2, std::nullopt) == indices{11})); // which has none
    BOOST_TEST(!certain(l, 2, std::nullopt));                 // but the number has other candidates
    BOOST_TEST((rows_of(l, 0, std::nullopt) == indices{11}));
    BOOST_TEST(!certain(l, 0, std::nullopt));
}

// A service sends "" for each column that a row lacked, as was observed.
BOOST_AUTO_TEST_CASE(a_blank_identifier_is_ignored) {
    bulk::detail::ledger l = six_rows({"a", "", "c", "d", "e", "f"});
    BOOST_TEST((rows_of(l, 2, "") == indices{11}));
    BOOST_TEST(!certain(l, 2, ""));
    bulk::detail::ledger one_request = six_rows({"a", ""});
    BOOST_TEST(certain(one_request, 2, ""));
    BOOST_TEST(certain(one_request, 2, std::nullopt));
    BOOST_TEST((rows_of(l, 6, "") == indices{15}));
    BOOST_TEST(!certain(l, 6, ""));
    BOOST_TEST((rows_of(l, 0, "") == indices{11}));
    BOOST_TEST(!certain(l, 0, ""));
    bulk::detail::ledger several = six_rows({"a", "", "c", " ", "e", "f"});
    BOOST_TEST((rows_of(several, 4, "") == indices{13}));
    BOOST_TEST(!certain(several, 4, ""));
    BOOST_TEST((several.blank_rows(6) == indices{11, 13}));
    BOOST_TEST((several.blank_rows(3) == indices{11}));
    BOOST_TEST(!several.has_blank_rows(1));
    BOOST_TEST(several.has_blank_rows(2));
    several.forget_first(2);
    BOOST_TEST(!several.has_blank_rows(1));
    BOOST_TEST((several.blank_rows(4) == indices{13}));
    several.forget_first(2);
    BOOST_TEST(!several.has_blank_rows(2));
}

BOOST_AUTO_TEST_CASE(the_ledger_takes_sixteen_bytes_per_row_and_releases_them) {
    std::size_t const n = 100'000;
    bulk::detail::ledger l;
    counted_memory::watch const memory;
    for (std::size_t sync = 0; sync != 3; ++sync) {
        l.begin_sync(sync * n);
        l.begin_request();
        for (std::size_t i = 0; i != n; ++i)
            l.add(std::to_string(i));
        BOOST_TEST((rows_of(l, 0, "77777") == indices{sync * n + 77'777}));
        BOOST_TEST(memory.held_now() <= 16 * n);
    }
    BOOST_TEST(memory.most() <= 16 * n);
    l.begin_sync(0);
    BOOST_TEST(memory.held_now() < 2'000u);
}

// This would take minutes if each reject searched all rows.
BOOST_AUTO_TEST_CASE(rejects_without_numbers_are_found_in_sorted_rows) {
    std::size_t const n = 100'000;
    bulk::detail::ledger l;
    l.begin_request();
    for (std::size_t i = 0; i != n; ++i)
        l.add(std::to_string(i));
    std::size_t right = 0;
    for (std::size_t i = 0; i != n; ++i)
        right += l.find(i % 2 == 0 ? 0 : 1, std::to_string(i)).rows == indices{i};
    BOOST_TEST(right == n);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(import_account)

BOOST_AUTO_TEST_CASE(one_percent_rejects_of_many_rows) {
    std::size_t const n = 100'000;
    for (bool const per_request : {false, true}) {
        bulk::simulator_options how;
        how.record_index_per_request = per_request;
        bulk::simulator eloqua(how);
        bulk::import_options o;
        o.request_bytes = 50'000;
        o.requests_per_sync = 9;
        counted_memory::watch const memory;
        auto const report = bulk::client(watched_simulator(eloqua), me)
                                .import_rows(bulk::contacts, by_email, many(n), o)
                                .get()
                                .value();
        BOOST_TEST(report.rows == static_cast<std::int64_t>(n));
        BOOST_TEST(report.syncs.size() >= 12u);
        BOOST_TEST(report.requests > 100u);
        report.require_balanced();
        BOOST_TEST_REQUIRE(report.rejects.size() == n / 100);
        for (std::size_t i = 0; i != report.rejects.size(); ++i) {
            auto const& reject = report.rejects[i];
            BOOST_TEST_REQUIRE(reject.row_index == 100 * i + 37);
            BOOST_TEST(reject.row.value().email == one_in_a_hundred(reject.row_index).email);
        }
        // A request of rows, and later a page of rejects; then the report with its rejects.
        BOOST_TEST(memory.most() < 1'500'000u);
        BOOST_TEST(memory.held_now() < 600'000u);
    }
}

BOOST_AUTO_TEST_CASE(a_returned_blank_identifier_blames_no_other_row) {
    bulk::simulator eloqua;
    answer(eloqua, "/rejects",
           R"({"items":[{"fieldValues":{"email":"","country":""},"statusCode":"ELQ-00032",
                "recordIndex":1},
               {"fieldValues":{"email":"","country":"BE"},"statusCode":"ELQ-00061",
                "recordIndex":2}]})");
    std::vector<contact> const rows{{"ana@example.com", {}}, {"", "BE"}};
    auto const report = bulk::client(eloqua, me).import_rows(bulk::contacts, by_email, rows).get();
    BOOST_TEST_REQUIRE(report.has_value(), report.error().message());
    BOOST_TEST_REQUIRE(report->rejects.size() == 2u);
    BOOST_TEST(report->rejects[0].row_index == report->rejects[0].unknown);
    BOOST_TEST((report->rejects[0].candidates == indices{0}));
    BOOST_TEST(report->rejects[1].row_index == 1u); // which is blank
}

BOOST_AUTO_TEST_CASE(an_identifier_in_another_case_names_the_same_row) {
    bulk::simulator eloqua;
    answer(eloqua, "/rejects",
           R"({"items":[{"fieldValues":{"email":"bo@example.com"},"statusCode":"ELQ-00002"},
               {"fieldValues":{"country":"BE"},"statusCode":"ELQ-00059","recordIndex":1}]})");
    std::vector<contact> const rows{{"Ana@Example.com", {}}, {" Bo@example.com", {}}};
    auto const report =
        bulk::client(eloqua, me).import_rows(bulk::contacts, by_email, rows).get().value();
    BOOST_TEST_REQUIRE(report.rejects.size() == 2u);
    BOOST_TEST(report.rejects[0].row_index == 1u);
    BOOST_TEST(report.rejects[1].row_index == bulk::import_reject<contact>::unknown);
    BOOST_TEST((report.rejects[1].candidates == indices{0}));
}

BOOST_AUTO_TEST_CASE(rejects_with_respelt_identifiers_name_rows_by_number) {
    std::vector<contact> rows{{"a@example.com", {}}, {"b@@example.com", {}}, {"c@example.com", {}}};
    for (bool const numbered : {true, false}) {
        bulk::simulator eloqua;
        eloqua.inject(bulk::fault_plan()
                          .from("POST /syncs", 1, bulk::fault::reject(1, 3))
                          .from("GET /syncs/{id}/rejects", 1, bulk::fault::respell(numbered)));
        auto const report =
            bulk::client(eloqua, me).import_rows(bulk::contacts, by_email, rows).get().value();
        BOOST_TEST_REQUIRE(!report.rejects.empty());
        for (auto const& each : report.rejects) {
            BOOST_TEST(each.row_index == bulk::import_reject<contact>::unknown);
            BOOST_TEST(each.candidates.size() == (numbered ? 1u : 0u));
            BOOST_TEST(each.row.value().email.find("&#64;") != std::string::npos);
        }
        BOOST_TEST((!numbered || report.rejects[0].candidates == indices{0}));
    }
}

BOOST_AUTO_TEST_CASE(a_failed_import_reports_the_known_rejects) {
    bulk::import_options o;
    o.request_bytes = 200;
    o.requests_per_sync = 1;
    std::vector<contact> const rows = without_address(9);
    auto const fails = [&](bulk::fault_plan plan) {
        bulk::simulator eloqua;
        eloqua.inject(std::move(plan));
        bulk::client_options once;
        once.retry.attempts = 1;
        auto const came =
            bulk::client(eloqua, me, once).import_rows(bulk::contacts, by_email, rows, o).get();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST(bulk::report_so_far<score>(came.error()) == nullptr);
        return came.error();
    };
    std::size_t of_a_sync = 0;
    using plan = bulk::fault_plan;
    using bulk::fault;
    for (plan const& each :
         {plan().from("POST /syncs", 2, fault::fail()),
          plan().from("POST /contacts/imports/{id}/data", 2, fault::other_status(400)),
          plan().from("GET /syncs/{id}/logs", 2, fault::garble()),
          plan().from("POST /contacts/imports/{id}/data", 2, fault::swallow_rows())}) {
        bulk::failure const why = fails(each);
        bulk::import_report<contact> const* const known = bulk::report_so_far<contact>(why);
        BOOST_TEST_REQUIRE(known);
        BOOST_TEST_REQUIRE(!known->rejects.empty(), why.message());
        of_a_sync = known->rejects.size();
        BOOST_TEST(known->rejects[0].row_index == 0u);
        BOOST_TEST(known->rejected == static_cast<std::int64_t>(of_a_sync));
        BOOST_TEST(known->rows >= static_cast<std::int64_t>(of_a_sync));
    }
    // The second sync has applied its rows; the number of missing rejects is unknown, and a list
    // that contradicts itself gives none.
    bulk::failure const why = fails(plan().from("GET /syncs/{id}/rejects", 2, fault::cut_list()));
    bulk::import_report<contact> const* const known = bulk::report_so_far<contact>(why);
    BOOST_TEST_REQUIRE(known);
    BOOST_TEST(known->rejects.size() == of_a_sync);
    BOOST_TEST(known->rejected == static_cast<std::int64_t>(known->rejects.size()));
    BOOST_TEST(known->rows == static_cast<std::int64_t>(2 * of_a_sync));
    BOOST_TEST((known->proof == bulk::import_proof::unproven));
    BOOST_TEST(bulk::report_so_far<contact>(bulk::failure(bulk::errc::sync_gone)) == nullptr);
}

BOOST_AUTO_TEST_CASE(every_disagreement_is_reported) {
    bulk::simulator eloqua;
    answer(eloqua, "/logs",
           R"({"items":[{"statusCode":"ELQ-00130","count":3},{"statusCode":"ELQ-00001","count":5},
               {"statusCode":"ELQ-00004","count":2},{"statusCode":"ELQ-00022","count":7},
               {"statusCode":"ELQ-00060","count":9},{"statusCode":"ELQ-00144","count":1},
               {"statusCode":"ELQ-00002","count":4},{"statusCode":"ELQ-00061","count":6},
               {"statusCode":"ELQ-00040","count":8}],"hasMore":false})");
    auto const came =
        bulk::client(eloqua, me).import_rows(bulk::contacts, by_email, without_address(4)).get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::rows_unaccounted));
    bulk::import_totals const& report = *came.error().info.import_so_far;
    std::vector<std::string> const wanted{
        "/syncs/1: staged (ELQ-00130) 3, sent 4",
        "/syncs/1: processed (ELQ-00001) 5, sent 4",
        "/syncs/1: created + updated + rejected 13, sent 4",
        "/syncs/1: rejected (ELQ-00060) 9, listed 4",
        "/syncs/1: partly taken (ELQ-00144) 1, listed 0",
        "/syncs/1: rejected (ELQ-00061) 6, listed 0",
    };
    BOOST_TEST(report.disagreements == wanted, boost::test_tools::per_element());
    BOOST_CHECK_EXCEPTION(report.require_balanced(), bulk::error, [&](bulk::error const& e) {
        BOOST_TEST((e.code() == bulk::errc::unbalanced));
        return std::ranges::all_of(wanted, [&](auto const& each) { return has(e.what(), each); });
    });
}

BOOST_AUTO_TEST_CASE(a_row_may_update_several_records) {
    bulk::simulator eloqua;
    for (char const* const address : {"a@example.com", "b@example.com"})
        eloqua.add_record("/contacts", {{"C_EmailAddress", address}, {"C_Country", "BE"}});
    std::vector<contact> const rows{{"c@example.com", "BE"}};
    bulk::import_options o;
    o.update_multiple_matches = true;
    o.rule = bulk::import_rule::updateOnly;
    auto const report =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::country>, rows, o)
            .get()
            .value();
    BOOST_TEST(report.updated == 2);
    report.require_balanced();
}

BOOST_AUTO_TEST_CASE(rejected_rows_are_pushed_again) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    std::vector<contact> rows;
    for (std::size_t i = 0; i != 500; ++i)
        rows.push_back(one_in_a_hundred(i));
    bulk::import_options small;
    small.request_bytes = 3'000;
    small.requests_per_sync = 2;
    auto const report = client.import_rows(bulk::contacts, by_email, rows, small).get().value();
    bulk::retry_rows<contact> again = report.retry_set();
    BOOST_TEST(again.row_indices == (indices{37, 137, 237, 337, 437}),
               boost::test_tools::per_element());
    BOOST_TEST(again.without_row.empty());
    BOOST_TEST(again.rows[1].email == rows[137].email);
    BOOST_TEST(again.rows[1].country.value() == "BE");
    for (contact& each : again.rows)
        each.email = "mended" + each.email.substr(11) + "@example.com";
    auto const second = client.import_rows(bulk::contacts, by_email, again).get().value();
    BOOST_TEST(second.created == 5);
    BOOST_TEST(second.retry_set().empty());
    BOOST_TEST(eloqua.count("/contacts") == 500u);
    auto const unchanged =
        client.import_rows(bulk::contacts, by_email, report.retry_set()).get().value();
    BOOST_TEST(unchanged.rejected == 5);
}

BOOST_AUTO_TEST_CASE(a_retry_set_holds_the_rejected_rows_and_names_missing_ones) {
    bulk::simulator eloqua;
    answer(eloqua, "/rejects",
           R"({"items":[
    {"fieldValues":{"email":"e@x.io","points":"5"},"recordIndex":5,"statusCode":"ELQ-00002"},
    {"fieldValues":{"email":"d@x.io","points":"4"},"recordIndex":4,"statusCode":"ELQ-00040",
     "invalidFields":["points"]},
    {"fieldValues":{"email":"c@x.io","points":"?"},"recordIndex":3,"statusCode":"ELQ-00032"},
    {"fieldValues":{"email":"b@x.io"},"recordIndex":2,"statusCode":"ELQ-00032"},
    {"fieldValues":{"email":"nobody@x.io","points":"9"},"statusCode":"ELQ-00032"},
    {"fieldValues":{"email":"a@x.io","points":"1"},"recordIndex":1,"statusCode":"ELQ-00032"},
    {"fieldValues":{"email":"a@x.io","points":"1"},"recordIndex":1,"statusCode":"ELQ-00002"},
    {"fieldValues":{"email":"a@x.io","points":"1"},"recordIndex":1,"statusCode":"ELQ-00061"}],
    "hasMore":false})");
    std::vector<score> rows;
    for (char const* const name :
         {"a@x.io", "b@x.io", "c@x.io", "d@x.io", "e@x.io", "f@x.io", "g@x.io", "h@x.io"})
        rows.push_back({name, 1, {}});
    bulk::import_options o;
    o.rejects_kept = 7;
    auto const report =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&score::email>, rows, o)
            .get()
            .value();
    bulk::retry_rows<score> const again = report.retry_set();
    std::size_t const unknown = bulk::import_reject<score>::unknown;
    BOOST_TEST(again.row_indices == (indices{0, 4, unknown}), boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(again.size() == 3u);
    BOOST_TEST(again.rows[1].points == 5.);
    BOOST_TEST(again.rows[2].email == "nobody@x.io");
    BOOST_TEST_REQUIRE(again.without_row.size() == 2u);
    BOOST_TEST(again.without_row[0].row_index == 1u);
    BOOST_TEST(has(again.without_row[0].row_error, "'points' was not returned by the service"));
    BOOST_TEST(again.without_row[1].row_index == 2u);
    BOOST_TEST(has(again.without_row[1].row_error, "'points' cannot hold \"?\""));
    BOOST_TEST(again.not_kept == 1);
}

BOOST_AUTO_TEST_CASE(rejects_past_the_limit_go_to_the_sink) {
    bulk::simulator eloqua;
    bulk::import_options o;
    o.rejects_kept = 3;
    indices seen;
    auto const report =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, by_email, without_address(10), o,
                         bulk::rejects_to([&](bulk::import_reject<contact> const& r) {
                             BOOST_TEST(r.row.value().email ==
                                        "no address " + std::to_string(r.row_index));
                             seen.push_back(r.row_index);
                         }),
                         bulk::add_to(bulk::contact_list(101)))
            .get()
            .value();
    BOOST_TEST(report.rejects.size() == 3u);
    BOOST_TEST(report.rejects_not_kept == 7);
    BOOST_TEST(report.rejected == 10);
    BOOST_TEST(seen == (indices{3, 4, 5, 6, 7, 8, 9}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(memory_does_not_grow_with_the_rejects) {
    std::vector<std::size_t> peaks;
    for (std::size_t const n : {std::size_t(3'000), std::size_t(9'000)}) {
        bulk::simulator eloqua;
        auto all = std::views::iota(std::size_t(0), n) | std::views::transform([](std::size_t i) {
                       return contact{"no address " + std::to_string(i), "BE"};
                   });
        bulk::import_options o;
        o.rejects_kept = 0;
        o.request_bytes = 60'000;
        o.requests_per_sync = 1;
        std::size_t next = 0;
        counted_memory::watch const memory;
        auto const report =
            bulk::client(watched_simulator(eloqua), me)
                .import_rows(bulk::contacts, by_email, all, o,
                             bulk::rejects_to([&](auto&& r) { next += r.row_index == next; }))
                .get()
                .value();
        peaks.push_back(memory.most());
        BOOST_TEST(next == n);
        BOOST_TEST(report.rejects.empty());
    }
    BOOST_TEST(peaks[1] < peaks[0] + 20'000);
}

BOOST_AUTO_TEST_CASE(records_have_a_sink_and_a_retry_set_as_well) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    bulk::record_columns const columns(
        {bulk::field_column("mail", "C_EmailAddress"), bulk::field_column("country", "C_Country")});
    std::vector<bulk::record> rows(4, bulk::record(columns));
    for (std::size_t i = 0; i != rows.size(); ++i)
        rows[i]["mail"] = "no address " + std::to_string(i);
    bulk::import_options o;
    o.rejects_kept = 2;
    std::string seen;
    auto const report =
        client
            .import_records(bulk::contacts, columns, "mail", rows, o,
                            bulk::rejects_to([&](bulk::import_reject<bulk::record> r) {
                                seen += (*r.row)["mail"] + ';';
                            }))
            .get()
            .value();
    BOOST_TEST(seen == "no address 2;no address 3;");
    auto const second =
        client.import_records(bulk::contacts, columns, "mail", report.retry_set()).get().value();
    BOOST_TEST(second.rows == 2);
    BOOST_TEST(second.rejects.at(1).row->columns().size() == 2u);
    auto const said = json::parse(to_json(second));
    BOOST_TEST(said.at("rejects").at(1).at("row").at("mail").as_string() == "no address 1");
}

struct full_disk : std::runtime_error {
    full_disk() : runtime_error("the disk is full") {}
};

BOOST_AUTO_TEST_CASE(exceptions_of_a_sink_propagate_after_cleaning_up) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    bulk::import_options o;
    o.rejects_kept = 0;
    o.request_bytes = 200;
    o.requests_per_sync = 1;
    std::vector<contact> rows = without_address(50);
    rows[0].email = "a@example.com";
    int calls = 0;
    auto work =
        client.import_rows(bulk::contacts, by_email, rows, o, bulk::rejects_to([&](auto const&) {
                               ++calls;
                               throw full_disk();
                           }));
    BOOST_CHECK_THROW((void)std::move(work).get(), full_disk);
    BOOST_TEST(calls == 1);
    BOOST_TEST(eloqua.count("/contacts") == 1u); // that sync was applied, and is the last one
    BOOST_TEST(eloqua.requests("POST /syncs") == 1);
    BOOST_TEST(eloqua.requests("DELETE /contacts/imports/{id}") == 1);
}

BOOST_AUTO_TEST_CASE(an_asynchronous_import_has_a_sink) {
    bulk::simulator eloqua;
    boost::asio::io_context context;
    bulk::async_client client(
        bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me);
    bulk::import_options o;
    o.rejects_kept = 0;
    std::vector<contact> const rows = without_address(3);
    std::size_t seen = 0;
    std::optional<bulk::result<bulk::import_report<contact>>> came;
    client.import_rows(bulk::contacts, by_email, rows, o,
                       bulk::rejects_to([&](bulk::import_reject<contact>&&) { ++seen; }))(
        [&](bulk::result<bulk::import_report<contact>> r) { came = std::move(r); });
    context.run();
    BOOST_TEST(seen == 3u);
    BOOST_TEST(came.value().value().rejects_not_kept == 3);

    came.reset();
    client.import_rows(
        bulk::contacts, by_email, rows, o,
        bulk::rejects_to([&](bulk::import_reject<contact> const&) { throw full_disk(); }))(
        [&](bulk::result<bulk::import_report<contact>> r) { came = std::move(r); });
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE((came && came->has_error()));
    bulk::failure const& why = came->error();
    BOOST_TEST((why.code == bulk::errc::callback_threw));
    BOOST_TEST(why.info.detail == "the disk is full");
    BOOST_CHECK_THROW(std::rethrow_exception(why.info.thrown), full_disk);
    BOOST_TEST(eloqua.requests("DELETE /contacts/imports/{id}") == 2);
}

BOOST_AUTO_TEST_CASE(reports_are_text_and_json) {
    bulk::simulator eloqua;
    answer(eloqua, "/rejects",
           R"({"items":[
    {"fieldValues":{"email":"e@x.io","points":"5"},"recordIndex":2,"statusCode":"ELQ-00002",
     "message":"Say \"no\".","invalidFields":["email"]},
    {"fieldValues":{"email":"d@x.io","points":"x"},"recordIndex":1,"statusCode":"ELQ-00040",
     "invalidFields":["points","email2"]},
    {"fieldValues":{"email":"?","points":"1"}}],"hasMore":false})");
    std::vector<score> const rows{{"d@x.io", 1, {}}, {"e@x.io", 5, {}}, {"f@x.io", 6, {}}};
    auto const report = bulk::client(eloqua, me)
                            .import_rows(bulk::contacts, bulk::identified_by<&score::email>, rows)
                            .get()
                            .value();
    std::ostringstream text;
    for (auto const& each : report.rejects)
        text << each << '\n';
    BOOST_TEST(text.str() == "row 1: ELQ-00002 Say \"no\". (email)\n"
                             "row 0, taken in part: ELQ-00040  (points, email2)\n"
                             "an unknown row: \n");
    text.str("");
    text << report;
    BOOST_TEST(has(text.str(), "3 rows sent in 1 requests"));
    BOOST_TEST(
        has(text.str(), "counts disagree: /syncs/1: created + updated + rejected 5, sent 3"));

    json::value const said = json::parse(to_json(report));
    BOOST_TEST(said.at("rows") == 3);
    BOOST_TEST(said.at("created") == 3);
    BOOST_TEST(said.at("updated") == 0);
    BOOST_TEST(said.at("rejected") == 2);
    BOOST_TEST(said.at("partly_taken") == 1);
    BOOST_TEST(said.at("counts").at("ELQ-00130") == 3);
    BOOST_TEST(said.at("syncs").at(0) == "/syncs/1");
    BOOST_TEST(said.at("definition") == "/contacts/imports/1");
    BOOST_TEST(said.at("definition_deleted") == true);
    BOOST_TEST(said.at("bytes").to_number<std::uint64_t>() == report.bytes);
    BOOST_TEST(said.at("requests") == 1);
    BOOST_TEST(said.at("warnings").as_array().empty());
    BOOST_TEST(said.at("disagreements").at(0).as_string() == report.disagreements.at(0));
    BOOST_TEST(said.at("rejects_not_kept") == 0);
    json::array const& rejects = said.at("rejects").as_array();
    BOOST_TEST_REQUIRE(rejects.size() == 3u);
    BOOST_TEST(rejects[0] == json::parse(R"({"row_index":1,"candidates":[],"reason":"ELQ-00002",
        "message":"Say \"no\".","invalid_columns":["email"],"row_taken":false,
        "row":{"email":"e@x.io","points":"5","updated":"1970-01-01 00:00:00"}})"));
    BOOST_TEST(rejects[1].at("row_taken") == true);
    BOOST_TEST(rejects[1].at("row").is_null());
    BOOST_TEST(has(std::string(rejects[1].at("row_error").as_string()), "'points' cannot hold"));
    BOOST_TEST(rejects[2].at("row_index").is_null());
    BOOST_TEST(rejects[2].at("reason").is_null());
    BOOST_TEST(
        json::parse(to_json(static_cast<bulk::import_totals const&>(report))).as_object().size() ==
        20u);
    bulk::import_report<contact> const none;
    BOOST_TEST(json::parse(to_json(none)).at("rejects").as_array().empty());
}

BOOST_AUTO_TEST_CASE(receipts_are_json) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(7);
    auto source = bulk::client(eloqua, me).export_rows<contact>(bulk::contacts);
    while (!source.next().get().value().empty()) {
    }
    json::value const said = json::parse(to_json(source.receipt()));
    BOOST_TEST(said.as_object().size() == 17u);
    BOOST_TEST(said.at("sync") == "/syncs/1");
    BOOST_TEST(said.at("definition") == "/contacts/exports/1");
    BOOST_TEST(said.at("rows") == 7);
    BOOST_TEST(said.at("total_results") == 7);
    BOOST_TEST(said.at("logged") == 7);
    BOOST_TEST(said.at("bytes").to_number<std::uint64_t>() == source.receipt().bytes);
    BOOST_TEST(said.at("requests") == 1);
    BOOST_TEST(said.at("retries") == 0);
    BOOST_TEST(said.at("queued") == 1'000);
    BOOST_TEST(said.at("processed") == 2'000);
    BOOST_TEST(said.at("transferred") == source.receipt().transferred.count());
    BOOST_TEST(said.at("warnings").as_array().empty());
    BOOST_TEST(said.at("definition_deleted") == true);
    BOOST_TEST(json::parse(to_json(bulk::export_receipt())).at("logged").is_null());
}

BOOST_AUTO_TEST_SUITE_END()
