// SPDX-License-Identifier: BSL-1.0
/// \file
/// `fault`: one thing that goes wrong between a client and a simulated Eloqua, or inside of it.
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

/// What goes wrong.
enum class fault_kind : unsigned char {
    // With the connection.
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
    // With the answer.
    truncate,
    garble,
    unauthorized,
    move_pod,
    too_many_requests,
    server_error,
    bad_gateway,
    unavailable,
    gateway_timeout,
    // With what the service does.
    expire,
    reorder,
    hold,
    fail,
    reject,
    // Oddities, which do no harm.
    byte_order_mark,
    open_last_line,
    // Lies: answers that look right, or wrong ones to what was done.
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
    // The truth in another form than the usual one.
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

/// "reset_before" and so on.
constexpr std::string_view to_string(fault_kind k) noexcept {
    std::string_view name;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<fault_kind>>(
        [&](auto const& each) { name = each.value == k ? each.name : name; });
    return name;
}

/// One fault, made by the function that is named like it.
///
/// All but those of what the service does can happen to any request, and the answers of the
/// service's own are the documented ones. "Unknown" marks what nobody has documented of the real
/// service. A fault that finds nothing to change, such as the body of an answer without one,
/// changes nothing.
///
/// A `listener` knows a request only when it has come: there a refused connection and one that is
/// reset inside the request are what `reset_before` is, a reset in place of the answer.
struct fault {
    fault_kind kind = fault_kind::refuse;
    /// Whether the service did what it was asked to, all the same.
    bool carried_out = false;
    /// Where in the body, or how much of it. Of a body that is shorter, the remainder counts, so
    /// that a random number is a random place.
    std::optional<std::size_t> bytes = {};
    int status = 0;
    int severity = 0; ///< `errorSeverity`
    std::optional<std::chrono::seconds> time = std::nullopt;
    bool as_date = false; ///< Retry-After
    elq code = {};
    std::size_t rows = 0, of_rows = 1;
    std::string name = std::string(); ///< of a pod, or of a member
    bool tells_total = false;         ///< of a list that is cut; or its numbers, of rejects
    bool escaped = false;             ///< of text that is broken

    // The connection. None of these but the last three leaves one that could be used again.

    /// There is no connection: `connection_refused`.
    static fault refuse() { return {fault_kind::refuse}; }
    /// The connection is lost in the TLS handshake, so that nothing of the request is sent:
    /// `connection_reset`. A listener reads the request, and resets the connection.
    static fault cut_handshake() { return {fault_kind::cut_handshake}; }
    /// The request was sent, and not read: `connection_reset` in place of the answer.
    static fault reset_before() { return {fault_kind::reset_before}; }
    /// `connection_reset` while the request is sent; it is not carried out.
    static fault reset_inside() { return {fault_kind::reset_inside}; }
    /// The request is carried out, and `connection_reset` comes in place of the answer.
    static fault lose_answer() { return {fault_kind::lose_answer, true}; }
    /// `connection_reset` after so many bytes of the body, in the head if there is no body.
    static fault cut(std::size_t bytes) { return {fault_kind::cut, true, bytes}; }
    /// The answer never comes. In the same process: `deadline::head`, after as long as
    /// `deadlines::head` is by default, at once on the simulated clock. A listener says nothing
    /// until the client goes.
    static fault stall(bool carried_out = true) { return {fault_kind::stall, carried_out}; }
    /// No more than so many bytes of the body ever come: `deadline::read`.
    static fault stall_after(std::size_t bytes) { return {fault_kind::stall, true, bytes}; }
    /// The body comes in pieces of so many bytes, the first 1,000 of them; then all the rest.
    static fault trickle(std::size_t bytes = 1) { return {fault_kind::trickle, true, bytes}; }
    static constexpr std::size_t trickled_pieces = 1'000;
    /// Content-Length is greater than the body by so many bytes, and the connection is closed after
    /// it: `connection_aborted` in the same process, what the transport says of it over sockets.
    static fault overstate(std::size_t bytes = 1) { return {fault_kind::overstate, true, bytes}; }
    /// The answer comes twice, or at least 4 KB of it do, so that they would be taken for that to
    /// the next request on the connection. They come with the last bytes of the body, for a
    /// transport to see that nobody has asked for them. The one in the same process does, so that
    /// only a listener makes a difference.
    static fault repeat_answer() { return {fault_kind::repeat_answer, true}; }

    // The answer.

