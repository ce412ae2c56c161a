// SPDX-License-Identifier: BSL-1.0
// Rows to JSON.
#include <eloqua/bulk/codec/row_encoder.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include "pages.hpp"
#include <limits>

namespace {

using namespace codec_tests;

struct lead {
    std::string email;
    std::optional<int> age;
    double weight = 0;
    std::chrono::sys_seconds updated;
    bool known = false;

    using eloqua_fields = bulk::fields<bulk::field<&lead::email, "C_EmailAddress">,
                                       bulk::attribute<&lead::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(lead, (), (email, age, weight, updated, known))

/// As in the sample: keys are the fields' own names.
struct sample {
    std::string C_EmailAddress, C_FirstName, C_LastName, C_Country;
};
BOOST_DESCRIBE_STRUCT(sample, (), (C_EmailAddress, C_FirstName, C_LastName, C_Country))

struct first_not_imported {
    std::string id;
    std::string name;
    using eloqua_fields = bulk::fields<bulk::attribute<&first_not_imported::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(first_not_imported, (), (id, name))

template <class Row>
bulk::row_encoder encoder() {
    return bulk::row_encoder(bulk::row_codec<Row>, bulk::columns_of<Row, bulk::contacts_t>);
}

template <class Row>
std::string encoded(Row const& row) {
    std::string out;
    auto const refused = encoder<Row>().append(&row, out);
    return refused ? "refused: " + std::string(*refused) : out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_encoder)

BOOST_AUTO_TEST_CASE(only_columns_that_can_be_imported) {
    lead row;
    row.email = "ana@example.com";
    row.age = 40;
    row.weight = 1.5;
    BOOST_TEST(encoded(row) ==
               R"({"email":"ana@example.com","age":"40","weight":"1.5","known":"false"})");
    BOOST_TEST(encoded(lead()) == R"({"email":"","age":"","weight":"0","known":"false"})");
    BOOST_TEST(encoded(first_not_imported{"7", "x"}) == R"({"name":"x"})");
}

BOOST_AUTO_TEST_CASE(the_sample_request) {
    auto encode = encoder<sample>();
    std::string body = "[";
    for (sample const& row : {sample{"ana.lopes@example.com", "Ana", "Lopes", "PT"},
                              sample{"bo.lind@example.com", "Bo", "Lind", "SE"},
                              sample{"not an address", "Zoë", "Müller", "DE"}}) {
        body += body.size() > 1 ? "," : "";
        BOOST_TEST(!encode.append(&row, body).has_value());
    }
    body += "]";
    BOOST_TEST((boost::json::parse(body) ==
                boost::json::parse(payload("contact_import_data_request.json"))));
}

BOOST_AUTO_TEST_CASE(every_control_character_and_its_neighbours) {
    for (int c = 0; c != 128; ++c) {
        std::string const text = "<" + std::string(1, static_cast<char>(c)) + ">";
        std::string const json = encoded(texts{text, "", text});
        BOOST_TEST_CONTEXT("character " << c << " in " << json) {
            auto const parsed = boost::json::parse(json).as_object();
            BOOST_TEST((parsed.at("a").as_string() == text));
            BOOST_TEST((parsed.at("c").as_string() == text));
            for (char each : json)
                BOOST_TEST(static_cast<unsigned char>(each) >= 0x20);
        }
    }
    BOOST_TEST(encoded(texts{"\"\\/", "\b\f\n\r\t", std::string("\0\x1f\x7f", 3)}) ==
               R"({"a":"\"\\/","b":"\u0008\u000c\n\r\t","c":"\u0000\u001f)"
               "\x7f\"}");
}

BOOST_AUTO_TEST_CASE(text_beyond_ascii_stays_as_it_is) {
    BOOST_TEST(encoded(texts{"Zoë", "€ 😀", ""}) == R"({"a":"Zoë","b":"€ 😀","c":""})");
}

BOOST_AUTO_TEST_CASE(a_refused_row_leaves_the_buffer_as_it_was) {
    auto encode = encoder<texts>();
    std::string out = "[before";
    for (char const* bad : {"\x80", "caf\xE9", "\xED\xA0\x80", "\xE2\x82"}) {
        texts const row{"fine", "fine", bad};
        BOOST_TEST(encode.append(&row, out).value() == "c");
        BOOST_TEST(out == "[before");
    }
    texts const row{"\xFF", "\xFF", ""};
    BOOST_TEST(encode.append(&row, out).value() == "a");
    texts const good{"1", "2", "3"};
    BOOST_TEST(!encode.append(&good, out).has_value());
    BOOST_TEST(out == R"([before{"a":"1","b":"2","c":"3"})");
}

BOOST_AUTO_TEST_CASE(values_without_a_text_are_named) {
    lead row;
    row.weight = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(encoded(row) == "refused: weight");
    row.weight = 0;
    row.updated = std::chrono::sys_seconds::max(); // not imported, hence not written
    BOOST_TEST(encoded(row).starts_with("{"));
}

BOOST_AUTO_TEST_SUITE_END()
