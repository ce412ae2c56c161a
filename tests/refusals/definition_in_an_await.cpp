// SPDX-License-Identifier: BSL-1.0
// by: ^g\+\+.* (12)\.
// refused: give the object a name|pass_a_named
// with: GIVEN={.name="x"}
// with: GIVEN=bulk::export_definition_t<bulk::contacts_t>()
#include <eloqua/bulk/async.hpp>

#include <boost/describe.hpp>

#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

auto make(bulk::async_client const& client) {
    bulk::export_definition_t<bulk::contacts_t> wanted;
#ifdef REFUSE
    return client.exports(bulk::contacts).create(GIVEN);
#else
    return client.exports(bulk::contacts).create(wanted);
#endif
}
