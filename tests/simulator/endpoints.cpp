// SPDX-License-Identifier: BSL-1.0
// Every operation of the contract gets a response that follows the contract.
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "../client/contract_documents.hpp"
#include "../contract.hpp"
#include "service_fixture.hpp"
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace {

using namespace simulator_tests;

/// The members that a definition of an entity needs, by the start of its path.
struct plain_definitions {
    std::string front;
    std::string field;       ///< statement of one column
    std::string more = "";   ///< members of imports
    std::string filter = ""; ///< members of exports
};

std::string const execution = "ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]";

plain_definitions const& definitions_for(std::string const& path) {
    static plain_definitions const all[] = {
        {"/contacts/", "{{Contact.Field(C_EmailAddress)}}"},
        {"/accounts/", "{{Account.Field(M_CompanyName)}}"},
        {"/activities/", "{{Activity.Type}}", "", "'{{Activity.Type}}'='EmailOpen'"},
        {"/customObjects/", "{{CustomObject[501].Field[5001]}}"},
        {"/events/", "{{Event[601].Field[6001]}}"},
        {"/campaignResponses/", "{{CampaignResponse.Id}}", "",
         "STATUS('{{" + execution + "}}') = 'pending'"},
        {"/opportunities/contacts/", "{{Opportunity.Id}}",
         R"(,"linkOpportunitiesMatchFieldName":"k","linkOpportunitiesSourceField":"l",
            "linkOpportunitiesEntityType":"Contact")"},
        {"/opportunities/", "{{Opportunity.Id}}"},
        {"/emailAddresses/", "{{EmailAddress.Field(EmailAddress)}}",
         R"(,"syncActions":[{"action":"setStatus","destination":"{{GlobalSubscribe}}",
            "status":"unsubscribed"}])"},
        {"/phoneNumbers/", "{{PhoneNumber.Field(PhoneNumber)}}"},
    };
    auto const found =
        std::ranges::find_if(all, [&](auto const& each) { return path.starts_with(each.front); });
    BOOST_REQUIRE_MESSAGE(found != std::end(all), path);
    return *found;
}

std::string action_on(std::string const& path) {
    if (path.starts_with("/contacts/"))
        return R"({"action":"add","destination":"{{ContactList[101]}}"})";
    if (path.starts_with("/accounts/"))
        return R"({"action":"add","destination":"{{AccountList[401]}}"})";
    return R"({"action":"setStatus","destination":"{{)" + execution + R"(}}","status":"complete"})";
}

/// The body of an operation, or of one that must precede it.
std::string body_for(std::string const& path) {
    plain_definitions const& d = definitions_for(path);
    std::string text = R"({"name":"n","identifierFieldName":"k","fields":{"k":")" + d.field + '"';
    if (path.find("/exports") != path.npos)
        return text + "}" + (d.filter.empty() ? "" : R"(,"filter":")" + d.filter + '"') + '}';
    if (path.find("/syncActions") != path.npos) {
        std::string const by =
            path.starts_with("/customObjects") ? "{{CustomObject[501].ExternalId}}" : d.field;
        return R"({"name":"n","identifierFieldName":"k","fields":{"k":")" + by +
               R"("},"syncActions":[)" + action_on(path) + "]}";
    }
    if (path.starts_with("/opportunities/contacts/"))
        text += R"(,"l":"{{Opportunity.Contact.Field(C_EmailAddress)}}")";
    else if (path.starts_with("/opportunities/"))
        text += R"(,"a":"{{Opportunity.Field(Name)}}","b":"{{Opportunity.Field(Stage)}}",
                   "c":"{{Opportunity.Field(Amount)}}")";
    else if (path.starts_with("/activities/"))
        text += R"(,"a":"{{Activity.CreatedAt}}","b":"{{Activity.Asset.Type}}",
                   "c":"{{Activity.Asset.Name}}","d":"{{Activity.Contact.Field(C_EmailAddress)}}",
                   "e":"{{Activity.Campaign.Id}}")";
    return text + "}" + d.more + '}';
}

