// SPDX-License-Identifier: BSL-1.0
// Awaits every operation of the client with its default arguments, each in one expression, as
// applications do. Then cancels it at each suspension point, then destroys it there. Built with the
// address sanitizer: some compilers copy temporaries of a co_await expression and destroy both
// copies.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/export_into.hpp>
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>

#include <cstddef>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;

namespace {

struct person {
    std::string email;
    std::optional<std::string> country;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

struct bound_person {
    std::string email;
    std::string country;

    using eloqua_fields = bulk::fields<bulk::field<&bound_person::email, "C_EmailAddress">,
                                       bulk::runtime_field<&bound_person::country, "Country">>;
};
BOOST_DESCRIBE_STRUCT(bound_person, (), (email, country))

template <class Row>
struct stored_rows {
    std::vector<Row> rows;
    std::optional<bulk::sink_progress> progress;

    bulk::result<std::optional<bulk::sink_progress>> last() { return progress; }
    bulk::result<void> append(std::span<Row const> more, bulk::export_checkpoint const& at) {
        rows.insert(rows.end(), more.begin(), more.end());
        progress = bulk::sink_progress{at, false};
        return {};
    }
    bulk::result<void> complete(bulk::export_checkpoint const& at) {
        progress = bulk::sink_progress{at, true};
        return {};
    }
};

using transport = bulk::posted_transport<bulk::simulator>;

class tour {
public:
    tour(asio::io_context& context, std::filesystem::path folder)
        : over_(context.get_executor(), eloqua_),
          client_(over_, bulk::basic_credentials("Company", "user", "secret")),
          folder_(std::move(folder)) {}

    using part = asio::awaitable<void> (tour::*)();
    static std::vector<part> parts() {
        return {&tour::jobs,  &tour::records,        &tour::stores, &tour::definitions,
                &tour::lists, &tour::with_functions, &tour::tokens};
    }
    asio::awaitable<void> run(part which) { return (this->*which)(); }

    bool cancelled = false;
    int awaited = 0, failed = 0, given_up = 0;

private:
    template <class T>
    void expect(char const* what, bulk::result<T> const& came) {
        ends(what, came);
        if (came || was_given_up(came.error().code))
            return;
        ++failed;
        std::cerr << what << ": " << came.error().code.message() << ' ' << came.error().info.detail
                  << '\n';
    }
    /// For operations that this instance refuses, for example because it lacks the object.
    template <class T>
    void ends(char const*, bulk::result<T> const& came) {
        ++awaited;
        if (came.has_error() && was_given_up(came.error().code))
            ++given_up;
    }
    bool was_given_up(bulk::error_code const& code) const {
        return cancelled && code == boost::system::errc::operation_canceled;
    }

    asio::awaitable<void> jobs() {
        std::vector<person> people(20);
        for (std::size_t i = 0; i != people.size(); ++i)
            people[i].email = "somebody" + std::to_string(i) + "@a-long-name.example.com";
        expect("base_url", co_await client_.base_url());
        expect("instance", co_await client_.instance());
        expect("import_rows", co_await client_.import_rows(bulk::contacts, by_, people));
        bulk::import_options named;
        named.name = "a name that does not fit into the buffer of a short string";
        expect("import_rows, named options",
               co_await client_.import_rows(bulk::contacts, by_, people, named));
        expect("import_rows, with an action",
               co_await client_.import_rows(bulk::contacts, by_, people, named,
                                            bulk::add_to(bulk::contact_list(101))));
        expect("export_rows.next", co_await client_.export_rows<person>(bulk::contacts).next());
        expect("export_rows.next, filtered",
               co_await client_
                   .export_rows<person>(bulk::contacts, bulk::where<&person::country> == "BE")
                   .next());
        expect("export_rows.remove_definition",
               co_await client_.export_rows<person>(bulk::contacts).remove_definition());
        auto source = client_.export_rows<person>(bulk::contacts);
        expect("prepare", co_await source.prepare());
        expect("next", co_await source.next());
        bulk::export_options rest;
        rest.resume_from = source.checkpoint();
        expect("export_rows.next, resumed",
               co_await client_.export_rows<person>(bulk::contacts, bulk::all_rows, rest).next());
        expect("check", co_await client_.check<person>(bulk::contacts));
        expect("check, by", co_await client_.check<person>(bulk::contacts, by_));
        expect("columns", co_await client_.columns(bulk::contacts));
        ends("resolve", co_await client_.resolve<bound_person>(bulk::contacts));
        ends("run_sync", co_await client_.run_sync("/contacts/exports/2147483647"));
    }

