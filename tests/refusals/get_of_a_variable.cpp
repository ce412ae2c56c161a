// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: an operation runs only once
// An operation in a variable, which can run only once.
#include <eloqua/bulk.hpp>

#include <string>
#include <utility>

namespace bulk = eloqua::bulk;

std::string base(bulk::client const& client) {
    auto op = client.base_url();
#ifdef REFUSE
    return op.get().value();
#else
    return std::move(op).value();
#endif
}
