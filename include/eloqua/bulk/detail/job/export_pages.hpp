// SPDX-License-Identifier: BSL-1.0
/// \file
/// Verifies that the pages of an export are all of its rows. Compares pages without keeping them.
/// Sends the page requests: the one being read, and one ahead of it.
#pragma once

#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/exchange.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/http.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk::detail {

/// What is known about the number of an export's rows, updated page by page.
struct row_count_check {
    std::optional<std::int64_t> logged;  ///< according to the sync's log
    std::optional<std::int64_t> cut_off; ///< limit at which such exports are cut off
    std::optional<std::int64_t> total;   ///< `totalResults` of the pages

    /// A page was read to its end: it begins with row `begin`, has `got` rows, and `asked` rows
    /// were requested. Returns whether there are more; false only if all rows have arrived.
    ///
    /// Errors, with the numbers: `errc::total_changed`, `errc::empty_page`, `errc::rows_missing`,
    /// `errc::short_page`, `errc::too_many_rows`, `errc::count_mismatch`, `errc::rows_cut_off`,
    /// `errc::malformed_response` for a page without `items` where rows are possible.
    [[nodiscard]] result<bool> take(page_envelope const& said, std::int64_t begin, std::int64_t got,
                                    std::int64_t asked) {
        auto numbers = [&] {
            return "page at offset " + std::to_string(begin) + " has " + std::to_string(got) +
                   " rows" +
                   (said.totalResults ? ", totalResults " + std::to_string(*said.totalResults)
                                      : "") +
                   (said.hasMore ? std::string(", hasMore ") + (*said.hasMore ? "true" : "false")
                                 : "");
        };
        if (said.totalResults && total && *total != *said.totalResults)
            return failure(errc::total_changed,
                           numbers() + "; earlier the total was " + std::to_string(*total));
        if (said.totalResults)
            total = said.totalResults;
        std::int64_t const end = begin + got;
        bool const more = said.hasMore.value_or(total ? end < *total : got == asked);
        if (!said.has_items && !said.totalResults && logged != 0)
            return failure(errc::malformed_response, "the page has no 'items'");
        if (got == 0 && more)
            return failure(errc::empty_page, numbers());
        if (got == 0 && total && end < *total)
            return failure(errc::rows_missing, numbers());
        std::int64_t full = asked;
        if (said.limit && *said.limit > 0)
            full = std::min(full, *said.limit);
        if (total)
            full = std::min(full, *total - begin);
        if ((more || total) && got < full)
            return failure(errc::short_page, numbers() + "; it must have " + std::to_string(full));
        if (total && (end > *total || (more && end == *total)))
            return failure(errc::too_many_rows, numbers() + "; that contradicts the total");
        auto const other_than_logged = [&] {
            return failure(errc::count_mismatch,
                           std::to_string(end) + " rows were received, but the sync's log says " +
                               std::to_string(*logged));
        };
        if (more && logged && end > *logged)
            return other_than_logged();
        if (more)
            return true;
        if (total && end != *total)
            return failure(errc::rows_missing, numbers() + "; the service offers no more");
        if (logged && end != *logged)
            return other_than_logged();
        if (!total && !logged && !said.hasMore)
            return failure(errc::rows_missing,
                           numbers() + "; that may be all, but neither the pages nor the sync's "
                                       "log state the number of rows");
        if (end == cut_off)
            return failure(
                errc::rows_cut_off,
                std::to_string(end) +
                    " rows were received, the limit at which the service cuts off such exports",
                "export fewer rows at once, for example those of a shorter period");
        return false;
    }
};

/// Length and a hash of about every twelfth byte of a page. The distances depend on the previous
/// bytes, so that no fixed row length can hide a difference. Hashing all bytes would cost more than
/// decoding.
class page_print {
public:
    void add(std::span<char const> piece) {
        for (; next_ < piece.size(); next_ += 5 + (hash_ >> 60))
            hash_ = (hash_ ^ static_cast<unsigned char>(piece[next_])) * 0x9e3779b97f4a7c15;
        next_ -= piece.size();
        size_ += piece.size();
    }
    friend bool operator==(page_print const& a, page_print const& b) {
        return a.size_ == b.size_ && a.hash_ == b.hash_;
    }

private:
    std::uint64_t hash_ = 0xcbf29ce484222325, size_ = 0;
    std::size_t next_ = 0; ///< offset of the next byte to hash
};

/// Whether a response states where its body ends: by a length, a last chunk, or the gzip trailer.
inline bool states_length(head const& h) {
    std::string_view const coding = h.fields.find("Content-Encoding").value_or("");
    return h.content_length || iequals(coding, "gzip") || iequals(coding, "x-gzip") ||
           iequals(h.fields.find("Transfer-Encoding").value_or(""), "chunked");
}

/// Requests one page after another, alternating between channels 0 and 1. Before it waits for the
/// head of a page, it sends the request for the next one, so that the service already works on it.
/// The response waits in the connection, which bounds the memory. Whatever happens to a page, the
/// response to the next one is kept if it begins where rows are missing. Rows always stay in order.
///
/// A server or proxy that serves one connection at a time never responds on the second one. If a
/// request sent ahead gets no response in time, both connections are dropped and the rest of the
/// export uses one. After two such exports in a row the client stops sending ahead.
template <class Session>
class page_requests {
public:
    /// `s` must outlive the object. `media_type`: of the pages. `page_rows`: rows requested per
    /// page. `ahead`: whether to have two requests outstanding.
    page_requests(Session& s, std::string_view media_type, std::int64_t page_rows, bool ahead)
        : session_(s), media_type_(media_type), page_rows_(page_rows), stride_(page_rows),
          ahead_(ahead && s.starved < starved_exports) {}

