// SPDX-License-Identifier: BSL-1.0
// Where the rows of an export go.
#pragma once

#include <eloqua/bulk/export_to_file.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace bulk = eloqua::bulk;

namespace cli {

/// How the names of databases begin.
inline constexpr std::string_view sqlite_prefix = "sqlite:", postgres_prefix = "postgres:";

/// The options that choose an output.
struct output_arguments {
    std::string output; ///< "people.csv.gz", "-", "sqlite:file.db/table", "postgres:CONNINFO"
    std::string format; ///< empty: by the name
    std::string table;  ///< for databases
    std::string key;    ///< for databases: the column by which rows are merged
};

/// A file or a stream.
struct file_output {
    std::filesystem::path path;
    bulk::file_format format = bulk::file_format::csv;
    bool compressed = false;
    bool standard_output = false;
};

/// A table of a database.
struct table_output {
    enum class database : unsigned char { sqlite, postgres };
    database kind = database::sqlite;
    std::string where; ///< a file, or PostgreSQL's connection string
    std::string table;
    std::optional<std::string> key;
};

using any_output = std::variant<file_output, table_output>;

/// Throws `bad_usage`.
any_output output_of(output_arguments const& given);

} // namespace cli
