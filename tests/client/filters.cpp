// SPDX-License-Identifier: BSL-1.0
// Random typed filters are rendered, then parsed and evaluated by the simulated service over random
// rows. The result must equal that of the same conditions in C++: every operator with every type of
// value. The same filters on columns of records give the same text.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/render_filter.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <memory_resource>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace chr = std::chrono;

namespace {

enum class stage { lead, customer, former };
BOOST_DESCRIBE_ENUM(stage, lead, customer, former)

enum class weight_class { light = -3, none, heavy };
BOOST_DESCRIBE_ENUM(weight_class, light, none, heavy)

/// A strong typedef, one derived from it, and a type with a trait.
template <class T>
struct strong {
    T held;
    using eloqua_value = bulk::wrapping<&strong::held>;
};
struct points {
    std::int64_t count = 0;
};

using moment = chr::sys_time<chr::milliseconds>;

} // namespace

template <>
inline constexpr bool eloqua::bulk::enum_as_number<weight_class> = true;
template <>
struct eloqua::bulk::value_traits<points> {
    static bool parse(std::string_view text, points& into) {
        return value_traits<std::int64_t>::parse(text, into.count);
    }
    static bool write(points value, std::string& out) {
        return value_traits<std::int64_t>::write(value.count, out);
    }
};

namespace {

struct person {
    std::string email;
    std::string city;
    std::optional<std::string> country;
    std::optional<std::int32_t> weight;
    std::int64_t points = 0;
    double revenue = 0;
    std::optional<bool> member;
    std::optional<chr::sys_seconds> visit;
    std::optional<moment> seen;
    std::optional<chr::sys_days> due;
    std::optional<chr::year_month_day> born;
    std::optional<::stage> stage;

    using eloqua_fields = bulk::fields<
        bulk::field<&person::email, "C_EmailAddress">, bulk::field<&person::city, "C_City">,
        bulk::field<&person::country, "C_Country">, bulk::field<&person::weight, "C_Lead_Weight1">,
        bulk::field<&person::revenue, "C_Annual_Revenue1">,
        bulk::field<&person::visit, "C_Last_Visit">>;
};
BOOST_DESCRIBE_STRUCT(person, (),
                      (email, city, country, weight, points, revenue, member, visit, seen, due,
                       born, stage))

bulk::record_columns const columns({
    bulk::field_column("email", "C_EmailAddress"),
    bulk::field_column("city", "C_City"),
    bulk::field_column("country", "C_Country"),
    bulk::field_column("weight", "C_Lead_Weight1"),
    bulk::field_column("points", "points"),
    bulk::field_column("revenue", "C_Annual_Revenue1"),
    bulk::field_column("member", "member"),
    bulk::field_column("visit", "C_Last_Visit"),
    bulk::field_column("seen", "seen"),
    bulk::field_column("due", "due"),
    bulk::field_column("born", "born"),
    bulk::field_column("stage", "stage"),
    bulk::attribute_column("id", "Id"),
});

constexpr std::size_t people_count = 60;
std::size_t number_of(person const& p) {
    return std::stoul(p.email.substr(1));
}

using predicate = std::function<bool(person const&)>;

/// A condition on members, the same condition on columns, and its meaning.
struct both {
    bulk::filter<person, bulk::contacts_t> filter;
    bulk::filter<bulk::record, bulk::contacts_t> of_records;
    predicate holds;
};

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return text;
}
template <class T>
auto key(T const& value) {
    if constexpr (std::is_same_v<T, std::string>)
        return lower(value);
    else
        return value;
}

enum op {
    equal,
    not_equal,
    is_blank,
    in,
    less,
    less_equal,
    greater,
    greater_equal,
    between,
    like,
    starts_with,
    contains,
    ends_with
};
template <class T>
constexpr int operators = std::is_same_v<T, std::string>   ? 13
                          : bulk::detail::ordered_value<T> ? 9
                                                           : 4;

