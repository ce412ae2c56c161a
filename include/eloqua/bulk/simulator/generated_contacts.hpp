// SPDX-License-Identifier: BSL-1.0
/// \file
/// Contacts computed from their index, so any number uses no memory.
#pragma once

#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/records.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/population.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// \cond
namespace eloqua::bulk::simulation {

/// A hash, so that neighbours look different.
constexpr std::uint64_t mixed(std::int64_t index, std::uint64_t salt) {
    std::uint64_t x = static_cast<std::uint64_t>(index) * 0x9E3779B97F4A7C15u + salt;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

template <std::size_t N>
std::string_view pick(std::string_view const (&words)[N], std::int64_t index, std::uint64_t salt) {
    return words[mixed(index, salt) % N];
}

inline constexpr std::string_view email_domains[] = {"@example.com", "@example.org",
                                                     "@mail.example.net"};

/// Such as "person17@example.org".
inline void append_email(std::string& out, std::int64_t index) {
    out += "person";
    append_number(out, index);
    out += email_domains[static_cast<std::size_t>(index) % std::size(email_domains)];
}

/// The index in such an address; empty for other addresses.
inline std::optional<std::int64_t> index_of_email(std::string_view address, std::int64_t size) {
    std::size_t const digit = address.find_first_of("0123456789");
    std::int64_t index = 0;
    if (digit == address.npos)
        return std::nullopt;
    auto const end = address.data() + address.size();
    if (std::from_chars(address.data() + digit, end, index).ec != std::errc() || index >= size)
        return std::nullopt;
    std::string expected;
    append_email(expected, index);
    return detail::iequals(expected, address) ? std::optional(index) : std::nullopt;
}

/// A day in 2024 in the format of rows: "2024-06-01 00:00:00".
inline void append_day(std::string& out, std::int64_t index, std::uint64_t salt) {
    auto const day = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1) +
                     std::chrono::days(mixed(index, salt) % 366);
    out.append("2024-00-00 00:00:00");
    std::chrono::year_month_day const date(day);
    char* const at = out.data() + out.size() - 14;
    at[0] = static_cast<char>('0' + unsigned(date.month()) / 10);
    at[1] = static_cast<char>('0' + unsigned(date.month()) % 10);
    at[3] = static_cast<char>('0' + unsigned(date.day()) / 10);
    at[4] = static_cast<char>('0' + unsigned(date.day()) % 10);
}

/// The number at the end of a text that starts with `front`, in any letter case. Empty if it is
/// not below `size`, or not written as `append_number` does.
inline std::optional<std::int64_t> index_after(std::string_view front, std::string_view text,
                                               std::int64_t size) {
    if (text.size() <= front.size() || !detail::iequals(text.substr(0, front.size()), front))
        return std::nullopt;
    std::string_view const digits = text.substr(front.size());
    std::int64_t index = 0;
    if (!read_integer(digits, index) || index < 0 || index >= size ||
        (digits.size() > 1 && digits.front() == '0'))
        return std::nullopt;
    return index;
}

/// A function that finds the only record with such a number.
inline population::finder finder_after(std::string front, std::int64_t size) {
    return [front = std::move(front), size](std::string_view text) {
        std::optional<std::int64_t> const found = index_after(front, text, size);
        return found ? std::vector<std::int64_t>{*found} : std::vector<std::int64_t>();
    };
}

/// The values of one standard field. Some are blank, some have text outside ASCII or characters
/// that JSON and CSV must escape.
inline population::column generated_column(std::string_view field) {
    using index = std::int64_t;
    if (field == "C_EmailAddress")
        return [](index i, std::string& out) { append_email(out, i); };
    if (field == "C_FirstName")
        return [](index i, std::string& out) {
            static constexpr std::string_view names[] = {
                "Ana", "Bo", "Chloé", "Dieter", "Eve", "Żaneta", "Li", "Nguyễn", "", "Søren"};
            out += pick(names, i, 1);
        };
    if (field == "C_LastName")
        return [](index i, std::string& out) {
            static constexpr std::string_view names[] = {
                "Lopes", "Lind, jr.", "Müller", "O'Neil", "Smith", "王", "de \"Wit\"", "Åström"};
            out += pick(names, i, 2);
        };
    if (field == "C_Company")
        return [](index i, std::string& out) {
            if (mixed(i, 3) % 5 == 0)
                return;
            out += "Company ";
            append_number(out, static_cast<index>(mixed(i, 4) % 1'000));
        };
    if (field == "C_Title")
        return [](index i, std::string& out) {
            static constexpr std::string_view titles[] = {"Buyer",    "Head of R\\D",   "CEO", "",
                                                          "Engineer", "Vice\tPresident"};
            out += pick(titles, i, 5);
        };
    if (field == "C_BusPhone")
        return [](index i, std::string& out) {
            out += "+32 2 ";
            append_number(out, static_cast<index>(1'000'000 + mixed(i, 6) % 9'000'000));
        };
    if (field == "C_Address1")
        return [](index i, std::string& out) {
            append_number(out, static_cast<index>(mixed(i, 7) % 300 + 1));
            out += mixed(i, 8) % 50 == 0 ? " Main Street\nBack door" : " Main Street";
        };
    if (field == "C_City")
        return [](index i, std::string& out) {
            static constexpr std::string_view cities[] = {"Gent", "Köln", "Porto", "Łódź",
                                                          "Oslo", "",     "Lyon"};
            out += pick(cities, i, 9);
        };
    if (field == "C_Zip_Postal")
        return [](index i, std::string& out) {
            append_number(out, static_cast<index>(10'000 + mixed(i, 10) % 90'000));
        };
    if (field == "C_Country")
        return [](index i, std::string& out) {
            static constexpr std::string_view countries[] = {"BE", "DE", "PT", "PL",
                                                             "NO", "FR", "US", ""};
            out += pick(countries, i, 11);
        };
    if (field == "C_Lead_Weight1")
        return [](index i, std::string& out) {
            append_number(out, static_cast<index>(mixed(i, 12) % 1'000));
        };
    if (field == "C_Last_Visit")
        return [](index i, std::string& out) {
            if (mixed(i, 13) % 4 == 0)
                return;
            append_day(out, i, 14);
        };
    if (field.starts_with("LeadScore.")) // scores from 1 to 4, ratings "A1" to "D4"
        return [field = std::string(field)](index i, std::string& out) {
            std::uint64_t const profile = mixed(i, 15) % 4, engagement = mixed(i, 16) % 4;
            if (field.ends_with("Rating"))
                out += "ABCD"[profile];
            append_number(out, static_cast<index>(
                                   1 + (field.ends_with("ProfileScore") ? profile : engagement)));
        };
    return {};
}

/// A population of this size, with individual times and no values.
inline population dated_population(std::int64_t count) {
    population all;
    all.size = count;
    all.created_at = [](std::int64_t i) {
        return timestamp(std::chrono::sys_days(std::chrono::year(2020) / 1 / 1)) +
               std::chrono::seconds(mixed(i, 20) % (4u * 365 * 86'400));
    };
    all.updated_at = [](std::int64_t i) {
        return timestamp(std::chrono::sys_days(std::chrono::year(2024) / 6 / 1)) +
               std::chrono::milliseconds(mixed(i, 21) % (365ull * 86'400'000));
    };
    return all;
}

/// `count` contacts with unique addresses.
inline population generated_contacts(std::int64_t count) {
    population all = dated_population(count);
    all.bind = generated_column;
    all.bind_finder = [count](std::string_view field) -> population::finder {
        if (field != "C_EmailAddress")
            return {};
        return [count](std::string_view address) {
            std::optional<std::int64_t> const found = index_of_email(address, count);
            return found ? std::vector<std::int64_t>{*found} : std::vector<std::int64_t>();
        };
    };
    return all;
}

} // namespace eloqua::bulk::simulation
/// \endcond