std::string const ids_of_assets[][2] = {
    {"/contacts/lists/", "101"},      {"/contacts/segments/", "201"},
    {"/contacts/filters/", "301"},    {"/contacts/scoring/models/", "1"},
    {"/accounts/lists/", "401"},      {"/emailGroups/", "11"},
    {"/imports/priorities/", "1"},    {"/contacts/fields/", "100001"},
    {"/accounts/fields/", "100085"},  {"/customObjects/501/fields/", "5001"},
    {"/events/601/fields/", "6001"},  {"/activities/fields/", "1"},
    {"/campaigns/fields/", "1"},      {"/campaignResponses/fields/", "1"},
    {"/opportunities/fields/", "38"},
};

/// Runs one operation on a new service, after the operations that it needs.
struct called {
    std::string path;
    answer got;
};
called call(service& s, contract::operation const& o) {
    std::string path = o.path;
    auto const fill = [&](std::string const& id) {
        std::size_t const open = path.find('{');
        path.replace(open, path.find('}') - open + 1, id);
    };
    if (path.starts_with("/customObjects/{"))
        fill("501");
    if (path.starts_with("/events/{"))
        fill("601");
    std::string body;
    if (path == "/syncs" && o.method == "POST")
        body = R"({"syncedInstanceUri":")" +
               s.define("/contacts/exports", body_for("/contacts/exports")) + "\"}";
    if (path.starts_with("/syncs/")) {
        std::string const uri =
            s.sync(s.define("/contacts/exports", body_for("/contacts/exports")));
        fill(uri.substr(uri.rfind('/') + 1));
    }
    bool const rows = o.method == "POST" && path.ends_with("/data");
    if (o.method == "POST" || o.method == "PUT")
        if (body.empty())
            body = rows ? R"([{"k":"x"}])" : body_for(path);
    if (path.find('{') != path.npos) {
        std::string const front = path.substr(0, path.find('{'));
        auto const known =
            std::ranges::find_if(ids_of_assets, [&](auto const& each) { return each[0] == front; });
        if (known != std::end(ids_of_assets)) {
            fill((*known)[1]);
        } else {
            std::string const collection = front.substr(0, front.size() - 1);
            std::string const uri = s.define(collection, body_for(path));
            if (path.ends_with("/data") && o.method == "GET")
                s.sync(uri);
            fill(uri.substr(uri.rfind('/') + 1));
        }
    }
    static std::map<std::string, verb> const verbs{
        {"GET", verb::get}, {"POST", verb::post}, {"PUT", verb::put}, {"DELETE", verb::delete_}};
    return {path, s.send(verbs.at(o.method), "/API/Bulk/2.0" + path, body)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_endpoints)

BOOST_AUTO_TEST_CASE(every_operation_succeeds) {
    std::size_t operations = 0;
    for (contract::operation const& o : contract::operations()) {
        if (o.login)
            continue;
        service s;
        called const made = call(s, o);
        std::set<int> success = o.success;
        if (o.method == "POST" && o.path.ends_with("/data"))
            success.insert(204); // the contract omits it for some entities
        BOOST_TEST(success.contains(made.got.status),
                   o.line() << ": " << made.got.status << ' ' << made.got.body);
        bool const list = o.method == "GET" && o.query.contains("limit");
        BOOST_TEST((!list || made.got.at("items") != "-"), o.line());
        BOOST_TEST((!list || made.got.at("hasMore") == "false"), o.line());
        ++operations;
    }
    BOOST_TEST(operations == 179u);
}

BOOST_AUTO_TEST_CASE(every_operation_knows_who_asks) {
    for (contract::operation const& o : contract::operations()) {
        if (o.login)
            continue;
        service s;
        std::string path = call(s, o).path;
        s.user = "nobody";
        answer const refused = o.method == "GET"    ? s.get(path)
                               : o.method == "POST" ? s.post(path, "{}")
                               : o.method == "PUT"  ? s.put(path, "{}")
                                                    : s.del(path);
        BOOST_TEST(refused.status == 401, o.line());
        BOOST_TEST(refused.body == "Login required", o.line());
    }
}

