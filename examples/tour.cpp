// SPDX-License-Identifier: BSL-1.0
#include "tour.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

/// A row with columns that most exports may have; all are optional.
struct tour_row {
    std::optional<std::string> EmailAddress;
    std::optional<std::string> Name;
};
BOOST_DESCRIBE_STRUCT(tour_row, (), (EmailAddress, Name))

template <class Document>
std::optional<std::string> written(Document const& came) {
    return eloqua::bulk::write_document(came);
}
template <class Document>
std::optional<std::string> written(std::optional<Document> const& came) {
    return came ? written(*came) : std::nullopt;
}
template <class Document>
tour_outcome outcome_of(eloqua::bulk::result<Document> const& came) {
    tour_outcome seen;
    if (!came)
        seen.done = came.error();
    if constexpr (!std::is_void_v<Document>) {
        if (came)
            seen.document = written(*came);
        if constexpr (requires { came->items; })
            seen.items = came ? came->items.size() : 0;
    }
    return seen;
}
eloqua::bulk::failure left_out() {
    return eloqua::bulk::failure(eloqua::bulk::errc::not_finished, "left out");
}

class endpoint_tour {
    using list_query = eloqua::bulk::list_query;
    using id = eloqua::bulk::id;
    using string_map = eloqua::bulk::string_map;

public:
    endpoint_tour(eloqua::bulk::client const& client, tour_visitor const& visit,
                  tour_queries const& queries)
        : lists(queries.lists), rows(queries.rows), client_(client), visit_(visit) {}

    void run(tour_settle const& settle) {
        namespace bulk = eloqua::bulk;
        namespace ep = bulk::endpoints;
        assets<ep::contact_filters>(client_.contact_filters());
        assets<ep::contact_lists>(client_.contact_lists());
        assets<ep::contact_segments>(client_.contact_segments());
        assets<ep::scoring_models>(client_.scoring_models());
        id const list = assets<ep::account_lists>(client_.account_lists());
        // A field of the object, in case its list of fields is skipped.
        id object_field = nothing;
        bulk::custom_object const object(assets<ep::custom_objects>(
            client_.custom_objects(), [&](bulk::object_document const& d) {
                if (auto const found = bulk::id_of(d.displayNameFieldUri.value_or("")))
                    object_field = *found;
            }));
        bulk::event const event(assets<ep::events>(client_.events()));
        assets<ep::email_groups>(client_.email_groups());
        assets<ep::import_priorities>(client_.import_priorities());

        fields(bulk::contacts);
        fields(bulk::accounts);
        fields(bulk::activities_of(bulk::activity_type::EmailOpen));
        fields(bulk::campaigns_for(bulk::campaign_field_type::activity));
        fields(bulk::campaign_responses);
        fields(bulk::opportunities);
        std::string const card = fields(object, object_field), registrant = fields(event);

        std::string const address = "{{Contact.Field(C_EmailAddress)}}";
        std::string const company = "{{Account.Field(M_CompanyName)}}";
        exports(
            bulk::contacts, {{"EmailAddress", address}}, {},
            [&](std::string const& uri) { return syncs(uri, settle); },
            [&](id sync) {
                visit<ep::delete_sync_data>({}, [&] { return client_.syncs().remove_data(sync); });
            });
        exports(bulk::accounts, {{"Name", company}});
        exports(bulk::activities, {{"Name", "{{Activity.Type}}"}},
                "'{{Activity.Type}}' = 'EmailOpen'");
        exports(object, {{"Name", card}});
        exports(event, {{"Name", registrant}});
        exports(bulk::campaign_responses, {{"Name", "{{CampaignResponse.Field(MemberStatus)}}"}},
                "STATUS('" + bulk::app_action(app, 12345).statement() + "') = 'pending'");

        imports(bulk::contacts, {{"EmailAddress", address}});
        imports(bulk::accounts, {{"Name", company}});
        imports(bulk::activities, {{"EmailAddress", "{{Activity.Contact.Field(C_EmailAddress)}}"},
                                   {"Name", "{{Activity.Asset.Name}}"},
                                   {"AssetType", "{{Activity.Asset.Type}}"},
                                   {"Type", "{{Activity.Type}}"},
                                   {"Date", "{{Activity.CreatedAt}}"}});
        imports(object, {{"Name", card}});
        imports(event, {{"Name", registrant}});
        imports(bulk::campaign_responses,
                {{"Id", "{{CampaignResponse.Id}}"},
                 {"Name", "{{CampaignResponse.Field(IntegrationReturnValue)}}"}});
        imports(bulk::opportunities, {{"Id", "{{Opportunity.Id}}"},
                                      {"Name", "{{Opportunity.Field(Name)}}"},
                                      {"Stage", "{{Opportunity.Field(Stage)}}"},
                                      {"Amount", "{{Opportunity.Field(Amount)}}"}});
        imports(bulk::opportunity_contacts,
                {{"Id", "{{Opportunity.Id}}"},
                 {"EmailAddress", "{{Opportunity.Contact.Field(C_EmailAddress)}}"}});
        imports(bulk::email_addresses, {{"EmailAddress", "{{EmailAddress.Field(EmailAddress)}}"}});
        imports(bulk::phone_numbers, {{"PhoneNumber", "{{PhoneNumber.Field(PhoneNumber)}}"}});

        actions(bulk::contacts, bulk::define_sync_action(bulk::contacts, name,
                                                         bulk::contact_identifier::email_address,
                                                         bulk::unsubscribe_globally()));
        actions(bulk::accounts, bulk::define_sync_action(bulk::accounts, name,
                                                         bulk::account_identifier::company_name,
                                                         bulk::add_to(bulk::account_list(list))));
        actions(object,
                bulk::define_sync_action(object, name, bulk::custom_object_identifier::external_id,
                                         bulk::set_status(bulk::app_action(app, 12345),
                                                          bulk::app_action_status::complete)));

        visit<ep::list_all_exports>({}, [&] { return client_.all_exports().list(lists).page(); });
        visit<ep::read_export_storage>({}, [&] { return client_.all_exports().storage(); });
        visit<ep::list_all_imports>({}, [&] { return client_.all_imports().list(lists).page(); });
        visit<ep::read_import_storage>({}, [&] { return client_.all_imports().storage(); });
        visit<ep::list_all_sync_actions>(
            {}, [&] { return client_.all_sync_actions().list(lists).page(); });
    }

