// SPDX-License-Identifier: BSL-1.0
// An import that is killed or cancelled at any moment, and run again with its journal: service and
// report end up as if nothing had happened.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/import_journal.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;
using memory_disk::loss;

namespace {

struct contact {
    std::string email;
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::city, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, city))

struct other {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&other::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(other, (), (email))

bulk::basic_credentials const me{"Company", "user", "secret"};
int const all_rows = 11;

/// Some of them are rejected.
std::vector<contact> people(int n = all_rows) {
    std::vector<contact> out;
    for (int i = 0; i != n; ++i)
        out.push_back(
            {i % 4 == 3 ? "nobody" + std::to_string(i) : "p" + std::to_string(i) + "@example.com",
             "City " + std::to_string(i)});
    return out;
}

bulk::import_options small(std::shared_ptr<bulk::import_journal> journal) {
    bulk::import_options o;
    o.request_bytes = 130; // two rows
    o.requests_per_sync = 2;
    o.journal = std::move(journal);
    o.allow_complete = true;
    return o;
}

/// The service's records, and how often it was written to.
std::set<std::string> store_of(bulk::simulator& eloqua) {
    std::set<std::string> out;
    for (auto const id : eloqua.find("/contacts", "C_Country", ""))
        out.insert(eloqua.value("/contacts", id, "C_EmailAddress") + "/" +
                   eloqua.value("/contacts", id, "C_City"));
    return out;
}

/// How often the service has created a definition and a sync.
struct made {
    explicit made(bulk::simulator const& eloqua)
        : definitions(eloqua.requests("POST /contacts/imports")),
          syncs(eloqua.requests("POST /syncs")) {}
    std::size_t definitions, syncs;
};

struct outcome {
    std::int64_t rows = 0, created = 0, updated = 0, rejected = 0;
    std::vector<std::size_t> rejects;
    std::set<std::string> store;
    bool balanced = false;
    friend bool operator==(outcome const&, outcome const&) = default;
};

/// `client` imports and resumes from the journal.
template <class Client, class Rows>
auto import_by(Client client, bulk::file_operations& files, Rows const& rows) {
    auto const options = small(bulk::open_import_journal("/i/journal", files).value());
    return client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows, options);
}

template <class Rows>
outcome run(bulk::simulator& eloqua, bulk::file_operations& files, Rows const& rows) {
    auto const report = import_by(bulk::client(eloqua, me), files, rows).get().value();
    outcome out{report.rows, report.created, report.updated, report.rejected, {}, {}, false};
    for (auto const& each : report.rejects)
        out.rejects.push_back(each.row_index);
    out.store = store_of(eloqua);
    out.balanced = report.disagreements.empty();
    return out;
}

