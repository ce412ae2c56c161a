// SPDX-License-Identifier: BSL-1.0
// A minimal row of contacts, and credentials.
#pragma once

#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/row.hpp>

#include <boost/describe/class.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace eloqua_tests {

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

inline bulk::basic_credentials const me{"Company", "user", "secret"};

/// p0@example.com and so on.
inline std::vector<person> people(std::size_t count) {
    std::vector<person> all(count);
    for (std::size_t i = 0; i != count; ++i)
        all[i].email = "p" + std::to_string(i) + "@example.com";
    return all;
}

} // namespace eloqua_tests
