// SPDX-License-Identifier: BSL-1.0
// Columns by name: internal names, display names, system values and statements.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/record.hpp>

#include "entity_choice.hpp"
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;

namespace cli {

/// The names of an entity's fields and system values.
class field_names {
public:
    /// Requests the list from the instance.
    field_names(bulk::client const& client, any_entity const& of, std::stop_token const& stop);

    std::vector<bulk::field_definition> const& all() const { return fields_; }
    std::string const& root() const { return root_; }

    /// The statement of a field, by its internal name or else its display name, of a system value
    /// such as "UpdatedAt" or "Account.Field(M_CompanyName)", or itself for a statement. Empty for
    /// other names. Throws `ending` if several fields have the display name.
    std::optional<std::string> statement_of(std::string_view name) const;

    /// "NAME is not a field of contacts; is it C_Country (Country)?"
    std::string complaint_about(std::string_view name) const;

private:
    std::string root_;
    std::vector<bulk::field_definition> fields_;
};

/// One column as the user named it.
struct named_column {
    std::string key; ///< the column's name in the output
    std::string field;
};

/// Reads "C_Country", or "country=C_Country" with a name of one's own.
named_column column_of(std::string_view text);

/// The columns of an export: "*" stands for all fields. Throws `ending` with all names that are
/// not fields.
bulk::record_columns columns_of(field_names const& known, std::vector<named_column> const& chosen);

/// Filter text with names of fields replaced by their statements, and with quotes where Eloqua
/// needs them. `C_Country = 'BE' AND UpdatedAt > 2025-06-01` becomes
/// `'{{Contact.Field(C_Country)}}' = 'BE' AND '{{Contact.UpdatedAt}}' > '2025-06-01'`. Names with
/// blanks are in double quotes. Throws `ending` for an unknown name, `bad_usage` for a quote that
/// is not closed.
std::string filter_text(field_names const& known, std::string_view text);

} // namespace cli
