// SPDX-License-Identifier: BSL-1.0
/// \file
/// The result of comparing the columns of rows with the fields of an instance.
#pragma once

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace eloqua::bulk {

/// How rows are used.
enum class field_use : unsigned char { exported, imported };

/// Kinds of mismatches.
enum class field_problem : unsigned char {
    unknown,      ///< the field does not exist
    ambiguous,    ///< several fields have this display name
    type,         ///< the member's type does not fit the field's values
    read_only,    ///< an import cannot write it
    may_be_blank, ///< new records require a value, and the member's type can be blank
    missing,      ///< new records require a value, and no column provides it
    spelling,     ///< the service's name differs in letter case
};

/// How certain the problem is.
enum class field_severity : unsigned char {
    warning, ///< depends on the rows or on existing records, or is not documented
    error,   ///< certain; jobs fail
};

/// One mismatch.
struct field_issue {
    field_problem problem{}; ///< what is wrong
    std::string member;      ///< or the column's key; empty for `missing`
    std::string statement;   ///< of the column; for `missing`, of the field
    std::string detail;      ///< the problem, and how to fix it
    /// For an unknown field, at most three: "C_Country (Country)".
    std::vector<std::string> nearest;
    std::optional<field_use> use;                    ///< affected use; empty: exports and imports
    field_severity severity = field_severity::error; ///< how certain it is

    /// Whether the mismatch affects this use, or any use if it is empty.
    bool concerns(std::optional<field_use> u) const { return !u || !use || *use == *u; }

    /// A message in one line.
    std::string message() const {
        std::string text = member.empty() ? "no column" : "'" + member + "'";
        text += " (" + statement + "): " + detail;
        for (std::string const& each : nearest)
            text += (&each == &nearest.front() ? "; is it " : " or ") + each;
        return text += nearest.empty() ? "" : "?";
    }
    /// Writes `message()`.
    friend std::ostream& operator<<(std::ostream& out, field_issue const& f) {
        return out << f.message();
    }
};

/// The result of a check of columns.
struct field_report {
    std::vector<field_issue> findings; ///< all mismatches, warnings included
    /// What could not be checked, and why: the entity has no list of fields, the service does not
    /// show it to this user, or it is empty.
    std::vector<std::string> unchecked;

    /// Whether a job would run. There may still be warnings.
    bool ok() const {
        return std::ranges::none_of(findings, [](field_issue const& each) {
            return each.severity == field_severity::error;
        });
    }

    /// The messages of all errors.
    std::string message() const {
        std::string text;
        for (field_issue const& each : findings)
            if (each.severity == field_severity::error)
                text += (text.empty() ? "" : "; ") + each.message();
        return text;
    }
    /// Writes one line for each mismatch, and for what could not be checked.
    friend std::ostream& operator<<(std::ostream& out, field_report const& r) {
        for (field_issue const& each : r.findings)
            out << (each.severity == field_severity::error ? "" : "warning: ") << each << '\n';
        for (std::string const& each : r.unchecked)
            out << "unchecked: " << each << '\n';
        return out;
    }
};

} // namespace eloqua::bulk
