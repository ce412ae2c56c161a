// SPDX-License-Identifier: BSL-1.0
/// \file
/// The resources of the API, one function per operation. Handles are cheap; an operation keeps what
/// it needs of its client alive.
#pragma once

#include <eloqua/bulk/client/call.hpp>
#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/client/list_query.hpp>
#include <eloqua/bulk/schema/entity.hpp>
#include <eloqua/bulk/wire/operation.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

template <class Endpoint, class Core>
flow<result<answer_t<Endpoint>>> call_flow(Core core, result<std::string> path, std::string body,
                                           std::string content_type) {
    if (!path)
        co_return path.error();
    call what = call::of<Endpoint>(std::move(*path), body);
    what.content_type = content_type;
    result<answer> const got = co_await core->engine->fetch(what);
    co_return read_answer<Endpoint>(got);
}

/// One operation: an endpoint at a path.
template <class Endpoint, class Transport>
operation<answer_t<Endpoint>, Transport>
call_endpoint(core_pointer<Transport> const& core, result<std::string> path, std::string body = {},
              std::string content_type = "application/json") {
    return operation<answer_t<Endpoint>, Transport>(
        call_flow<Endpoint>(core, std::move(path), std::move(body), std::move(content_type)),
        std::shared_ptr<Transport>(core, &core->transport));
}

/// A path with a query, either of which may be an error.
template <class Query>
result<std::string> with_query(result<std::string> path, Query const& wanted) {
    result<std::string> const query = to_query_string(wanted);
    if (path && !query)
        return query;
    if (path)
        *path += *query;
    return path;
}

template <class Row>
struct vector_sink final : row_sink {
    std::vector<Row>& rows;
    explicit vector_sink(std::vector<Row>& r) : rows(r) {}
    void* begin_row() override { return &rows.emplace_back(); }
    void end_row(bool complete) override {
        if (!complete)
            rows.pop_back();
    }
    void restart() override { rows.clear(); }
};

/// One page of rows, whole.
template <class Row, class Core>
flow<result<page<Row>>> read_rows(Core core, result<std::string> path) {
    if (!path)
        co_return path.error();
    call const what = call::of<endpoints::read_sync_data>(std::move(*path));
    page<Row> read;
    vector_sink<Row> sink(read.items);
    result<page_envelope> const said = co_await core->engine->read_page(what, row_codec<Row>, sink);
    if (!said)
        co_return said.error();
    read.totalResults = said->totalResults;
    read.limit = said->limit;
    read.offset = said->offset;
    read.count = said->count;
    read.hasMore = said->hasMore.value_or(false);
    co_return read;
}

} // namespace detail

/// Definitions of an entity, by the endpoints of one kind.
template <class Transport, entity E, class Kind>
class definitions_resource {
public:
    definitions_resource(core_pointer<Transport> core, E of) : core_(std::move(core)), of_(of) {}

    auto list(list_query wanted = {}) const {
        return call<typename Kind::list>(detail::with_query(here<typename Kind::list>(), wanted));
    }
    auto create(typename Kind::document const& d) const {
        return call<typename Kind::create>(here<typename Kind::create>(), write_document(d));
    }
    auto read(id which) const {
        return call<typename Kind::read>(here<typename Kind::read>(which));
    }
    auto replace(id which, typename Kind::document const& d) const {
        return call<typename Kind::replace>(here<typename Kind::replace>(which), write_document(d));
    }
    auto remove(id which) const {
        return call<typename Kind::remove>(here<typename Kind::remove>(which));
    }
    /// Frees the staging space of a definition: exported rows, or rows to import that are not yet
    /// synced.
    auto remove_data(id which) const {
        return call<typename Kind::remove_data>(here<typename Kind::remove_data>(which));
    }

protected:
    template <class Endpoint, class... Ids>
    result<std::string> here(Ids... ids) const {
        return path_of<Endpoint>(of_.base_path(), ids...);
    }
    template <class Endpoint>
    auto call(result<std::string> path, std::string body = {},
              std::string content_type = "application/json") const {
        return detail::call_endpoint<Endpoint, Transport>(core_, std::move(path), std::move(body),
                                                          std::move(content_type));
    }

private:
    core_pointer<Transport> core_;
    E of_;
};

