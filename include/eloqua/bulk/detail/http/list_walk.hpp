// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reads a list page by page. All lists are read this way.
#pragma once

#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/parse_response.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/limits.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// The progress through a list, and checks of its pages. Guarantees termination: each page but the
/// last has items, their number is limited, and few pages may be short.
class list_progress {
public:
    /// `path`: without `limit` and `offset`. `most_items`: limit for the whole list.
    list_progress(result<std::string> path, list_query wanted, std::int64_t most_items)
        : path_(std::move(path)), wanted_(std::move(wanted)), most_items_(most_items) {}

    bool ended() const { return ended_; }
    /// The offset of the next item.
    std::int64_t offset() const { return wanted_.offset.value_or(0); }
    /// The number of items requested per page.
    std::int64_t asked() const { return wanted_.limit.value_or(limits::items_per_list); }
    /// Whether the last page does not state its offset and equals the previous one.
    bool repeated() const { return repeated_; }

    /// The request for the next page.
    result<endpoint_call> next(call_facts const& of) const {
        result<std::string> path = with_query(path_, wanted_);
        if (!path)
            return path.error();
        endpoint_call ask(of, std::move(*path));
        ask.most_items = asked();
        return ask;
    }

    /// A page with `count` items was read. Errors: `errc::rows_missing`,
    /// `errc::malformed_response`.
    result<void> pass(page_envelope const& said, std::int64_t count, std::string_view body) {
        std::int64_t const next = offset() + count;
        bool const more = said.hasMore.value_or(false);
        bool const whole = said.totalResults && next >= *said.totalResults;
        if (more && (count == 0 || whole))
            return failure(errc::rows_missing,
                           "the list announces more items after item " + std::to_string(next) +
                               (whole ? ", although that is the last by its totalResults" : ""));
        if (!more && said.totalResults && !whole)
            return failure(errc::rows_missing, "the list ends after item " + std::to_string(next) +
                                                   " of " + std::to_string(*said.totalResults));
        if (count != 0 && said.totalResults && next > *said.totalResults)
            return failure(errc::malformed_response, "the list has item " + std::to_string(next) +
                                                         " of " +
                                                         std::to_string(*said.totalResults));
        if (next - first_ > most_items_)
            return failure(errc::malformed_response, "the list has more than " +
                                                         std::to_string(most_items_) +
                                                         " items, which is implausible");
        std::int64_t const full = std::min(asked(), said.limit.value_or(asked()));
        if (more && count < full && ++short_pages_ > most_short_pages)
            return failure(errc::malformed_response, "the list has more than " +
                                                         std::to_string(most_short_pages) +
                                                         " pages that are not full");
        std::size_t const print = said.offset ? 0 : std::hash<std::string_view>()(body);
        repeated_ = !said.offset && count != 0 && print == print_;
        print_ = count == 0 ? 0 : print;
        ended_ = !more;
        wanted_.offset = next;
        return {};
    }

    /// After a response that was too large: halves the number of items to request. False if it
    /// cannot be halved.
    bool ask_for_fewer() {
        if (asked() == 1)
            return false;
        wanted_.limit = asked() / 2;
        return true;
    }

private:
    static constexpr unsigned most_short_pages = 1'000;

    result<std::string> path_;
    list_query wanted_;
    std::int64_t first_ = offset();
    std::int64_t most_items_;
    unsigned short_pages_ = 0;
    std::size_t print_ = 0; ///< of a page that does not state its offset
    bool repeated_ = false;
    bool ended_ = false;
};

/// Adds the request that failed to a failure.
inline failure at_request(failure why, response_body const& got) {
    why.info.request = got.line;
    why.info.attempts = got.attempts;
    return why;
}

/// A list with items of one type.
template <class T>
class list_walk : public list_progress {
public:
    /// `of` must outlive the object, as `facts_of` an endpoint does.
    list_walk(call_facts const& of, result<std::string> path, list_query wanted,
              std::int64_t most_items = most)
        : list_progress(std::move(path), std::move(wanted), most_items), of_(of) {}

