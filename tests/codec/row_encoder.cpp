// SPDX-License-Identifier: BSL-1.0
// Encoding of rows as JSON.
#include <eloqua/bulk/detail/codec/row_encoder.hpp>

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

/// As in the sample: the keys are the names of the fields.
struct sample {
    std::string C_EmailAddress, C_FirstName, C_LastName, C_Country;
};
BOOST_DESCRIBE_STRUCT(sample, (), (C_EmailAddress, C_FirstName, C_LastName, C_Country))

struct address {
    std::string EmailAddress;
};
BOOST_DESCRIBE_STRUCT(address, (), (EmailAddress))

struct first_not_imported {
    std::string id;
    std::string name;
    using eloqua_fields = bulk::fields<bulk::attribute<&first_not_imported::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(first_not_imported, (), (id, name))

struct stamped {
    std::string name;
    std::chrono::sys_time<std::chrono::nanoseconds> nano;
    std::chrono::sys_time<std::chrono::microseconds> micro;
    std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> maybe;
};
BOOST_DESCRIBE_STRUCT(stamped, (), (name, nano, micro, maybe))

using fit = bulk::detail::row_encoder::fit;

template <class Row>
bulk::detail::row_encoder encoder(bulk::rows_format format = bulk::rows_format::json,
                                  std::size_t limit = bulk::limits::request_bytes) {
    return bulk::detail::row_encoder(bulk::detail::row_codec<Row>,
                                     bulk::detail::columns_of<Row, bulk::contacts_t>, format,
                                     limit);
}

template <class Row>
std::string encoded(Row const& row, bulk::rows_format format = bulk::rows_format::json) {
    auto e = encoder<Row>(format);
    auto by_column = bulk::detail::row_codec<Row>; // as records write it
    for (bulk::detail::column_codec& each : by_column)
        each.append_row = nullptr;
    bulk::detail::row_encoder other(by_column, bulk::detail::columns_of<Row, bulk::contacts_t>,
                                    format);
    fit const what = e.append(&row);
    BOOST_TEST((other.append(&row) == what));
    BOOST_TEST(other.body() == e.body());
    BOOST_TEST(other.refused_key() == e.refused_key());
    if (what == fit::refused)
        return "refused: " + std::string(e.refused_key());
    return std::string(e.body());
}
template <class Row>
std::string csv(Row const& row) {
    return encoded(row, bulk::rows_format::csv);
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_encoder)

BOOST_AUTO_TEST_CASE(only_columns_that_can_be_imported) {
    lead row;
    row.email = "ana@example.com";
    row.age = 40;
    row.weight = 1.5;
    BOOST_TEST(encoded(row) ==
               R"([{"email":"ana@example.com","age":"40","weight":"1.5","known":"false"}])");
    BOOST_TEST(encoded(lead()) == R"([{"email":"","age":"","weight":"0","known":"false"}])");
    BOOST_TEST(encoded(first_not_imported{"7", "x"}) == R"([{"name":"x"}])");
    BOOST_TEST(csv(row) == "email,age,weight,known\r\nana@example.com,40,1.5,false\r\n");
    BOOST_TEST(csv(lead()) == "email,age,weight,known\r\n,,0,false\r\n");
    BOOST_TEST(csv(first_not_imported{"7", "x"}) == "name\r\nx\r\n");
}

BOOST_AUTO_TEST_CASE(the_sample_requests) {
    auto body = [](bulk::detail::row_encoder e, char const* name) {
        for (sample const& row : {sample{"ana.lopes@example.com", "Ana", "Lopes", "PT"},
                                  sample{"bo.lind@example.com", "Bo", name, "SE"},
                                  sample{"not an address", "Zoë", "Müller", "DE"}})
            BOOST_TEST((e.append(&row) == fit::taken));
        BOOST_TEST(e.rows() == 3u);
        return std::string(e.body());
    };
    BOOST_TEST((boost::json::parse(body(encoder<sample>(), "Lind")) ==
                boost::json::parse(payload("contact_import_data_request.json"))));
    BOOST_TEST(body(encoder<sample>(bulk::rows_format::csv), "Lind, jr.") ==
               payload("contact_import_data_request.csv"));
    bulk::detail::row_encoder of_action = encoder<address>();
    for (address const& each : {address{"ana.lopes@example.com"}, address{"bo.lind@example.com"}})
        BOOST_TEST((of_action.append(&each) == fit::taken));
    BOOST_TEST((boost::json::parse(of_action.body()) ==
                boost::json::parse(payload("contact_sync_action_data_request.json"))));
}

BOOST_AUTO_TEST_CASE(every_control_character_and_its_neighbours) {
    for (int c = 0; c != 128; ++c) {
        std::string const text = "<" + std::string(1, static_cast<char>(c)) + ">";
        std::string const json = encoded(texts{text, "", text});
        BOOST_TEST_CONTEXT("character " << c << " in " << json) {
            auto const parsed = boost::json::parse(json).as_array().at(0).as_object();
            BOOST_TEST((parsed.at("a").as_string() == text));
            BOOST_TEST((parsed.at("c").as_string() == text));
            for (char each : json)
                BOOST_TEST(static_cast<unsigned char>(each) >= 0x20);
        }
    }
    BOOST_TEST(encoded(texts{"\"\\/", "\b\f\n\r\t", std::string("\0\x1f\x7f", 3)}) ==
               R"([{"a":"\"\\/","b":"\u0008\u000c\n\r\t","c":"\u0000\u001f)"
               "\x7f\"}]");
}

BOOST_AUTO_TEST_CASE(text_beyond_ascii_stays_as_it_is) {
    BOOST_TEST(encoded(texts{"Zoë", "€ 😀", ""}) == R"([{"a":"Zoë","b":"€ 😀","c":""}])");
}

BOOST_AUTO_TEST_CASE(texts_of_any_length_around_any_special_byte) {
    for (std::size_t size = 0; size != 70; ++size)
        for (std::size_t at = 0; at <= size; ++at) {
            texts row{std::string(size, 'x'), std::string(size, 'y'), "z"};
            row.b.insert(at, at % 3 == 0 ? "\"" : at % 3 == 1 ? "\n" : "é");
            auto const parsed = boost::json::parse(encoded(row)).as_array().at(0).as_object();
            BOOST_TEST((parsed.at("a").as_string() == row.a));
            BOOST_TEST((parsed.at("b").as_string() == row.b));
            BOOST_TEST((parsed.at("c").as_string() == row.c));
            row.b.insert(at, 1, '\xFF');
            BOOST_TEST(encoded(row) == "refused: b");
        }
}

BOOST_AUTO_TEST_CASE(csv_quotes_where_necessary) {
    BOOST_TEST(csv(texts{"a,b", "say \"hi\"", "two\r\nlines"}) ==
               "a,b,c\r\n\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n");
    BOOST_TEST(csv(texts{"plain", " spaced ", "Zoë"}) == "a,b,c\r\nplain, spaced ,Zoë\r\n");
    BOOST_TEST(csv(texts{"\xFF", "", ""}) == "refused: a");
    // An empty line would be skipped.
    BOOST_TEST(csv(first_not_imported{"7", ""}) == "name\r\n\"\"\r\n");
}

BOOST_AUTO_TEST_CASE(a_refused_row_leaves_the_body_unchanged) {
    auto e = encoder<texts>();
    BOOST_TEST(e.body() == "");
    for (char const* bad : {"\x80", "caf\xE9", "\xED\xA0\x80", "\xE2\x82"}) {
        texts const row{"fine", "fine", bad};
        BOOST_TEST((e.append(&row) == fit::refused));
        BOOST_TEST(e.refused_key() == "c");
        BOOST_TEST(e.body() == "");
    }
    texts const row{"\xFF", "\xFF", ""};
    texts const good{"1", "2", "3"};
    BOOST_TEST((e.append(&good) == fit::taken));
    BOOST_TEST((e.append(&row) == fit::refused));
    BOOST_TEST(e.refused_key() == "a");
    BOOST_TEST(e.body() == R"([{"a":"1","b":"2","c":"3"}])");
    BOOST_TEST((e.append(&good) == fit::taken));
    BOOST_TEST(e.body() == R"([{"a":"1","b":"2","c":"3"},{"a":"1","b":"2","c":"3"}])");
}

BOOST_AUTO_TEST_CASE(a_body_stays_below_its_limit) {
    for (auto format : {bulk::rows_format::json, bulk::rows_format::csv}) {
        texts const row{"one", "two", "three"};
        auto whole = encoder<texts>(format);
        BOOST_TEST((whole.append(&row) == fit::taken));
        std::size_t const one = whole.size();
        BOOST_TEST(one == whole.body().size());
        BOOST_TEST((whole.append(&row) == fit::taken));
        std::size_t const two = whole.body().size();
        BOOST_TEST(two == whole.size());

        auto small = encoder<texts>(format, one);
        BOOST_TEST((small.append(&row) == fit::too_large));
        BOOST_TEST(small.row_size() == whole.row_size());
        BOOST_TEST(small.body() == "");
        for (std::size_t limit : {one + 1, two}) {
            auto e = encoder<texts>(format, limit);
            BOOST_TEST((e.append(&row) == fit::taken));
            std::string const body(e.body());
            BOOST_TEST((e.append(&row) == fit::full));
            BOOST_TEST(e.body() == body);
            e.clear();
            BOOST_TEST(e.size() == 0u);
            BOOST_TEST((e.append(&row) == fit::taken));
            BOOST_TEST(e.body() == body);
        }
        auto e = encoder<texts>(format, two + 1);
        BOOST_TEST((e.append(&row) == fit::taken));
        BOOST_TEST((e.append(&row) == fit::taken));
        BOOST_TEST((e.append(&row) == fit::full));
        BOOST_TEST(e.rows() == 2u);
        BOOST_TEST(e.body() == whole.body());
    }
}

BOOST_AUTO_TEST_CASE(times_finer_than_a_millisecond_are_refused_or_truncated) {
    using namespace std::chrono;
    auto const at = [](nanoseconds ns) {
        return sys_time<nanoseconds>(seconds(1'748'772'001) + ns);
    };
    for (auto const format : {bulk::rows_format::json, bulk::rows_format::csv}) {
        stamped row{"x", at(250ms), sys_time<microseconds>(-1us), {}};
        auto kept = encoder<stamped>(format); // as a file has it
        BOOST_TEST((kept.append(&row) == fit::taken));
        BOOST_TEST(kept.body().find("1969-12-31 23:59:59.999999") != std::string::npos);

        auto strict = encoder<stamped>(format);
        strict.write_for_service(bulk::finer_part::refused);
        BOOST_TEST((strict.append(&row) == fit::refused));
        BOOST_TEST(strict.refused_key() == "micro");
        bulk::failure const why = strict.refusal(fit::refused, 7);
        BOOST_TEST(why.info.detail == "row 7: member 'micro' is a time finer than a millisecond, "
                                      "which the service cannot store");
        BOOST_TEST(why.info.advice.find("import_options::finer_times") != std::string::npos);
        row.micro = sys_time<microseconds>(-1ms);
        row.maybe = at(1ns);
        BOOST_TEST((strict.append(&row) == fit::refused));
        BOOST_TEST(strict.refused_key() == "maybe");
        row.maybe = at(0ns);
        BOOST_TEST((strict.append(&row) == fit::taken));

        auto cut = encoder<stamped>(format);
        cut.write_for_service(bulk::finer_part::cut_off);
        row = {"x", at(250'999'999ns), sys_time<microseconds>(-1us), at(1ns)};
        BOOST_TEST((cut.append(&row) == fit::taken));
        BOOST_TEST(cut.times_cut() == 3u);
        for (char const* text :
             {"2025-06-01 10:00:01.250", "1969-12-31 23:59:59.999", "2025-06-01 10:00:01.000"})
            BOOST_TEST(cut.body().find(text) != std::string::npos, text);
        BOOST_TEST(cut.body().find(".2509") == std::string::npos);
        row = {"x", at(0ns), {}, {}};
        BOOST_TEST((cut.append(&row) == fit::taken));
        BOOST_TEST(cut.times_cut() == 0u);
        row.nano = sys_time<nanoseconds>::min(); // no whole millisecond is below it
        BOOST_TEST((cut.append(&row) == fit::refused));
    }
}

BOOST_AUTO_TEST_CASE(nul_is_refused) {
    std::string const nul("a\0b", 3);
    for (auto const format : {bulk::rows_format::json, bulk::rows_format::csv})
        for (std::string const& text : {nul, nul + std::string(40, 'x') + "\xC3\xA9"}) {
            texts const row{"fine", text, "\x01"};
            auto e = encoder<texts>(format);
            BOOST_TEST((e.append(&row) == fit::taken));
            e.clear();
            e.write_for_service(bulk::finer_part::refused);
            BOOST_TEST((e.append(&row) == fit::refused));
            BOOST_TEST(e.refusal(fit::refused, 0).info.detail ==
                       "row 0: member 'b' contains a NUL, at which the service may end the text");
            texts const good{"fine", "\x01\n", "\xC3\xA9"};
            BOOST_TEST((e.append(&good) == fit::taken));
        }
}

BOOST_AUTO_TEST_CASE(values_without_a_text_are_named) {
    lead row;
    row.weight = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(encoded(row) == "refused: weight");
    row.weight = 0;
    row.updated = std::chrono::sys_seconds::max(); // not imported, hence not written
    BOOST_TEST(encoded(row).starts_with("[{"));
}

BOOST_AUTO_TEST_SUITE_END()
