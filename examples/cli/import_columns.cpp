// SPDX-License-Identifier: BSL-1.0
#include "import_columns.hpp"

#include "ending.hpp"
#include "rejects_file.hpp"
#include "text.hpp"
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <type_traits>

namespace cli {

namespace {

/// Whether imports of the entity can write a statement: a field, or a value that it says so of.
bool can_be_written(any_entity const& of, std::string_view statement, bool identifies) {
    return std::visit(
        [&](auto const& each) {
            using entity = std::remove_cvref_t<decltype(each)>;
            std::string const start = "{{" + std::string(each.statement_root()) + ".";
            if (!statement.starts_with(start) || !statement.ends_with("}}"))
                return true; // the library says what is wrong with it
            std::string_view const path =
                statement.substr(start.size(), statement.size() - start.size() - 2);
            return path.starts_with("Field(") || path.starts_with("Field[") ||
                   entity::importable_attribute(path) ||
                   (identifies && bulk::identifying_attribute_of<entity>(path));
        },
        of);
}

/// The arguments of --map by column of the file.
std::map<std::string, std::string, std::less<>> mapped(std::vector<std::string> const& arguments,
                                                       std::vector<std::string> const& header) {
    std::map<std::string, std::string, std::less<>> made;
    for (std::string const& each : arguments) {
        // The name in the file may contain '='.
        std::size_t equals = each.npos;
        for (std::size_t at = each.find('='); at != each.npos; at = each.find('=', at + 1))
            if (std::ranges::find(header, each.substr(0, at)) != header.end())
                equals = at;
        if (each.find('=') == each.npos)
            throw bad_usage("--map takes COLUMN=FIELD, not '" + printable(each) + "'");
        if (equals == each.npos)
            throw bad_usage("--map: the file has no column '" +
                            printable(each.substr(0, each.find('='))) + "'");
        made[each.substr(0, equals)] = each.substr(equals + 1);
    }
    return made;
}

} // namespace

import_columns columns_for_import(field_names const& known, any_entity const& of,
                                  std::vector<std::string> const& header,
                                  column_arguments const& given) {
    auto const map = mapped(given.map, header);
    for (std::string const& each : given.skip)
        if (std::ranges::find(header, each) == header.end())
            throw bad_usage("--skip: the file has no column '" + printable(each) + "'");
    import_columns made;
    std::vector<bulk::record_column> columns;
    std::string unknown;
    std::optional<std::string> const by = known.statement_of(given.by);
    for (std::size_t i = 0; i != header.size(); ++i) {
        std::string const& name = header[i];
        bool const of_rejects = std::ranges::find(reject_columns, name) != std::end(reject_columns);
        if (of_rejects || std::ranges::find(given.skip, name) != given.skip.end())
            continue;
        auto const own = map.find(name);
        std::string const& field = own == map.end() ? name : own->second;
        std::optional<std::string> const statement =
            field.empty() ? std::nullopt : known.statement_of(field);
        if (!statement) {
            unknown += (unknown.empty() ? "" : "; ") +
                       (name.empty() ? "column " + std::to_string(i + 1) + " has no name"
                                     : known.complaint_about(field));
            continue;
        }
        bool const identifies =
            made.identifier.empty() && (name == given.by || field == given.by || statement == by);
        if (!can_be_written(of, *statement, identifies)) {
            if (own != map.end() || identifies)
                throw ending(exit_code::refused, *statement + " is set by Eloqua, so '" +
                                                     printable(name) + "' cannot be imported");
            made.left_out.push_back("'" + printable(name) + "' is not imported: " + *statement +
                                    " is set by Eloqua");
            continue;
        }
        if (identifies)
            made.identifier = name;
        columns.push_back(bulk::statement_column(name, *statement));
        made.sources.push_back(i);
    }
    if (!unknown.empty())
        throw ending(exit_code::refused,
                     unknown + "; --map COLUMN=FIELD names the field of a column, --skip COLUMN "
                               "leaves a column out");
    if (made.identifier.empty() && std::holds_alternative<bulk::activities_t>(of) &&
        given.by.empty() && !columns.empty())
        made.identifier = columns.front().key; // Eloqua ignores it
    if (made.identifier.empty())
        throw bad_usage(given.by.empty() ? "--by FIELD is required: the field that identifies "
                                           "records, such as C_EmailAddress"
                                         : "--by: '" + printable(given.by) +
                                               "' is not one of the imported columns");
    made.columns = bulk::record_columns(std::move(columns));
    return made;
}

} // namespace cli
