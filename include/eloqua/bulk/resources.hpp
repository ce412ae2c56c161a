// SPDX-License-Identifier: BSL-1.0
/// \file
/// The resources of the API, with one function per operation, and lists that fetch their pages as
/// needed. Handles are cheap to copy; an operation keeps alive what it needs of its client.
#pragma once

#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/codec/row_encoder.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/list_walk.hpp>
#include <eloqua/bulk/detail/http/shared_work.hpp>
#include <eloqua/bulk/detail/job/definition_checks.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/make_call.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/time.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// The item type of a list endpoint.
template <class Endpoint, class E>
using list_item_t = typename decltype(answer_t<Endpoint, E>::items)::value_type;

namespace detail {

/// The position of a user in a list.
template <class T>
struct list_state {
    list_walk<T> walk;
    gathered_list<T> gathered = {}; ///< by `all`, before it failed
    bool busy = false;              ///< an operation is in progress
};

/// The items of the next page; empty at the end.
template <class Core, class T>
flow<result<std::vector<T>>> next_page_flow(Core core, std::shared_ptr<list_state<T>> state) {
    turn const now(state->busy);
    if (!now.mine())
        co_return turn::taken("list");
    co_return co_await next_items(*core->engine, state->walk);
}

template <class Core, class T>
flow<result<std::vector<T>>> whole_list_flow(Core core, std::shared_ptr<list_state<T>> state) {
    turn const now(state->busy);
    if (!now.mine())
        co_return turn::taken("list");
    co_return co_await all_items(*core->engine, state->walk, state->gathered);
}

} // namespace detail

/// A list of documents, fetched page by page: a range on a blocking client, `next` on any client.
/// In its query, `limit` is the page size, not the size of the list; `offset` is where the list
/// starts. Single-pass input range, move-only; it keeps its client alive. Run one operation at a
/// time: one that starts during another fails with `errc::invalid_argument`.
///
/// A page larger than `client_options::document_bytes` is requested again with fewer items, down
/// to one.
///
/// Errors, thrown by the iterators: those of any operation, `errc::invalid_argument` for a query
/// out of range, `errc::rows_missing` and `errc::malformed_response` for pages that contradict
/// themselves or their requests, or have more items than requested. So a list never ends early
/// without an error, and never runs forever.
template <class T, class Transport>
class list_source {
public:
    using value_type = T; ///< type of the items

    /// `of` must outlive this, as `facts_of` an endpoint does.
    list_source(detail::core_pointer<Transport> core, detail::call_facts const& of,
                result<std::string> path, list_query wanted)
        : core_(std::move(core)), of_(&of), page_(detail::with_query(path, wanted)),
          state_(std::make_shared<state>(walk(of, std::move(path), std::move(wanted)))) {}
    /// @{
    /// Only movable.
    list_source(list_source&&) noexcept = default;
    list_source& operator=(list_source&&) noexcept = default;
    /// @}

    /// One page as the query requests it, in a single request, independent of the current
    /// position.
    operation<bulk::page<value_type>, Transport> page() const {
        return detail::make_call<bulk::page<value_type>, Transport>(core_, *of_, page_);
    }
    /// The items of the next page; empty at the end of the list. After an error, the next call
    /// requests the same page again.
    operation<std::vector<value_type>, Transport> next() {
        return operation<std::vector<value_type>, Transport>(detail::next_page_flow(core_, state_),
                                                             transport());
    }
    /// All items not yet delivered. After an error, the next call resumes where it stopped. Error:
    /// `errc::malformed_response` if they exceed `client_options::list_bytes`.
    operation<std::vector<value_type>, Transport> all() {
        return operation<std::vector<value_type>, Transport>(detail::whole_list_flow(core_, state_),
                                                             transport());
    }

    /// Passes over the items, and requests pages as needed.
    class iterator {
    public:
        /// @{
        /// As the standard library requires.
        using value_type = list_source::value_type;
        using difference_type = std::ptrdiff_t;
        /// @}

        iterator() = default;
        /// @{
        /// An input iterator. Increments throw `error` if the next page cannot be read.
        value_type& operator*() const { return list_->items_[list_->at_]; }
        iterator& operator++() {
            ++list_->at_;
            list_->fill();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { return i.at_end(); }
        /// @}

    private:
        friend list_source;
        bool at_end() const { return list_->at_ == list_->items_.size(); }
        explicit iterator(list_source& l) : list_(&l) {}
        list_source* list_ = nullptr;
    };

