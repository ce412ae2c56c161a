// SPDX-License-Identifier: BSL-1.0
/// \file
/// Field statements: how the service's language names a column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// How a column's statement is spelled.
enum class statement_kind : unsigned char {
    field,     ///< `{{Contact.Field(C_EmailAddress)}}` from "C_EmailAddress"
    attribute, ///< `{{Contact.UpdatedAt}}` from "UpdatedAt"
    verbatim,  ///< the whole statement
    runtime,   ///< of the field with this name, see `runtime_field`
};

struct statement_text {
    statement_kind kind = statement_kind::field;
    std::string_view text;
    friend constexpr bool operator==(statement_text, statement_text) = default;
};

namespace detail {

/// What a verbatim statement says after the entity: "Field(C_X)" of "{{Contact.Field(C_X)}}".
constexpr std::string_view path_of_verbatim(std::string_view text) {
    text = text.substr(2, text.size() - 4);
    return text.find('.') == text.npos ? std::string_view() : text.substr(text.find('.') + 1);
}

/// Whether a text can be one of its kind.
constexpr bool is_spelled_well(statement_text s) {
    std::string_view text = s.text;
    if (s.kind == statement_kind::runtime) // as people see it
        return !text.empty();
    if (s.kind == statement_kind::verbatim) {
        if (text.size() < 5 || !text.starts_with("{{") || !text.ends_with("}}"))
            return false;
        text = text.substr(2, text.size() - 4);
    }
    for (char const c : text)
        if (c == '\'' || c == '"' || c == '{' || c == '}' || static_cast<unsigned char>(c) < 0x20)
            return false;
    return !text.empty() &&
           (s.kind != statement_kind::field || text.find_first_of("()[]") == text.npos);
}

/// Whether a statement in full begins as those of an entity do.
template <class E>
constexpr bool is_root_of(std::string_view statement) {
    constexpr std::string_view root = E::root_name;
    std::string_view const from = statement.substr(2);
    return from.starts_with(root) && (from[root.size()] == '.' || from[root.size()] == '[');
}

/// One spelling for each statement: "{{Contact.Field(C_X)}}" is the field C_X.
constexpr statement_text canonical(statement_text s) {
    if (s.kind != statement_kind::verbatim && s.kind != statement_kind::attribute)
        return s;
    std::string_view const path =
        s.kind == statement_kind::verbatim ? path_of_verbatim(s.text) : s.text;
    if (path.starts_with("Field(") && path.ends_with(')'))
        return {statement_kind::field, path.substr(6, path.size() - 7)};
    return path.empty() ? s : statement_text{statement_kind::attribute, path};
}

/// Whether a statement is a field of the contact that a record belongs to.
constexpr bool is_contact_field(statement_text s) {
    s = canonical(s);
    return s.kind == statement_kind::attribute && s.text.starts_with("Contact.Field(");
}

/// Whether a filter may have a condition on it beside EXISTS of a contact segment: on four dates
/// only. What is named by its id, or known when the program runs, may be one of them.
constexpr bool may_stand_beside_segment(statement_text s) {
    s = canonical(s);
    if (s.kind == statement_kind::field)
        return s.text == "C_DateModified" || s.text == "C_DateCreated";
    if (s.kind == statement_kind::attribute)
        return s.text == "UpdatedAt" || s.text == "CreatedAt" || s.text.starts_with("Field[");
    return s.kind == statement_kind::runtime;
}

constexpr std::uint64_t hash_of(statement_text s) {
    std::uint64_t hash = static_cast<std::uint64_t>(s.kind);
    for (char c : s.text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u + 1;
    return hash;
}

} // namespace detail

/// The statement in full, such as "{{Contact.Field(C_Country)}}", for an entity's `statement_root`.
inline std::string render_statement(std::string const& root, statement_text s) {
    if (s.kind == statement_kind::verbatim)
        return std::string(s.text);
    std::string text = "{{" + root;
    bool const attribute = s.kind == statement_kind::attribute;
    text += attribute ? "." : ".Field(";
    text += s.text;
    text += attribute ? "}}" : ")}}";
    return text;
}

} // namespace eloqua::bulk
