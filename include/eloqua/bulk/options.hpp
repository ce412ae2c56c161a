// SPDX-License-Identifier: BSL-1.0
/// \file
/// How a client works: retries, delays, limits on responses, and an observer of its requests.
#pragma once

#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/transport.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

class governor;

/// A response, as reported to an observer.
struct response_info {
    int status = 0;          ///< HTTP status
    std::uint64_t bytes = 0; ///< of the body as received: compressed, if it was
    std::uint64_t sent = 0;  ///< of the request's body
    /// From before the request was sent until the last byte was read. A read-ahead page includes
    /// the wait for the page before it.
    clock::duration duration{};
};

/// Receives notifications of what a client does, for progress and tracing. Override the functions
/// you need. They are called on whatever threads run the client's operations, and must not throw.
/// They never receive credentials or bodies.
class observer {
public:
    virtual ~observer() = default;
    /// A request is about to be sent, such as "GET https://host/path".
    virtual void on_request(std::string_view line) { (void)line; }
    /// A response was read to its end, or abandoned.
    virtual void on_response(std::string_view line, response_info const& answer) {
        (void)line, (void)answer;
    }
    /// A request failed and will be retried after `delay`.
    virtual void on_retry(failure const& why, clock::duration delay) { (void)why, (void)delay; }
    /// A sync was polled: its uri, and its status as the service spells it.
    virtual void on_sync(std::string_view uri, std::string_view status) { (void)uri, (void)status; }
    /// An operation waits for its governor before it starts a sync, for about `delay`. Called again
    /// when the reason changes or the wait takes longer.
    virtual void on_wait(std::string_view reason, clock::duration delay) {
        (void)reason, (void)delay;
    }
    /// Number of rows so far: delivered by an export, or accepted by an import; the latter may
    /// decrease when rows have to be sent again. `total`: of an export what the service states, of
    /// an import the size of a sized range; 0 if unknown. Called every 1,000 rows, or for each
    /// part of a response that has more, and every 200 ms while rows move. At the end, when the
    /// rows of an export are verified or those of an import synced, called once with `rows ==
    /// total`. An export by windows counts the rows of each window, also those outside of it.
    virtual void on_rows(std::int64_t rows, std::int64_t total) { (void)rows, (void)total; }
};

/// Limits on the decompression of a response body. They bound the time that a hostile body can
/// take; memory use is bounded anyway.
struct inflate_limits {
    /// Maximum size of one decompressed body, in bytes.
    std::uint64_t bytes = std::uint64_t(4) << 30;
    /// Maximum number of decompressed bytes per compressed byte, once there are more than 1 MiB.
    /// Pages of blank columns reach 200; the format's maximum is 1032.
    std::uint64_t ratio = 500;
};

/// How often a request is tried, and the delays in between: a random time up to a bound that
/// doubles ("full jitter"), and at least the service's Retry-After. `attempts` also limits how
/// often a job creates one definition, starts one sync, and, between two syncs of an import,
/// abandons a definition.
struct retry_policy {
    unsigned attempts = 6; ///< including the first; at least 1
    /// Upper bound before the second attempt.
    clock::duration first_delay = std::chrono::seconds(1);
    clock::duration longest_delay = std::chrono::seconds(60); ///< maximum of that upper bound
    clock::duration total_time = std::chrono::hours(2);       ///< no attempt starts later than this
    /// How long to leave the service alone after an error of severity 0, the worst, to 3.
    std::array<clock::duration, 4> severity_delays{
        std::chrono::minutes(60), std::chrono::minutes(30), std::chrono::minutes(15),
        std::chrono::minutes(2)};
    /// How many times a request may meet a connection that the service has closed in the meantime
    /// without counting as an attempt.
    unsigned stale_connections = 8;
    /// @{
    /// How often a job searches for what a POST with a lost response may have created, at least 1.
    /// The first search comes after `search_delay`, which then grows fourfold up to
    /// `longest_delay`.
    unsigned search_attempts = 3;
    clock::duration search_delay = std::chrono::seconds(2);
    /// @}
    unsigned pages_of_syncs = 10; ///< to search, of 1,000 syncs each; 0: all
};

/// How a sync is polled.
struct polling_policy {
    clock::duration first_delay = std::chrono::seconds(2);    ///< doubles up to `longest_delay`
    clock::duration longest_delay = std::chrono::seconds(60); ///< maximum delay between two polls
    clock::duration deadline = std::chrono::hours(6);         ///< for the whole sync
};

