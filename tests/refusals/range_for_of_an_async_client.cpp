// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: the client is asynchronous: in place of a range-for, co_await
// Rows and lists of an asynchronous client, passed as if they could be waited for.
// with: RANGE=rows
// with: RANGE=lists
#include <eloqua/bulk/async.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

[[maybe_unused]] void pass(bulk::async_client const& client) {
    auto rows = client.export_rows<person>(bulk::contacts);
    auto lists = client.contact_lists().list();
#ifdef REFUSE
    for (auto const& each : RANGE)
        (void)each;
#endif
    (void)rows, (void)lists;
}
