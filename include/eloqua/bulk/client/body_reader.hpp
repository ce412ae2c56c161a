// SPDX-License-Identifier: BSL-1.0
/// \file
/// The body of an answer, as its sender meant it, in pieces or whole.
#pragma once

#include <eloqua/bulk/client/secrets.hpp>
#include <eloqua/bulk/client/session.hpp>
#include <eloqua/bulk/codec/item_counter.hpp>
#include <eloqua/bulk/wire/flow.hpp>
#include <eloqua/bulk/wire/gzip.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// Reads the bodies of a slot's answers, one after another. What is compressed by gzip is inflated
/// here, so that every transport has it, straight to where it is wanted.
template <class Session>
class body_reader {
public:
    /// `s` must outlive the reader.
    body_reader(Session& s, slot on) : session_(s), on_(on) {}

    /// The answer's head has come. Error: `errc::malformed_response` for another coding than gzip,
    /// without what is `hidden`.
    [[nodiscard]] result<void> begin(head const& h, detail::secrets const& hidden);

    /// The next bytes, as many as there are and fit; 0 at the end. Errors: the transport's,
    /// `errc::malformed_response`, `errc::response_too_large`.
    [[nodiscard]] flow<result<std::size_t>> read(std::span<char> into);

    /// The rest; `errc::response_too_large` if that has more than `limit` bytes. `most_items`: of
    /// the list that it is; 0: it is not a list. `errc::malformed_response` as soon as one more
    /// comes.
    [[nodiscard]] flow<result<std::string>> read_all(std::size_t limit, std::int64_t most_items);

private:
    Session& session_;
    slot on_;
    bool compressed_ = false;
    std::optional<gzip_decoder> gzip_;
};

template <class Session>
result<void> body_reader<Session>::begin(head const& h, detail::secrets const& hidden) {
    std::string_view const coding = h.fields.find("Content-Encoding").value_or("");
    compressed_ = iequals(coding, "gzip") || iequals(coding, "x-gzip");
    if (!compressed_ && !iequals(coding, "identity") && !coding.empty())
        return failure(errc::malformed_response, "the body has the Content-Encoding '" +
                                                     hidden.shown(coding) +
                                                     "', which was not asked for");
    if (compressed_ && !gzip_)
        gzip_.emplace(session_.options.inflate);
    if (compressed_)
        gzip_->begin();
    return {};
}

template <class Session>
flow<result<std::size_t>> body_reader<Session>::read(std::span<char> into) {
    for (;;) {
        if (compressed_) {
            result<std::size_t> const inflated = gzip_->read(into);
            if (!inflated || *inflated != 0 || gzip_->ended())
                co_return inflated;
        }
        std::span<char> const next = compressed_ ? gzip_->prepare() : into;
        outcome const got = co_await wish::read_some(on_, next);
        if (got.ec)
            co_return failure(got.ec);
        if (!compressed_)
            co_return got.n;
        gzip_->commit(got.n);
    }
}

template <class Session>
flow<result<std::string>> body_reader<Session>::read_all(std::size_t limit,
                                                         std::int64_t most_items) {
    std::string body;
    detail::item_counter items;
    for (std::size_t size = 0;;) {
        body.resize(size + 16 * 1024);
        std::span<char> const into(body.data() + size, body.size() - size);
        result<std::size_t> const got = co_await read(into);
        if (!got)
            co_return got.error();
        if (most_items != 0)
            items.add(std::string_view(into.data(), *got));
        if (most_items != 0 && items.count() > most_items)
            co_return failure(errc::malformed_response, "the answer has more than the " +
                                                            std::to_string(most_items) +
                                                            " items that were asked for");
        size += *got;
        if (size > limit)
            co_return failure(errc::response_too_large,
                              "more than " + std::to_string(limit) + " bytes");
        if (*got == 0) {
            body.resize(size);
            co_return body;
        }
    }
}

} // namespace eloqua::bulk
