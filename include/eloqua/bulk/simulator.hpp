// SPDX-License-Identifier: BSL-1.0
/// \file
/// A simulated Eloqua: records of every entity, with imports, exports and syncs that follow the
/// documented rules.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/simulator/detail/channel.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>
#include <eloqua/bulk/simulator/population.hpp>
#include <eloqua/bulk/simulator/simulated_field.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
#include <eloqua/bulk/transport.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

namespace simulation {
struct service_state;
class table;
} // namespace simulation

/// A simulated Eloqua. It is a transport, for a client in the same process, and also a function
/// from requests to responses, for a `listener` or anything else. Copies share one service.
///
///     bulk::simulator eloqua;
///     eloqua.generate_contacts(100'000);
///     bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
///
/// Not thread-safe: calls on any copies of one simulator must not overlap.
class simulator {
public:
    /// An empty Eloqua with the samples of the options.
    explicit simulator(simulator_options options = simulator_options());

    /// Responds to one request. Throws only if out of memory. Faults of the connection are only
    /// noted in the result; without a fault plan, the result is simply a response.
    ///
    /// Like recorded responses, each one has a Date by the service's clock, `Cache-Control:
    /// no-store` and an X-Request-Id, the same in every run; the reason phrase is the documented
    /// text. HEAD gets the response to GET, with its Content-Length but without the body.
    /// `/API/REST/` is not simulated: all its requests get 403.
    delivery handle(request const& q);

    // Functions of a transport.

    /// @{
    /// See `blocking_transport` and `has_own_clock`.
    simulation::channel acquire();
    clock::time_point now() const;
    /// @}
    /// On the simulated clock, advances time at once; otherwise waits.
    void wait(clock::duration d, std::stop_token stop = std::stop_token());

    // Time.

    /// Advances the service's clock; everything that becomes due happens.
    void advance(clock::duration d);
    /// The current time at the service.
    timestamp service_time() const;

    // Users and applications.

    /// Adds a user of the company besides the one in the options. Users do not share data.
    void add_user(std::string_view user, std::string_view password);
    /// Registers a client application with the login service, or replaces the one with that id.
    void add_application(std::string client_id, std::string client_secret,
                         std::string redirect_uri);
    /// Replaces the function that is called first for every request; empty: none.
    void intercept(simulator_intercept f);
    /// Replaces the fault plan; empty: none. Error: std::invalid_argument if it names something
    /// that is not an endpoint.
    void inject(std::optional<fault_plan> plan);
    /// Number of syncs that exceeded the limit of their kind within an hour, whatever was done with
    /// them; see `simulator_options::over_limit`.
    std::uint64_t syncs_over_limit() const;
    /// Number of syncs of activity exports that were created, or refused, while another one was
    /// pending or active; see `simulator_options::overlapping_activities`.
    std::uint64_t overlapping_activity_exports() const;
    /// Number of requests to an endpoint, as in `requests("GET /syncs/{id}")` or `requests("POST
    /// /customObjects/{parentId}/imports")`; HEAD counts as GET. Refused requests count.
    /// Intercepted requests, and those that a fault keeps from arriving, do not. Error:
    /// std::invalid_argument if it is not an endpoint.
    std::uint64_t requests(std::string_view method_and_path) const;

    // What the service stores, besides the samples of the options. Entities are named by their
    // paths: "/contacts", "/accounts", "/customObjects/172". Error: std::invalid_argument for
    // other text.

    /// Adds a custom object or an event. Error: std::invalid_argument if its id is taken.
    void add_custom_object(std::int64_t number, std::string name,
                           /// @{
                           std::vector<simulated_field> const& fields);
    void add_event(std::int64_t number, std::string name,
                   std::vector<simulated_field> const& fields);
    /// @}
    /// Adds a field. Error: std::invalid_argument if its internal name or id is taken.
    void add_field(std::string_view entity_path, simulated_field const& field);
    /// Copies the fields that a real instance lists, of one or more entities, in the format of the
    /// response to GET /contacts/fields. An entry belongs to the entity in its `uri`, or else in
    /// its statement; a custom object or event that does not exist is added. A field with the
    /// entry's internal name gets the entry's type, constraints and default value. It keeps its
    /// role in the service: computed, such as C_DateCreated, or generated. Generated values that
    /// do not fit the new type become blank. Entries keep their ids; a field that already has one
    /// of them gets another. Fields without an entry stay. Returns what could not be copied, and
    /// why.
    std::vector<field_note> set_fields(std::vector<field_definition> const& entries);
    /// @{
    /// Adds a list, a segment, a filter or an e-mail group. Its members are ids of records; for an
    /// e-mail group they are the subscribers. Filters and sync actions refer to it by its
    /// statement, "{{ContactList[123]}}". Errors: std::invalid_argument if the id is taken,
    /// std::out_of_range if a member is not a record.
    void add_contact_list(std::int64_t number, std::string name,
                          std::vector<std::int64_t> const& members = std::vector<std::int64_t>());
    void
    add_contact_segment(std::int64_t number, std::string name,
                        std::vector<std::int64_t> const& members = std::vector<std::int64_t>());
    void add_contact_filter(std::int64_t number, std::string name,
                            std::vector<std::int64_t> const& members = std::vector<std::int64_t>());
    void add_account_list(std::int64_t number, std::string name,
                          std::vector<std::int64_t> const& members = std::vector<std::int64_t>());
    void add_email_group(std::int64_t number, std::string name,
                         std::vector<std::int64_t> const& members = std::vector<std::int64_t>());
    /// @}
    /// @{
    /// Adds a lead-scoring model or an import priority. Error: std::invalid_argument if its id is
    /// taken.
    void add_scoring_model(std::int64_t number, std::string name);
    void add_import_priority(std::int64_t number, std::string name, std::int64_t place);
    /// @}
    /// Deletes a list, a segment, a filter, an e-mail group or an import priority by its uri
    /// ("/contacts/lists/101"), as a user of Eloqua may at any time. Definitions that refer to it
    /// stay, but can no longer be synced; existing syncs continue. Error: std::invalid_argument if
    /// nothing has this uri.
    void remove_asset(std::string_view uri);

