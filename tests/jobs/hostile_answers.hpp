// SPDX-License-Identifier: BSL-1.0
/// \file
/// A hostile service, and the calls that use it: for tests of how the calls end, and for a
/// benchmark of their memory.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator/detail/gzip.hpp>

#include <boost/describe.hpp>

#include "../wire/raw_server.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hostile {

namespace bulk = eloqua::bulk;

struct person {
    std::string email, city;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::city, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, city))

inline bulk::basic_credentials const me{"Company", "user", "secret"};

/// Writes the response to a request; write errors end with the connection.
using answer = std::function<void(raw_connection&)>;

inline std::string head_of(std::string_view fields, int status = 200) {
    return "HTTP/1.1 " + std::to_string(status) + " Some\r\n" + std::string(fields) + "\r\n";
}
/// A response of a known length.
inline answer says(std::string body, std::string fields = "", int status = 200) {
    std::string text =
        head_of(fields + "Content-Length: " + std::to_string(body.size()) + "\r\n", status) + body;
    return [text = std::move(text)](raw_connection& c) { c.write(text); };
}
/// In gzip members of this many bytes each.
inline answer says_compressed(std::string_view body, std::size_t member) {
    std::string compressed;
    for (; !body.empty(); body.remove_prefix(std::min(member, body.size())))
        compressed += bulk::simulation::gzip(body.substr(0, member));
    return says(compressed, "Content-Encoding: gzip\r\n");
}
/// `begin`, then `piece` until this many bytes were written or the client stops reading; then ends
/// the connection.
inline answer goes_on(std::string begin, std::string piece, std::size_t bytes,
                      std::string fields = "") {
    return [text = head_of(fields + "Connection: close\r\n") + begin, piece = std::move(piece),
            bytes](raw_connection& c) {
        bool open = c.write(text);
        for (std::size_t n = 0; open && n < bytes; n += piece.size())
            open = c.write(piece);
        c.reset();
    };
}
inline std::string times(std::size_t count, std::string_view text) {
    std::string all;
    all.reserve(count * text.size());
    for (std::size_t i = 0; i != count; ++i)
        all += text;
    return all;
}
inline std::string list_of(std::size_t count, std::string_view item, std::string_view rest) {
    std::string body = "{\"items\":[" + times(count, std::string(item) + ",");
    if (count != 0)
        body.pop_back();
    return body + "]" + std::string(rest) + "}";
}

/// The call that a client makes.
enum class doing {
    read_document,
    read_list,
    read_page,
    export_json,
    export_csv,
    import_rows,
    // Only with good responses.
    export_full,
    import_full,
};
inline bool imports(doing what) {
    return what == doing::import_rows || what == doing::import_full;
}
/// The number of rows of the page or list, or to import.
inline std::size_t rows_of(doing what) {
    return what == doing::export_full   ? 50'000
           : what == doing::import_full ? 32'000
           : what == doing::export_csv  ? 999 // fewer than requested, which marks the end
                                        : 1'000;
}
/// The number of rows of each page of an export.
inline std::int64_t rows_asked(doing what) {
    return what == doing::export_full ? 50'000 : 1'000;
}

/// One kind of attack.
struct attack {
    std::string name;
    doing what;
    answer hostile; ///< none: it only has a good response
    /// The error that must result; empty: any named error.
    std::vector<bulk::error_code> ends = {};
    /// The transport's limit.
    std::chrono::milliseconds deadline = std::chrono::seconds(60);
};

/// Identifies the request that gets the hostile response.
inline std::string_view target_of(doing what) {
    switch (what) {
    case doing::read_document:
        return "/syncs/1 ";
    case doing::read_list:
        return "/syncs";
    case doing::import_rows:
    case doing::import_full:
        return "/syncs/1/rejects";
    default:
        return "/syncs/1/data";
    }
}

constexpr std::string_view a_sync =
    R"({"uri":"/syncs/1","syncedInstanceUri":"/contacts/exports/1","status":"success"})";
constexpr std::string_view a_row = R"({"email":"someone@example.com","city":"Somewhere"})";
constexpr std::string_view a_reject =
    R"({"fieldValues":{"email":"nobody","city":"Somewhere"},"statusCode":"ELQ-00002",)"
    R"("invalidFields":["email"],"message":"Invalid email address.","recordIndex":1})";

