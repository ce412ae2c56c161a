// SPDX-License-Identifier: BSL-1.0
/// \file
/// A simulated Eloqua: the records of every entity, with imports, exports and syncs, by the
/// documented rules.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/schema/sync_action.hpp>
#include <eloqua/bulk/simulator/access.hpp>
#include <eloqua/bulk/simulator/channel.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/simulator/entry.hpp>
#include <eloqua/bulk/simulator/faults.hpp>
#include <eloqua/bulk/simulator/generated_activities.hpp>
#include <eloqua/bulk/simulator/generated_contacts.hpp>
#include <eloqua/bulk/simulator/member_actions.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/service_instances.hpp>
#include <eloqua/bulk/simulator/simulated_field.hpp>
#include <eloqua/bulk/simulator/snapshot.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>
#include <eloqua/bulk/wire/transport.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// A simulated Eloqua. It is a transport, for a client in the same process, and a function from
/// requests to responses, for a listener or anything else. Copies share one service.
///
///     bulk::simulator eloqua;
///     eloqua.generate_contacts(100'000);
///     bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
///
/// A service belongs to one thread at a time: calls on the copies of one simulator must not
/// overlap.
class simulator {
public:
    explicit simulator(simulator_options options = {})
        : state_(simulation::make_state(std::move(options))) {
        add_user(state_->options.user, state_->options.password);
        if (state_->options.samples)
            add_samples();
    }

    /// Answers one request. Never throws but for lack of memory. Of a fault that concerns the
    /// connection the answer only tells; without a plan of faults it is a response and no more.
    delivery handle(request const& q) { return simulation::handle_request(*state_, q); }

    // As a transport.

    simulation::channel acquire() {
        return simulation::channel(
            [state = state_](request const& q) { return simulation::handle_request(*state, q); },
            [self = *this](clock::duration d, std::stop_token stop) mutable {
                self.wait(d, std::move(stop));
            });
    }
    clock::time_point now() const { return state_->time.steady(); }
    /// On the simulated clock: lets the time pass at once. Else waits.
    void wait(clock::duration d, std::stop_token stop = {}) {
        if (state_->time.simulated()) {
            if (!stop.stop_requested())
                advance(d);
            return;
        }
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait_for(lock, std::move(stop), d, [] { return false; });
    }

    // Time.

    /// Moves the service's clock ahead; what is due happens.
    void advance(clock::duration d) {
        state_->time.advance(d);
        catch_up();
    }
    /// Time of day at the service.
    timestamp service_time() const { return state_->time.now(); }

    // Who may ask.

    /// A user of the company besides the one of the options. The other one's data is not theirs.
    void add_user(std::string_view user, std::string_view password) {
        state_->users[simulation::basic_authorization(state_->options.company, user, password)] =
            user;
    }
    /// Registers a client application at the login service, or replaces the one of that id.
    void add_application(std::string client_id, std::string client_secret,
                         std::string redirect_uri) {
        state_->oauth.applications.insert_or_assign(
            std::move(client_id),
            simulation::oauth_application_entry{std::move(client_secret), std::move(redirect_uri)});
    }
    /// Replaces the function that is asked first about every request; empty for none.
    void intercept(simulator_intercept f) { state_->options.intercept = std::move(f); }
    /// Replaces the plan of what goes wrong; nothing for none.
    void inject(std::optional<fault_plan> plan) { state_->options.faults = std::move(plan); }
    /// How often an endpoint was asked, as in `requests("GET /syncs/{id}")` or
    /// `requests("POST /customObjects/{parentId}/imports")`. Refused requests count, intercepted
    /// ones and those that a fault keeps from arriving do not.
    std::uint64_t requests(std::string_view method_and_path) const {
        auto const found = state_->requests.find(std::string(method_and_path));
        return found == state_->requests.end() ? 0 : found->second;
    }

