// SPDX-License-Identifier: BSL-1.0
/// \file
/// Inflates gzip bodies (RFC 1952) while they arrive. Requires zlib.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <zlib.h>

namespace eloqua::bulk::detail {

/// Inflates one body after another, each in pieces of any size:
///
///     while (!decoder.ended()) {
///         if (std::size_t const n = decoder.read(out).value())
///             use(out.first(n));
///         else if (!decoder.ended())
///             decoder.commit(receive(decoder.prepare())); // 0: the body has no more bytes
///     }
///
/// Several members in a row are one body; no member is an empty body. Zero bytes and line ends
/// after the last member are padding. Memory: 64 KiB and zlib's 40.
class gzip_decoder {
public:
    explicit gzip_decoder(inflate_limits limits) : limits_(limits) {}
    gzip_decoder(gzip_decoder const&) = delete;
    gzip_decoder& operator=(gzip_decoder const&) = delete;
    ~gzip_decoder() {
        if (buffer_)
            inflateEnd(&zlib_);
    }

    /// Begins a body, whatever the state of the previous one. Throws `std::bad_alloc`.
    void begin() {
        constexpr int gzip_only = 16;
        int const done =
            buffer_ ? inflateReset(&zlib_) : inflateInit2(&zlib_, MAX_WBITS + gzip_only);
        if (done != Z_OK)
            throw std::bad_alloc();
        if (!buffer_)
            buffer_ = std::make_unique_for_overwrite<char[]>(size);
        zlib_.avail_in = 0;
        in_ = out_ = 0;
        in_member_ = had_member_ = no_more_ = ended_ = false;
    }

    /// The buffer for the next compressed bytes. Call only after `read` returned 0.
    std::span<char> prepare() { return {buffer_.get(), size}; }

    /// The first `n` bytes of the buffer from `prepare` were received; 0 at the end of the body.
    void commit(std::size_t n) {
        zlib_.next_in = reinterpret_cast<Bytef*>(buffer_.get());
        zlib_.avail_in = static_cast<uInt>(n);
        in_ += n;
        no_more_ = n == 0;
    }

    /// Inflated bytes, as many as are available and fit; 0 at the end, or if more must be
    /// committed. Errors: `errc::malformed_response` for bytes that are not gzip or end too early,
    /// `errc::response_too_large` if a limit is exceeded.
    [[nodiscard]] result<std::size_t> read(std::span<char> into) {
        if (in_ > limits_.bytes) // otherwise padding and empty members could be endless
            return too_long();
        std::size_t const room =
            std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max());
        zlib_.next_out = reinterpret_cast<Bytef*>(into.data());
        zlib_.avail_out = static_cast<uInt>(room);
        while (zlib_.avail_out == room) {
            if (had_member_ && !in_member_)
                skip_padding();
            if (!in_member_ && zlib_.avail_in == 0) {
                ended_ = no_more_;
                return std::size_t(0);
            }
            if (!in_member_)
                inflateReset(&zlib_);
            in_member_ = had_member_ = true;
            int const done = inflate(&zlib_, Z_NO_FLUSH);
            if (done == Z_MEM_ERROR)
                throw std::bad_alloc();
            if (done == Z_STREAM_END)
                in_member_ = false;
            else if (done != Z_OK && done != Z_BUF_ERROR)
                return malformed(zlib_.msg ? zlib_.msg : "wrong data");
            else if (zlib_.avail_out == room && zlib_.avail_in == 0) {
                if (no_more_)
                    return malformed("it ends too early");
                return std::size_t(0);
            }
        }
        std::size_t const n = room - zlib_.avail_out;
        out_ += n;
        if (out_ > limits_.bytes)
            return too_long();
        if (out_ > ratio_begin && out_ / std::max<std::uint64_t>(limits_.ratio, 1) > in_)
            return failure(errc::response_too_large, "the body, compressed by gzip, is more than " +
                                                         std::to_string(limits_.ratio) +
                                                         " times as long as its compressed form");
        return n;
    }

    /// Whether the whole body has been read.
    bool ended() const { return ended_; }

private:
    static constexpr std::size_t size = 64 * 1024;
    static constexpr std::uint64_t ratio_begin = 1024 * 1024;

    failure too_long() const {
        return failure(errc::response_too_large, "the body, compressed by gzip, has more than " +
                                                     std::to_string(limits_.bytes) + " bytes");
    }
    failure malformed(std::string what) const {
        return failure(errc::malformed_response,
                       "the body is not valid gzip (" + what + "), before byte " +
                           std::to_string(in_ - zlib_.avail_in) + " of it");
    }

    void skip_padding() {
        while (zlib_.avail_in != 0 &&
               (*zlib_.next_in == 0 || *zlib_.next_in == '\r' || *zlib_.next_in == '\n')) {
            ++zlib_.next_in;
            --zlib_.avail_in;
        }
    }

    inflate_limits limits_;
    z_stream zlib_{};
    std::unique_ptr<char[]> buffer_; ///< compressed bytes; if allocated, zlib is initialised
    std::uint64_t in_ = 0;
    std::uint64_t out_ = 0;
    bool in_member_ = false; ///< inside a gzip member; a body may have several
    bool had_member_ = false;
    bool no_more_ = false;
    bool ended_ = false;
};

} // namespace eloqua::bulk::detail
