// SPDX-License-Identifier: BSL-1.0
// Row types that the schema tests share.
#pragma once

#include <eloqua/bulk/row.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace schema_tests {

namespace bulk = eloqua::bulk;

enum class stage { lead, customer, former = 7 };
BOOST_DESCRIBE_ENUM(stage, lead, customer, former)
enum class colour { red, green };
BOOST_DESCRIBE_ENUM(colour, red, green)

struct person {
    std::string email;
    std::optional<std::string> country;
    std::int32_t visits = 0;
    std::optional<int> age;
    double weight = 0;
    bool subscribed = false;
    schema_tests::stage stage{};
    std::chrono::sys_seconds updated;
    std::chrono::year_month_day born;

    using eloqua_fields =
        bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                     bulk::field<&person::country, "C_Country">,
                     bulk::attribute<&person::subscribed, "Email.IsSubscribed">,
                     bulk::attribute<&person::updated, "UpdatedAt">,
                     bulk::statement<&person::weight, "{{Contact.Account.Field(M_Weight)}}">>;
};
BOOST_DESCRIBE_STRUCT(person, (),
                      (email, country, visits, age, weight, subscribed, stage, updated, born))

/// A row with a described base; both have a map.
struct employee : person {
    std::string company;
    using eloqua_fields = bulk::fields<bulk::field<&employee::email, "C_EmailAddress">,
                                       bulk::field<&employee::company, "C_Company">,
                                       bulk::attribute<&employee::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(employee, (person), (company))

struct stranger {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(stranger, (), (email))

struct undescribed {
    std::string email;
};

/// An entity that can only be imported.
struct imported_only_t {
    static constexpr bool has_exports = false, has_imports = true, has_fields = false;
    static bulk::result<std::string> base_path() { return bulk::path<"/imported">::expand(); }
    static std::string statement_root() { return "Imported"; }
    static constexpr bool importable_attribute(std::string_view name) { return name == "Id"; }
};

} // namespace schema_tests
