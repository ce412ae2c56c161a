// SPDX-License-Identifier: BSL-1.0
// The main program of every unit-test executable.
#define BOOST_TEST_MODULE eloqua_bulk
#include <boost/test/unit_test.hpp>

// Asio decrements a reference count with a fence, which ThreadSanitizer does not understand.
extern "C" char const* __tsan_default_suppressions();
extern "C" char const* __tsan_default_suppressions() {
    return "race:boost::asio::execution::detail::shared_target_executor\n";
}
