// SPDX-License-Identifier: BSL-1.0
// Random typed filters, rendered, parsed and evaluated by the simulated service over random rows,
// against the same conditions in C++.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe/class.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

struct person {
    std::string email;
    std::optional<std::string> country;
    std::optional<std::int32_t> weight;
    double revenue = 0;
    std::optional<std::chrono::sys_seconds> visit;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">,
                                       bulk::field<&person::weight, "C_Lead_Weight1">,
                                       bulk::field<&person::revenue, "C_Annual_Revenue1">,
                                       bulk::field<&person::visit, "C_Last_Visit">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, weight, revenue, visit))

using condition = bulk::filter<person>;
using predicate = std::function<bool(person const&)>;

/// A condition, and what it means.
struct both {
    condition filter;
    predicate holds;
};

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return text;
}

/// Texts compare without regard to case, a blank one as an empty text. A blank number or time
/// differs from every value, and is neither before nor after one.
class generator {
public:
    explicit generator(std::uint32_t seed) : random_(seed) {}

    person row(std::size_t number) {
        person p;
        p.email = "p" + std::to_string(number) + "@example.com";
        if (std::string const c = country(); !c.empty())
            p.country = c;
        if (pick(4) != 0)
            p.weight = weight();
        p.revenue = revenue();
        if (pick(4) != 0)
            p.visit = visit();
        return p;
    }
    both any(int depth) {
        if (depth == 0 || pick(4) == 0)
            return comparison();
        if (pick(4) == 0) {
            both a = any(depth - 1);
            return {!a.filter, [h = a.holds](person const& p) { return !h(p); }};
        }
        both a = any(depth - 1), b = any(depth - 1);
        if (pick(2) == 0)
            return {a.filter && b.filter,
                    [x = a.holds, y = b.holds](person const& p) { return x(p) && y(p); }};
        return {a.filter || b.filter,
                [x = a.holds, y = b.holds](person const& p) { return x(p) || y(p); }};
    }

private:
    std::size_t pick(std::size_t n) { return random_() % n; }
    std::string country() {
        static char const* const all[] = {"", "BE", "be", "DE", "Zoë", "a%b", "AND", "(", "x y"};
        return all[pick(std::size(all))];
    }
    std::int32_t weight() { return static_cast<std::int32_t>(pick(7)) - 3; }
    double revenue() { return static_cast<double>(pick(9)) / 4 - 1; }
    std::chrono::sys_seconds visit() {
        return std::chrono::sys_days(std::chrono::year(2024) / 2 / 27) +
               std::chrono::hours(7 * pick(20));
    }

    /// `column == value` by one of six operators, and the same of a row's value.
    template <class Column, class Value, class Get>
    both compared(Column column, Value value, Get get) {
        auto make = [&](condition filter, auto compare) {
            return both{std::move(filter), [=](person const& p) {
                            auto const has = get(p);
                            return has ? compare(*has, value) : compare.blank;
                        }};
        };
        switch (pick(6)) {
        case 0:
            return make(column == value, equal{});
        case 1:
            return make(column != value, differs{});
        case 2:
            return make(column < value, before<false>{});
        case 3:
            return make(column <= value, before<true>{});
        case 4:
            return make(column > value, after<false>{});
        default:
            return make(column >= value, after<true>{});
        }
    }
    struct equal {
        static constexpr bool blank = false;
        bool operator()(auto const& a, auto const& b) const { return key(a) == key(b); }
    };
    struct differs {
        static constexpr bool blank = true;
        bool operator()(auto const& a, auto const& b) const { return key(a) != key(b); }
    };
    template <bool OrEqual>
    struct before {
        static constexpr bool blank = false;
        bool operator()(auto const& a, auto const& b) const {
            return key(a) < key(b) || (OrEqual && key(a) == key(b));
        }
    };
    template <bool OrEqual>
    struct after {
        static constexpr bool blank = false;
        bool operator()(auto const& a, auto const& b) const {
            return key(a) > key(b) || (OrEqual && key(a) == key(b));
        }
    };
    template <class T>
    static auto key(T const& value) {
        if constexpr (std::is_same_v<T, std::string>)
            return lower(value);
        else
            return value;
    }

    both comparison() {
        switch (pick(4)) {
        case 0:
            return compared(bulk::where<&person::country>, country(),
                            [](person const& p) { return std::optional(p.country.value_or("")); });
        case 1:
            return compared(bulk::where<&person::weight>, weight(),
                            [](person const& p) { return p.weight; });
        case 2:
            return compared(bulk::where<&person::revenue>, revenue(),
                            [](person const& p) { return std::optional(p.revenue); });
        default:
            return compared(bulk::where<&person::visit>, visit(),
                            [](person const& p) { return p.visit; });
        }
    }

    std::mt19937 random_;
};

template <class T>
std::string text(std::optional<T> const& value) {
    std::string out;
    if (value)
        BOOST_TEST_REQUIRE(bulk::value_traits<T>::write(*value, out));
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(filters)

BOOST_AUTO_TEST_CASE(mean_at_the_service_what_they_mean_here) {
    generator random(20'250'602);
    bulk::simulator eloqua;
    std::vector<person> people;
    for (std::size_t i = 0; i != 60; ++i) {
        person const& p = people.emplace_back(random.row(i));
        eloqua.add_record("/contacts", {{"C_EmailAddress", p.email},
                                        {"C_Country", p.country.value_or("")},
                                        {"C_Lead_Weight1", text(p.weight)},
                                        {"C_Annual_Revenue1", text(std::optional(p.revenue))},
                                        {"C_Last_Visit", text(p.visit)}});
    }
    bulk::client client(eloqua, bulk::basic_credentials("Company", "user", "secret"));
    std::size_t some = 0, rendered = 0;
    for (int n = 0; n != 400; ++n) {
        both const each = random.any(3);
        auto const shown = bulk::render_filter(each.filter, bulk::contacts);
        if (!shown) { // longer than 1,000 characters
            BOOST_TEST(shown.error().info.detail.find("at most 1000") != std::string::npos);
            continue;
        }
        ++rendered;
        BOOST_TEST_CONTEXT(*shown) {
            std::vector<std::string> wanted, came;
            for (person const& p : people)
                if (each.holds(p))
                    wanted.push_back(p.email);
            for (person const& p : client.export_rows<person>(bulk::contacts, each.filter))
                came.push_back(p.email);
            BOOST_TEST(came == wanted, boost::test_tools::per_element());
            some += !wanted.empty() && wanted.size() != people.size();
        }
    }
    BOOST_TEST(rendered > 300u);
    BOOST_TEST(some > 150u); // most of them tell rows apart
}

BOOST_AUTO_TEST_SUITE_END()
