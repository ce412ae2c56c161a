// SPDX-License-Identifier: BSL-1.0
// Exports whose rows lack columns or have others, whose text is broken, or whose times are in
// another zone: reported or refused.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/report_json.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/describe.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include "resume.hpp"
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using bulk::fault;
using bulk::rows_format;

namespace {

struct person {
    std::string email;
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::city, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, city))

struct view {
    std::string_view email;
    std::string_view city;
    using eloqua_fields = bulk::fields<bulk::field<&view::email, "C_EmailAddress">,
                                       bulk::field<&view::city, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(view, (), (email, city))

constexpr char const* pages = "GET /syncs/{id}/data";
constexpr char const* removals = "DELETE /contacts/exports/{id}";

/// The result of an export: "a@x/Rome b@x/Bern", and the failure, if any.
struct outcome {
    std::string rows;
    std::optional<bulk::failure> wrong;
    bulk::export_receipt receipt;

    std::string detail() const { return wrong ? wrong->info.detail : "nothing is wrong"; }
    bool told(std::string_view part) const {
        std::ostringstream text;
        text << receipt;
        return text.str().find(part) != std::string::npos;
    }
};

struct people {
    people() {
        for (auto const& [email, city] :
             {std::pair("a@x.com", "Rome"), std::pair("b@x.com", "Bern"),
              std::pair("c@x.com", "Oslo")})
            eloqua.add_record("/contacts", {{"C_EmailAddress", email}, {"C_City", city}});
        options.page_rows = 2;
        options.batch_rows = 2;
        options.files = &files;
        options.read_ahead = false;
    }
    /// For each request for rows from this one on.
    void suffer(fault f, std::uint64_t from = 1) {
        plan = bulk::fault_plan();
        plan.from(pages, from, std::move(f));
        eloqua.inject(plan);
    }
    template <class Source>
    outcome read(Source source) {
        outcome out;
        auto const came = source
                              .for_each([&](auto const& row) {
                                  out.rows += (out.rows.empty() ? "" : " ") + text_of(row);
                              })
                              .get();
        if (came.has_error())
            out.wrong = came.error();
        else
            out.receipt = source.receipt();
        return out;
    }
    static std::string text_of(bulk::record const& row) { return row["email"] + '/' + row["city"]; }
    template <class Row>
    static std::string text_of(Row const& row) {
        return std::string(row.email) + '/' + std::string(row.city);
    }
    /// The same export as structs, views and records, and to a file.
    outcome everywhere() {
        outcome const first =
            read(client.export_rows<person>(bulk::contacts, bulk::all_rows, options));
        outcome const others[] = {
            read(client.export_rows<view>(bulk::contacts, bulk::all_rows, options)),
            read(client.export_records(bulk::contacts, columns, bulk::all_rows, options)),
            to_file()};
        for (outcome const& other : others) {
            if (&other != &others[2] || !other.wrong) // the last batch of a file is not written
                BOOST_TEST(other.rows == first.rows);
            BOOST_TEST(without_numbers(other.detail()) == without_numbers(first.detail()));
            BOOST_TEST((other.receipt.replaced_texts == first.receipt.replaced_texts));
            BOOST_TEST(other.receipt.warnings.size() == first.receipt.warnings.size());
        }
        return first;
    }
    outcome to_file() {
        outcome out;
        memory_disk::disk fresh;
        bulk::export_file_options how = options;
        how.files = &fresh;
        auto const done =
            bulk::export_to_file<person>(client, bulk::contacts, "odd", bulk::all_rows, how).get();
        if (done.has_error())
            out.wrong = done.error();
        else
            out.receipt = done->receipt;
        std::string const text = fresh.content("odd").value_or("");
        for (std::size_t at = 0; (at = text.find("{\"email\":\"", at)) != text.npos;) {
            auto const value = [&](std::string_view key) {
                at = text.find(key, at) + key.size();
                return text.substr(at, text.find('"', at) - at);
            };
            out.rows += (out.rows.empty() ? "" : " ") + value("\"email\":\"");
            out.rows += '/' + value("\"city\":\"");
        }
        return out;
    }
    /// Uris of syncs and definitions differ.
    static std::string without_numbers(std::string text) {
        return text.substr(0, text.find("; /syncs/"));
    }

    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
    bulk::fault_plan plan;
    memory_disk::disk files;
    bulk::export_file_options options;
    bulk::record_columns columns{
        {bulk::field_column("email", "C_EmailAddress"), bulk::field_column("city", "C_City")}};
};

/// Times that the service sets, and one that it does not.
struct made {
    std::string email;
    std::chrono::sys_seconds at;
    using eloqua_fields = bulk::fields<bulk::field<&made::email, "C_EmailAddress">,
                                       bulk::attribute<&made::at, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(made, (), (email, at))
struct changed {
    std::string email;
    std::optional<std::chrono::sys_seconds> at;
    using eloqua_fields = bulk::fields<bulk::field<&changed::email, "C_EmailAddress">,
                                       bulk::field<&changed::at, "C_DateModified">>;
};
BOOST_DESCRIBE_STRUCT(changed, (), (email, at))
struct spelled {
    std::string email;
    std::string at;
    using eloqua_fields = bulk::fields<bulk::field<&spelled::email, "C_EmailAddress">,
                                       bulk::attribute<&spelled::at, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(spelled, (), (email, at))
struct visited {
    std::string email;
    std::optional<std::chrono::sys_seconds> at;
    using eloqua_fields = bulk::fields<bulk::field<&visited::email, "C_EmailAddress">,
                                       bulk::field<&visited::at, "C_Last_Visit">>;
};
BOOST_DESCRIBE_STRUCT(visited, (), (email, at))

} // namespace

BOOST_AUTO_TEST_SUITE(odd_exports)

BOOST_DATA_TEST_CASE_F(people, rows_without_any_requested_column_fail, data::make({false, true}),
                       csv) {
    options.rows = csv ? rows_format::csv : rows_format::json;
    suffer(fault::rename_columns());
    outcome const out = everywhere();
    BOOST_TEST(out.rows == "");
    BOOST_TEST(out.detail().starts_with(csv ? "the CSV's first line lacks 'email', and has '"
                                            : "row 0 has '"));
    BOOST_TEST((out.wrong.value().code == bulk::errc::malformed_response));
    BOOST_TEST(eloqua.requests(removals) == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_column_under_another_name_fails_the_export, people) {
    suffer(fault::rename_columns("city"));
    outcome const out = everywhere();
    BOOST_TEST(out.rows == "a@x.com/ b@x.com/ c@x.com/");
    BOOST_TEST(out.detail().starts_with(
        "no row has 'city', but rows have 'city_2', which was not requested"));
    BOOST_TEST((out.wrong.value().code == bulk::errc::malformed_response));
    BOOST_TEST(!out.wrong->info.request.empty());
    BOOST_TEST(eloqua.requests(removals) == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_resumed_export_fails_for_the_same_column, people) {
    suffer(fault::rename_columns("city"));
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, options);
    std::vector<person> const rows = source.next().get().value();
    BOOST_TEST(rows.size() == 2u);
    bulk::export_checkpoint const at = source.checkpoint();
    outcome const out =
        read(client.export_rows<person>(bulk::contacts, bulk::all_rows, resume(at, options)));
    BOOST_TEST(out.rows == "c@x.com/");
    BOOST_TEST(out.detail().starts_with("no row has 'city'"));
    // To a file: the rows are written, but the file is never complete.
    for (int i = 0; i != 2; ++i) {
        auto const done =
            bulk::export_to_file<person>(client, bulk::contacts, "odd", bulk::all_rows, options)
                .get();
        BOOST_TEST_REQUIRE(done.has_error());
        BOOST_TEST(done.error().info.detail.starts_with("no row has 'city'"));
    }
    BOOST_TEST(eloqua.requests(removals) == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_column_that_is_left_out_is_a_warning, people) {
    suffer(fault::drop_columns("city"));
    outcome out = everywhere();
    BOOST_TEST(out.rows == "a@x.com/ b@x.com/ c@x.com/");
    BOOST_TEST(!out.wrong.has_value());
    BOOST_TEST(out.told("warning: no row has 'city': treated as blank"));
    BOOST_TEST(eloqua.requests(removals) == 4u);
    suffer(fault::drop_columns("city"), 2); // a page has it
    out = read(client.export_rows<person>(bulk::contacts, bulk::all_rows, options));
    BOOST_TEST(out.rows == "a@x.com/Rome b@x.com/Bern c@x.com/");
    BOOST_TEST(out.receipt.warnings.empty());
}

BOOST_FIXTURE_TEST_CASE(csv_without_a_column_fails, people) {
    options.rows = rows_format::csv;
    suffer(fault::drop_columns("city"), 2);
    outcome const out = read(client.export_rows<person>(bulk::contacts, bulk::all_rows, options));
    BOOST_TEST(out.rows == "a@x.com/Rome b@x.com/Bern");
    BOOST_TEST(out.detail().starts_with("the CSV's first line lacks 'city', at byte 0"));
    BOOST_TEST(eloqua.requests(removals) == 0u);
}

BOOST_FIXTURE_TEST_CASE(rows_without_any_value_are_counted, people) {
    suffer(fault::drop_columns());
    outcome const out = everywhere();
    BOOST_TEST(out.rows == "/ / /");
    BOOST_TEST(!out.wrong.has_value());
    BOOST_TEST(out.told("warning: 3 rows were received without any value, as empty objects"));
    BOOST_TEST(out.told("warning: no row has 'email', 'city': treated as blank"));
}

BOOST_FIXTURE_TEST_CASE(a_single_requested_page_is_checked_for_its_columns, people) {
    options.keep_definition = true;
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, options);
    BOOST_TEST(source.for_each([](person const&) {}).get().value() == 3);
    bulk::id const sync = bulk::id_of(source.receipt().sync).value();
    auto const page = [&](fault f) {
        suffer(std::move(f));
        auto const came = client.syncs().data<person>(sync).get();
        return came ? std::to_string(came->items.size()) + " rows" : came.error().info.detail;
    };
    BOOST_TEST(page(fault::byte_order_mark()) == "3 rows");
    BOOST_TEST(page(fault::drop_columns("city")) == "3 rows");
    BOOST_TEST(
        page(fault::rename_columns("city")).starts_with("no row has 'city', but rows have "));
    BOOST_TEST(page(fault::rename_columns()).find(", but none of the requested columns") !=
               std::string::npos);
}

BOOST_DATA_TEST_CASE_F(people, broken_text_is_reported_in_every_run_or_replaced,
                       data::make({0, 1, 2}), kind) {
    bool const csv = kind == 2;
    options.rows = csv ? rows_format::csv : rows_format::json;
    suffer(fault::break_text(1, kind == 1, "city"));
    for (int run = 0; run != 2; ++run) {
        outcome const out = everywhere();
        BOOST_TEST(out.rows == "a@x.com/Rome");
        BOOST_TEST((out.wrong.value().code == bulk::errc::malformed_response));
        BOOST_TEST(out.detail().starts_with("row 1 (email is \"b@x.com\") has broken text ("));
        BOOST_TEST(out.detail().find("member 'city'") != std::string::npos);
        BOOST_TEST(out.wrong->info.advice.find("export_options::broken_texts") !=
                   std::string::npos);
    }
    options.broken_texts = bulk::broken_text::replaced;
    outcome const out = everywhere();
    BOOST_TEST(out.rows == "a@x.com/Rome b@x.com/\uFFFDBern c@x.com/\uFFFDOslo");
    BOOST_TEST((out.receipt.replaced_texts == std::map<std::string, std::int64_t>{{"city", 2}}));
    BOOST_TEST(out.told("; 2 values of 'city' contained invalid text, which was replaced"));
    BOOST_TEST(bulk::to_json(out.receipt).find(R"("replaced_texts":{"city":2})") !=
               std::string::npos);
}

BOOST_DATA_TEST_CASE_F(people, a_byte_order_mark_and_a_missing_line_end_are_accepted,
                       data::make({false, true}), csv) {
    options.rows = csv ? rows_format::csv : rows_format::json;
    plan.from("*", 1, fault::byte_order_mark());
    eloqua.inject(plan);
    BOOST_TEST(everywhere().rows == "a@x.com/Rome b@x.com/Bern c@x.com/Oslo");
    suffer(fault::open_last_line());
    BOOST_TEST(everywhere().rows == "a@x.com/Rome b@x.com/Bern c@x.com/Oslo");
}

BOOST_FIXTURE_TEST_CASE(system_times_in_eastern_time_are_not_read_as_utc, people) {
    options.system_timestamps_in_utc = false;
    auto const refused = [&](auto source, std::string_view why) {
        auto const came = source.next().get();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
        BOOST_TEST(came.error().info.detail.starts_with(why));
        BOOST_TEST(came.error().info.advice.find("system_timestamps_in_utc") != std::string::npos);
    };
    std::string_view const made_at =
        "column 'at' is a time read from {{Contact.CreatedAt}}, which comes in "
        "US Eastern time";
    refused(client.export_rows<made>(bulk::contacts, bulk::all_rows, options), made_at);
    refused(client.export_rows<made>(bulk::contacts, bulk::all_rows,
                                     resume(bulk::export_checkpoint(), options)),
            made_at);
    refused(client.export_rows<changed>(bulk::contacts, bulk::all_rows, options),
            "column 'at' is a time read from {{Contact.Field(C_DateModified)}}");
    std::chrono::sys_seconds const since{};
    refused(client.export_rows<person>(
                bulk::contacts,
                bulk::where_attribute<"UpdatedAt", std::chrono::sys_seconds> >= since, options),
            "the filter compares a time with {{Contact.UpdatedAt}}");
    refused(client.export_records(bulk::contacts,
                                  bulk::record_columns({bulk::attribute_column("at", "CreatedAt")}),
                                  bulk::where_column("at") >= since, options),
            "the filter compares a time with {{Contact.CreatedAt}}");
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 0u);

    // As texts they arrive unchanged, and so do the customer's own dates.
    auto const count = [&](auto source) { return source.next().get().value().size(); };
    BOOST_TEST(count(client.export_rows<spelled>(bulk::contacts, bulk::all_rows, options)) == 2u);
    BOOST_TEST(count(client.export_rows<visited>(bulk::contacts, bulk::all_rows, options)) == 2u);
    BOOST_TEST(count(client.export_rows<visited>(bulk::contacts, bulk::where<&visited::at> < since,
                                                 options)) == 0u);
    options.system_timestamps_in_utc = true;
    BOOST_TEST(count(client.export_rows<made>(bulk::contacts, bulk::all_rows, options)) == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
