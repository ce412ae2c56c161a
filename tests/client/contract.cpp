// SPDX-License-Identifier: BSL-1.0
// Every operation of the contract: its typed function makes the request that the contract
// specifies, the simulated service's answer decodes, and so does every documented error.
#include "../contract.hpp"

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe/members.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/test/unit_test.hpp>

#include "../../examples/tour.hpp"
#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace json = boost::json;

namespace {

constexpr std::string_view prefix = "/API/Bulk/2.0";

std::map<std::string, contract::operation> const& by_line() {
    static auto const all = [] {
        std::map<std::string, contract::operation> map;
        for (contract::operation const& each : contract::operations())
            if (!each.login)
                map.emplace(each.line(), each);
        return map;
    }();
    return all;
}

/// Types of the properties of request documents, by the path of their collection.
std::map<std::string, std::map<std::string, std::string>> const& documents() {
    static auto const all = [] {
        std::map<std::string, std::map<std::string, std::string>> map;
        std::ifstream file(CONTRACT "/request_documents.tsv");
        std::string line, path, property, type;
        std::getline(file, line); // names of the columns
        while (std::getline(file, path, '\t') && std::getline(file, property, '\t') &&
               std::getline(file, type))
            map[path][property] = type;
        return map;
    }();
    return all;
}

bool has_type(json::value const& v, std::string const& type) {
    static std::map<std::string, std::set<std::string>> const enumerations = {
        {"RuleType", {"always", "ifNewIsNotNull", "ifExistingIsNull", "useFieldRule"}},
        {"ImportRuleType", {"createAndUpdate", "updateOnly", "createOnly"}}};
    if (type == "boolean")
        return v.is_bool();
    if (type == "integer")
        return v.is_int64();
    if (type == "object")
        return v.is_object();
    if (type == "array")
        return v.is_array();
    if (auto const found = enumerations.find(type); found != enumerations.end())
        return v.is_string() && found->second.contains(std::string(v.get_string()));
    return type == "string" && v.is_string();
}

/// What a client sent.
struct sent {
    std::string method, target, body;
    bulk::header_fields fields;

