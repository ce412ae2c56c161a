// SPDX-License-Identifier: BSL-1.0
/// \file
/// Replaces a table's fields by the field list of another instance.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// The entity that an entry of a list belongs to: "/customObjects/172". Determined by its uri,
/// otherwise by its statement; empty if neither names one.
inline std::string entity_of(field_definition const& d) {
    std::string const uri = d.uri.value_or("");
    if (std::size_t const at = uri.find("/fields/"); at != uri.npos && id_of(uri))
        return uri.substr(0, at);
    std::string const statement = d.statement.value_or("");
    auto const path = parse_statement(statement);
    if (!uri.empty() || !path)
        return "";
    segment const& first = path->front();
    for (kind_rules const& each : kind_table)
        if (each.root == first.name && each.has_id == first.number.has_value())
            return std::string(each.path) + (each.has_id ? std::to_string(*first.number) : "");
    return "";
}

/// Keeps a value that is valid for the type; clears any other.
template <data_type Type>
void fit_to(std::string& value) {
    bool const fits = Type != data_type::emailAddress || plausible_email(value);
    value = fits ? stored_form(value, Type, simulator_options()).value_or("") : "";
}

/// Applies the entries of a list that belong to one table. `finish` changes the table.
class given_fields {
public:
    given_fields(table& of, simulator_options const& options)
        : of_(of), options_(options), fields_(of.fields()), given_(fields_.size(), false) {}

    struct verdict {
        bool used = false;
        std::string text; ///< what cannot be applied, if anything
    };
    /// Applies an entry.
    verdict take(field_definition const& d) {
        entry const e = read(d);
        if (std::string refused = refusal_of(d, e); !refused.empty())
            return {false, std::move(refused)};
        table_field made = changed(d, e);
        data_type const type = type_of(made);
        put(e.at(), std::move(made));
        std::string const value = d.defaultValue.value_or("");
        if (value.empty() || stored_form(value, type, options_))
            return {true, ""};
        return {true, "its default value '" + value + "' is not a " +
                          open_enum<data_type>(type).text() + ", and no record gets it"};
    }

    /// Assigns ids to fields without one and to those whose id an entry has, and changes the table.
    void finish() {
        std::set<std::int64_t> taken;
        std::int64_t next = of_.next_field_id();
        for (std::size_t i = 0; i != fields_.size(); ++i) {
            next = std::max(next, fields_[i].number + 1);
            if (given_[i])
                taken.insert(fields_[i].number);
        }
        for (std::size_t i = 0; i != fields_.size(); ++i) {
            table_field& f = fields_[i];
            if (given_[i] ? f.number == 0 : f.number != 0 && taken.contains(f.number))
                renumber(f, next++);
        }
        of_.set_fields(std::move(fields_));
    }

private:
    /// A parsed entry.
    struct entry {
        std::string name; ///< internal name
        std::string statement;
        std::int64_t number = 0;            ///< 0: not given
        std::optional<std::size_t> by_name; ///< an existing field
        std::optional<std::size_t> by_statement;

        std::optional<std::size_t> at() const { return by_name ? by_name : by_statement; }
    };

    static data_type type_of(table_field const& f) { return f.as_column(0).type; }
    /// Whether the statement contains the field's id.
    static bool numbered(std::string const& statement) {
        auto const path = parse_statement(statement);
        return path && path->back().number;
    }
    static std::string const& statement_of(table_field const& f) { return *f.definition.statement; }
    std::string const& name_of(std::size_t at) const {
        return *fields_[at].definition.internalName;
    }

