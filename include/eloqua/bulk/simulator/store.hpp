// SPDX-License-Identifier: BSL-1.0
/// \file
/// The tables of the simulated service: fields, records, and the statements that name them.
#pragma once

#include <eloqua/bulk/simulator/records.hpp>
#include <eloqua/bulk/simulator/simulated_field.hpp>
#include <eloqua/bulk/simulator/standard_fields.hpp>
#include <eloqua/bulk/simulator/statements.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Text as the service compares it: without regard to the case of ASCII letters.
inline std::string folded(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    return lower;
}

enum class table_kind : unsigned char { contacts, accounts, custom_object };

/// The fields and records of one entity.
class table {
public:
    /// Records have ids from here on, in the order in which they were added.
    static constexpr std::int64_t first_id = 1001;

    table(table_kind k, std::string base_path, std::string statement_root)
        : kind(k), path(std::move(base_path)), root(std::move(statement_root)) {}

    table_kind const kind;
    std::string const path; ///< "/contacts"
    std::string const root; ///< "Contact"
    std::string name;       ///< of a custom object

    std::vector<table_field> const& fields() const { return fields_; }
    void add_field(simulated_field const& f) {
        std::int64_t number = f.id;
        if (number == 0) {
            number = 100'201;
            for (table_field const& each : fields_)
                number = std::max(number, each.number + 1);
        }
        std::string statement = kind == table_kind::custom_object
                                    ? "{{" + root + ".Field[" + std::to_string(number) + "]}}"
                                    : "{{" + root + ".Field(" + f.internal_name + ")}}";
        table_field made =
            make_field(path, number, f.name, f.internal_name, f.type, std::move(statement));
        made.rule = f.rule;
        made.definition.hasReadOnlyConstraint = f.read_only;
        made.definition.hasNotNullConstraint = f.required;
        made.definition.hasUniquenessConstraint = f.unique;
        add_field(std::move(made));
    }
    void add_field(table_field f) {
        if (field_by_name(*f.definition.internalName) || field_by_id(f.number))
            throw std::invalid_argument(path + " has a field " + *f.definition.internalName +
                                        " or one of its id");
        fields_.push_back(std::move(f));
        if (population const* const source = records_.source())
            records_.populate(population(*source), internal_names());
    }
    std::optional<std::size_t> field_by_name(std::string_view internal_name) const {
        for (std::size_t i = 0; i != fields_.size(); ++i)
            if (fields_[i].definition.internalName == internal_name)
                return i;
        return std::nullopt;
    }
    std::optional<std::size_t> field_by_id(std::int64_t number) const {
        for (std::size_t i = 0; i != fields_.size(); ++i)
            if (fields_[i].number == number)
                return i;
        return std::nullopt;
    }

    record_set const& records() const { return records_; }
    std::size_t size() const { return records_.size(); }
    void populate(population source) {
        if (size() != 0)
            throw std::logic_error(path + " is not empty");
        records_.populate(std::move(source), internal_names());
    }

    position add(timestamp now) {
        record r;
        r.created_at = r.updated_at = now;
        return records_.add(std::move(r));
    }
    /// Changes what is not a field: times, link, state of the e-mail address.
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
    /// The records with this value in this field, in any letter case; none for a blank value.
    std::vector<position> find(std::size_t field, std::string_view value) {
        std::vector<position> found;
        std::string const wanted = folded(value);
        if (wanted.empty())
            return found;
        std::string scratch;
        bool const by_population = inverted(field);
        if (by_population)
            if (auto const index = records_.source()->find_email(value))
                if (!records_.find(static_cast<position>(*index)))
                    found.push_back(static_cast<position>(*index));
        auto const& index = index_of(field, by_population);
        auto const [first, last] = index.equal_range(hash(wanted));
        for (auto each = first; each != last; ++each)
            if (folded(records_.value(each->second, field, scratch)) == wanted &&
                (found.empty() || found.front() != each->second))
                found.push_back(each->second);
        return found;
    }

    /// Members of lists and other containers, by statement: "{{ContactList[123]}}".
    std::map<std::string, std::set<position>, std::less<>> containers;

private:
    using value_index = std::unordered_multimap<std::size_t, position>;

    static std::size_t hash(std::string_view text) { return std::hash<std::string_view>()(text); }
    std::vector<std::string> internal_names() const {
        std::vector<std::string> names;
        for (table_field const& each : fields_)
            names.push_back(*each.definition.internalName);
        return names;
    }
    bool inverted(std::size_t field) const {
        return records_.source() && records_.source()->find_email &&
               fields_[field].definition.dataType == data_type::emailAddress;
    }
    /// Made when it is first needed. Leaves out what the population finds by itself, and keeps
    /// those that were written to since.
    value_index const& index_of(std::size_t field, bool by_population) {
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
        if (by_population)
            records_.for_each_stored(add);
        else
            for (std::size_t p = 0; p != size(); ++p)
                add(static_cast<position>(p));
        return indexes_[field] = std::move(index);
    }

