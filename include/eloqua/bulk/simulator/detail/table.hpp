// SPDX-License-Identifier: BSL-1.0
/// \file
/// One table of the simulated service: its fields and records; instances of app services (actions,
/// decisions, feeders, content, old connectors) with the status of each record in each execution;
/// the kinds of tables and their differences.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/records.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/simulated_field.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// A statement that names an instance, and possibly one of its executions.
struct instance_reference {
    std::string key;            ///< "ActionInstance(f3689bdfbf2e48deb318019367b4f2a8)"
    std::int64_t execution = 0; ///< 0: none
    bool connector = false;     ///< an old cloud connector
};

/// A GUID without dashes in lower case.
inline std::string bare_guid(std::string_view guid) {
    std::string bare;
    for (char const c : guid)
        if (c != '-')
            bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return bare;
}

/// Reads "{{ActionInstance(guid).Execution[7]}}", the other kinds of instances, and
/// "CloudConnectorStatus(id)", with or without braces. Empty for any other text.
inline std::optional<instance_reference> parse_instance(std::string_view text) {
    std::string braced(text);
    if (!text.starts_with("{{"))
        braced = "{{" + braced + "}}";
    auto const path = parse_statement(braced);
    if (!path || path->empty() || path->size() > 2 || path->front().text.empty())
        return std::nullopt;
    segment const& first = path->front();
    instance_reference found;
    found.connector = first.name == "CloudConnectorStatus";
    found.key = std::string(first.name) + '(' + bare_guid(first.text) + ')';
    if (!found.connector && (!text.starts_with("{{") ||
                             (first.name != "ActionInstance" && first.name != "DecisionInstance" &&
                              first.name != "FeederInstance" && first.name != "ContentInstance")))
        return std::nullopt;
    if (path->size() == 2) {
        if (found.connector || path->back().name != "Execution" || !path->back().number)
            return std::nullopt;
        found.execution = *path->back().number;
    }
    return found;
}

/// The status of each record in one execution.
using member_statuses = std::map<position, member_status>;

struct service_instance {
    position campaign = no_position; ///< of its canvas
    /// By number; 0 has records without an execution.
    std::map<std::int64_t, member_statuses> executions;
};

class service_instances {
public:
    /// Adds the instance that the statement names, or an execution of it. Error:
    /// std::invalid_argument if it names neither.
    service_instance& add(std::string_view statement) {
        auto const reference = parse_instance(statement);
        if (!reference)
            throw std::invalid_argument(std::string(statement) + " is not a service instance");
        service_instance& made = all_[reference->key];
        made.executions.try_emplace(reference->execution);
        return made;
    }
    /// The instance, if it and the named execution exist.
    service_instance* find(instance_reference const& reference) {
        auto const found = all_.find(reference.key);
        if (found == all_.end() ||
            (reference.execution != 0 && !found->second.executions.contains(reference.execution)))
            return nullptr;
        return &found->second;
    }
    service_instance const* find(instance_reference const& reference) const {
        return const_cast<service_instances*>(this)->find(reference);
    }
    bool has_guid(std::string_view guid) const {
        std::string const ending = '(' + bare_guid(guid) + ')';
        return std::ranges::any_of(all_,
                                   [&](auto const& each) { return each.first.ends_with(ending); });
    }
    /// Whether a record has this status in the named execution, or in any execution if it is not
    /// named.
    static bool has(service_instance const& in, std::int64_t execution, position p,
                    member_status wanted) {
        for (auto const& [number, members] : in.executions) {
            auto const member = members.find(p);
            if ((execution == 0 || number == execution) && member != members.end() &&
                member->second == wanted)
                return true;
        }
        return false;
    }
    /// Sets the status of a record in the named execution, otherwise in all that contain it. With
    /// `all`, also that of the other records there.
    static void set(service_instance& in, std::int64_t execution, position p, member_status status,
                    bool all) {
        bool reached = false;
        for (auto& [number, members] : in.executions) {
            if (execution != 0 ? number != execution : !members.contains(p))
                continue;
            reached = true;
            members[p] = status;
            if (all)
                for (auto& each : members)
                    each.second = status;
        }
        if (!reached)
            in.executions[0][p] = status;
    }

private:
    std::map<std::string, service_instance, std::less<>> all_;
};

