// SPDX-License-Identifier: BSL-1.0
// The service's contract, read from tests/contract.
#pragma once

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace contract {

struct operation {
    std::string method;
    std::string path; ///< in the contract's spelling
    std::string request_document;
    std::set<int> success;
    std::set<std::string> query;
    std::set<int> errors;
    bool seed = false;
    bool login = false; ///< an operation of the login host

    /// "GET /events/{}/exports": parameters lose their names, since the same parameter has several.
    std::string line() const { return method + ' ' + plain(path); }

    static std::string plain(std::string text) {
        for (std::size_t open = 0; (open = text.find('{', open)) != text.npos; ++open)
            text.erase(open + 1, text.find('}', open) - open - 1);
        return text;
    }
};

namespace detail {

inline std::vector<std::string> split(std::string const& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, separator);)
        parts.push_back(part);
    return parts;
}

/// All names of "seed: a,b; oracle: b,c" that either of the two lists.
inline std::set<std::string> either(std::string const& text) {
    std::set<std::string> all;
    for (std::string const& source : detail::split(text, ';'))
        for (std::string each : detail::split(source.substr(source.find(':') + 1), ',')) {
            each.erase(0, each.find_first_not_of(' '));
            if (!each.empty() && each != "-")
                all.insert(each);
        }
    return all;
}

} // namespace detail

/// All rows of the file: 179 of the Bulk API, then three of the login host.
inline std::vector<operation> const& operations() {
    static std::vector<operation> const all = [] {
        std::ifstream file(CONTRACT "/endpoints.tsv");
        std::vector<operation> read;
        std::string line;
        std::getline(file, line); // column names
        while (std::getline(file, line)) {
            std::vector<std::string> cells = detail::split(line, '\t');
            cells.resize(13);
            operation o;
            o.method = cells[0];
            o.path = cells[1];
            o.request_document = cells[3];
            for (std::size_t const column : {4u, 8u})
                for (std::string const& status : detail::split(cells[column], '/'))
                    o.success.insert(std::stoi(status));
            o.seed = cells[6] == "seed";
            o.query = detail::either(cells[10]);
            for (std::string const& status : detail::either(cells[11]))
                o.errors.insert(std::stoi(status));
            o.login = !o.path.starts_with('/');
            read.push_back(o);
        }
        if (read.size() != 182)
            throw std::runtime_error("the contract has 182 rows");
        return read;
    }();
    return all;
}

} // namespace contract
