// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/statements.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk::simulation {

/// The records that have this value: an id, an external id or a stored one, in any letter case
/// unless told otherwise. None for a blank value.
inline std::vector<position> records_named(table& in, column const& by, std::string_view value,
                                           bool case_sensitive = false) {
    if (by.from == column::source::stored) {
        std::vector<position> found = in.find(by.field, value);
        std::string scratch;
        if (case_sensitive)
            std::erase_if(found, [&](position p) {
                return in.records().value(p, by.field, scratch) != value;
            });
        return found;
    }
    bool const external = by.from == column::source::external_id;
    if (!external && by.from != column::source::id)
        return {};
    std::string_view digits = value;
    if (external) // "CELOQ000000001001"
        digits.remove_prefix(std::min(value.find_first_of("123456789"), value.size()));
    position const p = table::position_of(digits, in.size());
    if (p == no_position)
        return {};
    std::string text;
    if (external)
        append_external_id(text, in.kind, table::first_id + p);
    return external && folded(text) != folded(value) ? std::vector<position>()
                                                     : std::vector<position>{p};
}

} // namespace eloqua::bulk::simulation
