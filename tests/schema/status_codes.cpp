// SPDX-License-Identifier: BSL-1.0
// ELQ codes, and enumerations that the service may extend.
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <fstream>
#include <optional>
#include <string>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

using status = bulk::open_enum<bulk::sync_status>;
using bulk::sync_status;

} // namespace

BOOST_AUTO_TEST_SUITE(status_codes)

BOOST_AUTO_TEST_CASE(reads_codes_known_and_unknown) {
    BOOST_TEST((bulk::parse_elq("ELQ-00102") == bulk::elq::members_exported));
    BOOST_TEST((bulk::parse_elq("ELQ-00001") == bulk::elq::records_processed));
    BOOST_TEST((bulk::parse_elq("ELQ-00099") == static_cast<bulk::elq>(99)));
}

BOOST_DATA_TEST_CASE(refuses_invalid_codes,
                     data::make({"", "ELQ", "ELQ-", "ELQ-00000", "ELQ--1", "ELQ-+1", "ELQ-1x",
                                 "elq-00001", "00102", " ELQ-00102", "ELQ-00102 ",
                                 "ELQ-99999999999"}),
                     text) {
    BOOST_TEST(!bulk::parse_elq(text).has_value());
}

BOOST_AUTO_TEST_CASE(every_documented_code_with_its_severity) {
    std::ifstream file(CONTRACT "/status_codes.tsv");
    std::string line;
    std::getline(file, line); // column names
    std::size_t count = 0;
    for (; std::getline(file, line); ++count) {
        std::string const code = line.substr(0, line.find('\t'));
        BOOST_TEST_CONTEXT(code) {
            bulk::elq_meaning const* const meaning =
                bulk::meaning_of(bulk::parse_elq(code).value());
            BOOST_TEST_REQUIRE(meaning);
            std::string const severity = boost::describe::enum_to_string(meaning->severity, "");
            BOOST_TEST(line.substr(code.size() + 1).starts_with(severity + '\t'));
            BOOST_TEST(!meaning->text.empty());
            BOOST_TEST(bulk::make_error_code(meaning->code).message() == code);
        }
    }
    BOOST_TEST(count == 87u);
    BOOST_TEST(bulk::elq_codes.size() == count);
    BOOST_TEST(bulk::meaning_of(static_cast<bulk::elq>(6)) == nullptr);
    BOOST_TEST(bulk::meaning_of(static_cast<bulk::elq>(100'000)) == nullptr);
}

BOOST_AUTO_TEST_CASE(codes_are_error_codes) {
    bulk::error_code const code = bulk::elq::duplicate_identifier;
    BOOST_TEST(code.message() == "ELQ-00026");
    BOOST_TEST((bulk::error_code(bulk::elq::temporary_error) == bulk::condition::try_later));
    BOOST_TEST((code != bulk::condition::try_later));
}

BOOST_AUTO_TEST_CASE(an_open_enumeration_compares_with_enumerators) {
    BOOST_TEST((status(sync_status::success) == sync_status::success));
    BOOST_TEST((status(std::string("success")) == sync_status::success));
    BOOST_TEST((status(std::string("success")) != sync_status::warning));
    BOOST_TEST((status(std::string("success")) == status(sync_status::success)));
    BOOST_TEST(status(sync_status::active).text() == "active");
    BOOST_TEST((status() == sync_status::pending));
}

BOOST_AUTO_TEST_CASE(an_unknown_text_is_kept_and_equals_no_enumerator) {
    status const later(std::string("paused"));
    BOOST_TEST(!later.known().has_value());
    BOOST_TEST(later.text() == "paused");
    for (sync_status each : {sync_status::pending, sync_status::active, sync_status::success,
                             sync_status::warning, sync_status::error, sync_status::errored})
        BOOST_TEST((later != each));
    BOOST_TEST((later == status(std::string("paused"))));
    BOOST_TEST((later != status(std::string("halted"))));
    BOOST_TEST((status(std::string("Success")) == sync_status::success));
    BOOST_TEST((status(std::string("success\0x", 9)) != sync_status::success));
}

BOOST_AUTO_TEST_CASE(a_sync_knows_whether_it_is_done) {
    auto with = [](std::optional<status> s) {
        bulk::sync sync;
        sync.status = s;
        return std::string(sync.finished() ? "finished" : "going on") +
               (sync.failed() ? ", failed" : "");
    };
    BOOST_TEST(with({}) == "going on");
    BOOST_TEST(with(status(sync_status::pending)) == "going on");
    BOOST_TEST(with(status(sync_status::active)) == "going on");
    BOOST_TEST(with(status(sync_status::success)) == "finished");
    BOOST_TEST(with(status(sync_status::warning)) == "finished");
    BOOST_TEST(with(status(sync_status::error)) == "finished, failed");
    BOOST_TEST(with(status(std::string("errored"))) == "finished, failed");
    BOOST_TEST(with(status(std::string("paused"))) == "going on");
}

BOOST_AUTO_TEST_SUITE_END()