    // What the service keeps, besides the samples of the options. Entities are named by their
    // paths: "/contacts", "/accounts",
    // "/customObjects/172". Any other text: std::invalid_argument.

    /// Adds a custom object or an event: std::invalid_argument if its id is taken.
    void add_custom_object(std::int64_t number, std::string name,
                           std::vector<simulated_field> const& fields) {
        state_->assets.custom_objects.add(number, name, state_->options.user, state_->time.now());
        add_fields(state_->tables.add_custom_object(number, std::move(name)), fields);
    }
    void add_event(std::int64_t number, std::string name,
                   std::vector<simulated_field> const& fields) {
        state_->assets.events.add(number, name, state_->options.user, state_->time.now());
        add_fields(state_->tables.add_event(number, std::move(name)), fields);
    }
    /// Adds a field. Error: std::invalid_argument if there is one of this internal name or id.
    void add_field(std::string_view entity_path, simulated_field const& field) {
        table_at(entity_path).add_field(field);
    }
    /// Adds a list, a segment, a filter or an e-mail group, whose members are ids of records; of an
    /// e-mail group they are who is subscribed. Filters and sync actions refer to it by its
    /// statement, "{{ContactList[123]}}". Errors: std::invalid_argument if the id is taken,
    /// std::out_of_range for a member that is no record.
    void add_contact_list(std::int64_t number, std::string name,
                          std::vector<std::int64_t> const& members = {}) {
        shelve(state_->assets.contact_lists, number, std::move(name), members);
    }
    void add_contact_segment(std::int64_t number, std::string name,
                             std::vector<std::int64_t> const& members = {}) {
        shelve(state_->assets.contact_segments, number, std::move(name), members);
    }
    void add_contact_filter(std::int64_t number, std::string name,
                            std::vector<std::int64_t> const& members = {}) {
        shelve(state_->assets.contact_filters, number, std::move(name), members);
    }
    void add_account_list(std::int64_t number, std::string name,
                          std::vector<std::int64_t> const& members = {}) {
        shelve(state_->assets.account_lists, number, std::move(name), members);
    }
    void add_email_group(std::int64_t number, std::string name,
                         std::vector<std::int64_t> const& members = {}) {
        shelve(state_->assets.email_groups, number, std::move(name), members);
    }
    /// Adds a lead-scoring model or an import priority: std::invalid_argument if its id is taken.
    void add_scoring_model(std::int64_t number, std::string name) {
        state_->assets.add_scoring_model(number, std::move(name), state_->options.user,
                                         state_->time.now());
    }
    void add_import_priority(std::int64_t number, std::string name, std::int64_t place) {
        state_->assets.add_import_priority(number, std::move(name), place, state_->options.user,
                                           state_->time.now());
    }

    /// Fills the contacts with records computed from their numbers; any quantity costs no memory.
    /// Error: std::logic_error if there are contacts already.
    void generate_contacts(std::int64_t count) {
        populate("/contacts", simulation::generated_contacts(count));
    }
    /// Adds activities computed from their numbers, of contacts that are there by now; any quantity
    /// costs no memory. Error: std::logic_error once activities were added in another way.
    void generate_activities(activity_series series) {
        simulation::table& into = state_->tables.of(simulation::table_kind::activities);
        simulation::table const& people = state_->tables.contacts();
        auto all = state_->activities;
        all.push_back(series);
        into.populate(simulation::generated_activities(
            simulation::activity_population(all, people.records(),
                                            field_of(people, "C_EmailAddress")),
            into.fields()));
        state_->activities = std::move(all);
    }
    /// Fills an entity with a population of one's own.
    /// Error: std::logic_error if it has records already.
    void populate(std::string_view entity_path, simulation::population source) {
        simulation::table& into = table_at(entity_path);
        if (into.size() != 0)
            throw std::logic_error(std::string(entity_path) + " is not empty");
        into.populate(std::move(source));
    }
    /// Adds a record; keys are internal names. Gives its id.
    /// Error: std::invalid_argument for a name that is no field.
    std::int64_t add_record(std::string_view entity_path, string_map const& values) {
        simulation::table& into = table_at(entity_path);
        std::vector<std::size_t> fields;
        for (auto const& each : values)
            fields.push_back(field_of(into, each.first));
        simulation::position const made = into.add(state_->time.now());
        for (std::size_t i = 0; i != fields.size(); ++i)
            into.assign(made, fields[i], values[i].second);
        if (into.kind == simulation::table_kind::contacts)
            simulation::apply_address_status(state_->tables, made);
        return simulation::table::first_id + made;
    }

