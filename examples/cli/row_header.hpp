// SPDX-License-Identifier: BSL-1.0
// Generates a header with a row type for an entity's fields.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/utf8.hpp>

#include "row_names.hpp"
#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

/// An entity's fields, as an instance lists them.
struct field_list {
    std::string entity;           ///< as the user wrote it: "customObjects 23"
    std::string title;            ///< for readers; may include the object's display name
    std::string struct_name;      ///< a legal identifier
    std::string root;             ///< root of its statements
    std::string_view prefix = {}; ///< prefix of its internal names
    bool exported = true;         ///< else it can only be imported
    bool (*importable_attribute)(std::string_view) = nullptr;
    std::vector<bulk::field_definition> fields = {};
};

/// Options for a header.
struct header_choice {
    std::string struct_name = {}; ///< empty: `field_list::struct_name`
    std::string name_space = {};  ///< empty: none
    /// Internal names, display names or statements of the fields to include; empty: all.
    std::vector<std::string> only = {};
    bool writable = false; ///< leaves out fields that imports cannot write
};

struct written_header {
    std::string text;
    std::string struct_name;
    std::size_t members = 0;
};

namespace row_header {

/// The maximum for BOOST_DESCRIBE_STRUCT of Boost 1.81.
inline constexpr std::size_t members_per_struct = 52;

/// A member of the row, or a field that was left out.
struct member {
    std::string name = {}; ///< empty: left out
    std::string type = {};
    std::string comment = {};    ///< one line
    std::string_view entry = {}; ///< in the field map: "field", "attribute" or "statement"
    std::string spelled = {};    ///< its string literal
    bool refused = false;        ///< imports refuse a row with this member
};

/// Text as one line that is safe after `//`: it neither continues the comment nor causes a warning.
inline std::string comment_text(std::string_view utf8) {
    std::string text;
    while (!utf8.empty()) {
        std::size_t const valid = bulk::valid_utf8_prefix(utf8);
        text += utf8.substr(0, valid);
        utf8.remove_prefix(std::min(valid + 1, utf8.size()));
    }
    std::string line;
    for (std::size_t i = 0; i != text.size(); ++i) {
        // U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 change the direction of text.
        // U+0085, U+2028 and U+2029 end lines.
        std::string_view const three = std::string_view(text).substr(i, 3);
        bool const turns = (three >= "\u200E" && three <= "\u200F") ||
                           (three >= "\u2028" && three <= "\u202E") ||
                           (three >= "\u2066" && three <= "\u2069");
        bool const ends = three.substr(0, 2) == "\u0085";
        if (turns || ends)
            i += turns ? 2 : 1;
        char const c = turns || ends ? ' ' : text[i];
        bool const blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7f;
        if (!blank)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    while (line.ends_with(' ') || line.ends_with('\\') || line.ends_with("?\?/"))
        line.pop_back();
    return line;
}

inline std::string quoted(std::string_view text) {
    std::string literal = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\' || c == '?') // "??" may begin a trigraph
            literal += '\\';
        literal += c;
    }
    return literal + '"';
}

/// Whether a field map accepts the statement.
inline bool is_statement(std::string_view text) {
    auto const breaks = [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == 0x7f || c == '\'';
    };
    return text.size() > 4 && text.starts_with("{{") && text.ends_with("}}") &&
           std::ranges::none_of(text, breaks) && bulk::is_valid_utf8(text);
}

/// The part of a statement after the entity, such as "Field(C_City)". Empty if it starts otherwise.
inline std::string_view path_of(std::string_view statement, std::string_view root) {
    if (!statement.starts_with("{{" + std::string(root) + '.') || !is_statement(statement))
        return {};
    return statement.substr(root.size() + 3, statement.size() - root.size() - 5);
}

/// Sets the member's entry in the field map.
inline void spell(member& m, std::string_view statement, std::string_view root) {
    std::string_view const path = path_of(statement, root);
    bool const is_field = path.starts_with("Field(") && path.ends_with(')') && path.size() > 7;
    // If the root has an id, the whole statement is clearer.
    bool const whole = path.empty() || root.find('[') != root.npos;
    m.entry = whole ? "statement" : is_field ? "field" : "attribute";
    m.spelled = quoted(whole ? statement : is_field ? path.substr(6, path.size() - 7) : path);
}

/// Whether a name ends in "Id", ignoring the digits that the service appends to some names.
inline bool names_id(std::string_view internal) {
    internal = internal.substr(0, internal.find_last_not_of("0123456789") + 1);
    if (internal.ends_with("Ids") || internal.ends_with("IDs"))
        internal.remove_suffix(1);
    return internal.ends_with("Id") ||
           (internal.ends_with("ID") &&
            (internal.size() == 2 || !row_names::is_upper(internal[internal.size() - 3])));
}

/// Every field can be blank whatever its constraints, as a record may be older than they are. Only
/// texts that identify records or are required are plain strings, where "" means blank.
inline std::string type_of(bulk::field_definition const& f) {
    std::string_view const type = f.dataType ? std::string_view(f.dataType->text()) : "";
    if (type == "date")
        return "std::optional<std::chrono::sys_time<std::chrono::milliseconds>>";
    if (type == "boolean")
        return "std::optional<bool>";
    if (type == "number" || type == "numeric")
        return names_id(f.internalName.value_or(f.name)) ? "std::optional<std::int64_t>"
                                                         : "std::optional<double>";
    bool const always =
        f.hasNotNullConstraint.value_or(false) || f.hasUniquenessConstraint.value_or(false);
    return always ? "std::string" : "std::optional<std::string>";
}

inline std::string comment_of(bulk::field_definition const& f) {
    std::string text = comment_text(f.name);
    if (f.hasReadOnlyConstraint.value_or(false))
        text += text.empty() ? "read-only" : "; read-only";
    return text;
}

inline bool is_writable(bulk::field_definition const& f, field_list const& of) {
    return !f.hasReadOnlyConstraint.value_or(false) ||
           of.importable_attribute(path_of(f.statement.value_or(""), of.root));
}

inline bool is_named(bulk::field_definition const& f, std::string_view by) {
    return f.internalName == by || f.name == by || f.statement == by;
}

/// The chosen fields in the order of the list. Names are assigned to all fields, so they do not
/// depend on the choice.
inline std::vector<member> members_of(field_list const& of, header_choice const& choice) {
    row_names::members names(choice.struct_name);
    std::set<std::string> statements;
    std::vector<member> chosen;
    for (bulk::field_definition const& each : of.fields) {
        std::string internal = each.internalName.value_or("");
        std::string const statement = each.statement.value_or("");
        if (internal.starts_with(of.prefix))
            internal.erase(0, of.prefix.size());
        bool const usable = is_statement(statement);
        member made;
        made.comment = comment_of(each);
        if (usable && statements.insert(statement).second) {
            made.name = names.add(internal, each.name);
            made.type = type_of(each);
            spell(made, statement, of.root);
            made.refused =
                path_of(statement, of.root).starts_with("Field") && !is_writable(each, of);
        } else {
            made.comment += (made.comment.empty() ? "" : ": ") +
                            std::string(usable ? "duplicate of a statement above" : "no statement");
        }
        auto const wanted = [&](std::string const& by) { return is_named(each, by); };
        if ((choice.only.empty() || std::ranges::any_of(choice.only, wanted)) &&
            (!choice.writable || is_writable(each, of)))
            chosen.push_back(std::move(made));
    }
    for (std::string const& by : choice.only)
        if (std::ranges::none_of(of.fields, [&](auto const& f) { return is_named(f, by); }))
            throw std::runtime_error(of.entity + " has no field '" + by + "'");
    return chosen;
}

/// `before`, the names separated by commas, and `after`, in lines of at most 100 columns if the
/// names allow it. Continuation lines are indented.
inline std::string listed(std::string const& before, std::vector<std::string> const& names,
                          std::string_view after, std::size_t indent) {
    std::string text, line = before;
    for (std::size_t i = 0; i != names.size(); ++i) {
        std::string const word = names[i] + (i + 1 == names.size() ? std::string(after) : ",");
        if (i != 0 && line.size() + 1 + word.size() > 100) {
            text += line + '\n';
            line = std::string(indent, ' ');
        } else if (i != 0) {
            line += ' ';
        }
        line += word;
    }
    return text + line + '\n';
}

inline std::string comparison(std::string const& name) {
    return "    friend bool operator==(" + name + " const&, " + name + " const&) = default;\n";
}

/// A struct with its field map.
inline std::string struct_text(std::string const& name, std::span<member const> members) {
    std::string text = "struct " + name + " {\n", entries;
    std::vector<std::string> names;
    for (member const& each : members) {
        if (each.name.empty()) {
            text += "    // left out: " + each.comment + '\n';
            continue;
        }
        text += "    " + each.type + ' ' + each.name + ';';
        text += (each.comment.empty() ? "" : " // " + each.comment) + '\n';
        entries += entries.empty() ? "\n" : ",\n";
        std::string const head = "        bulk::" + std::string(each.entry) + "<&";
        std::string const member = name + "::" + each.name + ',';
        bool const fits = head.size() + member.size() + each.spelled.size() + 4 <= 100;
        entries += head + member + (fits ? " " : '\n' + std::string(head.size() - 1, ' ')) +
                   each.spelled + '>';
        names.push_back(each.name);
    }
    text += "\n    using eloqua_fields = bulk::fields<" + entries + ">;\n" + comparison(name);
    return text + "};\n" + listed("BOOST_DESCRIBE_STRUCT(" + name + ", (), (", names, "))", 23);
}

/// One struct, or a struct that inherits its members from numbered bases.
inline std::string structs_text(std::string const& name, std::span<member const> members) {
    auto const is_member = [](member const& m) { return !m.name.empty(); };
    if (std::ranges::count_if(members, is_member) <= std::ptrdiff_t(members_per_struct))
        return struct_text(name, members);
    std::string text;
    std::vector<std::string> bases;
    while (!members.empty()) {
        std::size_t end = 0;
        for (std::size_t n = 0; end != members.size(); ++end)
            if (is_member(members[end]) && ++n > members_per_struct)
                break;
        bases.push_back(name + '_' + std::to_string(bases.size() + 1));
        text += struct_text(bases.back(), members.first(end)) + '\n';
        members = members.subspan(end);
    }
    return text + listed("struct " + name + " : ", bases, " {", 4) + comparison(name) + "};\n" +
           listed("BOOST_DESCRIBE_STRUCT(" + name + ", (", bases, "), ())", 23);
}

inline std::string includes(std::span<member const> members) {
    auto const has = [&](std::string_view part) {
        return std::ranges::any_of(
            members, [&](member const& m) { return m.type.find(part) != m.type.npos; });
    };
    std::string text = "#include <eloqua/bulk/row.hpp>\n\n"
                       "#include <boost/describe/class.hpp>\n\n";
    for (auto const& [part, header] : {std::pair("chrono", "<chrono>"),
                                       {"int64_t", "<cstdint>"},
                                       {"optional", "<optional>"},
                                       {"string", "<string>"}})
        if (has(part))
            text += "#include " + std::string(header) + '\n';
    return text;
}

} // namespace row_header

