// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk export
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/export_changes.hpp>

#include "columns.hpp"
#include "ending.hpp"
#include "entity_choice.hpp"
#include "output.hpp"
#include "reporting.hpp"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cli {

struct export_arguments {
    entity_arguments entity;
    std::vector<std::string> columns; ///< each may have several, separated by commas
    std::vector<std::string> column;  ///< each is one
    std::string where;
    std::string created, updated; ///< "FROM..TO"
    std::string window;           ///< the length of each window: "1d"
    std::string since_last;       ///< the file of a mark
    std::string overlap;          ///< "3d"
    std::string start;            ///< of the first export of changes
    std::string destination;      ///< who gets the rows of changes
    std::int64_t ahead = 0;       ///< windows whose syncs are started early
    bool resume = false;          ///< leaves a complete export as it is
    bool accept_changed_columns = false;
    bool replace_broken_texts = false; ///< by U+FFFD
    output_arguments output;
    std::string unique_by;
    bool start_over = false; ///< if the interrupted export cannot be completed
    bool replace = false;    ///< a file whose rows may not have been read
};

/// An export of changes since the last one.
struct change_arguments {
    std::string mark; ///< file
    std::string key;  ///< of the column with the time of the change
    bulk::change_options how;
};

/// An export that is ready to run: checked against the instance's fields.
struct checked_export {
    any_entity entity;
    bulk::record_columns columns;
    std::string filter; ///< of Eloqua; empty: all rows
    bulk::export_options options;
    bool start_over = false;
    bool only_resume = false;
    std::optional<change_arguments> changes;
};

/// The names of all chosen columns.
std::vector<named_column> chosen_columns(export_arguments const& given);

/// Runs an export into a file or a stream. Only an export of changes has a mark in its result.
bulk::result<bulk::changes_export> export_to(bulk::client const& client, checked_export const& job,
                                             file_output const& to, std::stop_token const& stop);
/// As above, into a table of a database. Throws `bad_usage` if the program was built without it.
bulk::result<bulk::changes_export> export_to(bulk::client const& client, checked_export const& job,
                                             table_output const& to, std::stop_token const& stop);

/// Runs the command.
exit_code run_export(export_arguments const& given, common_arguments const& common);

} // namespace cli
