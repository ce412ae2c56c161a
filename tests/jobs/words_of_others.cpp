// SPDX-License-Identifier: BSL-1.0
// Text from a service, or from somebody who controls it, must not forge a log or fill it.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace eloqua_tests;
using bulk::verb;

namespace {

std::string const base = "/API/Bulk/2.0";
auto by = bulk::identified_by<&person::email>;

/// In JSON: line ends, a colour, a change of direction, and too much text for a log.
std::string const evil = R"(x\r\nERROR forged\u0000\u001b[31m\u0085\u009b\u2028\u202e\u007f)" +
                         std::string(20'000, 'e') + "\xE2\x82\xAC";

bool is_tame(std::string_view text) {
    if (text.size() > 4'000 || !bulk::is_valid_utf8(text))
        return false;
    for (char const c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return false;
    for (char const* turn : {"\xC2\x85", "\xC2\x9B", "\xE2\x80\xA8", "\xE2\x80\xAE"})
        if (text.find(turn) != text.npos)
            return false;
    return true;
}

/// Everything that is reported, in any way.
struct listener : bulk::observer {
    std::size_t heard = 0, of_the_server = 0;

    void add(std::string_view text) {
        ++heard;
        of_the_server += text.find("forged") != text.npos;
        BOOST_TEST(is_tame(text), text.substr(0, 2'000));
    }
    void add(bulk::failure const& why) {
        add(why.message());
        for (std::string const* each :
             {&why.info.request, &why.info.server, &why.info.detail, &why.info.advice})
            add(*each);
        for (auto const& each : why.info.failures)
            for (std::string const* part : {&each.field, &each.value, &each.constraint})
                add(*part);
        if (why.info.import_so_far)
            add_report(*why.info.import_so_far);
    }
    template <class Report>
    void add_report(Report const& report) {
        std::ostringstream out;
        out << report;
        add(out.str());
        for (std::string const& each : report.warnings)
            add(each);
        add_json(to_json(report));
    }
    void add_json(std::string const& text) {
        add(text);
        bulk::error_code ec;
        (void)boost::json::parse(text, ec);
        BOOST_TEST(!ec);
    }
    void on_request(std::string_view line) override { add(line); }
    void on_response(std::string_view line, bulk::response_info const&) override { add(line); }
    void on_retry(bulk::failure const& why, bulk::clock::duration) override { add(why); }
    void on_sync(std::string_view uri, std::string_view status) override {
        add(uri);
        add(status);
    }
};

/// Responses by the end of the path, before all others; empty: the simulator's.
using answers = std::vector<std::pair<std::string, std::string>>;

std::optional<std::string> changed(answers const& all, bulk::request const& q) {
    std::string_view const path = std::string_view(q.target).substr(0, q.target.find('?'));
    for (auto const& [end, body] : all)
        if (path.ends_with(end.substr(end.find(' ') + 1)) &&
            end.starts_with(bulk::to_string(q.method)))
            return body;
    return std::nullopt;
}

struct told {
    std::shared_ptr<listener> by = std::make_shared<listener>();
    std::unique_ptr<bulk::simulator> eloqua;
    bulk::client_options options;
    std::optional<bulk::client> client;

    explicit told(answers all) {
        bulk::simulator_options o;
        o.intercept = [all = std::move(all)](bulk::request const& q) {
            std::optional<bulk::response> answer;
            if (auto body = changed(all, q))
                answer.emplace(q.method == verb::post ? 201 : 200, std::move(*body));
            return answer;
        };
        eloqua = std::make_unique<bulk::simulator>(o);
        (void)bulk::client(*eloqua, me).import_rows(bulk::contacts, ::by, people(3)).get();
        options.observer = by;
        options.retry.attempts = 2;
        options.seed = 1;
        client.emplace(*eloqua, me, options);
    }
    told(told const&) = delete;
    ~told() { BOOST_TEST(by->heard > 5u); }
    /// Whether the service was quoted at all.
    bool quotes() const { return by->of_the_server != 0; }

    /// Whether it succeeds.
    bool exports() {
        auto rows = client->export_rows<person>(bulk::contacts);
        auto const came = rows.next().get();
        if (!came)
            by->add(came.error());
        bool const ended = came && rows.next().get();
        if (ended)
            by->add_report(rows.receipt());
        return ended;
    }
    bool imports() {
        auto const came = client->import_rows(bulk::contacts, ::by, people(3)).get();
        if (!came)
            by->add(came.error());
        else
            add(*came);
        return came.has_value();
    }
    void add(bulk::import_report<person> const& report) {
        by->add_report(report);
        for (auto const& each : report.rejects) {
            std::ostringstream out;
            out << each;
            by->add(out.str());
            by->add(each.message);
            by->add(each.row_error);
            by->add_json(to_json(each));
        }
    }
};

std::string list(std::string const& items) {
    return R"({"items":[)" + items + R"(],"totalResults":1,"hasMore":false})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(words_of_others)

BOOST_AUTO_TEST_CASE(text_of_a_sync_s_log) {
    for (std::string const& severity : {std::string("error"), std::string("warning")}) {
        std::string const log = R"({"severity":")" + severity + R"(","statusCode":")" + evil +
                                R"(","message":")" + evil + R"(","count":1})";
        told with({{"GET /logs", list(log)}});
        (void)with.exports();
        (void)with.imports();
        BOOST_TEST(with.quotes());
    }
}

BOOST_AUTO_TEST_CASE(text_of_a_failed_sync_with_a_long_log) {
    std::string log, one = R"({"severity":"error","statusCode":"ELQ-00001","message":"forged )" +
                           std::string(200, 'm') + R"("})";
    for (int i = 0; i != 1000; ++i)
        log.append(i == 0 ? "" : ",").append(one);
    told with({{"GET /logs", R"({"items":[)" + log + R"(],"hasMore":false})"},
               {"POST /syncs", R"({"uri":"/syncs/1","syncedInstanceUri":"x","status":"error"})"}});
    BOOST_TEST(!with.exports());
    BOOST_TEST(with.quotes());
}

BOOST_AUTO_TEST_CASE(text_of_uris_names_and_statuses) {
    auto const definition = [](std::string const& uri, std::string const& name) {
        return answers{{"POST /contacts/exports",
                        R"({"fields":{},"uri":")" + uri + R"(","name":")" + name + R"("})"}};
    };
    BOOST_TEST(!told(definition("/contacts/exports/" + evil + "/5", "n")).exports());
    BOOST_TEST(!told(definition(evil, "n")).exports());
    std::string const none = R"({"items":[],"totalResults":0,"hasMore":false})";
    answers whole = definition("/contacts/exports/1", evil);
    whole.push_back({"POST /syncs", R"({"uri":"/syncs/1","status":"success",)"
                                    R"("syncedInstanceUri":"/contacts/exports/1"})"});
    whole.push_back({"GET /logs", none});
    whole.push_back({"GET /data", none});
    told named(whole);
    BOOST_TEST(named.exports());
    BOOST_TEST(named.quotes());
    auto const sync = [](std::string const& uri, std::string const& of, std::string const& status) {
        std::string const text = R"({"uri":")" + uri + R"(","syncedInstanceUri":")" + of +
                                 R"(","status":")" + status + R"("})";
        return answers{{"POST /syncs", text}, {"GET /syncs/1", text}};
    };
    told polled(sync("/syncs/1", evil, evil));
    BOOST_TEST(!polled.exports());
    BOOST_TEST(polled.quotes());
    BOOST_TEST(!told(sync("/syncs/1", "/" + evil, "pending")).exports());
    BOOST_TEST(!told(sync("/syncs/" + evil, "/contacts/exports/1", "pending")).exports());
}