struct pattern {
    char const* text;
    bool (*fits)(std::string const&);
};
pattern const patterns[] = {
    {"b_", [](std::string const& v) { return v.size() == 2 && v[0] == 'b'; }},
    {"[A-D]%", [](std::string const& v) { return v[0] >= 'a' && v[0] <= 'd'; }},
    {"%[^e]", [](std::string const& v) { return !v.empty() && v.back() != 'e'; }},
    {"%[%]%", [](std::string const& v) { return v.find('%') != v.npos; }},
    {"zo_", [](std::string const& v) { return v == "zoë"; }}};
pattern const& pattern_by(std::string const& a, std::string const& b) {
    return patterns[(a.size() + b.size()) % std::size(patterns)];
}

/// A condition with one of the operators of `generator::as`; `x` is not after `y`.
template <class Condition, class V>
typename Condition::filter_type built_of_any(int by, Condition const& c, V const& x, V const& y) {
    if constexpr (bulk::detail::ordered_value<V>) {
        if (by == less_equal)
            return c <= x;
        if (by == between)
            return c.between(x, y);
    }
    if (by == in)
        return c.in({x, y});
    return by == not_equal ? c != x : c == x;
}

/// A condition with one of the operators.
template <class Condition, class T>
typename Condition::filter_type built(int by, Condition const& c, T const& a, T const& b) {
    if constexpr (bulk::detail::ordered_value<T>) {
        switch (by) {
        case less:
            return c < a;
        case less_equal:
            return c <= a;
        case greater:
            return c > a;
        case greater_equal:
            return c >= a;
        case between:
            return c.between(std::min(a, b), std::max(a, b));
        default:
            break;
        }
    }
    if constexpr (std::is_same_v<T, std::string>) {
        switch (by) {
        case like:
            return c.like(pattern_by(a, b).text);
        case starts_with:
            return c.starts_with(a);
        case contains:
            return c.contains(a);
        case ends_with:
            return c.ends_with(a);
        default:
            break;
        }
    }
    switch (by) {
    case equal:
        return c == a;
    case not_equal:
        return c != a;
    case in:
        return c.in({a, b});
    default:
        return c.is_blank();
    }
}

/// The meaning of the condition for a value. Texts compare case-insensitively, a blank one as an
/// empty text. A blank number, time, boolean or enumerator differs from every value, and is neither
/// before nor after one.
template <class T>
bool holds(int by, std::optional<T> const& value, T const& a, T const& b) {
    if (!value)
        return by == not_equal || by == is_blank;
    auto const v = key(*value), x = key(a), y = key(b);
    if constexpr (std::is_same_v<T, std::string>) {
        switch (by) {
        case is_blank:
            return v.empty();
        case like:
            return pattern_by(a, b).fits(v);
        case starts_with:
            return v.starts_with(x);
        case contains:
            return v.find(x) != v.npos;
        case ends_with:
            return v.ends_with(x);
        default:
            break;
        }
    }
    switch (by) {
    case equal:
        return v == x;
    case not_equal:
        return v != x;
    case in:
        return v == x || v == y;
    case less:
        return v < x;
    case less_equal:
        return v <= x;
    case greater:
        return v > x;
    case greater_equal:
        return v >= x;
    case between: // in the language's order, which is case sensitive for texts
        return v >= key(std::min(a, b)) && v < key(std::max(a, b));
    default:
        return false;
    }
}

class generator {
public:
    explicit generator(std::uint32_t seed) : random_(seed) {}

