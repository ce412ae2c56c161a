// SPDX-License-Identifier: BSL-1.0
/// \file
/// Options of the Beast transports, and the error codes of their deadlines.
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

/// The phase in which a connection timed out. As an error code it compares equal to
/// `boost::system::errc::timed_out`.
enum class deadline {
    resolve = 1, ///< resolving the host name
    connect,     ///< connecting, for all addresses of the host together, including through a proxy
    handshake,   ///< the TLS handshake
    send,        ///< writing a request: the longest time without progress
    head,        ///< waiting for the head of a response, from the end of the request
    read,        ///< waiting for the next bytes of a body
    request,     ///< all of the above together, for one request
};

namespace detail {

inline constexpr meaning<deadline> deadline_meanings[] = {
    {deadline::resolve, "timed out resolving the host name"},
    {deadline::connect, "timed out connecting"},
    {deadline::handshake, "timed out in the TLS handshake"},
    {deadline::send, "timed out sending the request"},
    {deadline::head, "timed out waiting for the response"},
    {deadline::read, "timed out waiting for more of the response"},
    {deadline::request, "timed out: the request as a whole took too long"},
};

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor" // see worded_category
#endif

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

#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

} // namespace detail

/// The category of `deadline`.
inline boost::system::error_category const& deadline_category() noexcept {
    static detail::deadline_category_impl const instance;
    return instance;
}

/// Makes the enumerator an error code.
inline error_code make_error_code(deadline value) noexcept {
    return error_code(static_cast<int>(value), deadline_category());
}

/// The category of OpenSSL's reasons to refuse a certificate, `X509_V_ERR_...`. Needs
/// `eloqua/bulk/beast_transport.hpp` or `async_beast_transport.hpp`.
ELOQUA_BULK_DECL boost::system::error_category const& certificate_category() noexcept;

/// The part of a response that is not valid HTTP/1.1, or is too large. A client turns it into
/// `errc::malformed_response`, or `errc::outcome_unknown` for a request that must not be repeated.
/// The request is not sent again.
enum class framing {
    status_line = 1, ///< such as one without a blank after the status
    head_size,       ///< status line and fields are larger than 64 KiB
    field,           ///< such as two different lengths
    transfer_coding, ///< not chunked, or combined with a length
    chunk,           ///< of a chunk or its size
    line_size,       ///< a chunk's size with its extensions, or the trailer, is larger than 128 KiB
    interim,         ///< too many interim responses, or a protocol upgrade
    other,
};

namespace detail {

inline constexpr meaning<framing> framing_meanings[] = {
    {framing::status_line, "the response does not begin with a status line of HTTP/1.1"},
    {framing::head_size, "the response's head is too large"},
    {framing::field, "the response has a header field that HTTP does not allow"},
    {framing::transfer_coding, "the response has a Transfer-Encoding that was not requested"},
    {framing::chunk, "the response has a chunk that HTTP does not allow"},
    {framing::line_size, "the response has a chunk extension or trailer that is too large"},
    {framing::interim, "the response has too many interim responses, or switches protocols"},
};

inline std::string words_of_framing(int value) {
    return words_among(framing_meanings, value, "the response is not HTTP/1.1");
}
inline std::string words_of_proxy(int value) {
    return "the proxy refused to connect: HTTP status " + std::to_string(value) +
           (value == 407 ? ", its user and password are missing or wrong" : "");
}

} // namespace detail

/// The category of `framing`.
inline boost::system::error_category const& framing_category() noexcept {
    static detail::worded_category const instance("eloqua.bulk.framing", &detail::words_of_framing);
    return instance;
}

/// Makes the enumerator an error code.
inline error_code make_error_code(framing value) noexcept {
    return error_code(static_cast<int>(value), framing_category());
}

/// The category of refusals by a proxy; the values are HTTP statuses, such as 407 for missing or
/// wrong credentials. The request was then not sent.
inline boost::system::error_category const& proxy_category() noexcept {
    static detail::worded_category const instance("eloqua.bulk.proxy", &detail::words_of_proxy);
    return instance;
}

/// Disables a deadline.
inline constexpr clock::duration no_deadline = clock::duration::max();

/// How long each phase may take; see `deadline` for what each covers. Deadlines run only during an
/// operation of the channel, so a slow consumer between two reads never causes a timeout.
struct deadlines {
    /// @{
    /// Maximum duration of the phase of this name, see `deadline`.
    clock::duration resolve = std::chrono::seconds(10);
    clock::duration connect = std::chrono::seconds(10);
    clock::duration handshake = std::chrono::seconds(10);
    clock::duration send = std::chrono::seconds(30);
    clock::duration head = std::chrono::minutes(2);
    clock::duration read = std::chrono::minutes(1);
    clock::duration request = std::chrono::minutes(30);
    /// @}

    /// The deadline of a phase.
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
/// A server's certificate chain and host name are always verified, against the system's
/// certificate authorities and those given here. The name must be in the certificate's
/// subjectAltName (RFC 9525); its common name is ignored. The minimum is TLS 1.2.
struct transport_options {
    deadlines limits;    ///< how long each phase may take
    std::string ca_file; ///< a PEM file of additional certificate authorities; empty: none
    std::string ca_pem;  ///< additional certificate authorities as PEM text; empty: none
    /// A connection that was idle for longer is not reused.
    clock::duration max_idle = std::chrono::seconds(30);
    /// As above, for a POST, which must not be repeated if the server closes the connection at
    /// that moment.
    clock::duration post_max_idle = std::chrono::seconds(3);
    /// Maximum number of idle connections to keep.
    std::size_t max_idle_connections = 8;
    /// Sent if a request has no User-Agent of its own; empty: none.
    std::string user_agent = "eloqua-bulk/" ELOQUA_BULK_VERSION_STRING;
    /// A proxy for every connection: "http://host:port", with "user:password@" before the host if
    /// it requires credentials, percent-encoded except for letters and digits; empty: none.
    /// Connections use CONNECT, and TLS is end-to-end with the server: the proxy sees only host
    /// and port of an https URL. Its credentials are sent to nobody else.
    std::string proxy;
    /// If `proxy` is empty, uses the environment, which is read when the transport is created:
    /// https_proxy or HTTPS_PROXY; for http URLs http_proxy. no_proxy or NO_PROXY lists the hosts
    /// to connect to directly, separated by commas: "host", which includes all its subdomains,
    /// ".host" for the subdomains alone, either with ":port", or "*". This machine ("localhost",
    /// 127.0.0.1, ::1) is always connected to directly.
    bool proxy_from_environment = false;
    /// Resolves a host name in place of the system. Returns numeric addresses, preferred ones
    /// first; none for a host that does not exist. Called on a separate thread for each
    /// connection, possibly after the transport was destroyed, so it must own what it needs. It
    /// may block for any time, since `deadlines::resolve` limits the wait for it. An exception
    /// makes the look-up fail.
    std::function<std::vector<std::string>(std::string const& host)> look_up;
};

} // namespace eloqua::bulk

/// \cond
template <>
struct boost::system::is_error_code_enum<eloqua::bulk::deadline> : std::true_type {};
template <>
struct boost::system::is_error_code_enum<eloqua::bulk::framing> : std::true_type {};
/// \endcond
