// SPDX-License-Identifier: BSL-1.0
/// \file
/// `fault`: one fault between a client and a simulated Eloqua, or inside the service.
#pragma once

#include <eloqua/bulk/syncs.hpp>

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// Kinds of faults.
enum class fault_kind : unsigned char {
    // Of the connection.
    refuse,
    cut_handshake,
    reset_before,
    reset_inside,
    lose_answer,
    cut,
    stall,
    trickle,
    overstate,
    repeat_answer,
    // Of the response.
    truncate,
    garble,
    unauthorized,
    move_pod,
    too_many_requests,
    server_error,
    bad_gateway,
    unavailable,
    gateway_timeout,
    // Of the service's work.
    expire,
    reorder,
    hold,
    fail,
    reject,
    // Harmless oddities.
    byte_order_mark,
    open_last_line,
    // False responses: they look right, or do not match what was done.
    other_page,
    wrong_offset,
    other_resource,
    swallow_rows,
    start_by_push,
    cut_list,
    endless_list,
    extra_items,
    late_log,
    respell,
    drop_columns,
    rename_columns,
    break_text,
    other_status,
    odd_status,
    // Correct responses in an unusual form.
    other_form,
    encode,
};

BOOST_DESCRIBE_ENUM(fault_kind, refuse, cut_handshake, reset_before, reset_inside, lose_answer, cut,
                    stall, trickle, overstate, repeat_answer, truncate, garble, unauthorized,
                    move_pod, too_many_requests, server_error, bad_gateway, unavailable,
                    gateway_timeout, expire, reorder, hold, fail, reject, byte_order_mark,
                    open_last_line, other_page, wrong_offset, other_resource, swallow_rows,
                    start_by_push, cut_list, endless_list, extra_items, late_log, respell,
                    drop_columns, rename_columns, break_text, other_status, odd_status, other_form,
                    encode)

/// The name of the enumerator, such as "reset_before".
constexpr std::string_view to_string(fault_kind k) noexcept {
    std::string_view name;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<fault_kind>>(
        [&](auto const& each) { name = each.value == k ? each.name : name; });
    return name;
}

/// One fault, created by the function of the same name.
///
/// Faults of the service's work apply to certain requests only, all others to any request. Error
/// responses of the service are the documented ones. "Unknown" marks behaviour of the real service
/// that nobody has documented. A fault that finds nothing to change, such as the body of a
/// response without one, has no effect.
///
/// A `listener` sees a request only after it has arrived. There, a refused connection and a reset
/// inside the request act like `reset_before`: a reset in place of the response.
struct fault {
    fault_kind kind = fault_kind::refuse; ///< what happens
    /// Whether the service executes the request anyway.
    bool carried_out = false;
    /// The position in the body, or the number of its bytes. For a shorter body, the remainder of
    /// the division by its size is used, so that a random number is a random position.
    std::optional<std::size_t> bytes = {};
    int status = 0;   ///< HTTP status of the response
    int severity = 0; ///< `errorSeverity`
    /// Such as Retry-After, or how long a sync is held.
    std::optional<std::chrono::seconds> time = std::nullopt;
    bool as_date = false; ///< Retry-After
    elq code = {};        ///< ELQ code of a failed sync or of rejects
    /// @{
    /// Of `reject`: of every `of_rows` rows, the first `rows` are rejected.
    std::size_t rows = 0, of_rows = 1;
    /// @}
    std::string name = std::string(); ///< of a pod or a member
    /// For a list that is cut: keeps its total; for rejects: keeps their numbers.
    bool tells_total = false;
    bool escaped = false; ///< for broken text

    // Faults of the connection. Except for the last three, the connection cannot be used again.

