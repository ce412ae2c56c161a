// SPDX-License-Identifier: BSL-1.0
// Lists that jobs read: endless, cut short, longer than possible, or in pages that are too large.
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace eloqua_tests;

namespace {

auto by = bulk::identified_by<&person::email>;

/// Sends this response to each request for the list whose target contains `part`.
bulk::simulator_options with_list(std::string part, std::string body, std::size_t& asked) {
    bulk::simulator_options o;
    o.intercept = [part = std::move(part), body = std::move(body),
                   &asked](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.method != bulk::verb::get || q.target.find(part) == q.target.npos)
            return std::nullopt;
        ++asked;
        return bulk::response(200, body);
    };
    return o;
}

bulk::result<bulk::import_report<person>> import_three(bulk::simulator eloqua,
                                                       bulk::client_options options = {}) {
    bulk::client client(std::move(eloqua), me, std::move(options));
    std::vector<person> rows = people(3);
    rows[1].email = "nobody";
    return client.import_rows(bulk::contacts, by, rows).get();
}

std::string page(std::string_view item, std::string_view rest) {
    return "{\"items\":[" + std::string(item) + "]," + std::string(rest) + "}";
}
constexpr std::string_view reject =
    R"({"fieldValues":{"email":"nobody"},"statusCode":"ELQ-00002","recordIndex":2})";
constexpr std::string_view entry = R"({"statusCode":"ELQ-00001","count":3})";
constexpr std::string_view field =
    R"({"name":"Email","internalName":"C_EmailAddress","dataType":"emailAddress",)"
    R"("statement":"{{Contact.Field(C_EmailAddress)}}"})";

/// A value for which memory runs out at times.
struct greedy {
    static inline int most = 0; ///< the number of values that memory suffices for
};
struct greedy_row {
    greedy email;
    using eloqua_fields = bulk::fields<bulk::field<&greedy_row::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(greedy_row, (), (email))

} // namespace

template <>
struct eloqua::bulk::value_traits<greedy> {
    static bool parse(std::string_view, greedy&) {
        if (greedy::most-- == 0)
            throw std::bad_alloc();
        return true;
    }
    static bool write(greedy const&, std::string&) { return true; }
};

BOOST_AUTO_TEST_SUITE(lists_of_jobs)

