// SPDX-License-Identifier: BSL-1.0
// Exports to a file: the file's content, and calls that are refused instead of overwriting a file.
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace bulk = eloqua::bulk;
using memory_disk::crash;
using memory_disk::disk;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};

struct contact {
    std::string email;
    std::optional<std::string> name;
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::name, "C_FirstName">,
                                       bulk::attribute<&contact::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, name, id))

struct address {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&address::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(address, (), (email))

struct people {
    people() {
        for (auto const& [email, name] :
             {std::pair("ana@example.com", "Ana \"A\", the first"), std::pair("bo@example.com", ""),
              std::pair("zoe@example.com", "Zoë\r\n\\")})
            eloqua.add_record("/contacts", {{"C_EmailAddress", email}, {"C_FirstName", name}});
        options.files = &files;
    }
    template <class Filter = bulk::all_rows_t>
    bulk::result<bulk::stored_export> run(Filter condition = Filter()) {
        return bulk::export_to_file<contact>(client, bulk::contacts, "out", condition, options)
            .get();
    }
    std::string refusal() {
        auto const came = run();
        return came.has_error() ? came.error().message() : "none";
    }
    /// All requests for a page of rows are refused from this one on.
    void fail_at_page(int number) {
        eloqua.intercept([number, seen = 0](bulk::request const& q) mutable {
            bool const rows = q.target.find("/data?") != q.target.npos;
            return rows && ++seen >= number ? std::optional(bulk::response(400)) : std::nullopt;
        });
    }

    bulk::simulator eloqua;
    bulk::client client{eloqua, me};
    disk files;
    bulk::export_file_options options;
};

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}
std::string said(bulk::stored_export const& what) {
    std::ostringstream out;
    out << what;
    return out.str();
}

std::string const ndjson =
    R"({"email":"ana@example.com","name":"Ana \"A\", the first","id":"1001"})"
    "\n"
    R"({"email":"bo@example.com","name":"","id":"1002"})"
    "\n"
    R"({"email":"zoe@example.com","name":"Zoë\r\n\\","id":"1003"})"
    "\n";
std::string const csv = "email,name,id\r\n"
                        "ana@example.com,\"Ana \"\"A\"\", the first\",1001\r\n"
                        "bo@example.com,,1002\r\n"
                        "zoe@example.com,\"Zoë\r\n\\\",1003\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(export_to_file)

BOOST_FIXTURE_TEST_CASE(each_row_is_a_line, people) {
    auto const done = run().value();
    BOOST_TEST(files.content("out").value() == ndjson);
    BOOST_TEST(done.receipt.rows == 3);
    BOOST_TEST(done.receipt.definition_deleted);
    BOOST_TEST(done.resumed == 0);
    BOOST_TEST(!done.was_complete);
    BOOST_TEST(has(said(done), "3 rows, complete"));
    BOOST_TEST(eloqua.requests("DELETE /contacts/exports/{id}") == 1u);
}

BOOST_FIXTURE_TEST_CASE(csv_has_a_line_of_keys, people) {
    options.format = bulk::file_format::csv;
    run().value();
    BOOST_TEST(files.content("out").value() == csv);
}

BOOST_FIXTURE_TEST_CASE(no_rows_are_a_complete_file, people) {
    options.format = bulk::file_format::csv;
    auto const none = run(bulk::where<&contact::email> == "nobody");
    BOOST_TEST(none.value().receipt.rows == 0);
    BOOST_TEST(files.content("out").value() == "email,name,id\r\n");
}

BOOST_FIXTURE_TEST_CASE(a_filter, people) {
    options.keep_definition = true;
    auto const one = run(bulk::where<&contact::email> == "bo@example.com").value();
    BOOST_TEST(files.content("out").value() ==
               "{\"email\":\"bo@example.com\",\"name\":\"\",\"id\":\"1002\"}\n");
    BOOST_TEST(!one.receipt.definition_deleted);
    BOOST_TEST(eloqua.requests("DELETE /contacts/exports/{id}") == 0u);
    options.leave_complete = true;
    auto const again = run(bulk::where<&contact::email> == "bo@example.com").value();
    BOOST_TEST(again.was_complete);
    BOOST_TEST(again.receipt.filter.value() == one.receipt.filter.value());
    BOOST_TEST(has(one.receipt.filter.value(), "bo@example.com"));
    BOOST_TEST(again.receipt.rows == 1);
    BOOST_TEST(has(said(again), "was complete already: 1 rows of /syncs/"));
    BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
    auto const other = run(bulk::where<&contact::email> == "ana@example.com").value();
    BOOST_TEST(other.was_complete);
    BOOST_TEST(other.receipt.filter.value() == one.receipt.filter.value());
}