    person row(std::size_t number) {
        person p;
        p.email = "p" + std::to_string(number) + "@example.com";
        p.city = text();
        if (std::string const c = text(); !c.empty())
            p.country = c;
        p.points = integer();
        p.revenue = fraction();
        perhaps(p.weight, [&] { return integer(); });
        perhaps(p.member, [&] { return pick(2) == 0; });
        perhaps(p.visit, [&] { return time<chr::seconds>(); });
        perhaps(p.seen, [&] { return time<chr::milliseconds>(); });
        perhaps(p.due, [&] { return day(); });
        perhaps(p.born, [&] { return chr::year_month_day(day()); });
        perhaps(p.stage, [&] { return any_stage(); });
        return p;
    }
    both any(int depth) {
        if (depth == 0 || pick(4) == 0)
            switch (pick(12)) {
            case 0:
                return membership();
            case 1:
            case 2:
                return of_another_type(pick(other_types), int(pick(5)));
            default:
                return comparison(pick(subjects), int(pick(13)));
            }
        if (pick(4) == 0) {
            both a = any(depth - 1);
            return {!a.filter, !a.of_records, [h = a.holds](person const& p) { return !h(p); }};
        }
        both a = any(depth - 1), b = any(depth - 1);
        if (pick(2) == 0)
            return {a.filter && b.filter, a.of_records && b.of_records,
                    [x = a.holds, y = b.holds](person const& p) { return x(p) && y(p); }};
        return {a.filter || b.filter, a.of_records || b.of_records,
                [x = a.holds, y = b.holds](person const& p) { return x(p) || y(p); }};
    }

    static constexpr std::size_t subjects = 11;
    /// A condition on one of the columns with one of its operators.
    both comparison(std::size_t subject, int by) {
        using bulk::where;
        switch (subject) {
        case 0:
            return on(
                by, where<&person::country>, "country", [&] { return text(); },
                [](person const& p) { return std::optional(p.country.value_or("")); });
        case 1:
            return on(
                by, bulk::where_field<"C_City", std::string>, "city", [&] { return text(); },
                [](person const& p) { return std::optional(p.city); });
        case 2:
            return on(
                by, where<&person::weight>, "weight", [&] { return integer(); },
                [](person const& p) { return p.weight; });
        case 3:
            return on(
                by, where<&person::points>, "points", [&] { return std::int64_t(integer()); },
                [](person const& p) { return std::optional(p.points); });
        case 4:
            return on(
                by, where<&person::revenue>, "revenue", [&] { return fraction(); },
                [](person const& p) { return std::optional(p.revenue); });
        case 5:
            return on(
                by, where<&person::member>, "member", [&] { return pick(2) == 0; },
                [](person const& p) { return p.member; });
        case 6:
            return on(
                by, where<&person::visit>, "visit", [&] { return time<chr::seconds>(); },
                [](person const& p) { return p.visit; });
        case 7:
            return on(
                by, where<&person::seen>, "seen", [&] { return time<chr::milliseconds>(); },
                [](person const& p) { return p.seen; });
        case 8:
            return on(
                by, where<&person::due>, "due", [&] { return day(); },
                [](person const& p) { return p.due; });
        case 9:
            return on(
                by, where<&person::born>, "born", [&] { return chr::year_month_day(day()); },
                [](person const& p) { return p.born; });
        default:
            return on(
                by, where<&person::stage>, "stage", [&] { return any_stage(); },
                [](person const& p) { return p.stage; });
        }
    }
    static int operators_of(std::size_t subject) {
        return subject < 2                     ? operators<std::string>
               : subject == 5 || subject == 10 ? operators<bool>
                                               : operators<int>;
    }