    /// No list of the service can have more.
    static constexpr std::int64_t most = 1'000'000;

    result<endpoint_call> next() const { return list_progress::next(of_); }

    /// The items of a response to `next`. Errors: those of the call, of `parse_response_as` and of
    /// `pass`; after an error, request the same page again.
    result<std::vector<T>> take(result<response_body> const& got, endpoint_call const& asked) {
        result<page<T>> read = parse_response_as<page<T>>(got, asked);
        if (!read)
            return read.error();
        page_envelope said;
        said.totalResults = read->totalResults;
        said.limit = read->limit;
        said.offset = read->offset;
        said.hasMore = read->hasMore;
        result<void> const passed =
            pass(said, static_cast<std::int64_t>(read->items.size()), got->body);
        if (!passed)
            return at_request(passed.error(), *got);
        line_ = got->line;
        bytes_ = got->body.size() + read->items.size() * sizeof(T);
        most_bytes_ = got->list_bytes;
        return std::move(read->items);
    }
    /// Approximate memory of the page read last, and the limit for the whole list.
    std::size_t bytes() const { return bytes_; }
    std::size_t most_bytes() const { return most_bytes_; }
    /// The request for that page.
    std::string const& line() const { return line_; }

private:
    call_facts const& of_;
    std::string line_;
    std::size_t bytes_ = 0;
    std::size_t most_bytes_ = 0;
};

/// The next page's items; empty at the end. `by.fetch` sends the calls. If a response is too large,
/// requests smaller pages.
template <class By, class T>
flow<result<std::vector<T>>> next_items(By& by, list_walk<T>& list) {
    while (!list.ended()) {
        result<endpoint_call> const ask = list.next();
        if (!ask)
            co_return ask.error();
        result<response_body> const got = co_await by.fetch(*ask);
        result<std::vector<T>> items = list.take(got, *ask);
        if (items)
            co_return items;
        failure why = items.error();
        if (why.code != make_error_code(errc::response_too_large))
            co_return why;
        if (!list.ask_for_fewer()) {
            why.info.detail += "; only one item was requested";
            why.info.advice = "raise client_options::document_bytes";
            co_return why;
        }
    }
    co_return std::vector<T>();
}

/// All items of a list, with a limit on their memory.
template <class T>
class gathered_list {
public:
    /// Errors: `errc::malformed_response` if the list needs too much memory, and out of memory.
    result<void> add(std::vector<T> page, list_walk<T> const& from) try {
        bytes_ += from.bytes();
        pages_.push_back(std::move(page));
        if (bytes_ <= from.most_bytes())
            return {};
        failure why(errc::malformed_response,
                    "the list takes more than " + std::to_string(from.most_bytes()) +
                        " bytes up to item " + std::to_string(from.offset()),
                    "if such a long list is expected, raise client_options::list_bytes, or read it "
                    "page by page");
        why.info.request = from.line();
        return why;
    } catch (std::bad_alloc const&) {
        return out_of_memory();
    }
    result<std::vector<T>> take() try {
        std::vector<T> all;
        std::size_t count = 0;
        for (std::vector<T> const& each : pages_)
            count += each.size();
        all.reserve(count);
        for (std::vector<T>& each : pages_)
            std::move(each.begin(), each.end(), std::back_inserter(all));
        pages_.clear();
        bytes_ = 0;
        return all;
    } catch (std::bad_alloc const&) {
        return out_of_memory();
    }

private:
    std::vector<std::vector<T>> pages_;
    std::size_t bytes_ = 0;
};

/// Reads all items to the end. After a failure `all` keeps the items that were read.
template <class By, class T>
flow<result<std::vector<T>>> all_items(By& by, list_walk<T>& list, gathered_list<T>& all) {
    while (!list.ended()) {
        result<std::vector<T>> more = co_await next_items(by, list);
        if (!more)
            co_return more.error();
        result<void> const added = all.add(std::move(*more), list);
        if (!added)
            co_return added.error();
    }
    co_return all.take();
}

} // namespace eloqua::bulk::detail
