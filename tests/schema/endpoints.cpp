// SPDX-License-Identifier: BSL-1.0
// The table of endpoints against a copy of the contract, written down here once more: client and
// simulator share the table, so nothing else would notice a mistake in it.
#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/schema/entity.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

/// Method, path, success statuses, 'L' for lists, 'D' for pages of rows, '-' for neither.
std::set<std::string> const contract = {
    "GET /contacts/exports 200 L",
    "POST /contacts/exports 201 -",
    "GET /contacts/exports/{id} 200 -",
    "PUT /contacts/exports/{id} 200 -",
    "DELETE /contacts/exports/{id} 204 -",
    "DELETE /contacts/exports/{id}/data 204 -",
    "GET /contacts/imports 200 L",
    "POST /contacts/imports 201 -",
    "GET /contacts/imports/{id} 200 -",
    "PUT /contacts/imports/{id} 200 -",
    "DELETE /contacts/imports/{id} 204 -",
    "POST /contacts/imports/{id}/data 201/204 -",
    "DELETE /contacts/imports/{id}/data 204 -",
    "GET /contacts/fields 200 L",
    "GET /contacts/fields/{id} 200 -",
    "GET /syncs 200 L",
    "POST /syncs 201 -",
    "GET /syncs/{id} 200 -",
    "GET /syncs/{id}/data 200 D",
    "DELETE /syncs/{id}/data 204 -",
    "GET /syncs/{id}/logs 200 L",
    "GET /syncs/{id}/rejects 200 L",
};

template <class Endpoint>
std::string line() {
    std::string text(to_string(Endpoint::method));
    text += Endpoint::relative_to == bulk::scope::entity ? " /contacts" : " ";
    text += Endpoint::path;
    std::set<int> const statuses(Endpoint::success.begin(), Endpoint::success.end());
    for (int status : statuses)
        text += (status == *statuses.begin() ? " " : "/") + std::to_string(status);
    return text + (Endpoint::paging == bulk::paging::list   ? " L"
                   : Endpoint::paging == bulk::paging::rows ? " D"
                                                            : " -");
}

template <class... Endpoints>
std::vector<std::string> lines(std::tuple<Endpoints...>*) {
    return {line<Endpoints>()...};
}

template <class... Endpoints>
constexpr bool repetitions_fit(std::tuple<Endpoints...>*) {
    auto fits = [](bulk::verb method, bulk::repetition r) {
        switch (method) {
        case bulk::verb::get:
            return r == bulk::repetition::safe;
        case bulk::verb::put:
        case bulk::verb::delete_:
            return r == bulk::repetition::idempotent;
        case bulk::verb::post:
            break;
        }
        return r == bulk::repetition::findable || r == bulk::repetition::abandonable;
    };
    return (fits(Endpoints::method, Endpoints::repetition) && ...);
}
static_assert(repetitions_fit(static_cast<bulk::endpoints::all*>(nullptr)));

} // namespace

BOOST_AUTO_TEST_SUITE(endpoints)

BOOST_AUTO_TEST_CASE(every_row_of_the_contract_and_none_beyond) {
    std::vector<std::string> const table = lines(static_cast<bulk::endpoints::all*>(nullptr));
    std::set<std::string> const rows(table.begin(), table.end());
    BOOST_TEST(rows.size() == table.size());
    BOOST_TEST(rows == contract, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bases_of_the_entities) {
    BOOST_TEST(bulk::contacts.base_path().value() == "/contacts");
    BOOST_TEST(bulk::accounts.base_path().value() == "/accounts");
    BOOST_TEST(bulk::custom_object{172}.base_path().value() == "/customObjects/172");
}

BOOST_AUTO_TEST_SUITE_END()
