// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*container_in_filter<[^\n]*EmailGroup)[\s\S]*static assertion failed.*eloqua: EXISTS asks for members of contact lists, contact segments, contact filters and account lists
// Members of an e-mail group, which no filter can select.
#include <eloqua/bulk/filter.hpp>

namespace bulk = eloqua::bulk;

[[maybe_unused]] auto some() {
#ifndef REFUSE
    return bulk::exists(bulk::contact_list(7));
#else
    return bulk::exists(bulk::email_group(7));
#endif
}
