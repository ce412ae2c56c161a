// SPDX-License-Identifier: BSL-1.0
// Checkpoints: an export resumes in another process with exactly the next row, or reports why it
// cannot.
#include <eloqua/bulk/detail/job/duplicate_filter.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "export_script.hpp"
#include "resume.hpp"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace export_script;
using boost::test_tools::per_element;

namespace {

struct contact_view {
    std::string_view email;
    std::string_view number;
};
BOOST_DESCRIBE_STRUCT(contact_view, (), (email, number))

struct other {
    std::string email;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(other, (), (email, name))

struct person {
    std::string email;
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::attribute<&person::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, id))

bulk::export_options pages_of(int rows, std::size_t batch = 1'000) {
    bulk::export_options o;
    o.page_rows = rows;
    o.batch_rows = batch;
    o.read_ahead = false;
    return o;
}

/// The requests about the sync before its pages, when an export resumes from a checkpoint.
void found_again(bulk::scripted_transport& script, int logged) {
    script.expect(verb::get, base + "/syncs/6")
        .answers(
            200,
            R"({"syncedInstanceUri":"/contacts/exports/5","status":"success","uri":"/syncs/6"})");
    script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0")
        .answers(200, R"({"items":[{"statusCode":"ELQ-00102","count":)" + std::to_string(logged) +
                          R"(}],"hasMore":false})");
}

std::string const three = R"(,"totalResults":3,"hasMore":false)";

/// A checkpoint after the first row of three.
std::string behind_the_first() {
    auto script = begin(3);
    page(script, 1, 0, rows(0, 1, R"(,"totalResults":3,"hasMore":true)"));
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(1, 1));
    BOOST_TEST(source.next().get().value().size() == 1u);
    return source.checkpoint().text();
}
bulk::export_checkpoint read(std::string const& text) {
    return bulk::export_checkpoint::parse(text).value();
}
bulk::failure why_not(bulk::scripted_transport& script, std::string const& text) {
    auto source =
        bulk::client(script, me, options())
            .export_rows<contact>(bulk::contacts, bulk::all_rows, resume(read(text), pages_of(9)));
    return source.next().get().error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoints)

BOOST_AUTO_TEST_CASE(only_checkpoint_texts_are_parsed) {
    std::string const text = behind_the_first();
    BOOST_TEST(text.starts_with("eloqua-bulk-export/2 instance=@https://"), text);
    BOOST_TEST(text.find(" name=eloqua-bulk%20export%20") != std::string::npos, text);
    BOOST_TEST(text.find(" definition=/contacts/exports/5 sync=/syncs/6 ") != std::string::npos);
    BOOST_TEST(text.size() < 300u);
    BOOST_TEST(read(text).text() == text);
    BOOST_TEST(read(text).rows == 1);
    for (std::size_t cut = 0; cut != text.size(); ++cut) {
        auto const part = bulk::export_checkpoint::parse(text.substr(0, cut));
        // A shorter last number is a number too; everything else is refused.
        if (cut > text.rfind('=') + 1)
            continue;
        BOOST_TEST_REQUIRE(part.has_error());
        BOOST_TEST((part.error().code == bulk::errc::invalid_checkpoint));
    }
    for (std::string const& wrong :
         {text + " ", " " + text, "eloqua-bulk-export/3" + text.substr(20),
          text.substr(0, text.find("rows=")) + "rows=-1 known_row=-1 known_hash=0",
          text.substr(0, text.find("rows=")) + "rows=1 known_row=1 known_hash=0"})
        BOOST_TEST(bulk::export_checkpoint::parse(wrong).has_error());
    bulk::export_checkpoint odd = read(text);
    odd.name = "Gr\u00fc\xc3\x9f%20 e\n\x7f";
    BOOST_TEST(read(odd.text()).name == odd.name);
    for (char const c : odd.text())
        BOOST_TEST((c >= ' ' && c <= '~'));
}

