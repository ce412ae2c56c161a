// SPDX-License-Identifier: BSL-1.0
/// \file
/// Sync actions: which ones the service accepts for the rows of an entity, and their effects.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// The kinds of destinations.
enum class action_target : unsigned char { list, group, subscription, service, connector };

/// An accepted combination of entity, action, destination and status.
struct known_action {
    table_kind on;
    sync_action_kind action;
    std::string_view destination; ///< first name of its statement
    action_target target;
    std::uint32_t statuses; ///< one bit for each; 0: a status is not sent
};

constexpr std::uint32_t statuses_of(auto... each) {
    return ((1u << static_cast<unsigned>(each)) | ...);
}

/// All combinations. The destination of cloud connectors is unknown: here it is the name that
/// filters by their STATUS use.
inline constexpr auto known_actions = [] {
    using enum sync_action_kind;
    using enum member_status;
    using kind = table_kind;
    using to = action_target;
    constexpr std::uint32_t subscription = statuses_of(subscribed, unsubscribed);
    constexpr std::uint32_t worked = statuses_of(pending, active, complete, errored);
    constexpr std::uint32_t decided = statuses_of(yes, no, errored);
    constexpr std::uint32_t done = statuses_of(complete);
    return std::to_array<known_action>({
        {kind::contacts, add, "ContactList", to::list, 0},
        {kind::contacts, remove, "ContactList", to::list, 0},
        {kind::accounts, add, "AccountList", to::list, 0},
        {kind::accounts, remove, "AccountList", to::list, 0},
        {kind::contacts, setStatus, "EmailGroup", to::group, subscription},
        {kind::contacts, setStatus, "GlobalSubscribe", to::subscription, subscription},
        {kind::email_addresses, setStatus, "GlobalSubscribe", to::subscription,
         statuses_of(unsubscribed, bounced)},
        {kind::phone_numbers, setStatus, "GlobalSubscribe", to::subscription, subscription},
        {kind::contacts, setStatus, "ActionInstance", to::service, worked},
        {kind::custom_object, setStatus, "ActionInstance", to::service, worked},
        {kind::contacts, setStatus, "DecisionInstance", to::service, decided},
        {kind::custom_object, setStatus, "DecisionInstance", to::service, decided},
        {kind::contacts, setStatus, "FeederInstance", to::service, done},
        {kind::custom_object, setStatus, "FeederInstance", to::service, done},
        {kind::contacts, setStatus, "ContentInstance", to::service, done},
        {kind::custom_object, setStatus, "ContentInstance", to::service, done},
        {kind::contacts, setStatus, "CloudConnectorStatus", to::connector, worked},
    });
}();

/// The combination that matches an action, if any.
inline known_action const* find_action(table_kind on, sync_action const& wanted) {
    auto const path = parse_statement(wanted.destination);
    auto const action = wanted.action.known();
    if (!path || !action)
        return nullptr;
    bool const none = !wanted.status;
    auto const status = none ? std::nullopt : wanted.status->known();
    auto const found = std::ranges::find_if(known_actions, [&](known_action const& each) {
        return each.on == on && each.action == *action && each.destination == path->front().name &&
               (each.statuses == 0 ? none : status && (each.statuses & statuses_of(*status)) != 0);
    });
    return found == known_actions.end() ? nullptr : &*found;
}

/// The error of an action; empty if the service accepts it.
inline std::string wrong_action(table const& of, sync_action const& each,
                                simulator_options const& options) {
    known_action const* const known = find_action(of.kind, each);
    if (!known || (of.kind == table_kind::phone_numbers && !options.phone_number_actions))
        return "Must be an action, destination and status that exist for the entity.";
    std::string missing = "Must reference an existing object: " + each.destination;
    switch (known->target) {
    case action_target::list:
    case action_target::group:
        return of.containers.contains(each.destination) ? "" : missing;
    case action_target::subscription:
        return each.destination == "{{GlobalSubscribe}}" ? "" : missing;
    case action_target::service:
    case action_target::connector:
        break;
    }
    auto const instance = parse_instance(each.destination);
    return instance && of.services.find(*instance) ? "" : missing;
}

/// Number of records reached, by index of the sync action.
using action_counts = std::map<std::size_t, std::int64_t>;

/// Sets the state of the contacts with an address.
inline std::int64_t set_address_status(store& s, std::string_view address, member_status status) {
    table& contacts = s.contacts();
    std::size_t const email = contacts.field_by_name("C_EmailAddress").value();
    auto const found = contacts.find(email, address);
    for (position const p : found) {
        record& each = contacts.edit(p);
        if (status == member_status::bounced)
            each.bounced = true;
        else
            each.subscribed = false;
    }
    return static_cast<std::int64_t>(found.size());
}