    /// GUID of the app whose service instance the tour uses.
    static constexpr char const* app = "f3689bdfbf2e48deb318019367b4f2a8";

private:
    static constexpr char const* name = "eloqua-bulk tour";
    static constexpr id nothing = 2'147'483'647;

    template <class Endpoint, class F>
    auto visit(eloqua::bulk::result<std::string> const& base, F f) -> decltype(f().get()) {
        std::string path(base ? *base : std::string());
        path += Endpoint::path;
        using answer = decltype(f().get());
        std::optional<answer> came;
        visit_(std::string(to_string(Endpoint::method)) + ' ' + plain_path(path), [&] {
            came.emplace(f().get());
            return outcome_of(*came);
        });
        return came ? std::move(*came) : answer(left_out());
    }
    /// The id in a document's uri, if any.
    template <class Document>
    static id id_in(Document const& d) {
        auto const found = eloqua::bulk::id_of(d);
        return found ? *found : nothing;
    }

    /// The id of the first item, which is also passed to `see`.
    template <class Kind, class Resource, class See>
    id assets(Resource const& of, See see) {
        auto const listed = visit<typename Kind::list>({}, [&] { return of.list(lists).page(); });
        bool const any = listed && !listed->items.empty();
        if (any)
            see(listed->items.front());
        id const first = any ? id_in(listed->items.front()) : nothing;
        visit<typename Kind::read>({}, [&] { return of.read(first); });
        return first;
    }
    template <class Kind, class Resource>
    id assets(Resource const& of) {
        return assets<Kind>(of, [](auto const&) {});
    }
    /// The statement of the first field, or else of the field with this id.
    template <class E>
    std::string fields(E const& of, id otherwise = nothing) {
        namespace ep = eloqua::bulk::endpoints;
        auto const base = of.base_path();
        auto const listed =
            visit<ep::list_fields>(base, [&] { return client_.fields(of).list(lists).page(); });
        bool const any = listed && !listed->items.empty();
        // The uris of activity fields have no id.
        id const told = any ? id_in(listed->items.front()) : nothing;
        id const first = told == nothing ? 1 : told;
        visit<ep::read_field>(base, [&] { return client_.fields(of).read(first); });
        std::string const statement = any ? listed->items.front().statement.value_or("") : "";
        // Lists of custom object fields begin with system values.
        bool const is_field = statement.find(".Field") != statement.npos;
        return statement.empty() || (!is_field && otherwise != nothing)
                   ? "{{" + of.statement_root() + ".Field[" + std::to_string(otherwise) + "]}}"
                   : statement;
    }

    /// Creates, lists, reads and replaces a definition. Returns its id.
    template <class Kind, class Resource, class Document>
    std::pair<id, std::string> define(auto const& base, Resource const& of, Document const& d) {
        auto const made = visit<typename Kind::create>(base, [&] { return of.create(d); });
        id const which = made ? id_in(*made) : nothing;
        visit<typename Kind::list>(base, [&] { return of.list(lists).page(); });
        visit<typename Kind::read>(base, [&] { return of.read(which); });
        visit<typename Kind::replace>(base, [&] { return of.replace(which, d); });
        return {which, made ? made->uri.value_or("") : std::string()};
    }
    template <class Kind, class Resource>
    void remove(auto const& base, Resource const& of, id which) {
        visit<typename Kind::remove_data>(base, [&] { return of.remove_data(which); });
        visit<typename Kind::remove>(base, [&] { return of.remove(which); });
    }

