// SPDX-License-Identifier: BSL-1.0
// Two outstanding page requests: their order, and what happens to one if the other fails.
#include <eloqua/bulk/simulator.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "../client/ways.hpp"
#include "export_script.hpp"
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;
using namespace export_script;
using boost::test_tools::per_element;

namespace {

struct generated {
    std::string email;
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<bulk::field<&generated::email, "C_EmailAddress">,
                                       bulk::attribute<&generated::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(generated, (), (email, id))

bulk::export_options pages_of(int rows, bool ahead = true) {
    bulk::export_options o;
    o.page_rows = rows;
    o.batch_rows = 1;
    o.read_ahead = ahead;
    return o;
}

/// The requests and responses for pages: "ask 0", "got 0".
struct log_of_pages : bulk::observer {
    std::vector<std::string> said;
    void on_request(std::string_view line) override { note("ask ", line); }
    void on_response(std::string_view line, bulk::response_info const&) override {
        note("got ", line);
    }

private:
    void note(std::string what, std::string_view line) {
        if (auto const at = line.find("&offset=");
            at != line.npos && line.find("/data") != line.npos)
            said.push_back(what += line.substr(at + 8));
    }
};

bulk::client_options watched(std::shared_ptr<log_of_pages> const& log) {
    auto o = options();
    o.observer = log;
    return o;
}

/// The offsets and limits of the requested pages: "2+3".
std::vector<std::string> pages_asked(bulk::scripted_transport const& script) {
    std::vector<std::string> out;
    for (auto const& each : script.requests())
        if (auto const at = each.url.find("/data?limit="); at != each.url.npos) {
            auto const offset = each.url.find("&offset=");
            out.push_back(each.url.substr(offset + 8) + '+' +
                          each.url.substr(at + 12, offset - at - 12));
        }
    return out;
}

/// A page of `count` rows from `first`, of 6 rows in all or of `total`.
std::string part(int first, int count, int total = 6) {
    return rows(first, count,
                R"(,"totalResults":)" + std::to_string(total) + R"(,"hasMore":)" +
                    (first + count < total ? "true" : "false"));
}

template <class Source>
bulk::result<std::int64_t> read_all(Source& source, std::vector<int>& got) {
    return source.for_each([&](contact const& c) { got.push_back(c.number); }).get();
}

bulk::error_code lost() {
    return make_error_code(boost::system::errc::connection_reset);
}

} // namespace

BOOST_AUTO_TEST_SUITE(read_ahead)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_next_page_is_requested_before_the_head_is_awaited, Way,
                              ways::all) {
    auto script = begin(6);
    for (int first : {0, 2, 4})
        page(script, 2, first, part(first, 2)).in_pieces_of(7);
    removal(script);
    auto log = std::make_shared<log_of_pages>();
    Way way;
    auto client = way.make(script, me, watched(log));
    bulk::export_options const in_twos = pages_of(2);
    auto source = client.template export_rows<contact>(bulk::contacts, bulk::all_rows, in_twos);
    std::vector<int> got;
    auto const n = way.run(source.for_each([&](contact const& c) { got.push_back(c.number); }));
    BOOST_TEST(n.value() == 6);
    BOOST_TEST(got == upto(6), per_element());
    std::vector<std::string> const order{"ask 0", "ask 2", "got 0", "ask 4", "got 2", "got 4"};
    BOOST_TEST(log->said == order, per_element());
    BOOST_TEST(script.finished());
    BOOST_TEST(script.unexpected().empty());
    BOOST_TEST(source.receipt().requests == 3u);
    BOOST_TEST(source.receipt().retries == 0u);
}

BOOST_AUTO_TEST_CASE(without_a_count_in_the_log_the_first_page_provides_it) {
    auto script = begin();
    for (int first : {0, 2, 4})
        page(script, 2, first, part(first, 2));
    removal(script);
    auto log = std::make_shared<log_of_pages>();
    auto source = bulk::client(script, me, watched(log))
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(2));
    std::vector<int> got;
    BOOST_TEST(read_all(source, got).value() == 6);
    std::vector<std::string> const order{"ask 0", "got 0", "ask 2", "ask 4", "got 2", "got 4"};
    BOOST_TEST(log->said == order, per_element());
}

