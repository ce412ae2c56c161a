// SPDX-License-Identifier: BSL-1.0
/// \file
/// Accounts, and records of custom objects and events, computed from their index, so any number
/// uses no memory.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/generated_contacts.hpp>
#include <eloqua/bulk/simulator/population.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// \cond
namespace eloqua::bulk::simulation {

/// The values of one standard field of accounts.
inline population::column generated_account_column(std::string_view field) {
    if (field == "M_CompanyName") // as generated contacts name theirs
        return [](std::int64_t i, std::string& out) {
            out += "Company ";
            append_number(out, i);
        };
    if (field == "M_Employees1")
        return [](std::int64_t i, std::string& out) {
            append_number(out, static_cast<std::int64_t>(1 + mixed(i, 40) % 5'000));
        };
    for (char const* const each : {"Address1", "City", "Zip_Postal", "Country", "BusPhone"})
        if (field.starts_with("M_") && field.substr(2) == each)
            return generated_column("C_" + std::string(each));
    return {};
}

/// `count` accounts with unique names.
inline population generated_accounts(std::int64_t count) {
    population all = dated_population(count);
    all.bind = generated_account_column;
    all.bind_finder = [count](std::string_view field) {
        return field == "M_CompanyName" ? finder_after("Company ", count) : population::finder();
    };
    return all;
}

/// The values of an object's records, by the types of its fields. A unique field has a different
/// value for each record: a text, a number or an address.
class object_population {
public:
    /// The records are linked to `people` contacts in turn.
    object_population(std::int64_t count, std::int64_t people,
                      std::vector<table_field> const& fields)
        : count_(count), people_(people) {
        for (table_field const& each : fields)
            if (each.listed && each.from == column::source::stored)
                kinds_[*each.definition.internalName] = {
                    each.definition.dataType->known().value_or(data_type::string),
                    each.definition.hasUniquenessConstraint.value_or(false), kinds_.size() + 50};
    }

    /// An empty function for a field that was added later.
    population::column bind(std::string_view field) const {
        auto const found = kinds_.find(field);
        if (found == kinds_.end())
            return {};
        auto const [type, unique, salt] = found->second;
        using index = std::int64_t;
        if (type == data_type::emailAddress)
            return [people = unique ? count_ : people_](index i, std::string& out) {
                append_email(out, i % people);
            };
        if (unique && type == data_type::string)
            return [](index i, std::string& out) {
                out += serial;
                append_number(out, i);
            };
        if (unique && type == data_type::number)
            return [](index i, std::string& out) { append_number(out, i); };
        if (type == data_type::number)
            return [salt](index i, std::string& out) {
                append_number(out, static_cast<index>(mixed(i, salt) % 1'000));
            };
        if (type == data_type::date)
            return [salt](index i, std::string& out) {
                if (mixed(i, salt) % 8 != 0)
                    append_day(out, i, salt + 1'000);
            };
        if (type == data_type::boolean)
            return [salt](index i, std::string& out) {
                out += mixed(i, salt) % 2 == 0 ? "False" : "True"; // as they are stored
            };
        return [salt](index i, std::string& out) { out += pick(texts, i, salt); };
    }
    population::finder bind_finder(std::string_view field) const {
        auto const found = kinds_.find(field);
        if (found == kinds_.end())
            return {};
        auto const [type, unique, salt] = found->second;
        if (type == data_type::emailAddress)
            return [count = count_, people = unique ? count_ : people_](std::string_view address) {
                std::vector<std::int64_t> all;
                if (auto const first = index_of_email(address, people))
                    for (std::int64_t i = *first; i < count; i += people)
                        all.push_back(i);
                return all;
            };
        if (unique && type == data_type::string)
            return finder_after(std::string(serial), count_);
        if (unique && type == data_type::number)
            return finder_after("", count_);
        return {};
    }

private:
    struct kind {
        data_type type;
        bool unique;
        std::uint64_t salt; ///< so that fields of the same type differ
    };
    static constexpr std::string_view serial = "SN-";
    static constexpr std::string_view texts[] = {"Gold", "Über 50 %", "", "\"A\", grade", "línea"};

    std::int64_t count_, people_;
    std::map<std::string, kind, std::less<>> kinds_; ///< by internal name
};

/// `count` records of an object with these fields, linked to the first `contacts` contacts in
/// turn; unlinked if there are no contacts.
inline population generated_objects(std::int64_t count, std::int64_t contacts,
                                    std::vector<table_field> const& fields) {
    population all = dated_population(count);
    object_population const values(count, contacts == 0 ? count : contacts, fields);
    all.bind = [values](std::string_view field) { return values.bind(field); };
    all.bind_finder = [values](std::string_view field) { return values.bind_finder(field); };
    if (contacts != 0)
        all.link = [contacts](std::int64_t i) { return static_cast<position>(i % contacts); };
    return all;
}

} // namespace eloqua::bulk::simulation
/// \endcond
