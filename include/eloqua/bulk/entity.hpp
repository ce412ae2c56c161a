// SPDX-License-Identifier: BSL-1.0
/// \file
/// Entities: the kinds of records that the service stores, with the operations available for each.
/// Also paths with ids.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/limits.hpp>

#include <boost/describe/enum.hpp>
#include <boost/describe/enum_to_string.hpp>
#include <boost/mp11/utility.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace eloqua::bulk {

/// An id of the service: a positive integer.
using id = std::int64_t;

/// The id at the end of a resource's `uri`, such as 1444 for "/syncs/1444". Error:
/// `errc::malformed_response` if it does not end with one, or if the text, which comes from the
/// service, contains anything but printable ASCII without blanks.
[[nodiscard]] inline result<id> id_of(std::string_view uri) {
    std::string_view const last = uri.substr(uri.rfind('/') + 1);
    id value = 0;
    constexpr std::size_t longest = 1000;
    bool const plain = uri.size() <= longest &&
                       std::ranges::all_of(uri, [](char c) { return c > ' ' && c <= '~'; });
    if (uri.empty() || uri.front() != '/' || !detail::read_whole(last, value) || value <= 0 ||
        !plain)
        return failure(errc::malformed_response,
                       "'" + detail::shown(uri) + "' is not a uri of a resource");
    return value;
}

/// The id in the `uri` of a resource: a definition, a sync, a list. Errors: as above, also if the
/// response had no uri.
template <class Resource>
    requires requires(Resource const& of) {
        { *of.uri } -> std::convertible_to<std::string_view>;
    }
[[nodiscard]] result<id> id_of(Resource const& of) {
    if (!of.uri)
        return failure(errc::malformed_response, "the resource has no uri");
    return id_of(std::string_view(*of.uri));
}

namespace detail {

consteval bool is_path_template(std::string_view text) {
    if (text.empty())
        return true; // the root of a collection
    if (text.front() != '/' || text.back() == '/')
        return false;
    char previous = 0;
    bool inside = false;
    for (char c : text) {
        if (c == '{') {
            if (inside || previous != '/')
                return false;
            inside = true;
        } else if (c == '}') {
            if (!inside || previous == '{')
                return false;
            inside = false;
        } else if (c == '/') {
            if (inside || previous == '/')
                return false;
        } else if (!is_letter(c) || (previous == '}' && !inside)) {
            return false;
        }
        previous = c;
    }
    return !inside;
}

/// Whether a text is empty, or consists of segments of letters, digits, '-' and '_', each after
/// one '/'.
constexpr bool is_plain_path(std::string_view text) {
    char previous = 'x';
    for (char const c : text) {
        bool const plain = is_letter(c) || is_digit(c) || c == '-' || c == '_';
        if (!plain && (c != '/' || previous == '/'))
            return false;
        previous = c;
    }
    return previous != '/' && (text.empty() || text.front() == '/');
}

constexpr std::size_t count_parameters(std::string_view text) {
    std::size_t n = 0;
    for (char c : text)
        n += c == '{';
    return n;
}

} // namespace detail

/// A path template such as `path<"/syncs/{id}/data">`, checked at compile time.
template <fixed_string Text>
struct path {
    static_assert(detail::is_path_template(Text.view()),
                  "a path template is segments of letters or {parameters}, each after one '/'");
    /// The template, with parameters in braces.
    static constexpr std::string_view text = Text.view();
    /// Number of parameters.
    static constexpr std::size_t parameters = detail::count_parameters(Text.view());

    /// The path with its parameters filled in. A wrong number of them is a compile error. Error:
    /// `errc::invalid_argument` for an id that is not positive. Ids are the only parameters, so no
    /// other text can get into a path.
    template <std::same_as<id>... Ids>
        requires(sizeof...(Ids) == parameters)
    [[nodiscard]] static result<std::string> expand(Ids... ids) {
        if constexpr (parameters == 0) {
            return std::string(text);
        } else {
            id const values[] = {ids...};
            std::string out;
            std::size_t next = 0;
            for (std::size_t i = 0; i != text.size(); ++i) {
                if (text[i] != '{') {
                    out += text[i];
                    continue;
                }
                std::size_t const close = text.find('}', i);
                id const value = values[next++];
                if (value <= 0)
                    return failure(errc::invalid_argument,
                                   "'" + std::string(text.substr(i + 1, close - i - 1)) + "' of " +
                                       std::string(text) + " is " + std::to_string(value) +
                                       "; ids are positive");
                out += std::to_string(value);
                i = close;
            }
            return out;
        }
    }
};

