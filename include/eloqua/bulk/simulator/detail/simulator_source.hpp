// SPDX-License-Identifier: BSL-1.0
/// \file
/// The simulated service and the ways to reach it. Compiled by each unit that includes
/// `simulator.hpp`, or once per program, see `eloqua/bulk/src.hpp`.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/simulator/detail/channel.hpp>
#include <eloqua/bulk/simulator/detail/given_fields.hpp>
#include <eloqua/bulk/simulator/detail/login.hpp>
#include <eloqua/bulk/simulator/detail/member_actions.hpp>
#include <eloqua/bulk/simulator/detail/service.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/syncs.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>
#include <eloqua/bulk/simulator/generated_activities.hpp>
#include <eloqua/bulk/simulator/generated_contacts.hpp>
#include <eloqua/bulk/simulator/generated_records.hpp>
#include <eloqua/bulk/simulator/population.hpp>
#include <eloqua/bulk/simulator/simulated_field.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
#include <eloqua/bulk/transport.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace simulation {

ELOQUA_BULK_DECL channel::channel(handler service, waiter wait)
    : service_(std::move(service)), wait_(std::move(wait)) {}
ELOQUA_BULK_DECL void channel::send(request const& q, std::stop_token stop, error_code& ec) {
    reused_ = complete();
    drop();
    unsent_ = true;
    if (cancelled(stop, ec))
        return;
    answer_ = service_(q);
    if (q.method == verb::head)
        answer_.body.clear();
    unsent_ = answer_.suffers(fault_kind::refuse) || answer_.suffers(fault_kind::cut_handshake);
    if (answer_.suffers(fault_kind::refuse))
        broken_ = make_error_code(boost::system::errc::connection_refused);
    else if (unsent_ || answer_.suffers(fault_kind::reset_inside))
        broken_ = make_error_code(boost::system::errc::connection_reset);
    stale_ = reused_ && answer_.suffers(fault_kind::reset_inside);
    ec = broken_;
}

ELOQUA_BULK_DECL void channel::read_head(head& h, std::stop_token stop, error_code& ec) {
    if (cancelled(stop, ec))
        return;
    if (!broken_ && answer_.headless()) {
        broken_ = answer_.suffers(fault_kind::stall)
                      ? stalled(deadline::head, stop)
                      : make_error_code(boost::system::errc::connection_reset);
        stale_ = reused_ && (answer_.suffers(fault_kind::reset_before) ||
                             answer_.suffers(fault_kind::lose_answer));
    }
    ec = broken_;
    if (ec)
        return;
    h = head();
    h.status = answer_.status;
    h.reason = answer_.reason;
    h.fields = answer_.fields;
    h.content_length = answer_.stated_length();
    head_read_ = true;
}

ELOQUA_BULK_DECL std::size_t channel::read_some(std::span<char> into, std::stop_token stop,
                                                error_code& ec) {
    if (cancelled(stop, ec))
        return 0;
    std::string_view const rest = answer_.arriving().substr(read_);
    if (broken_ || (rest.empty() && answer_.injected && !into.empty())) {
        ec = broken_ = end(stop);
        return 0;
    }
    std::size_t n = std::min(into.size(), rest.size());
    if (answer_.suffers(fault_kind::trickle))
        n = std::min(n, trickled());
    if (n != 0)
        std::memcpy(into.data(), rest.data(), n);
    read_ += n;
    return n;
}

ELOQUA_BULK_DECL bool channel::stale() const {
    return stale_;
}

ELOQUA_BULK_DECL bool channel::unsent() const {
    return unsent_;
}

ELOQUA_BULK_DECL void channel::drop() {
    answer_ = delivery();
    broken_ = error_code();
    read_ = 0;
    stale_ = head_read_ = false;
}

ELOQUA_BULK_DECL bool channel::cancelled(std::stop_token const& stop, error_code& ec) {
    ec = stop.stop_requested() ? make_error_code(boost::system::errc::operation_canceled)
                               : error_code();
    return static_cast<bool>(ec);
}

ELOQUA_BULK_DECL bool channel::complete() const {
    return head_read_ && !broken_ && read_ == answer_.stated_length() &&
           !answer_.suffers(fault_kind::repeat_answer);
}