    std::string path() const {
        return target.substr(prefix.size(), target.find('?') - prefix.size());
    }
    std::set<std::string> query() const {
        std::set<std::string> names;
        std::size_t const mark = target.find('?');
        std::istringstream in(mark == target.npos ? "" : target.substr(mark + 1));
        for (std::string each; std::getline(in, each, '&');)
            names.insert(each.substr(0, each.find('=')));
        return names;
    }
};

void check_body(sent const& q, contract::operation const& wanted) {
    bool const writes = q.method == "POST" || q.method == "PUT";
    BOOST_TEST(q.body.empty() == !writes);
    BOOST_TEST(q.fields.find("Content-Type").value_or("-") == (writes ? "application/json" : "-"));
    if (!writes)
        return;
    json::value const body = json::parse(q.body);
    std::string collection = contract::operation::plain(wanted.path);
    if (collection.ends_with("/data")) {
        BOOST_TEST_REQUIRE(body.is_array());
        for (json::value const& row : body.get_array())
            for (auto const& each : row.as_object())
                BOOST_TEST(each.value().is_string());
        return;
    }
    if (q.method == "PUT")
        collection.resize(collection.rfind('/'));
    auto const document = documents().find(collection);
    BOOST_TEST_REQUIRE((document != documents().end()));
    BOOST_TEST_REQUIRE(body.is_object());
    for (auto const& each : body.get_object()) {
        auto const property = document->second.find(std::string(each.key()));
        BOOST_TEST_CONTEXT(each.key()) {
            BOOST_TEST_REQUIRE((property != document->second.end()));
            BOOST_TEST(has_type(each.value(), property->second));
        }
    }
}

/// What was decoded is what was answered, member by member.
template <class Document>
void check_document(Document const& came, std::string const& answered) {
    BOOST_TEST(json::parse(bulk::write_document(came)) == json::parse(answered));
}
template <class Document>
void check_document(std::optional<Document> const& came, std::string const& answered) {
    BOOST_TEST(came.has_value() == !answered.empty());
    if (came)
        check_document(*came, answered);
}
template <class Document>
void check_answer(bulk::result<Document> const& came, bulk::response const& answered) {
    if constexpr (std::is_void_v<Document>)
        BOOST_TEST(answered.body.empty());
    else
        check_document(*came, answered.body);
}

constexpr std::string_view exported = "GET /contacts/exports/{}/data";

void keep_one_definition_of_each_kind(bulk::client const& client) {
    bulk::export_definition out;
    out.name = "kept";
    out.fields = {{"Email", "{{Contact.Field(C_EmailAddress)}}"}};
    BOOST_TEST(client.exports(bulk::contacts).create(out).get().has_value());
    bulk::import_definition in;
    in.name = "kept";
    in.fields = out.fields;
    in.identifierFieldName = "Email";
    BOOST_TEST(client.imports(bulk::contacts).create(in).get().has_value());
    BOOST_TEST(client.sync_actions(bulk::contacts)
                   .create(bulk::define_sync_action(bulk::contacts, "kept",
                                                    bulk::contact_identifier::email_address,
                                                    bulk::unsubscribe_globally()))
                   .get()
                   .has_value());
}

void check_request(sent const& q, contract::operation const& wanted) {
    BOOST_TEST(q.method == wanted.method);
    BOOST_TEST(q.target.starts_with(prefix));
    BOOST_TEST(plain_path(q.path()) == contract::operation::plain(wanted.path));
    for (std::string const& name : q.query())
        BOOST_TEST(wanted.query.contains(name), "no parameter of it: " << name);
    BOOST_TEST(q.fields.find("Authorization").value_or("").starts_with("Basic "));
    BOOST_TEST(q.fields.find("Accept").value_or("") == "application/json");
    check_body(q, wanted);
}

/// A simulated service that shows what it is sent, and may answer otherwise.
struct watched {
    std::vector<sent> seen;
    bulk::response answered; ///< the last one
    std::function<std::optional<bulk::response>(bulk::request const&)> instead;
    bool answering = false;
    bulk::simulator eloqua{[this] {
        bulk::simulator_options options;
        options.intercept = [this](bulk::request const& q) -> std::optional<bulk::response> {
            if (answering)
                return std::nullopt;
            seen.push_back(
                {std::string(to_string(q.method)), q.target, std::string(q.body), q.fields});
            if (instead)
                return instead(q);
            answering = true;
            answered = eloqua.handle(q);
            answering = false;
            return answered;
        };
        return options;
    }()};
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}, [] {
                            bulk::client_options options;
                            options.base_url = "https://secure.p03.eloqua.com/API/Bulk/2.0";
                            options.retry.attempts = 1;
                            return options;
                        }()};

    template <class Visit>
    std::set<std::string> tour(Visit visit, std::optional<bulk::list_query> lists = {},
                               std::optional<bulk::rows_query> rows = {}) {
        std::set<std::string> lines;
        auto each = [&](std::string const& line, auto call) {
            BOOST_TEST(lines.insert(line).second, "twice: " << line);
            BOOST_TEST_INFO_SCOPE(line);
            return visit(line, call);
        };
        endpoint_tour<decltype(each)> all(client, each);
        if (lists)
            all.lists = *lists;
        if (rows)
            all.rows = *rows;
        all.run([&](bulk::id) { eloqua.advance(std::chrono::minutes(5)); });
        return lines;
    }
};

