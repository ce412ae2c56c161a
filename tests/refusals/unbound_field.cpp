// SPDX-License-Identifier: BSL-1.0
// refused: runtime_field_of_member<warranty, .*(serial|115, 101, 114, 105, 97, 108).*false>
// A row with a runtime field, for an entity that binds nothing.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct warranty {
    std::string serial;
    using eloqua_fields = bulk::fields<bulk::runtime_field<&warranty::serial, "Serial Number">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (serial))

#ifndef REFUSE
using entity = bulk::bound_entity<bulk::custom_object, warranty>;
#else
using entity = bulk::custom_object;
#endif
static_assert(bulk::detail::check_exportable<warranty, entity>());
