// SPDX-License-Identifier: BSL-1.0
// Jobs with random faults, in process:
//
//     test_jobs --run_test=chaos -- --seeds 5000
//     test_jobs --run_test=chaos -- --seed 17
#include "chaos.hpp"

#include <boost/test/unit_test.hpp>

using namespace chaos_runs;

BOOST_AUTO_TEST_SUITE(chaos)

BOOST_AUTO_TEST_CASE(exports) {
    auto const seeds = chaos_runs::seeds(300);
    outcomes const all = export_all<run>(seeds);
    if (all.fine && seeds.size() >= 100) {
        BOOST_TEST(all.complete > 2 * all.failed);
        BOOST_TEST(all.failed > 0u);
        BOOST_TEST(all.kinds.size() > 20u);
    }
}

BOOST_AUTO_TEST_CASE(imports) {
    auto const seeds = chaos_runs::seeds(300);
    outcomes const all = import_all<run>(seeds);
    if (all.fine && seeds.size() >= 100) {
        BOOST_TEST(all.complete > 2 * all.failed);
        BOOST_TEST(all.failed > 0u);
    }
}

BOOST_AUTO_TEST_CASE(object_imports) {
    auto const seeds = chaos_runs::seeds(300);
    outcomes const all = import_objects<run>(seeds);
    if (all.fine && seeds.size() >= 100) {
        BOOST_TEST(all.complete > all.failed);
        BOOST_TEST(all.failed > 0u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
