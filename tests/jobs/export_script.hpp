// SPDX-License-Identifier: BSL-1.0
// A script of an export: the requests before and after its pages.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/describe.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace export_script {

namespace bulk = eloqua::bulk;
using bulk::verb;

inline std::string const base = "/API/Bulk/2.0";
inline bulk::basic_credentials const me{"Company", "user", "secret"};

inline bulk::client_options options() {
    bulk::client_options o;
    o.base_url = "https://secure.p01.eloqua.com/API/Bulk/2.0";
    o.seed = 1;
    return o;
}

/// A row in the script's pages.
struct contact {
    std::string email;
    int number = -1;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, number))

/// Reads an export to its end; returns the numbers of its rows.
template <class Source>
std::vector<int> numbers(Source& source) {
    std::vector<int> out;
    for (contact const& c : source)
        out.push_back(c.number);
    return out;
}
/// Numbers of rows: from 0, or from `first`, to `end` exclusive.
inline std::vector<int> from_to(int first, int end) {
    std::vector<int> out;
    for (int i = first; i < end; ++i)
        out.push_back(i);
    return out;
}
inline std::vector<int> upto(int end) {
    return from_to(0, end);
}

/// The definition is created.
inline void definition(bulk::scripted_transport& script, int number = 5) {
    script.expect(verb::post, base + "/contacts/exports")
        .answers(201,
                 R"({"fields":{},"uri":"/contacts/exports/)" + std::to_string(number) + R"("})");
}

/// The sync is started, and has this status at once.
inline void sync(bulk::scripted_transport& script, std::string const& status, int number = 6) {
    script.expect(verb::post, base + "/syncs")
        .answers(201, R"({"syncedInstanceUri":"/contacts/exports/5","status":")" + status +
                          R"(","uri":"/syncs/)" + std::to_string(number) + R"("})");
}

/// Definition and sync; the log states `logged` rows, or no number if that is negative.
inline bulk::scripted_transport begin(int logged = -1) {
    bulk::scripted_transport script;
    definition(script);
    sync(script, "success");
    std::string const item = R"({"statusCode":"ELQ-00102","count":)" + std::to_string(logged) + "}";
    script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0")
        .answers(200, R"({"items":[)" + (logged < 0 ? "" : item) + R"(],"hasMore":false})");
    return script;
}

inline bulk::scripted_transport::step page(bulk::scripted_transport& script, int limit, int offset,
                                           std::string body) {
    auto step = script.expect(verb::get, base + "/syncs/6/data?limit=" + std::to_string(limit) +
                                             "&offset=" + std::to_string(offset));
    step.answers(200, std::move(body));
    return step;
}

inline void removal(bulk::scripted_transport& script) {
    script.expect(verb::delete_, base + "/contacts/exports/5").answers(204);
}

/// Rows numbered from `first`, and further members of the page.
inline std::string rows(int first, int count, std::string const& rest) {
    std::string body = R"({"items":[)";
    for (int i = first; i != first + count; ++i)
        body += (i == first ? "" : ",") + std::string(R"({"email":"row)") + std::to_string(i) +
                R"(@example.com","number":")" + std::to_string(i) + R"("})";
    return body + "]" + rest + "}";
}

} // namespace export_script