/// The requirements for an entity. Users may add types of their own:
///
/// - `base_path()`: path of its collection, "/contacts"; an error if its id is invalid;
/// - `statement_root()`: how field statements start, "Contact" or "CustomObject[23]";
/// - `has_exports`, `has_imports`, `has_fields`: what the service offers for it;
/// - `importable_attribute(name)`: whether an import may write `{{Root.name}}`;
///
/// and, optionally:
///
/// - `identifying_attribute(path)`: whether an import that matches its rows by `{{Root.path}}` may
///   write it. A row in which it is blank then creates a record each time it is applied;
/// - `has_sync_actions`: true if it has definitions of sync actions;
/// - types `export_definition`, `import_definition`, `field_definition`: its own documents;
/// - `fields_parameter`, `fields_argument()`: query parameter that narrows its list of fields,
///   "activityType", and its value; empty: none;
/// - `export_data_limit`: rows per request of the data of its export definitions;
/// - `rows_per_export`: number of rows at which an export is cut off;
/// - `contact_fields_per_export`: maximum number of statements of `Contact.Field(...)`;
/// - `needed_import_setting`: a type of setting required to import rows, see `import.hpp`;
/// - `export_condition()`: a filter that all of its exports require, in the service's language;
/// - `contact_fields_in_filters()`: whether filters of its exports can have `Contact.Field(...)`.
///   For an entity with this member, typed filters with such fields are compile errors.
template <class E>
concept entity = std::copyable<E> && requires(E const& e) {
    { e.base_path() } -> std::same_as<result<std::string>>;
    { e.statement_root() } -> std::convertible_to<std::string>;
    { E::has_exports } -> std::convertible_to<bool>;
    { E::has_imports } -> std::convertible_to<bool>;
    { E::has_fields } -> std::convertible_to<bool>;
    { E::importable_attribute(std::string_view()) } -> std::same_as<bool>;
};

/// Entities whose rows can be exported.
template <class E>
concept exportable = entity<E> && E::has_exports;
/// Entities whose rows can be imported.
template <class E>
concept importable = entity<E> && E::has_imports;
/// Entities whose fields can be listed.
template <class E>
concept has_field_list = entity<E> && E::has_fields;
/// Entities with definitions of sync actions.
template <class E>
concept has_sync_action_definitions = entity<E> && requires { requires E::has_sync_actions; };

/// Whether an import may write `{{Root.name}}` if it matches its rows by that column.
template <entity E>
[[nodiscard]] constexpr bool identifying_attribute_of(std::string_view name) {
    if constexpr (requires { E::identifying_attribute(name); })
        return E::identifying_attribute(name);
    else
        return false;
}

/// When an import of an entity must provide the fields that may not be blank and have no default.
enum class required_fields : unsigned char {
    none,
    of_new_records, ///< for records that it creates
    each_time,      ///< also for records that it updates
};
/// @{
/// When imports of an entity must provide those fields: its `fields_needed`, or else for new
/// records.
template <entity E>
inline constexpr required_fields required_fields_of = required_fields::of_new_records;
template <entity E>
    requires requires { E::fields_needed; }
inline constexpr required_fields required_fields_of<E> = E::fields_needed;
/// @}

namespace detail {

template <class E>
using own_export_definition = typename E::export_definition;
template <class E>
using own_import_definition = typename E::import_definition;
template <class E>
using own_field_definition = typename E::field_definition;

} // namespace detail

/// The types of an entity's documents.
template <class E>
using export_definition_t =
    boost::mp11::mp_eval_or<export_definition, detail::own_export_definition, E>;