enum class table_kind : unsigned char {
    contacts,
    accounts,
    activities,
    custom_object,
    event,
    campaign_responses,
    campaigns,
    opportunities,
    opportunity_contacts,
    email_addresses,
    phone_numbers
};

/// What an import does with a row.
enum class import_method : unsigned char {
    none,
    upsert, ///< updates matching records, or creates one
    create, ///< always creates a record
    update, ///< updates matching records, or rejects the row
    link    ///< links the records that two columns name
};

/// Records of other tables whose values are reachable by statements: `{{Contact.Account.Id}}`.
struct relations {
    bool account = false, contact = false, campaign = false;
};

/// The properties in which kinds of tables differ.
struct kind_rules {
    table_kind kind;
    std::string_view path; ///< "/contacts"; with a trailing slash an id follows
    std::string_view root; ///< of its statements; an id in brackets follows if the path has one
    import_method imports;
    std::string_view things; ///< the name of its records in logs
    /// Codes of log entries; without a code there is no entry.
    std::optional<elq> created, updated, linked;
    relations to;
    std::string_view external_id; ///< prefix of external ids; empty: none
    bool sync_actions = false;    ///< allowed in its imports and exports
    bool import_rule = false;     ///< `importRule` is documented for it
    bool data_cards = false;      ///< `mapDataCards` is documented for it
    bool has_id = false;          ///< one table per object, with its id in path and root
    bool makes_of_blanks =
        false; ///< rows with a blank id or external id as identifier make records
};

/// Indexed by kind. These are guesses if the documentation has no code for created records (then
/// "Total new records" counts them) or updated ones, or no form of an external id.
inline constexpr auto kind_table = [] {
    using enum import_method;
    using kind = table_kind;
    constexpr std::nullopt_t no = std::nullopt;
    std::array<kind_rules, 11> all{{
        {kind::contacts, "/contacts", "Contact", upsert, "Contacts", elq::contacts_created,
         elq::contacts_updated, no, relations{.account = true, .campaign = true}, "CELOQ"},
        {kind::accounts, "/accounts", "Account", upsert, "Accounts", elq::accounts_created,
         elq::accounts_updated, no, relations{}, "AELOQ"},
        {kind::activities, "/activities", "Activity", create, "Activities", elq::activities_created,
         no, no, relations{.contact = true, .campaign = true}, "ACELOQ"},
        {kind::custom_object, "/customObjects/", "CustomObject", upsert, "CustomObject data",
         elq::custom_object_data_created, elq::custom_object_data_updated,
         elq::custom_object_data_linked, relations{.account = true, .contact = true}, "DCELOQ"},
        {kind::event, "/events/", "Event", upsert, "Event data", elq::event_data_created,
         elq::event_data_updated, elq::event_data_linked,
         relations{.account = true, .contact = true}, "ERELOQ"},
        {kind::campaign_responses, "/campaignResponses", "CampaignResponse", update,
         "Campaign responses", no, no, no, relations{.campaign = true}, ""},
        {kind::campaigns, "/campaigns", "Campaign", none, "Campaigns", no, no, no, relations{}, ""},
        {kind::opportunities, "/opportunities", "Opportunity", upsert, "Opportunities",
         elq::new_records, no, no, relations{}, ""},
        {kind::opportunity_contacts, "/opportunities/contacts", "Opportunity", link, "Links",
         elq::new_records, no, no, relations{.account = true, .contact = true}, ""},
        {kind::email_addresses, "/emailAddresses", "EmailAddress", upsert, "Email addresses",
         elq::email_addresses_created, elq::email_addresses_updated, no, relations{}, ""},
        {kind::phone_numbers, "/phoneNumbers", "PhoneNumber", upsert, "Phone numbers",
         elq::new_records, no, no, relations{}, ""},
    }};
    for (kind const each : {kind::contacts, kind::accounts, kind::custom_object,
                            kind::email_addresses, kind::phone_numbers})
        all[static_cast<std::size_t>(each)].sync_actions = true;
    for (kind const each : {kind::contacts, kind::accounts})
        all[static_cast<std::size_t>(each)].import_rule = true;
    for (kind const each : {kind::custom_object, kind::event}) {
        all[static_cast<std::size_t>(each)].data_cards = true;
        all[static_cast<std::size_t>(each)].has_id = true;
        all[static_cast<std::size_t>(each)].makes_of_blanks = true;
    }
    return all;
}();