    std::vector<table_field> fields_;
    record_set records_;
    std::unordered_map<std::size_t, value_index> indexes_;
};

/// All tables.
class store {
public:
    store()
        : contacts_(table_kind::contacts, "/contacts", "Contact"),
          accounts_(table_kind::accounts, "/accounts", "Account") {
        for (table_field& each : standard_contact_fields())
            contacts_.add_field(std::move(each));
        for (table_field& each : standard_account_fields())
            accounts_.add_field(std::move(each));
    }

    table& contacts() { return contacts_; }
    table& accounts() { return accounts_; }
    table const& contacts() const { return contacts_; }
    table const& accounts() const { return accounts_; }
    table& add_custom_object(std::int64_t id, std::string name) {
        std::string const number = std::to_string(id);
        auto made = std::make_unique<table>(table_kind::custom_object, "/customObjects/" + number,
                                            "CustomObject[" + number + "]");
        made->name = std::move(name);
        auto& slot = custom_objects_[id];
        if (slot)
            throw std::invalid_argument("there is a custom object " + number);
        slot = std::move(made);
        return *slot;
    }
    /// Null if there is none.
    table* custom_object(std::int64_t id) {
        auto const found = custom_objects_.find(id);
        return found == custom_objects_.end() ? nullptr : found->second.get();
    }

    /// What a statement means in a definition or filter of `of`; empty if it means nothing there.
    std::optional<column> resolve(table const& of, std::string_view statement) const {
        auto const path = parse_statement(statement);
        if (!path || path->size() < 2 || !is_root(of, path->front()))
            return std::nullopt;
        std::vector<segment> const rest(path->begin() + 1, path->end());
        if (rest.size() == 2 && of.kind != table_kind::accounts) {
            if (rest[0].is("Account"))
                return related(accounts_, rest[1], column::owner::account);
            if (rest[0].is("Contact") && of.kind == table_kind::custom_object)
                return related(contacts_, rest[1], column::owner::contact);
        }
        if (rest.size() == 2 && of.kind == table_kind::contacts && rest[0].is("Email"))
            return email_state(rest[1]);
        if (rest.size() == 2 && of.kind == table_kind::accounts && rest[0].is("User") &&
            rest[1].name == "Field" && rest[1].text.starts_with("CRM")) {
            column user;
            user.from = column::source::blank;
            user.read_only = false;
            return user;
        }
        return rest.size() == 1 ? own(of, rest[0]) : std::nullopt;
    }

private:
    static bool is_root(table const& of, segment const& first) {
        if (of.kind == table_kind::custom_object)
            return first.name == "CustomObject" && first.number &&
                   of.root == "CustomObject[" + std::to_string(*first.number) + "]";
        return first.is(of.root);
    }
    static std::optional<column> own(table const& of, segment const& attribute) {
        column result;
        if (attribute.name == "Field" && !attribute.plain()) {
            bool const by_number = attribute.number.has_value();
            if (by_number && of.kind != table_kind::custom_object)
                return std::nullopt;
            auto const field =
                by_number ? of.field_by_id(*attribute.number) : of.field_by_name(attribute.text);
            if (!field)
                return std::nullopt;
            table_field const& f = of.fields()[*field];
            result.from = f.from;
            result.field = *field;
            result.type = f.definition.dataType->known().value_or(data_type::string);
            result.read_only = f.definition.hasReadOnlyConstraint.value_or(false);
            result.unique = f.definition.hasUniquenessConstraint.value_or(false);
            result.required = f.definition.hasNotNullConstraint.value_or(false);
            return result;
        }
        if (attribute.is("Id")) {
            result.from = column::source::id;
            result.type = data_type::number;
        } else if (attribute.is("CreatedAt") || attribute.is("UpdatedAt")) {
            result.from = attribute.name == "CreatedAt" ? column::source::created_at
                                                        : column::source::updated_at;
            result.type = data_type::date;
        } else if (attribute.is("ExternalId") && of.kind == table_kind::custom_object) {
            result.from = column::source::external_id;
        } else {
            return std::nullopt;
        }
        return result;
    }
    static std::optional<column> related(table const& other, segment const& attribute,
                                         column::owner owner) {
        auto result = own(other, attribute);
        if (result) {
            result->of = owner;
            result->read_only = true;
        }
        return result;
    }
    static std::optional<column> email_state(segment const& attribute) {
        column result;
        result.type = data_type::boolean;
        if (attribute.is("IsSubscribed"))
            result.from = column::source::is_subscribed;
        else if (attribute.is("IsBounced"))
            result.from = column::source::is_bounced;
        else if (attribute.is("Format")) {
            result.from = column::source::email_format;
            result.type = data_type::string;
        } else
            return std::nullopt;
        return result;
    }

    table contacts_;
    table accounts_;
    std::map<std::int64_t, std::unique_ptr<table>> custom_objects_;
};

} // namespace eloqua::bulk::simulation