/// An object that has every member of the contract's documents, with the values of a generator of
/// examples.
std::string dummy(bool fields_are_a_list) {
    return std::string(R"({"name":"string","fields":)") +
           (fields_are_a_list ? R"([{"name":"string","dataType":"number"}])"
                              : R"({"additionalProp1":"string"})") +
           R"(,"filter":"string","maxRecords":0,"areSystemTimestampsInUTC":true,)"
           R"("autoDeleteDuration":"string","dataRetentionDuration":"string","uri":"string",)"
           R"("createdAt":"2019-08-24T14:15:22Z","createdBy":"string","kbUsed":0,"kbAllowed":0,)"
           R"("identifierFieldName":"string","updateRule":"always","importRule":"createOnly",)"
           R"("updateRuleByField":{"additionalProp1":"always"},"syncActions":[{"action":"add",)"
           R"("destination":"string","status":"bounced","updateAll":true}],"id":0,)"
           R"("syncedInstanceUri":"string","status":"pending","syncStartedAt":)"
           R"("2019-08-24T14:15:22Z","count":0,"severity":"information","statusCode":"string",)"
           R"("message":"string","statement":"string","dataType":"number","priority":0,)"
           R"("internalName":"string","activityTypes":["EmailSend"],"fieldValues":{"a":"b"},)"
           R"("invalidFields":["string"],"recordIndex":0})";
}

bulk::response dummy_answer(bulk::request const& q, contract::operation const& of) {
    bool const models = q.target.find("/scoring/") != std::string::npos;
    bool const list = of.query.contains("limit");
    if (*of.success.begin() == 204 && !of.success.contains(201))
        return bulk::response(204);
    // The shorter description answers with the action, not with its definition.
    if (of.line() == "POST /contacts/syncActions")
        return bulk::response(201, R"({"action":"add","destination":"string","status":"bounced"})");
    std::string body = dummy(models);
    if (list)
        body = R"({"items":[)" + body +
               R"(],"totalResults":0,"limit":0,"offset":0,"count":0,"hasMore":true})";
    if (list && of.path.ends_with("/data"))
        body = R"({"items":[{"additionalProp1":"string"}],"totalResults":0,"hasMore":true})";
    return bulk::response(*of.success.rbegin() == 204 ? 201 : *of.success.rbegin(), body);
}

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

