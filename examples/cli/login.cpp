// SPDX-License-Identifier: BSL-1.0
#include "login.hpp"

#include <eloqua/bulk/any_transport.hpp>
#include <eloqua/bulk/token_store.hpp>

#include "connection.hpp"
#include "line_input.hpp"
#include "oauth_settings.hpp"
#include "text.hpp"
#include <cstdlib>
#include <random>

namespace cli {

namespace {

/// A text that cannot be guessed.
std::string random_state() {
    std::random_device source;
    std::string state;
    for (int i = 0; i != 32; ++i)
        state += "0123456789abcdef"[source() % 16];
    return state;
}

/// The profile, or a new one made from the arguments.
profile profile_for(login_arguments const& given, common_arguments const& common, bool& is_new) {
    std::string const& name = common.connection.profile;
    profile made = read_profile(name).value_or(profile());
    is_new = !made.oauth;
    connection_arguments const& where = common.connection;
    if (made.oauth) {
        if (!where.login_url.empty() || !where.base_url.empty())
            throw bad_usage("the profile " + profile_path(name).string() +
                            " has its addresses; remove --login-url and --base-url, or edit that "
                            "file");
        if (!given.client_id.empty() || !given.redirect_uri.empty() || !given.login_origin.empty())
            throw bad_usage("the profile " + profile_path(name).string() +
                            " has an OAuth application already; remove --client-id, "
                            "--redirect-uri and --login-origin, or edit that file");
        return made;
    }
    if (!made.password.empty())
        throw bad_usage("the profile " + profile_path(name).string() +
                        " has a password; choose another name for tokens, or remove that file");
    char const* const secret = std::getenv("ELOQUA_CLIENT_SECRET");
    if (given.client_id.empty() || given.redirect_uri.empty() || !secret || !*secret)
        throw bad_usage("a new profile needs --client-id, --redirect-uri, and the client secret in "
                        "ELOQUA_CLIENT_SECRET");
    made.oauth = application{given.client_id, secret, given.redirect_uri, given.login_origin};
    if (!where.login_url.empty() && !where.base_url.empty())
        throw bad_usage("--login-url and --base-url exclude each other");
    if (!where.login_url.empty() || !where.base_url.empty()) {
        made.login_url = where.login_url;
        made.base_url = where.base_url;
    }
    made.company.clear();
    made.user.clear();
    made.password.clear();
    return made;
}

} // namespace

exit_code run_login(login_arguments const& given, common_arguments const& common) {
    std::string const& name = common.connection.profile;
    if (name.empty())
        throw bad_usage("login needs --profile NAME, where the tokens are stored");
    bool is_new = false;
    profile settings = profile_for(given, common, is_new);
    connection_arguments const& here = common.connection;
    if (!here.ca_file.empty())
        settings.ca_file = here.ca_file;
    settings.allow_http |= here.allow_http;
    bulk::oauth_application const app = oauth_application_of(*settings.oauth, settings.allow_http);
    std::string const state = random_state();
    say("Open this address in a browser, and log in to Eloqua:\n\n  " +
        bulk::authorization_url(app, state).value() +
        "\n\nThen paste the address that the browser was redirected to, and press Enter:");
    flush_output();
    line_input input(open_bytes("-", common.stop));
    std::string line(input.next());
    line.erase(line.find_last_not_of(" \t\r\n") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    if (line.empty())
        throw ending(exit_code::refused, "no address was given on standard input");
    std::string const code = bulk::authorization_code(app, line, state).value();
    bulk::oauth_tokens const tokens =
        bulk::exchange_code(transport_for(settings), app, code).value(common.stop);
    if (is_new)
        write_profile(name, settings);
    bulk::file_token_store store{token_path(name)};
    store.store(tokens).value();
    say("The tokens are stored in " + token_path(name).string() + "; use --profile " + name + ".");
    flush_output();
    return exit_code::complete;
}

} // namespace cli
