// SPDX-License-Identifier: BSL-1.0
/// \file
/// A server for tests that sends given bytes, to simulate misbehaving servers.
#pragma once

#include <eloqua/bulk/http.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <charconv>
#include <chrono>
#include <functional>
#include <poll.h>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

/// The server's end of one connection. Closed when the session ends.
class raw_connection {
public:
    explicit raw_connection(boost::asio::ip::tcp::socket s) : socket_(std::move(s)) {}

    /// Reads one request, head and body; empty if the client has closed.
    std::string read_request() {
        std::string text;
        std::size_t want = std::string::npos;
        while (want == std::string::npos || text.size() < want) {
            std::string const more = read();
            if (more.empty())
                return {};
            text += more;
            std::size_t const end = text.find("\r\n\r\n");
            if (want == std::string::npos && end != text.npos)
                want = end + 4 + content_length(text.substr(0, end));
        }
        return text;
    }
    std::string read() {
        char buffer[65536];
        boost::system::error_code ec;
        std::size_t const n = socket_.read_some(boost::asio::buffer(buffer), ec);
        return std::string(buffer, n);
    }
    /// Returns false if the client has closed.
    bool write(std::string_view text) {
        boost::system::error_code ec;
        boost::asio::write(socket_, boost::asio::buffer(text.data(), text.size()), ec);
        return !ec;
    }
    /// Whether the client closes or sends something within this time.
    bool closes_within(std::chrono::milliseconds time) {
        pollfd socket{socket_.native_handle(), POLLIN, 0};
        return poll(&socket, 1, static_cast<int>(time.count())) > 0;
    }
    /// Keeps the connection open without responding, until the client closes.
    void wait_for_close() {
        while (!read().empty()) {
        }
    }
    /// Closes with a reset.
    void reset() {
        boost::system::error_code ec;
        socket_.set_option(boost::asio::socket_base::linger(true, 0), ec);
        socket_.close(ec);
    }

private:
    static std::size_t content_length(std::string const& head) {
        static constexpr std::string_view name = "Content-Length: ";
        std::size_t const at = head.find(name);
        std::size_t value = 0;
        if (at != head.npos)
            std::from_chars(head.data() + at + name.size(), head.data() + head.size(), value);
        return value;
    }
    boost::asio::ip::tcp::socket socket_;
};

/// Accepts one connection per session, in order, each served by its own thread. Declare it before
/// the transport: its destructor waits until the sessions have ended.
class raw_server {
public:
    using session = std::function<void(raw_connection&)>;

    explicit raw_server(std::vector<session> sessions)
        : sessions_(std::move(sessions)),
          acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
          port_(acceptor_.local_endpoint().port()), thread_([this] { accept(); }) {}
    raw_server(raw_server const&) = delete;
    ~raw_server() {
        stopping_ = true;
        boost::system::error_code ec;
        boost::asio::ip::tcp::socket waking(context_);
        waking.connect({boost::asio::ip::address_v4::loopback(), port_}, ec);
        thread_.join();
    }

    std::uint16_t port() const { return port_; }
    int accepted() const { return accepted_; }
    eloqua::bulk::origin where(std::string scheme = "http") const {
        eloqua::bulk::origin at;
        at.scheme = std::move(scheme);
        at.host = "127.0.0.1";
        at.port = port_;
        return at;
    }

private:
    void accept() {
        std::vector<std::jthread> running;
        for (session const& each : sessions_) {
            boost::asio::ip::tcp::socket socket(context_);
            boost::system::error_code ec;
            acceptor_.accept(socket, ec);
            if (stopping_)
                return;
            ++accepted_;
            running.emplace_back([&each, socket = std::move(socket)]() mutable {
                raw_connection connection(std::move(socket));
                each(connection);
            });
        }
    }

    std::vector<session> sessions_;
    std::atomic<bool> stopping_ = false;
    std::atomic<int> accepted_ = 0;
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::thread thread_;
};
