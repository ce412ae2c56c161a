// SPDX-License-Identifier: BSL-1.0
// by: ^g\+\+.* (12)\.
// refused: give the lambda a name
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

auto import_people(bulk::async_client const& client, std::vector<person> const& people,
                   std::string prefix) {
    bulk::import_options options;
    auto const see = [prefix](bulk::import_reject<person> const&) {};
#ifdef REFUSE
    return client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, options,
                              bulk::rejects_to([prefix](bulk::import_reject<person> const&) {}));
#else
    return client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, options,
                              bulk::rejects_to(see));
#endif
}