    /// Adds an activity; 0 is no contact, and no time is now. Gives its id.
    /// Errors: std::invalid_argument for a name that is no field, std::out_of_range for a contact
    /// that is not there.
    std::int64_t add_activity(activity_type type, std::int64_t contact_id,
                              string_map const& values = {}, std::optional<timestamp> at = {}) {
        simulation::position const contact =
            contact_id == 0 ? simulation::no_position
                            : position_in(state_->tables.contacts(), contact_id);
        std::int64_t const made = add_record("/activities", values);
        simulation::table& into = table_at("/activities");
        simulation::position const p = position_in(into, made);
        into.assign(p, field_of(into, "ActivityType"), boost::describe::enum_to_string(type, ""));
        simulation::record& added = into.edit(p);
        added.link = contact;
        added.created_at = at.value_or(added.created_at);
        return made;
    }
    /// Adds an instance of an app's service through which records of the entity pass, or an
    /// execution of it, by its statement: "{{ActionInstance(guid).Execution[7]}}", or
    /// "CloudConnectorStatus(7)" of an old connector. 0: its canvas is no campaign.
    /// Errors: std::invalid_argument for any other text, std::out_of_range for a campaign that is
    /// not there.
    void add_service_instance(std::string_view entity_path, std::string_view statement,
                              std::int64_t campaign_id = 0) {
        simulation::position const campaign =
            campaign_id == 0 ? simulation::no_position
                             : position_in(table_at("/campaigns"), campaign_id);
        simulation::service_instance& made = table_at(entity_path).services.add(statement);
        if (campaign_id != 0)
            made.campaign = campaign;
    }
    /// Lets a record enter an execution, or sets its status there. Errors: std::invalid_argument if
    /// the execution was not added, std::out_of_range if there is no such record.
    void set_member_status(std::string_view entity_path, std::string_view statement,
                           std::int64_t record_id, member_status status) {
        simulation::table& of = table_at(entity_path);
        auto const [instance, execution] = instance_in(of, statement);
        instance->executions[execution][position_in(of, record_id)] = status;
    }

    // What came of it. Everything that is due has happened.

