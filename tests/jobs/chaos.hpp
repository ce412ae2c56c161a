// SPDX-License-Identifier: BSL-1.0
// Exports and imports of random sizes with random faults: rows out = rows in, each once, in order,
// or an error; never a false success. The seed determines everything in a run.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_journal.hpp"
#include "resume.hpp"
#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <ranges>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace chaos_runs {

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::attribute<&person::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, id))

struct contact {
    std::string email;
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::city, "C_City">>;
    friend std::istream& operator>>(std::istream& in, contact& c) {
        return in >> c.email >> c.city;
    }
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, city))

inline bulk::basic_credentials const me{"Company", "user", "secret"};

/// The seeds to run: this many, or those of the command line.
inline std::vector<std::uint64_t> seeds(std::uint64_t count) {
    auto const& suite = boost::unit_test::framework::master_test_suite();
    std::uint64_t first = 1;
    for (int i = 1; i + 1 < suite.argc; ++i) {
        std::string_view const word = suite.argv[i];
        if (word == "--seeds")
            count = std::stoull(suite.argv[i + 1]);
        if (word == "--seed") {
            first = std::stoull(suite.argv[i + 1]);
            count = 1;
        }
    }
    std::vector<std::uint64_t> out(count);
    std::ranges::generate(out, [&] { return first++; });
    return out;
}

/// One run: its random parameters, and the report if it fails.
struct run {
    std::uint64_t seed;
    std::mt19937_64 random;
    bool mild; ///< only faults that can be survived
    bulk::simulator eloqua;
    bulk::fault_plan plan;
    std::vector<std::string> complaints;

    explicit run(std::uint64_t s, bulk::simulator_options o = {})
        : seed(s), random(s), mild(s % 3 != 0), eloqua(std::move(o)) {}
    run(run const&) = delete;
    virtual ~run() = default;

    /// A client for this run only.
    virtual bulk::client client() { return bulk::client(eloqua, me, options()); }
    /// Adds random faults.
    virtual bulk::fault_plan faults() { return bulk::fault_plan(seed, rates()); }
    /// No more faults from now on.
    virtual void calm() { plan.calm(); }
    /// No more requests are pending.
    virtual void end() { calm(); }
    virtual std::string suite() const { return "chaos"; }

    void inject() {
        plan = faults();
        eloqua.inject(plan);
    }
    std::size_t upto(std::size_t most) { return random() % (most + 1); }
    bulk::fault_rates rates() {
        if (mild) {
            bulk::fault_rates r;
            r.most_in_a_row = 2; // a call has six attempts, and up to three searches
            return r;
        }
        return bulk::fault_rates::even(0.002 * static_cast<double>(1 + upto(9)));
    }
    bulk::client_options options() {
        bulk::client_options o;
        o.seed = static_cast<std::uint32_t>(random());
        o.accept_gzip = upto(1) != 0;
        return o;
    }
    void require(bool fine, std::string const& what) {
        if (!fine)
            complaints.push_back(what);
    }
    /// Returns true if all checks passed.
    bool report() {
        if (complaints.empty())
            return true;
        std::ostringstream text;
        text << "replay: test_jobs --run_test=" << suite() << " -- --seed " << seed;
        for (std::string const& each : complaints)
            text << "\n  " << each;
        for (bulk::injected_fault const& each : plan.log())
            text << "\n  " << each;
        BOOST_ERROR(text.str());
        return false;
    }
    bool lied() const {
        return std::ranges::any_of(plan.log(), [](bulk::injected_fault const& f) {
            bool const true_all_the_same = f.what.kind == bulk::fault_kind::other_form ||
                                           f.what.kind == bulk::fault_kind::encode;
            return f.what.kind >= bulk::fault_kind::other_page && !true_all_the_same;
        });
    }
    /// A sync applied its rows before it failed, so that the next one applies them again.
    bool failed_after_its_work() const {
        return std::ranges::any_of(plan.log(), [](bulk::injected_fault const& f) {
            return f.what.kind == bulk::fault_kind::fail && f.what.rows != 0;
        });
    }
    bool had(bulk::fault_kind kind) const {
        return std::ranges::any_of(plan.log(), [&](auto const& f) { return f.what.kind == kind; });
    }
};

