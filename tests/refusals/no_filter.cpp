// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: this is not a filter; make one by bulk::where
// A text, or a checkpoint, in place of a filter.
// with: GIVEN="x"
// with: GIVEN=bulk::export_checkpoint()
#include <eloqua/bulk.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

#ifndef REFUSE
#define GIVEN bulk::all_rows
#endif

[[maybe_unused]] auto all_of(bulk::client const& client) {
    return client.export_rows<person>(bulk::contacts, GIVEN);
}