/// Export definitions of an entity.
template <class Transport, exportable E>
using exports_resource = definitions_resource<Transport, E, endpoints::exports>;

/// Import definitions of an entity, and their data.
template <class Transport, importable E>
class imports_resource : public definitions_resource<Transport, E, endpoints::imports> {
public:
    using definitions_resource<Transport, E, endpoints::imports>::definitions_resource;

    /// Stages rows: a JSON array of objects, or CSV with `content_type` "text/csv"; below 32 MB.
    /// The result holds a sync if the definition starts one by itself.
    auto push(id which, std::string data, std::string content_type = "application/json") const {
        using endpoint = endpoints::push_import_data;
        return this->template call<endpoint>(this->template here<endpoint>(which), std::move(data),
                                             std::move(content_type));
    }
};

/// Fields of an entity.
template <class Transport, has_field_list E>
class fields_resource {
public:
    fields_resource(core_pointer<Transport> core, E of) : core_(std::move(core)), of_(of) {}

    auto list(list_query wanted = {}) const {
        return detail::call_endpoint<endpoints::list_fields, Transport>(
            core_, detail::with_query(path_of<endpoints::list_fields>(of_.base_path()), wanted));
    }
    auto read(id which) const {
        return detail::call_endpoint<endpoints::read_field, Transport>(
            core_, path_of<endpoints::read_field>(of_.base_path(), which));
    }

private:
    core_pointer<Transport> core_;
    E of_;
};

/// Syncs: runs of definitions.
template <class Transport>
class syncs_resource {
public:
    explicit syncs_resource(core_pointer<Transport> core) : core_(std::move(core)) {}

    auto list(list_query wanted = {}) const {
        return call<endpoints::list_syncs>(
            detail::with_query(here<endpoints::list_syncs>(), wanted));
    }
    /// Starts a sync of the definition named by `syncedInstanceUri`.
    auto create(sync const& s) const {
        return call<endpoints::create_sync>(here<endpoints::create_sync>(), write_document(s));
    }
    auto read(id which) const {
        return call<endpoints::read_sync>(here<endpoints::read_sync>(which));
    }
    auto logs(id which, list_query wanted = {}) const {
        return call<endpoints::list_sync_logs>(
            detail::with_query(here<endpoints::list_sync_logs>(which), wanted));
    }
    auto rejects(id which, list_query wanted = {}) const {
        return call<endpoints::list_sync_rejects>(
            detail::with_query(here<endpoints::list_sync_rejects>(which), wanted));
    }
    /// One page of an export's rows; `export_rows` reads them all.
    template <described Row>
        requires(!is_view_row<Row>)
    operation<page<Row>, Transport> data(id which, rows_query wanted = {}) const {
        return operation<page<Row>, Transport>(
            detail::read_rows<Row>(
                core_, detail::with_query(here<endpoints::read_sync_data>(which), wanted)),
            std::shared_ptr<Transport>(core_, &core_->transport));
    }
    /// Frees the staging space of a sync's data.
    auto remove_data(id which) const {
        return call<endpoints::delete_sync_data>(here<endpoints::delete_sync_data>(which));
    }

private:
    template <class Endpoint, class... Ids>
    static result<std::string> here(Ids... ids) {
        return path_of<Endpoint>(std::string(), ids...);
    }
    template <class Endpoint>
    auto call(result<std::string> path, std::string body = {}) const {
        return detail::call_endpoint<Endpoint, Transport>(core_, std::move(path), std::move(body));
    }
    core_pointer<Transport> core_;
};

} // namespace eloqua::bulk
