// SPDX-License-Identifier: BSL-1.0
// Planned faults: what a client sees of them, and whether the service carried out the request.
#include <eloqua/bulk/detail/http/retry.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/simulator/detail/gzip.hpp>
#include <eloqua/bulk/simulator/detail/login.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <boost/json/parse.hpp>
#include <boost/system/errc.hpp>

#include "service_fixture.hpp"
#include <optional>
#include <set>
#include <sstream>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace simulator_tests;
using bulk::fault;
using bulk::fault_kind;
using bulk::fault_plan;
namespace errc = boost::system::errc;

/// What a client sees of one exchange.
struct exchange {
    bulk::error_code sent, came, read;
    bool stale = false;
    bulk::head head;
    std::string body;
    std::size_t pieces = 0;
};

/// Contacts, an export of them, and a channel of a client.
struct faulty : service {
    explicit faulty(simulator_options options = {}) : service(std::move(options)) {
        for (int i = 0; i != 20; ++i)
            eloqua.add_record("/contacts",
                              {{"C_EmailAddress", std::string(1, char('a' + i)) + "@example.com"}});
        fields = get("/contacts/fields").body;
    }
    /// The effect of an injected fault on a request, on a reused channel or a new one.
    exchange suffer(fault f, verb method = verb::get, std::string target = "/contacts/fields",
                    bool reused = false, std::string_view body = {}) {
        bulk::simulation::channel channel = eloqua.acquire();
        eloqua.inject(std::nullopt);
        if (reused)
            ask(channel, verb::get, "/contacts/fields");
        fault_plan plan;
        plan.at("*", 1, std::move(f));
        eloqua.inject(plan);
        exchange const seen = ask(channel, method, target, body);
        BOOST_TEST(plan.finished());
        BOOST_TEST(plan.log().size() == 1u);
        return seen;
    }
    exchange ask(bulk::simulation::channel& by, verb method, std::string const& path,
                 std::string_view body = {}) {
        request q(method, bulk::origin(), "/API/Bulk/2.0" + path);
        q.fields = extra;
        q.fields.set("Authorization",
                     bulk::simulation::basic_authorization("Company", user, "secret"));
        q.fields.set("Content-Type", "application/json");
        q.body = body;
        exchange x;
        by.send(q, {}, x.sent);
        if (!x.sent)
            by.read_head(x.head, {}, x.came);
        x.stale = by.stale();
        if (x.sent || x.came)
            return x;
        std::string buffer(4096, '\0');
        while (std::size_t const n = by.read_some(buffer, {}, x.read)) {
            x.body.append(buffer, 0, n);
            ++x.pieces;
        }
        return x;
    }
    std::string an_export() {
        return define("/contacts/exports", R"({"name":"e",
            "fields":{"Id":"{{Contact.Id}}","x":"{{Contact.Field(C_EmailAddress)}}"}})");
    }
    std::string an_import(std::string const& members = "") {
        return define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
            "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"})" +
                                               members + '}');
    }
    std::uint64_t asked(std::string_view endpoint) const { return eloqua.requests(endpoint); }

    std::string fields;
};

constexpr char const* new_export = R"({"name":"n","fields":{"x":"{{Contact.Id}}"}})";
std::string rows(int n) {
    std::string text = "[";
    for (int i = 0; i != n; ++i)
        text += (i == 0 ? "" : ",") + (R"({"e":"new)" + std::to_string(i) + R"(@example.com"})");
    return text + ']';
}

/// The head as a transport would return it.
bulk::head head_of(response const& r) {
    bulk::head h;
    h.fields = r.fields;
    return h;
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_faults)