BOOST_FIXTURE_TEST_CASE(the_next_export_replaces_a_complete_one, people) {
    auto const monday = run(bulk::where<&contact::id> >= std::int64_t(1002)).value();
    BOOST_TEST(monday.receipt.rows == 2);
    eloqua.add_record("/contacts", {{"C_EmailAddress", "eve@example.com"}, {"C_FirstName", "Eve"}});
    auto const tuesday = run(bulk::where<&contact::id> >= std::int64_t(1003)).value();
    BOOST_TEST(!tuesday.was_complete);
    BOOST_TEST(tuesday.resumed == 0);
    BOOST_TEST(tuesday.receipt.rows == 2);
    BOOST_TEST(has(tuesday.receipt.filter.value(), "1003"));
    BOOST_TEST(has(said(tuesday), "; where "));
    BOOST_TEST(has(bulk::to_json(tuesday), R"("was_complete":false)"));
    std::string const content = files.content("out").value();
    BOOST_TEST(has(content, "eve@example.com"));
    BOOST_TEST(!has(content, "bo@example.com"));
    // The same filter again is a new export, too; and it does not matter that the file was removed.
    files.remove("out").value();
    BOOST_TEST(run(bulk::where<&contact::id> >= std::int64_t(1003)).value().receipt.rows == 2);
    BOOST_TEST(files.content("out").value() == content);
    BOOST_TEST(eloqua.requests("POST /syncs") == 3u);
    files.put("out", content + "more");
    auto const changed = run(bulk::where<&contact::id> >= std::int64_t(1003));
    BOOST_TEST(has(changed.error().message(), "its journal says"));
    BOOST_TEST(files.content("out").value() == content + "more");
}

BOOST_FIXTURE_TEST_CASE(a_complete_file_stays_until_new_rows_arrive, people) {
    run().value();
    fail_at_page(1);
    BOOST_TEST(refusal() != "none");
    BOOST_TEST(files.content("out").value() == ndjson);
    eloqua.intercept({});
    BOOST_TEST(run().value().receipt.rows == 3);
    BOOST_TEST(files.content("out").value() == ndjson);
    BOOST_TEST(eloqua.requests("POST /syncs") == 2u); // the second was resumed
}

BOOST_FIXTURE_TEST_CASE(the_call_can_choose_the_journal_s_filter, people) {
    options.page_rows = options.checkpoint_rows = 1;
    auto at_night = [&](std::int64_t since) { return run(bulk::where<&contact::id> >= since); };
    fail_at_page(2);
    BOOST_TEST(at_night(1001).has_error());
    eloqua.intercept({});
    auto const refused = at_night(1002).error();
    BOOST_TEST((refused.code == bulk::errc::other_export));
    BOOST_TEST(
        has(refused.message(), "'out.journal' belongs to another export (ndjson of /contacts "));
    BOOST_TEST(has(refused.message(), "use_journal_filter"));
    options.use_journal_filter = true;
    auto const done = at_night(1002).value();
    BOOST_TEST(done.resumed == 1);
    BOOST_TEST(done.receipt.rows == 3);
    BOOST_TEST(has(done.receipt.filter.value(), "1001"));
    BOOST_TEST(files.content("out").value() == ndjson);
    // The same when the export has to start over with that filter.
    fail_at_page(1);
    BOOST_TEST(at_night(1001).has_error());
    eloqua.intercept({});
    eloqua.advance(std::chrono::hours(24 * 30));
    auto const anew = at_night(1002).value();
    BOOST_TEST(has(anew.receipt.filter.value(), "1001"));
    BOOST_TEST(files.content("out").value() == ndjson);
    // A complete export is replaced by the one that the call requests.
    auto const next = at_night(1002).value();
    BOOST_TEST(has(next.receipt.filter.value(), "1002"));
    BOOST_TEST(next.receipt.rows == 2);
}