BOOST_AUTO_TEST_CASE(text_of_keys_and_values_of_rows) {
    for (std::string const& page :
         {R"([{"email":"a",")" + evil + R"(":{}}])", R"([{"email":"a"}],")" + evil + R"(":[{}])",
          R"([{"email":"a",")" + evil + R"(":1,")" + evil + R"(":2}])"})
        BOOST_TEST(!told({{"GET /data", R"({"items":)" + page + R"(,"hasMore":7})"}}).exports());
    told twice({{"GET /data", R"({"items":[{"email":")" + evil + R"("},{"email":")" + evil +
                                  R"("}],"totalResults":2,"hasMore":false})"}});
    auto doubled = twice.client->export_rows<person>(bulk::contacts);
    doubled.unique_by<&person::email>();
    auto const came = doubled.next().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::duplicate_row));
    twice.by->add(came.error());
    BOOST_TEST(twice.quotes());
}

BOOST_AUTO_TEST_CASE(text_of_keys_of_documents) {
    told with({{"GET /contacts/exports/5", R"({"name":"a","fields":{")" + evil + R"(":[1]}})"}});
    auto const came = with.client->exports(bulk::contacts).read(5).get();
    BOOST_TEST_REQUIRE(came.has_error());
    with.by->add(came.error());
    BOOST_TEST(with.quotes());
}