BOOST_FIXTURE_TEST_CASE(a_request_that_does_not_arrive_is_not_carried_out, faulty) {
    exchange x = suffer(fault::refuse(), verb::post, "/contacts/exports", false, new_export);
    BOOST_TEST((x.sent == errc::connection_refused));
    x = suffer(fault::reset_before(), verb::post, "/contacts/exports", false, new_export);
    BOOST_TEST(!x.sent);
    BOOST_TEST((x.came == errc::connection_reset));
    x = suffer(fault::reset_inside(), verb::post, "/contacts/exports", false, new_export);
    BOOST_TEST((x.sent == errc::connection_reset));
    BOOST_TEST(asked("POST /contacts/exports") == 0u);
    BOOST_TEST(get("/exports").items() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_response_may_be_lost_after_the_request_was_carried_out, faulty) {
    exchange const x =
        suffer(fault::lose_answer(), verb::post, "/contacts/exports", false, new_export);
    BOOST_TEST(!x.sent);
    BOOST_TEST((x.came == errc::connection_reset));
    BOOST_TEST(!x.stale);
    BOOST_TEST(get("/exports").items() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_reused_connection_without_a_response_is_stale, faulty) {
    for (auto const& [f, stale] :
         {std::pair(fault::reset_before(), true), std::pair(fault::reset_inside(), true),
          std::pair(fault::lose_answer(), true), std::pair(fault::cut(5), false),
          std::pair(fault::refuse(), false), std::pair(fault::stall(), false)}) {
        BOOST_TEST(suffer(f, verb::get, "/contacts/fields", true).stale == stale, f);
        BOOST_TEST(!suffer(f).stale, f);
    }
    // The next request has a new connection.
    bulk::simulation::channel channel = eloqua.acquire();
    fault_plan plan;
    plan.from("GET /contacts/fields", 2, fault::reset_before());
    eloqua.inject(plan);
    BOOST_TEST(!ask(channel, verb::get, "/contacts/fields").came);
    BOOST_TEST(ask(channel, verb::get, "/contacts/fields").stale);
    BOOST_TEST(!ask(channel, verb::get, "/contacts/fields").stale);
}

BOOST_FIXTURE_TEST_CASE(a_body_is_cut, faulty) {
    exchange x = suffer(fault::cut(100));
    BOOST_TEST(x.head.content_length.value() == fields.size());
    BOOST_TEST(x.body == fields.substr(0, 100));
    BOOST_TEST((x.read == errc::connection_reset));
    // Past its end it starts over.
    x = suffer(fault::cut(3 * fields.size() + 7));
    BOOST_TEST(x.body == fields.substr(0, 7));
    // Without a body the head is cut.
    std::string const definition = an_export();
    x = suffer(fault::cut(5), verb::delete_, definition, true);
    BOOST_TEST((x.came == errc::connection_reset));
    BOOST_TEST(!x.stale);
    eloqua.inject(std::nullopt);
    BOOST_TEST(get(definition).status == 404);
}

BOOST_FIXTURE_TEST_CASE(a_missing_response_ends_at_a_deadline, faulty) {
    auto const begun = eloqua.now();
    exchange x = suffer(fault::stall(false), verb::post, "/contacts/exports", false, new_export);
    BOOST_TEST((x.came == bulk::deadline::head));
    BOOST_TEST((eloqua.now() - begun == bulk::deadlines().head));
    BOOST_TEST(get("/exports").items() == 0u);
    x = suffer(fault::stall(), verb::post, "/contacts/exports", false, new_export);
    BOOST_TEST((x.came == bulk::deadline::head));
    BOOST_TEST(get("/exports").items() == 1u);
    auto const again = eloqua.now();
    x = suffer(fault::stall_after(50));
    BOOST_TEST(x.body == fields.substr(0, 50));
    BOOST_TEST((x.read == bulk::deadline::read));
    BOOST_TEST((eloqua.now() - again == bulk::deadlines().read));
}

BOOST_FIXTURE_TEST_CASE(waiting_for_a_missing_response_can_be_cancelled, faulty) {
    eloqua.inject(fault_plan().at("*", 1, fault::stall()));
    bulk::simulation::channel channel = eloqua.acquire();
    request q(verb::get, bulk::origin(), "/API/Bulk/2.0/contacts/fields");
    bulk::error_code ec;
    channel.send(q, {}, ec);
    BOOST_TEST(!ec);
    std::stop_source stop;
    stop.request_stop();
    bulk::head h;
    channel.read_head(h, stop.get_token(), ec);
    BOOST_TEST((ec == errc::operation_canceled));
}

BOOST_FIXTURE_TEST_CASE(bodies_come_in_pieces_or_with_a_wrong_length, faulty) {
    exchange x = suffer(fault::trickle(3));
    BOOST_TEST(x.body == fields);
    BOOST_TEST(x.pieces >= std::min<std::size_t>(1'000, fields.size() / 3));
    x = suffer(fault::overstate(10));
    BOOST_TEST(x.head.content_length.value() == fields.size() + 10);
    BOOST_TEST(x.body == fields);
    BOOST_TEST((x.read == errc::connection_aborted));
    x = suffer(fault::repeat_answer());
    BOOST_TEST(x.body == fields);
    BOOST_TEST(!x.read);
}

BOOST_FIXTURE_TEST_CASE(bodies_are_truncated_or_not_documents, faulty) {
    exchange x = suffer(fault::truncate(100));
    BOOST_TEST(x.head.status == 200);
    BOOST_TEST(x.head.content_length.value() == 100u);
    BOOST_TEST(x.body == fields.substr(0, 100));
    BOOST_TEST(!x.read);
    x = suffer(fault::garble());
    boost::system::error_code ec;
    boost::json::parse(x.body, ec);
    BOOST_TEST(ec.failed());
    BOOST_TEST(x.head.content_length.value() == x.body.size());
    // A page of CSV loses whole lines.
    eloqua.inject(std::nullopt);
    std::string const data = sync(an_export()) + "/data";
    extra.set("Accept", "text/csv");
    std::string const page = get(data).body;
    x = suffer(fault::truncate(page.size() - 2), verb::get, data);
    BOOST_TEST(x.body.ends_with("s@example.com\n"));
    BOOST_TEST(page.starts_with(x.body));
    x = suffer(fault::truncate(2), verb::get, data);
    BOOST_TEST(x.body.empty());
}

BOOST_AUTO_TEST_CASE(compressed_bodies_suffer_too) {
    simulator_options options;
    options.gzip = true;
    faulty s(options);
    s.extra.set("Accept-Encoding", "gzip");
    exchange x = s.suffer(fault::cut(30));
    BOOST_TEST(x.body.size() == 30u);
    BOOST_TEST(x.head.fields.find("Content-Encoding").value() == "gzip");
    x = s.suffer(fault::truncate(40)); // the part that is compressed
    BOOST_TEST(x.body == bulk::simulation::gzip(s.fields.substr(0, 40)));
}

BOOST_FIXTURE_TEST_CASE(credentials_are_refused_once, faulty) {
    exchange const x =
        suffer(fault::unauthorized(), verb::post, "/contacts/exports", false, new_export);
    BOOST_TEST(x.head.status == 401);
    BOOST_TEST(get("/exports").items() == 0u);
}

BOOST_FIXTURE_TEST_CASE(the_instance_moves_until_the_login_service_is_asked, faulty) {
    for (int const status : {401, 404}) {
        eloqua.inject(fault_plan().at("GET /contacts/fields", 1, fault::move_pod(status)));
        BOOST_TEST(get("/contacts/fields").status == status);
        BOOST_TEST(get("/exports").status == status);
        BOOST_TEST(send(verb::get, "/id").status == 200);
        BOOST_TEST(get("/exports").status == 200);
    }
}

BOOST_FIXTURE_TEST_CASE(the_pod_moves_to_another_origin_for_good, faulty) {
    std::string const elsewhere = "https://secure.p04.eloqua.com";
    fault_plan plan;
    eloqua.inject(plan.at("*", 1, fault::move_pod(401, elsewhere)));
    auto const ask_at = [&](std::string const& host, std::string const& target) {
        bulk::origin at;
        at.host = host;
        request q(verb::get, at, target);
        q.fields.set("Authorization",
                     bulk::simulation::basic_authorization("Company", "user", "secret"));
        return answer(eloqua.handle(q));
    };
    std::string const path = "/API/Bulk/2.0/exports";
    BOOST_TEST(ask_at("secure.p03.eloqua.com", path).status == 401);
    BOOST_TEST(ask_at("login.eloqua.com", "/id").at("urls.base") == elsewhere);
    BOOST_TEST(ask_at("secure.p03.eloqua.com", path).status == 401);
    BOOST_TEST(ask_at("secure.p04.eloqua.com", path).status == 200);
    BOOST_TEST(plan.log().size() == 1u);
    plan.calm();
    BOOST_TEST(ask_at("secure.p03.eloqua.com", path).status == 200);
}

BOOST_FIXTURE_TEST_CASE(too_many_requests_may_say_when_to_come_again, faulty) {
    auto const refused = [&](fault f) {
        eloqua.inject(fault_plan().at("*", 1, std::move(f)));
        request q(verb::get, bulk::origin(), "/API/Bulk/2.0/exports");
        return head_of(eloqua.handle(q));
    };
    BOOST_TEST(!bulk::detail::retry_after(refused(fault::too_many_requests())));
    BOOST_TEST((bulk::detail::retry_after(refused(fault::too_many_requests(90s))) == 90s));
    bulk::head const dated = refused(fault::too_many_requests(90s, true));
    BOOST_TEST(dated.fields.find("Retry-After").value() == "Mon, 02 Jun 2025 09:01:30 GMT");
    BOOST_TEST((bulk::detail::retry_after(dated) == 90s));
    BOOST_TEST((bulk::detail::retry_after(refused(fault::unavailable(false, 5s))) == 5s));
    BOOST_TEST(suffer(fault::too_many_requests()).head.status == 429);
}

BOOST_FIXTURE_TEST_CASE(errors_of_the_service_with_and_without_the_work, faulty) {
    std::size_t made = 0;
    for (bool const done : {false, true})
        for (fault const& f : {fault::server_error(3, done), fault::bad_gateway(done),
                               fault::unavailable(done), fault::gateway_timeout(done)}) {
            exchange const x = suffer(f, verb::post, "/contacts/exports", false, new_export);
            BOOST_TEST(x.head.status == f.status);
            bool const html = f.kind != fault_kind::server_error;
            BOOST_TEST((x.head.fields.find("Content-Type").value() == "text/html") == html);
            made += done;
            eloqua.inject(std::nullopt);
            BOOST_TEST(get("/exports").items() == made, f);
        }
    for (int severity = 0; severity != 4; ++severity) {
        exchange const x = suffer(fault::server_error(severity));
        BOOST_TEST(x.body == R"({"errorSeverity":)" + std::to_string(severity) +
                                 R"(,"error":"Unable to process request due to a )" +
                                 (severity == 0 ? "permanent" : "temporary") + R"( error."})");
    }
}

BOOST_FIXTURE_TEST_CASE(data_expire_permanently, faulty) {
    for (int const status : {410, 404}) {
        std::string const data = sync(an_export()) + "/data";
        eloqua.inject(fault_plan().at("GET /syncs/{id}/data", 2, fault::expire(status)));
        BOOST_TEST(get(data).status == 200);
        BOOST_TEST(get(data).status == status);
        BOOST_TEST(get(data).status == status);
        eloqua.inject(std::nullopt);
        BOOST_TEST(get(data).status == status);
    }
}

BOOST_FIXTURE_TEST_CASE(pages_change_their_order, faulty) {
    std::string const uri = sync(an_export());
    std::string const first = uri + "/data?limit=7", second = uri + "/data?limit=7&offset=7",
                      third = uri + "/data?limit=7&offset=14";
    std::vector<std::string> const in_order{get(first).body, get(second).body, get(third).body};
    eloqua.inject(fault_plan().at("GET /syncs/{id}/data", 2, fault::reorder()));
    BOOST_TEST(get(first).body == in_order[0]);
    BOOST_TEST(get(second).body != in_order[1]);
    answer const last = get(third);
    BOOST_TEST(last.body != in_order[2]);
    BOOST_TEST(last.items() == 6u);
}

BOOST_FIXTURE_TEST_CASE(a_sync_is_held_in_pending, faulty) {
    fault_plan plan;
    plan.at("POST /syncs", 1, fault::hold(1h)).at("POST /syncs", 2, fault::hold());
    eloqua.inject(plan);
    std::string const definition = an_export();
    std::string const late = begin_sync(definition), never = begin_sync(definition),
                      sound = begin_sync(definition);
    eloqua.advance(1h);
    BOOST_TEST(get(late).at("status") == "pending");
    BOOST_TEST(get(sound).at("status") == "success");
    eloqua.advance(10s);
    BOOST_TEST(get(late).at("status") == "success");
    eloqua.advance(24h * 30);
    BOOST_TEST(get(never).at("status") == "pending");
    BOOST_TEST(plan.finished());
}

BOOST_FIXTURE_TEST_CASE(a_sync_fails_with_a_code, faulty) {
    eloqua.inject(fault_plan()
                      .at("POST /syncs", 1, fault::fail(bulk::elq::temporary_error))
                      .at("POST /syncs", 2, fault::fail(bulk::elq::file_converted)));
    std::string const out = sync(an_export());
    BOOST_TEST(get(out).at("status") == "error");
    BOOST_TEST(log_of(out) == "00146:0 00101:0");
    BOOST_TEST(get(out + "/data").status == 404);
    std::string const in = import(an_import(), rows(3));
    BOOST_TEST(get(in).at("status") == "error");
    BOOST_TEST(log_of(in) == "00104:0 00101:0");
    BOOST_TEST(eloqua.count("/contacts") == 20u);
}

BOOST_FIXTURE_TEST_CASE(rows_are_rejected_by_a_rule, faulty) {
    eloqua.inject(fault_plan()
                      .at("POST /syncs", 1, fault::reject(2, 3))
                      .at("POST /syncs", 2, fault::reject(1, 1, bulk::elq::unmatched_record)));
    std::string const definition = an_import();
    std::string uri = import(definition, rows(7));
    BOOST_TEST(get(uri).at("status") == "warning");
    BOOST_TEST(rejects_of(uri) == "1:00032() 2:00032() 4:00032() 5:00032() 7:00032()");
    BOOST_TEST(eloqua.count("/contacts") == 22u);
    BOOST_TEST(get(uri + "/rejects").at("items.0.fieldValues.e") == "new0@example.com");
    uri = import(definition, rows(2));
    BOOST_TEST(rejects_of(uri) == "1:00034() 2:00034()");
    uri = import(definition, rows(7));
    BOOST_TEST(get(uri).at("status") == "success");
    BOOST_TEST(eloqua.count("/contacts") == 27u);
}

BOOST_FIXTURE_TEST_CASE(faults_apply_to_a_sync_that_a_push_starts, faulty) {
    std::string const definition = an_import(R"(,"isSyncTriggeredOnImport":true)");
    eloqua.inject(fault_plan().at("POST /contacts/imports/{id}/data", 1, fault::reject()));
    answer const pushed = post(definition + "/data", rows(3));
    BOOST_TEST(pushed.status == 201);
    eloqua.advance(10s);
    BOOST_TEST(get(pushed.at("uri") + "/rejects").items() == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_script_names_requests_by_endpoint_and_number, faulty) {
    fault_plan plan;
    plan.at("GET /contacts/fields", 2, fault::unauthorized())
        .at("GET /contacts/fields", 2, fault::too_many_requests()) // arrives second
        .from("GET /exports", 3, fault::bad_gateway())
        .at("*", 9, fault::unavailable())
        .at("GET /id", 1, fault::gateway_timeout());
    eloqua.inject(plan);
    BOOST_TEST(get("/contacts/fields").status == 200);
    BOOST_TEST(get("/contacts/fields/100001").status != 401);
    BOOST_TEST(get("/contacts/fields?limit=3").status == 401);
    BOOST_TEST(get("/contacts/fields").status == 200);
    for (int const status : {200, 200, 502, 502})
        BOOST_TEST(get("/exports").status == status);
    BOOST_TEST(get("/imports").status == 503);
    BOOST_TEST(get("/imports").status == 200);
    BOOST_TEST(get("/nowhere").status == 404);
    BOOST_TEST(!plan.finished());
    BOOST_TEST(send(verb::get, "/id").status == 504);
    BOOST_TEST(!plan.finished()); // the fault whose turn never came
    std::ostringstream text;
    for (bulk::injected_fault const& each : plan.log())
        text << each << '\n';
    BOOST_TEST(text.str() ==
               "GET /contacts/fields #2 (/API/Bulk/2.0/contacts/fields?limit=3): unauthorized, "
               "status 401\n"
               "GET /exports #3 (/API/Bulk/2.0/exports): bad_gateway, status 502, not carried out\n"
               "GET /exports #4 (/API/Bulk/2.0/exports): bad_gateway, status 502, not carried out\n"
               "GET /imports #1 (/API/Bulk/2.0/imports): unavailable, status 503, not carried out\n"
               "GET /id #1 (/id): gateway_timeout, status 504, carried out\n");
    plan.calm();
    BOOST_TEST(get("/exports").status == 200);
}

BOOST_FIXTURE_TEST_CASE(rows_lack_columns_or_have_others, faulty) {
    std::string const data = sync(an_export()) + "/data?limit=2";
    auto const rows = [&](fault f) {
        std::string const body = suffer(std::move(f), verb::get, data).body;
        std::size_t const at = body.find("\"items\":");
        return at == body.npos ? body : body.substr(at + 8);
    };
    BOOST_TEST(rows(fault::drop_columns("x")) == R"([{"Id":"1001"},{"Id":"1002"}]})");
    BOOST_TEST(rows(fault::drop_columns()) == "[{},{}]}");
    BOOST_TEST(rows(fault::rename_columns("x")) ==
               R"([{"Id":"1001","x_2":"a@example.com"},{"Id":"1002","x_2":"b@example.com"}]})");
    BOOST_TEST(rows(fault::rename_columns()).starts_with(R"([{"Id_2":"1001","x_2":)"));
    BOOST_TEST(rows(fault::break_text(1)).find(R"({"Id":"\ud83d1002",)") != std::string::npos);
    BOOST_TEST(rows(fault::break_text(2, false, "x"))
                   .find("\"\xE9"
                         "a@example.com\"") != std::string::npos);
    BOOST_TEST(suffer(fault::byte_order_mark(), verb::get, data).body.starts_with("\xEF\xBB\xBF{"));
    BOOST_TEST(rows(fault::open_last_line()).ends_with("]}")); // which JSON does not have

    extra.set("Accept", "text/csv");
    BOOST_TEST(rows(fault::drop_columns("x")) == "Id\n1001\n1002\n");
    BOOST_TEST(rows(fault::rename_columns()) ==
               "Id_2,x_2\n1001,a@example.com\n1002,b@example.com\n");
    BOOST_TEST(rows(fault::break_text(1, false, "x")) == "Id,x\n1001,a@example.com\n1002,\xE9"
                                                         "b@example.com\n");
    BOOST_TEST(rows(fault::open_last_line()) == "Id,x\n1001,a@example.com\n1002,b@example.com");
}

BOOST_AUTO_TEST_CASE(faults_describe_themselves) {
    auto const text = [](fault const& f) { return f.describe(); };
    BOOST_TEST(text(fault::refuse()) == "refuse");
    BOOST_TEST(text(fault::cut(100)) == "cut, at byte 100");
    BOOST_TEST(text(fault::stall(false)) == "stall, not carried out");
    BOOST_TEST(text(fault::trickle(2)) == "trickle, bytes at a time 2");
    BOOST_TEST(text(fault::overstate(2)) == "overstate, bytes too many 2");
    BOOST_TEST(text(fault::move_pod(404, "https://a.example")) ==
               "move_pod, status 404, to https://a.example");
    BOOST_TEST(text(fault::too_many_requests(5s, true)) ==
               "too_many_requests, status 429, seconds 5, as a date");
    BOOST_TEST(text(fault::server_error(2, true)) ==
               "server_error, status 500, severity 2, carried out");
    BOOST_TEST(text(fault::hold()) == "hold, for ever");
    BOOST_TEST(text(fault::fail()) == "fail, ELQ-00146");
    BOOST_TEST(text(fault::other_resource("syncedInstanceUri")) ==
               "other_resource, in syncedInstanceUri");
    BOOST_TEST(text(fault::cut_list(false)) == "cut_list, without its total");
    BOOST_TEST(text(fault::endless_list()) == "endless_list");
    BOOST_TEST(text(fault::endless_list(false)) == "endless_list, that ends all the same");
    BOOST_TEST(text(fault::extra_items()) == "extra_items");
    BOOST_TEST(text(fault::drop_columns()) == "drop_columns");
    BOOST_TEST(text(fault::rename_columns("x")) == "rename_columns, in x");
    BOOST_TEST(text(fault::break_text(3, true, "x")) == "break_text, row 3, in x, by an escape");
    BOOST_TEST(text(fault::reject(1, 2)) == "reject, ELQ-00032, 1 of 2 rows");
}

BOOST_FIXTURE_TEST_CASE(unavailable_with_any_retry_after, faulty) {
    exchange const x = suffer(fault::unavailable_until("Sun Nov  6 08:49:37 1994"));
    BOOST_TEST(x.head.status == 503);
    BOOST_TEST(x.head.fields.find("Retry-After").value() == "Sun Nov  6 08:49:37 1994");
}

BOOST_FIXTURE_TEST_CASE(documents_have_other_spellings, faulty) {
    std::string const ended = sync(an_export());
    exchange x = suffer(fault::other_form(), verb::get, ended);
    BOOST_TEST(x.body.find(R"("status":"SUCCESS")") != x.body.npos, x.body);
    BOOST_TEST(x.body.find(R"("createdBy":1748854800)") != x.body.npos, x.body);
    BOOST_TEST(x.body.find(R"("createdAt":1748854800)") != x.body.npos, x.body);
    x = suffer(fault::other_form(), verb::get, "/syncs");
    BOOST_TEST(x.body.find(R"("status":"SUCCESS")") != x.body.npos, x.body);
    x = suffer(fault::odd_status(), verb::get, ended);
    BOOST_TEST(x.body.find(R"("status":"halted")") != x.body.npos, x.body);
}

BOOST_FIXTURE_TEST_CASE(bodies_have_odd_codings_and_padding, faulty) {
    using bulk::simulation::gzip;
    auto const codings = [](exchange const& x) { return x.head.fields.list("Content-Encoding"); };
    extra.set("Accept-Encoding", "gzip");
    exchange x = suffer(fault::encode("gzip, identity", 3));
    BOOST_TEST(codings(x) == "gzip, identity");
    BOOST_TEST((x.body == gzip(fields) + std::string(3, '\0')));
    x = suffer(fault::encode("gzip+gzip"));
    BOOST_TEST(codings(x) == "gzip, gzip");
    BOOST_TEST((x.body == gzip(gzip(fields))));
    x = suffer(fault::encode("identity"));
    BOOST_TEST(codings(x) == "identity");
    BOOST_TEST(x.body == fields);
    extra.set("Accept-Encoding", "br");
    x = suffer(fault::encode("identity+gzip"));
    BOOST_TEST(codings(x) == "identity");
    BOOST_TEST(x.body == fields);
}

BOOST_AUTO_TEST_CASE(random_faults_depend_only_on_seed_and_requests) {
    auto const run = [](std::uint64_t seed, bulk::fault_rates rates) {
        faulty s;
        fault_plan plan(seed, rates);
        s.eloqua.inject(plan);
        for (int i = 0; i != 400; ++i) {
            s.get("/exports?offset=" + std::to_string(i));
            s.post("/contacts/exports", new_export);
            s.post("/syncs", R"({"syncedInstanceUri":"/contacts/exports/1"})");
            s.get("/syncs/1/data?offset=" + std::to_string(i));
            s.get("/syncs/1/logs");
            s.post("/contacts/imports/1/data", "[]");
            s.send(verb::get, "/id");
            s.eloqua.advance(1s);
        }
        return plan.log();
    };
    bulk::fault_rates const everything = bulk::fault_rates::even(0.02);
    auto const once = run(1, everything);
    BOOST_TEST((once == run(1, everything)));
    BOOST_TEST((once != run(2, everything)));
    std::set<fault_kind> kinds;
    for (bulk::injected_fault const& each : once)
        kinds.insert(each.what.kind);
    BOOST_TEST(kinds.size() == 41u);
    for (bulk::injected_fault const& each : run(3, {}))
        BOOST_TEST((each.what.kind != fault_kind::garble &&
                    each.what.kind != fault_kind::truncate && each.what.kind != fault_kind::fail &&
                    each.what.kind != fault_kind::expire && each.what.kind != fault_kind::reorder &&
                    each.what.kind != fault_kind::reject),
                   each);
    BOOST_TEST(run(4, bulk::fault_rates::even(0)).empty());
}

BOOST_FIXTURE_TEST_CASE(random_faults_let_a_request_pass_eventually, faulty) {
    bulk::fault_rates rates = bulk::fault_rates::even(0);
    rates.bad_gateway = 0.5;
    rates.unauthorized = 0.5;
    eloqua.inject(fault_plan(7, rates));
    int in_a_row = 0, refused = 0;
    for (int i = 0; i != 200; ++i) {
        int const status = get("/exports").status;
        in_a_row = status == 200 ? 0 : in_a_row + 1;
        refused = status == 200 ? 0 : refused + (status == 401);
        BOOST_TEST_REQUIRE(in_a_row <= 3);
        BOOST_TEST_REQUIRE(refused <= 1);
    }
}

BOOST_FIXTURE_TEST_CASE(a_script_precedes_random_faults, faulty) {
    bulk::fault_rates rates = bulk::fault_rates::even(0);
    rates.bad_gateway = 1;
    fault_plan plan(1, rates);
    eloqua.inject(plan.at("GET /exports", 2, fault::unauthorized()));
    BOOST_TEST(get("/exports").status == 502);
    BOOST_TEST(get("/exports").status == 401);
}

BOOST_FIXTURE_TEST_CASE(a_damaged_file_is_told_without_a_time_to_come_again, faulty) {
    std::string const data = sync(an_export()) + "/data";
    exchange const x = suffer(fault::server_error(0), verb::get, data);
    BOOST_TEST(x.body == R"({"errorSeverity":0,"error":)"
                         R"("Unable to process request due to a permanent error."})");
    BOOST_TEST(x.head.fields.find("Content-Type").value().starts_with("application/json"));
    BOOST_TEST(!x.head.fields.find("Retry-After").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