    std::size_t count(std::string_view entity_path) {
        catch_up();
        return table_at(entity_path).size();
    }
    /// Ids of the records with this value, in any letter case, in this field.
    std::vector<std::int64_t> find(std::string_view entity_path, std::string_view internal_name,
                                   std::string_view wanted) {
        catch_up();
        simulation::table& in = table_at(entity_path);
        std::vector<std::int64_t> ids;
        for (simulation::position const p : in.find(field_of(in, internal_name), wanted))
            ids.push_back(simulation::table::first_id + p);
        return ids;
    }
    /// A value of a record by its internal name, or by its path if it is no field ("Id",
    /// "Email.IsSubscribed"). Error: std::out_of_range if there is no such record.
    std::string value(std::string_view entity_path, std::int64_t record_id,
                      std::string_view internal_name) {
        catch_up();
        simulation::table const& in = table_at(entity_path);
        simulation::position const p = position_in(in, record_id);
        std::size_t const field = field_of(in, internal_name);
        simulation::column const what = in.fields()[field].as_column(field);
        std::string scratch;
        if (what.from == simulation::column::source::stored)
            return std::string(in.records().value(p, field, scratch));
        simulation::related_records related;
        related.add(what);
        simulation::snapshot const now(state_->tables, in, related, true, state_->options);
        return std::string(now.value(what, p, scratch));
    }
    /// Ids of the members of a list, segment, filter or e-mail group; none if it does not exist.
    std::vector<std::int64_t> members(std::string_view entity_path, std::string_view statement) {
        catch_up();
        std::vector<std::int64_t> ids;
        auto const& containers = table_at(entity_path).containers;
        if (auto const found = containers.find(statement); found != containers.end())
            for (simulation::position const p : found->second)
                ids.push_back(simulation::table::first_id + p);
        return ids;
    }
    /// The status of a record in an execution, if it entered it.
    /// Error: as `set_member_status`.
    std::optional<member_status> status_of(std::string_view entity_path, std::string_view statement,
                                           std::int64_t record_id) {
        catch_up();
        simulation::table& of = table_at(entity_path);
        auto const [instance, execution] = instance_in(of, statement);
        auto const& entered = instance->executions[execution];
        auto const found = entered.find(position_in(of, record_id));
        return found == entered.end() ? std::nullopt : std::optional(found->second);
    }

private:
    void add_samples() {
        add_contact_list(101, "Newsletter");
        add_contact_segment(201, "Belgian buyers");
        add_contact_filter(301, "Recent visitors");
        add_account_list(401, "Key accounts");
        add_email_group(11, "Newsletters");
        add_scoring_model(1, "Model1");
        add_import_priority(1, "CRM integration", 1);
        simulated_field serial("Serial_Number1", data_type::string, 5'001);
        serial.unique = true;
        add_custom_object(501, "Warranty",
                          {serial,
                           simulated_field("Email_Address1", data_type::emailAddress, 5'002),
                           simulated_field("Purchase_Date1", data_type::date, 5'003)});
        add_event(601, "Trade fair",
                  {simulated_field("Email_Address1", data_type::emailAddress, 6'001),
                   simulated_field("Registered_On1", data_type::date, 6'002)});
        for (char const* const path : {"/contacts", "/campaignResponses", "/customObjects/501"})
            add_service_instance(
                path, "{{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}}");
    }
    static void add_fields(simulation::table& to, std::vector<simulated_field> const& fields) {
        for (simulated_field const& each : fields)
            to.add_field(each);
    }
    template <class Shelf>
    void shelve(Shelf& into, std::int64_t number, std::string name,
                std::vector<std::int64_t> const& members) {
        into.add(number, std::move(name), state_->options.user, state_->time.now(), members);
    }
    void catch_up() { simulation::catch_up(*state_); }
    simulation::table& table_at(std::string_view path) {
        simulation::table* const found = state_->tables.table_for(path);
        if (!found)
            throw std::invalid_argument("no entity at " + std::string(path));
        return *found;
    }
    static std::size_t field_of(simulation::table const& in, std::string_view internal_name) {
        auto const found = in.field_by_name(internal_name);
        if (!found)
            throw std::invalid_argument("no field " + std::string(internal_name));
        return *found;
    }

    static simulation::position position_in(simulation::table const& of, std::int64_t record_id) {
        auto const p = simulation::table::position_of(std::to_string(record_id), of.size());
        if (p == simulation::no_position)
            throw std::out_of_range("no record " + std::to_string(record_id));
        return p;
    }
    static std::pair<simulation::service_instance*, std::int64_t>
    instance_in(simulation::table& of, std::string_view statement) {
        auto const reference = simulation::parse_instance(statement);
        auto* const found = reference ? of.services.find(*reference) : nullptr;
        if (!found)
            throw std::invalid_argument("no service instance " + std::string(statement));
        return {found, reference->execution};
    }

    std::shared_ptr<simulation::service_state> state_;
};

static_assert(blocking_transport<simulator> && has_own_clock<simulator>);

} // namespace eloqua::bulk
