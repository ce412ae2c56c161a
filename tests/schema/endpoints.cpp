// SPDX-License-Identifier: BSL-1.0
// The table of endpoints against an independent copy of the contract: client and simulator share
// the table, so no other test would notice a mistake in it.
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/entity.hpp>

#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

#include "../contract.hpp"
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace bulk = eloqua::bulk;
namespace mp11 = boost::mp11;

namespace {

struct row {
    std::set<int> success;
    std::set<std::string> query;
    friend bool operator==(row const&, row const&) = default;
};
using rows = std::map<std::string, row>;

template <class E>
E sample() {
    if constexpr (std::is_constructible_v<E, bulk::id>)
        return E(bulk::id(7));
    else
        return E();
}

/// The base path of an entity, with its parameters in braces.
template <class E>
std::string base_of() {
    std::string base = sample<E>().base_path().value();
    if (std::is_constructible_v<E, bulk::id>)
        base.replace(base.size() - 1, 1, "{}");
    return base;
}

template <class Endpoint>
row row_of(std::string_view more_query) {
    row r;
    r.success = {Endpoint::success.begin(), Endpoint::success.end()};
    if (Endpoint::paging != bulk::paging::none)
        r.query = {"limit", "offset", "totalResults"};
    if (Endpoint::paging == bulk::paging::list)
        r.query.insert({"orderBy", "q"});
    if (!more_query.empty())
        r.query.emplace(more_query);
    return r;
}

/// The table, with each entity that has an endpoint.
rows table() {
    rows all;
    auto add = [&](std::string line, row r) {
        BOOST_TEST(all.emplace(line, std::move(r)).second, "twice in the table: " << line);
    };
    using endpoints = mp11::mp_transform<std::type_identity, bulk::endpoints::all>;
    using entities = mp11::mp_transform<std::type_identity, bulk::all_entities>;
    mp11::mp_for_each<endpoints>([&](auto each) {
        using endpoint = typename decltype(each)::type;
        std::string const method = std::string(to_string(endpoint::method)) + ' ';
        std::string const path = contract::operation::plain(std::string(endpoint::path));
        if constexpr (!bulk::of_entity(endpoint::relative_to))
            add(method + path, row_of<endpoint>(""));
        else
            mp11::mp_for_each<entities>([&](auto of) {
                using entity = typename decltype(of)::type;
                std::string_view parameter;
                if constexpr (requires { entity::fields_parameter; })
                    if (std::is_same_v<endpoint, bulk::endpoints::list_fields>)
                        parameter = entity::fields_parameter;
                if (bulk::offers<entity>(endpoint::relative_to))
                    add(method + base_of<entity>() + path, row_of<endpoint>(parameter));
            });
    });
    return all;
}

/// The contract in the same form. `links` is left out, since no response is known to depend on it;
/// every push may return 204 or 201, as the documentation's prose says.
rows expected() {
    rows all;
    for (contract::operation const& each : contract::operations()) {
        if (each.login)
            continue;
        row r{each.success, each.query};
        r.query.erase("links");
        if (each.method == "POST" && each.path.ends_with("/data"))
            r.success.insert({201, 204});
        all.emplace(each.line(), r);
    }
    return all;
}

constexpr bool fits(bulk::verb method, bulk::retry_class r) {
    switch (method) {
    case bulk::verb::get:
    case bulk::verb::head:
        return r == bulk::retry_class::safe;
    case bulk::verb::put:
    case bulk::verb::delete_:
        return r == bulk::retry_class::idempotent;
    case bulk::verb::post:
        break;
    }
    return r == bulk::retry_class::recoverable || r == bulk::retry_class::abandonable ||
           r == bulk::retry_class::unrepeatable;
}
template <class... Endpoints>
constexpr bool repetitions_fit(std::tuple<Endpoints...>*) {
    return (fits(Endpoints::method, Endpoints::retry_class) && ...);
}
static_assert(repetitions_fit(static_cast<bulk::endpoints::all*>(nullptr)));
static_assert(repetitions_fit(static_cast<bulk::endpoints::login*>(nullptr)));

// Operations that the service does not offer for an entity.
static_assert(!bulk::has_sync_action_definitions<bulk::activities_t>);
static_assert(!bulk::has_sync_action_definitions<bulk::event>);
static_assert(!bulk::exportable<bulk::opportunities_t> && !bulk::exportable<bulk::campaigns_t>);
static_assert(!bulk::importable<bulk::campaigns_t>);
static_assert(!bulk::has_field_list<bulk::email_addresses_t>);
static_assert(!bulk::has_field_list<bulk::opportunity_contacts_t>);

} // namespace

BOOST_AUTO_TEST_SUITE(endpoints)

BOOST_AUTO_TEST_CASE(exactly_the_operations_of_the_contract) {
    rows const in_table = table(), in_contract = expected();
    BOOST_TEST(in_contract.size() == 179u);
    for (auto const& [line, wanted] : in_contract) {
        auto const found = in_table.find(line);
        BOOST_TEST_CONTEXT(line) {
            BOOST_TEST((found != in_table.end()));
            BOOST_TEST((found == in_table.end() || found->second == wanted));
        }
    }
    for (auto const& each : in_table)
        BOOST_TEST(in_contract.contains(each.first), "not in the contract: " << each.first);
}

BOOST_AUTO_TEST_CASE(the_login_host_s_operations) {
    std::map<std::string, std::set<int>> in_table, in_contract;
    mp11::mp_for_each<mp11::mp_transform<std::type_identity, bulk::endpoints::login>>(
        [&](auto each) {
            using endpoint = typename decltype(each)::type;
            in_table[std::string(to_string(endpoint::method)) + " https://login.eloqua.com" +
                     std::string(endpoint::path)] = {endpoint::success.begin(),
                                                     endpoint::success.end()};
        });
    for (contract::operation const& each : contract::operations())
        if (each.login)
            in_contract[each.line()] = each.success;
    BOOST_TEST(in_contract.size() == 3u);
    BOOST_TEST((in_table == in_contract));
}

BOOST_AUTO_TEST_CASE(bases_of_the_entities) {
    BOOST_TEST(bulk::contacts.base_path().value() == "/contacts");
    BOOST_TEST(bulk::opportunity_contacts.base_path().value() == "/opportunities/contacts");
    BOOST_TEST(bulk::custom_object{172}.base_path().value() == "/customObjects/172");
    BOOST_TEST(bulk::event{9}.base_path().value() == "/events/9");
    BOOST_TEST(bulk::event{0}.base_path().has_error());
}

BOOST_AUTO_TEST_CASE(pages_of_rows_have_limits) {
    BOOST_TEST(bulk::export_data_limit_of<bulk::contacts_t> == 50'000);
    BOOST_TEST(bulk::export_data_limit_of<bulk::campaign_responses_t> == 1'000);
}

BOOST_AUTO_TEST_SUITE_END()
