// SPDX-License-Identifier: BSL-1.0
// Which columns of a file are imported into which fields.
#pragma once

#include <eloqua/bulk/record.hpp>

#include "columns.hpp"
#include <cstddef>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

namespace cli {

struct column_arguments {
    std::string by;                ///< the field or column that identifies records
    std::vector<std::string> map;  ///< "E-mail=C_EmailAddress"
    std::vector<std::string> skip; ///< columns of the file
};

/// The imported columns. Their keys are the names in the file.
struct import_columns {
    bulk::record_columns columns;
    std::vector<std::size_t> sources;  ///< by column: its position in the file
    std::string identifier;            ///< key
    std::vector<std::string> left_out; ///< why, one text per column of the file
};

/// Throws `bad_usage` for arguments that name no column, `ending` with all columns that are not
/// fields.
import_columns columns_for_import(field_names const& known, any_entity const& of,
                                  std::vector<std::string> const& header,
                                  column_arguments const& given);

} // namespace cli