namespace detail {

/// `first` doubled `n - 1` times, but no more than `longest`.
inline clock::duration exponential_delay(clock::duration first, clock::duration longest,
                                         unsigned n) {
    clock::duration delay = std::min(first, longest);
    for (unsigned i = 1; i < n && delay < longest; ++i)
        delay = delay < longest / 2 ? delay * 2 : longest;
    return delay;
}

/// The delay after the `n`th attempt (from 1). `chance` is uniform in [0, 1).
[[nodiscard]] inline clock::duration backoff(retry_policy const& policy, unsigned n,
                                             double chance) {
    clock::duration const bound = exponential_delay(policy.first_delay, policy.longest_delay, n);
    return std::chrono::duration_cast<clock::duration>(bound * chance);
}

/// The delay before the `n`th poll of a sync (from 1), varied by up to a tenth.
[[nodiscard]] inline clock::duration polling_delay(polling_policy const& policy, unsigned n,
                                                   double chance) {
    clock::duration const delay = exponential_delay(policy.first_delay, policy.longest_delay, n);
    return delay - std::chrono::duration_cast<clock::duration>(delay * (chance / 10));
}

/// The delay after an error of this severity, if it requires one.
[[nodiscard]] inline clock::duration severity_delay(retry_policy const& policy,
                                                    std::optional<int> severity) {
    return severity && *severity >= 0 && *severity <= 3
               ? policy.severity_delays[static_cast<std::size_t>(*severity)]
               : clock::duration::zero();
}

} // namespace detail

/// Options of a client. Everything has a sensible default.
struct client_options {
    /// URL of the login service that returns the base URL ("/id" of the login host).
    std::string login_url = "https://login.eloqua.com/id";
    /// The base URL of the Bulk API with its prefix, such as
    /// "https://secure.p01.eloqua.com/API/Bulk/2.0". If set, it is used as it is, and the login
    /// service is not asked.
    std::optional<std::string> base_url;
    /// Hosts outside eloqua.com that the login service may return as the base, such as
    /// "proxy.example.com", or "proxy.example.com:8443" for a port other than the default of
    /// https. Always allowed are hosts of eloqua.com with https on its default port, and the login
    /// URL's origin.
    std::vector<std::string> trusted_hosts;
    /// Allows sending credentials over http:// to other machines, where anybody on the network
    /// path can read them. By default, they are sent only over https or to addresses of this
    /// machine.
    bool allow_http = false;
    retry_policy retry;     ///< how often requests are repeated
    polling_policy polling; ///< how often syncs are polled
    /// Maximum size in bytes of a response that is not a page of rows. Its parsed values may take
    /// as much memory again, or one MiB. A page of a list that is larger is requested again with
    /// half as many items, down to one.
    std::size_t document_bytes = 16 * 1024 * 1024;
    /// Approximate memory limit for a list that is read completely, as by `list_source::all`: the
    /// bytes of its pages and of the items parsed from them.
    std::size_t list_bytes = 32 * 1024 * 1024;
    /// Requests compressed responses by gzip, which pays off on connections below about 500 MB/s.
    /// It is not known whether the service ever compresses; a response that it compresses without
    /// being asked to is decoded anyway.
    bool accept_gzip = true;
    inflate_limits inflate; ///< for compressed responses
    /// Accepts pages whose `offset` differs from the requested one, for a service that echoes it
    /// wrongly. By default such pages are malformed, since they contain other rows. With this on,
    /// a page that comes twice in place of the next one may go unnoticed.
    bool ignore_offset_echo = false;
    /// Whether errors, `import_reject::row_error` and notifications show values of rows. By
    /// default they show, shortened, values that do not fit or come twice, since they help to find
    /// the row. If hidden, the meaning of the service's codes also replaces any of its messages
    /// that may quote values. Results of operations are never changed; see `to_json` for reports.
    bulk::row_values row_values = bulk::row_values::shown;
    /// Receives notifications; may be null.
    std::shared_ptr<bulk::observer> observer;
    /// Keeps the clients that share it within the service's hourly limits, see `governor.hpp`;
    /// null: syncs are started without regard to them.
    std::shared_ptr<bulk::governor> governor;
    /// Random seed for delays and names of definitions; unset: seeded from the system. For tests
    /// only: clients with the same seed give their definitions the same names, by which jobs
    /// search for them after a lost response.
    std::optional<std::uint32_t> seed;
};

namespace detail {

/// Describes values of a policy that can never work; empty: none.
inline std::string misuse_of(retry_policy const& p) {
    if (p.attempts < 1)
        return "retry.attempts is 0; it includes the first attempt, so it must be at least 1";
    if (p.search_attempts < 1)
        return "retry.search_attempts is 0; it must be at least 1, or a resource could be created "
               "twice "
               "after a lost response";
    bool negative = false;
    for (clock::duration const each :
         {p.first_delay, p.longest_delay, p.total_time, p.search_delay, p.severity_delays[0],
          p.severity_delays[1], p.severity_delays[2], p.severity_delays[3]})
        negative = negative || each < clock::duration::zero();
    return negative ? "a duration of the retry policy is negative" : "";
}
/// As above, for all options of a client.
inline std::string misuse_of(client_options const& o) {
    if (std::string wrong = misuse_of(o.retry); !wrong.empty())
        return wrong;
    for (clock::duration const each :
         {o.polling.first_delay, o.polling.longest_delay, o.polling.deadline})
        if (each < clock::duration::zero())
            return "a duration of the polling policy is negative";
    return o.document_bytes < 1 ? "document_bytes is 0" : "";
}

} // namespace detail

} // namespace eloqua::bulk
