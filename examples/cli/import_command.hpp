// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk import
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/import.hpp>

#include "ending.hpp"
#include "entity_choice.hpp"
#include "import_columns.hpp"
#include "rejects_file.hpp"
#include "reporting.hpp"
#include "row_input.hpp"
#include <cstdint>
#include <optional>
#include <string>

namespace cli {

struct import_arguments {
    entity_arguments entity;
    std::string input; ///< a file, "-" for standard input, "sqlite:FILE", "postgres:CONNECTION"
    std::string query; ///< of a database
    column_arguments columns;
    std::string format;    ///< empty: by the name
    std::string delimiter; ///< empty: by the name
    std::string rejects, journal;
    std::string update_rule, import_rule; ///< empty: the default
    std::optional<std::int64_t> add_to_list;
    bool dry_run = false;
};

/// The records of an input, once.
class input_records;

/// An import that is ready to run.
struct checked_import {
    any_entity entity;
    import_columns columns;
    bulk::import_options options;
    std::optional<std::int64_t> add_to_list;
};

/// Sends the rows. Throws `ending` and what the reader of the input throws.
bulk::result<bulk::import_report<bulk::record>> send_rows(bulk::client const& client,
                                                          checked_import const& job,
                                                          input_records& rows, reject_log& rejects,
                                                          std::stop_token const& stop);

/// Runs the command.
exit_code run_import(import_arguments const& given, common_arguments const& common);

} // namespace cli
