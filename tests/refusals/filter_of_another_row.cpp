// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*filter_of_row<stranger, person)[\s\S]*static assertion failed.*eloqua: this filter is on the members of a row type other than the exported one
// A filter on the members of another row; the row is named.
#include <eloqua/bulk/client.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))
struct stranger {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(stranger, (), (email))

[[maybe_unused]] auto some_of(bulk::client const& client) {
#ifndef REFUSE
    return client.export_rows<person>(bulk::contacts, bulk::where<&person::email> == "x");
#else
    return client.export_rows<person>(bulk::contacts, bulk::where<&stranger::email> == "x");
#endif
}