/// @{
/// The document of an entity's import definitions.
template <class E>
using import_definition_t =
    boost::mp11::mp_eval_or<import_definition, detail::own_import_definition, E>;
/// @}
/// @{
/// The document of an entity's fields.
template <class E>
using field_definition_t =
    boost::mp11::mp_eval_or<field_definition, detail::own_field_definition, E>;
/// @}

/// @{
/// Rows per request of an export definition's data.
template <entity E>
inline constexpr std::int64_t export_data_limit_of = limits::rows_per_page;
template <entity E>
    requires requires { E::export_data_limit; }
inline constexpr std::int64_t export_data_limit_of<E> = E::export_data_limit;
/// @}

/// @{
/// Number of rows at which an export is cut off, if there is one.
template <entity E>
inline constexpr std::optional<std::int64_t> rows_per_export_of = {};
template <entity E>
    requires requires { E::rows_per_export; }
inline constexpr std::optional<std::int64_t> rows_per_export_of<E> = E::rows_per_export;
/// @}

/// @{
/// Maximum number of statements of `Contact.Field(...)` in an export.
template <entity E>
inline constexpr std::size_t contact_fields_per_export_of = limits::export_fields;
template <entity E>
    requires requires { E::contact_fields_per_export; }
inline constexpr std::size_t contact_fields_per_export_of<E> = E::contact_fields_per_export;
/// @}

/// Whether all filters of an entity's exports can have statements of `Contact.Field(...)`.
template <class E>
concept takes_contact_fields =
    entity<E> && !requires(E const& e) { e.contact_fields_in_filters(); };

/// As above, for a particular value of the entity.
template <entity E>
[[nodiscard]] bool contact_fields_in_filters_of(E const& e) {
    if constexpr (takes_contact_fields<E>)
        return true;
    else
        return e.contact_fields_in_filters();
}

/// The filter that all exports of an entity require; empty if the entity requires no filter.
template <entity E>
[[nodiscard]] std::string export_condition_of(E const& e) {
    if constexpr (requires { e.export_condition(); })
        return e.export_condition();
    else
        return {};
}

namespace detail {

template <class Enum>
std::string optional_name(std::optional<Enum> value) {
    return value ? boost::describe::enum_to_string(*value, "") : std::string();
}

/// The common part of entities without an id: their path, the start of their statements, and that
/// none of their system values can be imported.
template <fixed_string Path, fixed_string Root>
struct plain_entity {
    static result<std::string> base_path() { return path<Path>::expand(); }
    static std::string statement_root() { return std::string(Root); }
    static constexpr bool importable_attribute(std::string_view) { return false; }
};

} // namespace detail

/// Contacts.
struct contacts_t : detail::plain_entity<"/contacts", "Contact"> {
    /// @{
    /// See `entity`.
    static constexpr bool has_exports = true, has_imports = true, has_fields = true,
                          has_sync_actions = true;
    static constexpr std::string_view root_name = "Contact";
    /// @}
};

/// Accounts.
struct accounts_t : detail::plain_entity<"/accounts", "Account"> {
    /// @{
    /// See `entity`.
    using import_definition = account_import_definition;
    static constexpr bool has_exports = true, has_imports = true, has_fields = true,
                          has_sync_actions = true;
    static constexpr std::string_view root_name = "Account";
    /// @}
    /// The ids of its users in CRM systems.
    static constexpr bool importable_attribute(std::string_view path) {
        return path.starts_with("User.Field(CRM");
    }
};

/// Activities; `activities_of(activity_type::EmailOpen)` are those of one type. Only external
/// activities can be imported. An export of exactly 5,000,000 activities must be considered cut
/// off: export each type separately, in time ranges with fewer rows.
struct activities_t {
    /// @{
    /// The documents of activities, see `entity`.
    using export_definition = activity_export_definition;
    using import_definition = activity_import_definition;
    using field_definition = activity_field_definition;
    /// @}
    /// The list has fields of other types than the importable one.
    static constexpr required_fields fields_needed = required_fields::none;
    /// @{
    /// See `entity`.
    static constexpr bool has_exports = true, has_imports = true, has_fields = true;
    static constexpr std::string_view fields_parameter = "activityType";
    static constexpr std::int64_t rows_per_export = limits::rows_per_activity_export;
    static constexpr std::size_t contact_fields_per_export =
        limits::contact_fields_of_activity_export;
    /// @}
    /// The type to export, or whose fields are listed; empty: all.
    std::optional<activity_type> type = std::nullopt;

