# SPDX-License-Identifier: BSL-1.0
# The targets of the compiled libraries. Included only by the package eloqua-bulk. This file is in
# libdir because it depends on the architecture, like the libraries.
get_filename_component(_eloqua_bulk_libraries "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
if(NOT TARGET eloqua::bulk_compiled)
  add_library(eloqua::bulk_compiled STATIC IMPORTED)
  set_target_properties(eloqua::bulk_compiled PROPERTIES
    IMPORTED_LOCATION "${_eloqua_bulk_libraries}/libeloqua_bulk.a"
    INTERFACE_COMPILE_DEFINITIONS ELOQUA_BULK_SEPARATE_COMPILATION
    INTERFACE_LINK_LIBRARIES eloqua::bulk)
endif()
if(TARGET eloqua::bulk_beast AND NOT TARGET eloqua::bulk_beast_compiled
    AND EXISTS "${_eloqua_bulk_libraries}/libeloqua_bulk_beast.a")
  add_library(eloqua::bulk_beast_compiled STATIC IMPORTED)
  set_target_properties(eloqua::bulk_beast_compiled PROPERTIES
    IMPORTED_LOCATION "${_eloqua_bulk_libraries}/libeloqua_bulk_beast.a"
    INTERFACE_LINK_LIBRARIES "eloqua::bulk_compiled;eloqua::bulk_beast")
endif()
unset(_eloqua_bulk_libraries)