/// The good response to the same request.
inline answer well(doing what) {
    switch (what) {
    case doing::read_document:
        return says(std::string(a_sync));
    case doing::read_list:
        return says(list_of(1'000, a_sync, R"(,"hasMore":false)"));
    case doing::import_rows:
        return says(list_of(rows_of(what), a_reject, R"(,"hasMore":false)"));
    case doing::import_full:
        return says(list_of(0, "", R"(,"hasMore":false)"));
    case doing::export_csv:
        return says("email,city\n" + times(rows_of(what), "someone@example.com,Somewhere\n"),
                    "Content-Type: text/csv\r\n");
    case doing::export_full: // 94 MB
        return says(
            list_of(rows_of(what),
                    R"({"email":"someone@example.com","city":")" + std::string(1'835, 'x') + "\"}",
                    R"(,"totalResults":50000,"hasMore":false)"));
    default:
        return says(list_of(rows_of(what), a_row, R"(,"totalResults":1000,"hasMore":false)"));
    }
}

/// The log of the sync.
inline std::string log_of(doing what) {
    std::string const count = ",\"count\":" + std::to_string(rows_of(what)) + "}";
    std::string const of_import = R"({"items":[{"statusCode":"ELQ-00130")" + count;
    if (what == doing::import_rows)
        return of_import + R"(,{"statusCode":"ELQ-00060")" + count +
               R"(,{"statusCode":"ELQ-00004","count":0}]})";
    if (what == doing::import_full)
        return of_import + R"(,{"statusCode":"ELQ-00004")" + count + "]}";
    return R"({"items":[{"statusCode":"ELQ-00102")" + count + "]}";
}

/// Serves one connection after another, each with all its requests.
inline raw_server::session serving(doing what, answer harm) {
    return [what, harm = std::move(harm)](raw_connection& c) {
        for (;;) {
            std::string const request = c.read_request();
            if (request.empty())
                return;
            std::string const line = request.substr(0, request.find("HTTP/"));
            auto const asks = [&](std::string_view part) { return line.find(part) != line.npos; };
            std::string const of = imports(what) ? "imports" : "exports";
            bool const posts = line.starts_with("POST ");
            if (!posts && asks(target_of(what)) &&
                (what != doing::read_list || asks("/syncs ") || asks("/syncs?")))
                harm(c);
            else if (posts && asks("/contacts/" + of + " "))
                says("{\"uri\":\"/contacts/" + of + "/1\"}", "", 201)(c);
            else if (posts && asks("/data"))
                c.write(head_of("", 204));
            else if (posts)
                says("{\"uri\":\"/syncs/1\",\"syncedInstanceUri\":\"/contacts/" + of +
                         "/1\",\"status\":\"success\"}",
                     "", 201)(c);
            else if (asks("/logs"))
                says(log_of(what))(c);
            else
                c.write(head_of("", 204));
        }
    };
}

/// Makes the call against a server. Returns why it failed.
inline std::optional<bulk::failure> call(doing what, bulk::origin const& where,
                                         std::chrono::milliseconds deadline) {
    bulk::transport_options network;
    network.limits.request = deadline;
    bulk::client_options o;
    o.base_url = where.text() + "/API/Bulk/2.0";
    o.retry.attempts = 2;
    o.retry.first_delay = std::chrono::milliseconds(1);
    o.seed = 1;
    bulk::client client(bulk::beast_transport(network), me, o);
    auto const why = [](auto const& came) {
        return came ? std::nullopt : std::optional(came.error());
    };
    switch (what) {
    case doing::read_document:
        return why(client.syncs().read(1).get());
    case doing::read_list:
        return why(client.syncs().list().all().get());
    case doing::read_page: {
        bulk::rows_query wanted;
        wanted.limit = rows_asked(what);
        return why(client.syncs().data<person>(1, wanted).get());
    }
    case doing::import_rows:
    case doing::import_full: {
        bulk::import_options small;
        small.check_fields = false;
        bool const full = what == doing::import_full; // two requests, one of which is full
        std::vector<person> const rows(rows_of(what),
                                       full ? person{"someone@example.com", std::string(1'000, 'x')}
                                            : person{"nobody", "Somewhere"});
        auto const by = bulk::identified_by<&person::email>;
        return why(client.import_rows(bulk::contacts, by, rows, small).get());
    }
    default: {
        bulk::export_options small;
        small.page_rows = rows_asked(what);
        small.check_fields = false;
        small.rows = what == doing::export_csv ? bulk::rows_format::csv : bulk::rows_format::json;
        auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, small);
        return why(source.for_each([](person const&) {}).get());
    }
    }
}

/// All attacks; `much` is the number of bytes where there is no end.
inline std::vector<attack> attacks(std::size_t much) {
    using enum doing;
    auto const malformed = make_error_code(bulk::errc::malformed_response);
    auto const large = make_error_code(bulk::errc::response_too_large);
    std::vector<attack> all;
    auto const add = [&](std::string name, doing what, answer harm,
                         std::vector<bulk::error_code> ends) {
        all.push_back({std::move(name), what, std::move(harm), std::move(ends)});
    };
    std::string const garbage("\0\xff\xfe{]\"\x80\n\x1f\xc0garbage", 17);
    std::string const blanks(64 * 1024, ' ');
    constexpr std::size_t modest = 12 * 1024; // less than 500 times the size that is sent
    constexpr std::size_t most = 64 << 20;    // a thousand times
    // Documents.
    add("document: millions of objects in a small gzip", read_document,
        says_compressed(list_of(5'500'000, "{}", ""), modest), {large});
    add("document: a large gzip of blanks", read_document,
        says_compressed("{" + std::string(64 << 20, ' '), most), {large});
    add("document: blanks without end", read_document, goes_on("{", blanks, much), {large});
    add("document: nested without end", read_document,
        goes_on("{\"x\":", std::string(64 * 1024, '['), much), {malformed, large});
    add("document: a text without end", read_document,
        goes_on("{\"uri\":\"", std::string(64 * 1024, 'x'), much), {large});
    add("document: garbage", read_document, says(garbage), {malformed});
    add("document: garbage that says it is gzip", read_document,
        says(garbage, "Content-Encoding: gzip\r\n"), {malformed});
    // Lists.
    add("list: millions of objects in a small gzip", read_list,
        says_compressed(list_of(5'500'000, "{}", ""), modest), {malformed});
    add("list: items without end", read_list,
        goes_on("{\"items\":[", times(1'000, std::string(a_sync) + ","), much), {malformed});
    add("list: an item without end", read_list,
        goes_on("{\"items\":[{\"uri\":\"", std::string(64 * 1024, 'x'), much), {large});
    add("list: pages without end", read_list, says(list_of(1'000, a_sync, ",\"hasMore\":true")),
        {malformed});
    add("list: small pages without end", read_list, says(list_of(1, a_sync, ",\"hasMore\":true")),
        {malformed});
    add("list: pages of many members", read_list,
        says(list_of(1'000, "{\"syncedInstanceUri\":\"\"" + times(100, ",\"\":0") + "}",
                     ",\"hasMore\":true")),
        {malformed});
    // Rows.
    std::string const rows = times(2'000, std::string(a_row) + ",");
    for (doing const what : {read_page, export_json}) {
        std::string const name = what == read_page ? "page: " : "export: ";
        add(name + "rows without end", what, goes_on("{\"items\":[", rows, much), {malformed});
        add(name + "empty rows without end", what,
            goes_on("{\"items\":[", times(20'000, "{},"), much), {malformed});
        add(name + "a value without end", what,
            goes_on("{\"items\":[{\"email\":\"", std::string(64 * 1024, 'x'), much), {malformed});
        add(name + "a key without end", what,
            goes_on("{\"items\":[{\"", std::string(64 * 1024, 'x'), much), {malformed});
        add(name + "a number without end", what,
            goes_on("{\"items\":[{\"x\":1", std::string(64 * 1024, '1'), much), {malformed});
        add(name + "an array without end", what,
            goes_on("{\"items\":[{\"x\":[1", times(10'000, ",\"aaaa\""), much), {malformed});
        add(name + "members without end", what,
            goes_on("{\"items\":[{\"q\":1", times(10'000, ",\"k\":1"), much), {malformed});
        add(name + "one member without end", what,
            goes_on("{\"items\":[{\"email\":\"a\"", times(3'000, ",\"email\":\"bbbb\""), much),
            {malformed});
        add(name + "members of the page without end", what,
            goes_on("{\"q\":1", times(10'000, ",\"k\":1"), much / 10), {});
        add(name + "nested without end", what,
            goes_on("{\"x\":", std::string(64 * 1024, '['), much), {malformed});
        add(name + "a large gzip of blanks", what,
            says_compressed("{\"items\":[" + std::string(64 << 20, ' '), most), {large});
        add(name + "millions of rows in a small gzip", what,
            says_compressed(list_of(5'500'000, "{}", ""), modest), {malformed, large});
        add(name + "garbage", what, says(garbage), {malformed});
    }
    add("csv: lines without end", export_csv,
        goes_on("email,city\n", times(2'000, "someone@example.com,Somewhere\n"), much),
        {malformed});
    add("csv: pages without end", export_csv,
        says("email,city\n" + times(1'000, "someone@example.com,Somewhere\n")),
        {make_error_code(bulk::errc::count_mismatch)});
    add("export: pages without end", export_json, says(list_of(1'000, a_row, ",\"hasMore\":true")),
        {make_error_code(bulk::errc::count_mismatch)});
    add("csv: columns without end", export_csv, goes_on("email", times(10'000, ",x"), much),
        {malformed});
    add("csv: a value without end", export_csv,
        goes_on("email,city\n", std::string(64 * 1024, 'x'), much), {malformed});
    add("csv: a quoted value without end", export_csv,
        goes_on("email,city\n\"", times(32 * 1024, "\"\""), much), {malformed});
    // Rejects.
    add("rejects: pages without end", import_rows,
        says(list_of(500, a_reject, ",\"hasMore\":true")), {malformed});
    add("rejects: more than rows", import_rows, says(list_of(999, a_reject, ",\"hasMore\":true")),
        {malformed});
    add("rejects: values without end", import_rows,
        goes_on("{\"items\":[{\"fieldValues\":{\"k\":\"\"", times(10'000, ",\"k\":\"\""), much),
        {large});
    // In response to any request.
    add("no http", read_document,
        [garbage](raw_connection& c) {
            c.write(garbage);
            c.reset();
        },
        {});
    add("http without end", read_document,
        [](raw_connection& c) {
            std::string const field = "X-Field: " + std::string(4'000, 'x') + "\r\n";
            for (bool open = c.write("HTTP/1.1 200 OK\r\n"); open;)
                open = c.write(field);
            c.reset();
        },
        {});
    std::string const chunked = "Transfer-Encoding: chunked\r\n";
    for (doing const what : {read_document, export_json}) {
        std::string const name = what == export_json ? "export: " : "document: ";
        add(name + "a chunk extension without end", what,
            goes_on("2;x=", std::string(64 * 1024, 'x'), much, chunked), {malformed});
        add(name + "a length of a chunk without end", what,
            goes_on("", std::string(64 * 1024, '0'), much, chunked), {malformed});
        add(name + "trailers without end", what,
            goes_on("0\r\n", times(1'000, "X-Trailer: " + std::string(1'000, 'x') + "\r\n"), much,
                    chunked),
            {malformed});
    }
    for (doing const what : {read_document, export_json}) {
        attack slow{what == export_json ? "export: a trickle" : "document: a trickle", what,
                    [](raw_connection& c) {
                        bool open = c.write(head_of("Content-Length: 1000000\r\n") + "{");
                        for (auto next = bulk::clock::now(); open; open = c.write(" "))
                            for (next += std::chrono::milliseconds(5); bulk::clock::now() < next;)
                                std::this_thread::yield();
                        c.reset();
                    }};
        slow.ends = {make_error_code(bulk::deadline::request)};
        slow.deadline = std::chrono::milliseconds(150);
        all.push_back(std::move(slow));
    }
    add("a page of 94 MB", export_full, answer(), {});
    add("a request of 32 MB", import_full, answer(), {});
    return all;
}

} // namespace hostile