/// Reads on after errors that may pass, in the same process or in another.
inline std::optional<bulk::failure> read_all(run& of, std::vector<std::int64_t>& got,
                                             std::size_t rows) {
    bulk::export_options o;
    o.page_rows = static_cast<std::int64_t>(1 + of.upto(60));
    o.batch_rows = 1 + of.upto(30);
    o.read_ahead = of.upto(1) != 0;
    o.rows = of.upto(3) == 0 ? bulk::rows_format::csv : bulk::rows_format::json;
    o.broken_texts = of.upto(1) != 0 ? bulk::broken_text::replaced : bulk::broken_text::refused;
    bool const whole = of.upto(2) == 0; // with a callback
    bulk::client client = of.client();
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, o);
    source.unique_by<&person::id>();
    for (int again = 0;; ++again) {
        bulk::failure why;
        if (whole) {
            auto const came = source.for_each([&](person const& p) { got.push_back(p.id); }).get();
            if (came)
                break;
            why = came.error();
        } else {
            auto const came = source.next().get();
            if (came && came->empty())
                break;
            if (came) {
                for (person const& p : *came)
                    got.push_back(p.id);
                if (of.upto(15) != 0)
                    continue;
            } else {
                why = came.error();
            }
        }
        if (why.code && (why.code != bulk::condition::try_later || again > 50))
            return why;
        bulk::export_checkpoint const at =
            bulk::export_checkpoint::parse(source.checkpoint().text()).value();
        of.require(at.rows == static_cast<std::int64_t>(got.size()),
                   "the checkpoint is at row " + std::to_string(at.rows) + " after " +
                       std::to_string(got.size()));
        if (!at.sync.empty() && of.upto(1) != 0) {
            client = of.client();
            source = client.export_rows<person>(bulk::contacts, bulk::all_rows, resume(at, o));
            source.unique_by<&person::id>(got);
        }
    }
    of.require(source.receipt().rows == static_cast<std::int64_t>(rows), "the receipt's rows");
    return std::nullopt;
}

/// The results of the runs.
struct outcomes {
    std::size_t complete = 0, failed = 0;
    std::size_t unproven = 0; ///< among the complete ones
    std::set<bulk::fault_kind> kinds;
    bool fine = true;
};

/// Runs exports, each in its own `Run`, until one fails.
template <class Run>
outcomes export_all(std::vector<std::uint64_t> const& seeds) {
    outcomes all;
    for (std::uint64_t const seed : seeds) {
        Run of(seed);
        std::size_t const rows = of.upto(400);
        of.eloqua.generate_contacts(static_cast<std::int64_t>(rows));
        of.inject();
        std::vector<std::int64_t> got;
        std::optional<bulk::failure> const why = read_all(of, got, rows);
        of.end();
        std::vector<std::int64_t> wanted(rows);
        std::ranges::generate(
            wanted,
            [n = std::int64_t(bulk::simulation::table::first_id)]() mutable { return n++; });
        if (of.had(bulk::fault_kind::reorder) && !why)
            std::ranges::sort(got); // it only holds that each row comes once
        if (why) {
            ++all.failed;
            of.require(!of.mild, "it failed: " + why->message());
            of.require(!why->info.request.empty() || !why->info.detail.empty(),
                       "an error that names nothing: " + why->message());
            if (!of.had(bulk::fault_kind::reorder))
                wanted.resize(std::min(wanted.size(), got.size()));
            else
                wanted = got;
            std::set<std::int64_t> const each(got.begin(), got.end());
            of.require(each.size() == got.size(), "a row was handed out twice");
        } else {
            ++all.complete;
        }
        of.require(got == wanted,
                   std::to_string(got.size()) + " rows came, not those of " + std::to_string(rows));
        for (auto const& each : of.plan.log())
            all.kinds.insert(each.what.kind);
        if (!(all.fine = of.report()))
            break;
    }
    BOOST_TEST_MESSAGE(all.complete << " complete, " << all.failed << " failed, "
                                    << all.kinds.size() << " kinds of faults");
    return all;
}

