// SPDX-License-Identifier: BSL-1.0
/// \file
/// Compares columns with fields. Longer functions are templates, so that only the unit that
/// constructs a client compiles them; see `engine`.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/bound_entity.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/row/field_list.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/field_report.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/value.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// The properties of a column that are compared.
struct compared_column {
    std::string_view key;
    statement_text statement;
    value_kind kind = value_kind::any;
    bool optional = false;
    bool importable = false;
    bool identifier = false; ///< matches rows to records
};

/// `identifier`: key of a column; empty if unknown.
template <class Plan>
std::vector<compared_column> compared_columns(Plan const& plan, std::string_view identifier) {
    std::vector<compared_column> all;
    for (std::size_t i = 0; i != plan.columns.size(); ++i)
        all.push_back({plan.columns[i].key, plan.columns[i].statement, plan.codecs[i].kind,
                       plan.codecs[i].optional, plan.columns[i].importable,
                       plan.columns[i].key == identifier});
    return all;
}

/// The fields that a filter uses.
inline std::vector<compared_column> compared_columns(std::vector<filter_node> const& filter) {
    std::vector<compared_column> all;
    for (filter_node const& each : filter)
        if (each.kind == filter_node_kind::statement)
            all.push_back({each.left, {each.spelled, each.left}, value_kind::any});
    return all;
}

/// Entities whose fields rows of other entities may use: `{{Activity.Contact.Field(C_Country)}}`.
struct related_entity {
    std::string_view root;
    std::string_view fields_path;
};
inline constexpr related_entity related_entities[] = {{"Contact", "/contacts/fields"},
                                                      {"Account", "/accounts/fields"}};

/// The related entity whose field this statement names; null for any other statement.
inline related_entity const* related_by(statement_text s) {
    statement_text const same = canonical(s);
    for (related_entity const& each : related_entities)
        if (same.kind == statement_kind::attribute && same.text.starts_with(each.root) &&
            same.text.substr(each.root.size()).starts_with(".Field("))
            return &each;
    return nullptr;
}

/// Field lists: the entity's own, and those of `related_entities`. Null: unknown.
struct known_fields {
    std::shared_ptr<field_list const> own;
    std::shared_ptr<field_list const> related[std::size(related_entities)];
};

inline std::string_view name_of_kind(value_kind kind) {
    switch (kind) {
    case value_kind::any:
    case value_kind::text:
        break;
    case value_kind::number:
        return "a number";
    case value_kind::boolean:
        return "a boolean";
    case value_kind::time:
        return "a time";
    }
    return "a text";
}

/// What is known about the fields that an import must have.
struct needed_by_import {
    required_fields which = required_fields::none;
    bool certain = false; ///< the import creates records, or fails without them
    bool (*importable)(statement_text) = nullptr; ///< whether a column can have this statement
};

/// Compares columns with the fields of an entity that has this `statement_root`. `Lists` is
/// `known_fields`.
template <class Lists>
class field_comparison {
public:
    field_comparison(std::string root, Lists const& known, needed_by_import needed)
        : root_(std::move(root)), known_(known), needed_(needed) {}

    std::vector<field_issue> compare(std::vector<compared_column> const& columns) {
        for (compared_column const& each : columns)
            compare(each);
        if (known_.own)
            for (field_definition const& each : known_.own->fields())
                if (needs_value(each) && can_be_imported(each) && !is_imported(*each.statement)) {
                    imported_.push_back(*each.statement); // lists may contain it twice
                    bool const always = needed_.which == required_fields::each_time;
                    add(field_problem::missing, compared_column(), *each.statement,
                        std::string(always ? "each row needs" : "new records need") +
                            " a value in " + field_list::label(each) + ": add a column for it" +
                            (always ? "" : ", or only update records"),
                        field_use::imported,
                        needed_.certain ? field_severity::error : field_severity::warning);
                }
        return std::move(findings_);
    }

private:
    void compare(compared_column const& column) {
        statement_text const same = canonical(column.statement);
        std::string const text = render_statement(root_, column.statement);
        std::string const begin = "{{" + root_ + ".";
        if (!iequals(begin, std::string_view(text).substr(0, begin.size()))) {
            add(field_problem::unknown, column, text, "it is not a statement of " + root_,
                use_of(column));
            return;
        }
        if (related_entity const* const other = related_by(column.statement)) {
            auto const& list = known_.related[other - related_entities];
            statement_text const there{statement_kind::field,
                                       field_in_path(same.text.substr(other->root.size() + 1))};
            if (list)
                compare(column, text, *list, std::string(other->root), there, false);
        } else if (known_.own) {
            compare(column, text, *known_.own, root_, column.statement, is_own_field(root_, text));
        }
    }

    /// `own`: the field belongs to the entity itself.
    void compare(compared_column const& column, std::string const& text, field_list const& list,
                 std::string const& root, statement_text s, bool own) {
        field_definition const* const found = list.find(root, s);
        statement_text const same = canonical(s);
        if (!found) {
            if (same.kind == statement_kind::field || own || is_missing_value(same.text, column))
                add(field_problem::unknown, column, text, root + " has no such field",
                    use_of(column), field_severity::error, list.nearest(same.text));
            return;
        }
        if (column.importable && found->statement)
            imported_.push_back(*found->statement);
        check_spelling(column, text, *found, render_statement(root, s));
        bool const imported = column.importable && own;
        check_type(column, text, *found, imported);
        if (imported && !column.identifier && found->hasReadOnlyConstraint.value_or(false))
            add(field_problem::read_only, column, text,
                "the field is read-only: leave it out of the import, unless it identifies the rows",
                field_use::imported);
        if (column.importable && column.optional && !column.identifier && needs_value(*found))
            add(field_problem::may_be_blank, column, text,
                "new records need a value in it: make the member non-optional, or make sure that "
                "it always has a value",
                field_use::imported, field_severity::warning);
    }

