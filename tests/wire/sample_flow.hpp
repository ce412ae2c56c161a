// SPDX-License-Identifier: BSL-1.0
/// \file
/// A small flow for tests of drivers and transports: one request, retried while the server is busy,
/// whose body is read in pieces.
#pragma once

#include <eloqua/bulk/flow.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace sample {

namespace bulk = eloqua::bulk;

struct answer {
    int status = 0;
    std::size_t fields = 0; ///< in the head
    std::string body;
    bulk::clock::time_point at{};
};

using on_piece = std::function<void(std::size_t total)>;

/// Calls `meanwhile` after each piece of the body.
inline bulk::flow<bulk::result<answer>> fetch(bulk::request q, std::string owned_body = {},
                                              on_piece meanwhile = {}, std::size_t piece = 4096) {
    q.body = owned_body;
    answer got;
    bulk::head head;
    bool repeated_stale = false;
    for (;;) {
        bulk::detail::io_result came = co_await bulk::detail::io_request::send(0, q);
        if (!came.ec)
            came = co_await bulk::detail::io_request::read_head(0, head);
        if (came.stale && !std::exchange(repeated_stale, true))
            continue;
        if (came.ec) {
            bulk::diagnostics info;
            info.request = q.line();
            co_await bulk::detail::io_request::drop(0);
            co_return bulk::failure(came.ec, std::move(info));
        }
        if (head.status != 503)
            break;
        co_await bulk::detail::io_request::drop(0);
        came = co_await bulk::detail::io_request::wait(std::chrono::seconds(30));
        if (came.ec)
            co_return bulk::failure(came.ec);
    }
    got.status = head.status;
    got.fields = static_cast<std::size_t>(std::distance(head.fields.begin(), head.fields.end()));
    std::vector<char> buffer(piece);
    for (;;) {
        bulk::detail::io_result const came =
            co_await bulk::detail::io_request::read_some(0, buffer);
        got.at = came.now;
        if (came.ec) {
            co_await bulk::detail::io_request::drop(0);
            co_return bulk::failure(came.ec);
        }
        if (came.n == 0)
            co_return got;
        got.body.append(buffer.data(), came.n);
        if (meanwhile)
            meanwhile(got.body.size());
    }
}

inline bulk::request get(bulk::origin to, std::string target) {
    return bulk::request(bulk::verb::get, std::move(to), std::move(target));
}

} // namespace sample