/// What the contract lists of a document, and the two that only the other description has.
std::set<std::string> listed(std::string const& collection) {
    std::set<std::string> names{"syncedInstanceUri", "status"};
    for (auto const& each : documents().at(collection))
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

/// Every member of what a caller sets, as the contract types it.
template <class Document>
void check_members(std::string const& collection) {
    Document d;
    boost::mp11::mp_for_each<boost::describe::describe_members<
        Document, boost::describe::mod_public | boost::describe::mod_inherited>>(
        [&](auto member) { fill(d.*member.pointer); });
    json::value const written = json::parse(bulk::write_document(d));
    for (auto const& each : written.as_object())
        BOOST_TEST_CONTEXT(collection << ' ' << each.key()) {
            auto const listed = documents().at(collection).find(std::string(each.key()));
            BOOST_TEST_REQUIRE((listed != documents().at(collection).end()));
            BOOST_TEST(has_type(each.value(), listed->second));
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

BOOST_AUTO_TEST_CASE(every_operation_and_none_beyond) {
    watched service;
    // Something of each kind, to be listed and exported.
    for (auto const& [path, field] :
         {std::pair("/contacts", "C_EmailAddress"), std::pair("/accounts", "M_CompanyName"),
          std::pair("/customObjects/501", "Serial_Number1"),
          std::pair("/events/601", "Email_Address1")})
        service.eloqua.add_record(path, {{field, "a@example.com"}});
    service.eloqua.add_activity(bulk::activity_type::EmailOpen, 1001);
    service.eloqua.add_record("/campaignResponses", {{"MemberStatus", "Sent"}});
    service.eloqua.set_member_status(
        "/campaignResponses",
        "{{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}}", 1001,
        bulk::member_status::pending);
    keep_one_definition_of_each_kind(service.client);
    auto const lines = service.tour([&](std::string const& line, auto call) {
        service.seen.clear();
        auto came = call().get();
        BOOST_TEST(came.has_value(), (came ? "" : came.error().message()));
        BOOST_TEST(service.seen.size() == 1u);
        // Definitions are not synced by the tour, but for one, and an export rejects no row.
        if constexpr (requires { came->items; }) {
            bool const none = (line.find("/exports/{}/data") != line.npos && line != exported) ||
                              line.ends_with("/rejects");
            BOOST_TEST((came && came->items.size() == (none ? 0u : 1u)));
        }
        if (came)
            check_answer(came, service.answered);
        auto const wanted = by_line().find(line);
        if (wanted == by_line().end())
            BOOST_ERROR("not in the contract");
        else if (!service.seen.empty())
            check_request(service.seen.front(), wanted->second);
        return came;
    });
    BOOST_TEST(lines.size() == 179u);
    for (auto const& each : by_line())
        BOOST_TEST(lines.contains(each.first), "no function for " << each.first);
}

BOOST_AUTO_TEST_CASE(the_operations_of_the_shorter_description) {
    std::set<std::string> seed;
    for (auto const& [line, operation] : by_line())
        if (operation.seed)
            seed.insert(line);
    BOOST_TEST(seed.size() == 44u);
    BOOST_TEST(
        (seed == std::set<std::string>(std::begin(seed_operations), std::end(seed_operations))));
}

BOOST_AUTO_TEST_CASE(every_documented_error_of_every_operation) {
    watched service;
    std::size_t errors = 0;
    service.tour([&](std::string const& line, auto call) {
        contract::operation const& of = by_line().at(line);
        for (int const status : of.errors)
            BOOST_TEST_CONTEXT(status) {
                service.instead = [&](bulk::request const&) {
                    return bulk::response(
                        status, R"({"failures":[{"field":"name","value":7,"constraint":"Must."},)"
                                R"({"field":"fields","constraint":"Must not."}]})");
                };
                auto const came = call().get();
                service.instead = nullptr;
                BOOST_TEST_REQUIRE(came.has_error());
                bulk::failure const& why = came.error();
                bool const unknown = status >= 500 && of.method == "POST";
                BOOST_TEST(
                    (why.code == (unknown ? make_error_code(bulk::errc::outcome_unknown)
                                          : bulk::error_code(status, bulk::http_category()))));
                BOOST_TEST(why.info.status == status);
                BOOST_TEST_REQUIRE(why.info.failures.size() == 2u);
                BOOST_TEST(why.info.failures[0].value == "7");
                BOOST_TEST(why.info.failures[1].constraint == "Must not.");
                BOOST_TEST(why.info.request.starts_with(of.method + " https://"));
                ++errors;
            }
        return call().get();
    });
    BOOST_TEST(errors == 1'790u);
}

BOOST_AUTO_TEST_CASE(a_server_of_schema_shaped_dummies_is_toured_to_the_end) {
    watched service;
    std::size_t requests = 0;
    bulk::list_query const lists{7, 14, "name ASC", "name=*Test*", true};
    bulk::rows_query const rows{7, 14, true};
    auto const lines = service.tour(
        [&](std::string const& line, auto call) {
            contract::operation const& of = by_line().at(line);
            service.instead = [&](bulk::request const& q) {
                ++requests;
                return dummy_answer(q, of);
            };
            service.seen.clear();
            auto came = call().get();
            service.instead = nullptr;
            BOOST_TEST(came.has_value(), (came ? "" : came.error().message()));
            // Every parameter of every list is sent, but for links, which no answer of the contract
            // has.
            std::set<std::string> parameters = of.query;
            parameters.erase("links");
            BOOST_TEST_REQUIRE(service.seen.size() == 1u);
            BOOST_TEST((service.seen.front().query() == parameters));
            return came;
        },
        lists, rows);
    BOOST_TEST(lines.size() == 179u);
    BOOST_TEST(requests == 179u);
}

BOOST_AUTO_TEST_SUITE_END()
