// SPDX-License-Identifier: BSL-1.0
#include "output.hpp"

#include "ending.hpp"
#include "text.hpp"
#include <string_view>

namespace cli {

namespace {

table_output table_of(output_arguments const& given) {
    table_output made;
    bool const file = given.output.starts_with(sqlite_prefix);
    made.kind = file ? table_output::database::sqlite : table_output::database::postgres;
    made.where = given.output.substr(file ? sqlite_prefix.size() : postgres_prefix.size());
    made.table = given.table;
    std::size_t const slash = made.where.rfind('/');
    if (file && made.table.empty() && slash != made.where.npos) {
        made.table = made.where.substr(slash + 1);
        made.where.resize(slash);
    }
    if (made.table.empty() || (file && made.where.empty()))
        throw bad_usage(file ? "-o sqlite: takes FILE/TABLE, such as sqlite:people.db/contacts"
                             : "-o postgres: needs --table NAME");
    if (!given.format.empty())
        throw bad_usage("--format is only for files");
    if (!given.key.empty())
        made.key = given.key;
    return made;
}

} // namespace

any_output output_of(output_arguments const& given) {
    if (given.output.empty())
        throw bad_usage("-o FILE is required; '-' is standard output");
    if (given.output.starts_with(sqlite_prefix) || given.output.starts_with(postgres_prefix))
        return table_of(given);
    if (!given.key.empty() || !given.table.empty())
        throw bad_usage("--key and --table are only for databases");
    file_output made;
    made.standard_output = given.output == "-";
    made.path = made.standard_output ? "/dev/stdout" : given.output;
    std::string_view name = given.output;
    made.compressed = name.ends_with(".gz");
    if (made.compressed)
        name.remove_suffix(3);
    bool const csv = name.ends_with(".csv"),
               ndjson = name.ends_with(".ndjson") || name.ends_with(".jsonl");
    if (given.format == "csv" || given.format == "ndjson")
        made.format = given.format == "csv" ? bulk::file_format::csv : bulk::file_format::ndjson;
    else if (!given.format.empty())
        throw bad_usage("--format takes csv or ndjson, not '" + printable(given.format) + "'");
    else if (ndjson)
        made.format = bulk::file_format::ndjson;
    else if (!csv && !made.standard_output)
        throw bad_usage("the name '" + printable(given.output) +
                        "' does not end in .csv, .ndjson or .jsonl, with or without .gz: "
                        "choose --format csv or ndjson");
    return made;
}

} // namespace cli
