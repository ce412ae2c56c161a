// SPDX-License-Identifier: BSL-1.0
// Exports to a file that crash at any file operation: the resumed export gives the same file, byte
// by byte.
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace bulk = eloqua::bulk;
using memory_disk::crash;
using memory_disk::disk;
using memory_disk::loss;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};

struct contact {
    std::string email;
    std::string street; ///< some of its rows have two lines
    std::optional<bulk::timestamp> updated;
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<
        bulk::field<&contact::email, "C_EmailAddress">, bulk::field<&contact::street, "C_Address1">,
        bulk::attribute<&contact::updated, "UpdatedAt">, bulk::attribute<&contact::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, street, updated, id))

/// A service and a disk that outlive the exporting processes.
struct world {
    explicit world(bulk::file_format format, int page_rows = 20, int checkpoint_rows = 40,
                   int rows = 240, bulk::clock::duration sync = std::chrono::seconds(1))
        : contacts(rows), eloqua(taking(sync)) {
        eloqua.generate_contacts(contacts);
        options.format = format;
        options.page_rows = page_rows;
        options.checkpoint_rows = checkpoint_rows;
        options.checkpoint_time = std::chrono::hours(1);
        options.leave_complete = true;
        options.files = &files;
    }
    static bulk::simulator_options taking(bulk::clock::duration sync) {
        bulk::simulator_options o;
        o.sync_active = sync;
        return o;
    }
    world(world const&) = delete;
    bulk::result<bulk::stored_export> run() {
        bulk::client const client(eloqua, me);
        return bulk::export_to_file<contact>(client, bulk::contacts, "out", bulk::all_rows, options)
            .get();
    }
    /// Returns whether it crashed.
    bool run_until(std::size_t operation) {
        files.crash_at = files.operations + operation;
        try {
            (void)run().value();
            return false;
        } catch (crash const&) {
            return true;
        }
    }
    std::string file() const { return files.content("out").value_or("none"); }

    int contacts;
    std::size_t definitions = 1; ///< that must succeed in any case
    bulk::simulator eloqua;
    disk files;
    bulk::export_file_options options;
};

std::string undisturbed(world&& w) {
    BOOST_TEST(w.run().value().receipt.rows == w.contacts);
    BOOST_TEST(std::ranges::count(w.file(), '\n') >= w.contacts);
    return w.file();
}

/// Repeats until the export is complete, and then once more.
void check_end(world& w, std::string const& expected) {
    auto const done = w.run();
    BOOST_TEST(!done.has_error(), (done.has_error() ? done.error().message() : ""));
    if (done.has_error())
        return;
    BOOST_TEST(done->receipt.rows == w.contacts);
    BOOST_TEST((w.file() == expected));
    BOOST_TEST(w.eloqua.requests("POST /contacts/exports") == w.definitions);
    BOOST_TEST(w.eloqua.requests("POST /syncs") == w.definitions);
    auto const requests = w.eloqua.requests("POST /syncs");
    BOOST_TEST(w.run().value().was_complete);
    BOOST_TEST(w.eloqua.requests("POST /syncs") == requests);
    BOOST_TEST((w.file() == expected));
}

constexpr bulk::file_format formats[] = {bulk::file_format::ndjson, bulk::file_format::csv};

} // namespace

BOOST_AUTO_TEST_SUITE(export_crashes)

BOOST_AUTO_TEST_CASE(a_crash_at_each_operation) {
    std::mt19937 random(7);
    for (bulk::file_format const format : formats) {
        std::string const expected = undisturbed(world(format));
        for (loss const what : {loss::none, loss::all, loss::at_will})
            for (std::size_t k = 1;; ++k) {
                world w(format);
                bool const crashed = w.run_until(k);
                w.files.reboot(what, random);
                BOOST_TEST_CONTEXT("operation " << k << ", loss " << int(what))
                check_end(w, expected);
                if (!crashed) {
                    BOOST_TEST(k > 20u);
                    break;
                }
            }
    }
}

BOOST_AUTO_TEST_CASE(a_crash_at_each_request) {
    std::mt19937 random(23);
    std::string const expected = undisturbed(world(bulk::file_format::csv));
    for (bool const done : {false, true}) // whether the request was carried out
        for (loss const what : {loss::none, loss::all})
            for (int at = 0;; ++at) {
                world w(bulk::file_format::csv);
                bool crashed = false;
                w.eloqua.intercept(
                    [&, n = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
                        if (n++ != at)
                            return std::nullopt;
                        crashed = true;
                        if (done)
                            (void)w.eloqua.handle(q);
                        throw crash();
                    });
                try {
                    (void)w.run();
                } catch (crash const&) {
                }
                w.eloqua.intercept({});
                w.files.reboot(what, random);
                BOOST_TEST_CONTEXT("request " << at << ", carried out: " << done)
                check_end(w, expected);
                if (!crashed) {
                    BOOST_TEST(at > 15);
                    break;
                }
            }
}

