// SPDX-License-Identifier: BSL-1.0
// Decodes any bytes as documents and as error bodies. A decoded document must decode again after it
// was encoded.
#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/http/error_body.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/syncs.hpp>
#include <eloqua/bulk/utf8.hpp>

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

template <class Document>
void read(std::string_view text) {
    auto const document = bulk::parse_document<Document>(text);
    if (!document) {
        require(!document.error().info.detail.empty());
        return;
    }
    std::string const written = bulk::write_document(*document);
    auto const again = bulk::parse_document<Document>(written);
    require(again.has_value());
    require(bulk::write_document(*again) == written);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    read<bulk::export_definition>(text);
    read<bulk::import_definition>(text);
    read<bulk::sync>(text);
    read<bulk::page<bulk::field_definition>>(text);
    read<bulk::page<bulk::sync_log>>(text);
    read<bulk::page<bulk::sync_reject>>(text);
    read<bulk::login_response>(text);

    bulk::detail::error_body const body = bulk::detail::read_error_body(text);
    require(body.text.size() <= 303);
    if (bulk::is_valid_utf8(text))
        require(bulk::is_valid_utf8(body.text));
    for (bulk::validation_failure const& each : body.failures)
        require(each.field.size() <= 303 && each.value.size() <= 303 &&
                each.constraint.size() <= 303);
    return 0;
}