    /// No connection: `connection_refused`.
    static fault refuse() { return {fault_kind::refuse}; }
    /// The connection is lost in the TLS handshake, so no byte of the request is sent:
    /// `connection_reset`. A listener reads the request, then resets the connection.
    static fault cut_handshake() { return {fault_kind::cut_handshake}; }
    /// The request is sent, but not read: `connection_reset` in place of the response.
    static fault reset_before() { return {fault_kind::reset_before}; }
    /// `connection_reset` while the request is being sent; it is not executed.
    static fault reset_inside() { return {fault_kind::reset_inside}; }
    /// The request is executed, but `connection_reset` comes in place of the response.
    static fault lose_answer() { return {fault_kind::lose_answer, true}; }
    /// `connection_reset` after this many bytes of the body, or in the head if there is no body.
    static fault cut(std::size_t bytes) { return {fault_kind::cut, true, bytes}; }
    /// The response never comes. In the same process: `deadline::head`, after the default of
    /// `deadlines::head`, at once on the simulated clock. A listener stays silent until the client
    /// disconnects.
    static fault stall(bool carried_out = true) { return {fault_kind::stall, carried_out}; }
    /// Only this many bytes of the body ever arrive: `deadline::read`.
    static fault stall_after(std::size_t bytes) { return {fault_kind::stall, true, bytes}; }
    /// The body arrives in parts of this many bytes for its first 1,000 bytes; then the rest at
    /// once.
    static fault trickle(std::size_t bytes = 1) { return {fault_kind::trickle, true, bytes}; }
    static constexpr std::size_t trickled_pieces = 1'000; ///< number of such parts
    /// Content-Length exceeds the body by this many bytes, and the connection is closed after the
    /// body: `connection_aborted` in the same process, the transport's own error over sockets.
    static fault overstate(std::size_t bytes = 1) { return {fault_kind::overstate, true, bytes}; }
    /// The response, or at least 4 KB of it, is sent twice, so that a client could take the second
    /// for the response to its next request on the connection. It is sent with the last bytes of
    /// the body, where a transport can see that it was not requested. The in-process transport
    /// does see it, so this makes a difference only with a listener.
    static fault repeat_answer() { return {fault_kind::repeat_answer, true}; }

    // Faults of the response.

    /// The body ends after this many bytes, as if it were complete. CSV ends after a whole line;
    /// otherwise nobody could notice.
    static fault truncate(std::size_t bytes) { return {fault_kind::truncate, true, bytes}; }
    /// The body is neither JSON nor CSV nor UTF-8.
    static fault garble() { return {fault_kind::garble, true}; }
    /// 401, once, whatever the credentials.
    static fault unauthorized() { return {.kind = fault_kind::unauthorized, .status = 401}; }
    /// From now on, requests to this request's origin get this status, until the client asks the
    /// login service for the API's base again. If `pod` is given, the login service returns that
    /// one (see `simulator_options::pod`), and the old one never works again. How the real service
    /// refuses requests to an old pod is unknown; after a 404 this library does not ask the login
    /// service again.
    static fault move_pod(int status = 401, std::string pod = std::string()) {
        return {.kind = fault_kind::move_pod, .status = status, .name = std::move(pod)};
    }
    /// 429. Whether the real response has a Retry-After is unknown.
    static fault too_many_requests(std::optional<std::chrono::seconds> retry_after = std::nullopt,
                                   bool as_date = false) {
        return {.kind = fault_kind::too_many_requests,
                .status = 429,
                .time = retry_after,
                .as_date = as_date};
    }
    /// 500 with an `errorSeverity` from 0, the worst and permanent, to 3. The messages of all but
    /// 0 are unknown, and so is whether the request may have been executed.
    static fault server_error(int severity, bool carried_out = false) {
        return {.kind = fault_kind::server_error,
                .carried_out = carried_out,
                .status = 500,
                .severity = severity};
    }
    /// 502, 503 or 504 from a gateway before the service, with an HTML page.
    static fault bad_gateway(bool carried_out = false) {
        return {.kind = fault_kind::bad_gateway, .carried_out = carried_out, .status = 502};
    }
    /// As above, with this text as Retry-After, in any form.
    static fault unavailable_until(std::string retry_after) {
        fault f = unavailable();
        f.name = std::move(retry_after);
        return f;
    }
    /// 503, with or without a Retry-After.
    static fault unavailable(bool carried_out = false,
                             std::optional<std::chrono::seconds> retry_after = std::nullopt) {
        return {.kind = fault_kind::unavailable,
                .carried_out = carried_out,
                .status = 503,
                .time = retry_after};
    }
    /// 504.
    static fault gateway_timeout(bool carried_out = true) {
        return {.kind = fault_kind::gateway_timeout, .carried_out = carried_out, .status = 504};
    }

    // Faults of the service's work.

