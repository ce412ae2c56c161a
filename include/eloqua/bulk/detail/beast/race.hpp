// SPDX-License-Identifier: BSL-1.0
/// \file
/// Connects to the first of several addresses that accepts ("happy eyeballs", RFC 8305).
#pragma once

#include <eloqua/bulk/detail/beast/waiting.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/transport.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Sorts addresses so that families alternate, starting with that of the first address.
inline std::vector<boost::asio::ip::tcp::endpoint>
families_in_turn(std::vector<boost::asio::ip::tcp::endpoint> const& all) {
    std::vector<boost::asio::ip::tcp::endpoint> families[2], mixed;
    for (auto const& each : all)
        families[each.protocol() == all.front().protocol() ? 0 : 1].push_back(each);
    for (std::size_t i = 0; mixed.size() != all.size(); ++i)
        for (auto const& family : families)
            if (i < family.size())
                mixed.push_back(family[i]);
    return mixed;
}

/// Tries the addresses in order: starts the next attempt when one has failed, and at the latest
/// after `ahead`, while earlier attempts continue. The first connection wins; the others are
/// closed. If all fail, fails with the first address's error.
class connection_race final : public waiting, public std::enable_shared_from_this<connection_race> {
public:
    static constexpr std::chrono::milliseconds ahead{250};

    connection_race(boost::asio::any_io_executor const& executor,
                    std::vector<boost::asio::ip::tcp::endpoint> const& to)
        : waiting(executor), to_(families_in_turn(to)), next_(executor), winner_(executor) {}

    void begin() override { start_next(); }
    void leave() override {
        left_ = true;
        next_.cancel();
        tries_.clear();
    }
    boost::asio::ip::tcp::socket take_winner() { return std::move(winner_); }

private:
    void start_next() {
        std::size_t const i = tries_.size();
        boost::asio::ip::tcp::socket& socket = tries_.emplace_back(get_executor());
        ++under_way_;
        socket.async_connect(to_[i],
                             [self = shared_from_this(), i](error_code ec) { self->ended(i, ec); });
        if (i + 1 == to_.size())
            return;
        next_.expires_after(ahead);
        next_.async_wait([self = shared_from_this(), i](error_code ec) {
            if (!ec && !self->left_ && self->tries_.size() == i + 1)
                self->start_next();
        });
    }
    void ended(std::size_t i, error_code ec) {
        if (left_)
            return;
        --under_way_;
        if (!ec) {
            winner_ = std::move(tries_[i]);
            leave();
            return finish(ec);
        }
        error_code ignored;
        tries_[i].close(ignored);
        if (i < first_failed_) {
            first_failed_ = i;
            why_ = ec;
        }
        if (tries_.size() != to_.size()) {
            if (i + 1 == tries_.size() || under_way_ == 0)
                start_next();
        } else if (under_way_ == 0) {
            finish(why_);
        }
    }

    std::vector<boost::asio::ip::tcp::endpoint> const to_; ///< at least one
    std::deque<boost::asio::ip::tcp::socket> tries_;       ///< one per address tried so far
    boost::asio::steady_timer next_;
    boost::asio::ip::tcp::socket winner_;
    std::size_t under_way_ = 0;
    std::size_t first_failed_ = static_cast<std::size_t>(-1);
    error_code why_;
    bool left_ = false;
};

} // namespace eloqua::bulk::detail
