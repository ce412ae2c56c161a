// SPDX-License-Identifier: BSL-1.0
// Custom objects whose fields have names that are not legal in C++, and too many fields for one
// struct.
#pragma once

#include <eloqua/bulk/simulator.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace odd_objects {

namespace bulk = eloqua::bulk;

inline constexpr std::int64_t odd = 701, sixty = 702, widest = 703, too_wide = 704;

inline bulk::simulated_field field(std::string internal, std::string name,
                                   bulk::data_type type = bulk::data_type::string) {
    bulk::simulated_field made(std::move(internal), type);
    made.name = std::move(name);
    return made;
}

/// The first one identifies the records.
inline std::vector<bulk::simulated_field> odd_fields() {
    using enum bulk::data_type;
    std::vector<bulk::simulated_field> all{
        field("Order Number1", "Order Number"),
        field("2nd-Address", "2nd Address"),
        field("class", "Class"),
        field("int", "Whole number", number),
        field("and", "And", boolean),
        field("Größe", "Größe in mm", number),
        field("Groesse", "Größe in mm", number),
        field("GRÖSSE", "Größe in mm"),
        field("Ärzte", "Ärzte"),
        field("Straße", "Straße, Hausnummer"),
        field("Café", "Café", date),
        field("名前", "名前"),
        field("???", "What?\?/"),
        field("!!!", ""),
        field("__reserved", "ends in a backslash \\"),
        field("_Upper", "*/ #include \"none.hpp\" /*"),
        field("odd names row", "two\nlines\r\nor three"),
        field("odd_names_row_1", "turned \u202Etext"),
        field("eloqua_fields", "eloqua_fields"),
        field("std", "std"),
        field("bulk", "bulk", date),
        field("Customer_Id1", "Customer", number),
        field("CustomerIDs", "Customers", number),
        field("Paid1", "Paid", number),
        field("errno", "errno"),
        field("field", "field", emailAddress),
        field("field_2", "field 2"),
        field(std::string(100, 'x') + "1", std::string(300, 'x')),
        field(std::string(100, 'x') + "2", std::string(300, 'x')),
        field("a\"b\\c", "a\"b\\c"),
    };
    all.front().unique = true;
    all[1].required = true;
    return all;
}

inline std::vector<bulk::simulated_field> many_fields(int count) {
    std::vector<bulk::simulated_field> all;
    for (int i = 1; i <= count; ++i)
        all.push_back(field("Value" + std::to_string(i), "Value " + std::to_string(i),
                            i % 5 == 0 ? bulk::data_type::number : bulk::data_type::string));
    return all;
}

inline void add_to(bulk::simulator& eloqua) {
    eloqua.add_custom_object(odd, "Odd names", odd_fields());
    eloqua.add_custom_object(sixty, "60 values", many_fields(60));
    // With the four system values of each record: as many fields as an export can have, and one
    // more.
    eloqua.add_custom_object(widest, "Widest", many_fields(246));
    eloqua.add_custom_object(too_wide, "Too wide", many_fields(247));
}

} // namespace odd_objects