    /// For a request for rows of an export: from now on, its data has expired. The status is 410,
    /// as for expired data; 404 has been observed as well.
    static fault expire(int status = 410) {
        return {.kind = fault_kind::expire, .carried_out = true, .status = status};
    }
    /// For a request for rows of an export: from this page on, the order of rows differs, so that
    /// some come twice and others never. A client can notice only by unique values. Whether the
    /// real service has any order is unknown.
    static fault reorder() { return {fault_kind::reorder, true}; }
    /// For a request that creates a sync: it stays pending for this time, or for ever.
    static fault hold(std::optional<std::chrono::seconds> time = std::nullopt) {
        return {.kind = fault_kind::hold, .carried_out = true, .time = time};
    }
    /// For a request that creates a sync: it ends in error with this code in its log, having done
    /// nothing or, if `late`, all of its work. What the real service does is unknown.
    static fault fail(elq code = elq::temporary_error, bool late = false) {
        return {
            .kind = fault_kind::fail, .carried_out = true, .code = code, .rows = late ? 1U : 0U};
    }
    /// For a request that creates a sync of an import or of sync actions: of every `of_rows` rows,
    /// the first `rows` are rejected with this code, whatever they contain.
    static fault reject(std::size_t rows = 1, std::size_t of_rows = 1,
                        elq code = elq::malformed_record) {
        return {.kind = fault_kind::reject,
                .carried_out = true,
                .code = code,
                .rows = rows,
                .of_rows = of_rows == 0 ? 1 : of_rows};
    }

    // Harmless oddities of responses.

    /// The body starts with a byte order mark.
    static fault byte_order_mark() { return {fault_kind::byte_order_mark, true}; }
    /// The last line of a CSV page has no line end; the content length is correct.
    static fault open_last_line() { return {fault_kind::open_last_line, true}; }

    // False responses. Except for `other_status`, neither status nor length reveals them; only the
    // contents of the response do, or the rows.

    /// For a request for a page after the first: the response is the previous page.
    static fault other_page() { return {fault_kind::other_page, true}; }
    /// A page states an offset one too high.
    static fault wrong_offset() { return {fault_kind::wrong_offset, true}; }
    /// A document names the next one of its kind, in its `uri` or in the given member, such as
    /// `syncedInstanceUri`.
    static fault other_resource(std::string member = "uri") {
        return {.kind = fault_kind::other_resource, .carried_out = true, .name = std::move(member)};
    }

    /// For a push: the response is 204, but nothing is staged.
    static fault swallow_rows() { return {fault_kind::swallow_rows, true}; }
    /// For a push: the service starts a sync although the definition says not to.
    static fault start_by_push() { return {fault_kind::start_by_push, true}; }
    /// A list of documents ends after half of its page. Its total is correct, or missing.
    static fault cut_list(bool tells_total = true) {
        return {.kind = fault_kind::cut_list, .carried_out = true, .tells_total = tells_total};
    }
    /// A list of documents says that more items follow, without a total. A request past its end
    /// gets the same page again if an earlier one had this fault, so that `fault_plan::from`
    /// creates an endless list; or an empty page if `repeats` is false.
    static fault endless_list(bool repeats = true) {
        return {.kind = fault_kind::endless_list, .carried_out = true, .rows = repeats ? 1U : 0U};
    }
    /// A page has one item or row more than requested: the last one, repeated as often as
    /// necessary.
    static fault extra_items() { return {fault_kind::extra_items, true}; }
    /// For a request for a log: it is still empty.
    static fault late_log() { return {fault_kind::late_log, true}; }
    /// For a request for rejects: the returned values are HTML-encoded, "&#64;" for each '@', and
    /// lack their row numbers if `tells_numbers` is false.
    static fault respell(bool tells_numbers = true) {
        return {.kind = fault_kind::respell, .carried_out = true, .tells_total = tells_numbers};
    }

    /// The rows of a page lack the column with this key, or all columns: objects without members,
    /// CSV without values.
    static fault drop_columns(std::string key = std::string()) {
        return {.kind = fault_kind::drop_columns, .carried_out = true, .name = std::move(key)};
    }
    /// As above, but the columns have different keys.
    static fault rename_columns(std::string key = std::string()) {
        return {.kind = fault_kind::rename_columns, .carried_out = true, .name = std::move(key)};
    }
    /// The row with this number on the page has broken text, in the column with this key or in its
    /// first column: half of a surrogate pair as a JSON escape, or a Latin-1 byte.
    static fault break_text(std::size_t row = 0, bool escaped = true,
                            std::string key = std::string()) {
        return {.kind = fault_kind::break_text,
                .carried_out = true,
                .bytes = row,
                .name = std::move(key),
                .escaped = escaped};
    }

