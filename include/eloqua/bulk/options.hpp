// SPDX-License-Identifier: BSL-1.0
/// \file
/// How a client works: when it tries again, how long it waits, how far an answer may swell, and who
/// is told of it.
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

/// An answer, as an observer is told of it.
struct response_info {
    int status = 0;
    std::uint64_t bytes = 0; ///< of its body, as they came: compressed, if they were
    std::uint64_t sent = 0;  ///< of the request's body
    /// From before the request was sent until the last byte was read. A page that was asked for
    /// ahead has waited for the one before it.
    clock::duration duration{};
};

/// Told what a client does; for progress and tracing. Override what is of interest. Calls come from
/// wherever the client's operations run, and must not throw. No credentials are ever among what is
/// passed, nor bodies.
class observer {
public:
    virtual ~observer() = default;
    /// A request is about to be sent: "GET https://host/path".
    virtual void on_request(std::string_view line) { (void)line; }
    /// A request was answered: the answer has come to its end, or was given up.
    virtual void on_response(std::string_view line, response_info const& answer) {
        (void)line, (void)answer;
    }
    /// A request did not succeed and is made again after `delay`.
    virtual void on_retry(failure const& why, clock::duration delay) { (void)why, (void)delay; }
    /// A sync was looked at: its uri, and its status as the service spells it.
    virtual void on_sync(std::string_view uri, std::string_view status) { (void)uri, (void)status; }
    /// Rows of a job so far: handed out by an export, or taken by an import, which may go back to
    /// rows that it has to send once more. `total`: of an export what the service says, of an
    /// import the size of a sized range; 0 where it is not known. Comes with every 1,000 rows, or
    /// with each piece of an answer that has more, and every 200 ms as long as rows move. At the
    /// end, when the rows of an export are proven, or those of an import synced, it comes once,
    /// with as many rows as `total`.
    virtual void on_rows(std::int64_t rows, std::int64_t total) { (void)rows, (void)total; }
};

/// How far a compressed body may swell. No limit of memory, which is bounded anyway, but of the
/// time that a hostile body takes.
struct inflate_limits {
    /// Bytes of one inflated body.
    std::uint64_t bytes = std::uint64_t(4) << 30;
    /// Inflated bytes for each compressed one, once there is more than 1 MiB of them. Pages of
    /// blank columns reach 200; what the format can express is 1032.
    std::uint64_t ratio = 500;
};

/// How often one request is tried, and how long is waited in between: a random time up to a bound
/// that doubles ("full jitter"), at least what the service's Retry-After says. `attempts` also
/// bounds how often a job makes one definition, starts one sync, and between two syncs of an import
/// abandons a definition.
struct retry_policy {
    unsigned attempts = 6;                                 ///< in all, at least 1
    clock::duration first_delay = std::chrono::seconds(1); ///< bound before the second attempt
    clock::duration longest_delay = std::chrono::seconds(60);
    clock::duration total_time = std::chrono::hours(2); ///< no attempt begins later than this
    /// How long the service wants to be left alone after an error of severity 0, the worst, to 3.
    std::array<clock::duration, 4> severity_delays{
        std::chrono::minutes(60), std::chrono::minutes(30), std::chrono::minutes(15),
        std::chrono::minutes(2)};
    /// Requests that meet a connection which the service has closed meanwhile count as no attempt,
    /// so often.
    unsigned stale_connections = 8;
    /// How often a job looks for what a POST may have made whose answer was lost, at least 1; the
    /// first time after a delay, which then grows fourfold up to the longest.
    unsigned search_attempts = 3;
    clock::duration search_delay = std::chrono::seconds(2);
    unsigned pages_of_syncs = 10; ///< of 1,000 each, that are looked through; 0: all
};

/// How a sync is watched.
struct polling_policy {
    clock::duration first_delay = std::chrono::seconds(2); ///< doubles until
    clock::duration longest_delay = std::chrono::seconds(60);
    clock::duration deadline = std::chrono::hours(6); ///< for the whole sync
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

/// The delay before the `n`th look at a sync (from 1), varied by up to a tenth.
[[nodiscard]] inline clock::duration polling_delay(polling_policy const& policy, unsigned n,
                                                   double chance) {
    clock::duration const delay = exponential_delay(policy.first_delay, policy.longest_delay, n);
    return delay - std::chrono::duration_cast<clock::duration>(delay * (chance / 10));
}

/// The delay after an error of this severity, if it gives one.
[[nodiscard]] inline clock::duration severity_delay(retry_policy const& policy,
                                                    std::optional<int> severity) {
    return severity && *severity >= 0 && *severity <= 3
               ? policy.severity_delays[static_cast<std::size_t>(*severity)]
               : clock::duration::zero();
}

} // namespace detail

