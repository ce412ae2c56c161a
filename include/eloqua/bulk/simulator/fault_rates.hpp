// SPDX-License-Identifier: BSL-1.0
/// \file
/// How often faults happen at random.
#pragma once

#include <eloqua/bulk/detail/codec/random_generator.hpp>
#include <eloqua/bulk/simulator/fault.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace eloqua::bulk {

/// Probabilities per request, from 0 to 1, with a sum of at most 1. The defaults cover all faults
/// from which a client with the default `retry_policy` recovers by retrying; faults that may end a
/// job have 0. Exports and imports also recover from lost responses; a direct call that must not
/// be repeated ends in `errc::outcome_unknown`.
struct fault_rates {
    /// @{
    /// Probability of the `fault` of this name.
    double refuse = 0.01;
    double cut_handshake = 0.01;
    double reset_before = 0.01;
    double reset_inside = 0.01;
    double lose_answer = 0.01;
    double cut = 0.01;
    double stall = 0.005; ///< half of them inside the body
    double trickle = 0.01;
    double overstate = 0.01;
    double repeat_answer = 0.01;
    double truncate = 0;
    double garble = 0;
    double unauthorized = 0.01;
    double move_pod = 0.002; ///< and back, with 401, 302 or 503; see `fault::move_pod`
    double too_many_requests = 0.01;
    double server_error = 0.01; ///< of severity 3
    double severe_error = 0;    ///< of severities 0 to 2, which require long waits, or giving up
    double bad_gateway = 0.01;
    double unavailable = 0.01; ///< half of them with a Retry-After in some form
    double gateway_timeout = 0.01;
    double expire = 0;              ///< of requests for rows
    double reorder = 0;             ///< of requests for rows
    double hold = 0.02;             ///< of requests for a sync, for up to an hour
    double fail = 0;                ///< of requests for a sync
    double reject = 0;              ///< of requests for a sync: some of the rows
    double byte_order_mark = 0.005; ///< of requests for documents and rows
    double open_last_line = 0.01;   ///< of requests for rows; CSV only
    double other_page = 0;          ///< of requests for a list or for rows
    double wrong_offset = 0;        ///< of requests for a list or for rows
    double other_resource = 0;      ///< of documents; half of them in `syncedInstanceUri`
    double swallow_rows = 0;        ///< of pushes
    double start_by_push = 0;       ///< of pushes
    double cut_list = 0;            ///< of requests for a list; half of them without its total
    double endless_list = 0;        ///< of requests for a list, which does end later
    double extra_items = 0;         ///< of requests for a list or for rows
    double late_log = 0;            ///< of requests for a log
    double respell = 0;             ///< of requests for rejects
    double drop_columns = 0;        ///< of requests for rows: all of their columns
    double rename_columns = 0;      ///< of requests for rows: all of their columns
    double break_text = 0;          ///< of requests for rows: in one of them
    double other_status = 0;        ///< one of 200, 202, 206, 507, 520, 524 and 529
    double odd_status = 0;          ///< of requests for syncs
    double other_form = 0.01;       ///< of documents and lists of them
    double encode = 0.01;
    /// @}

    /// Maximum number of failures in a row for identical requests, by method and target, so that
    /// retries succeed. None of them is refused twice for its credentials, which would end a call.
    unsigned most_in_a_row = 3;

    /// The same rate for every kind, including those that may end a job.
    static fault_rates even(double each) {
        fault_rates r;
        for (chance_of const& of : all())
            r.*of.rate = each;
        return r;
    }

    // For the plan.

