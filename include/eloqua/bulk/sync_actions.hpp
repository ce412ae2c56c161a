// SPDX-License-Identifier: BSL-1.0
/// \file
/// Containers of records that filters and sync actions refer to: lists, segments, filters, e-mail
/// groups, instances of app services.
///
/// The valid sync actions, as named functions. Action, destination and status always fit together,
/// and the type says to which entities' rows an action applies.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/limits.hpp>

#include <boost/throw_exception.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

[[noreturn]] inline void refuse_container(std::string_view kind, std::string const& name) {
    boost::throw_exception(error(
        failure(errc::invalid_argument, "'" + name + "' is not a valid " + std::string(kind),
                "ids are positive integers, GUIDs 32 hexadecimal digits with or without dashes")));
}

} // namespace detail

/// A container with an id. The constructor throws `error` with `errc::invalid_argument` for an id
/// that is not positive.
template <fixed_string Kind>
class numbered_container {
public:
    /// Throws `error` with `errc::invalid_argument` for an id that is not positive.
    explicit numbered_container(bulk::id i) : id_(i) {
        if (i <= 0)
            detail::refuse_container(Kind, std::to_string(i));
    }
    /// The id.
    bulk::id id() const { return id_; }
    /// Such as "{{ContactList[123]}}".
    std::string statement() const {
        return "{{" + std::string(Kind) + "[" + std::to_string(id_) + "]}}";
    }

private:
    bulk::id id_;
};

/// @{
/// Containers by kind.
using contact_list = numbered_container<"ContactList">;
using contact_segment = numbered_container<"ContactSegment">;
using contact_filter = numbered_container<"ContactFilter">;
using account_list = numbered_container<"AccountList">;
using email_group = numbered_container<"EmailGroup">;
/// @}

/// An instance of an app's service, or one execution of it. The constructor throws `error` with
/// `errc::invalid_argument` for an invalid GUID or an execution that is not positive.
template <fixed_string Kind>
class service_instance {
public:
    /// By the GUID of the instance, and the id of the execution. Throws `error` with
    /// `errc::invalid_argument` for other text, or an id that is not positive.
    explicit service_instance(std::string_view guid,
                              std::optional<bulk::id> execution = std::nullopt)
        : execution_(execution) {
        for (char c : guid) {
            if (detail::is_hex_digit(c))
                guid_ += c;
            else if (c != '-')
                detail::refuse_container(Kind, std::string(guid));
        }
        if (guid_.size() != 32)
            detail::refuse_container(Kind, std::string(guid));
        if (execution && *execution <= 0)
            detail::refuse_container(Kind, std::to_string(*execution));
    }
    /// Such as "{{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}}".
    std::string statement() const {
        std::string text = "{{" + std::string(Kind) + "(" + guid_ + ")";
        if (execution_)
            text += ".Execution[" + std::to_string(*execution_) + "]";
        return text + "}}";
    }

private:
    std::string guid_; ///< without dashes, as in statements
    std::optional<bulk::id> execution_;
};

/// @{
/// Service instances by kind.
using app_action = service_instance<"ActionInstance">;
using app_decision = service_instance<"DecisionInstance">;
using app_feeder = service_instance<"FeederInstance">;
using app_content = service_instance<"ContentInstance">;
/// @}

/// An instance of a legacy cloud connector. The constructor throws `error` with
/// `errc::invalid_argument` for an id that is not positive.
class cloud_connector : numbered_container<"cloud connector"> {
public:
    /// By its id, as for `numbered_container`.
    using numbered_container::numbered_container;
    /// Such as "CloudConnectorStatus(77)", as in a filter's STATUS.
    std::string statement() const { return "CloudConnectorStatus(" + std::to_string(id()) + ")"; }
};

/// A sync action for rows of any of these entities.
template <entity... Entities>
struct action_on {
    sync_action action; ///< the action, for a definition

    /// Whether it applies to rows of this entity.
    template <class E>
    static constexpr bool takes = (std::derived_from<E, Entities> || ...);
    /// The action, for a definition.
    operator sync_action() const { return action; }
};

/// Sync actions that apply to the rows of an entity.
template <class A, class E>
concept acts_on = entity<E> && requires { requires A::template takes<E>; };

namespace detail {

inline sync_action make_action(sync_action_kind kind, std::string destination) {
    sync_action made;
    made.action = kind;
    made.destination = std::move(destination);
    return made;
}
inline sync_action status_action(std::string destination, member_status status, bool all = false) {
    sync_action made = make_action(sync_action_kind::setStatus, std::move(destination));
    made.status = open_enum<member_status>(status);
    if (all)
        made.updateAll = true;
    return made;
}

inline constexpr char const* global_subscription = "{{GlobalSubscribe}}";

} // namespace detail

/// Adds the contact to a list.
[[nodiscard]] inline action_on<contacts_t> add_to(contact_list const& list) {
    return {detail::make_action(sync_action_kind::add, list.statement())};
}
/// Removes the contact from a list.
[[nodiscard]] inline action_on<contacts_t> remove_from(contact_list const& list) {
    return {detail::make_action(sync_action_kind::remove, list.statement())};
}
/// Adds the account to a list.
[[nodiscard]] inline action_on<accounts_t> add_to(account_list const& list) {
    return {detail::make_action(sync_action_kind::add, list.statement())};
}
/// Removes the account from a list.
[[nodiscard]] inline action_on<accounts_t> remove_from(account_list const& list) {
    return {detail::make_action(sync_action_kind::remove, list.statement())};
}