    asio::awaitable<void> records() {
        bulk::record_columns const columns(
            std::vector<bulk::record_column>(1, bulk::field_column("email", "C_EmailAddress")));
        std::vector<bulk::record> rows;
        expect("export_records.next",
               co_await client_.export_records(bulk::contacts, columns).next());
        expect("import_records",
               co_await client_.import_records(bulk::contacts, columns, "email", rows));
        expect("check of records", co_await client_.check(bulk::contacts, columns));
        expect("check of records, by", co_await client_.check(bulk::contacts, columns, "email"));
    }

    asio::awaitable<void> stores() {
        stored_rows<person> all, some;
        expect("export_into", co_await bulk::export_into<person>(client_, bulk::contacts, all));
        expect("export_into, filtered",
               co_await bulk::export_into<person>(client_, bulk::contacts, some,
                                                  bulk::where<&person::country> == "BE"));
        expect("export_to_file", co_await bulk::export_to_file<person>(client_, bulk::contacts,
                                                                       folder_ / "all.ndjson"));
        expect("export_to_file, filtered", co_await bulk::export_to_file<person>(
                                               client_, bulk::contacts, folder_ / "some.ndjson",
                                               bulk::where<&person::country> == "BE"));
    }

    asio::awaitable<void> definitions() {
        bulk::export_definition_t<bulk::contacts_t> wanted;
        wanted.name = "a name that does not fit into the buffer of a short string";
        wanted.fields.emplace_back("email", "{{Contact.Field(C_EmailAddress)}}");
        auto const exports = client_.exports(bulk::contacts);
        auto const made = co_await exports.create(wanted);
        expect("create", made);
        bulk::id const which = bulk::id_of(made.value()).value();
        expect("read", co_await exports.read(which));
        expect("replace", co_await client_.exports(bulk::contacts).replace(which, wanted));
        bulk::sync_definition start;
        start.syncedInstanceUri = made.value().uri.value();
        auto const sync = co_await client_.syncs().create(start);
        expect("syncs.create", sync);
        bulk::id const run = bulk::id_of(sync.value()).value();
        expect("syncs.read", co_await client_.syncs().read(run));
        expect("syncs.logs", co_await client_.syncs().logs(run).page());
        expect("syncs.rejects", co_await client_.syncs().rejects(run).all());
        expect("run_sync", co_await client_.run_sync(made.value().uri.value()));
        expect("data", co_await client_.exports(bulk::contacts).data<person>(which));
        ends("syncs.data", co_await client_.syncs().data<person>(run));
        ends("syncs.remove_data", co_await client_.syncs().remove_data(run));
        expect("remove_data", co_await exports.remove_data(which));
        expect("remove", co_await client_.exports(bulk::contacts).remove(which));
        std::vector<person> const people(1);
        ends("push", co_await client_.imports(bulk::contacts).push(which, people));
        ends("push of text", co_await client_.imports(bulk::contacts).push(which, "[]"));
        ends("sync_actions", co_await client_.sync_actions(bulk::contacts).read(which));
    }

    asio::awaitable<void> lists() {
        expect("fields.page", co_await client_.fields(bulk::contacts).list().page());
        expect("fields.all", co_await client_.fields(bulk::contacts).list().all());
        ends("fields.read", co_await client_.fields(bulk::contacts).read(100001));
        expect("exports.next", co_await client_.exports(bulk::contacts).list().next());
        expect("syncs", co_await client_.syncs().list().page());
        expect("all_exports", co_await client_.all_exports().list().page());
        expect("all_exports.storage", co_await client_.all_exports().storage());
        expect("all_imports", co_await client_.all_imports().list().page());
        expect("all_imports.storage", co_await client_.all_imports().storage());
        expect("all_sync_actions", co_await client_.all_sync_actions().list().page());
        expect("contact_filters", co_await client_.contact_filters().list().page());
        expect("contact_lists", co_await client_.contact_lists().list().page());
        expect("contact_list", co_await client_.contact_lists().read(101));
        expect("contact_segments", co_await client_.contact_segments().list().page());
        expect("scoring_models", co_await client_.scoring_models().list().page());
        expect("account_lists", co_await client_.account_lists().list().page());
        expect("custom_objects", co_await client_.custom_objects().list().page());
        expect("events", co_await client_.events().list().page());
        expect("email_groups", co_await client_.email_groups().list().page());
        expect("import_priorities", co_await client_.import_priorities().list().page());
        bulk::list_query query;
        query.q = "name=*a text that does not fit into the buffer of a short string*";
        expect("list of a query", co_await client_.contact_lists().list(query).page());
    }

