// SPDX-License-Identifier: BSL-1.0
#include <eloqua/bulk/beast_src.hpp>
