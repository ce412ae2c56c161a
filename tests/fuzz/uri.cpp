// SPDX-License-Identifier: BSL-1.0
// Parses any bytes as a URL and as the uri of a resource. An accepted URL must be accepted again
// once it is written as text, and nothing in it may end a line of a request.
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/http.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

bool harmless(std::string_view text) {
    for (char const c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F)
            return false;
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    if (auto const url = bulk::parse_url(text)) {
        require(!url->at.host.empty() && harmless(url->at.host) && harmless(url->target));
        require(url->target.starts_with('/') && url->at.host.find('@') == std::string::npos);
        auto const again = bulk::parse_url(url->at.text() + url->target);
        require(again.has_value() && again->at == url->at && again->target == url->target);
    } else if (text.find('@') != text.npos) {
        require(url.error().info.detail.find(text) == std::string::npos);
    }
    if (auto const id = bulk::id_of(text)) {
        require(*id > 0);
        require(text.ends_with(std::to_string(*id)));
    }
    return 0;
}