    /// @{
    /// See `entity`.
    static result<std::string> base_path() { return path<"/activities">::expand(); }
    static constexpr std::string_view root_name = "Activity";
    static std::string statement_root() { return std::string(root_name); }
    /// @}
    /// The fields of an external activity.
    static constexpr bool importable_attribute(std::string_view path) {
        return path == "Type" || path == "CreatedAt" || path == "ExternalId" ||
               path == "Asset.Type" || path == "Asset.Name" || path == "Campaign.Id" ||
               path == "Contact.Id" || path.starts_with("Contact.Field(");
    }
    /// @{
    /// See `entity`.
    std::string fields_argument() const { return detail::optional_name(type); }
    std::string export_condition() const {
        return type ? "'{{Activity.Type}}' = '" + fields_argument() + "'" : std::string();
    }
    /// @}
    /// Only for activities of text messages.
    bool contact_fields_in_filters() const {
        using enum activity_type;
        return type == SmsSend || type == SmsReply || type == SmsClickthrough;
    }
};

/// Responses to campaigns. An export requires a filter by the STATUS of an execution of an app's
/// service instance.
struct campaign_responses_t : detail::plain_entity<"/campaignResponses", "CampaignResponse"> {
    /// @{
    /// See `entity`.
    using import_definition = campaign_response_import_definition;
    static constexpr bool has_exports = true, has_imports = true, has_fields = true;
    static constexpr std::int64_t export_data_limit = limits::items_per_list;
    static constexpr std::string_view root_name = "CampaignResponse";
    static constexpr bool importable_attribute(std::string_view path) { return path == "Id"; }
    /// @}
};

/// Opportunities: `Opportunity.Id` and the fields `Name`, `Stage` and `Amount` are mandatory.
struct opportunities_t : detail::plain_entity<"/opportunities", "Opportunity"> {
    /// @{
    /// See `entity`.
    using import_definition = opportunity_import_definition;
    static constexpr required_fields fields_needed = required_fields::each_time;
    static constexpr bool has_exports = false, has_imports = true, has_fields = true;
    static constexpr bool importable_attribute(std::string_view path) {
        return path == "Id" || path == "CreatedAt";
    }
    /// @}
};

/// Links between opportunities and contacts or accounts. A definition says what is linked, by
/// which columns.
struct opportunity_contacts_t : detail::plain_entity<"/opportunities/contacts", "Opportunity"> {
    /// @{
    /// See `entity`.
    using import_definition = opportunity_contact_import_definition;
    using needed_import_setting = opportunity_linkage;
    static constexpr bool has_exports = false, has_imports = true, has_fields = false;
    static constexpr bool importable_attribute(std::string_view path) {
        return path == "Id" || path.starts_with("Contact.Field(") ||
               path.starts_with("Account.Field(");
    }
    /// @}
};

/// E-mail addresses without contacts: imported only to run sync actions on them.
struct email_addresses_t : detail::plain_entity<"/emailAddresses", "EmailAddress"> {
    /// @{
    /// See `entity`.
    static constexpr bool has_exports = false, has_imports = true, has_fields = false;
    /// @}
};

/// Phone numbers.
struct phone_numbers_t : detail::plain_entity<"/phoneNumbers", "PhoneNumber"> {
    /// @{
    /// See `entity`.
    static constexpr bool has_exports = false, has_imports = true, has_fields = false;
    /// @}
};

/// Which fields of campaigns to list: those available in exports of this kind.
enum class campaign_field_type { sourceCampaign, activity, campaignResponse };
BOOST_DESCRIBE_ENUM(campaign_field_type, sourceCampaign, activity, campaignResponse)