    /// `spelled`: the statement that was searched for. Fields found by id have no spelling to
    /// compare.
    void check_spelling(compared_column const& column, std::string const& text,
                        field_definition const& found, std::string const& spelled) {
        if (!found.statement || *found.statement == spelled || !iequals(*found.statement, spelled))
            return;
        add(field_problem::spelling, column, text, "the service spells it " + *found.statement,
            use_of(column), field_severity::warning);
    }

    /// `imported`: an import writes the column to this field.
    void check_type(compared_column const& column, std::string const& text,
                    field_definition const& found, bool imported) {
        auto const holds = found.dataType ? found.dataType->known() : std::nullopt;
        if (!holds)
            return;
        value_fit const written =
            imported ? fit_when_written(column.kind, *holds) : value_fit::fits;
        value_fit const read = fit_when_read(column.kind, *holds);
        auto const tell = [&](value_fit fit, std::string_view why, std::optional<field_use> use) {
            if (fit == value_fit::fits)
                return;
            std::string detail = "the field is of type " + found.dataType->text() +
                                 ", the member holds " + std::string(name_of_kind(column.kind)) +
                                 std::string(why);
            if (fit == value_fit::doubtful)
                detail += "; use a type with its own value_traits to convert it, or set "
                          "check_fields = false to skip this check";
            add(field_problem::type, column, text, detail, use,
                fit == value_fit::never ? field_severity::error : field_severity::warning);
        };
        std::string_view const no_value = ", which might not be a valid value of that type";
        if (imported && written == read)
            return tell(written, no_value, {});
        tell(written, no_value, field_use::imported);
        tell(read, ", which cannot hold every value of the field", field_use::exported);
    }

    /// Columns that are not imported matter to exports only.
    static std::optional<field_use> use_of(compared_column const& column) {
        return column.importable ? std::nullopt : std::optional(field_use::exported);
    }

    /// Some entities' lists also contain system values, including those of related records. Values
    /// that every entity has, that an import accepts, or whose path contains a field or number are
    /// not checked.
    bool is_missing_value(std::string_view path, compared_column const& column) const {
        if (column.importable || path == "Id" || path == "CreatedAt" || path == "UpdatedAt" ||
            path == "ExternalId" || path.find_first_of("([") != path.npos)
            return false;
        std::string const begin = "{{" + root_ + ".";
        return std::ranges::any_of(known_.own->fields(), [&](field_definition const& each) {
            return each.statement && each.statement->starts_with(begin) &&
                   each.statement->find_first_of("([", begin.size()) == std::string::npos;
        });
    }

    bool needs_value(field_definition const& f) const {
        return needed_.which != required_fields::none && f.hasNotNullConstraint.value_or(false) &&
               !f.hasReadOnlyConstraint.value_or(false) && !f.defaultValue;
    }
    bool can_be_imported(field_definition const& f) const {
        return needed_.importable && f.statement && f.statement->size() > 4 &&
               needed_.importable({statement_kind::verbatim, *f.statement});
    }
    bool is_imported(std::string_view statement) const {
        return std::ranges::any_of(
            imported_, [&](std::string const& each) { return iequals(each, statement); });
    }

    /// `statement` and `detail` may contain text from the service.
    void add(field_problem what, compared_column const& column, std::string_view statement,
             std::string_view detail, std::optional<field_use> use,
             field_severity severity = field_severity::error,
             std::vector<std::string> nearest = std::vector<std::string>()) {
        findings_.push_back({what, std::string(column.key), shown(statement),
                             shown(detail, 2 * shown_bytes), std::move(nearest), use, severity});
    }

    std::string root_;
    Lists const& known_;
    needed_by_import needed_;
    std::vector<std::string> imported_; ///< statements of fields that a column is written to
    std::vector<field_issue> findings_;
};

/// The statements of the `runtime_field`s among the columns; empty for other columns. Problems are
/// added to `findings`.
template <class Plan>
std::vector<std::string> statements_by_name(Plan const& plan, field_list const& list,
                                            std::vector<field_issue>& findings) {
    std::vector<std::string> statements;
    for (column_info const& each : plan.columns) {
        std::string& text = statements.emplace_back();
        if (each.statement.kind != statement_kind::runtime)
            continue;
        std::string const name(each.statement.text);
        std::vector<field_definition const*> const found = list.named(name);
        if (found.size() == 1 && found[0]->statement) {
            text = *found[0]->statement;
            continue;
        }
        field_issue wrong{found.size() > 1 ? field_problem::ambiguous : field_problem::unknown,
                          std::string(each.key),
                          name,
                          plan.statement_root + " has no such field",
                          {},
                          {}};
        if (found.empty())
            wrong.nearest = list.nearest(name);
        else if (found.size() == 1)
            wrong.detail = "the service gives no statement for this field";
        else
            wrong.detail = std::to_string(found.size()) +
                           " fields have this display name: use an internal name";
        for (std::size_t i = 0; found.size() > 1 && i != std::min<std::size_t>(3, found.size());
             ++i)
            wrong.nearest.push_back(shown(found[i]->internalName.value_or("")));
        findings.push_back(std::move(wrong));
    }
    return statements;
}

/// The fields of a list as columns, with internal names as keys.
template <class List>
std::vector<record_column> columns_of_list(List const& list) {
    std::vector<record_column> all;
    for (field_definition const& each : list.fields())
        if (each.statement)
            all.push_back(statement_column(each.internalName.value_or(each.name), *each.statement));
    return all;
}

} // namespace eloqua::bulk::detail
