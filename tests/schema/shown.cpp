// SPDX-License-Identifier: BSL-1.0
// How messages show foreign text.
#include <eloqua/bulk/detail/text/shown.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;
using bulk::detail::shown;

BOOST_AUTO_TEST_SUITE(shown_text)

BOOST_AUTO_TEST_CASE(plain_text_stays) {
    for (std::string_view text : {"", "a b", "Zoë €5 😀", "\xC2\xA0", "\xEF\xBF\xBD"})
        BOOST_TEST(shown(text) == text);
}

BOOST_AUTO_TEST_CASE(control_characters_become_blanks) {
    BOOST_TEST(shown("a\nERROR\r\tb\x7f\x1b[31m") == "a ERROR  b  [31m");
    BOOST_TEST(shown(std::string_view("a\0b", 3)) == "a b");
    for (std::string_view control : {"\xC2\x80", "\xC2\x85", "\xC2\x9B", "\xC2\x9F", "\xE2\x80\xA8",
                                     "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAE", "\xE2\x81\xA6",
                                     "\xE2\x81\xA9", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xD8\x9C"})
        BOOST_TEST(shown("a" + std::string(control) + "b") == "a b");
}

BOOST_AUTO_TEST_CASE(invalid_utf_8_is_replaced_byte_by_byte) {
    BOOST_TEST(shown("a\xE9z") == "a\xEF\xBF\xBDz");
    BOOST_TEST(shown("\xC3") == "\xEF\xBF\xBD");
    BOOST_TEST(shown("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");                 // overlong
    BOOST_TEST(shown("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); // surrogate
    BOOST_TEST(shown("\x9B"
                     "31m") == "\xEF\xBF\xBD"
                               "31m");
}

BOOST_AUTO_TEST_CASE(text_is_cut_at_a_character_boundary) {
    BOOST_TEST(shown("abc", 3) == "abc");
    BOOST_TEST(shown("abcd", 3) == "abc...");
    BOOST_TEST(shown("aé", 2) == "a...");
    BOOST_TEST(shown("aé", 3) == "aé");
    BOOST_TEST(shown("\xE9\xE9", 4) == "\xEF\xBF\xBD...");
    BOOST_TEST(shown(std::string(1'000'000, 'x')).size() == 303u);
}

BOOST_AUTO_TEST_CASE(values_of_rows_can_be_hidden) {
    using bulk::row_values;
    BOOST_TEST(bulk::detail::shown_value("a\nb", row_values::shown) == "\"a b\"");
    BOOST_TEST(bulk::detail::shown_value("a@b.example", row_values::hidden) ==
               "a value that is not shown");
}

BOOST_AUTO_TEST_SUITE_END()