/// How a client behaves. Everything has a sane default.
struct client_options {
    /// Where the base URL is asked for ("/id" of the login host).
    std::string login_url = "https://login.eloqua.com/id";
    /// The bulk base with its prefix, such as "https://secure.p01.eloqua.com/API/Bulk/2.0": used
    /// exactly as given, and nothing is asked for.
    std::optional<std::string> base_url;
    /// Hosts outside eloqua.com that the login service may name as the base, such as
    /// "proxy.example.com", or "proxy.example.com:8443" where the port is another than the usual
    /// one of https. Hosts of eloqua.com by https on the usual port and the login URL's own origin
    /// may always be named.
    std::vector<std::string> trusted_hosts;
    /// Sends credentials over http:// to other machines too, where anybody on the way can read
    /// them. Without it, only https and addresses of this machine get any.
    bool allow_http = false;
    retry_policy retry;
    polling_policy polling;
    /// Longest answer, in bytes, that is not a page of rows. Its tree of values may take as much
    /// memory, or a mebibyte. A page of a list that is longer is asked for with half as many items,
    /// down to one.
    std::size_t document_bytes = 16 * 1024 * 1024;
    /// How much memory a list may take that is read whole, as by `list_source::all`: the bytes of
    /// its pages and of the items made of them, about.
    std::size_t list_bytes = 32 * 1024 * 1024;
    /// Asks for answers compressed by gzip, which is worth it on any line of less than some 500
    /// MB/s. Whether the service ever compresses is unknown; if it does so unasked, the answer is
    /// understood all the same.
    bool accept_gzip = true;
    inflate_limits inflate; ///< of a compressed answer
    /// Accepts pages that name another `offset` than was asked for, from a service whose echo of it
    /// is wrong; by default they are malformed, since they are of other rows. With this on, a page
    /// that comes twice in place of the next one may go unnoticed.
    bool ignore_offset_echo = false;
    /// Leaves values of rows out of errors, of `import_reject::row_error` and of events: those that
    /// do not fit or come twice, and the service's words where they may quote some, in place of
    /// which stands what its codes mean. By default they are shown, shortened, since they help to
    /// find the row. What an operation gives is never changed; see `to_json` for reports.
    bulk::row_values row_values = bulk::row_values::shown;
    /// Told of everything; may be empty.
    std::shared_ptr<bulk::observer> observer;
    /// Makes chance (delays, names of definitions) repeatable; taken from the machine if empty.
    /// For tests: two clients of one seed give their definitions the same names, by which jobs look
    /// for them after a lost answer.
    std::optional<std::uint32_t> seed;
};

namespace detail {

/// What of a policy can never work; empty: nothing.
inline std::string misuse_of(retry_policy const& p) {
    if (p.attempts < 1)
        return "retry.attempts is 0; the first one is an attempt too";
    if (p.search_attempts < 1)
        return "retry.search_attempts is 0; what a lost answer has made would be made once more";
    bool negative = false;
    for (clock::duration const each :
         {p.first_delay, p.longest_delay, p.total_time, p.search_delay, p.severity_delays[0],
          p.severity_delays[1], p.severity_delays[2], p.severity_delays[3]})
        negative = negative || each < clock::duration::zero();
    return negative ? "a time of the retry policy is negative" : "";
}
/// As above, for all options of a client.
inline std::string misuse_of(client_options const& o) {
    if (std::string wrong = misuse_of(o.retry); !wrong.empty())
        return wrong;
    for (clock::duration const each :
         {o.polling.first_delay, o.polling.longest_delay, o.polling.deadline})
        if (each < clock::duration::zero())
            return "a time of the polling policy is negative";
    return o.document_bytes < 1 ? "document_bytes is 0" : "";
}

} // namespace detail

} // namespace eloqua::bulk
