// SPDX-License-Identifier: BSL-1.0
#include "tidy.hpp"

#include <eloqua/bulk/entity.hpp>

#include <boost/describe/class.hpp>

#include "documents_text.hpp"
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

namespace {

/// A definition of any kind.
struct leftover {
    std::string uri, name;
    std::optional<std::int64_t> kbUsed;
    std::optional<bulk::timestamp> updatedAt;
};
BOOST_DESCRIBE_STRUCT(leftover, (), (uri, name, kbUsed, updatedAt))

template <class Definition>
void add_leftovers(std::vector<leftover>& to, std::vector<Definition> const& all,
                   std::string const& prefix, bulk::timestamp before) {
    for (Definition const& each : all) {
        auto const changed = each.updatedAt ? each.updatedAt : each.createdAt;
        // One of unknown age may be in use.
        if (each.uri && each.name.starts_with(prefix) && changed && *changed < before)
            to.push_back({*each.uri, each.name, each.kbUsed, changed});
    }
}

/// Deletes a definition by its uri. False if this program knows no such definitions.
bool remove(bulk::client const& client, std::string const& uri, std::stop_token const& stop) {
    bulk::id const which = bulk::id_of(uri).value();
    auto const under = [&](std::string_view path) { return uri.starts_with(path); };
    auto const of = [&](auto const& entity, std::string const& base) {
        if (under(base + "/exports/"))
            client.exports(entity).remove(which).value(stop);
        else if (under(base + "/imports/"))
            client.imports(entity).remove(which).value(stop);
        else
            return false;
        return true;
    };
    if (of(bulk::contacts, "/contacts") || of(bulk::accounts, "/accounts") ||
        of(bulk::activities, "/activities") || of(bulk::campaign_responses, "/campaignResponses"))
        return true;
    if (under("/opportunities/imports/")) {
        client.imports(bulk::opportunities).remove(which).value(stop);
        return true;
    }
    for (std::string_view const kind : {"/customObjects/", "/events/"}) {
        if (!under(kind))
            continue;
        std::size_t const end = uri.find('/', kind.size());
        auto const parent = bulk::id_of(uri.substr(0, end));
        if (end == uri.npos || !parent)
            return false;
        std::string const base = uri.substr(0, end);
        return kind == "/events/" ? of(bulk::event(*parent), base)
                                  : of(bulk::custom_object(*parent), base);
    }
    return false;
}

} // namespace

exit_code run_tidy(tidy_arguments const& given, common_arguments const& common) {
    if (given.prefix.empty())
        throw bad_usage("--prefix is empty, which would choose every definition");
    std::chrono::seconds const age = length_of_time("--older-than", given.older_than);
    auto const shown = std::make_shared<progress>("tidy", common.quiet);
    bulk::client const client = connect(common.connection, shown);
    bulk::timestamp const before =
        std::chrono::floor<bulk::timestamp::duration>(std::chrono::system_clock::now()) - age;
    std::vector<leftover> found;
    add_leftovers(found, client.all_exports().list().all().value(common.stop), given.prefix,
                  before);
    add_leftovers(found, client.all_imports().list().all().value(common.stop), given.prefix,
                  before);
    if (common.json) {
        say(json_list(found));
    } else {
        table t({"definition", "name", "rows (kB)", "changed"});
        for (leftover const& each : found)
            t.add({printable(each.uri), printable(each.name), cell(each.kbUsed),
                   cell(each.updatedAt)});
        std::ostringstream text;
        text << t << found.size() << " definitions"
             << (given.remove    ? ""
                 : found.empty() ? ""
                                 : "; --remove deletes them");
        say(text.str());
    }
    flush_output();
    std::size_t removed = 0;
    for (leftover const& each : found) {
        if (!given.remove)
            break;
        try {
            if (remove(client, each.uri, common.stop))
                ++removed;
            else
                shown->note(printable(each.uri) + " is not of a kind that this program deletes");
        } catch (bulk::error const& thrown) {
            if (common.stop.stop_requested())
                throw;
            if (thrown.code() == bulk::error_code(404, bulk::http_category()))
                ++removed; // somebody else has deleted it
            else
                shown->note(printable(each.uri) + ": " + printable(thrown.what()));
        }
    }
    if (given.remove)
        shown->note(std::to_string(removed) + " definitions were deleted, with their rows");
    return given.remove && removed != found.size() ? exit_code::failed : exit_code::complete;
}

} // namespace cli
