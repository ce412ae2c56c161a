// SPDX-License-Identifier: BSL-1.0
// by: ^g\+\+.* (12)\.
// refused: give the object a name|pass_a_named
// with: GIVEN=bulk::import_options{.rejects_kept=0}
// with: GIVEN=bulk::import_options()
// with: GIVEN={.rejects_kept=0}
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

auto import_people(bulk::async_client const& client, std::vector<person> const& people) {
    bulk::import_options options;
#ifdef REFUSE
    return client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, GIVEN);
#else
    return client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, options);
#endif
}
