// SPDX-License-Identifier: BSL-1.0
// The memory that this process has taken.
#pragma once

#include <fstream>
#include <string>

/// Peak resident memory in KiB. Not from getrusage, whose figure a process inherits from its
/// parent.
inline long peak_kib() {
    std::ifstream status("/proc/self/status");
    long kib = 0;
    for (std::string word; status >> word;)
        if (word == "VmHWM:" && status >> kib)
            break;
    return kib;
}