BOOST_AUTO_TEST_CASE(a_sync_that_outlives_every_process) {
    std::mt19937 random(29);
    std::string const expected = undisturbed(world(bulk::file_format::csv));
    world w(bulk::file_format::csv, 20, 40, 240, std::chrono::minutes(30));
    int kills = 0;
    for (bool killed = true; killed; ++kills) {
        BOOST_TEST_REQUIRE(kills < 200);
        killed = false;
        w.eloqua.intercept(
            [&, looks = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
                bool const look = q.target.find("/syncs/") != q.target.npos &&
                                  q.target.find("/data") == q.target.npos &&
                                  q.target.find("/logs") == q.target.npos;
                if (look && ++looks == 5) {
                    killed = true;
                    throw crash();
                }
                return std::nullopt;
            });
        try {
            (void)w.run();
        } catch (crash const&) {
        }
        w.files.reboot(loss::all, random);
    }
    w.eloqua.intercept({});
    BOOST_TEST(kills > 5);
    check_end(w, expected);
}

BOOST_AUTO_TEST_CASE(crash_after_crash) {
    std::mt19937 random(11);
    for (unsigned round = 0; round != 60; ++round) {
        bulk::file_format const format = formats[round % 2];
        static std::string const expected[] = {undisturbed(world(formats[0])),
                                               undisturbed(world(formats[1]))};
        world w(format);
        unsigned crashes = 0;
        while (crashes != 12 && w.run_until(1 + random() % 25)) {
            ++crashes;
            w.files.reboot(loss(random() % 3), random);
        }
        w.files.crash_at.reset();
        BOOST_TEST_CONTEXT("round " << round << ", " << crashes << " crashes")
        check_end(w, expected[round % 2]);
    }
}

BOOST_AUTO_TEST_CASE(an_error_at_each_operation) {
    for (bulk::file_format const format : formats) {
        std::string const expected = undisturbed(world(format));
        for (std::size_t k = 1;; ++k) {
            world w(format);
            w.files.fail_at = k;
            auto const came = w.run();
            w.files.fail_at.reset();
            BOOST_TEST_CONTEXT("operation " << k) {
                if (came.has_error())
                    BOOST_TEST((came.error().code == bulk::errc::journal_failed));
                check_end(w, expected);
            }
            if (!came.has_error())
                break;
        }
    }
}

BOOST_AUTO_TEST_CASE(crashes_while_it_starts_over) {
    std::mt19937 random(17);
    auto const format = bulk::file_format::csv;
    std::string const expected = undisturbed(world(format));
    for (loss const what : {loss::none, loss::all, loss::at_will})
        for (std::size_t k = 1;; ++k) {
            world w(format);
            BOOST_TEST(w.run_until(33));
            w.files.reboot(loss::all, random);
            w.eloqua.advance(std::chrono::hours(24 * 30));
            w.definitions = 2;
            BOOST_TEST((w.run().error().code == bulk::errc::sync_gone));
            w.options.start_over_if_gone = true;
            bool const crashed = w.run_until(k);
            w.files.reboot(what, random);
            BOOST_TEST_CONTEXT("operation " << k << ", loss " << int(what))
            check_end(w, expected);
            if (!crashed)
                break;
        }
}

BOOST_AUTO_TEST_CASE(crashes_while_the_journal_is_rewritten) {
    std::mt19937 random(13);
    world whole(bulk::file_format::csv, 1, 1, 120);
    whole.run().value();
    BOOST_TEST_REQUIRE(whole.files.renames.size() == 1u);
    std::size_t const rename = whole.files.renames.front();
    for (loss const what : {loss::all, loss::at_will, loss::at_will, loss::at_will})
        for (std::size_t k = rename - 6; k != rename + 6; ++k) {
            world w(bulk::file_format::csv, 1, 1, 120);
            BOOST_TEST(w.run_until(k));
            w.files.reboot(what, random);
            BOOST_TEST_CONTEXT("operation " << k << ", loss " << int(what))
            check_end(w, whole.file());
        }
}

BOOST_AUTO_TEST_SUITE_END()