    /// Functions with captures have names; those that capture references need none.
    asio::awaitable<void> with_functions() {
        std::string const prefix = "a text that does not fit into the buffer of a short string";
        std::size_t length = 0;
        auto const see = [prefix, &length](person const& p) {
            length += (prefix + p.email).size();
        };
        expect("for_each", co_await client_.export_rows<person>(bulk::contacts).for_each(see));
        std::vector<person> const nobody(1); // without an address
        auto const reject = [prefix, &length](bulk::import_reject<person> const&) {
            length += prefix.size();
        };
        bulk::import_options options;
        options.rejects_kept = 0;
        expect("rejects_to", co_await client_.import_rows(bulk::contacts, by_, nobody, options,
                                                          bulk::rejects_to(reject)));
    }

    asio::awaitable<void> tokens() {
        bulk::oauth_application const application("an id of an application", "its long secret",
                                                  "https://example.com/where-users-come-back");
        ends("exchange_code", co_await bulk::exchange_code(over_, application, "no such code"));
        ends("exchange_password",
             co_await bulk::exchange_password(over_, application, "Company", "user", "secret"));
        ends("refresh_tokens", co_await bulk::refresh_tokens(over_, application, "no such token"));
    }

    bulk::simulator eloqua_;
    transport over_;
    bulk::async_client client_;
    std::filesystem::path folder_;
    static constexpr bulk::identified_by_t<&person::email> by_ =
        bulk::identified_by<&person::email>;
};

} // namespace

namespace {

struct counts {
    int awaited = 0, failed = 0, given_up = 0;
};

/// Runs one part of the tour. After `handlers` handlers of the context, the pending operation is
/// cancelled, or destroyed with its context. Returns false if the part ended before.
bool run(tour::part part, std::filesystem::path const& folder, counts& all,
         std::size_t handlers = std::size_t(-1), bool destroy = false) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    auto context = std::make_unique<asio::io_context>();
    tour one(*context, folder);
    asio::cancellation_signal cancel;
    bool ended = false;
    asio::co_spawn(*context, one.run(part),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown) {
                       ended = true;
                       if (thrown && !one.cancelled)
                           std::rethrow_exception(thrown);
                   }));
    while (handlers != 0 && context->poll_one() != 0)
        --handlers;
    bool const stopped = !ended;
    if (stopped && destroy) {
        context.reset();
        ended = true;
    } else if (stopped) {
        one.cancelled = true;
        cancel.emit(asio::cancellation_type::terminal);
        context->run();
    }
    all.awaited += one.awaited;
    all.given_up += one.given_up;
    all.failed += one.failed + !ended;
    return stopped;
}

} // namespace

int main(int, char** arguments) {
    std::filesystem::path const folder = std::string(arguments[0]) + ".files";
    counts plain, cancelled, destroyed;
    std::size_t points = 0;
    for (tour::part const each : tour::parts()) {
        plain.failed += run(each, folder, plain);
        std::size_t at = 0;
        while (run(each, folder, cancelled, at))
            ++at;
        for (std::size_t n = 0; n != at; ++n)
            run(each, folder, destroyed, n, true);
        points += at;
    }
    std::cout << plain.awaited << " operations awaited, cancelled and destroyed at " << points
              << " points; " << plain.failed + cancelled.failed + destroyed.failed << " failed\n";
    bool const fine = plain.awaited > 60 && cancelled.given_up > plain.awaited &&
                      plain.failed + cancelled.failed + destroyed.failed == 0;
    return fine ? 0 : 1;
}
