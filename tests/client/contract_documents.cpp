// SPDX-License-Identifier: BSL-1.0
// The documents of every entity have the properties that the contract lists, with their types; and
// a client has the resources that the contract gives an entity.
#include "contract_documents.hpp"

#include <eloqua/bulk.hpp>

#include <boost/describe/members.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

#include "../../examples/tour.hpp"
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace json = boost::json;

namespace {

/// A client has a resource of an entity exactly if the service offers it.
template <class E>
constexpr bool has_what_is_offered = requires(bulk::client const& c, E const& of) {
    c.exports(of);
} == bulk::offers<E>(bulk::scope::exports) && requires(bulk::client const& c, E const& of) {
    c.imports(of);
} == bulk::offers<E>(bulk::scope::imports) && requires(bulk::client const& c, E const& of) {
    c.sync_actions(of);
} == bulk::offers<E>(bulk::scope::sync_actions) && requires(bulk::client const& c, E const& of) {
    c.fields(of);
} == bulk::offers<E>(bulk::scope::fields);
template <class... Entities>
constexpr bool all_have_what_is_offered(std::tuple<Entities...>*) {
    return (has_what_is_offered<Entities> && ...);
}
static_assert(all_have_what_is_offered(static_cast<bulk::all_entities*>(nullptr)));

/// Names of a document's members.
template <class Document>
std::set<std::string> members() {
    std::set<std::string> names;
    boost::mp11::mp_for_each<boost::describe::describe_members<
        Document, boost::describe::mod_public | boost::describe::mod_inherited>>(
        [&](auto member) { names.insert(member.name); });
    return names;
}

/// The properties that the contract lists for a document, and the two that only the other
/// description has.
std::set<std::string> listed(std::string const& collection) {
    std::set<std::string> names{"syncedInstanceUri", "status"};
    for (auto const& each : contract::documents().at(collection))
        names.insert(each.first);
    if (collection == "/events/{}/imports") // in the contract, but no sync actions exist for events
        names.erase("syncActions");
    return names;
}

// A value of each kind of member.
void fill(bool& v) {
    v = true;
}
void fill(std::int64_t& v) {
    v = 7;
}
void fill(std::string& v) {
    v = "text";
}
void fill(bulk::string_map& v) {
    v = {{"column", "{{Contact.Id}}"}};
}
void fill(bulk::duration& v) {
    v = std::chrono::hours(2);
}
void fill(bulk::sync_action& v) {
    v = bulk::add_to(bulk::contact_list(7));
}
template <class E>
void fill(bulk::open_enum<E>&) {}
template <class A, class B>
void fill(std::pair<A, B>& v) {
    fill(v.first);
    fill(v.second);
}
template <class T>
void fill(std::vector<T>& v) {
    fill(v.emplace_back());
}
template <class T>
void fill(std::optional<T>& v) {
    fill(v.emplace());
}

/// Every member that a caller sets, with its type in the contract.
template <class Document>
void check_members(std::string const& collection) {
    Document d;
    boost::mp11::mp_for_each<boost::describe::describe_members<
        Document, boost::describe::mod_public | boost::describe::mod_inherited>>(
        [&](auto member) { fill(d.*member.pointer); });
    json::value const written = json::parse(bulk::write_document(d));
    for (auto const& each : written.as_object())
        BOOST_TEST_CONTEXT(collection << ' ' << each.key()) {
            auto const listed = contract::documents().at(collection).find(std::string(each.key()));
            BOOST_TEST_REQUIRE((listed != contract::documents().at(collection).end()));
            BOOST_TEST(contract::has_type(each.value(), listed->second));
        }
}

} // namespace

BOOST_AUTO_TEST_SUITE(contract_of_the_service)

BOOST_AUTO_TEST_CASE(definitions_have_every_property) {
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, bulk::all_entities>>(
        [](auto each) {
            using entity = typename decltype(each)::type;
            constexpr bool numbered = std::is_constructible_v<entity, bulk::id>;
            std::string base;
            if constexpr (numbered)
                base = plain_path(*entity(bulk::id(7)).base_path());
            else
                base = *entity().base_path();
            BOOST_TEST_CONTEXT(base) {
                auto check = [&]<class Document>(std::type_identity<Document>, char const* kind) {
                    BOOST_TEST((members<bulk::stored<Document>>() == listed(base + kind)));
                    check_members<Document>(base + kind);
                };
                if constexpr (bulk::exportable<entity>)
                    check(std::type_identity<bulk::export_definition_t<entity>>(), "/exports");
                if constexpr (bulk::importable<entity>)
                    check(std::type_identity<bulk::import_definition_t<entity>>(), "/imports");
                if constexpr (bulk::has_sync_action_definitions<entity>)
                    check(std::type_identity<bulk::sync_action_definition>(), "/syncActions");
            }
        });
}

BOOST_AUTO_TEST_SUITE_END()
