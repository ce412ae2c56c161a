// SPDX-License-Identifier: BSL-1.0
/// \file
/// Accounts computed from a number: any quantity of them costs no memory.
#pragma once

#include <eloqua/bulk/simulator/generated_contacts.hpp>
#include <eloqua/bulk/simulator/population.hpp>

#include <cstdint>
#include <string>
#include <string_view>

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

/// `count` accounts; each has a name of its own.
inline population generated_accounts(std::int64_t count) {
    population all = dated_population(count);
    all.bind = generated_account_column;
    all.bind_finder = [count](std::string_view field) {
        return field == "M_CompanyName" ? finder_after("Company ", count) : population::finder();
    };
    return all;
}

} // namespace eloqua::bulk::simulation