BOOST_FIXTURE_TEST_CASE(a_sync_of_an_earlier_run_that_failed, people) {
    bulk::fault_plan plan;
    plan.at("POST /syncs", 1, bulk::fault::fail(bulk::elq::malformed_record));
    plan.at("POST /syncs", 3, bulk::fault::fail());
    eloqua.inject(plan);
    BOOST_TEST((run().error().code == bulk::errc::sync_failed));
    BOOST_TEST(run().value().receipt.rows == 3);
    BOOST_TEST(files.content("out").value() == ndjson);
    BOOST_TEST(eloqua.requests("POST /syncs") == 2u);
    BOOST_TEST(eloqua.requests("DELETE /contacts/exports/{id}") == 2u);
    // A sync that the service runs again belongs to the same definition.
    BOOST_TEST((run().error().code == bulk::elq::temporary_error));
    BOOST_TEST(run().value().receipt.rows == 3);
    BOOST_TEST(eloqua.requests("POST /syncs") == 4u);
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 3u);
    BOOST_TEST(plan.finished());
}

BOOST_FIXTURE_TEST_CASE(an_export_that_fails_keeps_the_rows_it_received, people) {
    options.page_rows = options.batch_rows = 1; // far below all limits of the checkpoint
    fail_at_page(3);
    BOOST_TEST(refusal() != "none");
    eloqua.intercept({});
    BOOST_TEST(run().value().resumed == 2);
    BOOST_TEST(files.content("out").value() == ndjson);
}

BOOST_FIXTURE_TEST_CASE(a_journal_of_another_instance, people) {
    options.page_rows = options.checkpoint_rows = 1;
    fail_at_page(2);
    BOOST_TEST(refusal() != "none");
    eloqua.intercept({});
    bulk::simulator_options named;
    named.site = 7;
    bulk::simulator elsewhere(named);
    bulk::client const there(elsewhere, me);
    auto refused = [&] {
        auto const came =
            bulk::export_to_file<contact>(there, bulk::contacts, "out", bulk::all_rows, options)
                .get();
        return came.has_error() && came.error().code == bulk::errc::invalid_checkpoint &&
               has(came.error().message(), "to the instance 4211@");
    };
    BOOST_TEST(refused());
    options.start_over_if_gone = true;
    BOOST_TEST(refused());
    BOOST_TEST(run().value().resumed == 1);
    options.leave_complete = true;
    BOOST_TEST(refused());
    BOOST_TEST(files.content("out").value() == ndjson);
}

BOOST_FIXTURE_TEST_CASE(a_journal_of_the_previous_version_is_resumed, people) {
    options.page_rows = options.checkpoint_rows = 1;
    fail_at_page(3);
    BOOST_TEST(refusal() != "none");
    eloqua.intercept({});
    auto journal = bulk::detail::journal::open("out.journal", files).value();
    std::string last = journal.records().back();
    std::size_t const begin = last.find("eloqua-bulk-export/2");
    last = last.substr(0, begin) + "eloqua-bulk-export/1 " + last.substr(last.find("definition="));
    std::vector<std::string> const former{journal.records().front(), last};
    journal.rewrite(former).value();
    {
        auto const closed = std::move(journal);
    }
    BOOST_TEST(run().value().resumed == 2);
    BOOST_TEST(files.content("out").value() == ndjson);
}

BOOST_FIXTURE_TEST_CASE(a_pipe_has_no_journal, people) {
    files.put_stream("out");
    BOOST_TEST(run().value().receipt.rows == 3);
    BOOST_TEST(files.content("out").value() == ndjson);
    BOOST_TEST(!files.content("out.journal"));
    options.format = bulk::file_format::csv;
    run(bulk::where<&contact::email> == "nobody").value();
    BOOST_TEST(files.content("out").value() == ndjson + "email,name,id\r\n");
    options.start_over_if_gone = true;
    eloqua.intercept([&](bulk::request const& q) {
        bool const rows = q.target.find("/data?") != q.target.npos;
        return rows ? std::optional(bulk::response(410)) : std::nullopt;
    });
    BOOST_TEST(has(refusal(), "cannot be removed again"));
}

BOOST_FIXTURE_TEST_CASE(records, people) {
    bulk::record_columns const columns{
        {bulk::field_column("e, mail", "C_EmailAddress"), bulk::attribute_column("id", "Id")}};
    options.format = bulk::file_format::csv;
    auto const all = bulk::export_records_to_file(client, bulk::contacts, columns, "out",
                                                  bulk::all_rows, options)
                         .get()
                         .value();
    BOOST_TEST(all.receipt.rows == 3);
    BOOST_TEST(files.content("out").value() == "\"e, mail\",id\r\nana@example.com,1001\r\n"
                                               "bo@example.com,1002\r\nzoe@example.com,1003\r\n");
    auto const some =
        bulk::export_records_to_file(client, bulk::contacts, columns, "some",
                                     bulk::where_column("e, mail") == "bo@example.com", options)
            .get();
    BOOST_TEST(some.value().receipt.rows == 1);
    BOOST_CHECK_THROW((void)bulk::export_records_to_file(client, bulk::contacts,
                                                         bulk::record_columns{{}}, "none",
                                                         bulk::all_rows, options),
                      bulk::error);
}

