// SPDX-License-Identifier: BSL-1.0
/// \file
/// What is wrong with the columns of rows, by the fields of an instance.
#pragma once

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace eloqua::bulk {

/// What is done with rows.
enum class field_use : unsigned char { exported, imported };

enum class field_problem : unsigned char {
    unknown,      ///< there is no such field
    ambiguous,    ///< several fields are seen by people under this name
    type,         ///< the member's type is not for what the field holds
    read_only,    ///< an import cannot write it
    may_be_blank, ///< new records need a value, and the member's type has none in its blank state
    missing,      ///< new records need a value, and no column has it
    spelling,     ///< the service's name has other letters small or capital
};

/// How sure it is that rows suffer.
enum class field_severity : unsigned char {
    warning, ///< it depends on the rows, on the records that are there, or is not documented
    error,   ///< it is certain; jobs are refused
};

/// One thing that is wrong.
struct field_issue {
    field_problem problem{};
    std::string member;               ///< or key of the column; empty for `missing`
    std::string statement;            ///< of the column; of the field for `missing`
    std::string detail;               ///< what is wrong, and what to do
    std::vector<std::string> nearest; ///< of an unknown field: "C_Country (Country)", at most three
    std::optional<field_use> use;     ///< to what it matters; empty: to exports and imports
    field_severity severity = field_severity::error;

    bool concerns(std::optional<field_use> u) const { return !u || !use || *use == *u; }

    /// In one line.
    std::string message() const {
        std::string text = member.empty() ? "no column" : "'" + member + "'";
        text += " (" + statement + "): " + detail;
        for (std::string const& each : nearest)
            text += (&each == &nearest.front() ? "; is it " : " or ") + each;
        return text += nearest.empty() ? "" : "?";
    }
    friend std::ostream& operator<<(std::ostream& out, field_issue const& f) {
        return out << f.message();
    }
};

/// What a check of columns has found.
struct field_report {
    std::vector<field_issue> findings;
    /// What could not be checked, and why: the entity has no list of fields, the service does not
    /// show it to this user, or it is empty.
    std::vector<std::string> unchecked;

    /// No job would be refused. There may be warnings among the findings.
    bool ok() const {
        return std::ranges::none_of(findings, [](field_issue const& each) {
            return each.severity == field_severity::error;
        });
    }

    /// The errors among the findings, one after another.
    std::string message() const {
        std::string text;
        for (field_issue const& each : findings)
            if (each.severity == field_severity::error)
                text += (text.empty() ? "" : "; ") + each.message();
        return text;
    }
    friend std::ostream& operator<<(std::ostream& out, field_report const& r) {
        for (field_issue const& each : r.findings)
            out << (each.severity == field_severity::error ? "" : "warning: ") << each << '\n';
        for (std::string const& each : r.unchecked)
            out << "unchecked: " << each << '\n';
        return out;
    }
};

} // namespace eloqua::bulk
