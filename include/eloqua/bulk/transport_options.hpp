// SPDX-License-Identifier: BSL-1.0
/// \file
/// Options of the Beast transports, and the errors by which their deadlines are told.
#pragma once

#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/transport.hpp>
#include <eloqua/bulk/version.hpp>

#include <boost/system/errc.hpp>
#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <string>
#include <type_traits>
#include <vector>

namespace eloqua::bulk {

/// Where a connection ran out of time. As an error code it compares equal to
/// `boost::system::errc::timed_out`.
enum class deadline {
    resolve = 1, ///< looking the host name up
    connect,     ///< connecting, all addresses of the host together, and through a proxy
    handshake,   ///< the TLS handshake
    send,        ///< writing a request: the longest time without progress
    head,        ///< waiting for a response's head, counted from the end of the request
    read,        ///< waiting for the next bytes of a body
    request,     ///< all of the above for one request together
};

namespace detail {

inline constexpr meaning<deadline> deadline_meanings[] = {
    {deadline::resolve, "timed out looking the host name up"},
    {deadline::connect, "timed out connecting"},
    {deadline::handshake, "timed out in the TLS handshake"},
    {deadline::send, "timed out sending the request"},
    {deadline::head, "timed out waiting for the response"},
    {deadline::read, "timed out waiting for more of the response"},
    {deadline::request, "timed out: the request as a whole took too long"},
};

class deadline_category_impl final : public worded_category {
public:
    constexpr deadline_category_impl()
        : worded_category("eloqua.bulk.deadline", [](int value) {
              return words_among(deadline_meanings, value, "timed out");
          }) {}
    boost::system::error_condition default_error_condition(int) const noexcept override {
        return make_error_condition(boost::system::errc::timed_out);
    }
};

} // namespace detail

/// Category of `deadline`.
inline boost::system::error_category const& deadline_category() noexcept {
    static detail::deadline_category_impl const instance;
    return instance;
}

inline error_code make_error_code(deadline value) noexcept {
    return error_code(static_cast<int>(value), deadline_category());
}

/// Category of OpenSSL's reasons to refuse a certificate, `X509_V_ERR_...`. Needs
/// `eloqua/bulk/beast_transport.hpp` or `async_beast_transport.hpp`.
ELOQUA_BULK_DECL boost::system::error_category const& certificate_category() noexcept;

/// What of an answer is not HTTP/1.1, or larger than such a part may be. A client makes
/// `errc::malformed_response` of it, or `errc::outcome_unknown` for a call that must not be
/// repeated; the request is not sent again.
enum class framing {
    status_line = 1, ///< such as one without the blank after the status
    head_size,       ///< more than 64 KiB of status line and fields
    field,           ///< such as two lengths that differ
    transfer_coding, ///< one that is not chunked, or beside a length
    chunk,           ///< a chunk or its size
    line_size,       ///< a chunk's size with its extensions, or the trailer, has more than 128 KiB
    interim,         ///< too many interim answers, or a change of protocol
    other,
};

namespace detail {

inline constexpr meaning<framing> framing_meanings[] = {
    {framing::status_line, "the answer does not begin with a status line of HTTP/1.1"},
    {framing::head_size, "the answer's head is too large"},
    {framing::field, "the answer has a header field that HTTP does not allow"},
    {framing::transfer_coding, "the answer has a Transfer-Encoding that was not asked for"},
    {framing::chunk, "the answer has a chunk that HTTP does not allow"},
    {framing::line_size, "the answer has a chunk extension or trailer that is too large"},
    {framing::interim, "the answer has too many interim answers, or another protocol"},
};

inline std::string words_of_framing(int value) {
    return words_among(framing_meanings, value, "the answer is not HTTP/1.1");
}
inline std::string words_of_proxy(int value) {
    return "the proxy refused to connect: HTTP status " + std::to_string(value) +
           (value == 407 ? ", its user and password are missing or wrong" : "");
}

} // namespace detail

/// Category of `framing`.
inline boost::system::error_category const& framing_category() noexcept {
    static detail::worded_category const instance("eloqua.bulk.framing", &detail::words_of_framing);
    return instance;
}

inline error_code make_error_code(framing value) noexcept {
    return error_code(static_cast<int>(value), framing_category());
}

/// Category of a proxy's refusals; the values are HTTP statuses, such as 407 for missing or wrong
/// credentials. The request was not sent then.
inline boost::system::error_category const& proxy_category() noexcept {
    static detail::worded_category const instance("eloqua.bulk.proxy", &detail::words_of_proxy);
    return instance;
}

/// As a deadline: none.
inline constexpr clock::duration no_deadline = clock::duration::max();

/// How long each phase may take; see `deadline` for what each covers. They run only while a verb
/// of the channel is under way: a slow consumer between two reads is never a time-out.
struct deadlines {
    clock::duration resolve = std::chrono::seconds(10);
    clock::duration connect = std::chrono::seconds(10);
    clock::duration handshake = std::chrono::seconds(10);
    clock::duration send = std::chrono::seconds(30);
    clock::duration head = std::chrono::minutes(2);
    clock::duration read = std::chrono::minutes(1);
    clock::duration request = std::chrono::minutes(30);

