// SPDX-License-Identifier: BSL-1.0
// What an observer receives about rows and responses: enough for a progress bar and for metrics.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};

struct contact {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email))

struct answered {
    std::string line;
    bulk::response_info what;
};

struct watching : bulk::observer {
    std::vector<std::pair<std::int64_t, std::int64_t>> rows;
    std::vector<answered> answers;
    void on_rows(std::int64_t n, std::int64_t total) override { rows.emplace_back(n, total); }
    void on_response(std::string_view line, bulk::response_info const& answer) override {
        answers.push_back({std::string(line), answer});
    }

    /// So many rows between two calls at most, and this total in all of them but the last.
    void check(std::int64_t count, std::int64_t total, std::int64_t at_once = 1'000) const {
        BOOST_TEST_REQUIRE(!rows.empty());
        std::int64_t before = 0;
        for (auto const& [n, of] : rows) {
            BOOST_TEST(n - before <= at_once);
            BOOST_TEST(of == (n == count ? count : total));
            before = n;
        }
        BOOST_TEST(rows.back().first == count);
        BOOST_TEST(std::ranges::count(rows, std::pair(count, count)) == 1);
    }
    answered const& to(std::string_view part) const {
        return *std::ranges::find_if(
            answers, [&](answered const& each) { return each.line.find(part) != part.npos; });
    }
};

struct watched {
    bulk::simulator eloqua;
    std::shared_ptr<watching> watch = std::make_shared<watching>();
    bulk::client client{eloqua, me, options()};

    bulk::client_options options() const {
        bulk::client_options o;
        o.observer = watch;
        o.accept_gzip = false;
        return o;
    }
};

std::vector<contact> contacts(std::size_t count) {
    std::vector<contact> made;
    for (std::size_t i = 0; i != count; ++i)
        made.push_back({"row" + std::to_string(i) + "@example.com"});
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(progress)

BOOST_FIXTURE_TEST_CASE(rows_of_an_export, watched) {
    eloqua.generate_contacts(7'000);
    auto source = client.export_rows<contact>(bulk::contacts);
    BOOST_TEST(source.for_each([](contact const&) {}).get().value() == 7'000);
    watch->check(7'000, 7'000, 2'000); // in pieces of 64 kB
    BOOST_TEST(watch->rows.size() >= 4u);
}

BOOST_FIXTURE_TEST_CASE(an_export_without_rows_ends_too, watched) {
    BOOST_TEST(client.export_rows<contact>(bulk::contacts).next().get().value().empty());
    watch->check(0, 0);
    BOOST_TEST(watch->rows.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(rows_that_move_slowly_are_told_by_the_clock, watched) {
    auto const people = contacts(20);
    auto slowly = people | std::views::transform([this](contact const& c) {
                      eloqua.advance(std::chrono::milliseconds(50));
                      return c;
                  });
    BOOST_TEST(client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, slowly)
                   .get()
                   .has_value());
    watch->check(20, 20);
    BOOST_TEST(watch->rows.size() == 6u);
}

BOOST_FIXTURE_TEST_CASE(rows_of_an_import, watched) {
    auto const people = contacts(2'500);
    auto const by = bulk::identified_by<&contact::email>;
    BOOST_TEST(client.import_rows(bulk::contacts, by, people).get().has_value());
    watch->check(2'500, 2'500);
    watch->rows.clear();
    auto every = people | std::views::filter([](contact const&) { return true; });
    BOOST_TEST(client.import_rows(bulk::contacts, by, every).get().has_value());
    watch->check(2'500, 0); // a range that does not know its size
}

BOOST_FIXTURE_TEST_CASE(answers_tell_their_size_and_time, watched) {
    eloqua.generate_contacts(3);
    bulk::export_definition wanted;
    wanted.name = "sizes";
    wanted.fields = {{"email", "{{Contact.Field(C_EmailAddress)}}"}};
    auto const made = client.exports(bulk::contacts).create(wanted).get().value();
    bulk::response_info const created = watch->to("POST").what;
    BOOST_TEST(created.status == 201);
    BOOST_TEST(created.sent == bulk::write_document(wanted).size());
    BOOST_TEST(created.bytes > created.sent);
    BOOST_TEST(
        client.exports(bulk::contacts).read(bulk::id_of(made).value() + 1).get().has_error());
    BOOST_TEST(watch->answers.back().what.status == 404);
    BOOST_TEST(watch->answers.back().what.sent == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