/// Campaigns, which have only a list of fields.
struct campaigns_t {
    /// @{
    /// See `entity`.
    static constexpr bool has_exports = false, has_imports = false, has_fields = true;
    static constexpr std::string_view fields_parameter = "type";
    /// @}
    /// The type whose fields are listed; empty: all.
    std::optional<campaign_field_type> type = std::nullopt;

    /// @{
    /// See `entity`.
    static result<std::string> base_path() { return path<"/campaigns">::expand(); }
    static std::string statement_root() { return "Campaign"; }
    static constexpr bool importable_attribute(std::string_view) { return false; }
    std::string fields_argument() const { return detail::optional_name(type); }
    /// @}
};

/// The records of one custom object. Imports may match them by `Id` or `ExternalId`; rows in which
/// that column is blank create records. Imports that match by another column omit both.
struct custom_object {
    /// @{
    /// See `entity`.
    using import_definition = custom_object_import_definition;
    static constexpr bool has_exports = true, has_imports = true, has_fields = true,
                          has_sync_actions = true;
    /// @}
    bulk::id id; ///< number of the custom object

    /// By the number of the custom object. Operations refuse one that is not positive.
    explicit constexpr custom_object(bulk::id i) : id(i) {}
    /// @{
    /// See `entity`.
    result<std::string> base_path() const { return path<"/customObjects/{parentId}">::expand(id); }
    static constexpr std::string_view root_name = "CustomObject";
    std::string statement_root() const {
        return std::string(root_name) + "[" + std::to_string(id) + "]";
    }
    static constexpr bool importable_attribute(std::string_view) { return false; }
    /// @}
    /// Also accepts the names used by the list of fields.
    static constexpr bool identifying_attribute(std::string_view path) {
        return path == "Id" || path == "ExternalId" || path == "Field(Id)" ||
               path == "Field(DataCardIDExt)";
    }
};

/// The registrants of one event. Imports may match them by `ExternalId`, like those of custom
/// objects; that the service accepts it is not documented.
struct event {
    /// @{
    /// See `entity`.
    using import_definition = event_import_definition;
    static constexpr bool has_exports = true, has_imports = true, has_fields = true;
    /// @}
    bulk::id id; ///< number of the event

    /// By the number of the event. Operations refuse one that is not positive.
    explicit constexpr event(bulk::id i) : id(i) {}
    /// @{
    /// See `entity`.
    result<std::string> base_path() const { return path<"/events/{parentId}">::expand(id); }
    static constexpr std::string_view root_name = "Event";
    std::string statement_root() const {
        return std::string(root_name) + "[" + std::to_string(id) + "]";
    }
    static constexpr bool importable_attribute(std::string_view) { return false; }
    static constexpr bool identifying_attribute(std::string_view path) {
        return path == "ExternalId" || path == "Field(DataCardIDExt)";
    }
    /// @}
};

/// @{
/// The entities that have no id.
inline constexpr contacts_t contacts{};
inline constexpr accounts_t accounts{};
inline constexpr activities_t activities{};
inline constexpr campaign_responses_t campaign_responses{};
inline constexpr opportunities_t opportunities{};
inline constexpr opportunity_contacts_t opportunity_contacts{};
inline constexpr email_addresses_t email_addresses{};
inline constexpr phone_numbers_t phone_numbers{};
inline constexpr campaigns_t campaigns{};
/// @}

/// The activities of one type. Exports are filtered by it, and the list of fields is that of the
/// type.
[[nodiscard]] constexpr activities_t activities_of(activity_type type) {
    return activities_t{type};
}
/// Campaigns, with the fields available in one kind of export.
[[nodiscard]] constexpr campaigns_t campaigns_for(campaign_field_type type) {
    return campaigns_t{type};
}

/// The entities of the API.
using all_entities = std::tuple<contacts_t, accounts_t, activities_t, custom_object, event,
                                campaign_responses_t, campaigns_t, opportunities_t,
                                opportunity_contacts_t, email_addresses_t, phone_numbers_t>;

} // namespace eloqua::bulk
