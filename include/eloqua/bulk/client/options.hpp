// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/client/observer.hpp>
#include <eloqua/bulk/schema/shown.hpp>
#include <eloqua/bulk/wire/policy.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace eloqua::bulk {

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
    if (p.looks < 1)
        return "retry.looks is 0; what a lost answer has made would be made once more";
    bool negative = false;
    for (clock::duration const each :
         {p.first_delay, p.longest_delay, p.total_time, p.first_look, p.severity_delays[0],
          p.severity_delays[1], p.severity_delays[2], p.severity_delays[3]})
        negative = negative || each < clock::duration::zero();
    return negative ? "a time of the retry policy is negative" : "";
}
/// The same of all options of a client.
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