    clock::duration of(deadline phase) const noexcept {
        constexpr clock::duration deadlines::* of_phase[] = {
            &deadlines::resolve, &deadlines::connect, &deadlines::handshake, &deadlines::send,
            &deadlines::head,    &deadlines::read,    &deadlines::request};
        std::size_t const at = static_cast<std::size_t>(phase) - 1;
        return at < std::size(of_phase) ? this->*of_phase[at] : no_deadline;
    }
};

/// Options of `beast_transport` and `async_beast_transport`.
///
/// Certificate chain and host name of a server are always verified, against the system's
/// certificate authorities and those given here; the name must be one of the certificate's
/// subjectAltName (RFC 9525), its common name does not count. TLS is 1.2 or newer.
struct transport_options {
    deadlines limits;
    std::string ca_file; ///< a PEM file of further certificate authorities; empty for none
    std::string ca_pem;  ///< further certificate authorities as PEM text; empty for none
    /// A connection idle for longer is not used again.
    clock::duration max_idle = std::chrono::seconds(30);
    /// As above, for a POST, which must not be repeated if the server closes the connection just
    /// then.
    clock::duration post_max_idle = std::chrono::seconds(3);
    /// How many idle connections are kept.
    std::size_t max_idle_connections = 8;
    /// Sent where a request has no User-Agent of its own; empty for none.
    std::string user_agent = "eloqua-bulk/" ELOQUA_BULK_VERSION_STRING;
    /// A proxy for every connection: "http://host:port", with "user:password@" in front of the host
    /// if it wants to know, percent-encoded where they have other than letters and digits; empty
    /// for none. Connections go through it by CONNECT, TLS is spoken with the server itself: the
    /// proxy sees host and port of an https URL and nothing else, and its credentials are sent to
    /// nobody else.
    std::string proxy;
    /// Where `proxy` is empty, takes it from the environment, which is read when the transport is
    /// made: https_proxy or HTTPS_PROXY, for http URLs http_proxy. no_proxy or NO_PROXY lists
    /// the hosts that are reached without it, separated by commas: "host", which stands for all
    /// hosts below it too, ".host" for those alone, either with ":port", or "*". This machine
    /// ("localhost", 127.0.0.1, ::1) is always reached without it.
    bool proxy_from_environment = false;
    /// Looks up a host name in place of the system: numeric addresses, best first; none for a host
    /// that does not exist. Called on a thread of its own for each connection, also after the
    /// transport is gone, so it owns what it needs; it may take as long as it likes, since
    /// `deadlines::resolve` ends the waiting for it. What it throws ends the look-up.
    std::function<std::vector<std::string>(std::string const& host)> look_up;
};

} // namespace eloqua::bulk

template <>
struct boost::system::is_error_code_enum<eloqua::bulk::deadline> : std::true_type {};
template <>
struct boost::system::is_error_code_enum<eloqua::bulk::framing> : std::true_type {};
