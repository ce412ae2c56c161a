// SPDX-License-Identifier: BSL-1.0
// What most units of the program include, compiled once. A unit still includes what it uses.
#include <eloqua/bulk.hpp>

#include <boost/json/serialize.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