    static constexpr std::size_t other_types = 16;
    /// A condition on one of the columns as a type other than its member's.
    both of_another_type(std::size_t type, int by) {
        using bulk::where_field, bulk::where_attribute, bulk::where_statement;
        auto const weight = [](person const& p) { return p.weight; };
        auto const revenue = [](person const& p) { return std::optional(p.revenue); };
        auto const city = [](person const& p) { return std::optional(p.city); };
        auto const seen = [](person const& p) { return p.seen; };
        auto const integer = [&] { return this->integer(); };
        auto const natural = [&] { return std::int32_t(pick(4)); };
        auto const any_text = [&] { return text(); };
        auto const any_time = [&] { return time<chr::milliseconds>(); };
        switch (type) {
        case 0:
            return as<unsigned>(by, where_field<"C_Lead_Weight1", unsigned>, "weight", natural,
                                weight);
        case 1:
            return as<std::uint64_t>(by, where_field<"C_Lead_Weight1", std::uint64_t>, "weight",
                                     natural, weight);
        case 2:
            return as<float>(
                by, where_field<"C_Annual_Revenue1", float>, "revenue", [&] { return fraction(); },
                revenue);
        case 3:
            return as<std::string_view>(by, where_field<"C_City", std::string_view>, "city",
                                        any_text, city);
        case 4:
            return as<std::pmr::string>(by, where_field<"C_City", std::pmr::string>, "city",
                                        any_text, city);
        case 5:
            return as<strong<std::string>>(by, where_field<"C_City", strong<std::string>>, "city",
                                           any_text, city);
        case 6:
            return as<strong<strong<double>>>(
                by, where_field<"C_Annual_Revenue1", strong<strong<double>>>, "revenue",
                [&] { return fraction(); }, revenue);
        case 7:
            return as<strong<stage>>(
                by, where_field<"stage", std::optional<strong<stage>>>, "stage",
                [&] { return any_stage(); }, [](person const& p) { return p.stage; });
        case 8:
            return as<strong<bool>>(
                by, where_field<"member", strong<bool>>, "member", [&] { return pick(2) == 0; },
                [](person const& p) { return p.member; });
        case 9:
            return as<points>(by, where_field<"C_Lead_Weight1", points>, "weight", integer, weight);
        case 10:
            return as<weight_class>(
                by, where_field<"C_Lead_Weight1", weight_class>, "weight",
                [&] { return std::int32_t(pick(3)) - 3; }, weight);
        case 11:
            return as<chr::sys_time<chr::microseconds>>(
                by, where_field<"seen", chr::sys_time<chr::microseconds>>, "seen", any_time, seen);
        case 12:
            return as<strong<chr::sys_time<chr::nanoseconds>>>(
                by, where_field<"seen", strong<chr::sys_time<chr::nanoseconds>>>, "seen", any_time,
                seen);
        case 13:
            return as<chr::sys_time<chr::minutes>>(
                by, where_field<"C_Last_Visit", chr::sys_time<chr::minutes>>, "visit",
                [&] { return chr::sys_seconds(day() + chr::hours(7 * pick(3))); },
                [](person const& p) { return p.visit; });
        case 14:
            return as<std::int64_t>(
                by, where_attribute<"Id", std::int64_t>, "id",
                [&] { return first_id + std::int64_t(pick(people_count)); },
                [this](person const& p) {
                    return std::optional(first_id + std::int64_t(number_of(p)));
                });
        default:
            return as<std::string>(by, where_statement<"{{Contact.Field(C_City)}}", std::string>,
                                   "city", any_text, city);
        }
    }
    std::int64_t first_id = 0;

    static constexpr std::size_t memberships = 9;
    /// Any filter except that of the segment, which cannot be combined with many others.
    both membership() { return membership(pick(memberships - 1)); }
    both membership(std::size_t which) {
        using bulk::member_status;
        auto const app = bulk::status(bulk::app_action("00112233445566778899aabbccddeeff", 3));
        auto const connector = bulk::status(bulk::cloud_connector(6));
        switch (which) {
        case 0:
            return named(bulk::exists(bulk::contact_list(7)), 2);
        case 1:
            return named(bulk::exists(bulk::contact_filter(9)), 5);
        case 2:
            return named(app == member_status::pending, 7);
        case 3:
            return named(app != member_status::pending, 7, false);
        case 4:
            return named(connector == member_status::active, 4);
        case 5:
            return named(connector != member_status::active, 4, false);
        case 6: // the members that are not active
            return {connector == member_status::pending, connector == member_status::pending,
                    [](person const& p) { return number_of(p) % 4 == 2; }};
        case 7:
            return {app == member_status::complete, app == member_status::complete,
                    [](person const& p) { return number_of(p) % 7 == 3; }};
        default:
            return named(bulk::exists(bulk::contact_segment(8)), 3);
        }
    }

private:
    std::size_t pick(std::size_t n) { return random_() % n; }
    template <class T, class Make>
    void perhaps(std::optional<T>& into, Make make) {
        if (pick(4) != 0)
            into = make();
    }
    std::string text() {
        static char const* const all[] = {"",    "BE",  "be", "DE",   "Zoë", "a%b", "a_b",
                                          "axb", "[e]", "e",  "AND ", "(",   "x y", "b"};
        return all[pick(std::size(all))];
    }
    std::int32_t integer() { return static_cast<std::int32_t>(pick(7)) - 3; }
    double fraction() { return static_cast<double>(pick(9)) / 4 - 1; }
    chr::sys_days day() { return chr::sys_days(chr::year(2024) / 2 / 27) + chr::days(pick(5)); }
    template <class Duration>
    chr::sys_time<Duration> time() {
        return day() + chr::hours(7 * pick(3)) + Duration(pick(3));
    }
    stage any_stage() { return static_cast<stage>(pick(3)); }