    /// Waits for the head of the page that begins with row `first`. `total`: number of all rows
    /// once known; no request is sent ahead before that.
    [[nodiscard]] flow<result<void>> open(id sync_id, std::int64_t first,
                                          std::optional<std::int64_t> total) {
        if (!page_[current_] && next()) {
            if (next()->first < first) // a page had more rows than the previous ones
                (void)co_await drop_next();
            else if (next()->first == first)
                current_ = 1 - current_;
        }
        if (!page_[current_])
            ask(current_, sync_id, first, next() ? next()->first - first : page_rows_);
        page& now = *page_[current_];
        std::int64_t const behind = now.first + std::min(now.limit, stride_);
        if (ahead_ && !next() && total && behind < *total) {
            // Sent before waiting for the head; later it would gain nothing.
            bool sent = now.made.sent();
            if (!sent)
                sent = co_await now.made.send_ahead();
            if (sent) {
                ask(1 - current_, sync_id, behind, page_rows_);
                next()->was_sent_ahead = co_await next()->made.send_ahead();
                if (!next()->was_sent_ahead)
                    next().reset();
            }
        }
        if (now.was_sent_ahead)
            now.made.may_starve_by(static_cast<channel_id>(1 - current_));
        result<head> const opened = co_await now.made.open();
        requests_ += now.made.attempts() - std::min(now.counted, now.made.attempts());
        now.counted = now.made.attempts();
        if (now.was_sent_ahead) {
            bool const starved = now.made.starved();
            if (starved && ahead_)
                ++session_.starved;
            else if (opened && !starved)
                session_.starved = 0;
            if (starved || now.made.overloaded()) // the server wants one request at a time
                ahead_ = false;
            if (starved)
                (void)co_await drop_next();
        }
        if (opened) {
            now.length_is_known = detail::states_length(*opened);
            co_return result<void>();
        }
        page_[current_].reset();
        co_return opened.error();
    }

    /// See `exchange::read`.
    [[nodiscard]] flow<result<std::size_t>> read(std::span<char> into) {
        return page_[current_]->made.read(into);
    }

    /// After `read` failed: waits, and succeeds if `open` can be called again; otherwise returns
    /// the failure. `rows`: new rows that arrived. If 0, it is the same request again, and its
    /// attempts are counted.
    [[nodiscard]] flow<result<void>> retry_after_error(failure why, std::int64_t rows) {
        result<void> const waited =
            co_await page_[current_]->made.retry_after_error(std::move(why));
        if (rows != 0 || !waited)
            page_[current_].reset();
        co_return waited;
    }

    /// The current page was read to its end and is valid. `first`: number of the row after it;
    /// `limit`: the page's own maximum of rows, if stated.
    [[nodiscard]] flow<result<void>> close(std::int64_t first, std::optional<std::int64_t> limit) {
        if (limit && *limit > 0 && *limit < page_[current_]->limit)
            stride_ = std::min(stride_, *limit);
        page_[current_].reset();
        if (next() && next()->first != first)
            co_return co_await drop_next();
        co_return result<void>();
    }

    /// Cancels outstanding requests.
    [[nodiscard]] flow<result<void>> drop() {
        if (page_[current_]) {
            page_[current_]->made.leave();
            page_[current_].reset();
            co_await io_request::drop(current_);
        }
        co_return co_await drop_next();
    }

    /// Whether the current page states its length, so that the end of the data is the end of the
    /// page.
    bool length_is_known() const { return page_[current_]->length_is_known; }
    /// The number of rows requested for the current page.
    std::int64_t asked() const { return page_[current_]->limit; }
    /// The request of the current page, for messages.
    std::string line() const { return page_[current_] ? page_[current_]->made.line() : ""; }
    /// Removes the secrets of the current page's request from a failure.
    void hide_secrets_in(failure& f) const {
        if (page_[current_])
            page_[current_]->made.hidden().hide_in(f);
    }
    /// Requests sent for pages that were waited for.
    unsigned requests() const { return requests_; }

private:
    struct page {
        endpoint_call what;
        exchange<Session> made;
        std::int64_t first, limit;
        unsigned counted = 0; ///< of its requests
        bool was_sent_ahead = false;
        bool length_is_known = false;

        page(Session& s, channel_id on, std::string path, std::string_view accept, std::int64_t f,
             std::int64_t l)
            : what(endpoint_call::of<endpoints::read_sync_data>(std::move(path))),
              made(s, on, what), first(f), limit(l) {
            what.accept = accept;
        }
        page(page const&) = delete;
    };

    std::optional<page>& next() { return page_[1 - current_]; }
    void ask(channel_id on, id sync_id, std::int64_t first, std::int64_t limit) {
        rows_query wanted;
        wanted.limit = limit;
        wanted.offset = first;
        page_[on].emplace(session_, on,
                          *path_of<endpoints::read_sync_data>(std::string(), sync_id) +
                              *to_query_string(wanted),
                          media_type_, first, limit);
    }
    [[nodiscard]] flow<result<void>> drop_next() {
        if (next()) {
            next().reset();
            co_await io_request::drop(static_cast<channel_id>(1 - current_));
        }
        co_return result<void>();
    }

    Session& session_;
    std::string_view media_type_;
    std::int64_t page_rows_;
    std::int64_t stride_; ///< rows that a page really has
    bool ahead_;
    channel_id current_ = 0;
    std::optional<page> page_[2];
    unsigned requests_ = 0;
    static constexpr unsigned starved_exports = 2;
};

} // namespace eloqua::bulk::detail