BOOST_AUTO_TEST_CASE(impossible_numbers_are_refused) {
    std::string const text = behind_the_first(), before = text.substr(0, text.find("rows="));
    for (std::string const& numbers :
         {std::string("9223372036854775807 known_row=-1"),
          std::string("9223372036854775808 known_row=-1"),
          std::string("1000000000000001 known_row=0"), std::string("0 known_row=0")})
        BOOST_TEST((bulk::export_checkpoint::parse(before + "rows=" + numbers + " known_hash=0")
                        .error()
                        .code == bulk::errc::invalid_checkpoint));
    bulk::export_checkpoint without_sync = read(text);
    without_sync.sync.clear();
    BOOST_TEST(bulk::export_checkpoint::parse(without_sync.text()).has_error());
    bulk::scripted_transport script;
    bulk::export_checkpoint by_hand = read(text);
    by_hand.rows = std::numeric_limits<std::int64_t>::max();
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, resume(by_hand));
    BOOST_TEST((source.next().get().error().code == bulk::errc::invalid_checkpoint));
    BOOST_TEST(script.requests().empty());
}

BOOST_AUTO_TEST_CASE(the_previous_version_s_text_is_parsed) {
    std::string const text = behind_the_first();
    std::string const former = "eloqua-bulk-export/1 " + text.substr(text.find("definition="));
    BOOST_TEST(read(former).instance == "");
    auto script = bulk::scripted_transport();
    found_again(script, 3);
    page(script, 9, 0, rows(0, 3, three));
    removal(script);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows,
                                            resume(read(former), pages_of(9)));
    BOOST_TEST(numbers(source) == from_to(1, 3), per_element());
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_instance) {
    bulk::simulator_options named;
    bulk::simulator eloqua(named);
    eloqua.generate_contacts(10);
    auto first = bulk::client(eloqua, me)
                     .export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(5, 5));
    BOOST_TEST(first.next().get().value().size() == 5u);
    bulk::export_checkpoint const at = read(first.checkpoint().text());
    BOOST_TEST(at.instance == bulk::client(eloqua, me).instance().get().value());
    named.site = 4212;
    bulk::simulator other(named); // where an identical export has the same uris
    other.generate_contacts(10);
    auto like =
        bulk::client(other, me).export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(5, 5));
    BOOST_TEST(like.next().get().value().size() == 5u);
    auto const came = bulk::client(other, me)
                          .export_rows<person>(bulk::contacts, bulk::all_rows, resume(at))
                          .next()
                          .get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::invalid_checkpoint));
    BOOST_TEST(came.error().message().find("to the instance 4211@https://") != std::string::npos,
               came.error().message());
    // If the base URL was given, the site is unknown.
    bulk::client_options by_base;
    by_base.base_url = bulk::client(eloqua, me).base_url().get().value();
    auto rest = bulk::client(eloqua, me, by_base)
                    .export_rows<person>(bulk::contacts, bulk::all_rows, resume(at));
    BOOST_TEST(rest.next().get().value().size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_sync_started_before_any_row_is_resumed) {
    for (int step = 0; step != 4; ++step) {
        bulk::simulator eloqua;
        eloqua.generate_contacts(10);
        std::string text;
        {
            auto source = bulk::client(eloqua, me).export_rows<person>(bulk::contacts);
            BOOST_TEST(source.checkpoint().name == "");
            for (int i = 0; i != std::min(step + 1, 3); ++i)
                BOOST_TEST(source.prepare().get().value());
            if (step == 3)
                BOOST_TEST(!source.prepare().get().value());
            text = source.checkpoint().text();
        }
        BOOST_TEST(read(text).name != "");
        BOOST_TEST(read(text).definition.empty() == (step < 1));
        BOOST_TEST(read(text).sync.empty() == (step < 2));
        auto rest = bulk::client(eloqua, me)
                        .export_rows<person>(bulk::contacts, bulk::all_rows, resume(read(text)));
        auto const came = rest.next().get();
        if (step == 0) { // the filter is no longer known
            BOOST_TEST((came.error().code == bulk::errc::sync_gone));
            BOOST_TEST(came.error().message().find("does not exist") != std::string::npos);
            continue;
        }
        BOOST_TEST(came.value().size() == 10u);
        BOOST_TEST(eloqua.requests("POST /contacts/exports") == 1u);
        BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
    }
}

BOOST_AUTO_TEST_CASE(an_abandoned_wait_resumes_with_the_same_sync) {
    bulk::simulator_options slow;
    slow.sync_active = std::chrono::hours(5);
    bulk::simulator eloqua(slow);
    eloqua.generate_contacts(10);
    bulk::client_options impatient;
    impatient.polling.deadline = std::chrono::hours(1);
    bulk::client const client(eloqua, me, impatient);
    auto source = client.export_rows<person>(bulk::contacts);
    auto came = source.next().get();
    std::string text = source.checkpoint().text();
    int runs = 1;
    for (; came.has_error() && runs != 20; ++runs) {
        BOOST_TEST((came.error().code == bulk::errc::deadline_exceeded), came.error().message());
        auto again = client.export_rows<person>(bulk::contacts, bulk::all_rows, resume(read(text)));
        came = again.next().get();
        text = again.checkpoint().text();
    }
    BOOST_TEST(runs > 3);
    BOOST_TEST(came.value().size() == 10u);
    BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
}