    /// \cond
    static constexpr std::string_view login = "GET /id";
    static bool of_oauth(std::string_view endpoint) {
        return endpoint.find(" /auth/") != endpoint.npos;
    }
    /// Which faults are still possible for a request after its earlier ones.
    struct room {
        bool spoil = true, unauthorized = true, move = true;
    };
    /// \endcond
    /// The fault of the `number`th request overall, if it has one. OAuth requests have none:
    /// losing one of their responses may lose the access for good.
    std::optional<fault> draw(std::uint64_t seed, std::uint64_t number, std::string_view endpoint,
                              room left) const {
        // A separate random stream per request, so that requests do not affect each other.
        detail::random_generator random(seed + number * 0x9e3779b97f4a7c15);
        random = detail::random_generator(random() ^ seed);
        if (of_oauth(endpoint))
            return std::nullopt;
        double drawn = random.real();
        for (chance_of const& each : all()) {
            if (!each.happens_to(endpoint))
                continue;
            if (drawn >= this->*each.rate) {
                drawn -= this->*each.rate;
                continue;
            }
            details by_chance(random);
            fault made = each.make(by_chance);
            bool const moved = made.kind == fault_kind::move_pod;
            if ((made.spoils() && !left.spoil) || (moved && !left.move) ||
                ((moved || made.kind == fault_kind::unauthorized) && !left.unauthorized))
                return std::nullopt;
            return made;
        }
        return std::nullopt;
    }

private:
    /// Random numbers for the details of a fault.
    struct details {
        detail::random_generator& random;
        std::size_t place = static_cast<std::size_t>(below(std::uint64_t(1) << 32));
        bool coin = below(2) == 1;
        std::chrono::seconds moment{below(60) + 1};

        explicit details(detail::random_generator& c) : random(c) {}
        std::uint64_t below(std::uint64_t n) { return random() % n; }
        template <class T, std::size_t N>
        T one_of(T const (&all)[N]) const {
            return all[place % N];
        }
    };
    struct chance_of {
        double fault_rates::* rate;
        bool (*happens_to)(std::string_view endpoint);
        fault (*make)(details& d);
    };

    // Endpoints to which a fault applies.
    static bool any(std::string_view) { return true; }
    static bool but_login(std::string_view e) { return e != login; }
    static bool reading(std::string_view e) { return e.starts_with("GET "); }
    static bool rows(std::string_view e) { return reading(e) && e.ends_with("/{id}/data"); }
    static bool pushes(std::string_view e) {
        return e.starts_with("POST ") && e.ends_with("/{id}/data");
    }
    static bool lists(std::string_view e) {
        return reading(e) && e != login && !e.ends_with("}") && !e.ends_with("/data");
    }
    static bool pages(std::string_view e) {
        return reading(e) && (!e.ends_with("}") || e.ends_with("/data"));
    }
    static bool documents(std::string_view e) { return !e.starts_with("DELETE "); }
    static bool forms(std::string_view e) { return e != login && !e.ends_with("/data"); }
    static bool new_syncs(std::string_view e) { return e == "POST /syncs"; }
    static bool syncs(std::string_view e) { return e.starts_with("GET /syncs"); }
    static bool logs(std::string_view e) { return e == "GET /syncs/{id}/logs"; }
    static bool rejects(std::string_view e) { return e == "GET /syncs/{id}/rejects"; }

