// SPDX-License-Identifier: BSL-1.0
// The documents of the contract, from the lists of their properties in tests/contract.
#pragma once

#include <boost/json/value.hpp>

#include <fstream>
#include <map>
#include <set>
#include <string>

namespace contract {

namespace json = boost::json;

/// Types of the properties of request documents, by the path of their collection.
inline std::map<std::string, std::map<std::string, std::string>> const& documents() {
    static auto const all = [] {
        std::map<std::string, std::map<std::string, std::string>> map;
        std::ifstream file(CONTRACT "/request_documents.tsv");
        std::string line, path, property, type;
        std::getline(file, line); // column names
        while (std::getline(file, path, '\t') && std::getline(file, property, '\t') &&
               std::getline(file, type))
            map[path][property] = type;
        return map;
    }();
    return all;
}

inline bool has_type(json::value const& v, std::string const& type) {
    static std::map<std::string, std::set<std::string>> const enumerations = {
        {"RuleType", {"always", "ifNewIsNotNull", "ifExistingIsNull", "useFieldRule"}},
        {"ImportRuleType", {"createAndUpdate", "updateOnly", "createOnly"}}};
    if (type == "boolean")
        return v.is_bool();
    if (type == "integer")
        return v.is_int64();
    if (type == "object")
        return v.is_object();
    if (type == "array")
        return v.is_array();
    if (auto const found = enumerations.find(type); found != enumerations.end())
        return v.is_string() && found->second.contains(std::string(v.get_string()));
    return type == "string" && v.is_string();
}

} // namespace contract