BOOST_AUTO_TEST_CASE(early_requests_can_be_turned_off) {
    auto script = begin(6);
    for (int first : {0, 2, 4})
        page(script, 2, first, part(first, 2));
    removal(script);
    auto log = std::make_shared<log_of_pages>();
    auto source = bulk::client(script, me, watched(log))
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(2, false));
    std::vector<int> got;
    BOOST_TEST(read_all(source, got).value() == 6);
    std::vector<std::string> const order{"ask 0", "got 0", "ask 2", "got 2", "ask 4", "got 4"};
    BOOST_TEST(log->said == order, per_element());
}

BOOST_AUTO_TEST_CASE(one_page_is_one_request) {
    for (int count : {0, 5, 6}) {
        auto script = begin(count);
        page(script, 6, 0, part(0, count, count));
        removal(script);
        auto source = bulk::client(script, me, options())
                          .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(6));
        std::vector<int> got;
        BOOST_TEST(read_all(source, got).value() == count);
        BOOST_TEST(source.receipt().requests == 1u);
        BOOST_TEST(script.unexpected().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_page_broken_at_every_byte_keeps_the_next_response) {
    std::string const body = part(0, 3);
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
        int whole = 0; // rows whose closing brace arrived
        for (std::size_t at = body.find('}'); at < cut && whole < 3; at = body.find('}', at + 1))
            ++whole;
        auto script = begin(6);
        page(script, 3, 0, body).cut_after(cut);
        page(script, 3, 3, part(3, 3));
        std::vector<std::string> asked{"0+3", "3+3"};
        // Only the gap is requested, and the last delivered row.
        int const from = std::max(whole - 1, 0);
        page(script, 3 - from, from, part(from, 3 - from));
        asked.push_back(std::to_string(from) + '+' + std::to_string(3 - from));
        removal(script);
        auto source = bulk::client(script, me, options())
                          .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
        std::vector<int> got;
        BOOST_TEST(read_all(source, got).value() == 6);
        BOOST_TEST(got == upto(6), per_element());
        BOOST_TEST(pages_asked(script) == asked, per_element());
        BOOST_TEST(script.finished());
        BOOST_TEST(source.receipt().rows == 6);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_early_response_is_requested_again_in_turn) {
    std::string const body = part(3, 3);
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
        int whole = 0;
        for (std::size_t at = body.find('}'); at < cut && whole < 3; at = body.find('}', at + 1))
            ++whole;
        auto script = begin(6);
        page(script, 3, 0, part(0, 3));
        page(script, 3, 3, body).cut_after(cut);
        int const from = 3 + std::max(whole - 1, 0);
        page(script, 3, from, part(from, 6 - from));
        removal(script);
        auto source = bulk::client(script, me, options())
                          .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
        std::vector<int> got;
        BOOST_TEST(read_all(source, got).value() == 6);
        BOOST_TEST(got == upto(6), per_element());
        BOOST_TEST(script.finished());
    }
}

BOOST_AUTO_TEST_CASE(no_response_to_either_request) {
    auto script = begin(6);
    page(script, 3, 0, "").fails_to_answer(lost());
    page(script, 3, 3, "").stale(); // the server had closed the second connection
    page(script, 3, 0, part(0, 3));
    page(script, 3, 3, part(3, 3));
    removal(script);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
    std::vector<int> got;
    BOOST_TEST(read_all(source, got).value() == 6);
    BOOST_TEST(got == upto(6), per_element());
    BOOST_TEST(source.receipt().retries == 1u);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_page_that_cannot_be_requested_early_is_requested_in_turn) {
    auto script = begin(6);
    page(script, 3, 0, part(0, 3));
    page(script, 3, 3, "").fails_to_connect();
    page(script, 3, 3, part(3, 3));
    removal(script);
    auto const before = script.now();
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
    std::vector<int> got;
    BOOST_TEST(read_all(source, got).value() == 6);
    BOOST_TEST(got == upto(6), per_element());
    BOOST_TEST((script.now() == before)); // nobody had to wait
    BOOST_TEST(source.receipt().retries == 0u);
}

BOOST_AUTO_TEST_CASE(a_service_that_accepts_one_request_at_a_time_gets_one) {
    auto script = begin(8);
    auto log = std::make_shared<log_of_pages>();
    page(script, 2, 0, part(0, 2, 8));
    page(script, 2, 2, "").answers(429);
    page(script, 2, 4, part(4, 2, 8));
    page(script, 2, 2, part(2, 2, 8));
    page(script, 2, 6, part(6, 2, 8));
    removal(script);
    auto source = bulk::client(script, me, watched(log))
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(2));
    std::vector<int> got;
    BOOST_TEST(read_all(source, got).value() == 8);
    BOOST_TEST(got == upto(8), per_element());
    std::vector<std::string> const order{"ask 0", "ask 2", "got 0", "ask 4", "got 2",
                                         "ask 2", "got 2", "got 4", "ask 6", "got 6"};
    BOOST_TEST(log->said == order, per_element());
}

