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

auto see_all(bulk::async_client const& client, std::string prefix) {
    auto const see = [prefix](person const&) {};
#ifdef REFUSE
    return client.export_rows<person>(bulk::contacts).for_each([prefix](person const&) {});
#else
    (void)client.export_rows<person>(bulk::contacts).for_each([&prefix](person const&) {});
    return client.export_rows<person>(bulk::contacts).for_each(see);
#endif
}