BOOST_AUTO_TEST_CASE(a_deleted_definition_without_a_sync) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(10);
    bulk::client client(eloqua, me);
    auto source = client.export_rows<person>(bulk::contacts);
    BOOST_TEST((source.prepare().get().value() && source.prepare().get().value()));
    eloqua.advance(std::chrono::hours(24 * 30));
    auto const came =
        client.export_rows<person>(bulk::contacts, bulk::all_rows, resume(source.checkpoint()))
            .next()
            .get();
    BOOST_TEST((came.error().code == bulk::errc::sync_gone), came.error().message());
}

BOOST_AUTO_TEST_CASE(a_resumed_export_makes_no_definition_without_its_filter) {
    bulk::export_checkpoint at = read(behind_the_first());
    at.rows = 0;
    at.known_row = -1;
    bulk::scripted_transport script;
    script.expect(verb::get, base + "/syncs/6")
        .answers(
            200,
            R"({"syncedInstanceUri":"/contacts/exports/5","status":"error","uri":"/syncs/6"})");
    script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0")
        .answers(200, R"({"items":[{"severity":"error","statusCode":"ELQ-00146"}]})");
    script.expect(verb::post, base + "/syncs").answers(201, "<html>");
    script.expect(verb::get, base + "/syncs?limit=1000&offset=0&orderBy=createdAt%20DESC")
        .answers(403, "");
    auto source =
        bulk::client(script, me, options())
            .export_rows<contact>(bulk::contacts, bulk::where<&contact::email> != "", resume(at));
    BOOST_TEST((source.next().get().error().code == bulk::elq::temporary_error));
    BOOST_TEST(source.next().get().error().message().find("the search for it failed") !=
               std::string::npos);
    BOOST_TEST((source.next().get().error().code == bulk::errc::sync_gone));
    BOOST_TEST(script.finished());
    BOOST_TEST(script.unexpected().empty());
}

BOOST_AUTO_TEST_CASE(another_process_resumes_with_the_next_row) {
    auto script = bulk::scripted_transport();
    found_again(script, 3);
    page(script, 9, 0, rows(0, 3, three));
    removal(script);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows,
                                            resume(read(behind_the_first()), pages_of(9)));
    BOOST_TEST(source.checkpoint().text() == behind_the_first()); // nothing has come yet
    BOOST_TEST(numbers(source) == from_to(1, 3), per_element());
    BOOST_TEST(source.receipt().rows == 3);
    BOOST_TEST(source.receipt().definition_deleted);
    BOOST_TEST(source.receipt().definition == "/contacts/exports/5");
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(after_every_number_of_rows_in_every_way_to_read_them) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(23);
    bulk::client client(eloqua, me);
    auto whole = client.export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(5, 4));
    std::vector<std::int64_t> all;
    for (person const& p : whole)
        all.push_back(p.id);
    BOOST_TEST_REQUIRE(all.size() == 23u);
    struct stop {};
    for (std::size_t n = 1; n <= all.size(); ++n)
        for (int way = 0; way != 3; ++way) {
            auto first = client.export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(5, 4));
            std::vector<std::int64_t> got;
            if (way == 0) {
                for (person& p : first) {
                    if (got.size() == n)
                        break;
                    got.push_back(p.id);
                    p.email.clear(); // the caller may change it
                }
            } else if (way == 1) {
                while (got.size() < n)
                    for (person const& p : first.next().get().value())
                        got.push_back(p.id);
            } else {
                try {
                    (void)first
                        .for_each([&](person const& p) {
                            if (got.size() == n)
                                throw stop();
                            got.push_back(p.id);
                        })
                        .get();
                } catch (stop const&) {
                }
            }
            if (got.size() == all.size())
                continue; // the definition was deleted after all rows arrived
            bulk::export_checkpoint const at = read(first.checkpoint().text());
            BOOST_TEST(at.rows == static_cast<std::int64_t>(got.size()));
            auto rest =
                client.export_rows<person>(bulk::contacts, bulk::all_rows, resume(at, pages_of(7)));
            for (person const& p : rest)
                got.push_back(p.id);
            BOOST_TEST(got == all, per_element());
        }
}

