// SPDX-License-Identifier: BSL-1.0
// With Boost.Test's main(), which calls the init_unit_test_suite() of a unit that defines
// BOOST_TEST_MODULE.
#include <boost/test/included/unit_test.hpp>
