// SPDX-License-Identifier: BSL-1.0
/// \file
/// Field statements such as `{{Contact.Field(C_EmailAddress)}}`, taken apart.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/documents.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/list.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace eloqua::bulk::simulation {

/// One segment of a statement: `Id`, `Field(C_City)`, `CustomObject[172]`.
struct segment {
    std::string_view name;
    std::string_view text;                   ///< in parentheses
    std::optional<std::int64_t> number = {}; ///< in brackets

    bool plain() const { return text.empty() && !number; }
    bool is(std::string_view n) const { return plain() && name == n; }
};

/// Takes `{{a.b(c).d[1]}}` apart. Empty for any other text. The segments are views of `statement`.
inline std::optional<std::vector<segment>> parse_statement(std::string_view statement) {
    if (!statement.starts_with("{{") || !statement.ends_with("}}") || statement.size() < 5)
        return std::nullopt;
    statement = statement.substr(2, statement.size() - 4);
    auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    auto word = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
    std::vector<segment> path;
    for (;;) {
        segment next;
        std::size_t n = 0;
        while (n != statement.size() && word(statement[n]))
            ++n;
        next.name = statement.substr(0, n);
        if (n == 0 || !letter(statement[0]))
            return std::nullopt;
        statement.remove_prefix(n);
        if (!statement.empty() && (statement[0] == '(' || statement[0] == '[')) {
            bool const named = statement[0] == '(';
            std::size_t const close = statement.find(named ? ')' : ']');
            if (close == statement.npos || close == 1)
                return std::nullopt;
            std::string_view const inside = statement.substr(1, close - 1);
            if (named) {
                next.text = inside;
            } else {
                std::int64_t number = 0;
                auto const end = inside.data() + inside.size();
                auto const read = std::from_chars(inside.data(), end, number);
                if (read.ec != std::errc() || read.ptr != end || number <= 0)
                    return std::nullopt;
                next.number = number;
            }
            statement.remove_prefix(close + 1);
        }
        path.push_back(next);
        if (statement.empty())
            return path;
        if (statement[0] != '.')
            return std::nullopt;
        statement.remove_prefix(1);
    }
}

/// Activity types, one bit for each by its number.
using activity_types = std::uint32_t;
inline constexpr activity_types all_activity_types =
    (1u << boost::mp11::mp_size<boost::describe::describe_enumerators<activity_type>>::value) - 1;
constexpr activity_types only(activity_type type) {
    return 1u << static_cast<unsigned>(type);
}

/// Where a value of an export, import or filter comes from.
struct column {
    enum class source : unsigned char {
        stored,
        id,
        external_id,
        created_at,
        updated_at,
        is_subscribed,
        is_bounced,
        email_format
    };
    /// The record whose value it is.
    enum class owner : unsigned char { self, account, contact, campaign };
    /// Where its statement is valid.
    enum class use : unsigned char {
        any,
        linked_users, ///< in imports with `linkUsers`
        app_exports   ///< in exports that are filtered by the STATUS of an app's execution
    };

    source from = source::stored;
    owner of = owner::self;
    use where = use::any;
    std::size_t field = 0; ///< number in its table
    data_type type = data_type::string;
    bool read_only = true;
    bool unique = false;
    bool required = false;
    bool large_text = false;
    activity_types types = all_activity_types; ///< that have it
};

} // namespace eloqua::bulk::simulation
