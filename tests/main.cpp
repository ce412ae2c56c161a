// SPDX-License-Identifier: BSL-1.0
// The main program of every unit-test executable.
#define BOOST_TEST_MODULE eloqua_bulk
#include <boost/test/unit_test.hpp>