BOOST_FIXTURE_TEST_CASE(an_asynchronous_client, people) {
    boost::asio::io_context loop;
    bulk::basic_client<bulk::posted_transport<bulk::simulator>> const posted(
        bulk::posted_transport<bulk::simulator>(loop.get_executor(), eloqua), me);
    auto done = bulk::export_to_file<contact>(posted, bulk::contacts, "out", bulk::all_rows,
                                              options)(boost::asio::use_future);
    loop.run();
    BOOST_TEST(done.get().value().receipt.rows == 3);
    BOOST_TEST(files.content("out").value() == ndjson);
}

BOOST_FIXTURE_TEST_CASE(nothing_happens_before_it_runs, people) {
    (void)bulk::export_to_file<contact>(client, bulk::contacts, "out", bulk::all_rows, options);
    BOOST_TEST(files.operations == 0u);
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 0u);
}

BOOST_FIXTURE_TEST_CASE(another_process_resumes_it, people) {
    options.page_rows = 1;
    options.checkpoint_rows = 1;
    fail_at_page(3);
    BOOST_TEST(refusal() != "none");
    eloqua.intercept({});
    bulk::client const other(eloqua, me);
    auto const done =
        bulk::export_to_file<contact>(other, bulk::contacts, "out", bulk::all_rows, options)
            .get()
            .value();
    BOOST_TEST(done.resumed == 2);
    BOOST_TEST(done.receipt.rows == 3);
    BOOST_TEST(done.receipt.definition_deleted);
    BOOST_TEST(has(said(done), "resumed after 2 rows; 3 rows, complete"));
    BOOST_TEST(files.content("out").value() == ndjson);
    BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
}

BOOST_FIXTURE_TEST_CASE(checkpoints_by_bytes_and_by_time, people) {
    options.page_rows = 1;
    options.batch_rows = 1;
    fail_at_page(3);
    options.checkpoint_bytes = 1;
    BOOST_TEST(refusal() != "none");
    BOOST_TEST(has(files.content("out.journal").value(), " rows=2 "));
    files.put("out.journal", "");
    files.put("out", "");
    options.checkpoint_bytes = 1'000'000;
    options.checkpoint_time = {};
    fail_at_page(2);
    BOOST_TEST(refusal() != "none");
    BOOST_TEST(has(files.content("out.journal").value(), " rows=1 "));
}

BOOST_FIXTURE_TEST_CASE(unrelated_files_are_left_alone, people) {
    files.put("out", "mine");
    BOOST_TEST(has(refusal(), "'out' is not empty, and has no journal; delete it"));
    BOOST_TEST(files.content("out").value() == "mine");
    BOOST_TEST(!files.content("out.journal"));
    files.put("out.journal", ""); // a journal that a crash left before it had records
    BOOST_TEST(has(refusal(), "'out' is not empty, and has no journal"));
    BOOST_TEST(files.content("out").value() == "mine");
    files.put("out.journal", "also mine, and of more than a few bytes");
    BOOST_TEST(has(refusal(), "'out.journal' is not a journal"));
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 0u);
    files.put("out", "");
    files.put("out.journal", "");
    BOOST_TEST(refusal() == "none");
}

BOOST_FIXTURE_TEST_CASE(a_file_that_does_not_match_its_journal_is_refused, people) {
    options.page_rows = options.checkpoint_rows = 1;
    fail_at_page(3);
    BOOST_TEST(refusal() != "none");
    eloqua.intercept({});
    std::string const content = files.content("out").value();
    files.put("out", content.substr(1));
    BOOST_TEST(has(refusal(), "'out' has " + std::to_string(content.size() - 1) +
                                  " bytes, but its journal says " + std::to_string(content.size()) +
                                  "; restore the file, or remove it and 'out.journal'"));
    files.remove("out").value();
    BOOST_TEST(has(refusal(), "'out' is missing, but its journal says"));
    files.put("out", content + "torn");
    run().value();
    BOOST_TEST(files.content("out").value() == ndjson);
    files.put("out", ndjson + "more");
    BOOST_TEST(has(refusal(), "its journal says " + std::to_string(ndjson.size())));
    BOOST_TEST(files.content("out").value() == ndjson + "more");
}