BOOST_AUTO_TEST_CASE(a_short_page_discards_the_next) {
    auto script = begin(6);
    bool read = false;
    page(script, 3, 0, part(0, 2));
    page(script, 3, 3, part(3, 3)).at_byte(0, [&] { read = true; });
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
    std::vector<int> got;
    auto const came = read_all(source, got);
    BOOST_TEST((came.error().code == bulk::errc::short_page));
    BOOST_TEST(came.error().message().find("limit=3&offset=0") != std::string::npos);
    BOOST_TEST(got == upto(2), per_element());
    BOOST_TEST(!read);
    BOOST_TEST((read_all(source, got).error().code == bulk::errc::short_page));
    BOOST_TEST(script.unexpected().empty());
}

BOOST_AUTO_TEST_CASE(a_changed_total_discards_the_next) {
    auto script = begin(6);
    bool read = false;
    page(script, 2, 0, part(0, 2));
    page(script, 2, 2, part(2, 2, 5));
    page(script, 2, 4, part(4, 2)).at_byte(0, [&] { read = true; });
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(2));
    std::vector<int> got;
    BOOST_TEST((read_all(source, got).error().code == bulk::errc::total_changed));
    BOOST_TEST(!read);
}

BOOST_AUTO_TEST_CASE(an_end_before_the_logged_count_discards_the_next) {
    auto script = begin(6);
    bool read = false;
    page(script, 3, 0, part(0, 3, 3));
    page(script, 3, 3, part(3, 3)).at_byte(0, [&] { read = true; });
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
    std::vector<int> got;
    BOOST_TEST((read_all(source, got).error().code == bulk::errc::count_mismatch));
    BOOST_TEST(!read);
}

BOOST_AUTO_TEST_CASE(a_smaller_limit_in_pages_discards_one_and_is_learned) {
    auto script = begin(7);
    bool read = false;
    auto small = [](int first, int count) {
        return rows(first, count, R"(,"totalResults":7,"limit":2)");
    };
    page(script, 3, 0, small(0, 2));
    page(script, 3, 3, small(3, 2)).at_byte(0, [&] { read = true; });
    page(script, 3, 2, small(2, 2));
    page(script, 3, 4, small(4, 2));
    page(script, 3, 6, small(6, 1));
    removal(script);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
    std::vector<int> got;
    BOOST_TEST(read_all(source, got).value() == 7);
    BOOST_TEST(got == upto(7), per_element());
    BOOST_TEST(!read);
    BOOST_TEST(script.finished());
    BOOST_TEST(source.receipt().retries == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_longer_than_requested_ends_the_export) {
    auto script = begin(6);
    page(script, 2, 0, part(0, 3));
    page(script, 2, 2, part(2, 2));
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(2));
    std::vector<int> got;
    auto const came = read_all(source, got);
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::malformed_response));
    BOOST_TEST(got == upto(2), per_element());
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(after_a_callback_throws_both_pages_are_requested_again) {
    auto script = begin(6);
    bool read = false;
    page(script, 3, 0, part(0, 3));
    page(script, 3, 3, part(3, 3)).at_byte(0, [&] { read = true; });
    page(script, 3, 0, part(0, 3));
    page(script, 3, 3, part(3, 3));
    removal(script);
    auto source = bulk::client(script, me, options())
                      .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
    std::vector<int> got;
    auto fussy = [&](contact const& c) {
        if (c.number == 1)
            throw std::runtime_error("no room");
        got.push_back(c.number);
    };
    BOOST_CHECK_THROW((void)source.for_each(fussy).get(), std::runtime_error);
    BOOST_TEST(read_all(source, got).value() == 5);
    BOOST_TEST(got == upto(6), per_element());
    BOOST_TEST(!read);
}