/// A contact that gets an address takes over the address's existing state.
inline void apply_address_status(store& s, position contact) {
    table& addresses = s.of(table_kind::email_addresses);
    if (addresses.size() == 0)
        return;
    std::string scratch;
    std::size_t const email = s.contacts().field_by_name("C_EmailAddress").value();
    std::string const address(s.contacts().records().value(contact, email, scratch));
    for (position const p : addresses.find(0, address)) {
        record const& known = *addresses.records().find(p);
        record& into = s.contacts().edit(contact);
        into.subscribed &= known.subscribed;
        into.bounced |= known.bounced;
    }
}

/// Runs sync actions on one record.
inline void run_sync_actions(store& s, table& of, std::vector<sync_action> const& actions,
                             position p, action_counts& acted) {
    std::string scratch;
    for (std::size_t i = 0; i != actions.size(); ++i) {
        sync_action const& each = actions[i];
        known_action const* const known = find_action(of.kind, each);
        if (!known)
            continue;
        auto const status = each.status ? each.status->known() : std::nullopt;
        std::int64_t reached = 1;
        switch (known->target) {
        case action_target::list:
        case action_target::group: {
            bool const in =
                known->action == sync_action_kind::add || status == member_status::subscribed;
            auto const members = of.containers.find(each.destination);
            if (members == of.containers.end()) // it was removed
                continue;
            if (in)
                members->second.insert(p);
            else
                members->second.erase(p);
            break;
        }
        case action_target::subscription: {
            record& into = of.edit(p);
            if (status == member_status::bounced)
                into.bounced = true;
            else
                into.subscribed = status == member_status::subscribed;
            if (of.kind == table_kind::email_addresses)
                reached = set_address_status(s, of.records().value(p, 0, scratch), *status);
            break;
        }
        case action_target::service:
        case action_target::connector: {
            auto const reference = parse_instance(each.destination);
            service_instance* const found = reference ? of.services.find(*reference) : nullptr;
            if (!found)
                continue;
            service_instances::set(*found, reference->execution, p, *status,
                                   each.updateAll.value_or(false));
            break;
        }
        }
        acted[i] += reached;
    }
}

/// An entry of a sync's log.
struct log_line {
    elq code;
    bulk::severity severity;
    std::int64_t count;
    std::string text;
};

/// The log entries for sync actions that reached records.
inline std::vector<log_line> action_logs(table const& of, std::vector<sync_action> const& actions,
                                         action_counts const& acted) {
    std::vector<log_line> lines;
    for (auto const& [number, count] : acted) {
        sync_action const& each = actions[number];
        known_action const* const known = find_action(of.kind, each);
        if (!known)
            continue;
        auto const path = parse_statement(each.destination);
        std::string const id = path->front().number ? std::to_string(*path->front().number)
                                                    : std::string(path->front().text);
        std::string const status(each.status ? each.status->text() : "");
        bool const adds = each.action == sync_action_kind::add;
        bool const account = of.kind == table_kind::accounts;
        elq code{};
        std::string text;
        switch (known->target) {
        case action_target::list:
            code =
                account
                    ? (adds ? elq::account_list_members_added : elq::account_list_members_removed)
                    : (adds ? elq::contact_list_members_added : elq::contact_list_members_removed);
            text = std::string("Members ") + (adds ? "added to " : "removed from ") +
                   (account ? "account" : "contact") + " list " + id + '.';
            break;
        case action_target::group: {
            bool const in = each.status == member_status::subscribed;
            code = in ? elq::email_group_members_subscribed : elq::email_group_members_unsubscribed;
            text = std::string("Members ") + (in ? "subscribed to" : "unsubscribed from") +
                   " email group " + id + '.';
            break;
        }
        case action_target::subscription:
            code = each.status == member_status::bounced      ? elq::contacts_bounced
                   : each.status == member_status::subscribed ? elq::contacts_subscribed
                                                              : elq::contacts_unsubscribed;
            text = "Contacts marked as " + status + '.';
            break;
        case action_target::service:
            code = elq::service_status_set;
            text = "Members' status set to " + status + " in service instance " + each.destination +
                   '.';
            break;
        case action_target::connector:
            code = elq::connector_status_set;
            text = "Members' status set to " + status + " in cloud connector instance " + id + '.';
            break;
        }
        lines.push_back({code, severity::information, count, std::move(text)});
    }
    return lines;
}

} // namespace eloqua::bulk::simulation