/// A header for the rows of an entity. Errors: std::invalid_argument for names that are not legal
/// in C++, std::runtime_error for fields that do not exist, for no fields, and for more fields than
/// an export or import may have.
inline written_header write_row_header(field_list const& of, header_choice choice) {
    if (choice.struct_name.empty())
        choice.struct_name = of.struct_name;
    if (!row_names::is_legal(choice.struct_name))
        throw std::invalid_argument("'" + choice.struct_name + "' cannot name a struct");
    std::string opening = choice.name_space;
    for (std::size_t at = 0; !choice.name_space.empty() && at != opening.npos;) {
        std::size_t const end = std::min(opening.find("::", at), opening.size());
        if (!row_names::is_legal(std::string_view(opening).substr(at, end - at)))
            throw std::invalid_argument("'" + opening + "' cannot name a namespace");
        at = end == opening.size() ? opening.npos : end + 2;
    }

    std::vector<row_header::member> const members = row_header::members_of(of, choice);
    auto const count = static_cast<std::size_t>(
        std::ranges::count_if(members, [](auto const& m) { return !m.name.empty(); }));
    if (count == 0)
        throw std::runtime_error(
            of.entity + (choice.writable ? " has no fields for imports" : " has no fields"));
    bool const exported = of.exported && !choice.writable;
    std::size_t const most = exported ? bulk::limits::export_fields : bulk::limits::import_fields;
    if (count > most)
        throw std::runtime_error(of.entity + ": " + std::to_string(count) + " fields, and " +
                                 (exported ? "an export" : "an import") + " has at most " +
                                 std::to_string(most) + "; choose some with --only FIELD");

    std::string text =
        "// Rows of " + row_header::comment_text(of.title) +
        ", generated by eloqua-bulk generate-rows.\n" +
        (std::ranges::any_of(members, &row_header::member::refused)
             ? "// Imports refuse the read-only fields: --writable leaves them out.\n"
             : "") +
        "#pragma once\n\n" + row_header::includes(members) + '\n';
    if (!opening.empty())
        text += "namespace " + opening + " {\n\n";
    text += "namespace bulk = ::eloqua::bulk;\n\n" +
            row_header::structs_text(choice.struct_name, members);
    if (!opening.empty())
        text += "\n} // namespace " + opening + '\n';
    return {std::move(text), choice.struct_name, count};
}
