// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the service lets stand beside a contact segment in a filter, since release 19B.
#pragma once

#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/simulator/eel.hpp>
#include <eloqua/bulk/simulator/statements.hpp>
#include <eloqua/bulk/simulator/store.hpp>
#include <eloqua/bulk/simulator/table.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace eloqua::bulk::simulation {

/// Whether a statement is the time of a contact's creation or last change, by either of its names.
inline bool is_system_time(store const& s, table const& of, std::string_view statement) {
    auto const named = s.resolve(of, statement);
    return named && named->of == column::owner::self &&
           (named->from == column::source::created_at || named->from == column::source::updated_at);
}

/// Whether a filter that asks for a contact segment has more than two comparisons of system times
/// beside it, anything else, or anything but AND.
inline bool breaks_segment_rule(eel_filter const& filter, store const& s, table const& of) {
    using kind = eel_node::kind;
    bool const has_segment = std::ranges::any_of(filter.nodes, [](eel_node const& each) {
        auto const container = parse_statement(each.left);
        return each.what == kind::exists && container && container->size() == 1 &&
               container->front().name == "ContactSegment";
    });
    if (!has_segment)
        return false;
    std::size_t times = 0;
    std::vector<std::size_t> joined{filter.root};
    while (!joined.empty()) {
        eel_node const& node = filter.nodes[joined.back()];
        joined.pop_back();
        if (node.what == kind::and_)
            joined.insert(joined.end(), {node.first, node.second});
        else if (node.what == kind::comparison && is_system_time(s, of, node.left))
            ++times;
        else if (node.what != kind::exists)
            return true;
    }
    return times > limits::conditions_beside_segment;
}

} // namespace eloqua::bulk::simulation