constexpr kind_rules const& rules_of(table_kind kind) {
    return kind_table[static_cast<std::size_t>(kind)];
}

static_assert([] {
    for (std::size_t i = 0; i != kind_table.size(); ++i)
        if (static_cast<std::size_t>(kind_table[i].kind) != i)
            return false;
    return true;
}());

/// Text as the service compares it: ignoring the case of ASCII letters.
inline std::string folded(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return lower;
}

/// The fields and records of one entity.
class table {
public:
    /// The id of the first record; others follow in the order of their addition.
    static constexpr std::int64_t first_id = 1001;

    /// Empty and without fields. `id`: of the object, for kinds with ids.
    explicit table(table_kind k, std::int64_t id = 0)
        : kind(k), path(numbered(rules_of(k).path, id, "", "")),
          root(numbered(rules_of(k).root, id, "[", "]")) {}

    /// The position of the record with this id in a table of this size; `no_position` for any other
    /// text.
    static position position_of(std::string_view id, std::size_t size) {
        std::int64_t number = 0;
        if (!read_integer(id, number) || number < first_id ||
            number - first_id >= static_cast<std::int64_t>(size))
            return no_position;
        return static_cast<position>(number - first_id);
    }

    table_kind const kind;
    std::string const path; ///< "/contacts"
    std::string const root; ///< "Contact"
    std::string name;       ///< of a custom object or event

    kind_rules const& rules() const { return rules_of(kind); }

    /// The fields, and other values with statements, which are not `listed`.
    std::vector<table_field> const& fields() const { return fields_; }
    void add_field(simulated_field const& f) {
        std::int64_t const number = f.id == 0 ? next_field_id() : f.id;
        table_field made = make_field(path, number, f.name, f.internal_name, f.type,
                                      field_statement(number, f.internal_name));
        made.rule = f.rule;
        made.large_text = f.large_text;
        made.definition.hasReadOnlyConstraint = f.read_only;
        made.definition.hasNotNullConstraint = f.required;
        made.definition.hasUniquenessConstraint = f.unique;
        made.definition.defaultValue = f.default_value;
        add_field(std::move(made));
    }
    /// The statement of a field of this entity.
    std::string field_statement(std::int64_t number, std::string_view internal_name) const {
        return "{{" + root + ".Field" +
               (rules().has_id ? '[' + std::to_string(number) + ']'
                               : '(' + std::string(internal_name) + ')') +
               "}}";
    }
    void add_field(table_field f) {
        if (field_by_name(*f.definition.internalName) || (f.number != 0 && field_by_id(f.number)))
            throw std::invalid_argument(path + " has a field " + *f.definition.internalName +
                                        " or one of its id");
        fields_.push_back(std::move(f));
        if (population const* const source = records_.source())
            bind(population(*source));
    }
    /// The id for a new field.
    std::int64_t next_field_id() const {
        std::int64_t next = 100'201;
        for (table_field const& each : fields_)
            next = std::max(next, each.number + 1);
        return next;
    }
    /// Sets all fields. Existing ones must keep their indexes.
    void set_fields(std::vector<table_field> fields) {
        fields_ = std::move(fields);
        indexes_.clear();
        if (population const* const source = records_.source())
            bind(population(*source));
    }
    std::optional<std::size_t> field_by_name(std::string_view internal_name) const {
        return field_with(
            [&](auto const& f) { return f.definition.internalName == internal_name; });
    }
    std::optional<std::size_t> field_by_id(std::int64_t number) const {
        return field_with([&](auto const& f) { return f.number == number; });
    }
    std::optional<std::size_t> field_by_statement(std::string_view statement) const {
        return field_with([&](auto const& f) { return f.definition.statement == statement; });
    }

    record_set const& records() const { return records_; }
    std::size_t size() const { return records_.size(); }
    /// Replaces the records. Error if any are stored.
    void populate(population source) {
        if (records_.in_memory())
            throw std::logic_error(path + " has records");
        bind(std::move(source));
        indexes_.clear();
    }