BOOST_AUTO_TEST_CASE(every_id_can_be_unknown_or_none) {
    for (contract::operation const& o : contract::operations()) {
        if (o.login || o.path.find('{') == o.path.npos)
            continue;
        for (auto const& [id, status] : {std::pair("999", 404), std::pair("sandwich", 400)}) {
            service s;
            std::string path = o.path;
            for (std::size_t open; (open = path.find('{')) != path.npos;)
                path.replace(open, path.find('}') - open + 1, id);
            answer const refused = o.method == "GET"    ? s.get(path)
                                   : o.method == "POST" ? s.post(path, "{}")
                                   : o.method == "PUT"  ? s.put(path, "{}")
                                                        : s.del(path);
            BOOST_TEST(refused.status == status, o.line() << refused.body);
            if (status == 400)
                BOOST_TEST(refused.at("type") == "EndpointParameterError", o.line());
        }
    }
}

BOOST_FIXTURE_TEST_CASE(nothing_beyond_the_contract_is_answered, service) {
    std::map<std::string, std::set<std::string>> methods;
    for (contract::operation const& o : contract::operations())
        if (!o.login)
            methods[contract::operation::plain(o.path)].insert(o.method);
    for (auto const& [path, known] : methods) {
        std::string filled = path;
        for (std::size_t open; (open = filled.find("{}")) != filled.npos;)
            filled.replace(open, 2, "1");
        for (auto const& [name, method] :
             {std::pair("GET", verb::get), std::pair("POST", verb::post),
              std::pair("PUT", verb::put), std::pair("DELETE", verb::delete_)})
            if (!known.contains(name))
                BOOST_TEST(send(method, "/API/Bulk/2.0" + filled, "{}").status == 405,
                           name << ' ' << path);
    }
    for (char const* path : {"/contacts",
                             "/activities/syncActions",
                             "/activities/imports/1/syncActions",
                             "/events/601/syncActions",
                             "/campaignResponses/syncActions",
                             "/campaigns/exports",
                             "/campaigns/imports",
                             "/opportunities/exports",
                             "/opportunities/syncActions",
                             "/opportunities/contacts/fields",
                             "/opportunities/contacts/exports",
                             "/emailAddresses/fields",
                             "/emailAddresses/exports",
                             "/phoneNumbers/exports",
                             "/phoneNumbers/syncActions",
                             "/accounts/segments",
                             "/accounts/scoring/models",
                             "/events/601/lists",
                             "/contacts/1/exports",
                             "/customObjects/501/exports/1/logs"})
        BOOST_TEST(get(path).status == 404, path);
}

