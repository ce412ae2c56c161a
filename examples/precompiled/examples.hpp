// SPDX-License-Identifier: BSL-1.0
// What most examples and programs of the guides include, compiled once. A program still includes
// what it uses.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
