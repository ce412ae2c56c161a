// SPDX-License-Identifier: BSL-1.0
/// \file
/// Writes filters in the service's language. Only this header quotes and sets parentheses.
#pragma once

#include <eloqua/bulk/bound_entity.hpp>
#include <eloqua/bulk/detail/row/filter_messages.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/fields.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Why this text cannot be written as a literal; empty if it can.
inline std::string_view unquotable(std::string_view text) {
    for (char const c : text) {
        if (c == '\'')
            return "its value has a quotation mark, for which no escape is documented";
        if (is_ascii_control(c))
            return "its value has a control character";
    }
    if (text.find("{{") != text.npos || text.find("}}") != text.npos)
        return "its value has double braces, which would begin or end a statement";
    return is_valid_utf8(text) ? "" : "its value is not valid UTF-8";
}

class filter_renderer {
public:
    filter_renderer(std::vector<filter_node> const& nodes, std::span<column_info const> columns,
                    std::string const& root, bool contact_fields)
        : nodes_(nodes), columns_(columns), root_(root), contact_fields_(contact_fields) {}

    /// Appends the filter. It is joined by AND to the existing text.
    void render(std::string& out) {
        int const outer = out.empty() ? 0 : both;
        note_statements(out);
        if (!nodes_.empty()) {
            out += out.empty() ? "" : " AND ";
            out_ = std::move(out);
            render(outer, 0);
            out = std::move(out_);
        }
        if (functions_ > 1)
            refuse("it has " + std::to_string(functions_) +
                   " EXISTS or STATUS operators; at most one is allowed");
        check_segment();
    }
    /// The first error; empty while the filter is valid.
    std::string& wrong() { return wrong_; }

private:
    static constexpr int either = 1, both = 2, negation = 3, condition = 4;

    /// Sets parentheses where AND contains OR, and where NOT contains either or another NOT: the
    /// service's grammar allows NOT only before a condition. `outer`: precedence of the enclosing
    /// operator.
    void render(int outer, std::size_t depth) {
        filter_node const& node = nodes_[at_++];
        // Every two levels have more characters than that.
        if (depth > 2 * limits::filter_characters)
            return refuse("it is nested so deeply that it exceeds " +
                          std::to_string(limits::filter_characters) + " characters");
        if (!wrong_.empty())
            return;
        switch (node.kind) {
        case filter_node_kind::column:
        case filter_node_kind::statement:
            comparison(node);
            break;
        case filter_node_kind::exists:
        case filter_node_kind::status:
            ++functions_;
            note_function(node.left);
            out_ += node.kind == filter_node_kind::exists ? "EXISTS(" : "STATUS(";
            quote(node.left, node.left);
            out_ += ")";
            if (node.kind == filter_node_kind::status)
                literal(node.left, "=", node);
            break;
        case filter_node_kind::text:
            if (node.value.find_first_not_of(" \t\r\n") == std::string::npos)
                return refuse("it is blank, and would choose every row: for all rows, give no "
                              "filter");
            if (!is_valid_utf8(node.value))
                return refuse("its text is not valid UTF-8: " + shown(node.value));
            // Its inner precedence must not mix with ours.
            out_ += outer == 0 ? node.value : "(" + node.value + ")";
            break;
        case filter_node_kind::negation:
            joined_by_ = "NOT";
            out_ += outer > negation ? "(NOT " : "NOT ";
            render(condition, depth + 1);
            out_ += outer > negation ? ")" : "";
            break;
        case filter_node_kind::both:
        case filter_node_kind::either: {
            int const binds = node.kind == filter_node_kind::either ? either : both;
            joined_by_ = binds == either ? "OR" : joined_by_;
            out_ += binds < outer ? "(" : "";
            for (std::size_t i = 0; i != node.children && wrong_.empty(); ++i) {
                out_ += i == 0 ? "" : binds == either ? " OR " : " AND ";
                render(binds, depth + 1);
            }
            out_ += binds < outer ? ")" : "";
            break;
        }
        }
    }

