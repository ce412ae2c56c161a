// SPDX-License-Identifier: BSL-1.0
// Gets a user's consent, keeps the tokens in a file, and uses a client that renews them.
// Run: 2_recipes/oauth (a simulated Eloqua whose user consents)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/simulator.hpp>

#include "../scratch_folder.hpp"
#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;

/// Once for each user. `ask_user` shows the user a page of Eloqua, and returns the address to which
/// Eloqua then redirects the user's browser. `state` is a text that nobody can guess.
void authorize(bulk::any_transport transport, bulk::oauth_application const& app,
               bulk::file_token_store& store, std::string const& state,
               std::function<std::string(std::string const& url)> const& ask_user) {
    std::string const redirected = ask_user(bulk::authorization_url(app, state).value());
    std::string const code = bulk::authorization_code(app, redirected, state).value();
    store.store(bulk::exchange_code(std::move(transport), app, code).value()).value();
}

/// What the user and the browser do.
std::string consent(bulk::simulator eloqua, std::string const& url) {
    bulk::url const page = bulk::parse_url(url).value();
    auto const came = eloqua.handle(bulk::request(bulk::verb::get, page.at, page.target));
    return std::string(came.fields.find("Location").value_or(""));
}

int main() {
    try {
        scratch_folder const folder;
        bulk::oauth_application const app{"client id", "client secret",
                                          "https://client.example.com/cb"};
        bulk::simulator eloqua;
        eloqua.add_application(app.client_id, app.client_secret, app.redirect_uri);

        bulk::file_token_store store(folder / "tokens.json"); // readable by its owner only
        authorize(eloqua, app, store, "a random text",
                  [&](std::string const& url) { return consent(eloqua, url); });
        std::string const first = store.load().value().access_token;

        bulk::client const client{
            eloqua, bulk::oauth_credentials{app, bulk::file_token_store(folder / "tokens.json")}};
        eloqua.advance(std::chrono::hours(9)); // the access token has expired, as after a night
        std::cout << client.base_url().value() << '\n';
        return store.load().value().access_token != first ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
