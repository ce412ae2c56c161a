// SPDX-License-Identifier: BSL-1.0
/// \file
/// Decides whether a request is sent again, and after how long a time the server wants it.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport.hpp>
#include <eloqua/bulk/transport_options.hpp>
#include <eloqua/bulk/verb.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace eloqua::bulk::detail {

constexpr bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Whether a request that could not be sent fails permanently: the host name does not exist (1 of
/// asio.netdb), TLS cannot be negotiated, a proxy refuses, or no transport would send it.
inline bool is_permanent(error_code const& ec) {
    std::string_view const category = ec.category().name();
    return category == "asio.ssl" || category == "tls.certificate" ||
           ec == make_error_code(errc::invalid_argument) ||
           (ec.category() == proxy_category() && ec.value() < 500) ||
           (category == "asio.netdb" && ec.value() == 1);
}

/// What an exchange does next.
enum class next_step : unsigned char {
    accept,            ///< the response is a success
    fail,              ///< the failure is reported
    renew_credentials, ///< the credentials were refused: renew them, and send the request again
    look_elsewhere,    ///< the instance may have moved: ask the login service for its base URL
    send_again,        ///< after a delay
};

/// What is known about a request when its response, or none, has come.
struct sent_request {
    verb method;
    bool repeatable;           ///< safe or idempotent
    bool may_have_run = false; ///< it was sent before, and no response said what became of it
    bool sent_in_full = true;  ///< the whole request was sent
    bool renewed = false;      ///< the credentials were renewed already

    constexpr sent_request(verb m, bool r) : method(m), repeatable(r) {}
};

/// A status after which it is unknown whether the request was executed.
constexpr bool leaves_in_doubt(int status, bool repeatable) {
    return status >= 500 || (repeatable && (status == 408 || status == 425));
}

/// The next step after a response. `permanent`: the service says that trying again does not help.
///
/// A 429 is sent again, since it means that nothing was done. Statuses that leave it in doubt are
/// sent again for safe and idempotent requests only. Every 2xx means that the request was executed,
/// unless it was not sent in full. A 404 to a DELETE that may have run before is a success. A 303
/// to a request that is not repeatable means that it was executed.
constexpr next_step step_after(int status, bool permanent, sent_request const& q) {
    if (status >= 200 && status < 300)
        return q.sent_in_full ? next_step::accept
                              : (q.repeatable ? next_step::send_again : next_step::fail);
    if (status == 404 && q.method == verb::delete_ && q.may_have_run)
        return next_step::accept;
    if (status == 401 && !q.renewed)
        return next_step::renew_credentials;
    if (permanent)
        return next_step::fail;
    if (is_redirect(status) && (q.repeatable || status != 303))
        return next_step::look_elsewhere;
    return status == 429 || (q.repeatable && leaves_in_doubt(status, true)) ? next_step::send_again
                                                                            : next_step::fail;
}

/// The next step after a connection that gave no response. A request of which nothing was sent is
/// sent again unless the reason is permanent; any other only if it is repeatable and the server
/// does speak HTTP.
inline next_step step_after(error_code const& why, bool unsent, bool repeatable) {
    bool const final =
        unsent ? is_permanent(why) : !repeatable || why.category() == framing_category();
    return final || why == boost::system::errc::operation_canceled ? next_step::fail
                                                                   : next_step::send_again;
}

/// Reads an HTTP date in each of its three forms (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37
/// GMT", "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". `now` determines the
/// century of a year with two digits: it is at most 50 years ahead.
[[nodiscard]] inline std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text, std::chrono::sys_seconds now) {
    auto number = [](std::string_view digits) {
        int value = -1;
        return detail::read_whole(digits, value) ? value : -1;
    };
    std::string_view day, month, time, years;
    if (std::size_t const comma = text.find(", "); comma != text.npos) {
        text.remove_prefix(comma + 2);
        std::size_t const digits = text.size() == 24 ? 4 : 2;
        if (!text.ends_with(" GMT") || text.size() != 20 + digits)
            return std::nullopt;
        day = text.substr(0, 2);
        month = text.substr(3, 3);
        years = text.substr(7, digits);
        time = text.substr(8 + digits, 8);
    } else {
        if (text.size() != 24)
            return std::nullopt;
        month = text.substr(4, 3);
        day = text.substr(8, 2);
        day.remove_prefix(day.starts_with(' ') ? 1 : 0);
        time = text.substr(11, 8);
        years = text.substr(20);
    }
    constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::size_t const name = names.find(month);
    int const d = number(day), hour = number(time.substr(0, 2)), minute = number(time.substr(3, 2)),
              second = number(time.substr(6, 2));
    int year = number(years);
    if (years.size() == 2 && year >= 0) {
        std::chrono::year_month_day const today(std::chrono::floor<std::chrono::days>(now));
        int const latest = static_cast<int>(today.year()) + 50;
        year = latest - (latest - year) % 100;
    }
    if (name == names.npos || name % 3 != 0 || d < 1 || year < 1900 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(name / 3 + 1)),
                                           std::chrono::day(static_cast<unsigned>(d))};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

/// The longest result of `retry_after`.
inline constexpr std::chrono::seconds longest_retry_after = std::chrono::hours(24 * 365);

/// The wait that a response's Retry-After requests, at most `longest_retry_after`: seconds, rounded
/// up, or a date. A date is compared with the response's own Date, so that this machine's clock
/// does not matter; without one, with `now`, this machine's time.
[[nodiscard]] inline std::optional<clock::duration> retry_after(head const& h,
                                                                std::chrono::sys_seconds now) {
    auto const text = h.fields.find("Retry-After");
    if (!text)
        return std::nullopt;
    constexpr std::chrono::seconds longest = longest_retry_after;
    std::string_view const whole = text->substr(0, text->find('.'));
    std::string_view const fraction = text->substr(std::min(text->size(), whole.size() + 1));
    bool const digits = !whole.empty() && whole.find_first_not_of("0123456789") == whole.npos &&
                        fraction.find_first_not_of("0123456789") == fraction.npos &&
                        (whole.size() == text->size()) == fraction.empty();
    if (digits) {
        std::int64_t seconds = 0;
        if (std::from_chars(whole.data(), whole.data() + whole.size(), seconds).ec != std::errc() ||
            seconds >= longest.count())
            return longest;
        bool const more = fraction.find_first_not_of('0') != fraction.npos;
        return std::chrono::seconds(seconds + (more ? 1 : 0));
    }
    auto const said = parse_http_date(h.fields.find("Date").value_or(""), now);
    auto const when = parse_http_date(*text, said.value_or(now));
    if (!when)
        return std::nullopt;
    return std::clamp(*when - said.value_or(now), std::chrono::seconds(0), longest);
}
[[nodiscard]] inline std::optional<clock::duration> retry_after(head const& h) {
    return retry_after(h,
                       std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

} // namespace eloqua::bulk::detail