BOOST_AUTO_TEST_CASE(text_of_fields) {
    std::string const field = R"({"name":")" + evil + R"(","internalName":")" + evil +
                              R"(","dataType":")" + evil + R"(","statement":"{{Contact.Field(C_)" +
                              evil +
                              R"()}}","hasNotNullConstraint":true,"hasReadOnlyConstraint":false,)" +
                              R"("hasUniquenessConstraint":false,"uri":"/contacts/fields/1"})";
    told with({{"GET /contacts/fields", list(field)}});
    BOOST_TEST(!with.imports());
    auto const report = with.client->check<person>(bulk::contacts).get();
    for (auto const& each : report.value().findings)
        with.by->add(each.message());
    BOOST_TEST(with.quotes());
}

BOOST_AUTO_TEST_CASE(text_of_rejects) {
    std::string const value = evil.substr(0, 300); // a value is shown as it is
    std::string const reject = R"({"fieldValues":{"email":")" + value + R"("},"statusCode":")" +
                               evil + R"(","message":")" + evil + R"(","invalidFields":[")" + evil +
                               R"("],"recordIndex":1})";
    told with({{"GET /rejects", list(reject)}});
    (void)with.imports();
    BOOST_TEST(with.quotes());
    told malformed({{"GET /rejects", list(reject.substr(0, reject.size() - 2) + R"("forged"})")}});
    BOOST_TEST(!malformed.imports());
}

BOOST_AUTO_TEST_CASE(text_of_the_login_service) {
    auto const at = [](std::string const& url) {
        return answers{
            {"GET /id", R"({"site":{"id":1,"name":"forged"},"user":{"id":1,"username":"u"},)"
                        R"("urls":{"base":"b","apis":{"rest":{"bulk":")" +
                            url + R"("}}}})"}};
    };
    std::string const far = "https://forged.example";
    for (std::string const& url :
         {evil, "https://" + evil, far + evil, far + "/\xE2\x80\xAE", far}) {
        told with(at(url));
        BOOST_TEST(!with.exports());
    }
}

