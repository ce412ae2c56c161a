// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: the filter comes before the options; without a filter, write
// Options where the filter stands.
// with: CALL=1
// with: CALL=2
// with: CALL=3
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_to_file.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

#ifndef REFUSE
#define CALL 1
#define FILTER bulk::all_rows,
#else
#define FILTER
#endif

[[maybe_unused]] auto all_of(bulk::client const& client, bulk::record_columns const& columns) {
    bulk::export_file_options const options;
    (void)columns;
#if CALL == 1
    return client.export_rows<person>(bulk::contacts, FILTER options);
#elif CALL == 2
    return client.export_records(bulk::contacts, columns, FILTER options);
#else
    return bulk::export_to_file<person>(client, bulk::contacts, "people", FILTER options);
#endif
}