    /// The body ends after so many bytes, as if it were whole. CSV ends after a whole line, for
    /// otherwise nobody could tell.
    static fault truncate(std::size_t bytes) { return {fault_kind::truncate, true, bytes}; }
    /// The body is neither JSON nor CSV nor UTF-8.
    static fault garble() { return {fault_kind::garble, true}; }
    /// 401, once, whoever asks.
    static fault unauthorized() { return {.kind = fault_kind::unauthorized, .status = 401}; }
    /// From now on, requests to the origin of this one are answered by the status, until the login
    /// service is asked again where the API is. Given a pod, the login service names that one (see
    /// `simulator_options::pod`), and the old one never answers again. How the real one refuses who
    /// comes to the old pod is unknown; after a 404 this library does not ask again.
    static fault move_pod(int status = 401, std::string pod = std::string()) {
        return {.kind = fault_kind::move_pod, .status = status, .name = std::move(pod)};
    }
    /// 429. Whether it has a Retry-After is unknown.
    static fault too_many_requests(std::optional<std::chrono::seconds> retry_after = std::nullopt,
                                   bool as_date = false) {
        return {.kind = fault_kind::too_many_requests,
                .status = 429,
                .time = retry_after,
                .as_date = as_date};
    }
    /// 500 with an `errorSeverity` of 0, the worst and permanent, to 3. The words of all but 0 are
    /// unknown, and so is whether the request may have been carried out.
    static fault server_error(int severity, bool carried_out = false) {
        return {.kind = fault_kind::server_error,
                .carried_out = carried_out,
                .status = 500,
                .severity = severity};
    }
    /// 502, 503 and 504 of something in front of the service: a page of HTML.
    static fault bad_gateway(bool carried_out = false) {
        return {.kind = fault_kind::bad_gateway, .carried_out = carried_out, .status = 502};
    }
    /// As above, with these words as Retry-After, in whatever form.
    static fault unavailable_until(std::string retry_after) {
        fault f = unavailable();
        f.name = std::move(retry_after);
        return f;
    }
    static fault unavailable(bool carried_out = false,
                             std::optional<std::chrono::seconds> retry_after = std::nullopt) {
        return {.kind = fault_kind::unavailable,
                .carried_out = carried_out,
                .status = 503,
                .time = retry_after};
    }
    static fault gateway_timeout(bool carried_out = true) {
        return {.kind = fault_kind::gateway_timeout, .carried_out = carried_out, .status = 504};
    }

    // What the service does.

    /// Of a request for rows of an export: from now on its data are gone. 410 as when they expire;
    /// 404 has been seen too.
    static fault expire(int status = 410) {
        return {.kind = fault_kind::expire, .carried_out = true, .status = status};
    }
    /// Of a request for rows of an export: from this page on they come in another order, so that
    /// some come twice and others never, which a client sees only by values that no two rows share.
    /// That there is an order at all is unknown.
    static fault reorder() { return {fault_kind::reorder, true}; }
    /// Of a request that makes a sync: it stays pending for this time, or for ever.
    static fault hold(std::optional<std::chrono::seconds> time = std::nullopt) {
        return {.kind = fault_kind::hold, .carried_out = true, .time = time};
    }
    /// Of a request that makes a sync: it ends in error, with this code in its log, and has done
    /// nothing or, if `late`, all of its work. Which it is with a real one is unknown.
    static fault fail(elq code = elq::temporary_error, bool late = false) {
        return {
            .kind = fault_kind::fail, .carried_out = true, .code = code, .rows = late ? 1U : 0U};
    }
    /// Of a request that makes a sync of an import or of sync actions: of each `of_rows` rows, the
    /// first `rows` are rejected with this code, whatever they hold.
    static fault reject(std::size_t rows = 1, std::size_t of_rows = 1,
                        elq code = elq::malformed_record) {
        return {.kind = fault_kind::reject,
                .carried_out = true,
                .code = code,
                .rows = rows,
                .of_rows = of_rows == 0 ? 1 : of_rows};
    }

    // What an answer may have, and what must do no harm.

    /// The body begins with a byte order mark.
    static fault byte_order_mark() { return {fault_kind::byte_order_mark, true}; }
    /// The last line of a page of CSV has no end; its length is the right one.
    static fault open_last_line() { return {fault_kind::open_last_line, true}; }

    // Lies. But for the last, no status and no length tells of them; only what the answer says of
    // itself does, or the rows.

    /// Of a request for a page after the first: the answer is the page before it.
    static fault other_page() { return {fault_kind::other_page, true}; }
    /// A page says that it begins one item later than it does.
    static fault wrong_offset() { return {fault_kind::wrong_offset, true}; }
    /// A document says that it is the next one of its kind: its `uri`, or the member that is named,
    /// such as `syncedInstanceUri`.
    static fault other_resource(std::string member = "uri") {
        return {.kind = fault_kind::other_resource, .carried_out = true, .name = std::move(member)};
    }

