// SPDX-License-Identifier: BSL-1.0
// The consent, tokens and renewals of docs/guides/oauth.md, against a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/simulator.hpp>

#include "checks.hpp"
#include <chrono>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;

namespace {

bulk::oauth_application const app("client id", "client secret", "https://client.example.com/cb");

/// Does what a browser does when the user consents. Returns where it is redirected to.
std::string visit(bulk::simulator eloqua, std::string const& address) {
    bulk::url const to = bulk::parse_url(address).value();
    bulk::response const came = eloqua.handle(bulk::request(bulk::verb::get, to.at, to.target));
    return std::string(came.fields.find("Location").value_or(""));
}

template <class Transport, class Browser>
void authorise(Transport transport, bulk::oauth_options const& options, Browser browser) {
    std::string const state = "a text that nobody can guess";
    std::string const address = bulk::authorization_url(app, state).value();
    std::string const redirected_to = browser(address); // the user consents, and comes back

    std::string const code = bulk::authorization_code(app, redirected_to, state).value();
    bulk::oauth_tokens const tokens = bulk::exchange_code(transport, app, code, options).value();
    bulk::file_token_store store("tokens.json"); // readable by its owner only
    store.store(tokens).value();
}

} // namespace

int main() {
    temporary_folder const folder;
    bulk::simulator eloqua;
    eloqua.add_application(app.client_id, app.client_secret, app.redirect_uri);
    bulk::oauth_options options;
    options.time_of_day = [eloqua] { return eloqua.service_time(); };
    authorise(eloqua, options, [&](std::string const& address) { return visit(eloqua, address); });
    using std::filesystem::perms;
    expect((std::filesystem::status("tokens.json").permissions() & perms::others_all) ==
           perms::none);

    auto const transport = eloqua;
    bulk::client const client(
        transport, bulk::oauth_credentials(app, bulk::file_token_store("tokens.json"), options));
    for (auto const& list : client.contact_lists().list())
        std::cout << list.name << '\n';
    expect(eloqua.requests("POST /auth/oauth2/token") == 1);
    eloqua.advance(std::chrono::hours(24)); // the access token lives for eight hours
    expect(client.base_url().get().has_value() && client.syncs().list().page().get().has_value());
    expect(eloqua.requests("POST /auth/oauth2/token") == 2);

    bulk::oauth_tokens stale;
    stale.refresh_token = "used already";
    bulk::client const locked_out(transport,
                                  bulk::oauth_credentials(app, bulk::memory_token_store(stale)));
    auto const refused = locked_out.base_url().get();
    expect(refused.error().code == bulk::errc::not_authenticated); // the user must authorise again
    auto const other =
        bulk::authorization_code(app, "https://client.example.com/cb?code=1&state=2", "3");
    expect(other.error().code == bulk::errc::invalid_argument);
}