outcome undisturbed(std::size_t& operations) {
    bulk::simulator eloqua;
    memory_disk::disk files;
    outcome const out = run(eloqua, files, people());
    operations = files.operations;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(import_crashes)

BOOST_AUTO_TEST_CASE(a_crash_at_every_operation_on_the_journal) {
    std::size_t operations = 0;
    outcome const wanted = undisturbed(operations);
    BOOST_TEST_REQUIRE(operations > 20u);
    BOOST_TEST(wanted.rows == all_rows);
    BOOST_TEST(wanted.rejects == (std::vector<std::size_t>{3, 7}),
               boost::test_tools::per_element());
    BOOST_TEST(wanted.balanced);
    std::mt19937 random(1);
    for (loss const lost : {loss::none, loss::all, loss::at_will})
        for (std::size_t at = 1; at <= operations; ++at) {
            bulk::simulator eloqua;
            memory_disk::disk files;
            files.crash_at = at;
            BOOST_CHECK_THROW((void)run(eloqua, files, people()), memory_disk::crash);
            files.reboot(lost, random);
            outcome const got = run(eloqua, files, people());
            BOOST_TEST(got.store == wanted.store, boost::test_tools::per_element());
            BOOST_TEST(got.rows == wanted.rows);
            BOOST_TEST(got.created == wanted.created);
            BOOST_TEST(got.updated == wanted.updated); // 0: no row was applied twice
            BOOST_TEST(got.rejects == wanted.rejects, boost::test_tools::per_element());
            BOOST_TEST(got.balanced);
            // Another definition is created only where rows may be staged in the first one.
            BOOST_TEST(made(eloqua).definitions <= 2u);
            BOOST_TEST(made(eloqua).syncs == 3u);
        }
}

BOOST_AUTO_TEST_CASE(a_crash_at_every_request) {
    std::size_t operations = 0;
    outcome const wanted = undisturbed(operations);
    std::mt19937 random(2);
    for (bool const done : {false, true}) // whether the request was carried out
        for (int at = 0;; ++at) {
            bulk::simulator eloqua;
            memory_disk::disk files;
            bool crashed = false;
            eloqua.intercept(
                [&, n = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
                    if (n++ != at)
                        return std::nullopt;
                    crashed = true;
                    if (done)
                        (void)eloqua.handle(q);
                    throw memory_disk::crash();
                });
            try {
                (void)run(eloqua, files, people());
            } catch (memory_disk::crash const&) {
            }
            if (!crashed)
                break;
            eloqua.intercept({});
            files.reboot(loss::all, random);
            outcome const got = run(eloqua, files, people());
            BOOST_TEST(got.store == wanted.store, boost::test_tools::per_element());
            BOOST_TEST(got.rows == wanted.rows);
            BOOST_TEST(got.created == wanted.created);
            BOOST_TEST(got.updated == wanted.updated);
            BOOST_TEST(got.rejects == wanted.rejects, boost::test_tools::per_element());
            BOOST_TEST(got.balanced);
            BOOST_TEST(made(eloqua).definitions <= 2u);
            BOOST_TEST(made(eloqua).syncs == 3u);
        }
}

BOOST_AUTO_TEST_CASE(a_definition_without_staged_rows_is_reused) {
    std::mt19937 random(5);
    for (std::string const request : {"POST /contacts/imports", "POST /contacts/imports/{id}/data",
                                      "GET /syncs/{id}", "GET /syncs/{id}/rejects"}) {
        bulk::simulator eloqua;
        memory_disk::disk files;
        bool crashed = false;
        std::string const part = request == "POST /contacts/imports" ? "/contacts/imports"
                                 : request.ends_with("/data")        ? "/data"
                                 : request.ends_with("/rejects")     ? "/rejects"
                                                                     : "/syncs/";
        bool const carried_out = !request.ends_with("/data");
        eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
            if (crashed || q.target.find(part) == q.target.npos)
                return std::nullopt;
            crashed = true;
            if (carried_out)
                (void)eloqua.handle(q);
            throw memory_disk::crash();
        });
        BOOST_CHECK_THROW((void)run(eloqua, files, people()), memory_disk::crash);
        eloqua.intercept({});
        files.reboot(loss::all, random);
        BOOST_TEST(run(eloqua, files, people()).updated == 0);
        BOOST_TEST_CONTEXT(request) {
            BOOST_TEST(made(eloqua).definitions == (carried_out ? 1u : 2u));
            BOOST_TEST(made(eloqua).syncs == 3u);
        }
    }
}

BOOST_AUTO_TEST_CASE(crashes_while_pushes_start_syncs) {
    outcome wanted;
    std::mt19937 random(4);
    for (bool const done : {false, true})
        for (int at = -1;; ++at) {
            bulk::simulator eloqua;
            memory_disk::disk files;
            bulk::fault_plan plan;
            plan.from("POST /contacts/imports/{id}/data", 1, bulk::fault::start_by_push());
            eloqua.inject(plan);
            bool crashed = false;
            eloqua.intercept(
                [&, n = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
                    if (n++ != at)
                        return std::nullopt;
                    crashed = true;
                    if (done)
                        (void)eloqua.handle(q);
                    throw memory_disk::crash();
                });
            if (at == -1) {
                wanted = run(eloqua, files, people());
                BOOST_TEST(made(eloqua).syncs == 0u);
                continue;
            }
            try {
                (void)run(eloqua, files, people());
            } catch (memory_disk::crash const&) {
            }
            if (!crashed)
                break;
            eloqua.intercept({});
            files.reboot(loss::all, random);
            outcome const got = run(eloqua, files, people());
            BOOST_TEST_CONTEXT("request " << at << ", carried out: " << done) {
                BOOST_TEST(got.store == wanted.store, boost::test_tools::per_element());
                BOOST_TEST(got.rows == wanted.rows);
                BOOST_TEST(got.updated == 0);
                BOOST_TEST(got.rejects == wanted.rejects, boost::test_tools::per_element());
                BOOST_TEST(made(eloqua).syncs == 0u);
            }
        }
}

