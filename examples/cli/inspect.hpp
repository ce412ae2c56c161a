// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk fields, objects, lists, segments, storage: what an instance has.
#pragma once

#include "ending.hpp"
#include "entity_choice.hpp"
#include "reporting.hpp"

namespace cli {

exit_code run_fields(entity_arguments const& of, common_arguments const& common);
exit_code run_objects(common_arguments const& common);
exit_code run_lists(common_arguments const& common);
exit_code run_segments(common_arguments const& common);
exit_code run_storage(common_arguments const& common);

} // namespace cli