    /// Starts at the next item not yet delivered. Throws `error` if its page cannot be read.
    iterator begin()
        requires blocking_transport<Transport>
    {
        fill();
        return iterator(*this);
    }
    /// For asynchronous clients: a compile error with a message.
    std::counted_iterator<value_type*> begin()
        requires(!blocking_transport<Transport>)
    {
        static_assert(detail::range_of_client<blocking_transport<Transport>>::checked);
        return {};
    }
    /// The end of the list.
    std::default_sentinel_t end() const { return {}; }

private:
    using state = detail::list_state<value_type>;
    using walk = detail::list_walk<value_type>;

    std::shared_ptr<Transport> transport() const {
        return std::shared_ptr<Transport>(core_, &core_->transport);
    }
    void fill() {
        while (at_ == items_.size() && !state_->walk.ended()) {
            items_ = next().value();
            at_ = 0;
        }
    }

    detail::core_pointer<Transport> core_;
    detail::call_facts const* of_;
    result<std::string> page_;
    std::shared_ptr<state> state_;
    std::vector<value_type> items_;
    std::size_t at_ = 0;
};

namespace detail {

template <class Transport>
using list_argument = argument<list_query, Transport>;
template <class Transport>
using rows_argument = argument<rows_query, Transport>;

/// The common part of all resources: endpoints at a base path.
template <class Transport, class E>
class resource_at {
public:
    resource_at(core_pointer<Transport> core, result<std::string> base)
        : core_(std::move(core)), base_(std::move(base)) {}

protected:
    template <class Endpoint, class... Ids>
    result<std::string> here(Ids... ids) const {
        return path_of<Endpoint>(base_, ids...);
    }
    template <class Endpoint>
    auto list_at(result<std::string> path, list_query wanted) const {
        return list_source<list_item_t<Endpoint, E>, Transport>(core_, facts_of<Endpoint>,
                                                                std::move(path), std::move(wanted));
    }
    template <class Endpoint, class... Ids>
    auto list_here(list_query wanted, Ids... ids) const {
        return list_at<Endpoint>(here<Endpoint>(ids...), std::move(wanted));
    }
    template <class Endpoint>
    auto call(result<std::string> path, std::string body = std::string(),
              std::string content_type = "application/json") const {
        return make_call<answer_t<Endpoint, E>, Transport>(
            core_, facts_of<Endpoint>, std::move(path), std::move(body), std::move(content_type));
    }
    template <class Endpoint, class... Ids>
    auto call_here(Ids... ids) const {
        return call<Endpoint>(here<Endpoint>(ids...));
    }
    template <class Endpoint, class Row, class... Limit>
    operation<page<Row>, Transport> read_rows(id which, rows_query wanted, Limit... most) const {
        static_assert(row_to_keep<Row>::checked);
        return read_rows_page<Endpoint, Row, Transport>(
            core_, with_query(here<Endpoint>(which), wanted, most...));
    }

private:
    core_pointer<Transport> core_;
    result<std::string> base_;
};

} // namespace detail

/// Definitions of an entity, through the endpoints of one kind.
template <class Transport, entity E, class Kind>
class definitions_resource : protected detail::resource_at<Transport, E> {
public:
    using document = typename Kind::template document<E>; ///< document of the definitions
    /// See `basic_client`.
    definitions_resource(detail::core_pointer<Transport> core, E of)
        : detail::resource_at<Transport, E>(std::move(core), of.base_path()) {}

