// SPDX-License-Identifier: BSL-1.0
#include <eloqua/bulk/src.hpp>
