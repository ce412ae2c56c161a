// SPDX-License-Identifier: BSL-1.0
/// \file
/// Compresses responses for clients that accept it. Requires zlib.
#pragma once

#include <eloqua/bulk/http.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <zlib.h>

namespace eloqua::bulk::simulation {

/// The text as a gzip file with one member. Errors: `std::bad_alloc`, `std::length_error` from 4
/// GiB on.
inline std::string gzip(std::string_view text) {
    constexpr int as_gzip = 16, memory = 8;
    if (text.size() > std::numeric_limits<uInt>::max())
        throw std::length_error("too long to be compressed at once");
    z_stream zlib{};
    if (deflateInit2(&zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + as_gzip, memory,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    std::string out(deflateBound(&zlib, static_cast<uLong>(text.size())), '\0');
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    zlib.avail_in = static_cast<uInt>(text.size());
    zlib.next_out = reinterpret_cast<Bytef*>(out.data());
    zlib.avail_out = static_cast<uInt>(out.size());
    deflate(&zlib, Z_FINISH); // the bound is large enough
    out.resize(out.size() - zlib.avail_out);
    deflateEnd(&zlib);
    return out;
}

/// Whether Accept-Encoding allows gzip with a weight other than 0.
inline bool accepts_gzip(request const& q) {
    std::string_view rest = q.fields.find("Accept-Encoding").value_or("");
    while (!rest.empty()) {
        std::string_view const each = rest.substr(0, rest.find(','));
        rest.remove_prefix(each.size() == rest.size() ? each.size() : each.size() + 1);
        std::size_t const semicolon = each.find(';');
        std::string_view coding = each.substr(0, semicolon);
        coding.remove_prefix(std::min(coding.find_first_not_of(" \t"), coding.size()));
        coding = coding.substr(0, coding.find_last_not_of(" \t") + 1);
        if (!detail::iequals(coding, "gzip"))
            continue;
        std::string_view const weight = semicolon == each.npos ? "" : each.substr(semicolon + 1);
        std::size_t const at = weight.find("q=");
        return at == weight.npos || weight.find_first_of("123456789", at) != weight.npos;
    }
    return false;
}

/// Compresses the body if the client accepts it.
inline response compressed_for(request const& q, response answer) {
    if (!answer.body.empty() && accepts_gzip(q)) {
        answer.body = gzip(answer.body);
        answer.fields.set("Content-Encoding", "gzip");
        answer.fields.set("Vary", "Accept-Encoding");
    }
    return answer;
}

} // namespace eloqua::bulk::simulation
