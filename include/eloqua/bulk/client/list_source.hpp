// SPDX-License-Identifier: BSL-1.0
/// \file
/// Lists that page by themselves.
#pragma once

#include <eloqua/bulk/client/call_flow.hpp>
#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/client/list_query.hpp>
#include <eloqua/bulk/client/list_walk.hpp>
#include <eloqua/bulk/client/turn.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/wire/operation.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// What a list of this endpoint is of.
template <class Endpoint, class E>
using list_item_t = typename decltype(answer_t<Endpoint, E>::items)::value_type;

namespace detail {

/// How far a list was read, by a user of it.
template <class T>
struct list_state {
    list_walk<T> walk;
    gathered_list<T> gathered = {}; ///< by `all`, before it failed
    bool busy = false;              ///< an operation is under way
};

/// The next page's items; none at the end.
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

/// A list of documents, read page by page as it is walked through: a range on a blocking client,
/// `next` on any. `limit` of its query is the size of the pages, not of the list; `offset` is where
/// it begins. Input range, move-only, one pass; it keeps its client alive. One operation at a time:
/// one that begins while another is under way fails with `errc::invalid_argument`.
///
/// A page that is longer than `client_options::document_bytes` is asked for in smaller ones, down
/// to one item.
///
/// Errors, thrown by the iterators: those of any operation, `errc::invalid_argument` for a query
/// out of range, `errc::rows_missing` and `errc::malformed_response` for pages that contradict
/// themselves or their requests, or have more items than were asked for, so that it never ends
/// early in silence nor lasts for ever.
template <class T, class Transport>
class list_source {
public:
    using value_type = T;

    /// `of` must stay, as `facts_of` an endpoint does.
    list_source(core_pointer<Transport> core, call_facts const& of, result<std::string> path,
                list_query wanted)
        : core_(std::move(core)), of_(&of), page_(detail::with_query(path, wanted)),
          state_(std::make_shared<state>(walk(of, std::move(path), std::move(wanted)))) {}
    list_source(list_source&&) noexcept = default;
    list_source& operator=(list_source&&) noexcept = default;

    /// One page, as the query asks for it, however far the list was read: a single request.
    operation<bulk::page<value_type>, Transport> page() const {
        return detail::make_call<bulk::page<value_type>, Transport>(core_, *of_, page_);
    }
    /// The items of the next page; none at the end of the list. After an error, the same page is
    /// asked for again.
    operation<std::vector<value_type>, Transport> next() {
        return operation<std::vector<value_type>, Transport>(detail::next_page_flow(core_, state_),
                                                             transport());
    }
    /// All items that were not yet handed out. After an error, it resumes where it was. Error:
    /// `errc::malformed_response` for more than `client_options::list_bytes`.
    operation<std::vector<value_type>, Transport> all() {
        return operation<std::vector<value_type>, Transport>(detail::whole_list_flow(core_, state_),
                                                             transport());
    }

    class iterator {
    public:
        using value_type = list_source::value_type;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        value_type& operator*() const { return list_->items_[list_->at_]; }
        iterator& operator++() {
            ++list_->at_;
            list_->fill();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { return i.at_end(); }

    private:
        friend list_source;
        bool at_end() const { return list_->at_ == list_->items_.size(); }
        explicit iterator(list_source& l) : list_(&l) {}
        list_source* list_ = nullptr;
    };

    iterator begin()
        requires blocking_transport<Transport>
    {
        fill();
        return iterator(*this);
    }
    std::default_sentinel_t end() const { return {}; }

private:
    using state = detail::list_state<value_type>;
    using walk = detail::list_walk<value_type>;

    std::shared_ptr<Transport> transport() const {
        return std::shared_ptr<Transport>(core_, &core_->transport);
    }
    void fill() {
        while (at_ == items_.size() && !state_->walk.ended()) {
            items_ = next().get().value();
            at_ = 0;
        }
    }

    core_pointer<Transport> core_;
    call_facts const* of_;
    result<std::string> page_;
    std::shared_ptr<state> state_;
    std::vector<value_type> items_;
    std::size_t at_ = 0;
};

} // namespace eloqua::bulk
