// SPDX-License-Identifier: BSL-1.0
/// \file
/// A simulated Eloqua: contacts, accounts and custom objects, with their imports, exports and
/// syncs, by the documented rules.
#pragma once

#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/simulator/access.hpp>
#include <eloqua/bulk/simulator/channel.hpp>
#include <eloqua/bulk/simulator/generated_contacts.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/service.hpp>
#include <eloqua/bulk/simulator/simulated_field.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/simulator/sync_runs.hpp>
#include <eloqua/bulk/wire/http.hpp>
#include <eloqua/bulk/wire/transport.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
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
        : state_(std::make_shared<simulation::service_state>(std::move(options))) {
        add_user(state_->options.user, state_->options.password);
        if (state_->options.samples)
            add_samples();
    }

    /// Answers one request. Never throws but for lack of memory.
    response handle(request const& q) { return simulation::service(*state_).handle(q); }

    // As a transport.

    simulation::channel acquire() {
        return simulation::channel(
            [state = state_](request const& q) { return simulation::service(*state).handle(q); });
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
    /// How often an endpoint was asked, as in `requests("GET /syncs/{id}")` or
    /// `requests("POST /customObjects/{parentId}/imports")`. Refused requests count, intercepted
    /// ones do not.
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
        state_->tables.add_lead_score_model(number);
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
    /// The same with a population of one's own.
    void populate(std::string_view entity_path, simulation::population source) {
        table_at(entity_path).populate(std::move(source));
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
        return simulation::table::first_id + made;
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
    /// A stored value. Error: std::out_of_range if there is no such record.
    std::string value(std::string_view entity_path, std::int64_t record_id,
                      std::string_view internal_name) {
        catch_up();
        simulation::table const& in = table_at(entity_path);
        std::int64_t const p = record_id - simulation::table::first_id;
        if (p < 0 || p >= static_cast<std::int64_t>(in.size()))
            throw std::out_of_range("no record " + std::to_string(record_id));
        std::string scratch;
        return std::string(in.records().value(static_cast<simulation::position>(p),
                                              field_of(in, internal_name), scratch));
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
    void catch_up() { simulation::sync_runs(*state_).catch_up(); }
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

    std::shared_ptr<simulation::service_state> state_;
};

static_assert(blocking_transport<simulator> && has_own_clock<simulator>);

} // namespace eloqua::bulk
