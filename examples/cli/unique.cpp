// SPDX-License-Identifier: BSL-1.0
#include "unique.hpp"

#include "ending.hpp"
#include "row_input.hpp"
#include "text.hpp"
#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

namespace cli {

namespace {

/// Calls `f(value, line)` for each row.
void each_value(file_output const& file, std::string const& column,
                std::function<void(std::string_view, std::uint64_t)> const& f) {
    std::string const path = file.path.string();
    row_format format;
    format.ndjson = file.format == bulk::file_format::ndjson;
    if (std::filesystem::is_empty(file.path))
        return;
    auto const rows = read_rows(open_bytes(path, {}), path, format);
    auto const& header = rows->header();
    auto const at = static_cast<std::size_t>(std::ranges::find(header, column) - header.begin());
    for (input_row row; rows->next(row);)
        if (at < row.values.size())
            f(row.values[at], row.line);
}

} // namespace

void require_unique(file_output const& file, std::string const& column) {
    std::vector<std::size_t> hashes;
    std::hash<std::string_view> const hash;
    each_value(file, column,
               [&](std::string_view value, std::uint64_t) { hashes.push_back(hash(value)); });
    std::ranges::sort(hashes);
    auto const repeated = std::ranges::adjacent_find(hashes);
    if (repeated == hashes.end())
        return;
    std::vector<std::size_t> suspects;
    for (std::size_t i = 1; i < hashes.size(); ++i)
        if (hashes[i] == hashes[i - 1])
            suspects.push_back(hashes[i]);
    std::map<std::string, std::uint64_t, std::less<>> lines;
    each_value(file, column, [&](std::string_view value, std::uint64_t line) {
        if (!std::ranges::binary_search(suspects, hash(value)))
            return;
        auto const [first, is_new] = lines.emplace(value, line);
        if (!is_new)
            throw ending(exit_code::failed,
                         printable(file.path.string()) + " has the " + printable(column) + " '" +
                             printable(value, 100) + "' in lines " + std::to_string(first->second) +
                             " and " + std::to_string(line) +
                             ": the order of the rows changed between pages, so other rows may be "
                             "missing; the same command exports all rows again");
    });
}

} // namespace cli
