// SPDX-License-Identifier: BSL-1.0
// A client over a transport that is not part of the library: needs neither OpenSSL nor threads.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/construct_client.hpp>

#include <cstddef>
#include <iostream>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

/// Responds to every request with the URL of the API.
class fixed_channel {
    static constexpr std::string_view text =
        R"({"site":{"id":1,"name":"C"},"user":{"id":2,"username":"u"},"urls":{"base":"https://secure.p01.eloqua.com","apis":{"rest":{"bulk":"https://secure.p01.eloqua.com/API/Bulk/{version}/"}}}})";
    std::string_view left_;

public:
    void send(bulk::request const&, std::stop_token, bulk::error_code&) { left_ = text; }
    void read_head(bulk::head& h, std::stop_token, bulk::error_code&) {
        h = bulk::head();
        h.status = 200;
        h.content_length = text.size();
    }
    std::size_t read_some(std::span<char> into, std::stop_token, bulk::error_code&) {
        std::size_t const n = left_.copy(into.data(), into.size());
        left_.remove_prefix(n);
        return n;
    }
    bool stale() { return false; }
    bool unsent() { return false; }
    void drop() {}
};
struct fixed_transport {
    fixed_channel acquire() { return {}; }
};

int main() {
    bulk::client client{fixed_transport(), bulk::basic_credentials{"Company", "user", "secret"}};
    bulk::result<std::string> const base = client.base_url().get();
    std::cout << (base ? *base : base.error().info.detail) << '\n';
    return base && base->starts_with("https://secure.p01.eloqua.com/") ? 0 : 1;
}