    /// Fills the contacts with records computed from their index, so any number uses no memory.
    /// Error: std::logic_error if there are contacts already.
    void generate_contacts(std::int64_t count);
    /// As above, with accounts. Contacts whose company is the name of one of them are linked to
    /// it; generated contacts use the names of the first 1,000. Error: std::logic_error if there
    /// are accounts already.
    void generate_accounts(std::int64_t count);
    /// As above, with the records of a custom object or event. They are linked to the existing
    /// contacts in turn. Fields get values of their type; unique fields get a different one for
    /// each record. Errors: std::logic_error if it has records already, std::invalid_argument for
    /// another entity.
    void generate_records(std::string_view entity_path, std::int64_t count);
    /// Adds activities computed from their index, of existing contacts, so any number uses no
    /// memory. Error: std::logic_error if activities were added in another way before.
    void generate_activities(activity_series series);
    /// Fills an entity with a custom population. Error: std::logic_error if it has records
    /// already.
    void populate(std::string_view entity_path, simulation::population source);
    /// Adds a record and returns its id. Keys are internal names. Error: std::invalid_argument for
    /// a name that is not a field.
    std::int64_t add_record(std::string_view entity_path, string_map const& values);

    /// Adds an activity and returns its id. Contact 0: none. No time: now. Errors:
    /// std::invalid_argument for a name that is not a field, std::out_of_range for a contact that
    /// does not exist.
    std::int64_t add_activity(activity_type type, std::int64_t contact_id,
                              string_map const& values = string_map(),
                              std::optional<timestamp> at = std::nullopt);
    /// Adds an instance of an app's service that records of the entity pass through, or an
    /// execution of it, by its statement: "{{ActionInstance(guid).Execution[7]}}", or
    /// "CloudConnectorStatus(7)" for a legacy connector. Campaign 0: its canvas is not a campaign.
    /// Errors: std::invalid_argument for other text, std::out_of_range for a campaign that does
    /// not exist.
    void add_service_instance(std::string_view entity_path, std::string_view statement,
                              std::int64_t campaign_id = 0);
    /// Adds a record to an execution, or sets its status there. Errors: std::invalid_argument for
    /// an unknown execution, std::out_of_range if there is no such record.
    void set_member_status(std::string_view entity_path, std::string_view statement,
                           std::int64_t record_id, member_status status);

    // Inspection. Everything that is due happens first.

    /// Number of records of an entity.
    std::size_t count(std::string_view entity_path);
    /// Ids of the records with this value in this field, in any letter case.
    std::vector<std::int64_t> find(std::string_view entity_path, std::string_view internal_name,
                                   std::string_view wanted);
    /// A value of a record, by the field's internal name, or by its path if it is not a field
    /// ("Id", "Email.IsSubscribed"). Error: std::out_of_range if there is no such record.
    std::string value(std::string_view entity_path, std::int64_t record_id,
                      std::string_view internal_name);
    /// Ids of the members of a list, segment, filter or e-mail group; empty if it does not exist.
    std::vector<std::int64_t> members(std::string_view entity_path, std::string_view statement);
    /// The status of a record in an execution; empty if it has not entered it. Errors: as for
    /// `set_member_status`.
    std::optional<member_status> status_of(std::string_view entity_path, std::string_view statement,
                                           std::int64_t record_id);

private:
    void add_samples();
    void catch_up();
    simulation::table& table_at(std::string_view path);
    /// Adds a custom object or event that does not exist; null if the path is not an entity.
    simulation::table* table_to_be(std::string_view path);

    std::shared_ptr<simulation::service_state> state_;
};

static_assert(blocking_transport<simulator> && has_own_clock<simulator>);

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/simulator/detail/simulator_source.hpp>
#endif