BOOST_AUTO_TEST_CASE(the_next_import_needs_another_journal) {
    bulk::simulator eloqua;
    memory_disk::disk files;
    auto import_city = [&](std::string const& city, bool allowed) {
        auto rows = people();
        for (contact& each : rows)
            each.city = city;
        auto options = small(bulk::open_import_journal("/i/journal", files).value());
        options.allow_complete = allowed;
        return bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows, options)
            .get();
    };
    auto const monday = import_city("Monday", false).value();
    BOOST_TEST(!monday.was_complete);
    BOOST_TEST(monday.resumed == 0);
    for (std::string const city : {"Monday", "Tuesday"}) {
        auto const refused = import_city(city, false);
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error().code == bulk::errc::already_complete));
        BOOST_TEST(refused.error().message().find("use a new journal") != std::string::npos);
    }
    auto const again = import_city("Monday", true).value();
    BOOST_TEST(again.was_complete);
    BOOST_TEST(again.resumed == all_rows);
    BOOST_TEST(again.created == monday.created);
    std::ostringstream text;
    text << again;
    BOOST_TEST(text.str().starts_with("was complete already: 11 rows sent"));
    BOOST_TEST(bulk::to_json(again).find(R"("resumed":11,"was_complete":true)") !=
               std::string::npos);
    auto const changed = import_city("Tuesday", true);
    BOOST_TEST(changed.error().message().find("have other values") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(values_that_changed_since_are_noticed) {
    bulk::simulator eloqua;
    memory_disk::disk files;
    eloqua.intercept([&, n = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
        bool const second = q.target.ends_with("/syncs") && ++n == 2;
        return second ? std::optional(bulk::response(400)) : std::nullopt;
    });
    BOOST_CHECK_THROW((void)run(eloqua, files, people()), bulk::error);
    eloqua.intercept({});
    auto changed = people();
    changed[1].city = "Paris";
    BOOST_CHECK_EXCEPTION((void)run(eloqua, files, changed), bulk::error, [](bulk::error const& e) {
        return std::string(e.what()).find(
                   "rows 0 to 5 (exclusive) are not the rows that it describes") !=
               std::string::npos;
    });
    changed = people();
    changed[8].city = "Paris"; // which was not synced yet
    auto const report = import_by(bulk::client(eloqua, me), files, changed).get().value();
    BOOST_TEST(report.resumed == 5);
    std::ostringstream text;
    text << report;
    BOOST_TEST(text.str().starts_with("resumed after 5 rows; 11 rows sent"));
}

BOOST_AUTO_TEST_CASE(journals_of_earlier_versions_are_refused) {
    for (char const* const first :
         {"import 1234567890", "import 2 1234567890 7@https://secure.p01.eloqua.com"}) {
        memory_disk::disk files;
        {
            auto journal = bulk::detail::journal::open("/i/journal", files).value();
            journal.append(first).value();
            journal.append("name eloqua-bulk import 0123456789abcdef").value();
        }
        bulk::simulator eloqua;
        BOOST_CHECK_EXCEPTION(
            (void)run(eloqua, files, people()), bulk::error, [](bulk::error const& e) {
                return e.code() == bulk::errc::journal_failed &&
                       std::string(e.what()).find("by an older version") != std::string::npos;
            });
        BOOST_TEST(made(eloqua).definitions == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_cancellation_at_every_request) {
    std::size_t operations = 0;
    outcome const wanted = undisturbed(operations);
    std::optional<asio::cancellation_type> const none;
    for (auto const type : {none, std::optional(asio::cancellation_type::terminal),
                            std::optional(asio::cancellation_type::partial),
                            std::optional(asio::cancellation_type::total)})
        for (int at = 0;; ++at) {
            bulk::simulator eloqua;
            memory_disk::disk files;
            std::stop_source stop;
            asio::cancellation_signal cancel;
            bool cancelled = false;
            eloqua.intercept(
                [&, n = 0](bulk::request const&) mutable -> std::optional<bulk::response> {
                    if (n++ == at) {
                        cancelled = true;
                        type ? cancel.emit(*type) : (void)stop.request_stop();
                    }
                    return std::nullopt;
                });
            auto const rows = people();
            std::optional<bulk::result<bulk::import_report<contact>>> came;
            if (type) {
                asio::io_context context;
                bulk::async_client client(
                    bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me);
                import_by(client, files, rows)(asio::bind_cancellation_slot(
                    cancel.slot(), [&](auto&& report) { came.emplace(std::move(report)); }));
                context.run();
            } else {
                came = import_by(bulk::client(eloqua, me), files, rows).get(stop.get_token());
            }
            BOOST_TEST_REQUIRE(came.has_value());
            if (!cancelled)
                break;
            if (!*came)
                BOOST_TEST((came->error().code == boost::system::errc::operation_canceled));
            eloqua.intercept({});
            outcome const got = run(eloqua, files, rows);
            BOOST_TEST(got.store == wanted.store, boost::test_tools::per_element());
            BOOST_TEST(got.rows == wanted.rows);
            BOOST_TEST(got.created == wanted.created);
            BOOST_TEST(got.updated == wanted.updated);
            BOOST_TEST(got.rejects == wanted.rejects, boost::test_tools::per_element());
            BOOST_TEST(got.balanced);
        }
}

BOOST_AUTO_TEST_CASE(a_complete_import_is_not_repeated) {
    bulk::simulator eloqua;
    memory_disk::disk files;
    outcome const first = run(eloqua, files, people());
    auto const pushes = eloqua.requests("POST /contacts/imports/{id}/data");
    BOOST_TEST((run(eloqua, files, people()) == first));
    BOOST_TEST(eloqua.requests("POST /contacts/imports/{id}/data") == pushes);
    BOOST_CHECK_EXCEPTION((void)run(eloqua, files, people(all_rows + 1)), bulk::error,
                          [](bulk::error const& e) {
                              return e.code() == bulk::errc::journal_failed &&
                                     std::string(e.what()).find("row 11") != std::string::npos;
                          });
}

BOOST_AUTO_TEST_CASE(different_rows_are_refused) {
    bulk::simulator eloqua;
    memory_disk::disk files;
    (void)run(eloqua, files, people());
    auto const is_refused = [](bulk::error const& e) {
        return e.code() == bulk::errc::journal_failed;
    };
    auto changed = people();
    changed[5].email = "somebody@example.com";
    BOOST_CHECK_EXCEPTION((void)run(eloqua, files, changed), bulk::error, is_refused);
    BOOST_CHECK_EXCEPTION((void)run(eloqua, files, people(6)), bulk::error, is_refused);
    std::vector<other> const narrow{{"a@example.com"}};
    auto const came =
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&other::email>, narrow,
                         small(bulk::open_import_journal("/i/journal", files).value()))
            .get();
    BOOST_TEST((came.error().code == bulk::errc::journal_failed));
    files.put("/i/journal", "something else");
    BOOST_TEST((bulk::open_import_journal("/i/journal", files).error().code ==
                bulk::errc::journal_failed));
}

BOOST_AUTO_TEST_CASE(an_open_journal_can_resume_too) {
    bulk::simulator eloqua;
    memory_disk::disk files;
    auto const options = small(bulk::open_import_journal("/i/journal", files).value());
    bulk::fault_plan plan;
    plan.from("POST /contacts/imports/{id}/data", 5, bulk::fault::unauthorized());
    eloqua.inject(plan);
    auto run_again = [&] {
        return bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people(), options)
            .get();
    };
    BOOST_TEST(run_again().has_error());
    plan.calm();
    auto const report = run_again().value();
    BOOST_TEST(report.rows == all_rows);
    BOOST_TEST(report.updated == 0);
    BOOST_TEST(report.rejected == 2);
    BOOST_TEST((run_again().value().created == report.created)); // it is complete
    BOOST_TEST(eloqua.count("/contacts") == std::size_t(all_rows - 2));
}

BOOST_AUTO_TEST_CASE(a_journal_of_another_instance_is_refused) {
    memory_disk::disk files;
    std::mt19937 random(6);
    for (bool const complete : {true, false}) {
        bulk::simulator here;
        memory_disk::disk journals;
        if (!complete) // while its first sync runs
            journals.crash_at = 20;
        try {
            (void)run(here, journals, people());
        } catch (memory_disk::crash const&) {
        }
        journals.reboot(loss::none, random);
        bulk::simulator_options named;
        named.site = 7;
        bulk::simulator elsewhere(named); // where an identical import has the same uris
        memory_disk::disk others;
        (void)run(elsewhere, others, people());
        BOOST_CHECK_EXCEPTION(
            (void)run(elsewhere, journals, people()), bulk::error, [](bulk::error const& e) {
                return e.code() == bulk::errc::journal_failed &&
                       std::string(e.what()).find("to the instance 4211@") != std::string::npos;
            });
    }
    {
        bulk::simulator eloqua;
        (void)run(eloqua, files, people());
    }
    auto const is_gone = [](bulk::error const& e) {
        return e.code() == bulk::errc::sync_gone &&
               std::string(e.what()).find("/syncs/1") != std::string::npos;
    };
    bulk::simulator empty; // it has no such sync
    BOOST_CHECK_EXCEPTION((void)run(empty, files, people()), bulk::error, is_gone);
    bulk::simulator third; // it has a sync with that number
    third.generate_contacts(3);
    auto source = bulk::client(third, me).export_rows<other>(bulk::contacts);
    BOOST_TEST(source.next().get().value().size() == 3u);
    BOOST_CHECK_EXCEPTION((void)run(third, files, people()), bulk::error, is_gone);
}

BOOST_AUTO_TEST_CASE(a_failed_sync_is_reported_once_and_its_rows_are_pushed_again) {
    std::size_t operations = 0;
    outcome const wanted = undisturbed(operations);
    bulk::simulator eloqua;
    memory_disk::disk files;
    bulk::fault_plan plan;
    plan.at("POST /syncs", 2, bulk::fault::fail());
    eloqua.inject(plan);
    BOOST_CHECK_EXCEPTION(
        (void)run(eloqua, files, people()), bulk::error, [](bulk::error const& e) {
            return std::string(e.what()).find("which of these rows were applied") !=
                   std::string::npos;
        });
    BOOST_TEST(plan.finished());
    outcome const got = run(eloqua, files, people());
    BOOST_TEST(got.store == wanted.store, boost::test_tools::per_element());
    BOOST_TEST(got.rows == wanted.rows);
    BOOST_TEST(got.rejects == wanted.rejects, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_full_disk_ends_the_import_which_resumes_later) {
    std::size_t operations = 0;
    outcome const wanted = undisturbed(operations);
    std::mt19937 random(3);
    for (std::size_t at = 1; at <= operations; ++at) {
        bulk::simulator eloqua;
        memory_disk::disk files;
        files.fail_at = at;
        BOOST_CHECK_EXCEPTION(
            (void)run(eloqua, files, people()), bulk::error,
            [](bulk::error const& e) { return e.code() == bulk::errc::journal_failed; });
        files.reboot(loss::none, random);
        outcome const got = run(eloqua, files, people());
        BOOST_TEST(got.store == wanted.store, boost::test_tools::per_element());
        BOOST_TEST(got.updated == wanted.updated);
        BOOST_TEST(got.rejects == wanted.rejects, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
