// SPDX-License-Identifier: BSL-1.0
/// \file
/// How often which fault happens by chance.
#pragma once

#include <eloqua/bulk/detail/codec/random.hpp>
#include <eloqua/bulk/simulator/fault.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

namespace eloqua::bulk {

/// Probabilities for each request, from 0 to 1; together no more than 1. By default, those of all
/// that a client with the default `retry_policy` can get over by repeating the request, and 0 for
/// what may end a job. Exports and imports as a whole get over lost answers, too; a direct call
/// that must not be repeated ends in `errc::outcome_unknown`.
struct fault_rates {
    double refuse = 0.01;
    double cut_handshake = 0.01;
    double reset_before = 0.01;
    double reset_inside = 0.01;
    double lose_answer = 0.01;
    double cut = 0.01;
    double stall = 0.005; ///< every other one inside the body
    double trickle = 0.01;
    double overstate = 0.01;
    double repeat_answer = 0.01;
    double truncate = 0;
    double garble = 0;
    double unauthorized = 0.01;
    double move_pod = 0.002; ///< and back, by 401, 302 or 503; see `fault::move_pod`
    double too_many_requests = 0.01;
    double server_error = 0.01; ///< of severity 3
    double severe_error = 0; ///< of the severities 0 to 2, which ask for long waits, or to give up
    double bad_gateway = 0.01;
    double unavailable = 0.01; ///< every other one with a Retry-After in some form
    double gateway_timeout = 0.01;
    double expire = 0;              ///< of requests for rows
    double reorder = 0;             ///< of requests for rows
    double hold = 0.02;             ///< of requests for a sync, for up to an hour
    double fail = 0;                ///< of requests for a sync
    double reject = 0;              ///< of requests for a sync: some of the rows
    double byte_order_mark = 0.005; ///< of requests for documents and rows
    double open_last_line = 0.01;   ///< of requests for rows; only CSV has lines
    double other_page = 0;          ///< of requests for a list or for rows
    double wrong_offset = 0;        ///< of requests for a list or for rows
    double other_resource = 0;      ///< of documents; every other one in `syncedInstanceUri`
    double swallow_rows = 0;        ///< of pushes
    double start_by_push = 0;       ///< of pushes
    double cut_list = 0;            ///< of requests for a list; every other one without its total
    double endless_list = 0;        ///< of requests for a list, which then ends all the same
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

    /// So many requests in a row that are the same, by method and target, can be spoilt before one
    /// is let pass, so that repeating it helps. None of them is told twice that the credentials are
    /// no good, which ends a call.
    unsigned most_in_a_row = 3;

    /// One rate for all of them, what may end a job included.
    static fault_rates even(double each) {
        fault_rates r;
        for (auto const& [kind, rate] : all())
            r.*rate = each;
        return r;
    }

    // For the plan.

