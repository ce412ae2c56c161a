// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*row_to_keep<person\b)(?=.*eloqua: rows with std::string_view members are valid in a call of for_each only)
// Rows of views that would outlive the call: as a batch, one by one, as a page.
// with: KEPT=1
// with: KEPT=2
// with: KEPT=3
#include <eloqua/bulk/client.hpp>

#include <boost/describe/class.hpp>

#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
#define KEPT 1
using text_type = std::string;
#else
using text_type = std::string_view;
#endif

struct person {
    text_type email;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

[[maybe_unused]] void keep(bulk::client const& client) {
#if KEPT == 1
    auto some = client.export_rows<person>(bulk::contacts).next();
#elif KEPT == 2
    auto all = client.export_rows<person>(bulk::contacts);
    for (person const& each : all)
        (void)each;
#else
    auto page = client.syncs().data<person>(bulk::id(1));
#endif
}
