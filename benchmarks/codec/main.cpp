// SPDX-License-Identifier: BSL-1.0
#include <benchmark/benchmark.h>

BENCHMARK_MAIN();