/// As above, for imports; those with a journal are resumed after an error, without faults.
template <class Run>
outcomes import_all(std::vector<std::uint64_t> const& seeds) {
    outcomes all;
    for (std::uint64_t const seed : seeds) {
        Run of(seed);
        std::size_t const rows = of.upto(120);
        std::vector<contact> people;
        std::set<std::size_t> bad;
        for (std::size_t i = 0; i != rows; ++i) {
            if (of.upto(9) == 0)
                bad.insert(i);
            people.push_back({(bad.contains(i) ? "nobody" : "p@") + std::to_string(i) +
                                  (bad.contains(i) ? "" : ".example.com"),
                              "City" + std::to_string(i)});
        }
        bulk::import_options o;
        o.request_bytes = 100 + of.upto(400);
        o.requests_per_sync = 1 + of.upto(6);
        o.replay_bytes = 200 + of.upto(2'000);
        o.rows = of.upto(3) == 0 ? bulk::rows_format::csv : bulk::rows_format::json;
        if (of.upto(1) == 0)
            o.journal = std::make_shared<memory_journal>();
        bool const once = of.upto(2) == 0; // a single-pass range
        auto import_people = [&] {
            bulk::client client = of.client();
            auto const by = bulk::identified_by<&contact::email>;
            if (!once)
                return client.import_rows(bulk::contacts, by, people, o).get();
            std::stringstream text;
            for (contact const& each : people)
                text << each.email << ' ' << each.city << '\n';
            return client.import_rows(bulk::contacts, by, std::views::istream<contact>(text), o)
                .get();
        };
        of.inject();
        bulk::result<bulk::import_report<contact>> report = import_people();
        of.calm();
        for (auto const& each : of.plan.log())
            all.kinds.insert(each.what.kind);
        ++(report ? all.complete : all.failed);
        if (!report) {
            of.require(!of.mild, "it failed: " + report.error().message());
            bulk::failure const& why = report.error();
            of.require(!why.info.request.empty() || !why.info.detail.empty(),
                       "an error that names nothing: " + why.message());
            if (o.journal) {
                report = import_people();
                if (!report && of.had(bulk::fault_kind::fail)) // which is reported once
                    report = import_people();
                // The journal may hold the uri of another sync, or rows that are not accounted for.
                bool const may_stay = of.lied();
                of.require(report.has_value() || may_stay,
                           "it did not resume: " + (report ? "" : report.error().message()));
            }
        }
        of.end();
        if (report && report->proof != bulk::import_proof::proven) {
            ++all.unproven;
            of.require(of.lied(), "it is unproven, though nobody lied");
        }
        if (!report) {
            if (!(all.fine = of.report()))
                break;
            continue;
        }
        std::set<std::size_t> rejected;
        std::size_t untied = 0;
        for (auto const& each : report->rejects)
            if (each.row_index == each.unknown && of.had(bulk::fault_kind::respell))
                ++untied;
            else if (!each.row_taken)
                of.require(rejected.insert(each.row_index).second,
                           "two rejects of row " + std::to_string(each.row_index));
        of.require(report->rows == static_cast<std::int64_t>(rows), "rows of the report");
        of.require(report->updated == 0 || of.failed_after_its_work(),
                   std::to_string(report->updated) + " rows applied twice");
        if (untied != 0)
            continue;
        if (report->proof != bulk::import_proof::proven) { // rejects or rows may be missing
            if (of.had(bulk::fault_kind::reject) || of.had(bulk::fault_kind::swallow_rows))
                continue;
            of.require(std::ranges::includes(bad, rejected), "rejects of other rows");
            rejected = bad;
        }
        if (!of.had(bulk::fault_kind::reject))
            of.require(rejected == bad, "rejects of other rows");
        of.require(of.eloqua.count("/contacts") == rows - rejected.size(),
                   std::to_string(of.eloqua.count("/contacts")) + " contacts of " +
                       std::to_string(rows - rejected.size()));
        for (std::size_t i = 0; i != rows; ++i) {
            auto const found = of.eloqua.find("/contacts", "C_EmailAddress", people[i].email);
            of.require(found.size() == (rejected.contains(i) ? 0u : 1u),
                       "row " + std::to_string(i) + " is there " + std::to_string(found.size()) +
                           " times");
            if (found.size() == 1)
                of.require(of.eloqua.value("/contacts", found[0], "C_City") == people[i].city,
                           "row " + std::to_string(i) + " has another value");
        }
        if (!(all.fine = of.report()))
            break;
    }
    BOOST_TEST_MESSAGE(all.complete << " complete, " << all.unproven << " unproven, " << all.failed
                                    << " failed, " << all.kinds.size() << " kinds of faults");
    return all;
}

/// A record of a custom object, created by a blank external id.
struct warranty {
    std::optional<std::string> key;
    std::string serial;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&warranty::key, "ExternalId">,
                     bulk::statement<&warranty::serial, "{{CustomObject[172].Field[976]}}">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (key, serial))

/// Imports of rows that create a record on every push: none exists twice, and those that exist
/// without a successful sync are all listed.
template <class Run>
outcomes import_objects(std::vector<std::uint64_t> const& seeds) {
    outcomes all;
    char const* const path = "/customObjects/172";
    for (std::uint64_t const seed : seeds) {
        Run of(seed);
        of.eloqua.add_custom_object(
            172, "Warranty", {bulk::simulated_field("Serial1", bulk::data_type::string, 976)});
        std::vector<warranty> rows(of.upto(60));
        for (std::size_t i = 0; i != rows.size(); ++i) {
            rows[i].serial = "SN" + std::to_string(i);
            if (of.upto(3) == 0)
                rows[i].key = of.eloqua.value(
                    path, of.eloqua.add_record(path, {{"Serial1", "old"}}), "ExternalId");
        }
        bulk::import_options o;
        o.request_bytes = 120 + of.upto(400);
        o.requests_per_sync = 1 + of.upto(6);
        if (of.upto(1) == 0)
            o.journal = std::make_shared<memory_journal>();
        auto const import_rows = [&] {
            return of.client()
                .import_rows(bulk::custom_object(172), bulk::identified_by<&warranty::key>, rows, o)
                .get();
        };
        of.inject();
        auto report = import_rows();
        of.calm();
        for (int again = 0; !report && o.journal && again != 2; ++again)
            report = import_rows();
        of.end();
        for (auto const& each : of.plan.log())
            all.kinds.insert(each.what.kind);
        ++(report ? all.complete : all.failed);
        std::vector<std::size_t> unknown;
        std::size_t synced = rows.size();
        if (!report) {
            auto const* const so_far = bulk::report_so_far<warranty>(report.error());
            unknown = so_far->unknown_rows;
            synced = static_cast<std::size_t>(so_far->rows);
            of.require(so_far->unknown_rows.empty() ||
                           !(report.error().code == bulk::condition::try_later) || o.journal,
                       "it invites to try again: " + report.error().message());
        }
        bool const proven = report && report->proof == bulk::import_proof::proven;
        of.require(!report || proven || of.lied(), "it is unproven, though nobody lied");
        bool const rejects = of.had(bulk::fault_kind::reject);
        for (std::size_t i = 0; i != rows.size(); ++i) {
            std::size_t const there = of.eloqua.find(path, "Serial1", rows[i].serial).size();
            std::string const row = "row " + std::to_string(i);
            of.require(there <= 1, row + " is there " + std::to_string(there) + " times");
            if (proven && !rejects)
                of.require(there == 1, row + " is missing");
            bool const listed = std::ranges::find(unknown, i) != unknown.end();
            if (!rows[i].key && !o.journal && i >= synced)
                of.require(there == 0 || listed, row + " is there, and not listed");
            of.require(!listed || !rows[i].key, row + " is listed, and has an id");
        }
        if (!(all.fine = of.report()))
            break;
    }
    BOOST_TEST_MESSAGE(all.complete << " complete, " << all.failed << " failed, "
                                    << all.kinds.size() << " kinds of faults");
    return all;
}

} // namespace chaos_runs