    /// Of a push: it is answered by 204, and nothing is staged.
    static fault swallow_rows() { return {fault_kind::swallow_rows, true}; }
    /// Of a push: the service starts a sync though the definition says that it must not.
    static fault start_by_push() { return {fault_kind::start_by_push, true}; }
    /// A list, but not one of rows, ends after half of its page. Its total is the right one, or is
    /// not told.
    static fault cut_list(bool tells_total = true) {
        return {.kind = fault_kind::cut_list, .carried_out = true, .tells_total = tells_total};
    }
    /// A list, but not one of rows, says that more follows, and tells no total. Asked for what
    /// follows its end, it has the same page once more, if one had this fault before, so that
    /// `fault_plan::from` makes a list without end; or nothing, if it does not repeat.
    static fault endless_list(bool repeats = true) {
        return {.kind = fault_kind::endless_list, .carried_out = true, .rows = repeats ? 1U : 0U};
    }
    /// A page has one item, or row, more than was asked for: the last one, as often as that takes.
    static fault extra_items() { return {fault_kind::extra_items, true}; }
    /// Of a request for a log: there is nothing in it yet.
    static fault late_log() { return {fault_kind::late_log, true}; }
    /// Of a request for rejects: the values that are given back are spelt as HTML has them, "&#64;"
    /// for each '@', and without their numbers if those are not told.
    static fault respell(bool tells_numbers = true) {
        return {.kind = fault_kind::respell, .carried_out = true, .tells_total = tells_numbers};
    }

    /// The rows of a page lack the column with this key, or all of them: objects without members,
    /// CSV without values.
    static fault drop_columns(std::string key = std::string()) {
        return {.kind = fault_kind::drop_columns, .carried_out = true, .name = std::move(key)};
    }
    /// They have it, or all of them, by another key.
    static fault rename_columns(std::string key = std::string()) {
        return {.kind = fault_kind::rename_columns, .carried_out = true, .name = std::move(key)};
    }
    /// The row of this number on the page has text that is broken, in the column with this key or
    /// in its first: half of a surrogate pair, as an escape of JSON, or a byte of Latin-1.
    static fault break_text(std::size_t row = 0, bool escaped = true,
                            std::string key = std::string()) {
        return {.kind = fault_kind::break_text,
                .carried_out = true,
                .bytes = row,
                .name = std::move(key),
                .escaped = escaped};
    }

    /// The request is carried out, and answered by a status that is not documented: a 2xx in place
    /// of the right one, or any other with a page of HTML.
    static fault other_status(int status) {
        return {.kind = fault_kind::other_status, .carried_out = true, .status = status};
    }

    /// Syncs that have ended say that they did so in this status.
    static fault odd_status(std::string status = "halted") {
        return {.kind = fault_kind::odd_status, .carried_out = true, .name = std::move(status)};
    }

    // The truth in another form than the usual one: a client has to take it.

    /// In a document, or a list of them, the status of a sync is in capital letters, who made
    /// something and when are numbers, and the number of a reject is a text.
    static fault other_form() { return {fault_kind::other_form, true}; }
    /// The body has these codings, as in a Content-Encoding: for each "gzip" among them it is
    /// compressed once, if the client takes that. A '+' begins another field. So many zero bytes
    /// follow what is compressed.
    static fault encode(std::string codings, std::size_t padding = 0) {
        return {.kind = fault_kind::encode,
                .carried_out = true,
                .bytes = padding,
                .name = std::move(codings)};
    }

    /// Whether the service ever saw the request.
    bool arrives() const {
        return kind != fault_kind::refuse && kind != fault_kind::cut_handshake &&
               kind != fault_kind::reset_before && kind != fault_kind::reset_inside;
    }
    /// Whether a client gets no good answer, and has to ask again, if it can.
    bool spoils() const {
        return kind < fault_kind::expire && kind != fault_kind::trickle &&
               kind != fault_kind::repeat_answer;
    }
    /// Bytes of a trickle's pieces.
    std::size_t piece() const { return std::max<std::size_t>(1, bytes.value_or(1)); }
    /// All of it in a line: "cut, at byte 100". `read_fault` reads it back.
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
    friend std::ostream& operator<<(std::ostream& out, fault const& f) {
        return out << f.describe();
    }
    friend bool operator==(fault const&, fault const&) = default;

private:
    /// In quotes if it has a character that would end it.
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