ELOQUA_BULK_DECL error_code channel::stalled(deadline phase, std::stop_token const& stop) {
    wait_(deadlines().of(phase), stop);
    return stop.stop_requested() ? make_error_code(boost::system::errc::operation_canceled)
                                 : make_error_code(phase);
}

ELOQUA_BULK_DECL error_code channel::end(std::stop_token const& stop) {
    if (broken_ || read_ == answer_.stated_length())
        return broken_;
    if (answer_.suffers(fault_kind::stall))
        return stalled(deadline::read, stop);
    return make_error_code(answer_.suffers(fault_kind::overstate)
                               ? boost::system::errc::connection_aborted
                               : boost::system::errc::connection_reset);
}

ELOQUA_BULK_DECL std::size_t channel::trickled() const {
    std::size_t const piece = answer_.injected->piece();
    return read_ / piece < fault::trickled_pieces ? piece : answer_.body.size();
}

inline void add_fields(table& to, std::vector<simulated_field> const& fields) {
    for (simulated_field const& each : fields)
        to.add_field(each);
}

inline std::size_t field_of(table const& in, std::string_view internal_name) {
    auto found = in.field_by_name(internal_name);
    if (!found) // it is a path
        found = in.field_by_statement("{{" + in.root + '.' + std::string(internal_name) + "}}");
    if (!found)
        throw std::invalid_argument("no field " + std::string(internal_name));
    return *found;
}

inline position position_in(table const& of, std::int64_t record_id) {
    auto const p = table::position_of(std::to_string(record_id), of.size());
    if (p == no_position)
        throw std::out_of_range("no record " + std::to_string(record_id));
    return p;
}

inline std::pair<service_instance*, std::int64_t> instance_in(table& of,
                                                              std::string_view statement) {
    auto const reference = parse_instance(statement);
    auto* const found = reference ? of.services.find(*reference) : nullptr;
    if (!found)
        throw std::invalid_argument("no service instance " + std::string(statement));
    return {found, reference->execution};
}

template <class Shelf>
void shelve(service_state const& state, Shelf& into, std::int64_t number, std::string name,
            std::vector<std::int64_t> const& members) {
    into.add(number, std::move(name), state.options.user, state.time.now(), members);
}

} // namespace simulation

ELOQUA_BULK_DECL simulator::simulator(simulator_options options)
    : state_(std::make_shared<simulation::service_state>(std::move(options))) {
    inject(state_->options.faults);
    add_user(state_->options.user, state_->options.password);
    if (state_->options.samples)
        add_samples();
}

ELOQUA_BULK_DECL delivery simulator::handle(request const& q) {
    return simulation::service(*state_).handle(q);
}

ELOQUA_BULK_DECL simulation::channel simulator::acquire() {
    return simulation::channel(
        [state = state_](request const& q) { return simulation::service(*state).handle(q); },
        [self = *this](clock::duration d, std::stop_token stop) mutable {
            self.wait(d, std::move(stop));
        });
}

ELOQUA_BULK_DECL clock::time_point simulator::now() const {
    return state_->time.steady();
}