    template <class Member, class Sample, class Get>
    both on(int by, Member const& m, char const* column, Sample sample, Get get) {
        using type = decltype(sample());
        type const a = sample(), b = sample();
        by %= operators<type>;
        return {built(by, m, a, b), built(by, bulk::where_column(column), a, b),
                [=](person const& p) { return holds<type>(by, get(p), a, b); }};
    }
    template <class Filter>
    static both named(Filter const& f, std::size_t every, bool in = true) {
        return {f, f, [=](person const& p) { return (number_of(p) % every == 0) == in; }};
    }
    /// A condition on a column whose values are those of a sample, as a `V`.
    template <class V, class Condition, class Sample, class Get>
    both as(int by, Condition const& c, char const* column, Sample sample, Get get) {
        auto const x = sample(), y = sample();
        using type = std::remove_const_t<decltype(x)>;
        auto const low = std::min<type>(x, y), high = std::max<type>(x, y);
        V const v = converted<V>(low), w = converted<V>(high);
        by =
            std::array<int, 5>{equal, not_equal, in, less_equal,
                               between}[std::size_t(by) % (bulk::detail::ordered_value<V> ? 5 : 3)];
        return {built_of_any(by, c, v, w), built_of_any(by, bulk::where_column(column), v, w),
                [=](person const& p) { return holds<type>(by, get(p), low, high); }};
    }
    template <class V, class T>
    static V converted(T const& from) {
        if constexpr (requires(V v) { v.held; })
            return V{converted<decltype(V::held)>(from)};
        else if constexpr (requires(V v) { v.count; })
            return V{from};
        else if constexpr (requires { typename V::duration; })
            return chr::time_point_cast<typename V::duration>(from);
        else
            return V(from);
    }

    std::mt19937 random_;
};

template <class T>
std::string text(std::optional<T> const& value) {
    std::string out;
    BOOST_TEST_REQUIRE(bulk::value_traits<std::optional<T>>::write(value, out));
    return out;
}

