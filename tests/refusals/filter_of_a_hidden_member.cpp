// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*filter_of_row<home, home_and_work)[\s\S]*static assertion failed.*eloqua: this filter is on a base of the exported row, but the row hides a member of that base
// A filter on a base whose member the exported row hides: it would be on the row's own member.
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/render_filter.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct home {
    std::string city;
};
BOOST_DESCRIBE_STRUCT(home, (), (city))
struct home_and_work : home {
#ifndef REFUSE
    std::string company;
#else
    std::string city;
#endif
};
#ifndef REFUSE
BOOST_DESCRIBE_STRUCT(home_and_work, (home), (company))
#else
BOOST_DESCRIBE_STRUCT(home_and_work, (home), (city))
#endif

[[maybe_unused]] auto text() {
    return bulk::render_filter<home_and_work>(bulk::where<&home::city> == "Gent", bulk::contacts);
}
