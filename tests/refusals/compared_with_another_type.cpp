// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*compared<[^\n]*person::MEMBER)[\s\S]*static assertion failed.*eloqua: this is compared with a value of a type that it cannot have
// with: MEMBER=age VALUE=text
// with: MEMBER=age VALUE=fraction
// with: MEMBER=name VALUE=whole
// with: MEMBER=subscribed VALUE=whole
// with: MEMBER=stage VALUE=text
// with: MEMBER=updated VALUE=moment
// with: MEMBER=updated VALUE=text
// with: MEMBER=address VALUE=phone_number{}
// A value of a type other than the member's, a finer time, another strong typedef.
#include <eloqua/bulk/filter.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

enum class stage_of_life { lead, customer };
BOOST_DESCRIBE_ENUM(stage_of_life, lead, customer)
struct email_address {
    std::string text;
    using eloqua_value = bulk::wrapping<&email_address::text>;
};
struct phone_number {
    std::string text;
    using eloqua_value = bulk::wrapping<&phone_number::text>;
    operator std::string_view() const { return text; }
};
struct person {
    email_address address;
    std::string name;
    std::optional<int> age;
    bool subscribed;
    stage_of_life stage;
    std::chrono::sys_seconds updated;
};
BOOST_DESCRIBE_STRUCT(person, (), (address, name, age, subscribed, stage, updated))

[[maybe_unused]] constexpr char text[] = "40";
[[maybe_unused]] constexpr int whole = 40;
[[maybe_unused]] constexpr double fraction = 40.5;
[[maybe_unused]] constexpr std::chrono::sys_time<std::chrono::milliseconds> moment;

[[maybe_unused]] auto some() {
#ifndef REFUSE
    return bulk::where<&person::address> == email_address{} && bulk::where<&person::age> == whole &&
           bulk::where<&person::name> == text && bulk::where<&person::subscribed> == true &&
           bulk::where<&person::stage> == stage_of_life::lead &&
           bulk::where<&person::updated> == std::chrono::sys_days();
#else
    return bulk::where<&person::MEMBER> == VALUE;
#endif
}