    position add(timestamp now) {
        record r;
        r.created_at = r.updated_at = now;
        return records_.add(std::move(r));
    }
    /// Changes values that are not fields: times, link, state of the e-mail address.
    record& edit(position p) { return records_.edit(p); }
    void assign(position p, std::size_t field, std::string_view value) {
        std::string scratch;
        auto const index = indexes_.find(field);
        if (index != indexes_.end()) {
            std::string const old = folded(records_.value(p, field, scratch));
            auto [first, last] = index->second.equal_range(hash(old));
            for (; first != last; ++first)
                if (first->second == p) {
                    index->second.erase(first);
                    break;
                }
            if (!value.empty())
                index->second.emplace(hash(folded(value)), p);
        }
        records_.edit(p).values.set(field, value);
    }
    /// The records with this value in this field, ignoring case; none for a blank value.
    std::vector<position> find(std::size_t field, std::string_view value) {
        std::vector<position> found;
        std::string const wanted = folded(value);
        if (wanted.empty())
            return found;
        std::string scratch;
        population::finder const* const finder = records_.finder(field);
        auto const has = [&](position p) {
            return folded(records_.value(p, field, scratch)) == wanted;
        };
        if (finder)
            for (std::int64_t const each : (*finder)(value))
                if (has(static_cast<position>(each)))
                    found.push_back(static_cast<position>(each));
        std::vector<position> const computed = found;
        auto const& index = index_of(field, finder != nullptr);
        auto const [first, last] = index.equal_range(hash(wanted));
        for (auto each = first; each != last; ++each)
            if (has(each->second) && std::ranges::find(computed, each->second) == computed.end())
                found.push_back(each->second);
        return found;
    }

    /// Members of lists and other containers, by statement: "{{ContactList[123]}}".
    std::map<std::string, std::set<position>, std::less<>> containers;
    /// Removes a container. Filters that were bound before still see its members.
    void retire(std::string const& statement) {
        if (auto found = containers.extract(statement))
            retired_.push_back(std::move(found));
    }
    /// Instances of app services that process its records.
    service_instances services;

private:
    using value_index = std::unordered_multimap<std::size_t, position>;

    template <class Test>
    std::optional<std::size_t> field_with(Test test) const {
        auto const found = std::ranges::find_if(fields_, test);
        return found == fields_.end() ? std::nullopt
                                      : std::optional<std::size_t>(found - fields_.begin());
    }
    static std::string numbered(std::string_view text, std::int64_t id, char const* before,
                                char const* after) {
        std::string made(text);
        return id == 0 ? made : made + before + std::to_string(id) + after;
    }
    static std::size_t hash(std::string_view text) { return std::hash<std::string_view>()(text); }
    void bind(population source) {
        std::vector<population::column> columns;
        std::vector<population::finder> finders;
        for (table_field const& each : fields_) {
            std::string const& internal = *each.definition.internalName;
            columns.push_back(fitted(source.bind(internal), each.fit));
            finders.push_back(source.bind_finder ? source.bind_finder(internal)
                                                 : population::finder());
        }
        records_.populate(std::move(source), std::move(columns), std::move(finders));
    }
    static population::column fitted(population::column given, value_fitting fit) {
        if (!given || !fit)
            return given;
        return [given = std::move(given), fit](std::int64_t index, std::string& out) {
            std::string text;
            given(index, text);
            fit(text);
            out += text;
        };
    }
    /// Created when first needed. Omits what the population finds itself, and keeps records that
    /// were changed since.
    value_index const& index_of(std::size_t field, bool by_finder) {
        auto const known = indexes_.find(field);
        if (known != indexes_.end())
            return known->second;
        value_index index;
        std::string scratch;
        auto const add = [&](position p) {
            std::string_view const value = records_.value(p, field, scratch);
            if (!value.empty())
                index.emplace(hash(folded(value)), p);
        };
        if (by_finder)
            records_.for_each_stored(add);
        else
            for (std::size_t p = 0; p != size(); ++p)
                add(static_cast<position>(p));
        return indexes_[field] = std::move(index);
    }

    std::vector<table_field> fields_;
    record_set records_;
    std::unordered_map<std::size_t, value_index> indexes_;
    std::vector<decltype(containers)::node_type> retired_;
};

} // namespace eloqua::bulk::simulation
