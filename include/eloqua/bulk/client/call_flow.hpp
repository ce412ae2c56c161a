// SPDX-License-Identifier: BSL-1.0
/// \file
/// Calls of endpoints as flows and as operations.
#pragma once

#include <eloqua/bulk/client/call.hpp>
#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/client/list_query.hpp>
#include <eloqua/bulk/client/read_answer.hpp>
#include <eloqua/bulk/wire/operation.hpp>

#include <memory>
#include <string>
#include <utility>

namespace eloqua::bulk::detail {

/// `of` must stay, as `facts_of` an endpoint does.
template <class Answer, class Core>
flow<result<Answer>> call_flow(Core core, call_facts const& of, result<std::string> path,
                               std::string body, std::string content_type) {
    if (!path)
        co_return path.error();
    call what(of, std::move(*path), body);
    what.content_type = content_type;
    result<answer> const got = co_await core->engine->fetch(what);
    co_return read_answer_as<Answer>(got, what);
}

/// One operation: a call at a path.
template <class Answer, class Transport>
operation<Answer, Transport> make_call(core_pointer<Transport> const& core, call_facts const& of,
                                       result<std::string> path, std::string body = std::string(),
                                       std::string content_type = "application/json") {
    return operation<Answer, Transport>(
        call_flow<Answer>(core, of, std::move(path), std::move(body), std::move(content_type)),
        std::shared_ptr<Transport>(core, &core->transport));
}

/// A path with a query, either of which may be an error.
template <class Query, class... Limit>
result<std::string> with_query(result<std::string> path, Query const& wanted, Limit... most) {
    result<std::string> const query = to_query_string(wanted, most...);
    if (path && !query)
        return query;
    if (path && !query->empty()) {
        bool const first = path->find('?') == std::string::npos;
        *path += (first ? '?' : '&') + query->substr(1);
    }
    return path;
}

} // namespace eloqua::bulk::detail