BOOST_FIXTURE_TEST_CASE(another_export_is_refused, people) {
    run().value();
    auto refused = [&](bulk::result<bulk::stored_export> const& came) {
        return came.has_error() && has(came.error().message(), "belongs to another export") &&
               came.error().code == bulk::errc::other_export;
    };
    bulk::export_file_options other = options;
    other.format = bulk::file_format::csv;
    BOOST_TEST(refused(
        bulk::export_to_file<contact>(client, bulk::contacts, "out", bulk::all_rows, other).get()));
    other = options;
    other.max_records = 2;
    BOOST_TEST(refused(
        bulk::export_to_file<contact>(client, bulk::contacts, "out", bulk::all_rows, other).get()));
    other = options;
    other.system_timestamps_in_utc = false;
    BOOST_TEST(refused(
        bulk::export_to_file<contact>(client, bulk::contacts, "out", bulk::all_rows, other).get()));
    other = options;
    other.sync_actions = bulk::actions_for(bulk::contacts, bulk::add_to(bulk::contact_list(101)));
    BOOST_TEST(refused(
        bulk::export_to_file<contact>(client, bulk::contacts, "out", bulk::all_rows, other).get()));
}

BOOST_FIXTURE_TEST_CASE(other_columns_are_refused, people) {
    options.page_rows = options.checkpoint_rows = 1;
    fail_at_page(3);
    BOOST_TEST(refusal() != "none");
    eloqua.intercept({});
    std::string const content = files.content("out").value();
    auto const came =
        bulk::export_to_file<address>(client, bulk::contacts, "out", bulk::all_rows, options).get();
    BOOST_TEST((came.error().code == bulk::errc::invalid_checkpoint));
    BOOST_TEST(files.content("out").value() == content);
}

BOOST_FIXTURE_TEST_CASE(rows_that_have_expired, people) {
    options.page_rows = options.checkpoint_rows = 1;
    fail_at_page(3);
    BOOST_TEST(refusal() != "none");
    eloqua.intercept({});
    eloqua.advance(std::chrono::hours(24 * 30));
    auto const gone = run();
    BOOST_TEST((gone.error().code == bulk::errc::sync_gone));
    BOOST_TEST(has(gone.error().message(), "remove 'out' and 'out.journal' to start a new export"));
    options.start_over_if_gone = true;
    auto const anew = run().value();
    BOOST_TEST(anew.resumed == 0);
    BOOST_TEST(anew.receipt.rows == 3);
    BOOST_TEST(files.content("out").value() == ndjson);
}

BOOST_FIXTURE_TEST_CASE(rows_that_are_wrong_each_time, people) {
    options.page_rows = options.checkpoint_rows = 1;
    fail_at_page(3);
    BOOST_TEST(refusal() != "none");
    eloqua.intercept([](bulk::request const& q) {
        bool const rows = q.target.find("/syncs/1/data?") != q.target.npos;
        return rows ? std::optional(bulk::response(200, "[]")) : std::nullopt;
    });
    for (bool const if_gone : {false, true}) {
        options.start_over_if_gone = if_gone;
        auto const wrong = run();
        BOOST_TEST((wrong.error().code == bulk::errc::malformed_response));
        BOOST_TEST((wrong.error().code == bulk::condition::wrong_rows));
    }
    options.start_over_if_wrong = true;
    auto const anew = run().value();
    BOOST_TEST(anew.resumed == 0);
    BOOST_TEST(anew.receipt.rows == 3);
    BOOST_TEST(
        has(said(anew), "warning: an earlier export was given up: the response is malformed"));
    BOOST_TEST(files.content("out").value() == ndjson);
}

BOOST_FIXTURE_TEST_CASE(wrong_rows_are_requested_again_first, people) {
    options.page_rows = options.checkpoint_rows = 1;
    options.start_over_if_wrong = true;
    for (int const good : {1, 2}) { // pages before a wrong one
        eloqua.intercept([good, seen = 0](bulk::request const& q) mutable {
            bool const rows = q.target.find("/data?") != q.target.npos;
            return rows && ++seen > good ? std::optional(bulk::response(200, "[]")) : std::nullopt;
        });
        BOOST_TEST(has(refusal(), "the response is malformed"));
    }
    eloqua.intercept([seen = 0](bulk::request const& q) mutable { // one wrong page
        bool const rows = q.target.find("/data?") != q.target.npos;
        return rows && ++seen == 1 ? std::optional(bulk::response(200, "[]")) : std::nullopt;
    });
    BOOST_TEST(run().value().resumed > 0);
    BOOST_TEST(files.content("out").value() == ndjson);
    BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
}

