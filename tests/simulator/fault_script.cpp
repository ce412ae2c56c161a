// SPDX-License-Identifier: BSL-1.0
// Fault plans as text: printed plans can be read again, and errors are reported.
#include <eloqua/bulk/simulator/fault_script.hpp>

#include "service_fixture.hpp"
#include <chrono>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace simulator_tests;
using bulk::fault;
using bulk::fault_kind;
using bulk::fault_plan;
using bulk::read_fault;
using bulk::read_fault_plan;

std::string complaint(std::string_view script) {
    try {
        read_fault_plan(script);
    } catch (std::invalid_argument const& wrong) {
        return wrong.what();
    }
    return "none";
}

/// The faults that a plan causes for some requests, as lines.
std::string log_of_requests(fault_plan const& plan) {
    service s;
    s.eloqua.inject(plan);
    for (int i = 0; i != 60; ++i) {
        s.get("/exports?offset=" + std::to_string(i));
        s.get("/contacts/fields?q=\"name=Email*\"");
        s.post("/contacts/exports", R"({"name":"n","fields":{"x":"{{Contact.Id}}"}})");
        s.post("/syncs", R"({"syncedInstanceUri":"/contacts/exports/1"})");
        s.get("/syncs/1/data");
        s.send(verb::get, "/id");
        s.eloqua.advance(1s);
    }
    std::ostringstream lines;
    for (bulk::injected_fault const& each : plan.log())
        lines << each << '\n';
    return lines.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_fault_script)

