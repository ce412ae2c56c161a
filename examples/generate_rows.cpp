// SPDX-License-Identifier: BSL-1.0
// Writes a header with a row type for an entity, whose fields it reads from an instance.
#include <eloqua/bulk.hpp>

#include "field_lists.hpp"
#include "instance.hpp"
#include "row_header.hpp"
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr char const* usage =
    R"(usage: generate_rows ENTITY [options]

Writes a C++ header with a struct for the rows of an entity: a member for each of its fields, of the
field's type, and the field map. ENTITY is one of

  contacts, accounts, campaignResponses, opportunities
  activities TYPE   such as EmailOpen
  customObjects ID, events ID

Imports refuse a struct with read-only fields; --writable leaves them out. An export has at most 250
fields, an import 100. The program only reads from the instance. Without --company the instance is a
simulated Eloqua with custom object 501 and event 601.

  --struct NAME     the struct's name (default: the entity's name)
  --namespace NS    namespace of the struct, such as acme::rows
  --only FIELD      only this field: its internal name, display name or statement; may be repeated
  --writable        only fields that an import can write
  --out FILE        writes to a file instead of standard output
  --help            this text
)";

struct arguments {
    std::string entity, which, out;
    header_choice choice;
};

int run(arguments const& given, instance_arguments const& where) {
    if (given.entity.empty())
        throw bad_usage("an entity is required");
    instance eloqua(where, {}, purpose::reading);
    written_header made;
    std::string entity;
    try {
        field_list const of = ask_for_fields(eloqua.client(), given.entity, given.which);
        made = write_row_header(of, given.choice);
        entity = of.entity;
    } catch (std::invalid_argument const& e) {
        throw bad_usage(e.what());
    }
    if (given.out.empty()) {
        if (!(std::cout << made.text).flush())
            throw std::runtime_error("cannot write the header");
    } else {
        std::ofstream file(given.out, std::ios::binary);
        if (!(file << made.text).flush())
            throw std::runtime_error("cannot write " + given.out);
    }
    std::cerr << "generate_rows: struct " << made.struct_name << " with " << made.members
              << " fields of " << entity << '\n';
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    arguments given;
    auto own = [&](std::string_view word, auto value) {
        if (word == "--struct")
            given.choice.struct_name = value();
        else if (word == "--namespace")
            given.choice.name_space = value();
        else if (word == "--only")
            given.choice.only.push_back(value());
        else if (word == "--out")
            given.out = value();
        else if (word == "--writable")
            given.choice.writable = true;
        else if (word.starts_with("--") || !given.which.empty())
            return false;
        else
            (given.entity.empty() ? given.entity : given.which) = word;
        return true;
    };
    return run_example("generate_rows", usage, argc, argv, own,
                       [&](instance_arguments const& where) { return run(given, where); });
}
