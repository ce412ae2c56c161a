// SPDX-License-Identifier: BSL-1.0
// Exports and imports of docs/guides/resuming.md, interrupted and resumed against a simulated
// Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_into.hpp>
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/import_journal.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string country;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

/// Rows and checkpoint change together, as in one transaction of a database.
class memory_sink {
public:
    bulk::result<std::optional<bulk::sink_progress>> last() { return progress_; }
    bulk::result<void> append(std::span<person const> rows, bulk::export_checkpoint const& at) {
        rows_.insert(rows_.end(), rows.begin(), rows.end());
        progress_ = bulk::sink_progress{at, false};
        return {};
    }
    bulk::result<void> complete(bulk::export_checkpoint const& at) {
        progress_ = bulk::sink_progress{at, true};
        return {};
    }
    std::size_t size() const { return rows_.size(); }

private:
    std::vector<person> rows_;
    std::optional<bulk::sink_progress> progress_;
};

namespace {

bulk::basic_credentials const me("Company", "user", "secret");

/// What a program with a store of its own has on disk.
struct own_store {
    std::vector<person> rows;
    std::string checkpoint;
    void save(std::vector<person> const& more, std::string at) {
        rows.insert(rows.end(), more.begin(), more.end());
        checkpoint = std::move(at);
    }
};

void export_into_own_store(bulk::client const& client, own_store& store) {
    bulk::export_options options;
    if (!store.checkpoint.empty())
        options.resume_from = bulk::export_checkpoint::parse(store.checkpoint).value();
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, options);
    while (source.prepare().value()) // so that another process waits for the same sync
        store.save({}, source.checkpoint().text());
    for (;;) {
        std::vector<person> const rows = source.next().value();
        if (rows.empty())
            break;
        store.save(rows, source.checkpoint().text());
    }
    std::cout << source.receipt() << '\n';
}

bulk::stored_export export_file(bulk::client const& client) {
    bulk::export_file_options options;
    options.format = bulk::file_format::csv; // the default is NDJSON
    return bulk::export_to_file<person>(client, bulk::contacts, "people.csv", bulk::all_rows,
                                        options)
        .value();
}

bulk::import_report<person> import_all(bulk::client const& client,
                                       std::vector<person> const& people) {
    bulk::import_options options;
    options.journal = bulk::open_import_journal("people.journal").value();
    auto report =
        client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, options)
            .value();
    report.require_proven();   // throws unless the logs account for every row
    report.require_balanced(); // throws if any counts disagree
    return report;
}

/// Calls `run` until it succeeds, while every page of rows and every sync may break.
template <class Run>
void interrupted(bulk::simulator& eloqua, char const* endpoint, Run run) {
    bulk::fault_plan plan;
    plan.from(endpoint, 2, bulk::fault::unavailable());
    eloqua.inject(plan);
    bool failed = false;
    try {
        run();
    } catch (bulk::error const& e) {
        failed = e.code() == bulk::condition::try_later;
    }
    expect(failed);
    plan.calm();
    run();
}

} // namespace

int main() {
    temporary_folder const folder;
    bulk::simulator eloqua;
    eloqua.generate_contacts(60'000); // two pages

    own_store store;
    interrupted(eloqua, "GET /syncs/{id}/data",
                [&] { export_into_own_store(bulk::client(eloqua, me), store); });
    expect(store.rows.size() == 60'000 && eloqua.requests("POST /syncs") == 1);

    interrupted(eloqua, "GET /syncs/{id}/data", [&] { export_file(bulk::client(eloqua, me)); });
    expect(eloqua.requests("POST /syncs") == 2);
    std::ifstream file("people.csv");
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line);)
        ++lines;
    expect(lines >= 60'001 && std::filesystem::exists("people.csv.journal"));

    memory_sink sink;
    bulk::client const client(eloqua, me);
    bulk::stored_export const done =
        bulk::export_into<person>(client, bulk::contacts, sink).value();
    std::cout << done << '\n';
    expect(sink.size() == 60'000 && done.receipt.rows == 60'000);
    expect(bulk::export_into<person>(client, bulk::contacts, sink).value().was_complete);

    auto source = client.export_rows<person>(bulk::contacts);
    source.unique_by<&person::email>();
    source.for_each([](person const&) {}).value();

    // An import in two syncs, the second of which cannot be started at first.
    bulk::simulator empty;
    std::vector<person> const people{{"ada@example.com", "BE"}, {"no address", "NL"}};
    interrupted(empty, "GET /syncs/{id}", [&] {
        auto const report = import_all(bulk::client(empty, me), people);
        expect(report.created == 1 && report.rejects.size() == 1);
    });
    expect(empty.count("/contacts") == 1 && empty.requests("POST /syncs") == 1);
    // A journal serves one import.
    bulk::import_options again;
    again.journal = bulk::open_import_journal("people.journal").value();
    auto const refused =
        bulk::client(empty, me)
            .import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, again)
            .get();
    expect(refused.error().code == bulk::errc::already_complete);
}
