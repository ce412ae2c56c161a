// SPDX-License-Identifier: BSL-1.0
/// \file
/// The fields of one entity as the service lists them, with look-up by statement and name.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/row.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// A name reduced for comparison: without case, spaces and punctuation, at most 64 bytes.
inline std::string bare_name(std::string_view name) {
    std::string bare;
    for (char const c : name) {
        bool const kept = is_letter(c) || is_digit(c) || c < 0;
        if (kept && bare.size() < 64)
            bare += lower(c);
    }
    return bare;
}

/// Number of characters to insert, remove or replace to turn one text into the other.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j != row.size(); ++j)
        row[j] = j;
    for (std::size_t i = 0; i != a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j != b.size(); ++j) {
            std::size_t const above = row[j + 1];
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + std::size_t(a[i] != b[j])});
            diagonal = above;
        }
    }
    return row.back();
}

/// The distance of two bare names; `unlike` if they are unrelated. A name that contains the other,
/// or starts like it, is near.
inline constexpr std::size_t unlike = 1'000;
inline std::size_t name_distance(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty())
        return unlike;
    if (a.size() > b.size())
        std::swap(a, b);
    std::size_t const longer = b.size() - a.size();
    if (a.size() >= 3 && b.find(a) != b.npos)
        return 1 + longer / 4;
    std::size_t same = 0;
    while (same != a.size() && a[same] == b[same])
        ++same;
    bool const begins_alike = same >= 4 && 2 * same >= b.size();
    std::size_t const most = begins_alike ? b.size() : std::max<std::size_t>(2, b.size() / 3);
    std::size_t const distance = longer > most ? unlike : edit_distance(a, b);
    return distance > most ? unlike : distance;
}

/// The text in the parentheses of "Field(C_City)"; empty for any other path.
inline std::string_view field_in_path(std::string_view path) {
    return path.starts_with("Field(") && path.ends_with(')') ? path.substr(6, path.size() - 7)
                                                             : std::string_view();
}

/// As above, for "Field[976]".
inline std::string_view number_in_path(std::string_view path) {
    return path.starts_with("Field[") && path.ends_with(']') ? path.substr(6, path.size() - 7)
                                                             : std::string_view();
}

/// The fields of one entity of one instance.
class field_list {
public:
    field_list() = default;
    explicit field_list(std::vector<field_definition> fields) : fields_(std::move(fields)) {}

    std::vector<field_definition> const& fields() const { return fields_; }
    bool empty() const { return fields_.empty(); }

    /// The field that a statement names, for the entity's `statement_root`; null if no field
    /// matches. Also finds fields by id; if a field's own statement contains the id, also by its
    /// internal name. Case is ignored only if no field has exactly this spelling.
    field_definition const* find(std::string const& root, statement_text s) const {
        std::string const wanted = render_statement(root, s);
        for (field_definition const& each : fields_)
            if (each.statement == wanted)
                return &each;
        statement_text const same = detail::canonical(s);
        auto const by_name = [&](auto equal) -> field_definition const* {
            for (field_definition const& each : fields_)
                if (same.kind == statement_kind::field && each.internalName &&
                    equal(*each.internalName, same.text) &&
                    (!each.statement || each.statement->find(".Field[") != std::string::npos))
                    return &each;
            return nullptr;
        };
        std::string_view const number = detail::number_in_path(same.text);
        for (field_definition const& each : fields_)
            if (!number.empty() && each.uri && each.uri->ends_with("/" + std::string(number)))
                return &each;
        if (field_definition const* const found = by_name(std::equal_to<std::string_view>()))
            return found;
        for (field_definition const& each : fields_)
            if (each.statement && iequals(*each.statement, wanted))
                return &each;
        return by_name(iequals);
    }

    /// The fields with this internal name, or else those with this display name.
    std::vector<field_definition const*> named(std::string_view name) const {
        std::vector<field_definition const*> found;
        for (field_definition const& each : fields_)
            if (each.internalName == name)
                found.push_back(&each);
        if (found.empty())
            for (field_definition const& each : fields_)
                if (each.name == name)
                    found.push_back(&each);
        return found;
    }

    /// The most similar names, at most three, best first: "C_Country (Country)".
    std::vector<std::string> nearest(std::string_view name) const {
        struct candidate {
            std::size_t distance = unlike;
            field_definition const* field = nullptr;
        };
        std::string const bare = detail::bare_name(name);
        std::array<candidate, 3> best;
        for (field_definition const& each : fields_) {
            candidate next{distance(bare, each), &each};
            for (candidate& there : best)
                if (next.distance < there.distance)
                    std::swap(next, there);
        }
        std::vector<std::string> names;
        for (candidate const& each : best)
            if (each.field)
                names.push_back(label(*each.field));
        return names;
    }

    /// The field's name in statements and its display name, in one line.
    static std::string label(field_definition const& f) {
        std::string text(spelled(f));
        if (text.empty())
            text = f.internalName.value_or("");
        if (!f.name.empty() && f.name != text)
            text += text.empty() ? f.name : " (" + f.name + ")";
        return detail::shown(text);
    }

private:
    static std::size_t distance(std::string_view bare, field_definition const& f) {
        std::size_t least = detail::name_distance(bare, detail::bare_name(f.name));
        for (std::string_view const other :
             {std::string_view(f.internalName ? *f.internalName : f.name), spelled(f)})
            least = std::min(least, detail::name_distance(bare, detail::bare_name(other)));
        return least;
    }
    /// "C_City", or the rest of another statement: "Id", "Asset.Type"; empty if it names an id.
    static std::string_view spelled(field_definition const& f) {
        if (!f.statement || f.statement->size() < 5)
            return {};
        std::string_view const path = detail::path_of_verbatim(*f.statement);
        std::string_view const named = detail::field_in_path(path);
        return path.starts_with("Field[") ? std::string_view() : named.empty() ? path : named;
    }

    std::vector<field_definition> fields_;
};

} // namespace eloqua::bulk::detail
