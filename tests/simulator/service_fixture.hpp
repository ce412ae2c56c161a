// SPDX-License-Identifier: BSL-1.0
// Functions with which tests send requests to a simulator.
#pragma once

#include <eloqua/bulk/simulator.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace simulator_tests {

namespace bulk = eloqua::bulk;
using bulk::request;
using bulk::response;
using bulk::simulator;
using bulk::simulator_options;
using bulk::verb;
using namespace std::chrono_literals;

struct answer {
    int status = 0;
    std::string reason;
    bulk::header_fields fields;
    std::string body;
    boost::json::value json; ///< null if the body is not JSON

    explicit answer(response r);
    /// A string by path: "items.0.uri"; numbers and booleans as JSON text; "-" if it is missing.
    std::string at(std::string_view path) const;
    std::size_t items() const;
    /// The value of a header field; "-" if it is missing.
    std::string field(std::string_view name) const;
};

class service {
public:
    explicit service(simulator_options options = simulator_options());

    simulator eloqua;
    std::string user = "user";
    bulk::header_fields extra;

    answer send(verb method, std::string target, std::string_view body = {},
                std::string content_type = "application/json");
    answer get(std::string const& path);
    answer post(std::string const& path, std::string_view body,
                std::string content_type = "application/json");
    answer put(std::string const& path, std::string_view body);
    answer del(std::string const& path);

    /// Creates a definition, which must be accepted. Returns its uri.
    std::string define(std::string const& collection, std::string_view body);
    /// Creates a sync, which must be accepted. Returns its uri.
    std::string begin_sync(std::string const& definition);
    /// As above, and waits until the sync has ended.
    std::string sync(std::string const& definition);
    /// Pushes rows and syncs them. Returns the sync's uri.
    std::string import(std::string const& definition, std::string_view rows,
                       std::string content_type = "application/json");
    /// Exports one column of the contacts that pass a filter, joined by commas.
    std::string contacts_where(std::string const& filter,
                               std::string const& statement = "{{Contact.Field(C_FirstName)}}");
    std::string column(std::string const& sync_uri, std::string const& key);
    /// "ELQ-00001:4 ELQ-00002:1 ..." in the order of the log.
    std::string log_of(std::string const& sync_uri);
    /// "2:ELQ-00026(Email) ..." : record index, code and invalid fields.
    std::string rejects_of(std::string const& sync_uri);
};

} // namespace simulator_tests