struct instance {
    generator random{20'250'602};
    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials("Company", "user", "secret")};
    std::vector<person> people;
    std::vector<std::int64_t> ids;
    std::size_t rendered = 0, some = 0;

    instance() {
        using bulk::data_type, bulk::simulated_field;
        eloqua.add_field("/contacts", simulated_field("points", data_type::number));
        eloqua.add_field("/contacts", simulated_field("member", data_type::boolean));
        for (char const* each : {"seen", "due", "born"})
            eloqua.add_field("/contacts", simulated_field(each, data_type::date));
        eloqua.add_field("/contacts", simulated_field("stage"));
        char const* const app = "{{ActionInstance(00112233445566778899aabbccddeeff).Execution[3]}}";
        std::map<std::size_t, std::vector<std::int64_t>> every;
        for (std::size_t i = 0; i != people_count; ++i) {
            person const& p = people.emplace_back(random.row(i));
            std::string truth = text(p.member);
            if (!truth.empty() && i % 2 == 0)
                truth = *p.member ? "Yes" : "0"; // how rows write it is unknown
            auto const id = eloqua.add_record(
                "/contacts", {{"C_EmailAddress", p.email},
                              {"C_City", p.city},
                              {"C_Country", text(p.country)},
                              {"C_Lead_Weight1", text(p.weight)},
                              {"points", std::to_string(p.points)},
                              {"C_Annual_Revenue1", text(std::optional(p.revenue))},
                              {"member", truth},
                              {"C_Last_Visit", text(p.visit)},
                              {"seen", text(p.seen)},
                              {"due", text(p.due)},
                              {"born", text(p.born)},
                              {"stage", text(p.stage)}});
            if (i == 0)
                random.first_id = id;
            ids.push_back(id);
            for (std::size_t const n : {2u, 3u, 5u, 7u})
                if (i % n == 0)
                    every[n].push_back(id);
        }
        eloqua.add_contact_list(7, "List", every[2]);
        eloqua.add_contact_segment(8, "Segment", every[3]);
        eloqua.add_contact_filter(9, "Filter", every[5]);
        auto const spring = eloqua.add_record("/campaigns", {{"CampaignName", "Spring"}});
        eloqua.add_service_instance("/contacts", app, spring);
        for (auto const id : every[7])
            eloqua.set_member_status("/contacts", app, id, bulk::member_status::pending);
        char const* const connector = "CloudConnectorStatus(6)";
        eloqua.add_service_instance("/contacts", connector, spring);
        for (std::size_t i = 0; i != people_count; ++i) {
            if (i % 7 == 3)
                eloqua.set_member_status("/contacts", app, ids[i], bulk::member_status::complete);
            if (i % 2 == 0)
                eloqua.set_member_status("/contacts", connector, ids[i],
                                         i % 4 == 0 ? bulk::member_status::active
                                                    : bulk::member_status::pending);
        }
    }

    void check(both const& each, bool with_records) {
        auto const shown = bulk::render_filter(each.filter, bulk::contacts);
        std::vector<bulk::detail::column_info> infos;
        for (bulk::record_column const& c : *columns.shared())
            infos.push_back({c.key, c.statement(), true});
        auto const of_records =
            bulk::detail::render_filter(each.of_records.nodes(), infos, "Contact");
        if (!shown) {
            BOOST_TEST(shown.error().info.detail.find("at most") != std::string::npos);
            BOOST_TEST(of_records.has_error());
            return;
        }
        ++rendered;
        BOOST_TEST(of_records.value() == *shown);
        BOOST_TEST_CONTEXT(*shown) {
            std::vector<std::string> wanted, came;
            for (person const& p : people)
                if (each.holds(p))
                    wanted.push_back(p.email);
            for (person const& p : client.export_rows<person>(bulk::contacts, each.filter))
                came.push_back(p.email);
            BOOST_TEST(came == wanted, boost::test_tools::per_element());
            some += !wanted.empty() && wanted.size() != people.size();
            if (!with_records)
                return;
            came.clear();
            for (bulk::record const& r :
                 client.export_records(bulk::contacts, columns, each.of_records))
                came.push_back(r["email"]);
            BOOST_TEST(came == wanted, boost::test_tools::per_element());
        }
    }
    /// The ids of another entity's records that pass, as one text.
    template <class E>
    std::string ids_of(E const& of, bulk::record_columns const& with,
                       std::type_identity_t<bulk::filter<bulk::record, E>> const& f) {
        std::string came;
        for (bulk::record const& r : client.export_records(of, with, f))
            came += r["id"] + ' ';
        return came;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(filters, instance)

BOOST_AUTO_TEST_CASE(every_operator_with_every_type_of_value) {
    std::size_t pairs = 0;
    for (std::size_t subject = 0; subject != generator::subjects; ++subject)
        for (int by = 0; by != generator::operators_of(subject); ++by, ++pairs) {
            std::size_t const before = some;
            for (int n = 0; n != 8; ++n)
                check(random.comparison(subject, by), n == 0);
            // Each of them separates rows, except is_blank on columns that are never blank.
            BOOST_TEST((some != before || by == is_blank), subject << " by " << by);
        }
    BOOST_TEST(pairs == 2u * 13 + 7 * 9 + 2 * 4);
    for (std::size_t type = 0; type != generator::other_types; ++type) {
        std::size_t const before = some;
        for (int n = 0; n != 10; ++n)
            check(random.of_another_type(type, n), n == 0);
        BOOST_TEST(some != before, "type " << type);
    }
    for (std::size_t which = 0; which != generator::memberships; ++which)
        check(random.membership(which), true);
}

BOOST_AUTO_TEST_CASE(lists_of_accounts) {
    std::string listed, others, listed_in_b, listed_or_in_b;
    std::vector<std::int64_t> members;
    for (std::size_t i = 0; i != 12; ++i) {
        auto const id = eloqua.add_record(
            "/accounts", {{"M_CompanyName", "n"}, {"M_City", i % 2 == 0 ? "B" : "C"}});
        std::string const shown = std::to_string(id) + ' ';
        if (i % 3 == 0)
            members.push_back(id);
        (i % 3 == 0 ? listed : others) += shown;
        listed_in_b += i % 6 == 0 ? shown : "";
        listed_or_in_b += i % 3 == 0 || i % 2 == 0 ? shown : "";
    }
    eloqua.add_account_list(4, "Key accounts", members);
    bulk::record_columns const with(
        {bulk::attribute_column("id", "Id"), bulk::field_column("city", "M_City")});
    auto const in = bulk::exists(bulk::account_list(4));
    auto const b = bulk::where_column("city") == "B";
    BOOST_TEST(ids_of(bulk::accounts, with, in) == listed);
    BOOST_TEST(ids_of(bulk::accounts, with, !in) == others);
    BOOST_TEST(ids_of(bulk::accounts, with, in && b) == listed_in_b);
    BOOST_TEST(ids_of(bulk::accounts, with, in || b) == listed_or_in_b);
}

BOOST_AUTO_TEST_CASE(segments_with_times) {
    auto const start = chr::floor<chr::seconds>(eloqua.service_time());
    std::string all, late, in_window;
    std::vector<std::int64_t> members;
    for (std::size_t i = 0; i != 12; ++i) {
        auto const id = eloqua.add_record("/contacts", {{"C_City", "Gent"}});
        std::string const shown = i % 3 == 0 ? std::to_string(id) + ' ' : "";
        if (i % 3 == 0)
            members.push_back(id);
        all += shown;
        late += i >= 6 ? shown : "";
        in_window += i >= 3 && i < 9 ? shown : "";
        eloqua.advance(chr::hours(1));
    }
    eloqua.add_contact_segment(18, "Segment", members);
    bulk::record_columns const with({bulk::attribute_column("id", "Id"),
                                     bulk::attribute_column("at", "CreatedAt"),
                                     bulk::field_column("changed", "C_DateModified")});
    auto const in = bulk::exists(bulk::contact_segment(18));
    auto const created = bulk::where_attribute<"CreatedAt", chr::sys_seconds>;
    auto const changed = bulk::where_field<"C_DateModified", chr::sys_seconds>;
    auto const at = [&](int hours) { return start + chr::hours(hours); };
    BOOST_TEST(ids_of(bulk::contacts, with, in) == all);
    BOOST_TEST(ids_of(bulk::contacts, with, in && created >= at(6)) == late);
    BOOST_TEST(ids_of(bulk::contacts, with, in && created.between(at(3), at(9))) == in_window);
    BOOST_TEST(ids_of(bulk::contacts, with, changed >= at(3) && created < at(9) && in) ==
               in_window);
    BOOST_TEST(ids_of(bulk::contacts, with,
                      in && (bulk::where_column("at") >= at(3) &&
                             bulk::where_column("changed") < at(9))) == in_window);
}

BOOST_AUTO_TEST_CASE(a_segment_with_another_field_is_not_sent) {
    auto const in = bulk::exists(bulk::contact_segment(8));
    bulk::filter<person> const belgian = bulk::where<&person::country> == "BE";
    auto rows = client.export_rows<person>(bulk::contacts, in && belgian);
    auto records =
        client.export_records(bulk::contacts, columns, in && bulk::where_column("city") == "BE");
    for (auto const& why : {rows.next().get().error(), records.next().get().error()}) {
        BOOST_TEST((why.code == bulk::errc::invalid_filter));
        BOOST_TEST((why.code == bulk::condition::bad_data));
        BOOST_TEST(why.message().find("beside {{ContactSegment[8]}}") != std::string::npos);
    }
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 0u);
}

