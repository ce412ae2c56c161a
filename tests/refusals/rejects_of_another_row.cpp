// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*NAMES)(?=.*eloqua: .*SAYS)
// with: CASE=1 NAMES=sink_of_rejects<person, SAYS=does.not.accept.an.import_reject
// with: CASE=2 NAMES=number_of_sinks<person, SAYS=an.import.can.have.only.one.rejects_to
// A sink for the rejects of other rows, and two sinks.
#include <eloqua/bulk/rejects.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
struct company {
    std::string name;
};

inline auto people = bulk::rejects_to([](bulk::import_reject<person> const&) {});
inline auto companies = bulk::rejects_to([](bulk::import_reject<company> const&) {});

#if !defined(REFUSE)
auto handler = bulk::detail::handler_among<person>(people);
#elif CASE == 1
auto handler = bulk::detail::handler_among<person>(companies);
#elif CASE == 2
auto handler = bulk::detail::handler_among<person>(people, people);
#endif
