// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*entities_of_filter<[^\n]*contacts_t, [^\n]*accounts_t)[\s\S]*static assertion failed.*eloqua: no export can have both of these filters
// A list of contacts and one of accounts in one filter.
#include <eloqua/bulk/filter.hpp>

#include <chrono>

namespace bulk = eloqua::bulk;

inline auto const recent = bulk::where_attribute<"UpdatedAt", std::chrono::sys_seconds> >
                           std::chrono::sys_days();

[[maybe_unused]] auto some() {
#ifndef REFUSE
    return bulk::exists(bulk::contact_list(7)) || recent;
#else
    return bulk::exists(bulk::contact_list(7)) || bulk::exists(bulk::account_list(7));
#endif
}