BOOST_AUTO_TEST_CASE(every_property_is_taken_and_kept) {
    // In definitions that are valid without them.
    std::map<std::string, boost::json::value> const values{
        {"areSystemTimestampsInUTC", false},
        {"autoDeleteDuration", "P1D"},
        {"crmAccountIdField", "{{Contact.Field(C_SFDCAccountID)}}"},
        {"dataRetentionDuration", "P1D"},
        {"externalSystemId", 7},
        {"importPriorityUri", "/imports/priorities/1"},
        {"importRule", "updateOnly"},
        {"isIdentifierFieldCaseSensitive", true},
        {"isSyncTriggeredOnImport", true},
        {"isUpdatingMultipleMatchedRecords", true},
        {"linkOpportunitiesCaseSensitiveMatchField", true},
        {"linkOpportunitiesCaseSensitiveSourceField", true},
        {"linkOpportunitiesMultipleSourceMatches", true},
        {"linkUsers", false},
        {"mapDataCards", false},
        {"mapDataCardsCaseSensitiveMatch", true},
        {"mapDataCardsEntityField", "{{Contact.Field(C_EmailAddress)}}"},
        {"mapDataCardsEntityType", "Company"},
        {"mapDataCardsSourceField", "k"},
        {"maxRecords", 7},
        {"nullIdentifierFieldName", false},
        {"productIdField", "{{Campaign.Field(Product)}}"},
        {"serviceInstanceId", "f3689bdfbf2e48deb318019367b4f2a8"},
        {"updateRule", "ifExistingIsNull"},
        {"updateRuleByField", {{"k", "ifNewIsNotNull"}}},
        // Members that only the service sets.
        {"createdAt", "2020-01-01T00:00:00.0000000Z"},
        {"createdBy", "nobody"},
        {"kbUsed", 12'345},
        {"updatedAt", "2020-01-01T00:00:00.0000000Z"},
        {"updatedBy", "nobody"},
        {"uri", "/contacts/exports/99"},
        // Members that are ignored in favour of the path.
        {"id", 99},
        {"parentId", 99},
    };
    std::set<std::string> const not_kept{"createdAt", "createdBy", "kbUsed", "updatedAt",
                                         "updatedBy", "uri",       "id",     "parentId"};
    std::size_t properties = 0;
    for (auto const& [document, types] : contract::documents()) {
        if (document == "/syncs")
            continue;
        std::string collection = document;
        if (std::size_t const open = collection.find("{}"); open != collection.npos)
            collection.replace(open, 2, document.starts_with("/events") ? "601" : "501");
        boost::json::object const plain = boost::json::parse(body_for(collection)).as_object();
        service s;
        for (auto const& [property, type] : types) {
            BOOST_TEST_INFO_SCOPE(document << ' ' << property);
            boost::json::object sent = plain;
            if (auto const known = values.find(property); known != values.end())
                sent[property] = known->second;
            else if (!sent.contains(
                         property)) // a filter or sync actions, where the plain one has none
                continue;
            boost::json::value const wanted = sent.at(property);
            answer const made = s.post(collection, boost::json::serialize(sent));
            BOOST_TEST_REQUIRE(made.status == 201, made.body);
            BOOST_TEST(s.get(made.at("uri")).body == made.body);
            ++properties;
            boost::json::value const* const kept = made.json.as_object().if_contains(property);
            BOOST_TEST((kept && *kept == wanted) == !not_kept.contains(property), made.body);
            if (type != "boolean")
                continue;
            sent[property] = wanted.as_bool() ? "true" : "false"; // in quotes, as in examples
            answer const quoted = s.post(collection, boost::json::serialize(sent));
            BOOST_TEST_REQUIRE(quoted.status == 201, quoted.body);
            BOOST_TEST((quoted.json.at(property) == wanted), quoted.body);
        }
    }
    BOOST_TEST(properties > 300u);
}

BOOST_AUTO_TEST_CASE(every_push_can_start_a_sync) {
    std::size_t pushes = 0;
    for (contract::operation const& o : contract::operations()) {
        if (o.login || o.method != "POST" || !o.path.ends_with("/data"))
            continue;
        BOOST_TEST_INFO_SCOPE(o.path);
        std::string collection = o.path.substr(0, o.path.find("/{id}/data"));
        if (std::size_t const open = collection.find('{'); open != collection.npos)
            collection.replace(open, collection.find('}') - open + 1,
                               collection.starts_with("/events") ? "601" : "501");
        boost::json::object definition = boost::json::parse(body_for(collection)).as_object();
        definition["isSyncTriggeredOnImport"] = true;
        service s;
        std::string const uri = s.define(collection, boost::json::serialize(definition));
        answer const pushed = s.post(uri + "/data", R"([{"k":"x"}])");
        BOOST_TEST(pushed.status == 201);
        BOOST_TEST(pushed.at("syncedInstanceUri") == uri);
        BOOST_TEST(pushed.at("status") == "pending");
        BOOST_TEST(s.get(pushed.at("uri")).body == pushed.body);
        ++pushes;
    }
    BOOST_TEST(pushes == 13u);
}

BOOST_AUTO_TEST_SUITE_END()