BOOST_AUTO_TEST_CASE(the_service_refuses_a_segment_with_another_field) {
    std::string const words =
        "EXISTS('{{ContactSegment[8]}}') AND '{{Contact.Field(C_Country)}}' = 'BE'";
    auto fails = [&](bulk::client const& by) {
        auto rows = by.export_rows<person>(bulk::contacts, bulk::unchecked_filter(words));
        return rows.next().get().error();
    };
    bulk::failure const refused = fails(client);
    BOOST_TEST(refused.info.status == 400);
    BOOST_TEST_REQUIRE(refused.info.failures.size() == 1u);
    BOOST_TEST((refused.info.failures[0].field == "filter"));

    bulk::simulator_options before;
    before.definitions_before_segment_rule = true;
    bulk::simulator old(before);
    for (char const* each : {"points", "member", "seen", "due", "born", "stage"})
        old.add_field("/contacts", bulk::simulated_field(each));
    old.add_contact_segment(8, "Segment");
    bulk::failure const failed =
        fails(bulk::client(old, bulk::basic_credentials("Company", "user", "secret")));
    BOOST_TEST((failed.code == bulk::errc::sync_failed));
    BOOST_TEST(failed.message().find("ELQ-00122") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(activities_by_type_and_time) {
    using bulk::activity_type;
    chr::sys_days const day = chr::year(2025) / 6 / 1;
    std::string opens, early_opens, opens_of_one;
    for (std::size_t i = 0; i != 12; ++i) {
        bool const open = i % 3 != 0, early = i < 5, of_one = i % 2 == 0;
        auto const id =
            eloqua.add_activity(open ? activity_type::EmailOpen : activity_type::EmailSend,
                                ids[of_one ? 1 : 2], {}, day + chr::hours(i));
        std::string const shown = std::to_string(id) + ' ';
        opens += open ? shown : "";
        early_opens += open && early ? shown : "";
        opens_of_one += open && of_one ? shown : "";
    }
    bulk::record_columns const with(
        {bulk::attribute_column("id", "Id"), bulk::attribute_column("contact", "Contact.Id")});
    auto const is_open = bulk::activity_type_is(activity_type::EmailOpen);
    auto const created = bulk::where_attribute<"CreatedAt", chr::sys_time<chr::nanoseconds>>;
    BOOST_TEST(ids_of(bulk::activities, with, is_open) == opens);
    BOOST_TEST(ids_of(bulk::activities, with,
                      is_open && created.between(day, day + chr::hours(5))) == early_opens);
    BOOST_TEST(ids_of(bulk::activities, with, is_open && bulk::where_column("contact") == ids[1]) ==
               opens_of_one);
}

BOOST_AUTO_TEST_CASE(filters_mean_the_same_at_the_service) {
    for (int n = 0; n != 400; ++n)
        check(random.any(3), n % 8 == 0);
    BOOST_TEST(rendered > 250u);
    BOOST_TEST(some > 125u); // most of them separate rows
}

BOOST_AUTO_TEST_SUITE_END()