BOOST_AUTO_TEST_CASE(rows_of_views_are_recognised) {
    // The last row of a piece has an unescaped text, as has the row that is cut.
    std::string const body =
        R"({"items":[{"email":"a\u00e9","number":"0"},{"email":"b\u00e9","number":"1"},)"
        R"({"email":"c\u00e9","number":"2"}],"totalResults":3,"hasMore":false})";
    std::size_t const cut = body.find("c\\u00e9") + 8;
    auto script = begin(3);
    page(script, 9, 0, body).cut_after(cut);
    page(script, 9, 1,
         R"({"items":[{"email":"b\u00e9","number":"1"},{"email":"c\u00e9","number":"2"}])" + three +
             "}");
    removal(script);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact_view>(bulk::contacts, bulk::all_rows, pages_of(9));
    std::string got;
    auto const n =
        source.for_each([&](contact_view const& c) { (got += c.email) += c.number; }).get();
    BOOST_TEST(n.value() == 3);
    BOOST_TEST(got == "a\xc3\xa9"
                      "0b\xc3\xa9"
                      "1c\xc3\xa9"
                      "2");
}

BOOST_AUTO_TEST_CASE(a_different_row_at_the_same_offset_is_an_error) {
    auto script = bulk::scripted_transport();
    found_again(script, 3);
    page(script, 9, 0,
         rows(7, 1, "").substr(0, rows(7, 1, "").size() - 2) + "," + rows(1, 2, three).substr(10));
    bulk::failure const why = why_not(script, behind_the_first());
    BOOST_TEST((why.code == bulk::errc::rows_reordered));
    BOOST_TEST(why.message().find("row 0 was delivered before") != std::string::npos);
    BOOST_TEST(why.message().find("/syncs/6") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_order_after_an_interrupted_page_is_detected) {
    auto script = begin(3);
    std::string const body = rows(0, 3, three);
    page(script, 9, 0, body).cut_after(body.find("row2"));
    page(script, 9, 1, rows(5, 2, three));
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    std::vector<int> got;
    auto const came = source.for_each([&](contact const& c) { got.push_back(c.number); }).get();
    BOOST_TEST((came.error().code == bulk::errc::rows_reordered));
    BOOST_TEST(got == upto(2), per_element());
    // This does not change.
    BOOST_TEST((source.next().get().error().code == bulk::errc::rows_reordered));
}

BOOST_AUTO_TEST_CASE(a_page_that_breaks_after_the_known_row_is_not_requested_endlessly) {
    auto script = begin(3);
    std::string const body = rows(0, 3, three);
    page(script, 9, 0, body).cut_after(body.find("row2"));
    for (int i = 0; i != 20; ++i)
        page(script, 9, 1, rows(1, 2, three)).cut_after(body.find("row2") - 50);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    std::vector<int> got;
    auto const came = source.for_each([&](contact const& c) { got.push_back(c.number); }).get();
    BOOST_TEST((came.error().code == bulk::condition::try_later));
    BOOST_TEST(came.error().info.attempts == options().retry.attempts);
    BOOST_TEST(got == upto(2), per_element());
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_other_columns) {
    bulk::scripted_transport script;
    auto source =
        bulk::client(script, me, options())
            .export_rows<other>(bulk::contacts, bulk::all_rows, resume(read(behind_the_first())));
    BOOST_TEST((source.next().get().error().code == bulk::errc::invalid_checkpoint));
    BOOST_TEST(script.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_nothing) {
    bulk::scripted_transport script;
    auto fresh = bulk::client(script, me, options()).export_rows<contact>(bulk::contacts);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows,
                                            resume(read(fresh.checkpoint().text())));
    BOOST_TEST((source.next().get().error().code == bulk::errc::invalid_checkpoint));
    BOOST_TEST(script.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_sync_that_has_expired_or_belongs_to_another_definition) {
    {
        bulk::scripted_transport script;
        script.expect(verb::get, base + "/syncs/6").answers(404, "");
        bulk::failure const why = why_not(script, behind_the_first());
        BOOST_TEST((why.code == bulk::errc::sync_gone));
        BOOST_TEST(why.message().find("/syncs/6") != std::string::npos);
        BOOST_TEST(why.message().find("start a new export") != std::string::npos);
    }
    {
        bulk::scripted_transport script;
        script.expect(verb::get, base + "/syncs/6")
            .answers(200, R"({"syncedInstanceUri":"/contacts/exports/7","status":"success"})");
        bulk::failure const why = why_not(script, behind_the_first());
        BOOST_TEST((why.code == bulk::errc::sync_gone));
        BOOST_TEST(why.message().find("/contacts/exports/7") != std::string::npos);
    }
    bulk::scripted_transport script;
    found_again(script, 3);
    page(script, 9, 0, "").answers(410, "");
    BOOST_TEST((why_not(script, behind_the_first()).code == bulk::errc::sync_gone));
}

BOOST_AUTO_TEST_CASE(rows_that_have_expired_at_the_service) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(10);
    bulk::client client(eloqua, me);
    auto first = client.export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(5, 5));
    BOOST_TEST(first.next().get().value().size() == 5u);
    eloqua.advance(std::chrono::hours(24 * 30));
    auto rest =
        client.export_rows<person>(bulk::contacts, bulk::all_rows, resume(first.checkpoint()));
    BOOST_TEST((rest.next().get().error().code == bulk::errc::sync_gone));
    BOOST_TEST((first.next().get().error().code == bulk::errc::sync_gone));
}

