// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Version of the library as one number: major * 10000 + minor * 100 + patch.
#define ELOQUA_BULK_VERSION 200

/// Version of the library as text, "major.minor.patch".
#define ELOQUA_BULK_VERSION_STRING "0.2.0"