BOOST_FIXTURE_TEST_CASE(one_export_at_a_time, people) {
    std::string name = (std::filesystem::temp_directory_path() / "export-XXXXXX").string();
    std::filesystem::path const folder = ::mkdtemp(name.data());
    options.files = &bulk::posix_files::instance();
    std::filesystem::path const path = folder / "out.ndjson";
    auto held = options.files->open(path.string() + ".journal").value();
    auto run_it = [&] {
        return bulk::export_to_file<contact>(client, bulk::contacts, path, bulk::all_rows, options)
            .get();
    };
    BOOST_TEST(has(run_it().error().message(), "out.ndjson.journal' is in use"));
    held.reset();
    run_it().value();
    std::ifstream in(path, std::ios::binary);
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(in), {}) == ndjson);
    options.leave_complete = true;
    BOOST_TEST(run_it().value().was_complete);
    std::filesystem::remove_all(folder);
}

namespace {

/// A user-defined store: rows and checkpoint in one assignment.
struct memory_store {
    std::vector<contact> rows;
    std::optional<bulk::sink_progress> progress;
    int fails_at = 0; ///< number of the call

    bulk::result<std::optional<bulk::sink_progress>> last() { return progress; }
    bulk::result<void> append(std::span<contact const> more, bulk::export_checkpoint const& at) {
        if (fails_at && --fails_at == 0)
            return bulk::failure(bulk::errc::journal_failed, "the store is full");
        rows.insert(rows.end(), more.begin(), more.end());
        progress = bulk::sink_progress{at, false};
        return {};
    }
    bulk::result<void> complete(bulk::export_checkpoint const& at) {
        if (fails_at && --fails_at == 0)
            return bulk::failure(bulk::errc::journal_failed, "the store is full");
        progress = bulk::sink_progress{at, true};
        return {};
    }
};
static_assert(bulk::checkpointed_sink<memory_store, contact>);
static_assert(!bulk::checkpointed_sink<memory_store, address>);

} // namespace

BOOST_FIXTURE_TEST_CASE(user_defined_stores, people) {
    memory_store store;
    bulk::export_options pages;
    pages.page_rows = 1;
    pages.batch_rows = 1;
    for (int call : {1, 2, 1, 1, 2, 2, 2,
                     2}) { // there are three calls before the rows; the last call is `complete`
        store.fails_at = call;
        auto const came =
            bulk::export_into<contact>(client, bulk::contacts, store, bulk::all_rows, pages).get();
        BOOST_TEST(has(came.error().message(), "the store is full"));
        BOOST_TEST(!(store.progress && store.progress->complete));
        BOOST_TEST(eloqua.requests("DELETE /contacts/exports/{id}") == 0u);
    }
    store.fails_at = 0;
    auto const done =
        bulk::export_into<contact>(client, bulk::contacts, store, bulk::all_rows, pages)
            .get()
            .value();
    BOOST_TEST(done.receipt.rows == 3);
    BOOST_TEST(done.resumed == 3);
    BOOST_TEST_REQUIRE(store.rows.size() == 3u);
    BOOST_TEST(store.rows[2].email == "zoe@example.com");
    BOOST_TEST(store.progress->complete);
    BOOST_TEST(eloqua.requests("DELETE /contacts/exports/{id}") == 1u);
    BOOST_TEST(bulk::export_into<contact>(client, bulk::contacts, store, bulk::all_rows, pages)
                   .get()
                   .value()
                   .was_complete);
    memory_store some;
    BOOST_TEST(bulk::export_into<contact>(client, bulk::contacts, some,
                                          bulk::where<&contact::name> == "", pages)
                   .get()
                   .value()
                   .receipt.rows == 1);
}

BOOST_FIXTURE_TEST_CASE(a_checkpoint_of_the_caller_is_refused, people) {
    options.resume_from = bulk::export_checkpoint();
    auto const came = run();
    BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(has(came.error().message(), "resume_from is set"));
    BOOST_TEST(files.operations == 0u);
    memory_store store;
    auto const stored =
        bulk::export_into<contact>(client, bulk::contacts, store, bulk::all_rows, options).get();
    BOOST_TEST((stored.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
