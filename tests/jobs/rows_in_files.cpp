// SPDX-License-Identifier: BSL-1.0
// What files have of the rows: structs and records, of every length and with every kind of
// character, cut into pieces of every size on their way.
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using memory_disk::disk;

namespace {

struct contact {
    std::string id;
    std::string first;
    std::string last;
    std::string city;
    using eloqua_fields = bulk::fields<
        bulk::attribute<&contact::id, "Id">, bulk::field<&contact::first, "C_FirstName">,
        bulk::field<&contact::last, "C_LastName">, bulk::field<&contact::city, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (id, first, last, city))

bulk::record_columns columns() {
    return bulk::record_columns(
        {bulk::attribute_column("id", "Id"), bulk::field_column("first", "C_FirstName"),
         bulk::field_column("last", "C_LastName"), bulk::field_column("city", "C_City")});
}

/// A text of this many bytes or one more, with a special character at its start, middle or end.
std::string text_of(std::size_t size, std::size_t which) {
    static constexpr std::string_view special[] = {
        ",", "\"", "\n", "\r", "\\", "\t", "ë", "王", "é", "\xF0\x9F\x99\x82", ";", " "};
    std::string text(size, 'x');
    std::size_t const kind = which % (std::size(special) + 1);
    if (kind != std::size(special))
        text.insert(which % 3 * size / 2, special[kind]);
    return text;
}

struct people {
    people() {
        options.files = &files;
        std::string csv = "id,first,last,city\r\n";
        for (std::size_t i = 0; i != 400; ++i) {
            std::string const first = text_of(i % 67, i), last = text_of(i / 7 % 35, i + 5),
                              city = i % 5 == 0 ? "" : text_of(i % 3 * 30, i + 9);
            eloqua.add_record("/contacts",
                              {{"C_FirstName", first}, {"C_LastName", last}, {"C_City", city}});
            csv += std::to_string(1001 + i);
            for (std::string const& each : {first, last, city})
                csv += ',' + quoted(each);
            csv += "\r\n";
        }
        expected = csv;
    }
    /// By RFC 4180, independently of the library.
    static std::string quoted(std::string const& value) {
        if (value.find_first_of(",\"\r\n") == value.npos)
            return value;
        std::string text;
        for (char const c : value)
            text += c == '"' ? std::string("\"\"") : std::string(1, c);
        return '"' + text + '"';
    }
    std::string of_records() {
        bulk::export_records_to_file(client, bulk::contacts, columns(), "out", bulk::all_rows,
                                     options)
            .value();
        return files.content("out").value();
    }
    std::string of_structs() {
        bulk::export_to_file<contact>(client, bulk::contacts, "structs", bulk::all_rows, options)
            .value();
        return files.content("structs").value();
    }

    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
    disk files;
    bulk::export_file_options options;
    std::string expected; ///< of CSV
};

} // namespace

BOOST_AUTO_TEST_SUITE(rows_in_files)

BOOST_FIXTURE_TEST_CASE(values_of_all_kinds, people) {
    for (bulk::rows_format const rows : {bulk::rows_format::json, bulk::rows_format::csv}) {
        options.rows = rows;
        options.format = bulk::file_format::csv;
        BOOST_TEST((of_records() == expected));
        BOOST_TEST((of_structs() == expected));
        files = disk();
        options.format = bulk::file_format::ndjson;
        std::string const lines = of_records();
        BOOST_TEST((of_structs() == lines));
        BOOST_TEST(std::ranges::count(lines, '\n') == 400);
        files = disk();
    }
}

BOOST_DATA_TEST_CASE_F(people, pieces_of_all_sizes, data::make({1, 2, 7, 31, 64, 1'000}), size) {
    bulk::fault_plan plan;
    plan.from("GET /syncs/{id}/data", 1, bulk::fault::trickle(static_cast<std::size_t>(size)));
    eloqua.inject(plan);
    options.format = bulk::file_format::csv;
    options.page_rows = 150;
    BOOST_TEST((of_records() == expected));
}

BOOST_AUTO_TEST_SUITE_END()
