// SPDX-License-Identifier: BSL-1.0
/// \file
/// The parts of HTTP that this library needs: URLs, requests and responses. No sockets.
#pragma once

#include <eloqua/bulk/detail/http/host.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/verb.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// Scheme, host and port of a connection.
struct origin {
    std::string scheme = "https"; ///< "https" or "http"
    std::string host;             ///< name or address, without brackets
    std::uint16_t port = 443;     ///< 1 to 65,535

    /// Whether requests are sent over TLS.
    bool secure() const noexcept { return scheme == "https"; }
    /// Whether the address never leaves this machine.
    bool loopback() const noexcept {
        return detail::iequals(host, "localhost") || host == "::1" ||
               (host.starts_with("127.") && detail::is_ipv4(host));
    }
    /// "host" or "host:port", as in a Host header.
    std::string authority() const {
        std::string text = host.find(':') == std::string::npos ? host : '[' + host + ']';
        if (port != (secure() ? 443 : 80))
            text += ':' + std::to_string(port);
        return text;
    }
    /// Such as "https://host:8443"; without the port if it is the scheme's own.
    std::string text() const { return scheme + "://" + authority(); }
    /// Compares all parts.
    friend bool operator==(origin const&, origin const&) = default;
};

/// An absolute http or https URL in parts.
struct url {
    origin at;                ///< scheme, host and port
    std::string target = "/"; ///< path and query
};

/// Parses an absolute http(s) URL. Its host must be a name of letters, digits and hyphens, an IPv4
/// address of four decimal numbers, or an IPv6 address in brackets without a zone, without
/// percent-encoding. Error: `errc::invalid_argument` for anything else, for user names and
/// fragments, and for characters that are not printable ASCII.
[[nodiscard]] inline result<url> parse_url(std::string_view text) {
    auto bad = [&](char const* why) {
        // Text with an '@' may contain a password, on either side of a '/' or '#'.
        bool const echo = text.find('@') == text.npos;
        return failure(errc::invalid_argument,
                       (echo ? "URL '" + detail::shown(text) + "': " : "a URL ") + why);
    };
    url parsed;
    std::size_t const colon = text.find("://");
    std::string_view const scheme = text.substr(0, colon == text.npos ? 0 : colon);
    if (detail::iequals(scheme, "https"))
        parsed.at.scheme = "https";
    else if (detail::iequals(scheme, "http"))
        parsed.at.scheme = "http";
    else
        return failure(errc::invalid_argument, "a URL must begin with https:// or http://");
    parsed.at.port = parsed.at.secure() ? 443 : 80;
    for (char c : text)
        if (c <= ' ' || c > '~')
            return failure(errc::invalid_argument,
                           "a URL contains a space, a control character, or one that is not ASCII");
    if (text.find('#') != text.npos)
        return bad("has a fragment");
    std::string_view rest = text.substr(colon + 3);
    std::size_t const slash = rest.find_first_of("/?");
    std::string_view authority = rest.substr(0, slash);
    if (slash != rest.npos)
        parsed.target = rest.substr(slash);
    if (parsed.target.front() == '?')
        parsed.target.insert(0, 1, '/');
    if (authority.find('@') != authority.npos) // do not quote it: it may contain a password
        return failure(errc::invalid_argument, "a URL must not contain a user name");
    std::string_view port;
    bool const bracketed = authority.starts_with('[');
    if (bracketed) {
        std::size_t const close = authority.find(']');
        if (close == authority.npos)
            return bad("has an unclosed bracket");
        parsed.at.host = authority.substr(1, close - 1);
        authority.remove_prefix(close + 1);
        if (!authority.empty() && authority.front() != ':')
            return bad("has text after the bracket");
        port = authority.empty() ? authority : authority.substr(1);
    } else {
        std::size_t const at = authority.find(':');
        parsed.at.host = authority.substr(0, at);
        port = at == authority.npos ? std::string_view() : authority.substr(at + 1);
    }
    if (parsed.at.host.empty())
        return bad("names no host");
    if (!(bracketed ? detail::is_ipv6(parsed.at.host) : detail::is_host_name(parsed.at.host)))
        return bad("names a host that is neither a name of letters, digits and hyphens nor an "
                   "address");
    if (!port.empty()) {
        unsigned value = 0;
        if (!detail::read_whole(port, value) || value == 0 || value > 65535)
            return bad("has a bad port");
        parsed.at.port = static_cast<std::uint16_t>(value);
    }
    return parsed;
}

/// Header fields in order. Names are compared without regard to case.
class header_fields {
public:
    /// Adds a field, or replaces the one with that name.
    void set(std::string_view name, std::string value) {
        for (auto& each : fields_)
            if (detail::iequals(each.first, name)) {
                each.second = std::move(value);
                return;
            }
        fields_.emplace_back(name, std::move(value));
    }
    /// Adds a field, even if there is one with that name. Constant time.
    void add(std::string_view name, std::string value) {
        fields_.emplace_back(name, std::move(value));
    }
    /// The value of the first field with that name, if any.
    std::optional<std::string_view> find(std::string_view name) const {
        for (auto const& each : fields_)
            if (detail::iequals(each.first, name))
                return each.second;
        return std::nullopt;
    }
    /// The values of all fields with that name as one list, as in RFC 9110 (5.3).
    std::string list(std::string_view name) const {
        std::string all;
        for (auto const& [each, value] : fields_)
            if (detail::iequals(each, name))
                all.append(all.empty() ? "" : ", ").append(value);
        return all;
    }
    /// @{
    /// The fields in their order.
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    /// @}

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// A request for a transport, which adds Host and Content-Length.
struct request {
    verb method = verb::get; ///< the method
    origin to;               ///< the server
    std::string target;      ///< path and query, percent-encoded
    header_fields fields;    ///< without Host and Content-Length
    std::string_view body;   ///< must stay valid until the response's head was read

    request() = default;
    /// Without header fields and body.
    request(verb m, origin o, std::string t) : method(m), to(std::move(o)), target(std::move(t)) {}

    /// "GET https://host/path", for messages. Contains no header field, so no credentials.
    std::string line() const { return std::string(to_string(method)) + ' ' + to.text() + target; }
};

/// Status line and header fields of a response.
struct head {
    int status = 0;                              ///< three digits
    std::string reason;                          ///< phrase after the status; may be empty
    header_fields fields;                        ///< header fields
    std::optional<std::uint64_t> content_length; ///< bytes; empty if the length is not known
};

namespace detail {

/// How a head violates HTTP/1.1, whatever transport received it; empty if it does not.
inline std::string strange_head(head const& h) {
    if (h.status < 100 || h.status > 599)
        return "the response has status " + std::to_string(h.status) + ", which HTTP does not have";
    auto const coding = h.fields.find("Transfer-Encoding");
    if (!coding || iequals(*coding, "chunked"))
        return std::string();
    std::string text = "it has a Transfer-Encoding that was not requested: ";
    for (char c : coding->substr(0, 40))
        text += c >= 0x20 && c < 0x7f ? c : '?';
    return text;
}

} // namespace detail

/// A complete response, for scripted and simulated services.
struct response {
    int status = 200;        ///< three digits
    header_fields fields;    ///< header fields
    std::string body;        ///< the whole body
    std::string reason = {}; ///< empty: the usual phrase for the status

    response() = default;
    /// With a body and its Content-Type.
    explicit response(int s, std::string b = std::string(),
                      std::string_view content_type = "application/json")
        : status(s), body(std::move(b)) {
        if (!body.empty())
            fields.set("Content-Type", std::string(content_type));
    }
};

} // namespace eloqua::bulk
