// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fstream>
#include <ios>
#include <iterator>
#include <stdexcept>
#include <string>

/// The text of a file in tests/payloads, the folder that PAYLOADS names.
inline std::string payload(std::string const& name) {
    std::ifstream file(std::string(PAYLOADS "/") + name, std::ios::binary);
    if (!file)
        throw std::runtime_error("no payload " + name);
    return {std::istreambuf_iterator<char>(file), {}};
}