BOOST_AUTO_TEST_CASE(a_running_sync_is_still_watched) {
    bulk::scripted_transport script;
    script.expect(verb::get, base + "/syncs/6")
        .answers(200, R"({"syncedInstanceUri":"/contacts/exports/5","status":"active"})");
    found_again(script, 3);
    page(script, 9, 0, rows(0, 3, three));
    removal(script);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows,
                                            resume(read(behind_the_first()), pages_of(9)));
    BOOST_TEST(numbers(source) == from_to(1, 3), per_element());
}

BOOST_AUTO_TEST_CASE(a_kept_definition_is_deleted_on_demand) {
    auto script = begin(3);
    page(script, 9, 0, rows(0, 3, three));
    removal(script);
    auto o = pages_of(9);
    o.keep_definition = true;
    auto source =
        bulk::client(script, me, options()).export_rows<contact>(bulk::contacts, bulk::all_rows, o);
    BOOST_TEST(numbers(source) == upto(3), per_element());
    BOOST_TEST(!script.finished());
    BOOST_TEST(source.remove_definition().get().has_value());
    BOOST_TEST(source.receipt().definition_deleted);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(records_resume_too) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(10);
    bulk::client client(eloqua, me);
    bulk::record_columns const columns({bulk::field_column("email", "C_EmailAddress")});
    auto first = client.export_records(bulk::contacts, columns, bulk::all_rows, pages_of(5, 5));
    auto const got = first.next().get().value();
    auto rest =
        client.export_records(bulk::contacts, columns, bulk::all_rows, resume(first.checkpoint()));
    auto const others = rest.next().get().value();
    BOOST_TEST(got.size() == 5u);
    BOOST_TEST(others.size() == 5u);
    BOOST_TEST(got.back()[0] != others.front()[0]);
}

BOOST_AUTO_TEST_CASE(duplicate_rows_are_detected_at_once) {
    auto script = begin(6);
    page(script, 3, 0, rows(0, 3, R"(,"totalResults":6,"hasMore":true)"));
    page(script, 3, 3, rows(2, 3, R"(,"totalResults":6,"hasMore":false)"));
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
    source.unique_by<&contact::number>();
    std::vector<int> got;
    auto const came = source.for_each([&](contact const& c) { got.push_back(c.number); }).get();
    BOOST_TEST((came.error().code == bulk::errc::duplicate_row));
    BOOST_TEST(came.error().message().find("row 3: 'number' is \"2\"") != std::string::npos);
    BOOST_TEST(got == upto(3), per_element());
    BOOST_TEST(source.checkpoint().rows == 3);
}

