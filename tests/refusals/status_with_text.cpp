// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*compared_status<char ?\[8\])[\s\S]*static assertion failed.*eloqua: a status is compared with a bulk::member_status
// A status compared with a text, which may not be a status.
#include <eloqua/bulk/filter.hpp>

namespace bulk = eloqua::bulk;

[[maybe_unused]] auto some() {
#ifndef REFUSE
    return bulk::status(bulk::cloud_connector(7)) == bulk::member_status::pending;
#else
    return bulk::status(bulk::cloud_connector(7)) == "pending";
#endif
}
