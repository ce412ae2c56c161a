// SPDX-License-Identifier: BSL-1.0
#include "generate_rows.hpp"

#include "field_lists.hpp"
#include "row_header.hpp"
#include "text.hpp"
#include <fstream>
#include <memory>
#include <stdexcept>

namespace cli {

exit_code run_generate_rows(generate_arguments const& given, common_arguments const& common) {
    (void)entity_of(given.entity); // for its errors
    auto const shown = std::make_shared<progress>("generate-rows", common.quiet);
    bulk::client const client = connect(common.connection, shown);
    std::string const& which = given.entity.type.empty() ? given.entity.which : given.entity.type;
    written_header made;
    std::string entity;
    try {
        field_list const of = ask_for_fields(client, given.entity.name, which);
        made =
            write_row_header(of, {given.struct_name, given.name_space, given.only, given.writable});
        entity = of.entity;
    } catch (std::invalid_argument const& wrong) {
        throw bad_usage(printable(wrong.what()));
    } catch (bulk::error const&) {
        throw;
    } catch (std::runtime_error const& wrong) {
        throw ending(exit_code::refused, printable(wrong.what()));
    }
    if (given.out.empty()) {
        made.text.pop_back();
        say(made.text);
        flush_output();
    } else {
        std::ofstream file(given.out, std::ios::binary);
        if (!(file << made.text).flush())
            throw ending(exit_code::refused, "cannot write " + printable(given.out));
    }
    shown->note("struct " + made.struct_name + " with " + std::to_string(made.members) +
                " fields of " + entity);
    return exit_code::complete;
}

} // namespace cli
