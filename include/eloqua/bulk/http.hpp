// SPDX-License-Identifier: BSL-1.0
/// \file
/// HTTP as this library needs it: URLs, requests and response heads. No sockets.
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

/// Scheme, host and port: what a connection is made to.
struct origin {
    std::string scheme = "https"; ///< "https" or "http"
    std::string host;             ///< name or address, without brackets
    std::uint16_t port = 443;

    bool secure() const noexcept { return scheme == "https"; }
    /// True for the addresses that never leave this machine.
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
    std::string text() const { return scheme + "://" + authority(); }
    friend bool operator==(origin const&, origin const&) = default;
};

/// An absolute http or https URL, split where a request needs it.
struct url {
    origin at;
    std::string target = "/"; ///< path and query
};

/// Parses an absolute http(s) URL. Its host is a name of letters, digits and hyphens, an address of
/// IPv4 as four decimal numbers, or one of IPv6 in brackets without a zone; nothing in it is
/// percent encoded. Error: `errc::invalid_argument` for anything else, for user names and fragments
/// in it, and for characters that are not printable ASCII.
[[nodiscard]] inline result<url> parse_url(std::string_view text) {
    auto bad = [&](char const* why) {
        // Where an '@' is, a password may be, on whatever side of a '/' or '#' it ended up.
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
                           "a URL holds a space, a control character, or one that is not ASCII");
    if (text.find('#') != text.npos)
        return bad("has a fragment");
    std::string_view rest = text.substr(colon + 3);
    std::size_t const slash = rest.find_first_of("/?");
    std::string_view authority = rest.substr(0, slash);
    if (slash != rest.npos)
        parsed.target = rest.substr(slash);
    if (parsed.target.front() == '?')
        parsed.target.insert(0, 1, '/');
    if (authority.find('@') != authority.npos) // do not echo: it may hold a password
        return failure(errc::invalid_argument, "a URL must not hold a user name");
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

/// Header fields in order; names compare without regard to case.
class header_fields {
public:
    /// Adds a field, or replaces the one of that name.
    void set(std::string_view name, std::string value) {
        for (auto& each : fields_)
            if (detail::iequals(each.first, name)) {
                each.second = std::move(value);
                return;
            }
        fields_.emplace_back(name, std::move(value));
    }
    /// Adds a field, whether or not there is one of that name. Constant time.
    void add(std::string_view name, std::string value) {
        fields_.emplace_back(name, std::move(value));
    }
    /// The value of the first field of that name, or nothing if no field has that name.
    std::optional<std::string_view> find(std::string_view name) const {
        for (auto const& each : fields_)
            if (detail::iequals(each.first, name))
                return each.second;
        return std::nullopt;
    }
    /// The values of all fields of that name as one list, as RFC 9110 (5.3) has it.
    std::string list(std::string_view name) const {
        std::string all;
        for (auto const& [each, value] : fields_)
            if (detail::iequals(each, name))
                all.append(all.empty() ? "" : ", ").append(value);
        return all;
    }
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// A request as handed to a transport. Host and Content-Length are the transport's to add.
struct request {
    verb method = verb::get;
    origin to;
    std::string target; ///< path and query, percent-encoded
    header_fields fields;
    std::string_view body; ///< borrowed: must stay until the response's head was read

    request() = default;
    request(verb m, origin o, std::string t) : method(m), to(std::move(o)), target(std::move(t)) {}

    /// "GET https://host/path", for messages. Holds no header field, hence no credentials.
    std::string line() const { return std::string(to_string(method)) + ' ' + to.text() + target; }
};

/// Status line and header fields of a response.
struct head {
    int status = 0;
    std::string reason;
    header_fields fields;
    std::optional<std::uint64_t> content_length; ///< bytes; empty if the length is not known
};

namespace detail {

/// What HTTP/1.1 does not allow of a head, whatever transport it came by; empty for a good one.
inline std::string strange_head(head const& h) {
    if (h.status < 100 || h.status > 599)
        return "HTTP has no status " + std::to_string(h.status);
    auto const coding = h.fields.find("Transfer-Encoding");
    if (!coding || iequals(*coding, "chunked"))
        return std::string();
    std::string text = "it has a Transfer-Encoding that was not asked for: ";
    for (char c : coding->substr(0, 40))
        text += c >= 0x20 && c < 0x7f ? c : '?';
    return text;
}

} // namespace detail

/// A whole response, where one exists as such: scripted and simulated services.
struct response {
    int status = 200;
    header_fields fields;
    std::string body;
    std::string reason = {}; ///< empty: the usual phrase of the status

    response() = default;
    explicit response(int s, std::string b = std::string(),
                      std::string_view content_type = "application/json")
        : status(s), body(std::move(b)) {
        if (!body.empty())
            fields.set("Content-Type", std::string(content_type));
    }
};

} // namespace eloqua::bulk
