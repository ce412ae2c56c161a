// SPDX-License-Identifier: BSL-1.0
// Path templates, entities and the table of endpoints.
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

using field = bulk::path<"/customObjects/{parentId}/fields/{id}">;
static_assert(field::parameters == 2 && bulk::path<"">::parameters == 0);

template <class Path, class... Ids>
concept expands = requires(Ids... ids) { Path::expand(ids...); };
static_assert(expands<field, bulk::id, bulk::id>);
static_assert(!expands<field, bulk::id>);
static_assert(!expands<field, bulk::id, bulk::id, bulk::id>);
static_assert(!expands<field, bulk::id, std::string_view>, "nothing but ids reaches a path");
static_assert(!expands<field, bulk::id, int>);

static_assert(bulk::detail::is_path_template(""));
static_assert(bulk::detail::is_path_template("/syncs/{id}/data"));
static_assert(!bulk::detail::is_path_template("syncs"));
static_assert(!bulk::detail::is_path_template("/syncs/"));
static_assert(!bulk::detail::is_path_template("/"));
static_assert(!bulk::detail::is_path_template("//syncs"));
static_assert(!bulk::detail::is_path_template("/syncs/{}"));
static_assert(!bulk::detail::is_path_template("/syncs/{id"));
static_assert(!bulk::detail::is_path_template("/syncs/id}"));
static_assert(!bulk::detail::is_path_template("/syncs/{id}x"));
static_assert(!bulk::detail::is_path_template("/syncs/x{id}"));
static_assert(!bulk::detail::is_path_template("/syncs/{i/d}"));
static_assert(!bulk::detail::is_path_template("/syncs/{{id}}"));
static_assert(!bulk::detail::is_path_template("/syncs/.."));
static_assert(!bulk::detail::is_path_template("/syncs?x"));

struct no_copy {
    no_copy(no_copy const&) = delete;
};
static_assert(!bulk::entity<no_copy> && !bulk::entity<int>);

/// A user-defined entity with imports only.
struct wishes_t {
    static constexpr bool has_exports = false, has_imports = true, has_fields = false;
    static bulk::result<std::string> base_path() { return bulk::path<"/wishes">::expand(); }
    static std::string statement_root() { return "Wish"; }
    static constexpr bool importable_attribute(std::string_view name) { return name == "Id"; }
};
static_assert(bulk::entity<wishes_t> && bulk::importable<wishes_t>);
static_assert(!bulk::exportable<wishes_t> && !bulk::has_field_list<wishes_t>);

} // namespace

BOOST_AUTO_TEST_SUITE(path)

BOOST_AUTO_TEST_CASE(expands_its_parameters_in_order) {
    BOOST_TEST(field::expand(bulk::id(172), bulk::id(976)).value() ==
               "/customObjects/172/fields/976");
    BOOST_TEST(bulk::path<"/syncs">::expand().value() == "/syncs");
    BOOST_TEST(bulk::path<"">::expand().value() == "");
    BOOST_TEST(bulk::path<"/syncs/{id}">::expand(std::numeric_limits<bulk::id>::max()).value() ==
               "/syncs/9223372036854775807");
}

BOOST_DATA_TEST_CASE(refuses_ids_that_are_not_positive,
                     data::make({std::int64_t(0), std::int64_t(-1),
                                 std::numeric_limits<std::int64_t>::min()}),
                     bad) {
    auto const expanded = field::expand(bulk::id(1), bad);
    BOOST_TEST_REQUIRE(expanded.has_error());
    BOOST_TEST((expanded.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(expanded.error().info.detail == "'id' of /customObjects/{parentId}/fields/{id} is " +
                                                   std::to_string(bad) + "; ids are positive");
    BOOST_TEST(field::expand(bad, bulk::id(1)).error().info.detail.starts_with("'parentId' of"));
}

BOOST_AUTO_TEST_CASE(finds_the_id_of_a_uri) {
    BOOST_TEST(bulk::id_of("/syncs/1444").value() == 1444);
    BOOST_TEST(bulk::id_of("/customObjects/172/imports/12").value() == 12);
}

BOOST_DATA_TEST_CASE(refuses_a_uri_without_an_id,
                     data::make({"", "/", "/syncs", "/syncs/", "1444", "syncs/1444", "/syncs/0",
                                 "/syncs/-7", "/syncs/+7", "/syncs/7x", "/syncs/ 7", "/syncs/7/",
                                 "/syncs/9223372036854775808"}),
                     uri) {
    auto const id = bulk::id_of(uri);
    BOOST_TEST_REQUIRE(id.has_error());
    BOOST_TEST((id.error().code == bulk::errc::malformed_response));
    BOOST_TEST(id.error().info.detail == "'" + std::string(uri) + "' is not a uri of a resource");
}

BOOST_AUTO_TEST_CASE(gives_the_id_of_what_the_service_keeps) {
    bulk::stored<bulk::custom_object_import_definition> kept;
    kept.id = 5; // of the object, as the contract has it
    BOOST_TEST(bulk::id_of(kept).error().message().find("has no uri") != std::string::npos);
    kept.uri = "/customObjects/5/imports/12";
    BOOST_TEST(bulk::id_of(kept).value() == 12);
    bulk::sync run;
    run.uri = "/syncs/7";
    BOOST_TEST(bulk::id_of(run).value() == 7);
}

BOOST_AUTO_TEST_CASE(entities_tell_their_paths_and_statements) {
    BOOST_TEST(bulk::contacts.base_path().value() == "/contacts");
    BOOST_TEST(bulk::contacts.statement_root() == "Contact");
    BOOST_TEST(bulk::accounts.base_path().value() == "/accounts");
    BOOST_TEST(bulk::accounts.statement_root() == "Account");
    BOOST_TEST(bulk::custom_object(172).base_path().value() == "/customObjects/172");
    BOOST_TEST(bulk::custom_object(172).statement_root() == "CustomObject[172]");
}

BOOST_AUTO_TEST_CASE(a_custom_object_needs_a_positive_id) {
    BOOST_TEST((bulk::custom_object(0).base_path().error().code == bulk::errc::invalid_argument));
    BOOST_TEST((bulk::custom_object(-5).base_path().error().code == bulk::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(reads_alone_are_safe_to_repeat) {
    auto check = []<class... Endpoints>(std::tuple<Endpoints...>*) {
        auto one = []<class E>(E*) {
            BOOST_TEST_CONTEXT(to_string(E::method) << ' ' << E::path) {
                bool const reads = E::method == bulk::verb::get;
                BOOST_TEST((E::retry_class == bulk::retry_class::safe) == reads);
                BOOST_TEST((E::paging == bulk::paging::none || reads));
                BOOST_TEST(!E::succeeds(400));
                BOOST_TEST(!E::succeeds(404));
                BOOST_TEST(E::path.starts_with('/'));
            }
        };
        (one(static_cast<Endpoints*>(nullptr)), ...);
    };
    check(static_cast<bulk::endpoints::all*>(nullptr));
    static_assert(bulk::endpoints::push_import_data::succeeds(204) &&
                  bulk::endpoints::push_import_data::succeeds(201));
}

BOOST_AUTO_TEST_SUITE_END()
