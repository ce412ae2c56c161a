// SPDX-License-Identifier: BSL-1.0
/// \file
/// Executors whose holder may outlive the execution context.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// An executor that becomes empty when its context shuts down. Asio's strands must not even be
/// destroyed after that.
using bound_executor = std::shared_ptr<boost::asio::any_io_executor const>;

/// Empties the bound executors of a context when it shuts down.
class bound_executors final : public boost::asio::execution_context::service {
public:
    using key_type = bound_executors;
    static inline boost::asio::execution_context::id id;

    explicit bound_executors(boost::asio::execution_context& context) : service(context) {}
    void add(std::weak_ptr<boost::asio::any_io_executor> one) {
        std::lock_guard const lock(mutex_);
        std::erase_if(all_, [](auto const& each) { return each.expired(); });
        all_.push_back(std::move(one));
    }

private:
    void shutdown() override {
        for (auto const& each : all_)
            if (auto const executor = each.lock())
                *executor = boost::asio::any_io_executor();
    }
    std::mutex mutex_;
    std::vector<std::weak_ptr<boost::asio::any_io_executor>> all_;
};

inline bound_executor bind_to_context(boost::asio::any_io_executor executor) {
    boost::asio::execution_context& context =
        boost::asio::query(executor, boost::asio::execution::context);
    auto bound = std::make_shared<boost::asio::any_io_executor>(std::move(executor));
    boost::asio::use_service<bound_executors>(context).add(bound);
    return bound;
}

} // namespace eloqua::bulk::detail
