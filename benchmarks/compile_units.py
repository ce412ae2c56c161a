# SPDX-License-Identifier: BSL-1.0
"""The units whose compilation is measured."""
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
INCLUDE, CONSUMERS = TOP / "include", TOP / "tests/consumers"
SEPARATE = "-DELOQUA_BULK_SEPARATE_COMPILATION"
BASE = """
#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <vector>
"""
HEADER = """
#include <eloqua/bulk.hpp>
#include <boost/describe/class.hpp>
namespace bulk = eloqua::bulk;
"""
THREE_FIELDS = HEADER + """
struct person {
    std::string email;
    std::optional<std::string> country;
    std::chrono::sys_seconds updated;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">,
                                       bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, updated))
std::size_t characters(bulk::client& client) {
    std::size_t n = 0;
    auto rows = client.export_rows<person>(bulk::contacts, bulk::where<&person::country> == "BE");
    for (person const& each : rows)
        n += each.email.size();
    return n;
}
"""
TYPES = ["std::string", "std::optional<std::string>", "std::optional<double>",
         "std::optional<std::chrono::sys_seconds>", "std::int64_t", "bool"]


def row_of_50(name: str) -> str:
    """A row whose members are all in its map, exported with a filter and imported."""
    members = [f"member_{i}" for i in range(50)]
    declared = "\n".join(f"    {TYPES[i % len(TYPES)]} {m}{{}};" for i, m in enumerate(members))
    mapped = ", ".join(f'bulk::field<&{name}::{m}, "C_{m}">' for m in members)
    return f"""
struct {name} {{
{declared}
    using eloqua_fields = bulk::fields<{mapped}>;
}};
BOOST_DESCRIBE_STRUCT({name}, (), ({", ".join(members)}))
std::size_t use(bulk::client& client, std::vector<{name}> const& rows) {{
    std::size_t n = 0;
    auto source = client.export_rows<{name}>(bulk::contacts,
                                             bulk::where<&{name}::member_0> == "BE");
    for ({name} const& each : source)
        n += each.member_0.size();
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&{name}::member_0>, rows).get();
    return n + static_cast<std::size_t>(report->created);
}}
"""


# Makes a client of the simulated service, imports and exports one struct.
ROUND_TRIP = (CONSUMERS / "round_trip.cpp").read_text()
