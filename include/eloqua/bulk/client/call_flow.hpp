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
    what.most_items = most_items_of<Answer>(what.path);
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

} // namespace eloqua::bulk::detail
