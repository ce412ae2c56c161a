// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk generate-rows: a C++ header with a row type for an entity.
#pragma once

#include "ending.hpp"
#include "entity_choice.hpp"
#include "reporting.hpp"
#include <string>
#include <vector>

namespace cli {

struct generate_arguments {
    entity_arguments entity;
    std::string struct_name, name_space, out; ///< empty: the default
    std::vector<std::string> only;
    bool writable = false;
};

exit_code run_generate_rows(generate_arguments const& given, common_arguments const& common);

} // namespace cli