BOOST_AUTO_TEST_CASE(endless_lists_end_an_import) {
    for (auto const& [part, item] :
         {std::pair<char const*, std::string_view>("/rejects", reject), {"/logs", entry}})
        for (char const* const rest : {R"("hasMore":true)", R"("totalResults":1,"hasMore":true)",
                                       R"("totalResults":99999999,"hasMore":true)"}) {
            std::size_t asked = 0;
            auto const came =
                import_three(bulk::simulator(with_list(part, page(item, rest), asked)));
            BOOST_TEST_CONTEXT(part << ", " << rest) {
                BOOST_TEST_REQUIRE(came.has_error());
                BOOST_TEST((came.error().code == bulk::errc::malformed_response ||
                            came.error().code == bulk::errc::rows_missing));
                BOOST_TEST(came.error().info.request.find(part) != std::string::npos);
                BOOST_TEST(came.error().info.detail.find("the list ") == 0u);
                BOOST_TEST(asked <= 1'001u);
            }
        }
}

BOOST_AUTO_TEST_CASE(an_endless_list_of_fields_is_not_checked) {
    std::size_t asked = 0;
    auto const came = import_three(
        bulk::simulator(with_list("/contacts/fields", page(field, R"("hasMore":true)"), asked)));
    BOOST_TEST_REQUIRE(came.has_value());
    BOOST_TEST_REQUIRE(came->warnings.size() >= 1u);
    BOOST_TEST(came->warnings[0].find("the list has more than 1000 pages that are not full") !=
               std::string::npos);
    BOOST_TEST(asked == 1'001u);
}

BOOST_AUTO_TEST_CASE(an_endless_list_of_syncs_ends_a_search) {
    std::string const item = R"({"uri":"/syncs/9","syncedInstanceUri":"/contacts/imports/999"})";
    std::size_t asked = 0;
    bulk::simulator eloqua(with_list("/syncs?", page(item, R"("hasMore":true)"), asked));
    eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::lose_answer()));
    bulk::client_options options;
    options.retry.pages_of_syncs = 0;
    auto const came = import_three(eloqua, options);
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(came.error().info.detail.find("pages that are not full") != std::string::npos);
    BOOST_TEST(asked == 1'001u);
}

BOOST_AUTO_TEST_CASE(an_endless_list_of_definitions_ends_a_search) {
    std::string const item = R"({"name":"another","uri":"/contacts/imports/9"})";
    std::size_t asked = 0;
    bulk::simulator eloqua(with_list("/imports?", page(item, R"("hasMore":true)"), asked));
    eloqua.inject(bulk::fault_plan().at("POST /contacts/imports", 1, bulk::fault::lose_answer()));
    auto const came = import_three(eloqua);
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(came.error().info.detail.find("pages that are not full") != std::string::npos);
    BOOST_TEST(asked <= 2'002u); // once more, to delete it
}

BOOST_AUTO_TEST_CASE(a_list_that_ends_before_its_own_total) {
    for (auto const& [part, item] :
         {std::pair<char const*, std::string_view>("/rejects", reject), {"/logs", entry}}) {
        std::size_t asked = 0;
        auto const came = import_three(
            bulk::simulator(with_list(part, page(item, R"("totalResults":2)"), asked)));
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::rows_missing));
        BOOST_TEST(came.error().info.detail.find("the list ends after item 1 of 2") == 0u);
        BOOST_TEST(came.error().info.request.find(part) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(more_rejects_than_rows) {
    std::string four(reject);
    for (int i = 0; i != 3; ++i)
        four.append(",").append(reject);
    std::size_t asked = 0;
    auto const came = import_three(
        bulk::simulator(with_list("/rejects", page(four, R"("hasMore":false)"), asked)));
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::malformed_response));
    BOOST_TEST(came.error().info.detail.find("the list has more than 3 items") == 0u);
}

BOOST_AUTO_TEST_CASE(lists_that_contradict_themselves) {
    std::string const logs = "GET /syncs/{id}/logs", rejects = "GET /syncs/{id}/rejects";
    auto const malformed = bulk::errc::malformed_response;
    for (auto const& [endpoint, lie, code] :
         {std::tuple(logs, bulk::fault::endless_list(), malformed),
          std::tuple(rejects, bulk::fault::endless_list(), malformed),
          std::tuple(logs, bulk::fault::endless_list(false), bulk::errc::rows_missing),
          std::tuple(logs, bulk::fault::extra_items(), malformed),
          std::tuple(rejects, bulk::fault::extra_items(), malformed)}) {
        bulk::simulator eloqua;
        eloqua.inject(bulk::fault_plan().from(endpoint, 1, lie));
        auto const came = import_three(eloqua);
        BOOST_TEST_CONTEXT(endpoint << ": " << lie) {
            BOOST_TEST_REQUIRE(came.has_error());
            BOOST_TEST((came.error().code == code), came.error().message());
        }
        // A smaller page is not requested for ever.
        bulk::simulator again;
        again.inject(bulk::fault_plan().at(endpoint, 1, bulk::fault::endless_list(false)));
        BOOST_TEST(import_three(again).value().rejects.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(more_rows_than_requested_end_an_export) {
    for (auto const format : {bulk::rows_format::json, bulk::rows_format::csv}) {
        bulk::simulator eloqua;
        eloqua.generate_contacts(5);
        eloqua.inject(bulk::fault_plan().at("GET /syncs/{id}/data", 2, bulk::fault::extra_items()));
        bulk::export_options o;
        o.page_rows = 2;
        o.rows = format;
        bulk::client client(eloqua, me);
        auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, o);
        std::size_t rows = 0;
        auto const came = source.for_each([&](person const&) { ++rows; }).get();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::malformed_response));
        BOOST_TEST(came.error().info.detail.find(
                       "the page has more than the 2 rows that were requested") == 0u);
        BOOST_TEST(rows == 4u);
    }
    bulk::simulator eloqua;
    eloqua.generate_contacts(5);
    bulk::client client(eloqua, me);
    bulk::export_options kept;
    kept.keep_definition = true;
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, kept);
    BOOST_TEST(source.for_each([](person const&) {}).get().has_value());
    eloqua.inject(bulk::fault_plan().from("GET /syncs/{id}/data", 1, bulk::fault::extra_items()));
    bulk::rows_query wanted;
    wanted.limit = 3;
    auto const page = client.syncs().data<person>(1, wanted).get();
    BOOST_TEST_REQUIRE(page.has_error());
    BOOST_TEST((page.error().code == bulk::errc::malformed_response));
}

