// SPDX-License-Identifier: BSL-1.0
#include "inspect.hpp"

#include "columns.hpp"
#include "documents_text.hpp"
#include <iterator>
#include <memory>
#include <sstream>

namespace cli {

namespace {

bulk::client client_of(common_arguments const& common) {
    return connect(common.connection, std::make_shared<progress>("", true));
}

void show(table const& t) {
    std::ostringstream text;
    text << t;
    std::string lines = text.str();
    lines.pop_back();
    say(lines);
    flush_output();
}

std::string constraints_of(bulk::field_definition const& f) {
    std::string text;
    auto const add = [&text](bool has, char const* what) {
        if (has)
            text += (text.empty() ? "" : ", ") + std::string(what);
    };
    add(f.hasReadOnlyConstraint.value_or(false), "read-only");
    add(f.hasNotNullConstraint.value_or(false), "required");
    add(f.hasUniquenessConstraint.value_or(false), "unique");
    return text;
}

/// Lists of any kind, as a table of id, name and more.
template <class T, class Row>
exit_code show_all(std::vector<T> const& all, table t, Row row, common_arguments const& common) {
    if (common.json) {
        say(json_list(all));
        flush_output();
        return exit_code::complete;
    }
    for (T const& each : all)
        t.add(row(each));
    show(t);
    return exit_code::complete;
}

template <class Source>
auto all_of(Source source, std::stop_token const& stop) {
    return source.all().value(stop);
}

} // namespace

exit_code run_fields(entity_arguments const& of, common_arguments const& common) {
    any_entity const entity = entity_of(of);
    field_names const known(client_of(common), entity, common.stop);
    return show_all(
        known.all(), table({"internal name", "display name", "type", "constraints", "statement"}),
        [](bulk::field_definition const& f) -> std::vector<std::string> {
            return {cell(f.internalName), printable(f.name, 100), cell(f.dataType),
                    constraints_of(f), cell(f.statement)};
        },
        common);
}

exit_code run_objects(common_arguments const& common) {
    bulk::client const client = client_of(common);
    struct object {
        char const* kind;
        bulk::object_document document;
    };
    std::vector<object> all;
    for (auto& each : all_of(client.custom_objects().list(), common.stop))
        all.push_back({"customObjects", std::move(each)});
    for (auto& each : all_of(client.events().list(), common.stop))
        all.push_back({"events", std::move(each)});
    if (common.json) {
        std::vector<bulk::object_document> documents;
        for (auto& each : all)
            documents.push_back(std::move(each.document));
        say(json_list(documents));
        flush_output();
        return exit_code::complete;
    }
    table t({"entity", "name", "updated"});
    for (auto const& [kind, d] : all)
        t.add(
            {std::string(kind) + ' ' + id_cell(d.uri), printable(d.name, 100), cell(d.updatedAt)});
    show(t);
    return exit_code::complete;
}

exit_code run_lists(common_arguments const& common) {
    bulk::client const client = client_of(common);
    std::vector<bulk::list_document> all = all_of(client.contact_lists().list(), common.stop);
    for (auto& each : all_of(client.account_lists().list(), common.stop))
        all.push_back(std::move(each));
    return show_all(
        all, table({"id", "of", "name", "members", "statement"}),
        [](bulk::list_document const& d) -> std::vector<std::string> {
            bool const accounts = d.uri.value_or("").starts_with("/accounts");
            return {id_cell(d.uri), accounts ? "accounts" : "contacts", printable(d.name, 100),
                    cell(d.count), cell(d.statement)};
        },
        common);
}

exit_code run_segments(common_arguments const& common) {
    bulk::client const client = client_of(common);
    std::vector<bulk::segment_document> all = all_of(client.contact_segments().list(), common.stop);
    for (auto& each : all_of(client.contact_filters().list(), common.stop))
        all.push_back(std::move(each));
    return show_all(
        all, table({"id", "kind", "name", "members", "last used", "statement"}),
        [](bulk::segment_document const& d) -> std::vector<std::string> {
            bool const filter = d.uri.value_or("").find("/filters/") != std::string::npos;
            return {id_cell(d.uri),         filter ? "filter" : "segment",
                    printable(d.name, 100), cell(d.count),
                    cell(d.executedAt),     cell(d.statement)};
        },
        common);
}

exit_code run_storage(common_arguments const& common) {
    bulk::client const client = client_of(common);
    bulk::storage_use const exported = client.all_exports().storage().value(common.stop);
    bulk::storage_use const staged = client.all_imports().storage().value(common.stop);
    if (common.json) {
        say("{\"exports\":" + bulk::write_document(exported) +
            ",\"imports\":" + bulk::write_document(staged) + "}");
        flush_output();
        return exit_code::complete;
    }
    table t({"rows of", "used (kB)", "allowed (kB)"});
    for (auto const& [name, use] : {std::pair("exports", &exported), {"imports", &staged}})
        t.add({name, cell(use->kbUsed),
               use->kbAllowed == 0 ? std::string("unlimited") : cell(use->kbAllowed)});
    show(t);
    return exit_code::complete;
}

} // namespace cli