ELOQUA_BULK_DECL void simulator::wait(clock::duration d, std::stop_token stop) {
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

ELOQUA_BULK_DECL void simulator::advance(clock::duration d) {
    state_->time.advance(d);
    catch_up();
}

ELOQUA_BULK_DECL timestamp simulator::service_time() const {
    return state_->time.now();
}

ELOQUA_BULK_DECL void simulator::add_user(std::string_view user, std::string_view password) {
    state_->users[simulation::basic_authorization(state_->options.company, user, password)] = user;
}

ELOQUA_BULK_DECL void simulator::add_application(std::string client_id, std::string client_secret,
                                                 std::string redirect_uri) {
    state_->oauth.applications.insert_or_assign(
        std::move(client_id),
        simulation::oauth_application_entry{std::move(client_secret), std::move(redirect_uri)});
}

ELOQUA_BULK_DECL void simulator::intercept(simulator_intercept f) {
    state_->options.intercept = std::move(f);
}

ELOQUA_BULK_DECL void simulator::inject(std::optional<fault_plan> plan) {
    if (plan)
        plan->know_endpoints(&simulation::service::is_endpoint);
    state_->options.faults = std::move(plan);
}

ELOQUA_BULK_DECL std::uint64_t simulator::requests(std::string_view method_and_path) const {
    std::string const name(method_and_path);
    auto const found = state_->requests.find(name);
    if (found == state_->requests.end() && !simulation::service::is_endpoint(name))
        throw std::invalid_argument("'" + name + "' is not an endpoint of the service");
    return found == state_->requests.end() ? 0 : found->second;
}

ELOQUA_BULK_DECL std::uint64_t simulator::syncs_over_limit() const {
    return state_->usage.over_limit;
}

ELOQUA_BULK_DECL std::uint64_t simulator::overlapping_activity_exports() const {
    return state_->usage.overlapping;
}

ELOQUA_BULK_DECL void simulator::add_custom_object(std::int64_t number, std::string name,
                                                   std::vector<simulated_field> const& fields) {
    state_->assets.custom_objects.add(number, name, state_->options.user, state_->time.now());
    simulation::add_fields(state_->tables.add_custom_object(number, std::move(name)), fields);
}

ELOQUA_BULK_DECL void simulator::add_event(std::int64_t number, std::string name,
                                           std::vector<simulated_field> const& fields) {
    state_->assets.events.add(number, name, state_->options.user, state_->time.now());
    simulation::add_fields(state_->tables.add_event(number, std::move(name)), fields);
}

ELOQUA_BULK_DECL void simulator::add_field(std::string_view entity_path,
                                           simulated_field const& field) {
    table_at(entity_path).add_field(field);
}

ELOQUA_BULK_DECL std::vector<field_note>
simulator::set_fields(std::vector<field_definition> const& entries) {
    std::vector<field_note> notes;
    std::map<std::string, simulation::given_fields> changes; // by entity
    for (std::size_t i = 0; i != entries.size(); ++i) {
        field_definition const& each = entries[i];
        field_note note{i + 1, each.internalName.value_or(each.name), ""};
        std::string const path = simulation::entity_of(each);
        simulation::table* const of = path.empty() ? nullptr : table_to_be(path);
        if (of) {
            auto const came =
                changes.try_emplace(path, *of, state_->options).first->second.take(each);
            note.used = came.used;
            note.text = came.text;
        } else {
            note.text = path.empty() && each.uri.value_or("").empty()
                            ? "neither a uri nor a statement names its entity"
                            : "its uri '" + each.uri.value_or("") + "' is not that of a field";
        }
        if (!note.text.empty())
            notes.push_back(std::move(note));
    }
    for (auto& each : changes)
        each.second.finish();
    return notes;
}

ELOQUA_BULK_DECL void simulator::add_contact_list(std::int64_t number, std::string name,
                                                  std::vector<std::int64_t> const& members) {
    simulation::shelve(*state_, state_->assets.contact_lists, number, std::move(name), members);
}

ELOQUA_BULK_DECL void simulator::add_contact_segment(std::int64_t number, std::string name,
                                                     std::vector<std::int64_t> const& members) {
    simulation::shelve(*state_, state_->assets.contact_segments, number, std::move(name), members);
}

ELOQUA_BULK_DECL void simulator::add_contact_filter(std::int64_t number, std::string name,
                                                    std::vector<std::int64_t> const& members) {
    simulation::shelve(*state_, state_->assets.contact_filters, number, std::move(name), members);
}

ELOQUA_BULK_DECL void simulator::add_account_list(std::int64_t number, std::string name,
                                                  std::vector<std::int64_t> const& members) {
    simulation::shelve(*state_, state_->assets.account_lists, number, std::move(name), members);
}

ELOQUA_BULK_DECL void simulator::add_email_group(std::int64_t number, std::string name,
                                                 std::vector<std::int64_t> const& members) {
    simulation::shelve(*state_, state_->assets.email_groups, number, std::move(name), members);
}

ELOQUA_BULK_DECL void simulator::add_scoring_model(std::int64_t number, std::string name) {
    state_->assets.add_scoring_model(number, std::move(name), state_->options.user,
                                     state_->time.now());
}

ELOQUA_BULK_DECL void simulator::add_import_priority(std::int64_t number, std::string name,
                                                     std::int64_t place) {
    state_->assets.add_import_priority(number, std::move(name), place, state_->options.user,
                                       state_->time.now());
}

ELOQUA_BULK_DECL void simulator::remove_asset(std::string_view uri) {
    catch_up();
    if (!state_->assets.remove(uri))
        throw std::invalid_argument("nothing to take away at " + std::string(uri));
}

ELOQUA_BULK_DECL void simulator::generate_contacts(std::int64_t count) {
    populate("/contacts", simulation::generated_contacts(count));
}

ELOQUA_BULK_DECL void simulator::generate_accounts(std::int64_t count) {
    populate("/accounts", simulation::generated_accounts(count));
}

ELOQUA_BULK_DECL void simulator::generate_records(std::string_view entity_path,
                                                  std::int64_t count) {
    simulation::table const& of = table_at(entity_path);
    if (!of.rules().has_id)
        throw std::invalid_argument(of.path + " is not a custom object or an event");
    auto const people = static_cast<std::int64_t>(state_->tables.contacts().size());
    populate(entity_path, simulation::generated_objects(count, people, of.fields()));
}

ELOQUA_BULK_DECL void simulator::generate_activities(activity_series series) {
    simulation::table& into = state_->tables.of(simulation::table_kind::activities);
    simulation::table const& people = state_->tables.contacts();
    auto all = state_->activities;
    all.push_back(series);
    into.populate(simulation::generated_activities(
        simulation::activity_population(all, people.records(),
                                        simulation::field_of(people, "C_EmailAddress")),
        into.fields()));
    state_->activities = std::move(all);
}

ELOQUA_BULK_DECL void simulator::populate(std::string_view entity_path,
                                          simulation::population source) {
    simulation::table& into = table_at(entity_path);
    if (into.size() != 0)
        throw std::logic_error(std::string(entity_path) + " is not empty");
    into.populate(std::move(source));
}

ELOQUA_BULK_DECL std::int64_t simulator::add_record(std::string_view entity_path,
                                                    string_map const& values) {
    simulation::table& into = table_at(entity_path);
    std::vector<std::size_t> fields;
    for (auto const& each : values)
        fields.push_back(simulation::field_of(into, each.first));
    simulation::position const made = into.add(state_->time.now());
    for (std::size_t i = 0; i != fields.size(); ++i)
        into.assign(made, fields[i], values[i].second);
    if (into.kind == simulation::table_kind::contacts)
        simulation::apply_address_status(state_->tables, made);
    return simulation::table::first_id + made;
}

ELOQUA_BULK_DECL std::int64_t simulator::add_activity(activity_type type, std::int64_t contact_id,
                                                      string_map const& values,
                                                      std::optional<timestamp> at) {
    simulation::position const contact =
        contact_id == 0 ? simulation::no_position
                        : simulation::position_in(state_->tables.contacts(), contact_id);
    std::int64_t const made = add_record("/activities", values);
    simulation::table& into = table_at("/activities");
    simulation::position const p = simulation::position_in(into, made);
    into.assign(p, simulation::field_of(into, "ActivityType"),
                boost::describe::enum_to_string(type, ""));
    simulation::record& added = into.edit(p);
    added.link = contact;
    added.created_at = at.value_or(added.created_at);
    return made;
}

ELOQUA_BULK_DECL void simulator::add_service_instance(std::string_view entity_path,
                                                      std::string_view statement,
                                                      std::int64_t campaign_id) {
    simulation::position const campaign =
        campaign_id == 0 ? simulation::no_position
                         : simulation::position_in(table_at("/campaigns"), campaign_id);
    simulation::service_instance& made = table_at(entity_path).services.add(statement);
    if (campaign_id != 0)
        made.campaign = campaign;
}

ELOQUA_BULK_DECL void simulator::set_member_status(std::string_view entity_path,
                                                   std::string_view statement,
                                                   std::int64_t record_id, member_status status) {
    simulation::table& of = table_at(entity_path);
    auto const [instance, execution] = simulation::instance_in(of, statement);
    instance->executions[execution][simulation::position_in(of, record_id)] = status;
}

ELOQUA_BULK_DECL std::size_t simulator::count(std::string_view entity_path) {
    catch_up();
    return table_at(entity_path).size();
}

ELOQUA_BULK_DECL std::vector<std::int64_t> simulator::find(std::string_view entity_path,
                                                           std::string_view internal_name,
                                                           std::string_view wanted) {
    catch_up();
    simulation::table& in = table_at(entity_path);
    std::vector<std::int64_t> ids;
    for (simulation::position const p : in.find(simulation::field_of(in, internal_name), wanted))
        ids.push_back(simulation::table::first_id + p);
    return ids;
}

ELOQUA_BULK_DECL std::string simulator::value(std::string_view entity_path, std::int64_t record_id,
                                              std::string_view internal_name) {
    catch_up();
    simulation::table const& in = table_at(entity_path);
    simulation::position const p = simulation::position_in(in, record_id);
    std::size_t const field = simulation::field_of(in, internal_name);
    simulation::column const what = in.fields()[field].as_column(field);
    std::string scratch;
    if (what.from == simulation::column::source::stored)
        return std::string(in.records().value(p, field, scratch));
    simulation::related_records related;
    related.add(what);
    simulation::snapshot const now(state_->tables, in, related, true, state_->options);
    return std::string(now.value(what, p, scratch));
}

ELOQUA_BULK_DECL std::vector<std::int64_t> simulator::members(std::string_view entity_path,
                                                              std::string_view statement) {
    catch_up();
    std::vector<std::int64_t> ids;
    auto const& containers = table_at(entity_path).containers;
    if (auto const found = containers.find(statement); found != containers.end())
        for (simulation::position const p : found->second)
            ids.push_back(simulation::table::first_id + p);
    return ids;
}

ELOQUA_BULK_DECL std::optional<member_status> simulator::status_of(std::string_view entity_path,
                                                                   std::string_view statement,
                                                                   std::int64_t record_id) {
    catch_up();
    simulation::table& of = table_at(entity_path);
    auto const [instance, execution] = simulation::instance_in(of, statement);
    auto const& entered = instance->executions[execution];
    auto const found = entered.find(simulation::position_in(of, record_id));
    return found == entered.end() ? std::nullopt : std::optional(found->second);
}

ELOQUA_BULK_DECL void simulator::add_samples() {
    add_contact_list(101, "Newsletter");
    add_contact_segment(201, "Belgian buyers");
    add_contact_filter(301, "Recent visitors");
    add_account_list(401, "Key accounts");
    add_email_group(11, "Newsletters");
    add_scoring_model(1, "Model1");
    add_import_priority(1, "CRM integration", 1);
    auto const field = [](std::int64_t number, std::string name, std::string internal,
                          data_type type) {
        simulated_field made(std::move(internal), type, number);
        made.name = std::move(name);
        return made;
    };
    using enum data_type;
    simulated_field serial = field(5'001, "Serial Number", "Serial_Number1", string);
    serial.unique = true;
    add_custom_object(501, "Warranty",
                      {serial, field(5'002, "Email Address", "Email_Address1", emailAddress),
                       field(5'003, "Purchase Date", "Purchase_Date1", date)});
    add_event(601, "Trade fair",
              {field(6'001, "Email Address", "Email_Address1", emailAddress),
               field(6'002, "Registered On", "Registered_On1", date)});
    for (char const* const path : {"/contacts", "/campaignResponses", "/customObjects/501"})
        add_service_instance(
            path, "{{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}}");
}

ELOQUA_BULK_DECL void simulator::catch_up() {
    simulation::sync_runs(*state_).catch_up();
}

ELOQUA_BULK_DECL simulation::table& simulator::table_at(std::string_view path) {
    simulation::table* const found = state_->tables.table_for(path);
    if (!found)
        throw std::invalid_argument("no entity at " + std::string(path));
    return *found;
}

ELOQUA_BULK_DECL simulation::table* simulator::table_to_be(std::string_view path) {
    if (simulation::table* const found = state_->tables.table_for(path))
        return found;
    auto const number = id_of(path);
    std::string_view const front = path.substr(0, path.rfind('/') + 1);
    if (!number || path != std::string(front) + std::to_string(*number))
        return nullptr;
    if (front == "/customObjects/")
        add_custom_object(*number, "Custom object " + std::to_string(*number), {});
    else if (front == "/events/")
        add_event(*number, "Event " + std::to_string(*number), {});
    return state_->tables.table_for(path);
}

} // namespace eloqua::bulk
