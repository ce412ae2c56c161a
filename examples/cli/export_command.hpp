// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk export
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/export.hpp>

#include "columns.hpp"
#include "ending.hpp"
#include "entity_choice.hpp"
#include "output.hpp"
#include "reporting.hpp"
#include <memory>
#include <string>
#include <vector>

namespace cli {

struct export_arguments {
    entity_arguments entity;
    std::vector<std::string> columns; ///< each may have several, separated by commas
    std::vector<std::string> column;  ///< each is one
    std::string where;
    std::string created; ///< "FROM..TO"
    output_arguments output;
    std::string unique_by;
    bool start_over = false; ///< if the rows on the server have expired
    bool local_times = false;
};

/// An export that is ready to run: checked against the instance's fields.
struct checked_export {
    any_entity entity;
    bulk::record_columns columns;
    std::string filter; ///< of Eloqua; empty: all rows
    bulk::export_options options;
    bool start_over = false;
};

/// The names of all chosen columns.
std::vector<named_column> chosen_columns(export_arguments const& given);

/// Runs an export into a file or a stream.
bulk::result<bulk::stored_export> export_to(bulk::client const& client, checked_export const& job,
                                            file_output const& to, std::stop_token const& stop);
/// As above, into a table of a database. Throws `bad_usage` if the program was built without it.
bulk::result<bulk::stored_export> export_to(bulk::client const& client, checked_export const& job,
                                            table_output const& to, std::stop_token const& stop);

/// Runs the command.
exit_code run_export(export_arguments const& given, common_arguments const& common);

} // namespace cli
