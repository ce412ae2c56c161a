// SPDX-License-Identifier: BSL-1.0
// Rows sent as CSV: the same rows, with the same proof of completeness.
#include <eloqua/bulk/detail/job/export_pages.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "export_script.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace export_script;

namespace {

struct nullable_contact {
    std::string email;
    std::optional<int> number;
};
BOOST_DESCRIBE_STRUCT(nullable_contact, (), (email, number))

struct person {
    std::string email;
    std::string first_name;
    std::optional<std::string> company;
    friend bool operator==(person const&, person const&) = default;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::first_name, "C_FirstName">,
                                       bulk::field<&person::company, "C_Company">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, first_name, company))

bulk::export_options csv_pages_of(int rows) {
    bulk::export_options o;
    o.page_rows = rows;
    o.rows = bulk::rows_format::csv;
    return o;
}

/// Numbers of the rows, or the failure.
struct outcome {
    std::vector<int> numbers;
    std::optional<bulk::failure> wrong;
};
outcome read(bulk::scripted_transport const& script, int page_rows) {
    outcome out;
    bulk::client client(script, me, options());
    auto source = client.export_rows<nullable_contact>(bulk::contacts, bulk::all_rows,
                                                       csv_pages_of(page_rows));
    auto const came = source
                          .for_each([&](nullable_contact const& c) {
                              out.numbers.push_back(c.number.value_or(-1));
                          })
                          .get();
    if (came.has_error())
        out.wrong = came.error();
    else
        BOOST_TEST(source.receipt().rows == came.value());
    return out;
}

std::string csv(std::string const& lines) {
    return "email,number\r\n" + lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(csv_rows)

BOOST_AUTO_TEST_CASE(pages_until_one_is_not_full) {
    auto script = begin(3);
    page(script, 2, 0, csv("a@example.com,0\r\nb@example.com,1\r\n"));
    page(script, 2, 2, csv("\"c,@example.com\",2\r\n"));
    removal(script);
    auto const out = read(script, 2);
    BOOST_TEST(!out.wrong.has_value());
    BOOST_TEST((out.numbers == std::vector{0, 1, 2}));
    BOOST_TEST(script.finished());
    std::size_t asked = 0;
    for (auto const& each : script.requests())
        if (each.url.find("/data?") != std::string::npos) {
            BOOST_TEST(each.fields.find("Accept").value_or("") == "text/csv");
            ++asked;
        }
    BOOST_TEST(asked == 2u);
}

BOOST_AUTO_TEST_CASE(a_full_last_page_is_followed_by_an_empty_one) {
    auto script = begin(2);
    page(script, 2, 0, csv("a@example.com,0\r\nb@example.com,1\r\n"));
    page(script, 2, 2, csv(""));
    removal(script);
    auto const out = read(script, 2);
    BOOST_TEST(!out.wrong.has_value());
    BOOST_TEST((out.numbers == std::vector{0, 1}));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_short_page_before_the_logged_count_is_an_error) {
    auto script = begin(5);
    page(script, 3, 0, csv("a@example.com,0\r\nb@example.com,1\r\n"));
    auto const out = read(script, 3);
    BOOST_TEST_REQUIRE(out.wrong.has_value());
    BOOST_TEST((out.wrong->code == bulk::errc::count_mismatch));
    BOOST_TEST(
        out.wrong->info.detail.starts_with("2 rows were received, but the sync's log says 5"));
}

BOOST_AUTO_TEST_CASE(an_unproven_end_is_an_error) {
    auto script = begin(); // the log states no number
    page(script, 3, 0, csv("a@example.com,0\r\nb@example.com,1\r\n"));
    auto const out = read(script, 3);
    BOOST_TEST_REQUIRE(out.wrong.has_value());
    BOOST_TEST((out.wrong->code == bulk::errc::rows_missing));
    BOOST_TEST((out.numbers == std::vector{0, 1}));
}

BOOST_AUTO_TEST_CASE(an_empty_response_is_not_a_page) {
    auto script = begin(2);
    page(script, 2, 0, "");
    auto const out = read(script, 2);
    BOOST_TEST_REQUIRE(out.wrong.has_value());
    BOOST_TEST((out.wrong->code == bulk::errc::malformed_response));
}

BOOST_AUTO_TEST_CASE(a_last_line_may_lack_its_end_where_the_length_is_known) {
    auto script = begin(3);
    page(script, 4, 0, csv("a@example.com,0\r\nb@example.com,1\r\nc@example.com,2"));
    removal(script);
    auto out = read(script, 4);
    BOOST_TEST(!out.wrong.has_value());
    BOOST_TEST((out.numbers == std::vector{0, 1, 2}));
    auto cut = begin(2);
    page(cut, 4, 0, csv("a@example.com,0\r\n\"b@example.com"));
    out = read(cut, 4);
    BOOST_TEST_REQUIRE(out.wrong.has_value());
    BOOST_TEST((out.wrong->code == bulk::errc::malformed_response));
    BOOST_TEST((out.numbers == std::vector{0}));
}

BOOST_AUTO_TEST_CASE(lengths_are_known_by_number_chunks_or_gzip) {
    bulk::head h;
    BOOST_TEST(!bulk::detail::states_length(h)); // until the connection closes
    h.fields.set("Transfer-Encoding", "Chunked");
    BOOST_TEST(bulk::detail::states_length(h));
    h = bulk::head();
    h.fields.set("Content-Encoding", "identity");
    BOOST_TEST(!bulk::detail::states_length(h));
    h.fields.set("Content-Encoding", "gzip");
    BOOST_TEST(bulk::detail::states_length(h));
    h = bulk::head();
    h.content_length = 0;
    BOOST_TEST(bulk::detail::states_length(h));
}

BOOST_AUTO_TEST_CASE(a_round_trip_through_an_instance) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    std::vector<person> people;
    for (int i = 0; i != 120; ++i)
        people.push_back({"p" + std::to_string(i) + "@example.com",
                          i % 3 ? "Zoë" : "O\"Neil, \"Jr\"\nx",
                          i % 4 ? std::optional<std::string>("A, B & C") : std::nullopt});
    bulk::import_options how;
    how.rows = bulk::rows_format::csv;
    how.request_bytes = 2'000;
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, how)
            .get()
            .value();
    BOOST_TEST(report.created == 120);
    BOOST_TEST(report.rejected == 0);
    BOOST_TEST(report.requests > 2u);
    for (int page_rows : {7, 50, 120, 1'000}) {
        auto source =
            client.export_rows<person>(bulk::contacts, bulk::all_rows, csv_pages_of(page_rows));
        std::vector<person> back;
        for (person const& each : source)
            back.push_back(each);
        BOOST_TEST((back == people));
        BOOST_TEST(source.receipt().logged.value() == 120);
    }
}

BOOST_AUTO_TEST_SUITE_END()
