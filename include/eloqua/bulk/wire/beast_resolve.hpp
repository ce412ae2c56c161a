// SPDX-License-Identifier: BSL-1.0
/// \file
/// Looking a host up, within a deadline.
#pragma once

#include <eloqua/bulk/wire/beast_waiting.hpp>
#include <eloqua/bulk/wire/http.hpp>
#include <eloqua/bulk/wire/transport_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/errc.hpp>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// A thread that is made meanwhile handles no signals: they are for the program's own threads.
class signals_blocked {
public:
#ifdef _WIN32
    signals_blocked() {}
#else
    signals_blocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_;
#endif
    signals_blocked(signals_blocked const&) = delete;
};

/// A look-up. It runs in a thread of its own, which nothing can interrupt, and which nobody waits
/// for: Asio's would be joined when the execution context is destroyed.
class resolution final : public waiting {
public:
    using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
    using look_up = std::function<std::vector<std::string>(std::string const&)>;

    /// `under_way` counts the threads of a transport. `own`: see `transport_options::look_up`.
    resolution(boost::asio::any_io_executor const& executor, origin const& of,
               std::shared_ptr<std::atomic<int>> under_way, look_up own)
        : waiting(executor), shared_(std::make_shared<shared>()) {
        shared_->of = of;
        shared_->own = std::move(own);
        shared_->under_way = std::move(under_way);
        shared_->reader = this;
    }
    ~resolution() override { leave(); }

    /// Throws `boost::system::system_error` if there is no thread for it.
    void begin() override {
        constexpr int most = 64; // that hang, since the system's resolver does
        std::shared_ptr<std::atomic<int>> const counter = shared_->under_way;
        namespace errc = boost::system::errc;
        if (++*counter > most) {
            --*counter;
            throw boost::system::system_error(make_error_code(errc::resource_unavailable_try_again),
                                              "look-ups that hang");
        }
        try {
            signals_blocked const while_it_begins;
            std::thread([s = shared_] { work(s); }).detach();
        } catch (std::system_error const& e) {
            --*counter;
            throw boost::system::system_error(
                error_code(e.code().value(), boost::system::generic_category()));
        }
    }
    void leave() override {
        std::lock_guard const lock(shared_->mutex);
        shared_->reader = nullptr;
    }
    endpoints take_found() { return std::move(found_); }

private:
    /// Outlives the reader, and even the execution context, so it holds nothing of them.
    struct shared {
        origin of;
        look_up own;
        std::shared_ptr<std::atomic<int>> under_way;
        std::mutex mutex;
        resolution* reader = nullptr; ///< while it waits
        error_code ec;
        endpoints found;
    };

    static void work(std::shared_ptr<shared> const& s) {
        error_code ec;
        endpoints found;
        try {
            found = s->own ? parse(s->own(s->of.host), s->of.port, ec) : ask_system(s->of, ec);
        } catch (boost::system::system_error const& e) {
            ec = e.code();
        } catch (std::bad_alloc const&) {
            ec = make_error_code(boost::system::errc::not_enough_memory);
        } catch (...) {
            ec = boost::asio::error::host_not_found_try_again;
        }
        --*s->under_way;
        std::lock_guard const lock(s->mutex);
        s->ec = ec;
        s->found = std::move(found);
        if (s->reader) // its destructor waits for the lock
            boost::asio::post(s->reader->get_executor(), [s] {
                resolution* reader = nullptr;
                {
                    std::lock_guard const lock_again(s->mutex);
                    reader = s->reader; // which is of this executor, so it stays for now
                }
                if (!reader)
                    return;
                reader->found_ = std::move(s->found);
                reader->finish(s->ec);
            });
    }
    static endpoints ask_system(origin const& of, error_code& ec) {
        using boost::asio::ip::tcp;
        boost::asio::io_context own(1);
        tcp::resolver resolver(own);
        endpoints found;
        for (auto const& each :
             resolver.resolve(of.host, std::to_string(of.port), tcp::resolver::numeric_service, ec))
            found.push_back(each.endpoint());
        return found;
    }
    static endpoints parse(std::vector<std::string> const& addresses, std::uint16_t port,
                           error_code& ec) {
        endpoints found;
        for (std::string const& each : addresses)
            if (auto const address = boost::asio::ip::make_address(each, ec); !ec)
                found.emplace_back(address, port);
        if (!found.empty())
            ec.clear();
        else if (!ec)
            ec = boost::asio::error::host_not_found;
        return found;
    }

    std::shared_ptr<shared> const shared_;
    endpoints found_;
};

/// The addresses of a host that needs no look-up; none for others.
inline resolution::endpoints known_addresses(origin const& of) {
    resolution::endpoints known;
    error_code ec;
    boost::asio::ip::address const address = boost::asio::ip::make_address(of.host, ec);
    if (!ec) {
        known.emplace_back(address, of.port);
    } else if (iequals(of.host, "localhost")) { // RFC 6761: this machine, whatever a resolver says
        known.emplace_back(boost::asio::ip::address_v4::loopback(), of.port);
        known.emplace_back(boost::asio::ip::address_v6::loopback(), of.port);
    }
    return known;
}

} // namespace eloqua::bulk::detail