    entry read(field_definition const& d) const {
        entry e;
        e.name = d.internalName.value_or("");
        if (auto const id = id_of(d))
            e.number = *id;
        e.statement = d.statement.value_or("");
        for (std::size_t i = 0; i != fields_.size(); ++i)
            if (name_of(i) == e.name)
                e.by_name = i;
        if (e.statement.empty())
            e.statement = e.by_name && !numbered(statement_of(fields_[*e.by_name]))
                              ? statement_of(fields_[*e.by_name])
                              : of_.field_statement(e.number, e.name);
        for (std::size_t i = 0; i != fields_.size(); ++i)
            if (!numbered(e.statement) && statement_of(fields_[i]) == e.statement)
                e.by_statement = i;
        auto const path = parse_statement(e.statement);
        if (e.number == 0 && path && path->back().number)
            e.number = *path->back().number;
        return e;
    }
    std::string refusal_of(field_definition const& d, entry const& e) const {
        if (e.name.empty())
            return "it has no internal name";
        auto const path = parse_statement(e.statement);
        if (!path || path->size() < 2 || !e.statement.starts_with("{{" + of_.root + '.') ||
            (!of_.rules().has_id && path->back().number) ||
            (!e.at() && (path->size() != 2 || path->back().name != "Field")))
            return "its statement '" + e.statement + "' is not that of a field of " + of_.path;
        if (path->back().number && *path->back().number != e.number)
            return "its statement has another id than its uri, " + std::to_string(e.number);
        if (e.by_statement && e.by_statement != e.at())
            return "its statement is that of " + name_of(*e.by_statement);
        if (!e.by_name && e.by_statement && fields_[*e.by_statement].from == column::source::stored)
            return "its statement is that of " + name_of(*e.by_statement);
        for (std::size_t i = 0; i != fields_.size(); ++i)
            if (given_[i] && e.number != 0 && fields_[i].number == e.number && i != e.at())
                return "its id " + std::to_string(e.number) + " is that of " + name_of(i);
        if (!e.at())
            return "";
        table_field const& known = fields_[*e.at()];
        if (given_[*e.at()])
            return "the list has it twice";
        if (known.from == column::source::stored)
            return "";
        if (statement_of(known) != e.statement)
            return "it is computed, and its statement is " + statement_of(known);
        data_type const type = type_of(known);
        if (d.dataType && d.dataType->known().value_or(data_type::string) != type)
            return "it is computed, as a " + open_enum<data_type>(type).text();
        return "";
    }
    table_field changed(field_definition const& d, entry const& e) const {
        table_field f =
            e.at() ? fields_[*e.at()] : make_field(of_.path, 0, "", "", data_type::string, "");
        data_type const was = type_of(f);
        field_definition const old = std::exchange(f.definition, d);
        field_definition& now = f.definition;
        if (now.name.empty())
            now.name = e.name;
        if (!now.dataType)
            now.dataType = old.dataType;
        for (auto const constraint :
             {&field_definition::hasReadOnlyConstraint, &field_definition::hasNotNullConstraint,
              &field_definition::hasUniquenessConstraint})
            if (!(now.*constraint))
                now.*constraint = old.*constraint;
        now.statement = e.statement;
        now.uri = e.number == 0 ? old.uri : uri(e.number);
        if (e.number != 0)
            f.number = e.number;
        f.listed = true;
        if (type_of(f) != was)
            f.fit = fitting_for(type_of(f));
        return f;
    }
    void put(std::optional<std::size_t> at, table_field f) {
        if (at) {
            fields_[*at] = std::move(f);
            given_[*at] = true;
        } else {
            fields_.push_back(std::move(f));
            given_.push_back(true);
        }
    }
    std::string uri(std::int64_t number) const {
        return of_.path + "/fields/" + std::to_string(number);
    }
    void renumber(table_field& f, std::int64_t number) const {
        f.number = number;
        f.definition.uri = uri(number);
        if (numbered(statement_of(f)))
            f.definition.statement = of_.field_statement(number, *f.definition.internalName);
    }
    static value_fitting fitting_for(data_type type) {
        value_fitting fitting = nullptr;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<data_type>>([&](auto each) {
            if (each.value == type && type != data_type::string)
                fitting = &fit_to<each.value>;
        });
        return fitting;
    }

    table& of_;
    simulator_options const& options_;
    std::vector<table_field> fields_;
    std::vector<bool> given_; ///< by field: it has an entry
};

} // namespace eloqua::bulk::simulation
