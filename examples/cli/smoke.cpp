// SPDX-License-Identifier: BSL-1.0
#include "smoke.hpp"

#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/system/errc.hpp>

#include "documents_text.hpp"
#include "odd_requests.hpp"
#include "recording.hpp"
#include <chrono>
#include <memory>
#include <sstream>
#include <string_view>
#include <utility>

namespace cli {

namespace {

/// The steps, each of which may fail without ending the others.
class steps {
public:
    steps(bulk::client client, common_arguments const& common)
        : client_(std::move(client)), common_(common) {}

    bulk::client const& client() const { return client_; }
    /// Runs an operation. Returns its result.
    template <class T>
    bulk::result<T> step(std::string const& what, bulk::operation<T, bulk::any_transport> of) {
        bulk::result<T> done = std::move(of).get(common_.stop);
        if (!done && done.error().code == boost::system::errc::operation_canceled)
            throw ending(exit_code::failed, "interrupted");
        failed_ += !done;
        results_.add({what, done ? "ok" : printable(done.error().message(), 400)});
        return done;
    }
    /// One page of a list. Returns its items.
    template <class Source>
    auto page(std::string const& what, Source source) {
        using item = typename Source::value_type;
        bulk::result<bulk::page<item>> got = step(what, source.page());
        return got ? std::move(got->items) : std::vector<item>();
    }
    template <class E>
    void fields(std::string const& what, E const& of) {
        auto const some = page("fields of " + what, client_.fields(of).list());
        if (some.empty())
            return;
        if (auto const id = bulk::id_of(some.front()))
            (void)step("one field of " + what, client_.fields(of).read(*id));
    }
    /// One page of a list. How the service answers is the result, so nothing fails.
    template <class Source>
    void try_page(std::string const& what, Source source) {
        auto const got = source.page().get(common_.stop);
        if (!got && got.error().code == boost::system::errc::operation_canceled)
            throw ending(exit_code::failed, "interrupted");
        found(what, got ? std::to_string(got->items.size()) + " items"
                        : printable(got.error().message(), 200));
    }
    /// Adds what was found out.
    void found(std::string const& what, std::string const& result) { results_.add({what, result}); }
    std::size_t failed() const { return failed_; }
    table const& results() const { return results_; }

private:
    bulk::client client_;
    common_arguments const& common_;
    std::size_t failed_ = 0;
    table results_{{"step", "result"}};
};

void read_fields(steps& run) {
    run.fields("contacts", bulk::contacts);
    run.fields("accounts", bulk::accounts);
    run.fields("opportunities", bulk::opportunities);
    run.fields("campaignResponses", bulk::campaign_responses);
    run.fields("campaigns", bulk::campaigns);
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<bulk::activity_type>>(
        [&](auto const& each) {
            run.fields("activities " + std::string(each.name), bulk::activities_of(each.value));
        });
    constexpr std::size_t most = 3;
    std::size_t n = 0;
    for (auto const& each : run.page("custom objects", run.client().custom_objects().list()))
        if (auto const id = bulk::id_of(each); id && n++ < most)
            run.fields("customObjects " + std::to_string(*id), bulk::custom_object(*id));
    n = 0;
    for (auto const& each : run.page("events", run.client().events().list()))
        if (auto const id = bulk::id_of(each); id && n++ < most)
            run.fields("events " + std::to_string(*id), bulk::event(*id));
}

void read_lists(steps& run) {
    bulk::client const& client = run.client();
    run.page("contact lists", client.contact_lists().list());
    run.page("segments", client.contact_segments().list());
    run.page("shared filters", client.contact_filters().list());
    run.page("account lists", client.account_lists().list());
    run.page("scoring models", client.scoring_models().list());
    run.page("e-mail groups", client.email_groups().list());
    run.page("import priorities", client.import_priorities().list());
    run.page("export definitions", client.all_exports().list());
    run.page("import definitions", client.all_imports().list());
    run.page("definitions of sync actions", client.all_sync_actions().list());
    (void)run.step("storage of exports", client.all_exports().storage());
    (void)run.step("storage of imports", client.all_imports().storage());
    bulk::list_query newest;
    newest.limit = 10;
    newest.orderBy = "createdAt DESC";
    auto const syncs = run.page("newest syncs", client.syncs().list(newest));
    if (syncs.empty())
        return;
    if (auto const id = bulk::id_of(syncs.front())) {
        run.page("log of a sync", client.syncs().logs(*id));
        run.page("rejects of a sync", client.syncs().rejects(*id));
    }
}

void ask_oddly(steps& run, sent_instead& instead) {
    for (odd_request const& each : odd_requests()) {
        instead.target = each.target;
        run.try_page(each.what, run.client().fields(bulk::contacts).list());
    }
    instead.target.clear();
}

void export_some(steps& run) {
    bulk::export_options options;
    options.name = "eloqua-bulk smoke";
    options.max_records = 10;
    auto source = run.client().export_records(
        bulk::contacts,
        bulk::record_columns({bulk::attribute_column("Id", "Id"),
                              bulk::attribute_column("UpdatedAt", "UpdatedAt"),
                              bulk::attribute_column("IsSubscribed", "Email.IsSubscribed"),
                              bulk::field_column("C_EmailAddress", "C_EmailAddress")}),
        bulk::all_rows, options);
    for (;;) {
        auto const rows = run.step("export of ten contacts", source.next());
        if (!rows || rows->empty())
            return;
    }
}

/// In which zone the service reads the times of a filter, as contacts of the last hours show.
void find_zone(steps& run) {
    auto const now = std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now());
    bulk::export_options options;
    options.name = "eloqua-bulk smoke";
    options.windows = bulk::export_windows(
        "UpdatedAt", bulk::time_windows(now - std::chrono::hours(1), now, std::chrono::hours(1)));
    auto source = run.client().export_records(
        bulk::contacts,
        bulk::record_columns(
            {bulk::attribute_column("Id", "Id"), bulk::attribute_column("UpdatedAt", "UpdatedAt")}),
        bulk::all_rows, options);
    for (;;) {
        auto const rows = run.step("export of contacts changed in the last hours", source.next());
        if (!rows)
            return;
        if (rows->empty())
            break;
    }
    auto const& windows = source.receipt().windows;
    bulk::filter_zone const zone = windows ? windows->zone : bulk::filter_zone::unknown;
    run.found("zone of times in filters",
              zone == bulk::filter_zone::unknown
                  ? "not known: no contact was changed at a time that tells it"
                  : boost::describe::enum_to_string(zone, ""));
}

} // namespace

exit_code run_smoke(smoke_arguments const& given, common_arguments const& common) {
    auto const kept = std::make_shared<recording>(given.folder);
    auto const instead = std::make_shared<sent_instead>();
    auto const shown = std::make_shared<progress>("smoke", common.quiet);
    bulk::client const client =
        connect(common.connection, shown,
                [&kept, &instead](bulk::any_transport network) -> bulk::any_transport {
                    return asking_instead(recorded(std::move(network), kept), instead);
                });
    (void)client.base_url().value(common.stop); // without it, nothing else can succeed
    steps run(client, common);
    read_fields(run);
    read_lists(run);
    ask_oddly(run, *instead);
    if (given.with_exports) {
        export_some(run);
        find_zone(run);
    }
    shown->end();
    std::ostringstream text;
    text << run.results() << kept->count() << " exchanges were recorded in "
         << printable(given.folder)
         << "; look at the files before you pass them on, since names of fields are in them";
    say(text.str());
    flush_output();
    if (run.failed() != 0)
        throw ending(exit_code::failed, std::to_string(run.failed()) + " steps failed");
    return exit_code::complete;
}

} // namespace cli
