// SPDX-License-Identifier: BSL-1.0
/// \file
/// How a listener writes an answer to a connection, or fails to.
#pragma once

#include <eloqua/bulk/detail/beast/connection.hpp>
#include <eloqua/bulk/detail/beast/pool.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk::simulation {

/// What becomes of a connection after an answer.
enum class connection_end : unsigned char { none, close, reset, silence };

inline bool has_body(response const& r) {
    return r.status != 204 && r.status != 304;
}

/// What of a request its answer depends on, whatever it says.
struct answer_form {
    bool keep_alive = true;
    bool head_only = false;    ///< the request was HEAD: no body follows
    bool says_to_keep = false; ///< HTTP/1.0, where a connection is kept by agreement
};

/// The reason phrase that a status line has.
inline std::string reason_of(response const& r) {
    namespace http = boost::beast::http;
    bool const own = !r.reason.empty() && !detail::has_control(r.reason);
    return own ? r.reason
               : std::string(
                     http::obsolete_reason(http::int_to_status(static_cast<unsigned>(r.status))));
}

inline std::string head_text(delivery const& d, answer_form form) {
    std::string text = "HTTP/1.1 " + std::to_string(d.status) + ' ' + reason_of(d) + "\r\n";
    auto add = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    for (auto const& [name, value] : d.fields)
        if (!iequals(name, "Content-Length") && !iequals(name, "Connection"))
            add(name, value);
    std::string const length = std::to_string(d.stated_length());
    if (has_body(d))
        add("Content-Length",
            form.head_only ? d.fields.find("Content-Length").value_or(length) : length);
    if (!form.keep_alive)
        add("Connection", "close");
    else if (form.says_to_keep)
        add("Connection", "keep-alive");
    text += "\r\n";
    return text;
}

/// What of an answer is written, and how it ends.
struct written_answer {
    std::string head;
    std::string_view body;
    std::size_t piece = 0; ///< bytes of the pieces in which the body begins; 0 for none
    std::string last;      ///< what follows the body, with its end, which is written at once
    connection_end end = connection_end::none;
};

/// `d` must outlive it.
inline written_answer answer_to_write(delivery const& d, answer_form form) {
    written_answer w;
    if (!form.keep_alive || d.stated_length() != d.body.size())
        w.end = connection_end::close;
    if (!d.injected || !d.headless())
        w.head = head_text(d, form);
    else if (d.suffers(fault_kind::cut)) {
        w.head = head_text(d, form);
        w.head.resize(w.head.size() / 2);
    }
    if (has_body(d) && !form.head_only && !d.headless())
        w.body = d.arriving();
    if (d.suffers(fault_kind::repeat_answer)) {
        // In one record of TLS and one segment: nobody could tell what comes later from an answer.
        constexpr std::size_t most = 4'096;
        std::size_t const tail = std::min(w.body.size(), most);
        w.last = w.body.substr(w.body.size() - tail);
        w.last += (w.head + d.body).substr(0, most);
        w.body.remove_suffix(tail);
        if (tail == 0) // the head is all there is
            w.last.insert(0, std::exchange(w.head, std::string()));
    }
    if (d.suffers(fault_kind::trickle))
        w.piece = d.injected->piece();
    if (d.suffers(fault_kind::stall))
        w.end = connection_end::silence;
    else if (d.headless() || d.suffers(fault_kind::cut))
        w.end = connection_end::reset;
    return w;
}

// None of the co_await expressions below holds a brace or a lambda, which g++ 12 would miscompile.

/// Writes an answer. `close` is left to the caller, as are errors.
inline boost::asio::awaitable<connection_end> write_answer(detail::http_stream& to,
                                                           delivery const& d, answer_form form) {
    written_answer const w = answer_to_write(d, form);
    boost::asio::const_buffer const head = boost::asio::buffer(w.head);
    boost::asio::const_buffer rest(w.body.data(), w.body.size());
    error_code ec;
    if (w.piece != 0) {
        co_await boost::asio::async_write(
            to, head, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        for (std::size_t i = 0; i != fault::trickled_pieces && rest.size() != 0 && !ec; ++i) {
            boost::asio::const_buffer const piece = boost::asio::buffer(rest, w.piece);
            rest += co_await boost::asio::async_write(
                to, piece, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        }
        if (!ec)
            co_await boost::asio::async_write(
                to, rest, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    } else {
        std::array<boost::asio::const_buffer, 2> const parts{head, rest};
        co_await boost::asio::async_write(
            to, parts, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    }
    if (!ec && !w.last.empty()) {
        boost::asio::const_buffer const last = boost::asio::buffer(w.last);
        co_await boost::asio::async_write(
            to, last, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    }
    if (ec)
        co_return connection_end::reset;
    boost::asio::ip::tcp::socket& socket = to.tcp().socket();
    if (w.end == connection_end::reset) {
        socket.set_option(boost::asio::socket_base::linger(true, 0), ec);
        socket.close(ec);
    }
    std::array<char, 512> ignored;
    boost::asio::mutable_buffer const into = boost::asio::buffer(ignored);
    while (w.end == connection_end::silence && !ec)
        co_await socket.async_read_some(
            into, boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    co_return w.end;
}

} // namespace eloqua::bulk::simulation