    template <class E>
    void exports(E const& of, string_map columns, std::string filter = {}) {
        exports(
            of, std::move(columns), std::move(filter), [](std::string const&) { return nothing; },
            [](id) {});
    }
    /// Calls `defined` with the definition's uri and, once the data was read, `read` with its
    /// result.
    template <class E, class Defined, class Read>
    void exports(E const& of, string_map columns, std::string filter, Defined defined, Read read) {
        namespace ep = eloqua::bulk::endpoints;
        eloqua::bulk::export_definition_t<E> d;
        d.name = name;
        d.fields = std::move(columns);
        if (!filter.empty())
            d.filter = std::move(filter);
        d.areSystemTimestampsInUTC = true;
        d.autoDeleteDuration = std::chrono::hours(24);
        d.dataRetentionDuration = std::chrono::hours(1);
        auto const resource = client_.exports(of);
        auto const base = of.base_path();
        auto const [which, uri] = define<ep::exports>(base, resource, d);
        id const sync = defined(uri);
        visit<ep::read_export_data>(base,
                                    [&] { return resource.template data<tour_row>(which, rows); });
        read(sync);
        remove<ep::exports>(base, resource, which);
    }

    template <class E>
    void imports(E const& of, string_map columns) {
        namespace bulk = eloqua::bulk;
        bulk::import_definition_t<E> d;
        d.name = name;
        d.fields = std::move(columns);
        d.identifierFieldName = d.fields.front().first;
        d.isSyncTriggeredOnImport = false;
        d.updateRule = bulk::open_enum(bulk::update_rule::ifNewIsNotNull);
        d.autoDeleteDuration = std::chrono::hours(24);
        d.dataRetentionDuration = std::chrono::hours(1);
        if constexpr (requires { d.serviceInstanceId; })
            d.serviceInstanceId = app;
        if constexpr (requires { d.linkOpportunitiesEntityType; }) {
            d.identifierFieldName.reset();
            d.linkOpportunitiesMatchFieldName = "Id";
            d.linkOpportunitiesSourceField = "EmailAddress";
            d.linkOpportunitiesEntityType = bulk::linked_entity::Contact;
        }
        if constexpr (std::is_same_v<E, bulk::email_addresses_t>)
            d.syncActions = bulk::actions_for(of, bulk::unsubscribe_globally());
        auto const resource = client_.imports(of);
        auto const base = of.base_path();
        auto const [which, uri] = define<bulk::endpoints::imports>(base, resource, d);
        push<bulk::endpoints::imports>(base, resource, which, d.fields);
    }
    template <class E>
    void actions(E const& of, eloqua::bulk::sync_action_definition const& d) {
        namespace ep = eloqua::bulk::endpoints;
        auto const resource = client_.sync_actions(of);
        auto const base = of.base_path();
        auto const [which, uri] = define<ep::sync_actions>(base, resource, d);
        push<ep::sync_actions>(base, resource, which, d.fields);
    }
    template <class Kind, class Resource>
    void push(auto const& base, Resource const& of, id which, string_map const& columns) {
        string_map row;
        for (auto const& each : columns)
            row.emplace_back(each.first, each.first == "EmailAddress" ? "tour@example.com" : "1");
        std::string const body = "[" + eloqua::bulk::write_document(row) + "]";
        visit<typename Kind::push>(base, [&] { return of.push(which, body); });
        remove<Kind>(base, of, which);
    }

    /// Returns the id of the sync.
    template <class Settle>
    id syncs(std::string const& definition_uri, Settle settle) {
        namespace ep = eloqua::bulk::endpoints;
        auto const of = client_.syncs();
        eloqua::bulk::sync_definition d;
        d.syncedInstanceUri = definition_uri.empty()
                                  ? "/contacts/exports/" + std::to_string(nothing)
                                  : definition_uri;
        auto const begun = visit<ep::create_sync>({}, [&] { return of.create(d); });
        id const which = begun ? id_in(*begun) : nothing;
        if (which != nothing)
            settle(which);
        visit<ep::list_syncs>({}, [&] { return of.list(lists).page(); });
        visit<ep::read_sync>({}, [&] { return of.read(which); });
        visit<ep::list_sync_logs>({}, [&] { return of.logs(which, lists).page(); });
        visit<ep::list_sync_rejects>({}, [&] { return of.rejects(which, lists).page(); });
        visit<ep::read_sync_data>({}, [&] { return of.template data<tour_row>(which, rows); });
        return which;
    }

    list_query const lists;
    eloqua::bulk::rows_query const rows;
    eloqua::bulk::client const& client_;
    tour_visitor const& visit_;
};

} // namespace

void tour_operations(eloqua::bulk::client const& client, tour_visitor const& visit,
                     tour_settle const& settle, tour_queries const& queries) {
    endpoint_tour(client, visit, queries).run(settle);
}
