// SPDX-License-Identifier: BSL-1.0
// The main program of every unit-test executable.
#define BOOST_TEST_MODULE eloqua_bulk
#include <boost/test/unit_test.hpp>

// Asio counts references with a fence before the last one goes, which ThreadSanitizer does not
// know.
extern "C" char const* __tsan_default_suppressions();
extern "C" char const* __tsan_default_suppressions() {
    return "race:boost::asio::execution::detail::shared_target_executor\n";
}