    static constexpr std::string_view login = "GET /id";
    static bool of_oauth(std::string_view endpoint) {
        return endpoint.find(" /auth/") != endpoint.npos;
    }
    /// What may still happen to a request after what has happened to it.
    struct room {
        bool spoil = true, unauthorized = true, move = true;
    };
    /// The fault of the `number`th request of all, if it has one. The requests of OAuth have none:
    /// whoever loses an answer there may have lost the access for good.
    std::optional<fault> draw(std::uint64_t seed, std::uint64_t number, std::string_view endpoint,
                              room left) const {
        // A stream of its own, so that what one request needs does not change the next.
        chance random(seed + number * 0x9e3779b97f4a7c15);
        random = chance(random() ^ seed);
        if (of_oauth(endpoint))
            return std::nullopt;
        double drawn = random.real();
        for (auto const& [kind, rate] : all()) {
            if (!happens_to(kind, endpoint))
                continue;
            if (drawn >= this->*rate) {
                drawn -= this->*rate;
                continue;
            }
            fault made = make(kind, rate == &fault_rates::severe_error, random);
            bool const credentials =
                kind == fault_kind::unauthorized || kind == fault_kind::move_pod;
            if ((made.spoils() && !left.spoil) || (credentials && !left.unauthorized) ||
                (kind == fault_kind::move_pod && !left.move))
                return std::nullopt;
            return made;
        }
        return std::nullopt;
    }

private:
    struct rate_of {
        fault_kind kind;
        double fault_rates::* rate;
    };
    static std::array<rate_of, 44> const& all() {
        using r = fault_rates;
        static constexpr std::array<rate_of, 44> table{{
            {fault_kind::refuse, &r::refuse},
            {fault_kind::cut_handshake, &r::cut_handshake},
            {fault_kind::reset_before, &r::reset_before},
            {fault_kind::reset_inside, &r::reset_inside},
            {fault_kind::lose_answer, &r::lose_answer},
            {fault_kind::cut, &r::cut},
            {fault_kind::stall, &r::stall},
            {fault_kind::trickle, &r::trickle},
            {fault_kind::overstate, &r::overstate},
            {fault_kind::repeat_answer, &r::repeat_answer},
            {fault_kind::truncate, &r::truncate},
            {fault_kind::garble, &r::garble},
            {fault_kind::unauthorized, &r::unauthorized},
            {fault_kind::move_pod, &r::move_pod},
            {fault_kind::too_many_requests, &r::too_many_requests},
            {fault_kind::server_error, &r::server_error},
            {fault_kind::server_error, &r::severe_error},
            {fault_kind::bad_gateway, &r::bad_gateway},
            {fault_kind::unavailable, &r::unavailable},
            {fault_kind::gateway_timeout, &r::gateway_timeout},
            {fault_kind::expire, &r::expire},
            {fault_kind::reorder, &r::reorder},
            {fault_kind::hold, &r::hold},
            {fault_kind::fail, &r::fail},
            {fault_kind::reject, &r::reject},
            {fault_kind::byte_order_mark, &r::byte_order_mark},
            {fault_kind::open_last_line, &r::open_last_line},
            {fault_kind::other_page, &r::other_page},
            {fault_kind::wrong_offset, &r::wrong_offset},
            {fault_kind::other_resource, &r::other_resource},
            {fault_kind::swallow_rows, &r::swallow_rows},
            {fault_kind::start_by_push, &r::start_by_push},
            {fault_kind::cut_list, &r::cut_list},
            {fault_kind::endless_list, &r::endless_list},
            {fault_kind::extra_items, &r::extra_items},
            {fault_kind::late_log, &r::late_log},
            {fault_kind::respell, &r::respell},
            {fault_kind::drop_columns, &r::drop_columns},
            {fault_kind::rename_columns, &r::rename_columns},
            {fault_kind::break_text, &r::break_text},
            {fault_kind::other_status, &r::other_status},
            {fault_kind::odd_status, &r::odd_status},
            {fault_kind::other_form, &r::other_form},
            {fault_kind::encode, &r::encode},
        }};
        return table;
    }
    static bool happens_to(fault_kind kind, std::string_view endpoint) {
        switch (kind) {
        case fault_kind::unauthorized:
        case fault_kind::move_pod:
            return endpoint != login;
        case fault_kind::byte_order_mark:
            return endpoint.starts_with("GET ");
        case fault_kind::expire:
        case fault_kind::reorder:
        case fault_kind::open_last_line:
        case fault_kind::drop_columns:
        case fault_kind::rename_columns:
        case fault_kind::break_text:
            return endpoint.starts_with("GET ") && endpoint.ends_with("/{id}/data");
        case fault_kind::hold:
        case fault_kind::fail:
        case fault_kind::reject:
            return endpoint == "POST /syncs";
        case fault_kind::other_page:
        case fault_kind::wrong_offset:
        case fault_kind::extra_items:
            return endpoint.starts_with("GET ") &&
                   (!endpoint.ends_with("}") || endpoint.ends_with("/data"));
        case fault_kind::other_resource:
            return !endpoint.starts_with("DELETE ");
        case fault_kind::swallow_rows:
        case fault_kind::start_by_push:
            return endpoint.starts_with("POST ") && endpoint.ends_with("/{id}/data");
        case fault_kind::cut_list:
        case fault_kind::endless_list:
            return endpoint.starts_with("GET ") && endpoint != login && !endpoint.ends_with("}") &&
                   !endpoint.ends_with("/data");
        case fault_kind::late_log:
            return endpoint == "GET /syncs/{id}/logs";
        case fault_kind::respell:
            return endpoint == "GET /syncs/{id}/rejects";
        case fault_kind::odd_status:
            return endpoint.starts_with("GET /syncs");
        case fault_kind::other_form:
            return endpoint != login && !endpoint.ends_with("/data");
        default:
            return true;
        }
    }
    static fault make(fault_kind kind, bool severe, chance& random) {
        auto const below = [&](std::uint64_t n) { return random() % n; };
        auto const place = static_cast<std::size_t>(below(std::uint64_t(1) << 32));
        bool const coin = below(2) == 1;
        std::chrono::seconds const moment(below(60) + 1);
        switch (kind) {
        case fault_kind::refuse:
            return fault::refuse();
        case fault_kind::cut_handshake:
            return fault::cut_handshake();
        case fault_kind::reset_before:
            return fault::reset_before();
        case fault_kind::reset_inside:
            return fault::reset_inside();
        case fault_kind::lose_answer:
            return fault::lose_answer();
        case fault_kind::cut:
            return fault::cut(place);
        case fault_kind::stall:
            return coin ? fault::stall_after(place) : fault::stall(below(2) == 1);
        case fault_kind::trickle:
            return fault::trickle(1 + place % 16);
        case fault_kind::overstate:
            return fault::overstate(1 + place % 1'000);
        case fault_kind::repeat_answer:
            return fault::repeat_answer();
        case fault_kind::truncate:
            return fault::truncate(place);
        case fault_kind::garble:
            return fault::garble();
        case fault_kind::unauthorized:
            return fault::unauthorized();
        case fault_kind::move_pod: {
            constexpr int statuses[] = {401, 302, 503};
            return fault::move_pod(statuses[place % std::size(statuses)]);
        }
        case fault_kind::too_many_requests:
            return coin ? fault::too_many_requests(moment, below(2) == 1)
                        : fault::too_many_requests();
        case fault_kind::server_error:
            return fault::server_error(severe ? static_cast<int>(below(3)) : 3, coin);
        case fault_kind::bad_gateway:
            return fault::bad_gateway(coin);
        case fault_kind::unavailable: {
            constexpr char const* untils[] = {"0",
                                              "1.5",
                                              "soon",
                                              "-1",
                                              "Sun, 06 Nov 1994 08:49:37 GMT",
                                              "Sunday, 06-Nov-94 08:49:37 GMT",
                                              "Sun Nov  6 08:49:37 1994"};
            return coin ? fault::unavailable_until(untils[place % std::size(untils)])
                        : fault::unavailable(below(2) == 1);
        }
        case fault_kind::gateway_timeout:
            return fault::gateway_timeout(coin);
        case fault_kind::expire:
            return fault::expire(coin ? 410 : 404);
        case fault_kind::reorder:
            return fault::reorder();
        case fault_kind::hold:
            return fault::hold(std::chrono::seconds(below(3'600)));
        case fault_kind::fail:
            return fault::fail(coin ? elq::temporary_error : elq::error_processing, place % 2 != 0);
        case fault_kind::reject:
            return fault::reject(1 + place % 3, 3 + place / 3 % 7);
        case fault_kind::byte_order_mark:
            return fault::byte_order_mark();
        case fault_kind::open_last_line:
            return fault::open_last_line();
        case fault_kind::other_page:
            return fault::other_page();
        case fault_kind::wrong_offset:
            return fault::wrong_offset();
        case fault_kind::other_resource:
            return fault::other_resource(coin ? "uri" : "syncedInstanceUri");
        case fault_kind::swallow_rows:
            return fault::swallow_rows();
        case fault_kind::start_by_push:
            return fault::start_by_push();
        case fault_kind::cut_list:
            return fault::cut_list(coin);
        case fault_kind::endless_list:
            return fault::endless_list(false);
        case fault_kind::extra_items:
            return fault::extra_items();
        case fault_kind::late_log:
            return fault::late_log();
        case fault_kind::respell:
            return fault::respell(coin);
        case fault_kind::drop_columns:
            return fault::drop_columns();
        case fault_kind::rename_columns:
            return fault::rename_columns();
        case fault_kind::break_text:
            return fault::break_text(place, coin);
        case fault_kind::other_status: {
            constexpr int statuses[] = {200, 202, 206, 507, 520, 524, 529};
            return fault::other_status(statuses[place % std::size(statuses)]);
        }
        case fault_kind::odd_status:
            return fault::odd_status();
        case fault_kind::other_form:
            return fault::other_form();
        case fault_kind::encode: {
            constexpr char const* codings[] = {"gzip",       "gzip, identity", "gzip,",
                                               "x-gzip",     "identity",       "identity+gzip",
                                               "gzip, gzip", "gzip+gzip"};
            return fault::encode(codings[place % std::size(codings)],
                                 coin ? place / std::size(codings) % 10 : 0);
        }
        }
        return fault::refuse();
    }
};

} // namespace eloqua::bulk