    /// The request is executed, but the response has an undocumented status: a 2xx in place of the
    /// right one, or any other with an HTML page.
    static fault other_status(int status) {
        return {.kind = fault_kind::other_status, .carried_out = true, .status = status};
    }

    /// Syncs that have ended report this status.
    static fault odd_status(std::string status = "halted") {
        return {.kind = fault_kind::odd_status, .carried_out = true, .name = std::move(status)};
    }

    // Correct responses in an unusual form, which clients have to accept.

    /// In documents and lists of them, the status of a sync is upper-case, the user and time of
    /// creation and change are numbers, and the number of a reject is text.
    static fault other_form() { return {fault_kind::other_form, true}; }
    /// The body has these codings, as in Content-Encoding: it is compressed once for each "gzip"
    /// among them, if the client accepts that. A '+' starts another header field. The compressed
    /// body is followed by `padding` zero bytes.
    static fault encode(std::string codings, std::size_t padding = 0) {
        return {.kind = fault_kind::encode,
                .carried_out = true,
                .bytes = padding,
                .name = std::move(codings)};
    }

    /// Whether the request reaches the service.
    bool arrives() const {
        return kind != fault_kind::refuse && kind != fault_kind::cut_handshake &&
               kind != fault_kind::reset_before && kind != fault_kind::reset_inside;
    }
    /// Whether the client gets no usable response and has to retry, if it can.
    bool spoils() const {
        return kind < fault_kind::expire && kind != fault_kind::trickle &&
               kind != fault_kind::repeat_answer;
    }
    /// Size in bytes of the parts of a trickle.
    std::size_t piece() const { return std::max<std::size_t>(1, bytes.value_or(1)); }
    /// A description in one line: "cut, at byte 100". `read_fault` parses it.
    std::string describe() const {
        std::string text(to_string(kind));
        auto const add = [&text](std::string_view what, auto const& value) {
            text.append(", ").append(what).append(std::to_string(value));
        };
        if (bytes && kind == fault_kind::trickle)
            add("bytes at a time ", *bytes);
        else if (bytes && kind == fault_kind::overstate)
            add("bytes too many ", *bytes);
        else if (bytes && kind == fault_kind::break_text)
            add("row ", *bytes);
        else if (bytes && kind == fault_kind::encode)
            add("bytes of padding ", *bytes);
        else if (bytes)
            add("at byte ", *bytes);
        if (status != 0)
            add("status ", status);
        if (kind == fault_kind::server_error)
            add("severity ", severity);
        if (kind == fault_kind::hold && !time)
            text += ", for ever";
        if (time)
            add("seconds ", time->count());
        if (as_date)
            text += ", as a date";
        if (kind == fault_kind::cut_list)
            text += tells_total ? ", with its total" : ", without its total";
        if (kind == fault_kind::respell && !tells_total)
            text += ", without their numbers";
        if (kind == fault_kind::endless_list && rows == 0)
            text += ", that ends all the same";
        if (code != elq{})
            text += ", " + make_error_code(code).message();
        if (kind == fault_kind::fail && rows != 0)
            text += ", after its work";
        if (kind == fault_kind::reject)
            text += ", " + std::to_string(rows) + " of " + std::to_string(of_rows) + " rows";
        if (!name.empty())
            text += (kind == fault_kind::odd_status || kind == fault_kind::encode ? ", as "
                     : kind == fault_kind::unavailable                            ? ", until "
                     : kind == fault_kind::move_pod                               ? ", to "
                                                                                  : ", in ") +
                    quoted(name);
        if (escaped)
            text += ", by an escape";
        bool const either = kind == fault_kind::stall || status >= 500;
        if (either)
            text += carried_out ? ", carried out" : ", not carried out";
        return text;
    }
    /// Writes `describe()`.
    friend std::ostream& operator<<(std::ostream& out, fault const& f) {
        return out << f.describe();
    }
    /// Compares all members.
    friend bool operator==(fault const&, fault const&) = default;

private:
    /// Quoted if it contains a character that would end it.
    static std::string quoted(std::string const& text) {
        if (text.find_first_of(",;\"\\\n\r\t") == text.npos && text.front() != ' ' &&
            text.back() != ' ')
            return text;
        std::string made = "\"";
        for (char const c : text)
            made.append(c == '"' || c == '\\' ? "\\" : "").append(1, c);
        return made + '"';
    }
};

} // namespace eloqua::bulk