/// Subscribes the contact to an e-mail group.
[[nodiscard]] inline action_on<contacts_t> subscribe_to(email_group const& group) {
    return {detail::status_action(group.statement(), member_status::subscribed)};
}
/// Unsubscribes the contact from an e-mail group.
[[nodiscard]] inline action_on<contacts_t> unsubscribe_from(email_group const& group) {
    return {detail::status_action(group.statement(), member_status::unsubscribed)};
}
/// Subscribes the contact globally. Not for e-mail addresses without a contact.
[[nodiscard]] inline action_on<contacts_t> subscribe_globally() {
    return {detail::status_action(detail::global_subscription, member_status::subscribed)};
}
/// Unsubscribes an e-mail address globally, for every present and future contact that has it.
[[nodiscard]] inline action_on<contacts_t, email_addresses_t> unsubscribe_globally() {
    return {detail::status_action(detail::global_subscription, member_status::unsubscribed)};
}
/// Marks e-mail addresses as bounced (since release 24A); cannot be combined with
/// `unsubscribe_globally`. The destination is not documented; this one was inferred.
[[nodiscard]] inline action_on<email_addresses_t> mark_bounced() {
    return {detail::status_action(detail::global_subscription, member_status::bounced)};
}

/// Sync actions for records that an app processes.
using app_record_action = action_on<contacts_t, custom_object>;

/// @{
/// Statuses that an app reports for a record.
enum class app_action_status { pending, active, complete, errored };
enum class app_decision_status { yes, no, errored };
/// @}

/// Reports the status of the records passed to an app's action. `all` sets the status of all
/// records of the execution.
[[nodiscard]] inline app_record_action set_status(app_action const& of, app_action_status status,
                                                  bool all = false) {
    constexpr member_status names[] = {member_status::pending, member_status::active,
                                       member_status::complete, member_status::errored};
    return {detail::status_action(of.statement(), names[static_cast<std::size_t>(status)], all)};
}
/// As above, for a decision.
[[nodiscard]] inline app_record_action set_status(app_decision const& of,
                                                  app_decision_status status, bool all = false) {
    constexpr member_status names[] = {member_status::yes, member_status::no,
                                       member_status::errored};
    return {detail::status_action(of.statement(), names[static_cast<std::size_t>(status)], all)};
}
/// @{
/// Reports to a feeder or a content service that the record is complete.
[[nodiscard]] inline app_record_action set_complete(app_feeder const& of) {
    return {detail::status_action(of.statement(), member_status::complete)};
}
[[nodiscard]] inline app_record_action set_complete(app_content const& of) {
    return {detail::status_action(of.statement(), member_status::complete)};
}
/// @}

/// Sync actions that one definition can combine: at most 10, and not both `unsubscribe_globally`
/// and `mark_bounced`.
template <class... Actions>
concept go_together =
    (0u + ... + std::convertible_to<Actions, sync_action>) <= limits::sync_actions &&
    !((std::same_as<Actions, decltype(unsubscribe_globally())> || ...) &&
      (std::same_as<Actions, decltype(mark_bounced())> || ...));

/// The `syncActions` of a definition. Actions of another entity, or that cannot be combined, are
/// compile errors.
template <entity E, acts_on<E>... Actions>
    requires(sizeof...(Actions) >= 1 && go_together<Actions...>)
[[nodiscard]] std::vector<sync_action> actions_for(E const&, Actions const&... actions) {
    return {sync_action(actions)...};
}

/// How the rows of a definition of sync actions identify their records.
template <has_sync_action_definitions E>
struct record_identifier {
    std::string_view column; ///< usual name of the column
    std::string_view path;   ///< statement without the root
};

/// Identifiers of contacts, for definitions of sync actions.
namespace contact_identifier {
/// @{
/// Identifiers of contacts.
inline constexpr record_identifier<contacts_t> email_address{"EmailAddress",
                                                             "Field(C_EmailAddress)"};
inline constexpr record_identifier<contacts_t> id{"Id", "Id"};
inline constexpr record_identifier<contacts_t> external_id{"ContactIDExt", "Field(ContactIDExt)"};
/// @}
} // namespace contact_identifier
/// Identifiers of accounts, for definitions of sync actions.
namespace account_identifier {
/// @{
/// Identifiers of accounts.
inline constexpr record_identifier<accounts_t> company_name{"CompanyName", "Field(M_CompanyName)"};
inline constexpr record_identifier<accounts_t> id{"Id", "Id"};
inline constexpr record_identifier<accounts_t> external_id{"CompanyIDExt", "Field(CompanyIDExt)"};
/// @}
} // namespace account_identifier
/// Identifiers of records of custom objects, for definitions of sync actions.
namespace custom_object_identifier {
/// @{
/// Identifiers of records of custom objects.
inline constexpr record_identifier<custom_object> external_id{"ExternalId", "ExternalId"};
inline constexpr record_identifier<custom_object> id{"Id", "Id"};
/// @}
} // namespace custom_object_identifier

/// A definition of sync actions that the service accepts: one column, which is one of the known
/// identifiers, and 1 to 10 actions for rows of that entity. Actions of another entity are compile
/// errors. Its rows are objects with that one column.
template <has_sync_action_definitions E, acts_on<E>... Actions>
    requires(sizeof...(Actions) >= 1 && go_together<Actions...>)
[[nodiscard]] sync_action_definition define_sync_action(E const& of, std::string name,
                                                        record_identifier<E> by,
                                                        Actions const&... actions) {
    sync_action_definition d;
    d.name = std::move(name);
    d.fields.emplace_back(by.column,
                          "{{" + of.statement_root() + "." + std::string(by.path) + "}}");
    d.identifierFieldName = std::string(by.column);
    d.syncActions = actions_for(of, actions...);
    d.isSyncTriggeredOnImport = false;
    return d;
}

} // namespace eloqua::bulk
