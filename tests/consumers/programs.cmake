# SPDX-License-Identifier: BSL-1.0
# The programs of CMake consumers. OBJECTS is the folder of the compiled units.
add_executable(beast "${CMAKE_CURRENT_LIST_DIR}/beast.cpp" "${OBJECTS}/compiled/round_trip.o")
target_link_libraries(beast PRIVATE eloqua::bulk_beast_compiled)
add_executable(own_transport "${OBJECTS}/compiled/own_transport.o")
target_link_libraries(own_transport PRIVATE eloqua::bulk_compiled)
add_executable(beast_header_only "${CMAKE_CURRENT_LIST_DIR}/headers.cpp"
  "${OBJECTS}/header_only/beast.o" "${OBJECTS}/header_only/round_trip.o")
target_link_libraries(beast_header_only PRIVATE eloqua::bulk_beast)
add_executable(round_trip_header_only "${OBJECTS}/header_only/main.o"
  "${OBJECTS}/header_only/round_trip.o")
target_link_libraries(round_trip_header_only PRIVATE eloqua::bulk)
set_target_properties(own_transport round_trip_header_only PROPERTIES LINKER_LANGUAGE CXX)
