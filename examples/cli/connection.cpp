// SPDX-License-Identifier: BSL-1.0
#include "connection.hpp"

#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/shared_governor.hpp>

#include "ending.hpp"
#include "oauth_settings.hpp"
#include <cstdlib>
#include <utility>

namespace cli {

namespace {

std::string from_environment(char const* name) {
    char const* const value = std::getenv(name);
    return value ? value : "";
}

void take(std::string& into, std::string const& other) {
    if (!other.empty())
        into = other;
}

} // namespace

profile settings_of(connection_arguments const& given) {
    profile made;
    if (!given.profile.empty()) {
        std::optional<profile> found = read_profile(given.profile);
        if (!found)
            throw ending(exit_code::refused, "there is no profile " +
                                                 profile_path(given.profile).string() +
                                                 "; eloqua-bulk login creates one");
        made = std::move(*found);
    } else {
        made.company = from_environment("ELOQUA_COMPANY");
        made.user = from_environment("ELOQUA_USER");
        made.password = from_environment("ELOQUA_PASSWORD");
        made.login_url = from_environment("ELOQUA_LOGIN_URL");
        made.ca_file = from_environment("ELOQUA_CA_FILE");
    }
    take(made.login_url, given.login_url);
    take(made.base_url, given.base_url);
    take(made.ca_file, given.ca_file);
    made.allow_http |= given.allow_http;
    if (!given.login_url.empty() && !given.base_url.empty())
        throw bad_usage("--login-url and --base-url exclude each other");
    if (!given.login_url.empty())
        made.base_url.clear();
    return made;
}

bulk::any_transport transport_for(profile const& settings) {
    bulk::transport_options network;
    network.ca_file = settings.ca_file;
    network.proxy_from_environment = true;
    return bulk::beast_transport{network};
}

bulk::oauth_application oauth_application_of(application const& app, bool allow_http) {
    bulk::oauth_application made{app.client_id, app.client_secret, app.redirect_uri};
    if (!app.login_origin.empty())
        made.login_origin = app.login_origin;
    made.allow_http = allow_http;
    return made;
}

bulk::client connect(connection_arguments const& given, std::shared_ptr<bulk::observer> observer,
                     wrap_transport const& wrap) {
    profile const settings = settings_of(given);
    bulk::client_options options;
    options.observer = std::move(observer);
    options.allow_http = settings.allow_http;
    options.governor = given.governor.empty() ? std::make_shared<bulk::governor>()
                                              : bulk::shared_governor(given.governor);
    if (!settings.base_url.empty())
        options.base_url = settings.base_url;
    bulk::any_transport network = transport_for(settings);
    if (wrap)
        network = wrap(std::move(network));
    if (settings.oauth) {
        bulk::oauth_application app = oauth_application_of(*settings.oauth, settings.allow_http);
        options.login_url =
            settings.login_url.empty() ? app.login_origin + "/id" : settings.login_url;
        bulk::file_token_store store{token_path(given.profile)};
        return {std::move(network), bulk::oauth_credentials{std::move(app), std::move(store)},
                std::move(options)};
    }
    if (!settings.login_url.empty())
        options.login_url = settings.login_url;
    if (settings.company.empty() || settings.user.empty() || settings.password.empty())
        throw bad_usage(given.profile.empty()
                            ? "there are no credentials: set ELOQUA_COMPANY, ELOQUA_USER and "
                              "ELOQUA_PASSWORD, or pass --profile NAME"
                            : "the profile " + profile_path(given.profile).string() +
                                  " needs company, user and password, or oauth");
    return {std::move(network),
            bulk::basic_credentials{settings.company, settings.user, settings.password},
            std::move(options)};
}

} // namespace cli
