// SPDX-License-Identifier: BSL-1.0
/// \file
/// A simulated Eloqua: the records of every entity, with imports, exports and syncs, by the
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
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/population.hpp>
#include <eloqua/bulk/simulator/simulated_field.hpp>
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
    explicit simulator(simulator_options options = simulator_options());

    /// Answers one request. Never throws but for lack of memory. Of a fault that concerns the
    /// connection the answer only tells; without a plan of faults it is a response and no more.
    ///
    /// As recorded answers, each one has a Date, by the service's clock, `Cache-Control: no-store`
    /// and an X-Request-Id, which are the same in each run; its reason phrase is the documented
    /// text. HEAD is answered as GET, with the Content-Length but without the body. All of
    /// `/API/REST/` is answered by 403, since it is not simulated.
    delivery handle(request const& q);

    // As a transport.

    simulation::channel acquire();
    clock::time_point now() const;
    /// On the simulated clock: lets the time pass at once. Else waits.
    void wait(clock::duration d, std::stop_token stop = std::stop_token());

    // Time.

    /// Moves the service's clock ahead; what is due happens.
    void advance(clock::duration d);
    /// Time of day at the service.
    timestamp service_time() const;

    // Who may ask.

    /// A user of the company besides the one of the options. The other one's data is not theirs.
    void add_user(std::string_view user, std::string_view password);
    /// Registers a client application at the login service, or replaces the one of that id.
    void add_application(std::string client_id, std::string client_secret,
                         std::string redirect_uri);
    /// Replaces the function that is asked first about every request; empty for none.
    void intercept(simulator_intercept f);
    /// Replaces the plan of what goes wrong; nothing for none. Error: std::invalid_argument for one
    /// that names what is not an endpoint.
    void inject(std::optional<fault_plan> plan);
    /// How often an endpoint was asked, as in `requests("GET /syncs/{id}")` or
    /// `requests("POST /customObjects/{parentId}/imports")`; HEAD counts as GET. Refused requests
    /// count, intercepted ones and those that a fault keeps from arriving do not. Error:
    /// std::invalid_argument for what is not an endpoint.
    std::uint64_t requests(std::string_view method_and_path) const;

    // What the service keeps, besides the samples of the options. Entities are named by their
    // paths: "/contacts", "/accounts", "/customObjects/172". Any other text: std::invalid_argument.

    /// Adds a custom object or an event: std::invalid_argument if its id is taken.
    void add_custom_object(std::int64_t number, std::string name,
                           std::vector<simulated_field> const& fields);
    void add_event(std::int64_t number, std::string name,
                   std::vector<simulated_field> const& fields);
    /// Adds a field. Error: std::invalid_argument if there is one of this internal name or id.
    void add_field(std::string_view entity_path, simulated_field const& field);
    /// Takes over the fields that an instance lists, of one entity or several, as an answer to
    /// GET /contacts/fields has them. An entry belongs to the entity that its `uri` names, or else
    /// its statement; a custom object or event that is not there is added. A field of its internal
    /// name is changed to it, with type, constraints and default value, and stays what it is for
    /// the service: computed, as C_DateCreated is, or generated. A generated value that is not one
    /// of the new type becomes blank. Ids are the entries' own: a field that has one of them by now
    /// gets another one. Fields that no entry names stay. Gives what it could not take over, and
    /// why.
    std::vector<field_note> set_fields(std::vector<field_definition> const& entries);
    /// Adds a list, a segment, a filter or an e-mail group, whose members are ids of records; of an
    /// e-mail group they are who is subscribed. Filters and sync actions refer to it by its
    /// statement, "{{ContactList[123]}}". Errors: std::invalid_argument if the id is taken,
    /// std::out_of_range for a member that is not a record.
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
    /// Adds a lead-scoring model or an import priority: std::invalid_argument if its id is taken.
    void add_scoring_model(std::int64_t number, std::string name);
    void add_import_priority(std::int64_t number, std::string name, std::int64_t place);
    /// Takes away a list, a segment, a filter, an e-mail group or an import priority, by its uri
    /// ("/contacts/lists/101"), as somebody may do in Eloqua at any time. Definitions that name it
    /// stay, but are not synced any more; syncs that were made before go on.
    /// Error: std::invalid_argument if nothing has it.
    void remove_asset(std::string_view uri);

    /// Fills the contacts with records computed from their numbers; any quantity costs no memory.
    /// Error: std::logic_error if there are contacts already.
    void generate_contacts(std::int64_t count);
    /// As above, with accounts. Contacts that name their company as one of them is named, as
    /// generated ones do with the first 1,000, are linked to it.
    /// Error: std::logic_error if there are accounts already.
    void generate_accounts(std::int64_t count);
    /// As above, with the records of a custom object or event, which are those of the contacts that
    /// are there by now, in turn, and linked to them. Each field gets values of its type; one that
    /// is unique another for each record. Errors: std::logic_error if it has records already,
    /// std::invalid_argument for another entity.
    void generate_records(std::string_view entity_path, std::int64_t count);
    /// Adds activities computed from their numbers, of contacts that are there by now; any quantity
    /// costs no memory. Error: std::logic_error once activities were added in another way.
    void generate_activities(activity_series series);
    /// Fills an entity with a population of one's own.
    /// Error: std::logic_error if it has records already.
    void populate(std::string_view entity_path, simulation::population source);
    /// Adds a record; keys are internal names. Gives its id.
    /// Error: std::invalid_argument for a name that is not a field.
    std::int64_t add_record(std::string_view entity_path, string_map const& values);

    /// Adds an activity; 0 is not a contact, and no time is now. Gives its id.
    /// Errors: std::invalid_argument for a name that is not a field, std::out_of_range for a
    /// contact that is not there.
    std::int64_t add_activity(activity_type type, std::int64_t contact_id,
                              string_map const& values = string_map(),
                              std::optional<timestamp> at = std::nullopt);
    /// Adds an instance of an app's service through which records of the entity pass, or an
    /// execution of it, by its statement: "{{ActionInstance(guid).Execution[7]}}", or
    /// "CloudConnectorStatus(7)" of an old connector. 0: its canvas is not a campaign.
    /// Errors: std::invalid_argument for any other text, std::out_of_range for a campaign that is
    /// not there.
    void add_service_instance(std::string_view entity_path, std::string_view statement,
                              std::int64_t campaign_id = 0);
    /// Lets a record enter an execution, or sets its status there. Errors: std::invalid_argument if
    /// the execution was not added, std::out_of_range if there is no such record.
    void set_member_status(std::string_view entity_path, std::string_view statement,
                           std::int64_t record_id, member_status status);

    // What came of it. Everything that is due has happened.

    std::size_t count(std::string_view entity_path);
    /// Ids of the records with this value, in any letter case, in this field.
    std::vector<std::int64_t> find(std::string_view entity_path, std::string_view internal_name,
                                   std::string_view wanted);
    /// A value of a record by its internal name, or by its path if it is not a field ("Id",
    /// "Email.IsSubscribed"). Error: std::out_of_range if there is no such record.
    std::string value(std::string_view entity_path, std::int64_t record_id,
                      std::string_view internal_name);
    /// Ids of the members of a list, segment, filter or e-mail group; none if it does not exist.
    std::vector<std::int64_t> members(std::string_view entity_path, std::string_view statement);
    /// The status of a record in an execution, if it entered it.
    /// Error: as `set_member_status`.
    std::optional<member_status> status_of(std::string_view entity_path, std::string_view statement,
                                           std::int64_t record_id);

private:
    void add_samples();
    void catch_up();
    simulation::table& table_at(std::string_view path);
    /// An object that is not there is added; null for what is not an entity.
    simulation::table* table_to_be(std::string_view path);

    std::shared_ptr<simulation::service_state> state_;
};

static_assert(blocking_transport<simulator> && has_own_clock<simulator>);

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/simulator/detail/simulator_source.hpp>
#endif
