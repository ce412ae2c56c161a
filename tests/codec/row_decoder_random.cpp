// SPDX-License-Identifier: BSL-1.0
// Generated pages, decoded in random pieces and compared with Boost.JSON's result for the whole
// page.
#include <eloqua/bulk/detail/codec/row_encoder.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include "oracle.hpp"
#include "pages.hpp"
#include <iterator>
#include <random>

namespace {

using namespace codec_tests;
namespace json = boost::json;

/// A random generator that gives the same numbers on every machine.
class dice {
public:
    explicit dice(std::uint32_t seed) : engine_(seed) {}
    std::size_t below(std::size_t n) { return engine_() % n; }

private:
    std::mt19937 engine_;
};

std::string any_text(dice& d) {
    static char const* const parts[] = {"a",    "Test", " ", "\"",      "\\",    "/",  "\n",
                                        "\x01", "é",    "€", "😀",      "{}",    "[,", "0",
                                        ":",    "\x7f", "'", "\\u00e9", "items", ""};
    std::string out;
    for (std::size_t n = d.below(8); n != 0; --n)
        out += parts[d.below(std::size(parts))];
    return out;
}

std::string blank(dice& d) {
    return std::string(d.below(3), " \t\r\n"[d.below(4)]);
}

/// A JSON text of this string, with some needless escapes.
std::string literal(dice& d, std::string const& text) {
    std::string out = json::serialize(json::value(text));
    if (d.below(2) == 0)
        for (std::size_t at = 1; at + 1 < out.size(); ++at) {
            std::string_view const escaped = out[at] == 'e' ? "\\u0065" : "\\/";
            if (out[at] == '\\') {
                ++at;
            } else if (out[at] == 'e' || out[at] == '/') {
                out.replace(at, 1, escaped);
                at += escaped.size() - 1;
            }
        }
    return out;
}

std::string any_value(dice& d, bool flat) {
    switch (d.below(flat ? 8 : 10)) {
    case 0:
        return std::to_string(d.below(1'000'000));
    case 1:
        return "-" + std::to_string(d.below(100)) + "." + std::to_string(d.below(100)) + "e2";
    case 2:
        return d.below(2) ? "true" : "false";
    case 3:
        return "null";
    case 8:
        return "[" + any_value(d, false) + blank(d) + "]";
    case 9:
        return "{" + literal(d, any_text(d)) + ":" + blank(d) + any_value(d, false) + "}";
    default:
        return literal(d, any_text(d));
    }
}

std::string any_page(dice& d, std::size_t rows) {
    std::string items;
    for (; rows != 0; --rows) {
        std::string row;
        std::string keys = "abcxy";
        for (std::size_t n = d.below(6); n != 0 && !keys.empty(); --n) {
            std::size_t const at = d.below(keys.size());
            char const key = keys[at];
            keys.erase(at, 1);
            if (row.empty() && key >= 'x') // a row without any column is refused
                row = R"("a":null)", std::erase(keys, 'a');
            row += (row.empty() ? "" : ",") + blank(d) + '"' + key + '"' + blank(d) + ':' +
                   blank(d) + any_value(d, key < 'x') + blank(d);
        }
        items += (items.empty() ? "{" : ",{") + row + "}" + blank(d);
    }
    std::string const rest = "\"totalResults\":" + std::to_string(d.below(100)) +
                             ",\"z\":" + any_value(d, false) +
                             ",\"hasMore\":" + (d.below(2) ? "true" : "false");
    std::string const list = "\"items\":" + blank(d) + "[" + items + "]";
    return blank(d) + "{" + (d.below(2) ? list + "," + rest : rest + "," + list) + "}" + blank(d);
}

/// The oracle's value of a row; numbers keep the page's own text.
bool agrees(json::object const& row, std::string_view key, std::string const& decoded) {
    json::value const* const v = row.if_contains(key);
    if (!v || v->is_null())
        return decoded.empty();
    if (v->is_string())
        return decoded == std::string_view(v->get_string());
    if (v->is_bool())
        return decoded == (v->get_bool() ? "true" : "false");
    return json::parse(decoded) == *v;
}

std::vector<std::size_t> random_cuts(dice& d, std::size_t size, std::size_t longest = 20) {
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; (at += 1 + d.below(longest)) < size;)
        ends.push_back(at);
    return ends;
}

void damage(dice& d, std::string& page) {
    std::size_t const at = d.below(page.size());
    char const other = "\"{}[],:x0\\\x80 "[d.below(12)];
    switch (d.below(3)) {
    case 0:
        page.erase(at, 1 + d.below(3));
        break;
    case 1:
        page[at] = other;
        break;
    default:
        page.insert(at, 1, other);
    }
}

