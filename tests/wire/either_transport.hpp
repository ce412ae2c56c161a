// SPDX-License-Identifier: BSL-1.0
/// \file
/// Sends one request with either Beast transport, so that tests run with both.
#pragma once

#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/beast_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/data/test_case.hpp>

#include "sample_flow.hpp"
#include <memory>
#include <ostream>
#include <string>
#include <utility>

namespace wire_tests {

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;

using fetched = bulk::result<sample::answer>;

/// Sends a request with both transports.
enum class by { blocking, async };
inline std::ostream& operator<<(std::ostream& os, by b) {
    return os << (b == by::blocking ? "blocking" : "async");
}
inline auto const both = boost::unit_test::data::make({by::blocking, by::async});

/// One client of either kind, which keeps its connections.
class client {
public:
    explicit client(by how, bulk::transport_options options = bulk::transport_options()) {
        if (how == by::blocking)
            blocking_ = std::make_shared<bulk::beast_transport>(std::move(options));
        else
            async_ = std::make_shared<bulk::async_beast_transport>(context_.get_executor(),
                                                                   std::move(options));
    }
    fetched operator()(bulk::request q, std::string body = {}, std::size_t piece = 4096,
                       sample::on_piece meanwhile = {}) {
        auto flow = sample::fetch(std::move(q), std::move(body), std::move(meanwhile), piece);
        if (blocking_)
            return bulk::operation<sample::answer, bulk::beast_transport>(std::move(flow),
                                                                          blocking_)
                .get();
        auto got = bulk::operation<sample::answer, bulk::async_beast_transport>(
            std::move(flow), async_)(asio::use_future);
        context_.restart();
        context_.run();
        return got.get();
    }
    fetched get(bulk::origin const& at, std::string target = "/") {
        return (*this)(sample::get(at, std::move(target)));
    }

private:
    asio::io_context context_;
    std::shared_ptr<bulk::beast_transport> blocking_;
    std::shared_ptr<bulk::async_beast_transport> async_;
};

inline bulk::error_code code(fetched const& got) {
    return got.has_error() ? got.error().code : bulk::error_code();
}

} // namespace wire_tests