    /// Lists the definitions, page by page.
    auto list(detail::list_argument<Transport> wanted = detail::list_argument<Transport>()) const {
        return this->template list_here<typename Kind::list>(std::move(wanted));
    }
    /// Error: `errc::invalid_argument` for a duration outside the service's range.
    auto create(detail::argument<document, Transport> const& given) const {
        document const& d = given;
        using endpoint = typename Kind::create;
        return this->template call<endpoint>(checked(d, this->template here<endpoint>()),
                                             write_document(d));
    }
    /// Reads one definition.
    auto read(id which) const { return this->template call_here<typename Kind::read>(which); }
    /// Replaces the whole definition: empty members get the service's defaults. Error: as for
    /// `create`.
    auto replace(id which, detail::argument<document, Transport> const& given) const {
        document const& d = given;
        using endpoint = typename Kind::replace;
        return this->template call<endpoint>(checked(d, this->template here<endpoint>(which)),
                                             write_document(d));
    }
    /// Deletes a definition.
    auto remove(id which) const { return this->template call_here<typename Kind::remove>(which); }
    /// Frees the storage of a definition: exported rows, or pushed rows that are not yet synced.
    auto remove_data(id which) const {
        return this->template call_here<typename Kind::remove_data>(which);
    }

private:
    static result<std::string> checked(document const& d, result<std::string> path) {
        result<void> const fits = detail::check_durations(d);
        return fits ? std::move(path) : result<std::string>(fits.error());
    }
};

/// Export definitions of an entity, and their data.
template <class Transport, exportable E>
class exports_resource : public definitions_resource<Transport, E, endpoints::exports> {
public:
    using definitions_resource<Transport, E, endpoints::exports>::definitions_resource;

    /// One page of the rows of the definition's last sync. The service recommends
    /// `syncs_resource::data` instead; `export_rows` uses that.
    template <described Row>
    operation<page<Row>, Transport>
    data(id which,
         detail::rows_argument<Transport> wanted = detail::rows_argument<Transport>()) const {
        return this->template read_rows<endpoints::read_export_data, Row>(which, std::move(wanted),
                                                                          export_data_limit_of<E>);
    }
};

namespace detail {

inline result<void> append_row(row_encoder& to, void const* row, std::size_t number) {
    row_encoder::fit const fit = to.append(row);
    if (fit == row_encoder::fit::taken)
        return {};
    if (fit != row_encoder::fit::full)
        return to.refusal(fit, number);
    return failure(errc::request_too_large,
                   "row " + std::to_string(number) + " no longer fits into " +
                       std::to_string(limits::request_bytes) + " bytes",
                   "push fewer rows at once");
}

} // namespace detail

/// Definitions that rows are pushed to: of imports and sync actions.
template <class Transport, entity E, class Kind>
class pushed_resource : public definitions_resource<Transport, E, Kind> {
public:
    using definitions_resource<Transport, E, Kind>::definitions_resource;

    /// Stages rows: their importable members, by column key. The result contains a sync if the
    /// definition starts one automatically. Errors: `errc::invalid_row` for a row that cannot be
    /// encoded, `errc::request_too_large` for 32 MB or more.
    template <std::ranges::input_range Rows>
        requires described<std::ranges::range_value_t<Rows>>
    auto push(id which, Rows const& rows, rows_format format = rows_format::json) const {
        using row = std::ranges::range_value_t<Rows>;
        detail::row_encoder encoder(detail::row_codec<row>, detail::columns_of<row, E>, format);
        encoder.write_for_service(finer_part::refused);
        result<void> encoded;
        std::size_t number = 0;
        for (row const& each : rows) {
            encoded = detail::append_row(encoder, &each, number++);
            if (!encoded)
                break;
        }
        return push_body(which, std::move(encoded), std::string(encoder.body()),
                         std::string(media_type(format)));
    }
    /// As above, for rows encoded by the caller, below 32 MB: a JSON array of objects, or CSV with
    /// `content_type` "text/csv".
    auto push(id which, std::string data, std::string content_type = "application/json") const {
        return push_body(which, {}, std::move(data), std::move(content_type));
    }

private:
    auto push_body(id which, result<void> fits, std::string data, std::string type) const {
        using endpoint = typename Kind::push;
        result<std::string> path = this->template here<endpoint>(which);
        if (!fits)
            path = fits.error();
        return this->template call<endpoint>(std::move(path), std::move(data), std::move(type));
    }
};

/// Import and sync action definitions of an entity.
template <class Transport, importable E>
using imports_resource = pushed_resource<Transport, E, endpoints::imports>;
/// @{
/// Definitions of sync actions of an entity.
template <class Transport, has_sync_action_definitions E>
using sync_actions_resource = pushed_resource<Transport, E, endpoints::sync_actions>;
/// @}

/// Fields of an entity.
template <class Transport, has_field_list E>
class fields_resource : protected detail::resource_at<Transport, E> {
public:
    /// See `basic_client`.
    fields_resource(detail::core_pointer<Transport> core, E of)
        : detail::resource_at<Transport, E>(std::move(core), of.base_path()), of_(of) {}