/// The rows, the verdict and the envelope equal the oracle's.
void compare(outcome<texts> const& ours, outcome<texts> const& oracle) {
    BOOST_TEST(ours.wrong.has_value() == oracle.wrong.has_value(),
               ours.detail() << " against " << oracle.detail());
    BOOST_TEST((ours.rows == oracle.rows));
    if (!oracle.wrong) {
        BOOST_TEST((ours.envelope.totalResults == oracle.envelope.totalResults));
        BOOST_TEST((ours.envelope.hasMore == oracle.envelope.hasMore));
        BOOST_TEST(ours.envelope.has_items == oracle.envelope.has_items);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_decoder_random)

BOOST_AUTO_TEST_CASE(reads_what_boost_json_reads) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    for (std::uint32_t seed = 1; seed != 1'500; ++seed) {
        dice d(seed);
        std::string const page = any_page(d, d.below(6));
        json::object const oracle = json::parse(page).as_object();
        auto const out = decode<texts>(decoder, page, random_cuts(d, page.size()));
        BOOST_TEST_CONTEXT("seed " << seed << ": " << page) {
            BOOST_TEST_REQUIRE(out.detail() == "nothing is wrong");
            json::array const& items = oracle.at("items").as_array();
            BOOST_TEST_REQUIRE(out.rows.size() == items.size());
            for (std::size_t i = 0; i != items.size(); ++i) {
                json::object const& row = items[i].as_object();
                BOOST_TEST(agrees(row, "a", out.rows[i].a));
                BOOST_TEST(agrees(row, "b", out.rows[i].b));
                BOOST_TEST(agrees(row, "c", out.rows[i].c));
            }
            BOOST_TEST(out.envelope.totalResults.value() == oracle.at("totalResults").as_int64());
            BOOST_TEST(out.envelope.hasMore.value() == oracle.at("hasMore").as_bool());
        }
    }
}

BOOST_AUTO_TEST_CASE(agrees_with_the_oracle_at_every_cut) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    int refused = 0;
    for (std::uint32_t seed = 1; seed != 150; ++seed) {
        dice d(seed);
        std::string page = any_page(d, d.below(4));
        if (d.below(2))
            damage(d, page);
        auto const oracle = ask_oracle<texts>(page);
        refused += oracle.wrong.has_value();
        BOOST_TEST_CONTEXT("seed " << seed << ": " << page) {
            for (std::size_t cut = 0; cut <= page.size(); ++cut)
                compare(decode<texts>(decoder, page, {cut}), oracle);
            compare(decode<texts>(decoder, page, pieces_of(page.size(), 1)), oracle);
        }
    }
    BOOST_TEST(refused > 30);
}

BOOST_AUTO_TEST_CASE(agrees_with_the_oracle_on_damaged_pages) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    int refused = 0;
    for (std::uint32_t seed = 1; seed != 3'000; ++seed) {
        dice d(seed);
        std::string page = any_page(d, d.below(6));
        for (std::size_t n = 1 + d.below(2); n != 0; --n)
            damage(d, page);
        auto const oracle = ask_oracle<texts>(page);
        refused += oracle.wrong.has_value();
        BOOST_TEST_CONTEXT("seed " << seed << ": " << page) {
            compare(decode<texts>(decoder, page), oracle);
            compare(decode<texts>(decoder, page, random_cuts(d, page.size())), oracle);
        }
    }
    BOOST_TEST(refused > 1'000);
}

BOOST_AUTO_TEST_CASE(agrees_with_the_oracle_on_large_pages) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    for (std::uint32_t seed = 1; seed != 6; ++seed) {
        dice d(seed);
        std::string page = any_page(d, 3'000);
        if (seed % 2 == 0)
            damage(d, page);
        auto const oracle = ask_oracle<texts>(page);
        BOOST_TEST_CONTEXT("seed " << seed) {
            BOOST_TEST(page.size() > 131'072u);
            compare(decode<texts>(decoder, page), oracle);
            for (std::size_t longest : {100u, 5'000u, 60'000u})
                compare(decode<texts>(decoder, page, random_cuts(d, page.size(), longest)), oracle);
        }
    }
}

BOOST_AUTO_TEST_CASE(encoded_rows_decode_again_from_a_page) {
    bulk::detail::row_encoder encoder(bulk::detail::row_codec<texts>,
                                      bulk::detail::columns_of<texts, bulk::contacts_t>);
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    for (std::uint32_t seed = 1; seed != 500; ++seed) {
        dice d(seed);
        std::vector<texts> rows(1 + d.below(5));
        encoder.clear();
        for (texts& each : rows) {
            each = texts{any_text(d), any_text(d), any_text(d)};
            BOOST_TEST((encoder.append(&each) == bulk::detail::row_encoder::fit::taken));
        }
        std::string const page = "{\"items\":" + std::string(encoder.body()) + "}";
        auto const out = decode<texts>(decoder, page, random_cuts(d, page.size()));
        BOOST_TEST_CONTEXT("seed " << seed << ": " << page) {
            BOOST_TEST(out.detail() == "nothing is wrong");
            BOOST_TEST((out.rows == rows));
        }
    }
}

/// Four rows of any shape in order: the members of one must not appear in the next.
BOOST_AUTO_TEST_CASE(rows_of_every_shape_in_sequence) {
    static std::vector<std::string_view> const shapes[] = {{},         {"a"}, {"b"},     {"a", "b"},
                                                           {"b", "a"}, {"x"}, {"x", "a"}};
    constexpr std::size_t n = std::size(shapes);
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    for (std::size_t number = 0; number != n * n * n * n; ++number) {
        std::string page = R"({"items":[)";
        std::size_t rest = number;
        for (char row = '1'; row != '5'; ++row, rest /= n) {
            page += row == '1' ? "{" : ",{";
            for (std::string_view const key : shapes[rest % n])
                ((((page += page.back() == '{' ? "\"" : ",\"") += key) += "\":\"") += row) += '"';
            page += '}';
        }
        page += "]}";
        auto const oracle = ask_oracle<texts>(page);
        BOOST_TEST_REQUIRE((oracle.wrong || oracle.rows.size() == 4u)); // else a row has only an x
        for (std::size_t const piece : {page.size(), std::size_t(7)}) {
            auto const out = decode<texts>(decoder, page, pieces_of(page.size(), piece));
            BOOST_TEST((out.rows == oracle.rows), page);
            BOOST_TEST(out.wrong.has_value() == oracle.wrong.has_value(), page);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