BOOST_AUTO_TEST_CASE(rejects_of_wide_rows_are_read_in_smaller_pages) {
    bulk::simulator eloqua;
    std::vector<person> rows(700);
    for (person& each : rows)
        each.email = std::string(300, 'x'); // which is not an address
    bulk::client_options options;
    options.document_bytes = 60'000;
    bulk::client client(eloqua, me, options);
    auto const came = client.import_rows(bulk::contacts, by, rows).get();
    BOOST_TEST_REQUIRE(came.has_value());
    BOOST_TEST(came->rejected == 700);
    BOOST_TEST(came->rejects.size() == 700u);
    BOOST_TEST(came->disagreements.empty());
    BOOST_TEST(eloqua.requests("GET /syncs/{id}/rejects") > 4u);
}

namespace {

/// Lets memory run out while the response to a request is read.
struct without_memory : bulk::observer {
    std::string part;
    explicit without_memory(std::string p) : part(std::move(p)) {}
    void on_response(std::string_view line, bulk::response_info const&) override {
        if (line.find(part) != line.npos)
            throw std::bad_alloc();
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(memory_that_runs_out_is_a_failure) {
    for (char const* const part : {"/rejects", "/logs", "/fields", "/imports", "/syncs"}) {
        bulk::client_options options;
        options.observer = std::make_shared<without_memory>(part);
        auto const came = import_three(bulk::simulator(), options);
        BOOST_TEST_CONTEXT(part) {
            BOOST_TEST_REQUIRE(came.has_error());
            BOOST_TEST((came.error().code == boost::system::errc::not_enough_memory),
                       came.error().message());
            BOOST_TEST(came.error().info.detail.find("out of memory") != std::string::npos);
            BOOST_TEST(came.error().info.request.find(part) != std::string::npos);
        }
    }
    // Rows.
    bulk::simulator eloqua;
    eloqua.generate_contacts(5);
    bulk::client exporting(eloqua, me);
    bulk::export_options pages;
    pages.page_rows = 2;
    pages.keep_definition = true;
    auto source = exporting.export_rows<greedy_row>(bulk::contacts, bulk::all_rows, pages);
    std::size_t rows = 0;
    greedy::most = 3;
    auto const count = [&rows](greedy_row const&) { ++rows; };
    auto const came = source.for_each(count).get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == boost::system::errc::not_enough_memory));
    BOOST_TEST(rows == 3u);
    greedy::most = 99;
    BOOST_TEST(source.for_each(count).get().has_value()); // the rest, once there is memory again
    BOOST_TEST(rows == 5u);
    greedy::most = 3;
    BOOST_TEST((exporting.syncs().data<greedy_row>(1).get().error().code ==
                boost::system::errc::not_enough_memory));

    bulk::client_options options;
    options.observer = std::make_shared<without_memory>("/syncs");
    bulk::client client(bulk::simulator(), me, options);
    BOOST_TEST(
        (client.syncs().list().all().get().error().code == boost::system::errc::not_enough_memory));
}

BOOST_AUTO_TEST_SUITE_END()