    void comparison(filter_node const& node) {
        statement_text statement{node.spelled, node.left};
        if (node.kind == filter_node_kind::column) {
            auto const column = std::ranges::find(columns_, node.left, &column_info::key);
            if (column == columns_.end())
                return refuse("'" + node.left + "' is not a column of the exported row");
            statement = column->statement;
        }
        std::string const text = render_statement(root_, statement);
        std::string const& name = node.kind == filter_node_kind::column ? node.left : text;
        if (is_contact_field(statement) && !contact_fields_)
            return refuse("'" + name +
                          "' is a field of contacts, which filters of this entity cannot have");
        if (node.kind == filter_node_kind::statement && !text.starts_with("{{" + root_ + "."))
            return refuse("'" + name + "' is a statement of another entity than " + root_);
        note_condition(name, statement);
        quote(name, text);
        literal(name, node.op, node);
    }
    /// Notes the operand of EXISTS or STATUS: a contact segment, or one that excludes it.
    void note_function(std::string_view of) {
        if (of.starts_with("{{ContactSegment[") && segment_.empty())
            segment_ = of;
        else if (apart_.empty())
            apart_ = of;
    }
    void note_condition(std::string_view name, statement_text statement) {
        ++conditions_;
        if (apart_.empty() && !may_stand_beside_segment(statement))
            apart_ = name;
    }
    /// Checks the entity's own condition; the entity is responsible for how it is joined.
    void note_statements(std::string_view text) {
        for (std::size_t at = 0; (at = text.find("{{", at)) != text.npos;) {
            std::size_t const end = std::min(text.find("}}", at), text.size() - 2) + 2;
            std::string_view const statement = text.substr(at, end - at);
            at = end;
            if (statement.find('.') == statement.npos)
                note_function(statement);
            else
                note_condition(statement, {statement_kind::verbatim, statement});
        }
    }
    /// Does not look into the caller's texts.
    void check_segment() {
        if (segment_.empty())
            return;
        std::string what(joined_by_);
        if (!apart_.empty())
            what = "a condition on '" + apart_ + "'";
        else if (what.empty() && conditions_ > limits::conditions_beside_segment)
            what = std::to_string(conditions_) + " conditions";
        if (!what.empty())
            refuse("it has " + what + " beside " + segment_ +
                   "; only conditions on UpdatedAt, CreatedAt, C_DateModified and C_DateCreated "
                   "are allowed there, at most " +
                   std::to_string(limits::conditions_beside_segment) + ", joined by AND");
    }
    void literal(std::string_view name, std::string_view op, filter_node const& node) {
        ((out_ += ' ') += op) += ' ';
        std::string_view const why = node.wrong.empty() ? unquotable(node.value) : node.wrong;
        if (!why.empty())
            return refuse_condition(name, why);
        ((out_ += '\'') += node.value) += '\'';
    }
    /// Appends a quoted statement, which unlike a literal may have braces.
    void quote(std::string_view name, std::string_view statement) {
        if (statement.find('\'') != statement.npos)
            return refuse_condition(name, "its statement has a quotation mark");
        ((out_ += '\'') += statement) += '\'';
    }
    void refuse_condition(std::string_view name, std::string_view why) {
        refuse("the condition on '" + std::string(name) +
               "' cannot be expressed in the service's language: " + std::string(why));
    }
    void refuse(std::string why) {
        if (wrong_.empty())
            wrong_ = std::move(why);
    }

    std::vector<filter_node> const& nodes_;
    std::span<column_info const> columns_;
    std::string const& root_;
    bool contact_fields_;
    std::string out_;
    std::string wrong_;
    std::size_t at_ = 0;
    std::size_t functions_ = 0;
    std::size_t conditions_ = 0;
    std::string segment_;        ///< the statement of a contact segment
    std::string apart_;          ///< name of a condition that excludes a segment
    std::string_view joined_by_; ///< OR, NOT, or empty if only AND occurs
};

/// Writes a filter's nodes in the service's language, for the columns of a row type and an entity's
/// `statement_root`, after a condition that must also hold (empty: none). The result is empty if
/// there are neither. `contact_fields`: see `contact_fields_in_filters_of`.
/// Errors: `errc::invalid_filter` for a value without a literal, a member that the exported row
/// lacks, a statement that the entity lacks, a second EXISTS or STATUS, a condition that cannot be
/// combined with a contact segment (see `exists`), more than 1,000 characters, a blank text.
[[nodiscard]] inline result<std::string> render_filter(std::vector<filter_node> const& nodes,
                                                       std::span<column_info const> columns,
                                                       std::string const& root,
                                                       std::string condition = std::string(),
                                                       bool contact_fields = true) {
    filter_renderer renderer(nodes, columns, root, contact_fields);
    std::string text = std::move(condition);
    renderer.render(text);
    if (!renderer.wrong().empty())
        return failure(errc::invalid_filter, std::move(renderer.wrong()));
    auto const characters = static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (characters > limits::filter_characters)
        return failure(errc::invalid_filter,
                       "it has " + std::to_string(characters) + " characters; at most " +
                           std::to_string(limits::filter_characters) + " are allowed");
    return text;
}

} // namespace eloqua::bulk::detail