BOOST_AUTO_TEST_CASE(cancelled_at_every_byte_with_two_requests_outstanding) {
    std::string const body = part(0, 3);
    for (std::size_t at = 0; at <= body.size(); ++at) {
        int whole = 0;
        for (std::size_t i = body.find('}'); i < at && whole < 3; i = body.find('}', i + 1))
            ++whole;
        auto prepare = [&](std::function<void()> stop) {
            auto script = begin(6);
            page(script, 3, 0, body).at_byte(at, std::move(stop));
            page(script, 3, 3, part(3, 3)).at_byte(0, [] { BOOST_ERROR("it was dropped"); });
            int const from = std::max(whole - 1, 0);
            page(script, 3, from, part(from, 3));
            page(script, 3, from + 3, part(from + 3, 3 - from));
            removal(script);
            return script;
        };
        {
            std::stop_source stop;
            auto script = prepare([&] { stop.request_stop(); });
            auto source = bulk::client(script, me, options())
                              .export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
            std::vector<int> got;
            auto collect = [&](contact const& c) { got.push_back(c.number); };
            auto const came = source.for_each(collect).get(stop.get_token());
            BOOST_TEST((came.error().code == boost::system::errc::operation_canceled));
            BOOST_TEST(got == upto(whole), per_element());
            BOOST_TEST(source.for_each(collect).get().has_value());
            BOOST_TEST(got == upto(6), per_element());
            BOOST_TEST(script.finished());
        }
        asio::io_context context;
        asio::cancellation_signal cancel;
        auto script = prepare([&] { cancel.emit(asio::cancellation_type::total); });
        bulk::async_client client(
            bulk::posted_transport<bulk::scripted_transport>(context.get_executor(), script), me,
            options());
        bulk::export_options const in_threes = pages_of(3);
        auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, in_threes);
        std::vector<int> got;
        auto collect = [&](contact const& c) { got.push_back(c.number); };
        std::optional<bulk::result<std::int64_t>> came;
        auto done = [&](bulk::result<std::int64_t> r) { came = std::move(r); };
        source.for_each(collect)(asio::bind_cancellation_slot(cancel.slot(), done));
        context.run();
        BOOST_TEST((came.value().error().code == boost::system::errc::operation_canceled));
        came.reset();
        source.for_each(collect)(done);
        context.restart();
        context.run();
        BOOST_TEST(came.value().has_value());
        BOOST_TEST(got == upto(6), per_element());
        BOOST_TEST(script.finished());
    }
}

namespace {

/// Tokens that are numbered at each renewal.
class counting_credentials {
public:
    explicit counting_credentials(std::shared_ptr<int> renewals) : renewals_(std::move(renewals)) {}
    bulk::flow<bulk::result<std::string>> authorization() { co_return token(); }
    bulk::flow<bulk::result<bool>> renew(std::string refused) {
        if (refused == token())
            ++*renewals_;
        co_return true;
    }

private:
    std::string token() const { return "Bearer " + std::to_string(*renewals_); }
    std::shared_ptr<int> renewals_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_token_that_expires_under_both_requests_is_renewed_once) {
    auto script = begin(6);
    page(script, 3, 0, "").answers(401);
    page(script, 3, 3, "").answers(401);
    page(script, 3, 0, part(0, 3));
    page(script, 3, 3, part(3, 3));
    removal(script);
    auto renewals = std::make_shared<int>(0);
    bulk::client client(script, counting_credentials(renewals), options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(3));
    std::vector<int> got;
    BOOST_TEST(read_all(source, got).value() == 6);
    BOOST_TEST(got == upto(6), per_element());
    BOOST_TEST(*renewals == 1);
    BOOST_TEST(source.receipt().retries == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_rows_are_the_same_with_and_without_early_requests, Way,
                              ways::all) {
    for (int count : {1, 99, 100, 101, 1'234}) {
        std::vector<std::int64_t> ids[2];
        for (bool ahead : {false, true}) {
            bulk::simulator eloqua;
            eloqua.generate_contacts(count);
            Way way;
            auto client = way.make(eloqua, me);
            bulk::export_options const in_pages = pages_of(100, ahead);
            auto source =
                client.template export_rows<generated>(bulk::contacts, bulk::all_rows, in_pages);
            auto take = [&](generated const& g) { ids[ahead].push_back(g.id); };
            BOOST_TEST(way.run(source.for_each(take)).value() == count);
            auto const pages = static_cast<std::uint64_t>((count + 99) / 100);
            BOOST_TEST(eloqua.requests("GET /syncs/{id}/data") == pages);
            BOOST_TEST(source.receipt().requests == pages);
        }
        BOOST_TEST((ids[0] == ids[1]));
    }
}

BOOST_AUTO_TEST_SUITE_END()