BOOST_AUTO_TEST_CASE(every_fault_is_parsed_from_its_own_text) {
    std::vector<fault> all{fault::refuse(),
                           fault::cut_handshake(),
                           fault::reset_before(),
                           fault::reset_inside(),
                           fault::lose_answer(),
                           fault::cut(1'000),
                           fault::stall(),
                           fault::stall(false),
                           fault::stall_after(7),
                           fault::trickle(3),
                           fault::overstate(),
                           fault::repeat_answer(),
                           fault::truncate(12),
                           fault::garble(),
                           fault::unauthorized(),
                           fault::move_pod(),
                           fault::move_pod(503, "https://secure.p04.example.com"),
                           fault::too_many_requests(),
                           fault::too_many_requests(5s, true),
                           fault::server_error(0),
                           fault::server_error(3, true),
                           fault::bad_gateway(true),
                           fault::unavailable(true, 90s),
                           fault::unavailable_until("Sun, 06 Nov 1994 08:49:37 GMT"),
                           fault::unavailable_until(" a \"quoted\" \\ text; "),
                           fault::gateway_timeout(),
                           fault::gateway_timeout(false),
                           fault::expire(),
                           fault::expire(404),
                           fault::reorder(),
                           fault::hold(),
                           fault::hold(30s),
                           fault::fail(),
                           fault::fail(bulk::elq::storage_limit),
                           fault::reject(2, 7, bulk::elq::missing_fields),
                           fault::byte_order_mark(),
                           fault::open_last_line(),
                           fault::other_page(),
                           fault::wrong_offset(),
                           fault::other_resource("syncedInstanceUri"),
                           fault::swallow_rows(),
                           fault::start_by_push(),
                           fault::cut_list(),
                           fault::cut_list(false),
                           fault::endless_list(),
                           fault::endless_list(false),
                           fault::extra_items(),
                           fault::late_log(),
                           fault::respell(),
                           fault::respell(false),
                           fault::drop_columns(),
                           fault::drop_columns("E-mail, work"),
                           fault::rename_columns("x"),
                           fault::break_text(4, true, "x"),
                           fault::break_text(0, false),
                           fault::other_status(206),
                           fault::other_status(520),
                           fault::odd_status(),
                           fault::other_form(),
                           fault::encode("gzip, identity", 3),
                           fault::encode("gzip+gzip")};
    std::set<fault_kind> kinds;
    for (fault const& each : all) {
        kinds.insert(each.kind);
        fault const read = read_fault(each.describe());
        BOOST_TEST((read == each), each << " was read as " << read);
    }
    BOOST_TEST(kinds.size() == bulk::fault_forms().size());
}

BOOST_AUTO_TEST_CASE(the_log_of_random_faults_is_a_script_that_repeats_them) {
    std::string const once = log_of_requests(fault_plan(11, bulk::fault_rates::even(0.02)));
    BOOST_TEST(std::ranges::count(once, '\n') > 60);
    BOOST_TEST(log_of_requests(read_fault_plan(once)) == once);
}

BOOST_FIXTURE_TEST_CASE(entries_name_requests_by_endpoint_and_number, service) {
    fault_plan const plan = read_fault_plan("GET /exports #2 status 503, seconds 30;"
                                            " GET /imports #2+ bad_gateway\r\n"
                                            "\n* #9 status 429; GET /contacts/fields lose;");
    eloqua.inject(plan);
    for (int const status : {200, 503, 200})
        BOOST_TEST(get("/exports").status == status);
    for (int const status : {200, 502, 502})
        BOOST_TEST(get("/imports").status == status);
    get("/contacts/fields");
    BOOST_TEST((plan.log().back().what == fault::lose_answer()));
    get("/contacts/fields");
    BOOST_TEST(get("/contacts/lists").status == 429);
    BOOST_TEST(plan.finished());
    BOOST_TEST(plan.log().size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_status_selects_its_fault) {
    BOOST_TEST((read_fault("status 401") == fault::unauthorized()));
    BOOST_TEST((read_fault("status 429, seconds 5") == fault::too_many_requests(5s)));
    BOOST_TEST((read_fault("status 500, severity 0") == fault::server_error(0)));
    BOOST_TEST((read_fault("status 502") == fault::bad_gateway()));
    BOOST_TEST((read_fault("status 503, until soon") == fault::unavailable_until("soon")));
    BOOST_TEST((read_fault("status 504") == fault::gateway_timeout()));
    BOOST_TEST((read_fault("status 418") == fault::other_status(418)));
    BOOST_TEST((read_fault("lose") == fault::lose_answer()));
    BOOST_TEST((read_fault(" reject ,3 of 4 rows, ELQ-00061 ") ==
                fault::reject(3, 4, bulk::elq::missing_fields)));
}

BOOST_AUTO_TEST_CASE(an_invalid_script_is_refused_with_place_and_reason) {
    BOOST_TEST(complaint("") == "none");
    BOOST_TEST(complaint(" ;\n; ") == "none");
    BOOST_TEST(complaint("GET /exports cut; POST /syncs #0 lose") ==
               "entry 2, 'POST /syncs #0 lose': requests to POST /syncs are numbered from 1");
    BOOST_TEST(complaint("cut") == "entry 1, 'cut': it does not start with an endpoint, such as "
                                   "GET /syncs/{id}/data, or *");
    BOOST_TEST(complaint("* #two cut") ==
               "entry 1, '* #two cut': '#two' is not the number of a request, such as #2 or #2+");
    BOOST_TEST(complaint("* #2x cut").ends_with("such as #2 or #2+"));
    BOOST_TEST(complaint("* #").ends_with("'#' is not the number of a request, such as #2 or #2+"));
    std::string const unknown = complaint("GET /exports #2 explode");
    BOOST_TEST(unknown.starts_with("entry 1, 'GET /exports #2 explode': 'explode' is not a fault; "
                                   "there are refuse, cut_handshake, "));
    BOOST_TEST(unknown.ends_with(", encode, lose and status N"));
    BOOST_TEST(complaint("GET /exports").find("'' is not a fault") != std::string::npos);
    BOOST_TEST(complaint("* cut, row 3") ==
               "entry 1, '* cut, row 3': 'row 3' is not a detail of cut, which has at byte N");
    BOOST_TEST(complaint("* refuse, now") ==
               "entry 1, '* refuse, now': 'now' is not a detail of refuse, which has none");
    BOOST_TEST(complaint("* cut, at byte -1").ends_with("which has at byte N"));
    BOOST_TEST(complaint("* cut, at byte 99999999999999999999").ends_with("which has at byte N"));
    BOOST_TEST(complaint("* other_status") ==
               "entry 1, '* other_status': other_status needs 'status N'");
    BOOST_TEST(complaint("* encode, bytes of padding 2").ends_with("encode needs 'as X'"));
    BOOST_TEST(complaint("* status 42") == "entry 1, '* status 42': 'status 42' is out of range");
    BOOST_TEST(
        complaint("* bad_gateway, status 503").ends_with("bad_gateway answers 502, not 503"));
    BOOST_TEST(complaint("* reject, 1 of 0 rows").ends_with("'1 of 0 rows' is out of range"));
    BOOST_TEST(complaint("* odd_status, as \"open").find("is not a detail of") !=
               std::string::npos);

    service s;
    BOOST_CHECK_THROW(s.eloqua.inject(read_fault_plan("GET /nothing cut")), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(every_form_can_be_parsed) {
    for (std::string const& each : bulk::fault_forms()) {
        std::string const kind = each.substr(0, each.find(','));
        if (kind != "other_status" && kind != "encode")
            BOOST_TEST(to_string(read_fault(kind).kind) == kind);
    }
    auto const forms = bulk::fault_forms();
    BOOST_TEST(std::ranges::count(forms, "stall, at byte N, carried out, not carried out") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