    /// A fault without details.
    template <fault (*Make)()>
    static fault plain(details&) {
        return Make();
    }
    static fault stall_somewhere(details& d) {
        return d.coin ? fault::stall_after(d.place) : fault::stall(d.below(2) == 1);
    }
    static fault move_somewhere(details& d) { return fault::move_pod(d.one_of({401, 302, 503})); }
    static fault wait_somehow(details& d) {
        return d.coin ? fault::too_many_requests(d.moment, d.below(2) == 1)
                      : fault::too_many_requests();
    }
    static fault unavailable_somehow(details& d) {
        return d.coin ? fault::unavailable_until(d.one_of(
                            {"0", "1.5", "soon", "-1", "Sun, 06 Nov 1994 08:49:37 GMT",
                             "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}))
                      : fault::unavailable(d.below(2) == 1);
    }
    static fault encode_somehow(details& d) {
        constexpr std::size_t codings = 8;
        return fault::encode(
            d.one_of<char const*, codings>({"gzip", "gzip, identity", "gzip,", "x-gzip", "identity",
                                            "identity+gzip", "gzip, gzip", "gzip+gzip"}),
            d.coin ? d.place / codings % 10 : 0);
    }

    /// In the order in which they use up the range of the random number.
    static std::array<chance_of, 44> const& all() {
        using r = fault_rates;
        using f = fault;
        static constexpr std::array<chance_of, 44> table{{
            {&r::refuse, any, plain<f::refuse>},
            {&r::cut_handshake, any, plain<f::cut_handshake>},
            {&r::reset_before, any, plain<f::reset_before>},
            {&r::reset_inside, any, plain<f::reset_inside>},
            {&r::lose_answer, any, plain<f::lose_answer>},
            {&r::cut, any, [](details& d) { return f::cut(d.place); }},
            {&r::stall, any, stall_somewhere},
            {&r::trickle, any, [](details& d) { return f::trickle(1 + d.place % 16); }},
            {&r::overstate, any, [](details& d) { return f::overstate(1 + d.place % 1'000); }},
            {&r::repeat_answer, any, plain<f::repeat_answer>},
            {&r::truncate, any, [](details& d) { return f::truncate(d.place); }},
            {&r::garble, any, plain<f::garble>},
            {&r::unauthorized, but_login, plain<f::unauthorized>},
            {&r::move_pod, but_login, move_somewhere},
            {&r::too_many_requests, any, wait_somehow},
            {&r::server_error, any, [](details& d) { return f::server_error(3, d.coin); }},
            {&r::severe_error, any,
             [](details& d) { return f::server_error(static_cast<int>(d.below(3)), d.coin); }},
            {&r::bad_gateway, any, [](details& d) { return f::bad_gateway(d.coin); }},
            {&r::unavailable, any, unavailable_somehow},
            {&r::gateway_timeout, any, [](details& d) { return f::gateway_timeout(d.coin); }},
            {&r::expire, rows, [](details& d) { return f::expire(d.coin ? 410 : 404); }},
            {&r::reorder, rows, plain<f::reorder>},
            {&r::hold, new_syncs,
             [](details& d) { return f::hold(std::chrono::seconds(d.below(3'600))); }},
            {&r::fail, new_syncs,
             [](details& d) {
                 return f::fail(d.coin ? elq::temporary_error : elq::error_processing,
                                d.place % 2 != 0);
             }},
            {&r::reject, new_syncs,
             [](details& d) { return f::reject(1 + d.place % 3, 3 + d.place / 3 % 7); }},
            {&r::byte_order_mark, reading, plain<f::byte_order_mark>},
            {&r::open_last_line, rows, plain<f::open_last_line>},
            {&r::other_page, pages, plain<f::other_page>},
            {&r::wrong_offset, pages, plain<f::wrong_offset>},
            {&r::other_resource, documents,
             [](details& d) { return f::other_resource(d.coin ? "uri" : "syncedInstanceUri"); }},
            {&r::swallow_rows, pushes, plain<f::swallow_rows>},
            {&r::start_by_push, pushes, plain<f::start_by_push>},
            {&r::cut_list, lists, [](details& d) { return f::cut_list(d.coin); }},
            {&r::endless_list, lists, [](details&) { return f::endless_list(false); }},
            {&r::extra_items, pages, plain<f::extra_items>},
            {&r::late_log, logs, plain<f::late_log>},
            {&r::respell, rejects, [](details& d) { return f::respell(d.coin); }},
            {&r::drop_columns, rows, [](details&) { return f::drop_columns(); }},
            {&r::rename_columns, rows, [](details&) { return f::rename_columns(); }},
            {&r::break_text, rows, [](details& d) { return f::break_text(d.place, d.coin); }},
            {&r::other_status, any,
             [](details& d) {
                 return f::other_status(d.one_of({200, 202, 206, 507, 520, 524, 529}));
             }},
            {&r::odd_status, syncs, [](details&) { return f::odd_status(); }},
            {&r::other_form, forms, plain<f::other_form>},
            {&r::encode, any, encode_somehow},
        }};
        return table;
    }
};

} // namespace eloqua::bulk
