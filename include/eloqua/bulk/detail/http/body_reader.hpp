// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reads and decompresses the body of a response, in pieces or whole.
#pragma once

#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/detail/http/gzip.hpp>
#include <eloqua/bulk/detail/http/secrets.hpp>
#include <eloqua/bulk/detail/http/session.hpp>
#include <eloqua/bulk/flow.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk::detail {

/// How many times the body of a response is compressed by gzip. Several `Content-Encoding` fields
/// form one list, in which `identity` and empty elements are ignored. Error:
/// `errc::malformed_response` for any other coding, and for more than two.
inline result<std::size_t> times_compressed(head const& h, secrets const& hidden) {
    std::string const codings = h.fields.list("Content-Encoding");
    std::size_t times = 0;
    for (std::string_view rest = codings; !rest.empty();) {
        std::string_view coding = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), coding.size() + 1));
        coding.remove_prefix(std::min(coding.size(), coding.find_first_not_of(" \t")));
        coding = coding.substr(0, coding.find_last_not_of(" \t") + 1);
        bool const compressed = iequals(coding, "gzip") || iequals(coding, "x-gzip");
        times += compressed ? 1 : 0;
        if ((!compressed && !coding.empty() && !iequals(coding, "identity")) || times > 2)
            return failure(errc::malformed_response, "the body has the Content-Encoding '" +
                                                         hidden.shown(codings) +
                                                         "', which was not requested");
    }
    return times;
}

/// Reads the bodies of a channel's responses, one after another. Inflates gzip straight into the
/// caller's buffer, so that transports need not.
template <class Session>
class body_reader {
public:
    /// `s` must outlive the reader.
    body_reader(Session& s, channel_id on) : session_(s), on_(on) {}

    /// A request with a body of `bytes` bytes is about to be sent.
    void ask(std::string line, std::uint64_t bytes, clock::time_point now) {
        line_ = std::move(line);
        told_ = response_info();
        told_.sent = bytes;
        asked_ = now;
    }
    /// The response's head has arrived. Errors: those of `times_compressed`, without the secrets in
    /// `hidden`.
    [[nodiscard]] result<void> begin(head const& h, secrets const& hidden, clock::time_point now) {
        open_ = true;
        told_.status = h.status;
        told_.duration = now - asked_;
        result<std::size_t> const layers = detail::times_compressed(h, hidden);
        if (!layers) {
            end();
            return layers.error();
        }
        layers_ = *layers;
        for (std::size_t i = 0; i != layers_; ++i) {
            if (!gzip_[i])
                gzip_[i].emplace(session_.options.inflate);
            gzip_[i]->begin();
        }
        return {};
    }
    /// The response has ended or is abandoned. Notifies the observer once.
    void end() {
        if (std::exchange(open_, false))
            session_.tell(&observer::on_response, line_, told_);
    }

    /// The next bytes, as many as are available and fit; 0 at the end. Errors: the transport's,
    /// `errc::malformed_response`, `errc::response_too_large`.
    [[nodiscard]] flow<result<std::size_t>> read(std::span<char> into) {
        result<std::size_t> const got = co_await read_some(into);
        if (!got || *got == 0)
            end();
        co_return got;
    }

    /// The rest of the body; `errc::response_too_large` if it has more than `limit` bytes.
    /// `most_items`: the most items of the list that it contains; 0: not a list.
    /// `errc::malformed_response` as soon as there are more.
    [[nodiscard]] flow<result<std::string>> read_all(std::size_t limit, std::int64_t most_items) {
        std::string body;
        item_counter items;
        for (std::size_t size = 0;;) {
            body.resize(size + 16 * 1024);
            std::span<char> const into(body.data() + size, body.size() - size);
            result<std::size_t> const got = co_await read(into);
            if (!got)
                co_return got.error();
            if (most_items != 0)
                items.add(std::string_view(into.data(), *got));
            bool const overfull = most_items != 0 && items.count() > most_items;
            size += *got;
            if (overfull || size > limit)
                end();
            if (overfull)
                co_return failure(errc::malformed_response, "the response has more than the " +
                                                                std::to_string(most_items) +
                                                                " items that were requested");
            if (size > limit)
                co_return failure(errc::response_too_large,
                                  "more than " + std::to_string(limit) + " bytes");
            if (*got == 0) {
                body.resize(size);
                co_return body;
            }
        }
    }

private:
    [[nodiscard]] flow<result<std::size_t>> read_some(std::span<char> into) {
        for (;;) {
            // Each layer requests what the next one lacks; the connection is last.
            std::size_t at = layers_;
            std::span<char> room = into;
            result<std::size_t> got = std::size_t(0);
            for (; at != 0; --at) {
                got = gzip_[at - 1]->read(room);
                if (!got)
                    co_return got;
                if (*got != 0 || gzip_[at - 1]->ended())
                    break;
                room = gzip_[at - 1]->prepare();
            }
            if (at == 0) {
                io_result const came = co_await io_request::read_some(on_, room);
                told_.duration = came.now - asked_;
                if (came.ec)
                    co_return failure(came.ec);
                got = came.n;
                told_.bytes += came.n;
            }
            if (at == layers_)
                co_return got;
            gzip_[at]->commit(*got);
        }
    }

    Session& session_;
    channel_id on_;
    bool open_ = false; ///< the observer must be notified of the end
    std::string line_;
    response_info told_;
    clock::time_point asked_;
    std::size_t layers_ = 0;              ///< that are compressed
    std::optional<gzip_decoder> gzip_[2]; ///< the first one reads from the connection
};

} // namespace eloqua::bulk::detail