    /// For activities and campaigns of one type: the fields of that type.
    auto list(detail::list_argument<Transport> wanted = detail::list_argument<Transport>()) const {
        return this->template list_at<endpoints::list_fields>(detail::fields_path(of_),
                                                              std::move(wanted));
    }
    /// Reads one field.
    auto read(id which) const { return this->template call_here<endpoints::read_field>(which); }

private:
    E of_;
};

/// Read-only objects, through the endpoints of one kind.
template <class Transport, class Kind>
class assets_resource : protected detail::resource_at<Transport, void> {
public:
    /// See `basic_client`.
    explicit assets_resource(detail::core_pointer<Transport> core)
        : detail::resource_at<Transport, void>(std::move(core), std::string()) {}

    /// Lists the objects, page by page.
    auto list(detail::list_argument<Transport> wanted = detail::list_argument<Transport>()) const {
        return this->template list_here<typename Kind::list>(std::move(wanted));
    }
    /// Reads one object.
    auto read(id which) const { return this->template call_here<typename Kind::read>(which); }
};

/// Definitions of one kind, for all entities.
template <class Transport, class List>
class all_definitions_resource : protected detail::resource_at<Transport, void> {
public:
    /// See `basic_client`.
    explicit all_definitions_resource(detail::core_pointer<Transport> core)
        : detail::resource_at<Transport, void>(std::move(core), std::string()) {}

    /// Lists the definitions, page by page.
    auto list(detail::list_argument<Transport> wanted = detail::list_argument<Transport>()) const {
        return this->template list_here<List>(std::move(wanted));
    }
};

/// As above, with the storage that they use.
template <class Transport, class List, class Storage>
class stored_definitions_resource : public all_definitions_resource<Transport, List> {
public:
    using all_definitions_resource<Transport, List>::all_definitions_resource;
    /// Reads the storage that these definitions use.
    auto storage() const { return this->template call_here<Storage>(); }
};

/// Syncs: runs of definitions.
template <class Transport>
class syncs_resource : detail::resource_at<Transport, void> {
public:
    /// See `basic_client`.
    explicit syncs_resource(detail::core_pointer<Transport> core)
        : detail::resource_at<Transport, void>(std::move(core), std::string()) {}

    /// Lists the syncs, page by page.
    auto list(detail::list_argument<Transport> wanted = detail::list_argument<Transport>()) const {
        return this->template list_here<endpoints::list_syncs>(std::move(wanted));
    }
    /// Starts a sync of the definition that `syncedInstanceUri` names.
    auto create(detail::argument<sync_definition, Transport> const& given) const {
        sync_definition const& s = given;
        using endpoint = endpoints::create_sync;
        return this->template call<endpoint>(this->template here<endpoint>(), write_document(s));
    }
    /// Reads the state of a sync.
    auto read(id which) const { return this->template call_here<endpoints::read_sync>(which); }
    /// @{
    /// Lists the entries of a sync's log, or its rejects, page by page.
    auto logs(id which,
              detail::list_argument<Transport> wanted = detail::list_argument<Transport>()) const {
        return this->template list_here<endpoints::list_sync_logs>(std::move(wanted), which);
    }
    auto
    rejects(id which,
            detail::list_argument<Transport> wanted = detail::list_argument<Transport>()) const {
        return this->template list_here<endpoints::list_sync_rejects>(std::move(wanted), which);
    }
    /// @}
    /// One page of an export's rows; `export_rows` reads all of them.
    template <described Row>
    operation<page<Row>, Transport>
    data(id which,
         detail::rows_argument<Transport> wanted = detail::rows_argument<Transport>()) const {
        return this->template read_rows<endpoints::read_sync_data, Row>(which, std::move(wanted));
    }
    /// Frees the storage of a sync's data.
    auto remove_data(id which) const {
        return this->template call_here<endpoints::delete_sync_data>(which);
    }
};

} // namespace eloqua::bulk