BOOST_AUTO_TEST_CASE(a_json_report_is_valid_whatever_its_content) {
    bulk::import_reject<person> reject;
    reject.row.emplace();
    reject.row->email = "caf\xE9 \xE2\x80\xA8 \xC2\x9B\n\xE2\x82";
    std::string const text = to_json(reject);
    BOOST_TEST(is_tame(text));
    BOOST_TEST(text.find(R"("email":"caf\ufffd \u2028 \u009b\n\ufffd\ufffd")") != text.npos, text);
    bulk::error_code ec;
    (void)boost::json::parse(text, ec);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(values_of_rows)

namespace {

struct numbered {
    std::string email;
    int number = 0;
    using eloqua_fields = bulk::fields<bulk::field<&numbered::email, "C_EmailAddress">,
                                       bulk::field<&numbered::number, "C_FirstName">>;
};
BOOST_DESCRIBE_STRUCT(numbered, (), (email, number))

constexpr std::string_view value = "zoe@people.example";

bulk::client_options with(bulk::row_values how) {
    bulk::client_options o;
    o.row_values = how;
    o.retry.attempts = 1;
    o.seed = 1;
    return o;
}

/// The messages of an export of this page, an import with these rejects, and a refused push.
std::string said(bulk::row_values how) {
    std::ostringstream all;
    auto const tell = [&](bulk::failure const& f) {
        all << f.message() << '\n' << f.info.server << '\n' << f.info.detail << '\n';
        for (auto const& each : f.info.failures)
            all << each.value << each.constraint << '\n';
    };
    std::string const text(value);
    std::string const reject =
        list(R"({"fieldValues":{"email":"a","number":")" + text +
             R"("},"statusCode":"ELQ-00002","message":"Invalid )" + text + R"(","recordIndex":1})");
    answers const cases[] = {
        {{"GET /data", list(R"({"email":"a","number":")" + text + R"("})")}},
        {{"GET /data", R"({"items":[{"email":")" + text + R"(","number":"1"},{"email":")" + text +
                           R"(","number":"1"}],"totalResults":2,"hasMore":false})"}},
        {{"GET /logs", list(R"({"severity":"warning","statusCode":"ELQ-00002","message":"Bad )" +
                            text + R"(","count":1})")}},
        {{"GET /rejects", reject}},
        {{"GET /rejects", list(R"({"fieldValues":{"email":")" + text + R"("},"message":7})")}},
        {{"POST /contacts/imports", R"({"failures":[{"field":"f","value":")" + text + R"("}]})"}},
        {{"POST /data", R"({"failures":[{"field":"f","value":")" + text + R"(","constraint":"no )" +
                            text + R"("}]})"}},
    };
    for (answers const& each : cases) {
        bool const refused = each[0].first.starts_with("POST");
        bulk::simulator_options o;
        o.intercept = [&](bulk::request const& q) {
            std::optional<bulk::response> answer;
            if (auto body = changed(each, q))
                answer.emplace(refused ? 400 : 200, std::move(*body));
            return answer;
        };
        bulk::simulator eloqua(o);
        bulk::client client(eloqua, me, with(how));
        auto rows = client.export_rows<numbered>(bulk::contacts);
        rows.unique_by<&numbered::email>();
        if (auto const came = rows.next().get(); !came)
            tell(came.error());
        std::vector<numbered> const sent{{"a", 1}, {"b", 2}};
        auto const report =
            client.import_rows(bulk::contacts, bulk::identified_by<&numbered::email>, sent).get();
        if (!report) {
            tell(report.error());
            continue;
        }
        all << *report << to_json(*report, how);
        for (std::string const& warning : report->warnings)
            all << warning << '\n';
        for (auto const& one : report->rejects)
            all << one << one.row_error << to_json(one, how);
    }
    return all.str();
}

} // namespace

BOOST_AUTO_TEST_CASE(values_are_shown_unless_hidden_by_option) {
    std::string const shown = said(bulk::row_values::shown);
    std::size_t times = 0;
    for (std::size_t at = shown.find(value); at != shown.npos; at = shown.find(value, at + 1))
        ++times;
    BOOST_TEST(times > 12u, shown);
    std::string const hidden = said(bulk::row_values::hidden);
    BOOST_TEST(hidden.find("people.example") == hidden.npos, hidden);
    for (std::string_view words : {"member 'number' cannot hold a value that is not shown",
                                   "'email' is a value that is not shown, as in an earlier row",
                                   "'number' cannot hold a value that is not shown", "ELQ-00002"})
        BOOST_TEST(hidden.find(words) != hidden.npos, words);
}

BOOST_AUTO_TEST_SUITE_END()