BOOST_AUTO_TEST_CASE(another_order_from_any_page_on_is_never_a_success) {
    std::mt19937 random(1);
    for (int run = 0; run != 100; ++run) {
        bulk::simulator eloqua;
        eloqua.generate_contacts(100);
        auto const from = 2 + random() % 9;
        bulk::fault_plan plan;
        plan.at("GET /syncs/{id}/data", from, bulk::fault::reorder());
        eloqua.inject(plan);
        auto o = pages_of(10, 1 + random() % 20);
        o.read_ahead = run % 2 == 0;
        bulk::client client(eloqua, me);
        auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, o);
        source.unique_by<&person::id>();
        std::set<std::int64_t> got;
        std::size_t rows = 0;
        auto const came = source
                              .for_each([&](person const& p) {
                                  got.insert(p.id);
                                  ++rows;
                              })
                              .get();
        BOOST_TEST_REQUIRE(came.has_error(), "another order from page " << from << " on");
        BOOST_TEST((came.error().code == bulk::errc::duplicate_row), came.error().message());
        BOOST_TEST(came.error().message().find("'id' is \"") != std::string::npos,
                   came.error().message());
        BOOST_TEST(plan.finished());
        BOOST_TEST(rows >= (from - 1) * 10);
        BOOST_TEST(got.size() == rows);
        BOOST_TEST(source.checkpoint().rows == static_cast<std::int64_t>(rows));
    }
}

BOOST_AUTO_TEST_CASE(a_row_read_again_after_an_interruption_is_not_a_duplicate) {
    std::string const body = rows(0, 3, three);
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
        int whole = 0;
        for (std::size_t at = body.find('}'); at < cut && whole < 3; at = body.find('}', at + 1))
            ++whole;
        auto script = begin(3);
        page(script, 9, 0, body).cut_after(cut);
        int const from = whole == 0 ? 0 : whole - 1;
        page(script, 9, from, rows(from, 3 - from, three));
        removal(script);
        auto source = bulk::client(script, me, options())
                          .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
        source.unique_by<&contact::number>();
        BOOST_TEST(numbers(source) == upto(3), per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_row_whose_callback_throws_is_not_a_duplicate) {
    auto script = begin(3);
    page(script, 9, 0, rows(0, 3, three));
    page(script, 9, 0, rows(0, 3, three));
    removal(script);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    source.unique_by<&contact::number>();
    std::vector<int> got;
    auto fussy = [&](contact const& c) {
        if (c.number == 1)
            throw std::runtime_error("no room");
        got.push_back(c.number);
    };
    BOOST_CHECK_THROW((void)source.for_each(fussy).get(), std::runtime_error);
    BOOST_TEST(source.for_each([&](contact const& c) { got.push_back(c.number); }).get().value() ==
               2);
    BOOST_TEST(got == upto(3), per_element());
}

BOOST_AUTO_TEST_CASE(a_definition_deleted_between_two_batches_is_reported) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(20'000);
    auto source = bulk::client(eloqua, me)
                      .export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(20'000, 10));
    BOOST_TEST(!source.next().get().value().empty());
    BOOST_TEST(source.remove_definition().get().has_value());
    for (;;) {
        auto const came = source.next().get();
        if (came) { // rows that arrived with the first piece
            BOOST_TEST_REQUIRE(!came->empty());
            continue;
        }
        BOOST_TEST((came.error().code == bulk::errc::sync_gone));
        break;
    }
}

BOOST_AUTO_TEST_CASE(an_impossible_number_of_rows_does_not_exhaust_memory) {
    auto script = begin(3);
    page(script, 9, 0, rows(0, 3, R"(,"totalResults":900000000000000,"hasMore":false)"));
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    source.unique_by<&contact::number>();
    BOOST_TEST(source.for_each([](contact const&) {}).get().has_error());
}

BOOST_AUTO_TEST_CASE(seen_values_take_little_more_than_8_bytes_each) {
    bulk::detail::hash_set seen;
    std::uint64_t const n = 100'000;
    seen.reserve(n);
    std::size_t const bytes = seen.bytes();
    BOOST_TEST(bytes <= n * 9 + 64);
    for (std::uint64_t i = 0; i != n; ++i)
        BOOST_TEST_REQUIRE(seen.insert(i * 0x9e3779b97f4a7c15));
    BOOST_TEST(seen.bytes() == bytes);
    for (std::uint64_t i = 0; i != n; ++i)
        BOOST_TEST_REQUIRE(!seen.insert(i * 0x9e3779b97f4a7c15));
    bulk::detail::hash_set grown; // a row whose number was unknown
    for (bool const fresh : {true, false})
        for (std::uint64_t i = 1; i <= n; ++i)
            BOOST_TEST_REQUIRE(grown.insert(i) == fresh);
}

BOOST_AUTO_TEST_SUITE_END()
